//! Walks the call graph, and remembers on which way it came to each node.
//!
//! Differs from `witness.rs`: this finds a way, that says it in words.

use super::program::NodeId;

/// Which nodes can be reached from some others, and how.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// By node: the one from which it was first reached; itself for those where the walk began; [`NOWHERE`] for the others.
    from: Vec<u32>,
}

/// There are never so many nodes: each takes memory.
const NOWHERE: u32 = u32::MAX;

/// A node, in half the space.
fn short(node: NodeId) -> u32 {
    u32::try_from(node).unwrap_or(NOWHERE)
}

impl Walk {
    /// Goes along `edges` from `roots`. Beyond a node that `is_cut`, nothing is reached through it.
    pub(super) fn new(
        edges: &[Vec<NodeId>],
        roots: impl IntoIterator<Item = NodeId>,
        is_cut: impl Fn(NodeId) -> bool,
    ) -> Self {
        let mut from = vec![NOWHERE; edges.len()];
        let mut open = std::collections::VecDeque::new();
        for root in roots {
            if from[root] == NOWHERE && !is_cut(root) {
                from[root] = short(root);
                open.push_back(root);
            }
        }
        while let Some(node) = open.pop_front() {
            for next in &edges[node] {
                if from[*next] == NOWHERE && !is_cut(*next) {
                    from[*next] = short(node);
                    open.push_back(*next);
                }
            }
        }
        Self { from }
    }

    /// Whether a node was reached.
    pub(super) fn reaches(&self, node: NodeId) -> bool {
        self.from.get(node).is_some_and(|from| *from != NOWHERE)
    }

    /// The shortest way to a node, both ends included; `None` if it was not reached.
    pub(super) fn way(&self, node: NodeId) -> Option<Vec<NodeId>> {
        let mut way = vec![node];
        loop {
            let at = *way.last()?;
            let from = *self.from.get(at).filter(|from| **from != NOWHERE)? as NodeId;
            if from == at {
                way.reverse();
                return Some(way);
            }
            way.push(from);
        }
    }
}

/// The edges the other way round.
pub(super) fn reversed(edges: &[Vec<NodeId>]) -> Vec<Vec<NodeId>> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            reversed[*to].push(from);
        }
    }
    reversed
}
