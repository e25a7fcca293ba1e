//! The one entry of this stage: from loaded inputs and a composition to a wiring, sub-step after sub-step.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::{Chosen, choose, find, report_unknown, used_from};
use super::diagnostics::{UnmetImports, UnusedComponent};
use super::exposed::exports;
use super::graph::{Order, order};
use super::merge::{Open, merge};
use super::offers::Offer;
use super::set::Set;
use super::{Edge, Exposed, HostImport, Instance, InstanceId, Origin, Port, Provider, Wiring, fit};
use crate::config::{Choice, Composition};
use crate::diag::{Level, Run, code};
use crate::host;
use crate::load::Inputs;
use crate::model::{LinkName, Side};

/// Decides who provides each import of a composition.
///
/// `None` if nothing sensible can be made: the composition is not right, a component is missing, there is no root, or there
/// is a cycle. A wiring that is returned may still be in conflict: then the diagnostics of the run hold errors, and it must not be linked.
pub fn wire(inputs: &mut Inputs, composition: &Composition, run: &mut Run) -> Option<Wiring> {
    let mut set = Set::new(composition, inputs)?;
    if !composition.is_right {
        report_unknown(&mut set, run);
        return None;
    }
    let choices = choose(&mut set, run);
    // From here on every import has at most one provider.
    let Some(order) = order(&mut set, &choices, run) else {
        unmet_before_order(&mut set, choices.ports, run);
        return None;
    };
    // From here on the instances are those that the root needs, and can be instantiated one after the other.
    let Split { wires, members, open } = split(&order, choices.ports.clone());
    let mut links = fit::fit(&mut set, &wires, run);
    // From here on every wire to an export fits, or is reported.
    let host = merge(&mut set, open, &mut links, run);
    // From here on every import has a provider.
    let Unmet { failing: unmet, told } = unmet(&mut set, &host, &wires, run);
    for instance in &order.unused {
        UnusedComponent { instance: *instance, root: order.root, told: &told }
            .report(&mut set, &choices, run);
    }
    // From here on what is left to the host is what a host provides, or is reported.
    let origins = fit::origins(&mut set, &order.instances, &host, &links, &unmet, run);
    // From here on every resource has one origin, or is reported.
    let exports = exports(&mut set, &order, &wires, &members, &origins, run);
    // From here on each type in an export of the whole has a name there.
    Some(assemble(&set, &order, Providers { wires, members, host }, origins, exports))
}

/// The choices of the instances in use, in their order, by what they are.
#[derive(Default)]
struct Split {
    wires: Vec<(Port, Offer)>,
    members: Vec<(Port, Provider)>,
    open: Vec<Open>,
}

fn split(order: &Order, choices: Vec<(Port, Chosen)>) -> Split {
    let mut by_instance: BTreeMap<InstanceId, Vec<(Port, Chosen)>> = BTreeMap::new();
    for (port, chosen) in choices {
        by_instance.entry(port.instance).or_default().push((port, chosen));
    }
    let mut split = Split::default();
    for id in &order.instances {
        for (port, chosen) in by_instance.remove(id).unwrap_or_default() {
            match chosen {
                Chosen::Offer(offer) => split.wires.push((port, offer)),
                Chosen::Member { import, steps } => {
                    split.members.push((port, Provider::Member { import, steps }))
                }
                Chosen::Host(rename) => split.open.push(Open { port, rename }),
                Chosen::Nobody => {}
            }
        }
    }
    split
}

/// Without an order there is no wiring; what nobody provides is often why, so it is said all the same.
fn unmet_before_order(set: &mut Set<'_>, choices: Vec<(Port, Chosen)>, run: &mut Run) {
    let mut host: BTreeMap<LinkName, HostImport> = BTreeMap::new();
    let mut wires = Vec::new();
    for (port, chosen) in choices {
        if let Chosen::Offer(offer) = chosen {
            wires.push((port, offer));
            continue;
        }
        let (Chosen::Host(_), Some(item)) = (chosen, set.item(port.instance, Side::Import, &port.name))
        else {
            continue;
        };
        let import = host.entry(item.link_name(&port.name));
        let import = import.or_insert_with(|| HostImport {
            name: port.name.clone(),
            merged: Vec::new(),
            users: Vec::new(),
        });
        import.users.push(port);
    }
    unmet(set, &host.into_values().collect::<Vec<_>>(), &wires, run);
}

/// What nobody provides.
struct Unmet {
    /// The imports of the whole that fail the run by it.
    failing: BTreeSet<usize>,
    /// What was told of exports that almost provide them.
    told: BTreeSet<String>,
}

/// Reports what is left to the host although no known host has it and the user did not say that one does: together
/// what the same instances need.
fn unmet(set: &mut Set<'_>, host: &[HostImport], wires: &[(Port, Offer)], run: &mut Run) -> Unmet {
    let host_choices =
        set.composition.wires.iter().filter(|wire| matches!(wire.provider, Choice::Host { .. }));
    let chosen: BTreeSet<Port> = host_choices
        .filter_map(|wire| {
            let instance = set.find(wire.user.as_str())?;
            Some(Port { instance, name: find(&set.surface(instance).imports, wire.import.as_str())? })
        })
        .collect();
    let mut unmet: BTreeMap<Vec<InstanceId>, Vec<&HostImport>> = BTreeMap::new();
    let (mut failing, mut told) = (BTreeSet::new(), BTreeSet::new());
    let level = run.diagnostics.levels.of(code::UNMET_IMPORT);
    for (at, import) in host.iter().enumerate() {
        if !is_unmet(set, import) || import.users.iter().any(|port| chosen.contains(port)) {
            continue;
        }
        if level == Level::Deny {
            failing.insert(at);
        }
        let mut users: Vec<InstanceId> = import.users.iter().map(|port| port.instance).collect();
        users.sort();
        users.dedup();
        unmet.entry(users).or_default().push(import);
    }
    let mut needed_for: BTreeMap<InstanceId, &Port> = BTreeMap::new();
    for (port, offer) in wires {
        needed_for.entry(offer.instance).or_insert(port);
    }
    for (users, imports) in &unmet {
        let needed_for = users.first().and_then(|user| needed_for.get(user).copied());
        told.extend(UnmetImports { imports, needed_for }.report(set, run));
    }
    if level == Level::Allow {
        told.clear(); // nobody is shown it
    }
    Unmet { failing, told }
}

/// Whether no known host provides an import of the whole.
fn is_unmet(set: &Set<'_>, import: &HostImport) -> bool {
    let port = &import.users[0];
    let Some(item) = set.item(port.instance, Side::Import, &port.name) else { return false };
    let surface = set.surface(port.instance);
    if used_from(surface, item).is_some() || surface.only_describes(item) {
        return false; // what matters is the import that it names a type of, if there is one
    }
    !item.interface(&port.name).is_some_and(|interface| host::provides_somewhere(&interface))
}

/// Who provides each import.
struct Providers {
    wires: Vec<(Port, Offer)>,
    members: Vec<(Port, Provider)>,
    host: Vec<HostImport>,
}

/// Puts all together under new ids: places in the order of instantiation.
fn assemble(
    set: &Set<'_>,
    order: &Order,
    providers: Providers,
    mut origins: Vec<Vec<Origin>>,
    mut exports: Vec<Exposed>,
) -> Wiring {
    let Providers { wires, members, mut host } = providers;
    let places: BTreeMap<InstanceId, InstanceId> =
        order.instances.iter().enumerate().map(|(at, id)| (*id, InstanceId(at))).collect();
    let place = |port: &mut Port| {
        if let Some(id) = places.get(&port.instance) {
            port.instance = *id;
        }
    };
    host.iter_mut().flat_map(|import| &mut import.users).for_each(place);
    exports.iter_mut().for_each(|exposed| place(&mut exposed.export));
    let mut providers: BTreeMap<Port, Provider> = BTreeMap::new();
    for (mut port, offer) in wires {
        let mut export = Port { instance: offer.instance, name: offer.export };
        place(&mut port);
        place(&mut export);
        providers.insert(port, Provider::Export(export));
    }
    for (mut port, provider) in members {
        place(&mut port);
        providers.insert(port, provider);
    }
    for (at, import) in host.iter().enumerate() {
        providers.extend(import.users.iter().map(|port| (port.clone(), Provider::Host(at))));
    }
    let mut edges = Vec::new();
    for (at, id) in order.instances.iter().enumerate() {
        for name in set.surface(*id).imports.keys() {
            let import = Port { instance: InstanceId(at), name: name.clone() };
            if let Some(provider) = providers.remove(&import) {
                edges.push(Edge { import, provider });
            }
        }
    }
    let instance =
        |id: &InstanceId| Instance { name: set.name(*id).to_owned(), component: set.component(*id) };
    let mut take = |id: &InstanceId| {
        let mut origins = std::mem::take(&mut origins[id.0]);
        for origin in &mut origins {
            if let Origin::Instance(id) = origin {
                *id = places.get(id).copied().unwrap_or(*id);
            }
        }
        origins
    };
    Wiring {
        instances: order.instances.iter().map(instance).collect(),
        edges,
        host,
        exports,
        origins: order.instances.iter().map(&mut take).collect(),
        root: places.get(&order.root).copied(),
    }
}
