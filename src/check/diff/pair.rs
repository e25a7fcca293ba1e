//! Which part of the old one is which part of the new one: by name, then on the same track, then whatever the version.
//!
//! Differs from `piece.rs`, which says what changed in a pair.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use semver::Version;

use super::{Audience, Change, ChangeGroup, ChangeKind, Role};
use crate::check::against::Party;
use crate::load::{Inputs, WitPackage};
use crate::model::{InterfaceName, Item, Items, Side};

/// Where something is among inputs.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Component(usize),
    World(usize, usize),
    Interface(usize, usize),
}

/// Two things that are one thing in two states, or one that is there on one side only.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) role: Role,
    /// Its name without a version.
    pub(super) name: String,
    pub(super) old: Option<Place>,
    pub(super) new: Option<Place>,
    /// The WIT package that it is of, with the versions of both sides.
    package: Option<(String, Option<Version>, Option<Version>)>,
}

impl Unit {
    /// Whether it is the interface of this name, in a WIT package.
    pub(super) fn is_interface(&self, name: &InterfaceName) -> bool {
        self.role == Role::Interface && self.name == name.path()
    }

    /// The package whose version speaks for an item.
    pub(super) fn package_of(
        &self,
        old: Option<(&String, &Item)>,
        new: Option<(&String, &Item)>,
    ) -> Option<(String, Option<Version>, Option<Version>)> {
        if self.package.is_some() {
            return self.package.clone();
        }
        let interface = |(name, item): (&String, &Item)| item.interface(name);
        let (old, new) = (interface(old?)?, interface(new?)?);
        Some((old.package, old.version, new.version))
    }

    /// The change of a unit that is there on one side only.
    pub(super) fn whole(&self) -> Option<ChangeGroup> {
        let kind = match (self.old, self.new) {
            (None, Some(_)) => ChangeKind::Added,
            (Some(_), None) => ChangeKind::Removed,
            _ => return None,
        };
        let noun = match self.role {
            Role::Interface => "interface",
            Role::World => "world",
            Role::Component => "component",
        };
        let breaks = match (kind, self.role) {
            (ChangeKind::Removed, Role::Interface) => vec![Audience::Callers, Audience::Implementers],
            (ChangeKind::Removed, Role::World | Role::Component) => {
                vec![Audience::Implementers, Audience::Hosts]
            }
            (ChangeKind::Added | ChangeKind::Changed, _) => Vec::new(),
        };
        let name = |place: Option<Place>| place.map(|_| self.name.clone());
        let text = |place: Option<Place>| place.map(|_| format!("{noun} {}", self.name));
        Some(ChangeGroup {
            role: self.role,
            within: None,
            side: Side::Export,
            old: name(self.old),
            new: name(self.new),
            package: self.package.clone(),
            changes: vec![Change {
                kind,
                piece: String::new(),
                before: text(self.old),
                after: text(self.new),
                breaks,
                hint: None,
                old_at: None,
                new_at: None,
            }],
        })
    }
}

/// What is at a place.
pub(super) fn party(inputs: &mut Inputs, place: Option<Place>) -> Option<Party<'_>> {
    Some(match place? {
        Place::Component(at) => Party::Component(inputs.components.get_mut(at)?),
        Place::World(package, at) => Party::World(inputs.wit.get(package)?.worlds.get(at)?),
        Place::Interface(package, at) => Party::Interface(inputs.wit.get(package)?.interfaces.get(at)?),
    })
}

/// What is to be compared; `None` where the two are of such different sorts that there is nothing.
pub(super) fn units(old: &Inputs, new: &Inputs, world: Option<&str>) -> Option<Vec<Unit>> {
    let single = |inputs: &Inputs| -> Option<(Role, String, Place)> {
        if let [component] = inputs.components.as_slice() {
            return Some((Role::Component, component.name.clone(), Place::Component(0)));
        }
        let worlds = inputs.wit.iter().enumerate().flat_map(|(package, wit)| {
            wit.worlds.iter().enumerate().map(move |(at, world)| (Place::World(package, at), world))
        });
        let mut found = worlds.filter(|(_, it)| world.is_none_or(|world| it.is_named(world)));
        let (place, world) = found.next()?;
        found.next().is_none().then(|| (Role::World, without_version(&world.name).to_owned(), place))
    };
    let is_wit = |inputs: &Inputs| inputs.components.is_empty() && !inputs.wit.is_empty();
    if is_wit(old) && is_wit(new) && world.is_none() {
        return Some(packages(&old.wit, &new.wit));
    }
    let ((old_role, name, before), (new_role, _, after)) = (single(old)?, single(new)?);
    let package = |inputs: &Inputs, place: Place| match place {
        Place::World(at, _) | Place::Interface(at, _) => inputs.wit.get(at).map(named),
        Place::Component(_) => None,
    };
    let package = match (package(old, before), package(new, after)) {
        (Some((path, old)), Some((_, new))) => Some((path, old, new)),
        _ => None,
    };
    // A component beside a world is looked at as its callers and its host do.
    let role = if old_role == new_role { old_role } else { Role::Component };
    Some(vec![Unit { role, name, old: Some(before), new: Some(after), package }])
}

/// All interfaces and worlds of packages, each with that of the same name on the other side.
fn packages(old: &[WitPackage], new: &[WitPackage]) -> Vec<Unit> {
    let mut units = Vec::new();
    let paths: Vec<String> = union(old.iter().map(|it| named(it).0), new.iter().map(|it| named(it).0));
    for path in paths {
        let find = |packages: &[WitPackage]| packages.iter().position(|package| named(package).0 == path);
        let (before, after) = (find(old), find(new));
        let version = |at: Option<usize>, packages: &[WitPackage]| at.and_then(|at| named(&packages[at]).1);
        let package = Some((path.clone(), version(before, old), version(after, new)));
        let mut add = |role: Role, names: Names, place: fn(usize, usize) -> Place| {
            let of = |at: Option<usize>, packages: &[WitPackage]| {
                at.map(|at| names(&packages[at])).unwrap_or_default()
            };
            let (ours, theirs) = (of(before, old), of(after, new));
            for name in union(ours.iter().cloned(), theirs.iter().cloned()) {
                let at = |package: Option<usize>, names: &[String]| {
                    let at = names.iter().position(|it| *it == name)?;
                    Some(place(package?, at))
                };
                let (old, new) = (at(before, &ours), at(after, &theirs));
                units.push(Unit { role, name: name.clone(), old, new, package: package.clone() });
            }
        };
        add(Role::Interface, interfaces, Place::Interface);
        add(Role::World, worlds, Place::World);
    }
    units
}

type Names = fn(&WitPackage) -> Vec<String>;

fn interfaces(package: &WitPackage) -> Vec<String> {
    package.interfaces.iter().map(|it| without_version(&it.name).to_owned()).collect()
}

fn worlds(package: &WitPackage) -> Vec<String> {
    package.worlds.iter().map(|it| without_version(&it.name).to_owned()).collect()
}

/// The name and the version of a package.
fn named(package: &WitPackage) -> (String, Option<Version>) {
    let version = package.name.split_once('@').and_then(|(_, version)| Version::parse(version).ok());
    (without_version(&package.name).to_owned(), version)
}

fn without_version(name: &str) -> &str {
    name.split_once('@').map_or(name, |(path, _)| path)
}

/// All of both, each once, in the order of the first, then of the second.
fn union(ours: impl Iterator<Item = String>, theirs: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    ours.chain(theirs).filter(|name| seen.insert(name.clone())).collect()
}

/// Which item is which: of the same name; else on the same track; else of the same name but for the version.
pub(super) fn items<'s>(old: &'s Items, new: &'s Items) -> Vec<(Option<&'s str>, Option<&'s str>)> {
    let path = |name: &str, item: &Item| {
        let label = item.implements.is_some().then(|| name.to_owned());
        item.interface(name).map_or_else(|| (Some(name.to_owned()), String::new()), |it| (label, it.path()))
    };
    let mut pairs = Pairs { old, new, found: vec![None; old.len()], taken: BTreeSet::new() };
    pairs.find(|name, _| name.to_owned());
    pairs.find(|name, item| item.link_name(name));
    pairs.find(path);
    let Pairs { found, taken, .. } = pairs;
    let both = old.keys().zip(&found).map(|(ours, theirs)| (Some(ours.as_str()), *theirs));
    let added =
        new.keys().filter(|name| !taken.contains(name.as_str())).map(|name| (None, Some(name.as_str())));
    both.chain(added).collect()
}

/// Items of two sides, while each finds its counterpart.
struct Pairs<'s> {
    old: &'s Items,
    new: &'s Items,
    /// By old item: its counterpart.
    found: Vec<Option<&'s str>>,
    taken: BTreeSet<&'s str>,
}

impl Pairs<'_> {
    /// Pairs what is still alone and has equal keys, in the order of declaration.
    fn find<K: Ord>(&mut self, key: impl Fn(&str, &Item) -> K) {
        let mut free: BTreeMap<K, VecDeque<&str>> = BTreeMap::new();
        for (name, item) in self.new.iter().filter(|(name, _)| !self.taken.contains(name.as_str())) {
            free.entry(key(name, item)).or_default().push_back(name);
        }
        for ((name, item), found) in self.old.iter().zip(&mut self.found) {
            if found.is_none() {
                *found = free.get_mut(&key(name, item)).and_then(VecDeque::pop_front);
                self.taken.extend(*found);
            }
        }
    }
}
