//! The wiring of components that are looked at side by side.
//!
//! Differs from `wire.rs`: nothing is decided or reported here; it serves those who judge, not those who link.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edge, HostImport, Instance, InstanceId, Port, Provider, Wiring};
use crate::load::Inputs;
use crate::model::{LinkName, Surface};

/// Every component as an instance of its own; the root is the one that no other needs, if there is only one. An import goes to the one other component that exports it by name and
/// track; all else goes to the host.
pub fn side_by_side(inputs: &Inputs) -> Wiring {
    let mut exports: BTreeMap<LinkName, Vec<Port>> = BTreeMap::new();
    let surfaces = || inputs.components.iter().map(|component| &component.surface).enumerate();
    let port = |at, name: &String| Port { instance: InstanceId(at), name: name.clone() };
    for (at, surface) in surfaces() {
        for (name, item) in &surface.exports {
            exports.entry(item.link_name(name)).or_default().push(port(at, name));
        }
    }
    let instance = |(at, component): (usize, &crate::load::Component)| Instance {
        name: component.name.clone(),
        component: at,
    };
    let mut wiring = Wiring {
        instances: inputs.components.iter().enumerate().map(instance).collect(),
        ..Wiring::default()
    };
    for (at, Surface { imports, .. }) in surfaces() {
        for (name, item) in imports {
            let import = port(at, name);
            let offers = exports.get(&item.link_name(name)).into_iter().flatten();
            let mut others = offers.filter(|offer| offer.instance.0 != at);
            let provider = match (others.next(), others.next()) {
                (Some(only), None) => Provider::Export(only.clone()),
                _ => {
                    wiring.host.push(HostImport {
                        name: name.clone(),
                        merged: Vec::new(),
                        users: vec![import.clone()],
                    });
                    Provider::Host(wiring.host.len() - 1)
                }
            };
            wiring.edges.push(Edge { import, provider });
        }
    }
    wiring.root = only_one_that_nobody_needs(&wiring);
    wiring
}

/// The same, but for what the instances of a wiring of these inputs take from the host: they take it from there here as well.
pub fn side_by_side_within(inputs: &Inputs, linked: &Wiring) -> Wiring {
    let mut wiring = side_by_side(inputs);
    let is_host = |edge: &&Edge| matches!(edge.provider, Provider::Host(_));
    let of_host = linked.edges.iter().filter(is_host).map(|edge| {
        let component = linked.instance(edge.import.instance).component;
        (component, edge.import.name.as_str())
    });
    let of_host: BTreeSet<_> = of_host.collect();
    for edge in &mut wiring.edges {
        let Port { instance, name } = &edge.import;
        let is_provided = !matches!(edge.provider, Provider::Host(_));
        if is_provided && of_host.contains(&(instance.0, name.as_str())) {
            wiring.host.push(HostImport {
                name: name.clone(),
                merged: Vec::new(),
                users: vec![edge.import.clone()],
            });
            edge.provider = Provider::Host(wiring.host.len() - 1);
        }
    }
    wiring
}

/// The instance that the others are for, if it is clear: the one whose exports nobody uses.
fn only_one_that_nobody_needs(wiring: &Wiring) -> Option<InstanceId> {
    let providers: BTreeSet<InstanceId> = wiring
        .edges
        .iter()
        .filter_map(|edge| match &edge.provider {
            Provider::Export(port) => Some(port.instance),
            Provider::Member { .. } | Provider::Host(_) => None,
        })
        .collect();
    let mut others = (0..wiring.instances.len()).map(InstanceId).filter(|id| !providers.contains(id));
    others.next().filter(|_| others.next().is_none())
}
