//! Chooses the provider of each import: what the user chose, then chains, then by name and track.
//!
//! Only names decide here; whether the types fit is asked in `fit.rs`, so that a provider of the right name and the wrong
//! type is a mismatch and never skipped in silence.

mod ambiguous;
mod chains;

pub(super) use self::ambiguous::{Ambiguity, Knot};
pub(super) use self::chains::chain_name;

use std::collections::{BTreeMap, BTreeSet};

use self::ambiguous::knots;
use self::chains::{are_on_two_tracks, chosen_by_chains};
use super::diagnostics::{
    AcrossTracks, AmbiguousProviders, OverriddenChain, RepeatedChoice, UnknownExport, UnknownImport,
    UnusableName, nearest,
};
use super::offers::{Candidates, Offer};
use super::set::Set;
use super::{InstanceId, Port};
use crate::config::{Choice, Spanned, WireChoice};
use crate::diag::Run;
use crate::load::is_extern_name;
use crate::model::{Definition, InterfaceName, Item, ItemKind, ItemPath, Items, Side, Step, Surface};
use crate::source::Span;

/// The provider of one import as chosen by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// An export.
    Offer(Offer),
    /// A type that another import of the same instance names, and an export provides.
    Member { import: String, steps: Vec<Step> },
    /// The host, under the name given or else the name of the import.
    Host(Option<String>),
    /// Nobody: the user chose what is not there, which is reported.
    Nobody,
}

/// What was chosen.
#[derive(Debug)]
pub(super) struct Choices {
    /// The choice for each import of each instance, in the order of instances and imports.
    pub(super) ports: Vec<(Port, Chosen)>,
    /// The instances that would be used if something that is reported were mended: one of several that could provide an
    /// import, or named in a choice that is wrong.
    pub(super) unclear: BTreeSet<InstanceId>,
    /// The imports whose provider the user chose, by a wire or a chain.
    by_user: BTreeSet<Port>,
}

impl Choices {
    /// What was chosen for an import.
    pub(super) fn of(&self, port: &Port) -> Option<&Chosen> {
        let from = self.ports.partition_point(|(other, _)| other.instance < port.instance);
        let own = self.ports[from..].iter().take_while(|(other, _)| other.instance == port.instance);
        own.filter(|(other, _)| other == port).map(|(_, chosen)| chosen).next()
    }

    /// Takes for ambiguous imports who would provide them without a circle, for what is told beside the ambiguity.
    fn take_settled(&mut self, knots: &[Knot]) {
        let settled: BTreeMap<&Port, &Offer> = knots.iter().flat_map(|knot| &knot.settled).collect();
        for (port, chosen) in self.ports.iter_mut().filter(|_| !settled.is_empty()) {
            if let Some(offer) = settled.get(port) {
                *chosen = Chosen::Offer((*offer).clone());
            }
        }
    }

    /// Whether the user chose the provider of an import.
    pub(super) fn is_by_user(&self, port: &Port) -> bool {
        self.by_user.contains(port)
    }
}

/// Chooses the provider of each import of each instance.
pub(super) fn choose(set: &mut Set<'_>, run: &mut Run) -> Choices {
    let mut fixed = Fixed::default();
    chosen_by_chains(set, &mut fixed, run);
    chosen_by_user(set, &mut fixed, run);
    let by_user = fixed.ports.keys().cloned().collect();
    let mut choices = Choices { ports: Vec::new(), unclear: fixed.unclear, by_user };
    let mut unclear = Unclear::default();
    let mut ambiguous: Vec<Ambiguity> = Vec::new();
    for id in set.ids() {
        let names: Vec<String> = set.surface(id).imports.keys().cloned().collect();
        let mut chosen: BTreeMap<String, Chosen> = BTreeMap::new();
        for name in names {
            let port = Port { instance: id, name };
            let choice = match fixed.ports.remove(&port) {
                Some(choice) => choice,
                None => match member(set.surface(id), &port.name, &chosen) {
                    Some(choice) => choice,
                    None => {
                        let candidates = set.candidates(&port);
                        if candidates.len() > 1 {
                            unclear.note(id, candidates);
                            // Between instances of a wrong choice, it was to decide.
                            if !candidates.iter().all(|offer| choices.unclear.contains(&offer.instance)) {
                                ambiguous.push(Ambiguity::of(&port, candidates));
                            }
                        }
                        match candidates.iter().next() {
                            Some(offer) => Chosen::Offer(offer.clone()),
                            // That nobody provides it would follow from the choice that is wrong.
                            None if fixed.meant.contains(&port) => Chosen::Nobody,
                            None => Chosen::Host(None),
                        }
                    }
                },
            };
            chosen.insert(port.name.clone(), choice.clone());
            choices.ports.push((port, choice));
        }
    }
    choices.unclear.extend(unclear.instances);
    let knots = knots(set, &choices, &ambiguous);
    choices.take_settled(&knots);
    let taken = taken_surely(set, &choices, &ambiguous);
    report_ambiguous(set, ambiguous, &knots, &taken, run);
    choices
}

/// Reports what chains and wires name that is not there, and nothing else: with a composition that names instances which are
/// not there either, all else would follow from that.
pub(super) fn report_unknown(set: &mut Set<'_>, run: &mut Run) {
    let mut fixed = Fixed::default();
    chosen_by_chains(set, &mut fixed, run);
    chosen_by_user(set, &mut fixed, run);
}

/// The instances that something takes whatever is chosen for ambiguous imports.
fn taken_surely(set: &Set<'_>, choices: &Choices, ambiguous: &[Ambiguity]) -> BTreeSet<InstanceId> {
    let ambiguous: BTreeSet<&Port> = ambiguous.iter().map(|ambiguity| &ambiguity.port).collect();
    let sure = choices.ports.iter().filter(|(port, _)| !ambiguous.contains(port));
    let offers = sure.filter_map(|(_, chosen)| match chosen {
        Chosen::Offer(offer) => Some(offer.instance),
        Chosen::Member { .. } | Chosen::Host(_) | Chosen::Nobody => None,
    });
    let named = set.composition.exports.iter().flatten().chain(&set.composition.exposed);
    let named = named.map(|choice| &choice.instance).chain(&set.composition.root);
    offers.chain(named.filter_map(|name| set.find(name.as_str()))).collect()
}

/// What is told as one: an instance, the first that could provide some of its imports, and how many could.
type Told = (InstanceId, Vec<InstanceId>, usize);

/// The imports of one instance that the same others could provide are told as one.
fn report_ambiguous(
    set: &mut Set<'_>,
    ambiguous: Vec<Ambiguity>,
    knots: &[Knot],
    taken: &BTreeSet<InstanceId>,
    run: &mut Run,
) {
    let by_port = knots.iter().flat_map(|knot| knot.ports.iter().map(move |port| (port, knot)));
    let by_port: BTreeMap<&Port, &Knot> = by_port.collect();
    let mut together: BTreeMap<Told, Vec<(Ambiguity, &Knot)>> = BTreeMap::new();
    for import in ambiguous {
        let Some(knot) = by_port.get(&import.port).filter(|knot| !knot.is_told_elsewhere(&import.port))
        else {
            continue;
        };
        let providers = import.offers.iter().map(|offer| offer.instance).collect();
        together.entry((import.port.instance, providers, import.count)).or_default().push((import, knot));
    }
    let are_chains_enough = knots.iter().all(|knot| knot.chain.is_some());
    for ((user, ..), imports) in &together {
        AmbiguousProviders { user: *user, imports, are_chains_enough, taken }.report(set, run);
    }
}

/// The instances that could provide an import which others could provide as well.
#[derive(Debug, Default)]
struct Unclear {
    instances: BTreeSet<InstanceId>,
    /// By list of candidates: the one instance that needs one of them, which is not among its own; `None` if there are several.
    users: BTreeMap<usize, Option<InstanceId>>,
}

impl Unclear {
    /// Takes each list at most twice, however many instances need one of it.
    fn note(&mut self, user: InstanceId, candidates: Candidates<'_>) {
        let known = self.users.get(&candidates.list).copied();
        match known {
            Some(first) if first.is_none_or(|first| first == user) => return,
            Some(_) => self.users.insert(candidates.list, None),
            None => self.users.insert(candidates.list, Some(user)),
        };
        self.instances.extend(candidates.iter().map(|offer| offer.instance));
    }
}

/// For a type that another import of the instance names, the choice made for that one.
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
        Chosen::Host(_) => Some(Chosen::Host(None)),
        Chosen::Nobody => Some(Chosen::Nobody),
    }
}

/// For an imported type that is nothing but the name of another imported type: where that one is.
pub(super) fn used_from<'s>(surface: &'s Surface, item: &Item) -> Option<&'s ItemPath> {
    alias_of(surface, item).filter(|path| path.side == Side::Import)
}

/// For a type that is nothing but the name of another type with a name: where that one is.
pub(super) fn alias_of<'s>(surface: &'s Surface, item: &Item) -> Option<&'s ItemPath> {
    let ItemKind::Type(id) = item.kind else { return None };
    let Definition::Alias(of) = surface.types.get(id) else { return None };
    surface.types.name(*of)
}

/// The choices of the user.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    pub(super) ports: BTreeMap<Port, Chosen>,
    /// Where the chain is written that chose the provider of an import.
    pub(super) chained: BTreeMap<Port, Span>,
    /// The instances that were to provide something, in choices that name what is not there.
    pub(super) unclear: BTreeSet<InstanceId>,
    /// The imports that such choices likely are about.
    meant: BTreeSet<Port>,
}

fn chosen_by_user(set: &mut Set<'_>, fixed: &mut Fixed, run: &mut Run) {
    let mut spellings: BTreeMap<Port, &Spanned<String>> = BTreeMap::new();
    let composition = set.composition;
    for wire in &composition.wires {
        let Some(id) = set.find(wire.user.as_str()) else { continue };
        let provider = match &wire.provider {
            Choice::Host { .. } => None,
            Choice::Instance { instance, .. } => set.find(instance.as_str()),
        };
        let Some(name) = find_import(set, id, wire.import.as_str()) else {
            run.diagnostics.report(UnknownImport::of(set, id, &wire.import));
            fixed.unclear.extend(provider);
            let meant = nearest(&set.surface(id).imports, wire.import.as_str());
            fixed.meant.extend(meant.map(|name| Port { instance: id, name: name.clone() }));
            continue;
        };
        let port = Port { instance: id, name };
        if let Some(first) = spellings.get(&port) {
            report_repeated(set, &port, [first, &wire.import], run);
            fixed.unclear.extend(provider);
            continue;
        }
        spellings.insert(port.clone(), &wire.import);
        let chosen = match (&wire.provider, provider) {
            (Choice::Host { import, .. }, _) => {
                Chosen::Host(import.as_ref().map(|name| usable(set, &port, name, run)))
            }
            (Choice::Instance { export, .. }, Some(provider)) => {
                let found = match export {
                    Some(export) => find_export(set, provider, export.as_str()),
                    None => matching_export(set, &port, provider),
                };
                if found.is_none() {
                    run.diagnostics.report(UnknownExport::of_wire(set, provider, wire));
                    fixed.unclear.insert(provider);
                }
                let offer = found.map(|export| Offer { instance: provider, export });
                match (offer, export) {
                    (Some(offer), Some(export))
                        if !is_decided(export, &offer) && are_on_two_tracks(set, &port, &offer) =>
                    {
                        let place = export.span;
                        AcrossTracks { port: &port, offer: &offer, place, is_layer: false }.report(set, run);
                        fixed.unclear.insert(provider);
                        Chosen::Nobody
                    }
                    (Some(offer), _) => Chosen::Offer(offer),
                    (None, _) => Chosen::Nobody,
                }
            }
            (Choice::Instance { .. }, None) => continue,
        };
        if let Some(chain) = fixed.chained.get(&port).filter(|_| fixed.ports.get(&port) != Some(&chosen)) {
            let user = set.name(id);
            run.diagnostics.report(OverriddenChain { user, wire, chain: *chain });
        }
        fixed.ports.insert(port, chosen);
    }
}

/// Whether a user who names an export names its version: where it has none, its very name.
fn is_decided(export: &Spanned<String>, offer: &Offer) -> bool {
    export.as_str().contains('@') || *export.as_str() == offer.export
}

/// The name that the user chose for an import; one that it cannot have is reported.
fn usable(set: &Set<'_>, port: &Port, name: &Spanned<String>, run: &mut Run) -> String {
    if let Some(item) = set.item(port.instance, Side::Import, &port.name) {
        check_name(name, &port.name, item, run);
    }
    name.value.clone()
}

/// Reports a name that was chosen for an item of the whole, which cannot have it.
pub(super) fn check_name(name: &Spanned<String>, own: &str, item: &Item, run: &mut Run) {
    let sort = item.kind.sort();
    if name.as_str() != own && !is_extern_name(name.as_str(), sort) {
        run.diagnostics.report(UnusableName { name, sort });
    }
}

pub(super) fn report_repeated(set: &Set<'_>, port: &Port, choices: [&Spanned<String>; 2], run: &mut Run) {
    let (user, import) = (set.name(port.instance), port.name.as_str());
    run.diagnostics.report(RepeatedChoice { user, import, choices });
}

/// The import that a user's text means: the exact name, else the one interface without its version, or on its track.
pub(super) fn find_import(set: &Set<'_>, id: InstanceId, text: &str) -> Option<String> {
    find(&set.surface(id).imports, text)
}

pub(super) fn find_export(set: &Set<'_>, id: InstanceId, text: &str) -> Option<String> {
    find(&set.surface(id).exports, text)
}

/// The last wire that the user wrote for one of these imports, each of another instance.
pub(super) fn wire_of<'s>(set: &Set<'s>, ports: &[Port]) -> Option<&'s WireChoice> {
    let by_user: BTreeMap<&str, &Port> = ports.iter().map(|port| (set.name(port.instance), port)).collect();
    set.composition.wires.iter().rfind(|wire| {
        by_user.get(wire.user.as_str()).is_some_and(|port| {
            find_import(set, port.instance, wire.import.as_str()).as_ref() == Some(&port.name)
        })
    })
}

/// The name of the item that a user's text means.
pub(super) fn find(items: &Items, text: &str) -> Option<String> {
    let mut found = find_all(items, text);
    found.next().filter(|_| found.next().is_none()).cloned()
}

/// The names of all items that a user's text can mean: the exact one, else those of the interface without its version, or
/// on its track.
pub(super) fn find_all<'i>(items: &'i Items, text: &'i str) -> impl Iterator<Item = &'i String> {
    let exact = items.get_key_value(text).map(|(name, _)| name);
    let others = items.iter().filter(move |_| exact.is_none());
    let means = move |(name, item): &(&String, &Item)| {
        item.implements.is_none()
            && item.interface(name).is_some_and(|interface| {
                interface.path() == text || interface.on_track() == text || item.full_name(name) == text
            })
    };
    exact.into_iter().chain(others.filter(means).map(|(name, _)| name))
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
