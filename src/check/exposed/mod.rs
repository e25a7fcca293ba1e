//! Decides what the whole exports, and in which order.
//!
//! Engines take a function at the root only where the whole names each record, variant, enum, flags and resource in its
//! type, and readers take the first interface that names a type for the one that defines it. So what an export needs is
//! exported as well, and ahead of it.

mod uses;

pub(super) use self::uses::Use;

use std::collections::{BTreeMap, BTreeSet};
use std::vec::IntoIter;

use self::uses::uses;
use super::choose::{check_name, find};
use super::diagnostics::{ImpliedExport, UnknownExport};
use super::graph::Order;
use super::offers::Offer;
use super::set::Set;
use super::{Exposed, InstanceId, Origin, Port, Provider};
use crate::config::ExportChoice;
use crate::diag::Run;
use crate::model::Side;

/// The exports of the whole: those that were chosen, or all of the root; those exposed beside them; and what they need.
pub(super) fn exports(
    set: &mut Set<'_>,
    order: &Order,
    wires: &[(Port, Offer)],
    members: &[(Port, Provider)],
    origins: &[Vec<Origin>],
    run: &mut Run,
) -> Vec<Exposed> {
    let chosen = chosen(set, order, run);
    let mut names: BTreeMap<Port, Vec<String>> = BTreeMap::new();
    for Exposed { name, export } in &chosen {
        names.entry(export.clone()).or_default().push(name.clone());
    }
    let providers = providers(wires, members);
    let (visited, found, implied) = (BTreeSet::new(), Vec::new(), Vec::new());
    let mut search = Search { providers, origins, names, visited, found, implied };
    for exposed in chosen {
        search.visit(set, exposed.export);
    }
    let Search { found, mut names, implied, .. } = search;
    for implied in &implied {
        implied.report(set, run);
    }
    // Of what was found twice, the first place counts: what uses it comes after that.
    let exposed = |export: Port| {
        let names = names.remove(&export).unwrap_or_default();
        names.into_iter().map(move |name| Exposed { name, export: export.clone() })
    };
    found.into_iter().flat_map(exposed).collect()
}

/// The exports that the user asked for, in the order in which he did.
fn chosen(set: &Set<'_>, order: &Order, run: &mut Run) -> Vec<Exposed> {
    let composition = set.composition;
    let choices = composition.exposed.iter().chain(composition.exports.iter().flatten());
    let mut exports: Vec<Exposed> = choices.filter_map(|choice| choose(set, choice, run)).collect();
    if composition.exports.is_none() {
        exports.extend(set.surface(order.root).exports.keys().map(|name| {
            let export = Port { instance: order.root, name: name.clone() };
            Exposed { name: name.clone(), export }
        }));
    }
    exports
}

fn choose(set: &Set<'_>, choice: &ExportChoice, run: &mut Run) -> Option<Exposed> {
    let instance = set.find(choice.instance.as_str())?;
    let wanted = choice.export.as_ref().unwrap_or(&choice.name);
    let Some(export) = find(&set.surface(instance).exports, wanted.as_str()) else {
        run.diagnostics.report(UnknownExport::of_whole(set, instance, choice));
        return None;
    };
    if let (Some(_), Some(item)) = (&choice.export, set.item(instance, Side::Export, &export)) {
        check_name(&choice.name, &export, item, run);
    }
    let name = if choice.export.is_some() { choice.name.value.clone() } else { export.clone() };
    Some(Exposed { name, export: Port { instance, name: export } })
}

/// By import: the export behind it.
fn providers(wires: &[(Port, Offer)], members: &[(Port, Provider)]) -> BTreeMap<Port, Port> {
    let export_of = |offer: &Offer| Port { instance: offer.instance, name: offer.export.clone() };
    let mut providers: BTreeMap<Port, Port> =
        wires.iter().map(|(port, offer)| (port.clone(), export_of(offer))).collect();
    for (port, provider) in members {
        if let Provider::Member { import, .. } = provider {
            let from = Port { instance: port.instance, name: import.clone() };
            if let Some(export) = providers.get(&from).cloned() {
                providers.insert(port.clone(), export);
            }
        }
    }
    providers
}

/// Puts exports after those whose types they use, and adds those that they cannot do without.
struct Search<'s> {
    providers: BTreeMap<Port, Port>,
    origins: &'s [Vec<Origin>],
    /// By export of an instance: the names that the whole exports it under.
    names: BTreeMap<Port, Vec<String>>,
    /// What was looked at, and whether the whole exported it by then: what it needs is asked only where it does.
    visited: BTreeSet<(Port, bool)>,
    /// What was looked at, each after all that it uses.
    found: Vec<Port>,
    implied: Vec<ImpliedExport>,
}

impl Search<'_> {
    /// Adds an export that was chosen, after all that it uses.
    fn visit(&mut self, set: &Set<'_>, export: Port) {
        let mut open = Vec::from_iter(self.enter(set, export));
        while let Some((export, left)) = open.last_mut() {
            match left.next() {
                Some(used) => {
                    let behind = self.follow(set, export, used);
                    open.extend(behind.and_then(|behind| self.enter(set, behind)));
                }
                None => self.found.extend(open.pop().map(|(export, _)| export)),
            }
        }
    }

    /// An export with what it uses, if it was not looked at as such before.
    fn enter(&mut self, set: &Set<'_>, export: Port) -> Option<(Port, IntoIter<Use>)> {
        let surface = set.surface(export.instance);
        let item = surface.exports.get(&export.name)?;
        let is_exported = self.names.contains_key(&export);
        let is_new = self.visited.insert((export.clone(), is_exported));
        is_new.then(|| (export, uses(surface, item).into_iter()))
    }

    /// The export behind a type that an export uses; it is exported as well if that one is and cannot do without.
    fn follow(&mut self, set: &Set<'_>, export: &Port, used: Use) -> Option<Port> {
        let behind = self.behind(set, export, &used)?;
        let is_exported = self.names.contains_key(export);
        let is_needed = is_exported && used.is_needed && !self.is_from_host(export.instance, &used);
        if is_needed && !self.names.contains_key(&behind) {
            self.names.insert(behind.clone(), vec![behind.name.clone()]);
            self.implied.push(ImpliedExport { user: export.clone(), used, export: behind.clone() });
        }
        Some(behind)
    }

    /// The export in which a type that another export uses has its name.
    fn behind(&self, set: &Set<'_>, export: &Port, used: &Use) -> Option<Port> {
        let name = used.named.extern_name()?.to_owned();
        let port = Port { instance: export.instance, name };
        match used.named.side {
            Side::Import => self.providers.get(&port).cloned(),
            Side::Export => {
                let is_there = set.item(port.instance, Side::Export, &port.name).is_some();
                (is_there && port != *export).then_some(port)
            }
        }
    }

    /// Whether a type that is imported by itself is a resource of the host: it is handed out as the whole imports it.
    fn is_from_host(&self, instance: InstanceId, used: &Use) -> bool {
        let origin = used.resource.map(|resource| &self.origins[instance.0][resource.0 as usize]);
        used.named.steps.len() == 1 && matches!(origin, Some(Origin::Host { .. }))
    }
}
