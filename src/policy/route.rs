//! The ways from the root of a composition to the instances that it needs.
//!
//! Differs from `link`: nothing is ordered for instantiation here; a way says who brought whom in.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::check::{InstanceId, Provider, Wiring};

/// The shortest way from the root to each instance, both ends included; of equals the one through earlier imports. Empty
/// without a root.
pub(super) fn routes(wiring: &Wiring) -> BTreeMap<InstanceId, Vec<InstanceId>> {
    let providers = providers(wiring);
    let mut routes: BTreeMap<_, _> = wiring.root.map(|root| (root, vec![root])).into_iter().collect();
    let mut open: VecDeque<InstanceId> = wiring.root.into_iter().collect();
    while let Some(id) = open.pop_front() {
        for next in providers.get(&id).into_iter().flatten() {
            if !routes.contains_key(next) {
                let mut route = routes[&id].clone();
                route.push(*next);
                routes.insert(*next, route);
                open.push_back(*next);
            }
        }
    }
    routes
}

/// An instance, and all that it needs, they need, and so on.
pub(super) fn behind(wiring: &Wiring, first: InstanceId) -> BTreeSet<InstanceId> {
    let providers = providers(wiring);
    let mut found = BTreeSet::from([first]);
    let mut open = vec![first];
    while let Some(id) = open.pop() {
        open.extend(providers.get(&id).into_iter().flatten().copied().filter(|next| found.insert(*next)));
    }
    found
}

/// Who provides something to an instance.
fn providers(wiring: &Wiring) -> BTreeMap<InstanceId, Vec<InstanceId>> {
    let mut providers: BTreeMap<InstanceId, Vec<InstanceId>> = BTreeMap::new();
    for edge in &wiring.edges {
        if let Provider::Export(export) = &edge.provider {
            providers.entry(edge.import.instance).or_default().push(export.instance);
        }
    }
    providers
}
