//! Near misses: for an import that stays open or a component that is not used, what almost fits, and why it does not.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::{Choices, Chosen};
use super::compare::{Operand, compare};
use super::inside::{KeptInside, kept_inside};
use super::offers::Offer;
use super::set::Set;
use super::{InstanceId, Port};
use crate::diag::quoted;
use crate::model::{InterfaceName, Item, ItemKind, ItemPath, LinkName, Side, Track};

/// How alike two names are: 0 not at all, 1 equal.
fn likeness(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}

/// How many near misses are told of one thing: the best ones.
pub(super) const MOST: usize = 3;

/// An export that almost meets an import; the smaller, the nearer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Miss {
    nearness: Nearness,
    /// How far apart the versions are.
    distance: u64,
    /// Why it does not meet it.
    pub(super) text: String,
    /// The export, if nothing but a choice of the user is missing.
    pub(super) choice: Option<Offer>,
}

/// An import that almost takes an export of an instance which nobody uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Unused {
    pub(super) miss: Miss,
    /// The import.
    pub(super) port: Port,
}

impl Miss {
    /// Whether nothing is wrong with the export, but that another one is taken.
    pub(super) fn is_outdone(&self) -> bool {
        self.nearness == Nearness::Outdone
    }
}

/// What is missing, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// Nothing: another one was taken.
    Outdone,
    /// Only that the user says so.
    Choice,
    /// That another composition lets it out.
    Inside,
    /// Another version in the name: the types fit.
    Version,
    /// Another name: the types fit.
    Name,
    /// The name means the same interface, and the types do not fit.
    Types,
    /// The names are almost the same.
    Spelling,
}

/// Why no export of the set meets an open import: the closest ones, best first.
pub(super) fn why_open(set: &Set<'_>, port: &Port) -> Vec<Miss> {
    let Some(item) = set.item(port.instance, Side::Import, &port.name) else { return Vec::new() };
    if !set.has_patience() {
        return Vec::new();
    }
    let mut found: Vec<Miss> = set
        .all_offers()
        .filter(|(_, offer)| offer.instance != port.instance)
        .filter_map(|(name, offer)| reason(set, port, item, name, offer))
        .chain(set.ids().filter_map(|id| inside(set, port, item, id)))
        .collect();
    found.sort();
    found.truncate(MOST);
    found
}

/// Why nobody takes the exports of an instance: the closest imports, best first.
pub(super) fn why_unused(set: &Set<'_>, id: InstanceId, choices: &Choices) -> Vec<Unused> {
    let mut found = Vec::new();
    for (export, item) in &set.surface(id).exports {
        let (name, offer) = (item.link_name(export), Offer { instance: id, export: export.clone() });
        for user in set.ids().filter(|user| *user != id && set.has_patience()) {
            for (import, wanted) in &set.surface(user).imports {
                let port = Port { instance: user, name: import.clone() };
                let miss = match wanted.link_name(import) == name {
                    true => outdone(set, &port, wanted, &offer, choices),
                    false => reason(set, &port, wanted, &name, &offer),
                };
                found.extend(miss.map(|miss| Unused { miss, port }));
            }
        }
    }
    found.sort();
    found.dedup();
    found.truncate(MOST);
    found
}

/// Why somebody does not take an export that is as good as any by its name: another one is taken.
fn outdone(set: &Set<'_>, port: &Port, wanted: &Item, offer: &Offer, choices: &Choices) -> Option<Miss> {
    set.take_a_look().then_some(())?;
    let taken = match choices.of(port)? {
        Chosen::Offer(taken) if taken.instance == offer.instance => return None,
        Chosen::Offer(taken) => quoted(set.name(taken.instance)),
        Chosen::Host(_) => "the host".to_owned(),
        Chosen::Member { .. } | Chosen::Nobody => return None,
    };
    let found = set.item(offer.instance, Side::Export, &offer.export)?;
    let (user, provider) = (quoted(set.name(port.instance)), quoted(set.name(offer.instance)));
    let import = quoted(&wanted.full_name(&port.name));
    let is_chosen = choices.is_by_user(port);
    let text = match is_chosen {
        true => format!("{user} takes {import} from {taken}, as is chosen, and not from {provider}"),
        false => format!(
            "{user} takes {import} from {taken}, which has this very version: {provider} has {}",
            quoted(&found.full_name(&offer.export))
        ),
    };
    let fits = !is_chosen && has_types(set, port, wanted, offer, found);
    Some(Miss { nearness: Nearness::Outdone, distance: 0, text, choice: fits.then(|| offer.clone()) })
}

/// The imports that are met by an export of their very version, by what their name means.
pub(super) struct MetExactly(BTreeMap<LinkName, Vec<(InstanceId, String)>>);

/// Finds those of them that nobody chose.
pub(super) fn met_exactly(set: &Set<'_>, choices: &Choices) -> MetExactly {
    let mut met: BTreeMap<LinkName, Vec<(InstanceId, String)>> = BTreeMap::new();
    for (port, chosen) in &choices.ports {
        let item = set.item(port.instance, Side::Import, &port.name);
        if let (Chosen::Offer(_), Some(item), false) = (chosen, item, choices.is_by_user(port)) {
            let users = met.entry(item.link_name(&port.name)).or_default();
            users.push((port.instance, item.full_name(&port.name)));
        }
    }
    MetExactly(met)
}

impl MetExactly {
    /// Whether an instance has another version of one of them: it was outdone.
    pub(super) fn leaves_out(&self, set: &Set<'_>, id: InstanceId) -> bool {
        set.surface(id).exports.iter().any(|(export, item)| {
            let users = self.0.get(&item.link_name(export)).into_iter().flatten();
            let full_name = item.full_name(export);
            users.into_iter().any(|(user, wanted)| *user != id && *wanted != full_name)
        })
    }
}

/// Whether an instance almost provides one of the imports that stay open.
pub(super) fn almost_provides(set: &Set<'_>, id: InstanceId, open: &BTreeSet<&Port>) -> bool {
    set.surface(id).exports.iter().any(|(export, item)| {
        let (name, offer) = (item.link_name(export), Offer { instance: id, export: export.clone() });
        open.iter().take_while(|_| set.has_patience()).filter(|port| port.instance != id).any(|port| {
            let wanted = set.item(port.instance, Side::Import, &port.name);
            wanted.is_some_and(|wanted| reason(set, port, wanted, &name, &offer).is_some())
        })
    })
}

/// The one reason why an export does not meet an import.
fn reason(set: &Set<'_>, port: &Port, wanted: &Item, name: &LinkName, offer: &Offer) -> Option<Miss> {
    if !set.take_a_look() {
        return None;
    }
    let meaning = wanted.link_name(&port.name);
    let found = set.item(offer.instance, Side::Export, &offer.export)?;
    let is_same = meaning.interface.is_some() && meaning.interface == name.interface;
    let is_alike = !is_same && is_spelled_alike((&meaning, &port.name, wanted), (name, &offer.export, found));
    let is_shaped_alike = has_shape(wanted, found);
    // What fits by name is wired, or a mismatch of its own; and most pairs have nothing in common.
    if meaning == *name || !(is_same || is_alike || is_shaped_alike) {
        return None;
    }
    let (user, provider) = (quoted(set.name(port.instance)), quoted(set.name(offer.instance)));
    let (import, export) = (quoted(&wanted.full_name(&port.name)), quoted(&offer.export));
    let distance = distance(&wanted.interface(&port.name), &found.interface(&offer.export));
    let miss = |nearness, text, can_be_chosen: bool| Miss {
        nearness,
        distance,
        text,
        choice: can_be_chosen.then(|| offer.clone()),
    };
    match (&meaning.interface, &name.interface) {
        (Some(ours), Some(theirs)) if ours == theirs => {
            let has_types = has_types(set, port, wanted, offer, found);
            Some(if meaning.label == name.label {
                let text = other_track(&meaning.track, &name.track, &provider, &export, &user, &import);
                match has_types {
                    true => miss(Nearness::Version, text, false),
                    false => miss(Nearness::Types, format!("{text}; the types differ as well"), false),
                }
            } else {
                let (theirs, ours) = (labelled(name, &offer.export), labelled(&meaning, &port.name));
                let text = format!(
                    "{provider} exports {theirs}, {user} imports {ours}: a label is chosen, never guessed"
                );
                let fits = has_types && meaning.track == name.track;
                miss(if fits { Nearness::Choice } else { Nearness::Types }, text, fits)
            })
        }
        _ if is_shaped_alike && has_types(set, port, wanted, offer, found) => Some(miss(
            Nearness::Name,
            format!("{provider} exports {export}, which has the same shape as {import} under another name"),
            true,
        )),
        _ if is_alike => {
            let text = format!("{provider} exports {export}, which is named almost like {import}");
            Some(miss(Nearness::Spelling, text, false))
        }
        _ => None,
    }
}

/// How far apart two versions are: a prerelease is next to its release.
fn distance(ours: &Option<InterfaceName>, theirs: &Option<InterfaceName>) -> u64 {
    let version = |name: &Option<InterfaceName>| name.as_ref().and_then(|name| name.version.clone());
    match (version(ours), version(theirs)) {
        (Some(ours), Some(theirs)) if ours.major != theirs.major => 1_000 + ours.major.abs_diff(theirs.major),
        (Some(ours), Some(theirs)) => ours.minor.abs_diff(theirs.minor).min(999),
        (Some(_), None) | (None, Some(_)) => u64::MAX,
        (None, None) => 0,
    }
}

/// That an instance has what an import asks for inside, and keeps it to itself.
fn inside(set: &Set<'_>, port: &Port, wanted: &Item, id: InstanceId) -> Option<Miss> {
    if id == port.instance || !set.take_a_look() {
        return None;
    }
    let KeptInside { instance, interface } = kept_inside(set, id, &wanted.full_name(&port.name))?;
    let (holder, part) = (quoted(set.name(id)), quoted(&instance));
    let text = format!(
        "{part} inside of {holder} exports {}, and {holder} does not: `expose` it where {holder} is linked",
        quoted(&interface)
    );
    Some(Miss { nearness: Nearness::Inside, distance: 0, text, choice: None })
}

/// Whether the names of two items are almost the same: of interfaces, or of other items of one sort.
fn is_spelled_alike(
    (meaning, import, wanted): (&LinkName, &str, &Item),
    (name, export, found): (&LinkName, &str, &Item),
) -> bool {
    match (&meaning.interface, &name.interface) {
        (Some(ours), Some(theirs)) => likeness(ours, theirs) > 0.93,
        (None, None) => found.kind.sort() == wanted.kind.sort() && likeness(import, export) > 0.85,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// An interface with its label, or without one.
fn labelled(name: &LinkName, extern_name: &str) -> String {
    match (&name.label, &name.interface) {
        (Some(label), Some(interface)) => format!("{} as {}", quoted(interface), quoted(label)),
        _ => quoted(extern_name),
    }
}

fn other_track(
    ours: &Track,
    theirs: &Track,
    provider: &str,
    export: &str,
    user: &str,
    import: &str,
) -> String {
    let why = match (ours, theirs) {
        (Track::Exact(version), _) | (_, Track::Exact(version)) if version.pre.is_empty() => {
            "a version 0.0.z matches only itself"
        }
        (Track::Exact(_), _) | (_, Track::Exact(_)) => "a prerelease matches only itself",
        (Track::Unversioned, _) | (_, Track::Unversioned) => {
            "a name with a version and one without never match"
        }
        _ => "they are on different tracks",
    };
    format!("{provider} exports {export}, {user} imports {import}: {why}")
}

/// Whether two items are instances with as many members; one without functions has no shape.
fn has_shape(wanted: &Item, found: &Item) -> bool {
    let (ItemKind::Instance(ours), ItemKind::Instance(theirs)) = (&wanted.kind, &found.kind) else {
        return false;
    };
    let has_function = ours.exports.values().any(|item| matches!(item.kind, ItemKind::Function(_)));
    has_function && ours.exports.len() == theirs.exports.len()
}

/// Whether an export has all that an import asks for.
fn has_types(set: &Set<'_>, port: &Port, wanted: &Item, offer: &Offer, found: &Item) -> bool {
    let comparison = compare(
        Operand { surface: set.surface(port.instance), item: wanted },
        ItemPath::item(Side::Import, &port.name),
        Operand { surface: set.surface(offer.instance), item: found },
        ItemPath::item(Side::Export, &offer.export),
    );
    comparison.mismatches.is_empty()
}
