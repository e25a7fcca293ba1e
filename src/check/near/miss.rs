//! One export beside one import that it does not meet: the one reason why, in words.
//!
//! Differs from `mod.rs`, which goes through the pairs of a set and keeps the nearest.

use crate::check::compare::{Operand, compare};
use crate::check::diagnostics::{item_name, missing, path_text, sides};
use crate::check::offers::Offer;
use crate::check::set::Set;
use crate::check::{Difference, InstanceId, Mismatch, Port};
use crate::diag::{list, quoted};
use crate::model::{
    FunctionType, InstanceType, InterfaceName, Item, ItemKind, ItemPath, LinkName, Side, Track,
};

/// An export that almost meets an import.
#[derive(Clone, Debug)]
pub(in crate::check) struct Miss {
    nearness: Nearness,
    /// How far apart the versions are.
    distance: u64,
    /// Why it does not meet it.
    pub(in crate::check) text: String,
    /// The export, if nothing but a choice of the user is missing.
    pub(in crate::check) choice: Option<Offer>,
    /// What to do, where it is more than to choose.
    pub(in crate::check) advice: Option<String>,
    /// The first piece that differs, if the types do not fit.
    pub(in crate::check) differs: Option<Differing>,
}

/// A piece of an export of an instance that differs from what an import asks for.
#[derive(Clone, Debug)]
pub(in crate::check) struct Differing {
    /// Whose export it is.
    pub(in crate::check) provider: InstanceId,
    pub(in crate::check) mismatch: Mismatch,
}

impl Miss {
    /// A reason that lies in no piece of the types.
    fn of(nearness: Nearness, text: String) -> Self {
        Self { nearness, distance: 0, text, choice: None, advice: None, differs: None }
    }

    /// Nothing is wrong with the export, but that another one is taken; it may be chosen instead if it fits.
    pub(super) fn outdone(text: String, choice: Option<Offer>) -> Self {
        Self { choice, ..Self::of(Nearness::Outdone, text) }
    }

    /// Another composition would have to let it out.
    pub(super) fn inside(text: String) -> Self {
        Self::of(Nearness::Inside, text)
    }

    /// Whether nothing is wrong with the export, but that another one is taken.
    pub(in crate::check) fn is_outdone(&self) -> bool {
        self.nearness == Nearness::Outdone
    }

    /// The smaller, the nearer; the same whatever the order of the instances.
    pub(super) fn rank(&self) -> (impl Ord + use<>, u64, &str) {
        (self.nearness, self.distance, &self.text)
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
    /// The types would fit, if one of them were not `async`.
    Async,
    /// The name means the same interface, or has the same label, and the types do not fit.
    Types,
    /// The names are almost the same.
    Spelling,
}

/// An import, and an export of another instance.
pub(in crate::check) struct Pair<'p> {
    pub(in crate::check) set: &'p Set<'p>,
    pub(in crate::check) port: &'p Port,
    pub(in crate::check) wanted: &'p Item,
    pub(in crate::check) offer: &'p Offer,
    pub(in crate::check) found: &'p Item,
}

/// What the names of an import and an export have in common, the most first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// All but the track.
    Track,
    /// The interface, and not the label.
    Interface,
    /// The label, and not the interface.
    Label,
    /// Nothing, but each has all that the other one asks for, by name.
    Shape,
    /// Most letters.
    Spelling,
}

impl Pair<'_> {
    /// The one reason why the export does not meet the import; `None` if it does by its name, or if the two have nothing in
    /// common.
    pub(super) fn reason(&self, name: &LinkName) -> Option<Miss> {
        let meaning = self.wanted.link_name(&self.port.name);
        let relation = self.relation(&meaning, name)?;
        let misfit = self.misfit();
        let is_async_only = misfit.as_ref().is_some_and(|it| it.nearness == Nearness::Async);
        // Of those that only look alike, most have little to do with each other.
        let relation = match relation {
            Relation::Shape if misfit.is_none() || is_async_only => relation,
            Relation::Shape if self.is_spelled_alike(&meaning, name) => Relation::Spelling,
            Relation::Shape => return None,
            Relation::Track | Relation::Interface | Relation::Label | Relation::Spelling => relation,
        };
        let nearness = match (relation, &misfit) {
            (Relation::Spelling, _) => Nearness::Spelling,
            (_, Some(misfit)) => misfit.nearness,
            (Relation::Track, None) => Nearness::Version,
            (Relation::Interface, None) if meaning.track != name.track => Nearness::Version,
            (Relation::Interface, None) => Nearness::Choice,
            (Relation::Label | Relation::Shape, None) => Nearness::Name,
        };
        let lead = self.lead(relation, &meaning.track, &name.track);
        let can_be_chosen = matches!(nearness, Nearness::Choice | Nearness::Name);
        Some(Miss {
            nearness,
            distance: distance(
                &self.wanted.interface(&self.port.name),
                &self.found.interface(&self.offer.export),
            ),
            text: misfit
                .as_ref()
                .map_or_else(|| lead.clone(), |misfit| format!("{lead}, and {}", misfit.words)),
            advice: (relation == Relation::Track).then(|| self.advice()),
            choice: can_be_chosen.then(|| self.offer.clone()),
            differs: misfit.map(|misfit| Differing { provider: self.offer.instance, mismatch: misfit.first }),
        })
    }

    fn relation(&self, meaning: &LinkName, name: &LinkName) -> Option<Relation> {
        // What fits by name is wired, or a mismatch of its own.
        if meaning == name {
            return None;
        }
        let is_same_interface = meaning.interface.is_some() && meaning.interface == name.interface;
        match meaning.label == name.label {
            true if is_same_interface => Some(Relation::Track),
            false if is_same_interface => Some(Relation::Interface),
            true if meaning.label.is_some() => Some(Relation::Label),
            _ if has_shape(&self.wanted.kind, &self.found.kind) => Some(Relation::Shape),
            _ => self.is_spelled_alike(meaning, name).then_some(Relation::Spelling),
        }
    }

    /// What the two are called, and what keeps them apart by name.
    fn lead(&self, relation: Relation, ours: &Track, theirs: &Track) -> String {
        let (user, provider) = (self.name(self.port.instance), self.name(self.offer.instance));
        let (import, export) = (self.import(), self.export());
        let (as_ours, as_theirs) =
            (labelled(self.wanted, &self.port.name), labelled(self.found, &self.offer.export));
        match relation {
            Relation::Track => {
                format!(
                    "{provider} exports {as_theirs}, {user} imports {as_ours}: {}",
                    other_track(ours, theirs)
                )
            }
            Relation::Interface => {
                let also = if ours == theirs { "" } else { other_track(ours, theirs) };
                let comma = if also.is_empty() { "" } else { ", and " };
                format!(
                    "{provider} exports {as_theirs}, {user} imports {as_ours}: \
                     a label is chosen, never guessed{comma}{also}"
                )
            }
            Relation::Label => format!(
                "{provider} exports {as_theirs}, {user} imports {as_ours}: one label that means different things"
            ),
            Relation::Shape => {
                let what = if self.offers_more() { "all of" } else { "the same shape as" };
                format!("{provider} exports {export}, which has {what} {import} under another name")
            }
            Relation::Spelling => {
                format!("{provider} exports {export}, which is named almost like {import}")
            }
        }
    }

    /// What brings the two to one version.
    fn advice(&self) -> String {
        let (user, provider) = (self.name(self.port.instance), self.name(self.offer.instance));
        format!(
            "use a build of {provider} that has {}, or build {user} against {}",
            self.import(),
            self.export()
        )
    }

    /// Whether the export has members that the import does not ask for.
    fn offers_more(&self) -> bool {
        let (ItemKind::Instance(ours), ItemKind::Instance(theirs)) = (&self.wanted.kind, &self.found.kind)
        else {
            return false;
        };
        ours.exports.len() < theirs.exports.len()
    }

    fn name(&self, id: InstanceId) -> String {
        quoted(self.set.name(id))
    }

    fn import(&self) -> String {
        quoted(&self.wanted.full_name(&self.port.name))
    }

    fn export(&self) -> String {
        quoted(&self.found.full_name(&self.offer.export))
    }

    /// Whether the export has all that the import asks for.
    pub(in crate::check) fn fits(&self) -> bool {
        self.mismatches().is_empty()
    }

    fn mismatches(&self) -> Vec<Mismatch> {
        let comparison = compare(
            Operand { surface: self.set.surface(self.port.instance), item: self.wanted },
            ItemPath::item(Side::Import, &self.port.name),
            Operand { surface: self.set.surface(self.offer.instance), item: self.found },
            ItemPath::item(Side::Export, &self.offer.export),
        );
        comparison.mismatches
    }

    /// Why the types do not fit; `None` if they do.
    fn misfit(&self) -> Option<Misfit> {
        let mismatches = self.mismatches();
        let is_missing = |it: &&Mismatch| matches!(it.difference, Difference::Missing { .. });
        let is_async = |it: &&Mismatch| matches!(it.difference, Difference::Async { .. });
        let (lacking, others): (Vec<&Mismatch>, Vec<&Mismatch>) = mismatches.iter().partition(is_missing);
        let provider = self.name(self.offer.instance);
        let (nearness, words) = match (lacking.as_slice(), others.as_slice()) {
            ([], []) => return None,
            ([], others) if others.iter().all(is_async) => (Nearness::Async, only_async(others)),
            (lacking @ [_, ..], _) => {
                (Nearness::Types, format!("{provider} lacks {}", list(&missing(lacking))))
            }
            ([], [first, rest @ ..]) => (Nearness::Types, self.differs(first, rest.len())),
        };
        let first = lacking.first().or(others.first())?;
        Some(Misfit { nearness, words, first: (*first).clone() })
    }

    fn differs(&self, first: &Mismatch, more: usize) -> String {
        let (user, provider) = (self.name(self.port.instance), self.name(self.offer.instance));
        let (expected, found) = sides(&first.difference);
        let at = match path_text(&first.path) {
            piece if piece.is_empty() => piece,
            piece => format!("at {piece} "),
        };
        let more = match more {
            0 => String::new(),
            1 => ", and one more piece differs".to_owned(),
            more => format!(", and {more} more pieces differ"),
        };
        format!("{at}{user} {expected}, {provider} {found}{more}")
    }

    /// Whether the names are almost the same: of interfaces, or of other items of one sort.
    fn is_spelled_alike(&self, meaning: &LinkName, name: &LinkName) -> bool {
        match (&meaning.interface, &name.interface) {
            (Some(ours), Some(theirs)) => likeness(ours, theirs) > 0.93 && parts_are_alike(ours, theirs),
            (None, None) => {
                self.found.kind.sort() == self.wanted.kind.sort()
                    && likeness(&self.port.name, &self.offer.export) > 0.85
            }
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// Why the types do not fit.
struct Misfit {
    nearness: Nearness,
    /// The end of a sentence.
    words: String,
    first: Mismatch,
}

fn only_async(mismatches: &[&Mismatch]) -> String {
    let functions = mismatches.iter().filter(|it| it.path.steps.len() > 1);
    let names: Vec<String> = functions.filter_map(|it| it.path.last_name()).map(item_name).collect();
    match names.as_slice() {
        [] => "only one of them is `async`".to_owned(),
        [_] => format!("{} is `async` in only one of them", list(&names)),
        _ => format!("{} are `async` in only one of them", list(&names)),
    }
}

/// Whether the namespaces, packages and interfaces of two names are alike, each with the other: what is long and equal
/// hides what is not.
fn parts_are_alike(a: &str, b: &str) -> bool {
    let parts = |name: &str| name.split([':', '/']).map(str::to_owned).collect::<Vec<String>>();
    let (a, b) = (parts(a), parts(b));
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| likeness(a, b) > 0.8)
}

/// How alike two names are: 0 not at all, 1 equal.
fn likeness(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
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

/// What an item is called: an interface, with its label if it has one, or what a plain name stands for.
fn labelled(item: &Item, name: &str) -> String {
    match (&item.implements, item.interface(name), &item.kind) {
        (Some(_), Some(interface), _) => format!("{} as {}", quoted(&interface.to_string()), quoted(name)),
        (None, Some(_), _) => quoted(&item.full_name(name)),
        (_, None, ItemKind::Instance(_)) => format!("an interface without a name as {}", quoted(name)),
        (_, None, kind) => format!("a {} as {}", kind.noun(), quoted(name)),
    }
}

fn other_track(ours: &Track, theirs: &Track) -> &'static str {
    match (ours, theirs) {
        (Track::Exact(version), _) | (_, Track::Exact(version)) if version.pre.is_empty() => {
            "a version 0.0.z matches only itself"
        }
        (Track::Exact(_), _) | (_, Track::Exact(_)) => "a prerelease matches only itself",
        (Track::Unversioned, _) | (_, Track::Unversioned) => {
            "a name with a version and one without never match"
        }
        _ => "they are on different tracks",
    }
}

/// Whether an item has all the names that another one asks for; what has no names, or nothing to call, has no shape.
fn has_shape(wanted: &ItemKind, found: &ItemKind) -> bool {
    match (wanted, found) {
        (ItemKind::Instance(ours), ItemKind::Instance(theirs)) => {
            has_function(ours) && ours.exports.keys().all(|name| theirs.exports.contains_key(name))
        }
        (ItemKind::Function(ours), ItemKind::Function(theirs)) => {
            (!ours.parameters.is_empty() || ours.result.is_some()) && parameters(ours).eq(parameters(theirs))
        }
        _ => false,
    }
}

fn has_function(instance: &InstanceType) -> bool {
    instance.exports.values().any(|item| matches!(item.kind, ItemKind::Function(_)))
}

fn parameters(function: &FunctionType) -> impl Iterator<Item = &str> {
    function.parameters.iter().map(|(name, _)| name.as_str())
}
