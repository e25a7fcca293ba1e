//! Chooses the provider of each import: what the user chose, then chains, then by name and track.
//!
//! Only names decide here; whether the types fit is asked in `fit.rs`, so that a provider of the right name and the wrong
//! type is a mismatch and never skipped in silence.

use std::collections::BTreeMap;

use super::diagnostics::{AmbiguousProviders, UnknownExport, UnknownImport};
use super::set::{Offer, Set};
use super::{InstanceId, Port};
use crate::config::{Chain, Choice, Spanned};
use crate::diag::Run;
use crate::model::{Definition, InterfaceName, Item, ItemKind, ItemPath, Side, Step, Surface};

/// The provider of one import as chosen by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// An export.
    Offer(Offer),
    /// A type that another import of the same instance names, and an export provides.
    Member { import: String, steps: Vec<Step> },
    /// The host, under the name given or else the name of the import.
    Host(Option<String>),
}

/// The choice for each import of each instance, in the order of instances and imports.
pub(super) fn choose(set: &mut Set<'_>, run: &mut Run) -> Vec<(Port, Chosen)> {
    let mut fixed = BTreeMap::new();
    chosen_by_chains(set, &mut fixed, run);
    chosen_by_user(set, &mut fixed, run);
    let mut choices = Vec::new();
    for id in set.ids() {
        let mut ambiguous: BTreeMap<Vec<InstanceId>, Vec<(String, Vec<Offer>)>> = BTreeMap::new();
        let names: Vec<String> = set.surface(id).imports.keys().cloned().collect();
        let mut chosen: BTreeMap<String, Chosen> = BTreeMap::new();
        for name in names {
            let port = Port { instance: id, name };
            let choice = match fixed.remove(&port) {
                Some(choice) => choice,
                None => match member(set.surface(id), &port.name, &chosen) {
                    Some(choice) => choice,
                    None => {
                        let offers = by_name(set, &port);
                        if offers.len() > 1 {
                            let providers = offers.iter().map(|offer| offer.instance).collect();
                            ambiguous.entry(providers).or_default().push((port.name.clone(), offers.clone()));
                        }
                        offers.into_iter().next().map_or(Chosen::Host(None), Chosen::Offer)
                    }
                },
            };
            chosen.insert(port.name.clone(), choice.clone());
            choices.push((port, choice));
        }
        for imports in ambiguous.values() {
            AmbiguousProviders { user: id, imports }.report(set, run);
        }
    }
    choices
}

/// For a type that another import of the instance names, the choice made for that one, if it is not the host.
fn member(surface: &Surface, name: &str, chosen: &BTreeMap<String, Chosen>) -> Option<Chosen> {
    let path = used_from(surface, surface.imports.get(name)?)?;
    let import = path.extern_name()?;
    match chosen.get(import)? {
        Chosen::Offer(_) => {
            Some(Chosen::Member { import: import.to_owned(), steps: path.steps[1..].to_vec() })
        }
        Chosen::Member { import, steps } => {
            let steps = steps.iter().chain(&path.steps[1..]).cloned().collect();
            Some(Chosen::Member { import: import.clone(), steps })
        }
        Chosen::Host(_) => None,
    }
}

/// For an imported type that is nothing but the name of another imported type: where that one is.
pub(super) fn used_from<'s>(surface: &'s Surface, item: &Item) -> Option<&'s ItemPath> {
    let ItemKind::Type(id) = item.kind else { return None };
    let Definition::Alias(of) = surface.types.get(id) else { return None };
    surface.types.name(*of).filter(|path| path.side == Side::Import)
}

/// The exports of other instances with that name on that track, by name of instance; if one has the exact name, only that.
fn by_name(set: &Set<'_>, port: &Port) -> Vec<Offer> {
    let Some(item) = set.item(port.instance, Side::Import, &port.name) else { return Vec::new() };
    let full_name = item.full_name(&port.name);
    let others =
        set.offers(&item.link_name(&port.name)).iter().filter(|offer| offer.instance != port.instance);
    let mut offers: Vec<Offer> = others.cloned().collect();
    let is_exact = |offer: &Offer| {
        let item = set.item(offer.instance, Side::Export, &offer.export);
        item.is_some_and(|item| item.full_name(&offer.export) == full_name)
    };
    if offers.len() > 1 && offers.iter().any(is_exact) {
        offers.retain(is_exact);
    }
    offers.sort_by(|a, b| set.name(a.instance).cmp(set.name(b.instance)));
    offers
}

fn chosen_by_user(set: &mut Set<'_>, fixed: &mut BTreeMap<Port, Chosen>, run: &mut Run) {
    for wire in &set.composition.wires {
        let Some(id) = set.find(wire.user.as_str()) else { continue };
        let Some(name) = find_import(set, id, wire.import.as_str()) else {
            run.diagnostics.report(UnknownImport::of(set, id, &wire.import));
            continue;
        };
        let port = Port { instance: id, name };
        match &wire.provider {
            Choice::Host { import, .. } => {
                let rename = import.as_ref().map(|name| name.value.clone());
                fixed.insert(port, Chosen::Host(rename));
            }
            Choice::Instance { instance, export } => {
                let Some(provider) = set.find(instance.as_str()) else { continue };
                let found = match export {
                    Some(export) => find_export(set, provider, export.as_str()),
                    None => matching_export(set, &port, provider),
                };
                match found {
                    Some(export) => {
                        fixed.insert(port, Chosen::Offer(Offer { instance: provider, export }));
                    }
                    None => run.diagnostics.report(UnknownExport::of_wire(set, provider, wire)),
                }
            }
        }
    }
}

/// Each layer takes the interface from the next; everyone outside of the chain takes it from the first.
fn chosen_by_chains(set: &Set<'_>, fixed: &mut BTreeMap<Port, Chosen>, run: &mut Run) {
    for chain in &set.composition.chains {
        let layers: Vec<(InstanceId, &Spanned<String>)> =
            chain.layers.iter().filter_map(|layer| Some((set.find(layer.as_str())?, layer))).collect();
        let mut offers = Vec::new();
        for (id, layer) in &layers {
            match find_export(set, *id, chain.interface.as_str()) {
                Some(export) => offers.push(Offer { instance: *id, export }),
                None => run.diagnostics.report(UnknownExport::of_chain(set, *id, chain, layer)),
            }
        }
        if offers.len() == layers.len() {
            wire_chain(set, chain, &layers, offers, fixed, run);
        }
    }
}

fn wire_chain(
    set: &Set<'_>,
    chain: &Chain,
    layers: &[(InstanceId, &Spanned<String>)],
    offers: Vec<Offer>,
    fixed: &mut BTreeMap<Port, Chosen>,
    run: &mut Run,
) {
    for (pair, offer) in layers.windows(2).zip(offers.iter().skip(1)) {
        let (user, layer) = pair[0];
        match find_import(set, user, chain.interface.as_str()) {
            Some(name) => {
                fixed.insert(Port { instance: user, name }, Chosen::Offer(offer.clone()));
            }
            None => {
                let import = Spanned::new(chain.interface.value.clone(), layer.span);
                run.diagnostics.report(UnknownImport::of(set, user, &import));
            }
        }
    }
    let in_chain = |id: &InstanceId| layers.iter().any(|(layer, _)| layer == id);
    let Some(first) = offers.into_iter().next() else { return };
    for id in set.ids().filter(|id| !in_chain(id)) {
        if let Some(name) = find_import(set, id, chain.interface.as_str()) {
            fixed.entry(Port { instance: id, name }).or_insert(Chosen::Offer(first.clone()));
        }
    }
}

/// The import that a user's text means: the exact name, else the one interface without its version, or on its track.
fn find_import(set: &Set<'_>, id: InstanceId, text: &str) -> Option<String> {
    find(&set.surface(id).imports, text)
}

fn find_export(set: &Set<'_>, id: InstanceId, text: &str) -> Option<String> {
    find(&set.surface(id).exports, text)
}

/// The name of the item that a user's text means.
pub(super) fn find(items: &crate::model::Items, text: &str) -> Option<String> {
    if items.contains_key(text) {
        return Some(text.to_owned());
    }
    let means = |name: &str, item: &Item| {
        item.implements.is_none()
            && item.interface(name).is_some_and(|interface| {
                interface.path() == text || interface.on_track() == text || item.full_name(name) == text
            })
    };
    let mut found = items.iter().filter(|(name, item)| means(name, item)).map(|(name, _)| name);
    found.next().filter(|_| found.next().is_none()).cloned()
}

/// The export of a chosen provider for an import: of the same meaning, else of the interface that a label stands for.
fn matching_export(set: &Set<'_>, port: &Port, provider: InstanceId) -> Option<String> {
    let item = set.item(port.instance, Side::Import, &port.name)?;
    let wanted = item.link_name(&port.name);
    let exports = &set.surface(provider).exports;
    if let Some((name, _)) = exports.iter().find(|(name, item)| item.link_name(name) == wanted) {
        return Some(name.clone());
    }
    let wanted: InterfaceName = item.interface(&port.name)?;
    let stands =
        |(name, item): &(&String, &Item)| item.interface(name).is_some_and(|name| name.stands_for(&wanted));
    let mut found = exports.iter().filter(stands).map(|(name, _)| name);
    found.next().filter(|_| found.next().is_none()).cloned()
}
