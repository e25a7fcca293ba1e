//! The graph of instances: its root, what the root reaches, and the order of instantiation.

use std::collections::BTreeSet;

use super::choose::Chosen;
use super::diagnostics::{AmbiguousRoot, Cycle, UnusedComponent};
use super::set::Set;
use super::{InstanceId, Port};
use crate::diag::Run;

/// The instances that the composition needs, providers first; the root is the last.
pub(super) struct Order {
    pub(super) instances: Vec<InstanceId>,
    pub(super) root: InstanceId,
}

/// Orders the instances; `None` if there is no root or a cycle.
///
/// The order follows from the wires alone, not from the order in which the components were named.
pub(super) fn order(set: &mut Set<'_>, choices: &[(Port, Chosen)], run: &mut Run) -> Option<Order> {
    let mut providers: Vec<Vec<(InstanceId, &Port)>> = vec![Vec::new(); set.ids().count()];
    for (port, chosen) in choices {
        if let Chosen::Offer(offer) = chosen {
            providers[port.instance.0].push((offer.instance, port));
        }
    }
    let root = root(set, &providers, run)?;
    let mut roots = vec![root];
    for choice in set.composition.exports.iter().flatten().chain(&set.composition.exposed) {
        roots.extend(set.find(choice.instance.as_str()));
    }
    roots.dedup();
    let mut walk =
        Walk { providers: &providers, state: vec![State::New; providers.len()], order: Vec::new() };
    for id in roots.into_iter().rev() {
        if let Err(cycle) = walk.visit(id) {
            run.diagnostics.report(Cycle::of(set, &cycle));
            return None;
        }
    }
    let instances = walk.order;
    let reached: BTreeSet<InstanceId> = instances.iter().copied().collect();
    let unused: Vec<InstanceId> = set.ids().filter(|id| !reached.contains(id)).collect();
    for id in unused {
        UnusedComponent { instance: id, root }.report(set, choices, run);
    }
    Some(Order { instances, root })
}

/// The instance that was named, else the one that no other one needs.
fn root(set: &mut Set<'_>, providers: &[Vec<(InstanceId, &Port)>], run: &mut Run) -> Option<InstanceId> {
    if let Some(root) = &set.composition.root {
        return set.find(root.as_str());
    }
    let needed: BTreeSet<InstanceId> = providers.iter().flatten().map(|(provider, _)| *provider).collect();
    let free: Vec<InstanceId> = set.ids().filter(|id| !needed.contains(id)).collect();
    match free.as_slice() {
        [root] => Some(*root),
        [] => {
            let mut walk = Walk { providers, state: vec![State::New; providers.len()], order: Vec::new() };
            let cycle = set.ids().find_map(|id| walk.visit(id).err());
            run.diagnostics.report(Cycle::of(set, &cycle?));
            None
        }
        several => {
            AmbiguousRoot { candidates: several }.report(set, run);
            None
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// A walk through the graph, providers first. An explicit stack: a chain may be 10,000 instances long.
struct Walk<'a> {
    providers: &'a [Vec<(InstanceId, &'a Port)>],
    state: Vec<State>,
    order: Vec<InstanceId>,
}

impl Walk<'_> {
    /// Puts `start` and all that it needs into the order; the error is a cycle of ports.
    fn visit(&mut self, start: InstanceId) -> Result<(), Vec<Port>> {
        let mut stack: Vec<(InstanceId, usize)> = Vec::new();
        if self.state[start.0] == State::New {
            self.state[start.0] = State::Open;
            stack.push((start, 0));
        }
        while let Some((id, next)) = stack.last_mut() {
            let Some((provider, _)) = self.providers[id.0].get(*next) else {
                self.state[id.0] = State::Done;
                self.order.push(*id);
                stack.pop();
                continue;
            };
            *next += 1;
            match self.state[provider.0] {
                State::Done => {}
                State::New => {
                    self.state[provider.0] = State::Open;
                    stack.push((*provider, 0));
                }
                State::Open => {
                    let from = stack.iter().position(|(id, _)| id == provider).unwrap_or_default();
                    let ports =
                        stack[from..].iter().map(|(id, next)| self.providers[id.0][next - 1].1.clone());
                    return Err(ports.collect());
                }
            }
        }
        Ok(())
    }
}
