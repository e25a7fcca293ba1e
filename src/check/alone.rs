//! Wirings without a root: of components that are looked at side by side, and of several compositions together.
//!
//! Differs from `wire.rs`: nothing is decided or reported here; it serves those who judge, not those who link.

use std::collections::BTreeMap;

use super::{Edge, HostImport, Instance, InstanceId, Port, Provider, Wiring};
use crate::load::Inputs;
use crate::model::{LinkName, Surface};

/// Every component as an instance of its own. An import goes to the one other component that exports it by name and
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
                    wiring.host.push(HostImport { name: name.clone(), users: vec![import.clone()] });
                    Provider::Host(wiring.host.len() - 1)
                }
            };
            wiring.edges.push(Edge { import, provider });
        }
    }
    wiring
}

/// Several compositions as one: an instance that is in more than one of them, by name and bytes, is there once.
pub fn join(compositions: Vec<(Inputs, Wiring)>) -> (Inputs, Wiring) {
    let (mut inputs, mut joined) = (Inputs::default(), Wiring::default());
    for (mut others, wiring) in compositions {
        let component_base = inputs.components.len();
        let host_base = joined.host.len();
        let mut places = Vec::new();
        let mut is_new = Vec::new();
        for instance in &wiring.instances {
            let bytes = &others.components[instance.component].bytes;
            let known = joined.instances.iter().position(|other| {
                other.name == instance.name
                    && inputs
                        .components
                        .get(other.component)
                        .is_some_and(|component| component.bytes == *bytes)
            });
            is_new.push(known.is_none());
            places.push(InstanceId(known.unwrap_or(joined.instances.len())));
            if known.is_none() {
                let component = instance.component + component_base;
                joined.instances.push(Instance { name: instance.name.clone(), component });
            }
        }
        let place = |port: &Port| Port { instance: places[port.instance.0], name: port.name.clone() };
        for edge in wiring.edges.iter().filter(|edge| is_new[edge.import.instance.0]) {
            let provider = match &edge.provider {
                Provider::Export(port) => Provider::Export(place(port)),
                Provider::Host(at) => Provider::Host(at + host_base),
                member @ Provider::Member { .. } => member.clone(),
            };
            joined.edges.push(Edge { import: place(&edge.import), provider });
        }
        for import in &wiring.host {
            let users = import.users.iter().map(place).collect();
            joined.host.push(HostImport { name: import.name.clone(), users });
        }
        inputs.components.append(&mut others.components);
    }
    (inputs, joined)
}
