//! The graph of instances: its root, what the root reaches, and the order of instantiation.

use std::collections::BTreeSet;

use super::choose::{Choices, Chosen};
use super::diagnostics::{AmbiguousRoot, Cycle};
use super::near::Pair;
use super::offers::Offer;
use super::set::Set;
use super::{InstanceId, Port, near};
use crate::diag::{Run, natural_order};
use crate::model::Side;

/// Among more instances than this, nobody looks for the one that was meant to be the root.
const MOST_CANDIDATES: usize = 100;

/// Of more imports of a circle, or exports for one of them, nobody looks for another way.
const MOST_WAYS: usize = 16;

/// The instances that the composition needs, providers first; the root is the last.
pub(super) struct Order {
    pub(super) instances: Vec<InstanceId>,
    pub(super) root: InstanceId,
    /// Those that it does not need, although nothing that is reported says who would.
    pub(super) unused: Vec<InstanceId>,
}

/// Orders the instances; `None` if there is no root or a cycle.
///
/// The order follows from the wires alone, not from the order in which the components were named.
pub(super) fn order(set: &mut Set<'_>, choices: &Choices, run: &mut Run) -> Option<Order> {
    let mut providers: Vec<Vec<(InstanceId, &Port)>> = vec![Vec::new(); set.ids().count()];
    for (port, chosen) in &choices.ports {
        if let Chosen::Offer(offer) = chosen {
            providers[port.instance.0].push((offer.instance, port));
        }
    }
    let root = root(set, &providers, choices, run)?;
    let mut roots = vec![root];
    for choice in set.composition.exports.iter().flatten().chain(&set.composition.exposed) {
        roots.extend(set.find(choice.instance.as_str()));
    }
    roots.dedup();
    let mut walk =
        Walk { providers: &providers, state: vec![State::New; providers.len()], order: Vec::new() };
    for id in roots.into_iter().rev() {
        if let Err(cycle) = walk.visit(id) {
            let way_out = way_out(set, &providers, &cycle);
            Cycle { ports: &cycle, way_out }.report(set, run);
            return None;
        }
    }
    let instances = walk.order;
    let reached: BTreeSet<InstanceId> = instances.iter().copied().collect();
    let unused = set.ids().filter(|id| !reached.contains(id) && !choices.unclear.contains(id)).collect();
    Some(Order { instances, root, unused })
}

/// An export that fits an import of a circle and does not lead back to it.
fn way_out(set: &Set<'_>, providers: &[Vec<(InstanceId, &Port)>], cycle: &[Port]) -> Option<(Port, Offer)> {
    cycle.iter().take(MOST_WAYS).find_map(|port| {
        let wanted = set.item(port.instance, Side::Import, &port.name)?;
        let offers = set.offers(&wanted.link_name(&port.name)).iter().take(MOST_WAYS);
        let found = offers.filter(|offer| !reaches(providers, offer.instance, port.instance)).find(|offer| {
            let found = set.item(offer.instance, Side::Export, &offer.export);
            found.is_some_and(|found| Pair { set, port, wanted, offer, found }.fits())
        });
        Some((port.clone(), found?.clone()))
    })
}

/// Whether one instance needs another one, or is it.
fn reaches(providers: &[Vec<(InstanceId, &Port)>], from: InstanceId, to: InstanceId) -> bool {
    let (mut seen, mut left) = (BTreeSet::from([from]), vec![from]);
    while let Some(id) = left.pop() {
        if id == to {
            return true;
        }
        left.extend(providers[id.0].iter().map(|(next, _)| *next).filter(|next| seen.insert(*next)));
    }
    false
}

/// The instance that was named, else the one that no other one needs.
fn root(
    set: &mut Set<'_>,
    providers: &[Vec<(InstanceId, &Port)>],
    choices: &Choices,
    run: &mut Run,
) -> Option<InstanceId> {
    if let Some(root) = &set.composition.root {
        return set.find(root.as_str());
    }
    if let Some(first) = set.composition.exports.iter().flatten().next() {
        return set.find(first.instance.as_str()); // all exports are chosen: no instance is more the root than another
    }
    let mut needed: BTreeSet<InstanceId> =
        providers.iter().flatten().map(|(provider, _)| *provider).collect();
    needed.extend(&choices.unclear);
    let mut free: Vec<InstanceId> = set.ids().filter(|id| !needed.contains(id)).collect();
    free.sort_by(|a, b| natural_order(set.name(*a), set.name(*b)));
    let cycle = any_cycle(set, providers);
    let likely = match free.as_slice() {
        [only] if cycle.is_none() => vec![*only], // whether or not more of it is exposed
        _ => likely_roots(set, &free, choices),
    };
    if let ([], Some(cycle)) = (likely.as_slice(), cycle) {
        let way_out = way_out(set, providers, &cycle);
        Cycle { ports: &cycle, way_out }.report(set, run);
        return None;
    }
    match likely.as_slice() {
        [root] => Some(*root),
        _ if free.is_empty() => None,
        _ => {
            let likely = reaches_most(providers, &free);
            AmbiguousRoot { candidates: &free, likely }.report(set, choices, run);
            None
        }
    }
}

/// Of the instances that nobody needs, those that are not there for another one: it is exposed beside the root, or it
/// was meant to provide what another one leaves open or takes from a nearer version, and is reported as unused.
fn likely_roots(set: &Set<'_>, free: &[InstanceId], choices: &Choices) -> Vec<InstanceId> {
    let exposed: BTreeSet<InstanceId> =
        set.composition.exposed.iter().filter_map(|choice| set.find(choice.instance.as_str())).collect();
    let is_exposed = |id: &InstanceId| free.len() > 1 && exposed.contains(id);
    let mut likely: Vec<InstanceId> = free.iter().copied().filter(|id| !is_exposed(id)).collect();
    if (1..=MOST_CANDIDATES).contains(&likely.len()) {
        let open = choices.ports.iter().filter(|(_, chosen)| matches!(chosen, Chosen::Host(None)));
        let open: BTreeSet<&Port> = open.map(|(port, _)| port).collect();
        let met = near::met_exactly(set, choices);
        likely.retain(|id| !near::almost_provides(set, *id, &open) && !met.leaves_out(set, *id));
    }
    likely
}

/// A circle of instances that need each other, if there is one, whoever needs them.
fn any_cycle(set: &Set<'_>, providers: &[Vec<(InstanceId, &Port)>]) -> Option<Vec<Port>> {
    let mut walk = Walk { providers, state: vec![State::New; providers.len()], order: Vec::new() };
    set.ids().find_map(|id| walk.visit(id).err())
}

/// Of the candidates, at least one, the first of those that need the most instances.
fn reaches_most(providers: &[Vec<(InstanceId, &Port)>], candidates: &[InstanceId]) -> InstanceId {
    let reach = |id: &InstanceId| {
        let mut walk = Walk { providers, state: vec![State::New; providers.len()], order: Vec::new() };
        walk.visit(*id).map_or(0, |()| walk.order.len())
    };
    let looked_at = candidates.iter().take(MOST_CANDIDATES);
    looked_at.copied().rev().max_by_key(reach).unwrap_or(candidates[0])
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
