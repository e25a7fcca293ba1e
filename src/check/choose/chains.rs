//! Chooses what chains say: layers that import and export one interface, put around each other.
//!
//! Differs from `mod.rs`, which asks here first, then looks at wires, and at last at names.

use std::collections::{BTreeMap, BTreeSet};

use super::{Chosen, Fixed, find_all, find_export, report_repeated, wire_of};
use crate::check::diagnostics::{AcrossTracks, UnfinishedChain, UnknownExport, UnknownImport, UnusedChain};
use crate::check::offers::Offer;
use crate::check::set::Set;
use crate::check::{InstanceId, Port};
use crate::config::{Chain, Spanned};
use crate::diag::{Level, Run, code};
use crate::host;
use crate::model::{LinkName, Side};

/// Each layer takes the interface from the next; everyone outside of the chain takes it from the first, and the last
/// one from the host.
pub(super) fn chosen_by_chains(set: &mut Set<'_>, fixed: &mut Fixed, run: &mut Run) {
    let mut spellings: BTreeMap<Port, &Spanned<String>> = BTreeMap::new();
    let composition = set.composition;
    for chain in &composition.chains {
        let layers: Vec<(InstanceId, &Spanned<String>)> =
            chain.layers.iter().filter_map(|layer| Some((set.find(layer.as_str())?, layer))).collect();
        let users: Vec<Port> = set.ids().flat_map(|id| imports_of(set, id, chain)).collect();
        // Two chains of one interface contradict each other at each of its users: it is said for the first of them.
        let repeated = users.iter().find_map(|port| Some((port, *spellings.get(port)?)));
        if let Some((port, first)) = repeated {
            report_repeated(set, port, [first, &chain.interface], run);
            fixed.unclear.extend(layers.iter().map(|(layer, _)| layer));
            continue;
        }
        spellings.extend(users.iter().map(|port| (port.clone(), &chain.interface)));
        let Some(offers) = offers_of_chain(set, chain, &layers, &users, run) else {
            fixed.ports.extend(users.into_iter().map(|port| (port, Chosen::Nobody)));
            fixed.unclear.extend(layers.iter().map(|(layer, _)| layer));
            continue;
        };
        // Layers that are not there are reported.
        if users.is_empty() && !layers.is_empty() {
            run.diagnostics.report(UnusedChain { chain });
        }
        let places: BTreeMap<InstanceId, usize> =
            layers.iter().enumerate().map(|(at, (layer, _))| (*layer, at)).collect();
        let mut is_across = false;
        for port in users {
            let next = places.get(&port.instance).map_or(0, |at| at + 1);
            if next < offers.len() {
                fixed.chained.insert(port.clone(), chain.interface.span);
            }
            let chosen = match offers.get(next) {
                Some(offer) if are_on_two_tracks(set, &port, offer) => {
                    if !is_across {
                        let place = chain.interface.span;
                        let is_layer = next > 0;
                        AcrossTracks { port: &port, offer, place, is_layer }.report(set, run);
                    }
                    // Once is enough for a chain: what it is around is to be said.
                    is_across = true;
                    fixed.unclear.extend(layers.iter().map(|(layer, _)| layer));
                    Chosen::Nobody
                }
                Some(offer) => Chosen::Offer(offer.clone()),
                None => {
                    report_unfinished(set, chain, &port, run);
                    Chosen::Host(None)
                }
            };
            fixed.ports.insert(port, chosen);
        }
    }
}

/// The imports of an instance that a chain is about: of several versions, all.
fn imports_of(set: &Set<'_>, id: InstanceId, chain: &Chain) -> Vec<Port> {
    let names = find_all(&set.surface(id).imports, chain.interface.as_str());
    names.map(|name| Port { instance: id, name: name.clone() }).collect()
}

/// What a chain of these layers calls their interface, so that each of them exports one thing of that name, all but the last import
/// it, and all imports that are to take it mean it: the name of the first of these, else the track of its version. `None` if
/// there is no such name.
pub(in crate::check) fn chain_name(set: &Set<'_>, layers: &[InstanceId], imports: &[Port]) -> Option<String> {
    let Port { instance, name } = imports.first()?;
    let item = set.item(*instance, Side::Import, name).filter(|item| item.implements.is_none());
    let on_track = item.and_then(|item| item.interface(name)).map(|interface| interface.on_track());
    let is_it = |text: &String| {
        let imported =
            |port: &Port| find_all(&set.surface(port.instance).imports, text).any(|name| *name == port.name);
        let passing_on = layers.split_last().map_or(layers, |(_, before)| before);
        imports.iter().all(imported)
            && layers.iter().all(|layer| find_export(set, *layer, text).is_some())
            && passing_on.iter().all(|layer| find_all(&set.surface(*layer).imports, text).next().is_some())
    };
    std::iter::once(name.clone()).chain(on_track).find(is_it)
}

/// What each layer exports; `None` if one does not, or if one but the last does not import it, which is reported.
fn offers_of_chain(
    set: &Set<'_>,
    chain: &Chain,
    layers: &[(InstanceId, &Spanned<String>)],
    users: &[Port],
    run: &mut Run,
) -> Option<Vec<Offer>> {
    let interface = chain.interface.as_str();
    let users: BTreeSet<InstanceId> = users.iter().map(|port| port.instance).collect();
    let has = |(id, _): &(InstanceId, _)| users.contains(id) || find_export(set, *id, interface).is_some();
    if !layers.is_empty() && !layers.iter().any(has) {
        let layers: Vec<InstanceId> = layers.iter().map(|(id, _)| *id).collect();
        run.diagnostics.report(UnknownExport::of_whole_chain(set, chain, &layers));
        return None;
    }
    let mut offers = Vec::new();
    let mut is_whole = true;
    for (at, (id, layer)) in layers.iter().enumerate() {
        match find_export(set, *id, interface) {
            Some(export) => offers.push(Offer { instance: *id, export }),
            None => run.diagnostics.report(UnknownExport::of_chain(set, *id, chain, layer)),
        }
        if at + 1 < layers.len() && !users.contains(id) {
            let import = Spanned::new(chain.interface.value.clone(), layer.span);
            run.diagnostics.report(UnknownImport::of(set, *id, &import));
            is_whole = false;
        }
    }
    (is_whole && offers.len() == layers.len()).then_some(offers)
}

/// Whether an import and an export are of one interface, and of versions that do not stand for each other.
pub(super) fn are_on_two_tracks(set: &Set<'_>, port: &Port, offer: &Offer) -> bool {
    let wanted = set.item(port.instance, Side::Import, &port.name).map(|item| item.link_name(&port.name));
    let found = set.item(offer.instance, Side::Export, &offer.export);
    let found = found.map(|item| item.link_name(&offer.export));
    matches!((wanted, found), (Some(wanted), Some(found))
        if wanted.interface.is_some() && wanted.interface == found.interface && wanted.track != found.track)
}

/// Reports a chain whose last layer leaves the interface to the host, where no wire says who is to provide it.
fn report_unfinished(set: &mut Set<'_>, chain: &Chain, port: &Port, run: &mut Run) {
    let item = set.item(port.instance, Side::Import, &port.name);
    let Some(item) = item.filter(|_| wire_of(set, std::slice::from_ref(port)).is_none()) else { return };
    let meaning: LinkName = item.link_name(&port.name);
    let is_of_host = item.interface(&port.name).is_some_and(|name| host::provides_somewhere(&name));
    let layers: Vec<&str> = chain.layers.iter().map(Spanned::as_str).collect();
    let others = set.offers(&meaning).iter().map(|offer| offer.instance);
    let forgotten: Vec<InstanceId> = others.filter(|id| !layers.contains(&set.name(*id))).collect();
    // What nobody has at all is told as an import that nobody provides.
    let is_told = !is_of_host && run.diagnostics.levels.of(code::UNMET_IMPORT) != Level::Allow;
    if !forgotten.is_empty() || !is_told {
        UnfinishedChain { chain, port, forgotten: &forgotten }.report(set, run);
    }
}
