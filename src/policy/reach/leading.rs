//! Which roots lead to each import, for all imports at once: sixty-four roots go through the graph together.
//!
//! Differs from `walk.rs`, which asks about one node: for each of thousands of imports, that would look at everything thousands of
//! times.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::program::{Node, NodeId, Program, RootKind};
use crate::check::InstanceId;

/// So many roots are named; a component can have thousands, and thousands of imports.
const MOST_ROOTS: usize = 64;

/// The roots that lead to one import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Led {
    /// The first ones, as indices of [`Program::roots`]; of all that starts at once, one.
    pub(super) first: Vec<usize>,
    /// How many there are.
    pub(super) count: usize,
}

/// By import: the roots that lead to it.
pub(super) fn leading(program: &Program) -> HashMap<NodeId, Led> {
    // All that starts at once is one root in words.
    let mut roots: IndexMap<(InstanceId, &RootKind), Vec<usize>> = IndexMap::new();
    for (at, root) in program.roots.iter().enumerate() {
        roots.entry((root.instance, &root.kind)).or_default().push(at);
    }
    let roots: Vec<Vec<usize>> = roots.into_values().collect();
    let nodes = program.nodes.iter().enumerate();
    let imports: Vec<NodeId> =
        nodes.filter(|(_, node)| matches!(node, Node::Import { .. })).map(|(at, _)| at).collect();
    let order = Order::of(program);
    let mut found: HashMap<NodeId, Led> = HashMap::new();
    let mut masks = vec![0_u64; program.nodes.len()];
    for some in roots.chunks(u64::BITS as usize) {
        masks.fill(0);
        for (bit, starts) in some.iter().enumerate() {
            for start in starts {
                masks[program.roots[*start].node] |= 1 << bit;
            }
        }
        order.spread(&program.edges, &mut masks);
        for import in imports.iter().filter(|import| masks[**import] != 0) {
            let led = found.entry(*import).or_default();
            led.count += masks[*import].count_ones() as usize;
            let leads = |bit: &usize| masks[*import] >> bit & 1 == 1;
            let first = (0..some.len()).filter(leads).filter_map(|bit| some[bit].first().copied());
            led.first.extend(first.take(MOST_ROOTS - led.first.len()));
        }
    }
    found
}

/// The nodes that can be reached, callers before those whom they call, but where they call each other.
struct Order {
    nodes: Vec<NodeId>,
    /// By node: where it is in the order.
    places: Vec<usize>,
}

impl Order {
    fn of(program: &Program) -> Self {
        let (mut nodes, mut is_seen) = (Vec::new(), vec![false; program.nodes.len()]);
        // Each node on the way with how many of its edges were followed.
        let mut way: Vec<(NodeId, usize)> = Vec::new();
        for root in &program.roots {
            if !std::mem::replace(&mut is_seen[root.node], true) {
                way.push((root.node, 0));
            }
            while let Some((node, followed)) = way.last_mut() {
                match program.edges[*node].get(*followed) {
                    Some(next) => {
                        *followed += 1;
                        if !std::mem::replace(&mut is_seen[*next], true) {
                            way.push((*next, 0));
                        }
                    }
                    None => {
                        nodes.push(*node);
                        way.pop();
                    }
                }
            }
        }
        nodes.reverse();
        let mut places = vec![usize::MAX; program.nodes.len()];
        nodes.iter().enumerate().for_each(|(place, node)| places[*node] = place);
        Self { nodes, places }
    }

    /// Gives each node what its callers have, again while that goes back in the order.
    fn spread(&self, edges: &[Vec<NodeId>], masks: &mut [u64]) {
        let mut goes_back = true;
        while std::mem::take(&mut goes_back) {
            for (place, node) in self.nodes.iter().enumerate().filter(|(_, node)| !edges[**node].is_empty()) {
                let mask = masks[*node];
                for next in &edges[*node] {
                    if masks[*next] | mask != masks[*next] {
                        masks[*next] |= mask;
                        goes_back |= self.places[*next] <= place;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::program::Root;
    use super::super::walk::{Walk, reversed};
    use super::*;

    /// A graph of chance: some nodes are imports, some are roots, and any may lead to any.
    fn program(seed: u64, roots: usize) -> Program {
        let mut state = seed;
        let mut below = |end: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % end
        };
        let mut program = Program::default();
        for at in 0..200 {
            let path = vec![at.to_string()];
            let is_import = at % 10 == 0;
            program.add(if is_import {
                Node::Import { instance: InstanceId(0), path }
            } else {
                Node::BuiltIn
            });
        }
        for _ in 0..260 {
            let (from, to) = (below(200), below(200));
            program.edges[from].push(to);
        }
        for at in 0..roots {
            let kind = if at % 7 == 0 { RootKind::Start } else { RootKind::Export(vec![at.to_string()]) };
            program.roots.push(Root { kind, instance: InstanceId(0), node: below(200) });
        }
        program
    }

    #[test]
    fn all_at_once_says_what_each_walk_says() {
        for seed in 0..20 {
            let program = program(seed, 150);
            let (found, reversed) = (leading(&program), reversed(&program.edges));
            for import in (0..200).step_by(10) {
                let back = Walk::new(&reversed, [import], |_| false);
                let leads = program.roots.iter().filter(|root| back.reaches(root.node));
                let kinds: indexmap::IndexSet<_> = leads.map(|root| &root.kind).collect();
                let led = found.get(&import).cloned().unwrap_or_default();
                assert_eq!(led.count, kinds.len(), "seed {seed}, import {import}");
                assert_eq!(led.first.len(), kinds.len().min(MOST_ROOTS));
                assert!(led.first.iter().all(|at| kinds.contains(&program.roots[*at].kind)));
            }
        }
    }
}
