//! What changed between two components, worlds or WIT packages, and whom each change breaks.
//!
//! Differs from `against.rs`, which asks whether one fits the other: here both directions are asked, and all is told.

mod pair;
mod piece;
mod version;

use semver::Version;

pub use self::version::{Bump, PackageStep};

use self::pair::{Unit, items, party, units};
use super::against::Party;
use super::choose::used_from;
use super::diagnostics::{ChangedGroups, IncomparableInputs, TooSmallStep};
use crate::diag::Run;
use crate::load::Inputs;
use crate::model::{InterfaceName, Item, ItemPath, Side, Surface};

/// All that changed from one thing to another.
#[derive(Clone, Debug)]
pub struct Changes {
    /// What the old one is called, untrusted.
    pub old: String,
    /// What the new one is called, untrusted.
    pub new: String,
    /// What changed, by interface and item; those in which nothing changed are not here.
    pub groups: Vec<ChangeGroup>,
    /// The step of version that all changes together ask for.
    pub bump: Bump,
    /// For each package that is there as a whole, or of which an interface is: whether its version takes the step that its
    /// changes need.
    pub steps: Vec<PackageStep>,
}

/// What is compared: it decides whom a change breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// An interface, which some implement and others call.
    Interface,
    /// A world, which components are built for and hosts carry out.
    World,
    /// A component, which is linked, run and called.
    Component,
}

/// The changes of one import, one export, or one interface of a package.
#[derive(Clone, Debug)]
pub struct ChangeGroup {
    /// What it is part of.
    pub role: Role,
    /// The name of the world or component, untrusted; nothing for an interface of a package.
    pub within: Option<String>,
    /// On which side of the world or component it is.
    pub side: Side,
    /// What it was called, if it was there.
    pub old: Option<String>,
    /// What it is called now, if it is still there.
    pub new: Option<String>,
    /// The package whose version speaks for it, with the versions of both.
    pub package: Option<(String, Option<Version>, Option<Version>)>,
    /// What changed; at least one.
    pub changes: Vec<Change>,
}

/// What becomes of one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another one.
    Changed,
}

/// Who is affected by a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Who calls what it offers.
    Callers,
    /// Who implements it: exports the interface, or is built for the world.
    Implementers,
    /// Who provides what it imports: hosts, and whoever links it.
    Hosts,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Change {
    /// What becomes of the piece.
    pub kind: ChangeKind,
    /// The piece within the group, in words; empty for the whole of it.
    pub piece: String,
    /// What was there, as WIT.
    pub before: Option<String>,
    /// What is there now, as WIT.
    pub after: Option<String>,
    /// Whom it breaks; nobody, where it is compatible.
    pub breaks: Vec<Audience>,
    /// What it probably is: another name for something that is there.
    pub hint: Option<String>,
    /// Where the piece is in the old one; where it is new: what it was added to.
    pub(super) old_at: Option<ItemPath>,
    /// Where the piece is in the new one; where it is gone: what it was taken from.
    pub(super) new_at: Option<ItemPath>,
}

impl ChangeGroup {
    /// What it is called: as it is now, or as it was.
    pub fn name(&self) -> &str {
        self.new.as_deref().or(self.old.as_deref()).unwrap_or_default()
    }

    /// Whether its package can be told from it. What a component imports of a package is what it uses of it, and no more.
    fn shows_its_package(&self) -> bool {
        (self.role, self.side) != (Role::Component, Side::Import)
    }

    /// Whether both are whole items that came, or went, on one side of one thing, and break the same people.
    fn is_like(&self, other: &Self) -> bool {
        let is_same = (self.side, &self.within, &self.package) == (other.side, &other.within, &other.package);
        self.within.is_some() && is_same && self.whole().is_some() && self.whole() == other.whole()
    }

    /// What became of it, and whom that breaks, where it came or went as a whole.
    fn whole(&self) -> Option<(ChangeKind, &[Audience])> {
        match self.changes.as_slice() {
            [change] if change.piece.is_empty() && change.kind != ChangeKind::Changed => {
                Some((change.kind, &change.breaks))
            }
            _ => None,
        }
    }
}

impl Audience {
    /// Who it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Callers => "who calls it",
            Self::Implementers => "who implements it",
            Self::Hosts => "who runs or links it",
        }
    }
}

/// Compares what `old` and `new` hold: two components, a component and a world, or the packages of both; of the worlds only
/// `world`, if it is named. Reports each change, and versions that promise more than holds.
pub fn diff(old: &mut Inputs, new: &mut Inputs, world: Option<&str>, run: &mut Run) -> Option<Changes> {
    let Some(units) = units(old, new, world) else {
        run.diagnostics.report(IncomparableInputs);
        return None;
    };
    let called = |inputs: &Inputs| {
        let packages = inputs.wit.iter().map(|package| package.name.clone());
        let names: Vec<String> = inputs.components.iter().map(|it| it.name.clone()).chain(packages).collect();
        names.join(", ")
    };
    let mut changes = Changes {
        old: called(old),
        new: called(new),
        groups: Vec::new(),
        bump: Bump::Nothing,
        steps: Vec::new(),
    };
    let mut found: Vec<(usize, ChangeGroup)> = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        let is_told = |name: &InterfaceName| units.iter().any(|other| other.is_interface(name));
        let groups = groups(unit, old, new, &is_told);
        found.extend(groups.into_iter().map(|group| (at, group)));
    }
    let groups: Vec<ChangeGroup> = found.iter().map(|(_, group)| group.clone()).collect();
    let announced = version::steps(&groups);
    changes.steps = version::steps(groups.iter().filter(|group| group.shows_its_package()));
    changes.bump = groups.iter().map(version::bump_of).max().unwrap_or(Bump::Nothing);
    // Imports and exports of one world that all are new, or all are gone, are told together.
    for together in found.chunk_by(|(one, first), (other, next)| one == other && first.is_like(next)) {
        let Some((at, first)) = together.first() else { continue };
        let unit = &units[*at];
        let mut sides = (party(old, unit.old), party(new, unit.new));
        let is_announced = announced.iter().any(|step| step.is_for(first) && step.fits());
        let groups: Vec<&ChangeGroup> = together.iter().map(|(_, group)| group).collect();
        ChangedGroups { groups: &groups, is_announced }.report(&mut sides, run);
    }
    for step in changes.steps.iter().filter(|step| step.taken().is_some() && !step.fits()) {
        let at = found.iter().find(|(_, group)| step.is_for(group));
        if let Some((at, group)) = at {
            let unit = &units[*at];
            let mut sides = (party(old, unit.old), party(new, unit.new));
            TooSmallStep { step, group }.report(&mut sides, run);
        }
    }
    changes.groups = groups;
    Some(changes)
}

/// What changed in one unit, a group for each of its items.
fn groups(
    unit: &Unit,
    old: &mut Inputs,
    new: &mut Inputs,
    is_told: &dyn Fn(&InterfaceName) -> bool,
) -> Vec<ChangeGroup> {
    let (before, after) = (party(old, unit.old), party(new, unit.new));
    let (Some(before), Some(after)) = (&before, &after) else { return unit.whole().into_iter().collect() };
    let (ours, theirs) = (before.surface(), after.surface());
    let sides: &[Side] = match unit.role {
        Role::Interface => &[Side::Export],
        Role::World | Role::Component => &[Side::Import, Side::Export],
    };
    let mut groups = Vec::new();
    for &side in sides {
        let counts = |surface: &Surface, (name, item): (&String, &Item)| {
            let is_told = unit.role != Role::Interface && item.interface(name).is_some_and(|it| is_told(&it));
            // What matters of a type that a world uses is the import that it comes from.
            !is_told && used_from(surface, item).is_none()
        };
        for (old_name, new_name) in items(ours.side(side), theirs.side(side)) {
            let old_item = old_name.and_then(|name| ours.side(side).get_key_value(name));
            let new_item = new_name.and_then(|name| theirs.side(side).get_key_value(name));
            let is_of_interest = old_item.is_some_and(|item| counts(ours, item))
                || new_item.is_some_and(|item| counts(theirs, item));
            if !is_of_interest {
                continue;
            }
            let pair = piece::Pair { role: unit.role, side, old: (ours, old_item), new: (theirs, new_item) };
            let changes = pair.changes();
            if !changes.is_empty() {
                groups.push(ChangeGroup {
                    role: unit.role,
                    within: (unit.role != Role::Interface).then(|| unit.name.clone()),
                    side,
                    old: old_item.map(|(name, item)| item.full_name(name)),
                    new: new_item.map(|(name, item)| item.full_name(name)),
                    package: unit.package_of(old_item, new_item),
                    changes,
                });
            }
        }
    }
    groups
}

/// The two sides of a unit while they are reported.
pub(super) type Sides<'i> = (Option<Party<'i>>, Option<Party<'i>>);
