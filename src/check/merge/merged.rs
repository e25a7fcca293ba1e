//! One import of the whole while others become one with it, and whether another one fits.
//!
//! Differs from `mod.rs`, which decides what is tried, and from `compare/`, which compares two items: here are many users
//! of one, each of which asks for some of its members.

use std::collections::{BTreeMap, BTreeSet};

use super::united::{Slot, United};
use crate::check::compare::{Operand, compare_members};
use crate::check::origin::{Because, Link, Local};
use crate::check::set::Set;
use crate::check::{Difference, HostImport, Mismatch, Port};
use crate::model::{Item, ItemKind, ItemPath, Side, Step, folded};

/// An import of an instance that is left to the host.
#[derive(Clone, Debug)]
pub(in crate::check) struct Left {
    pub(in crate::check) port: Port,
    /// What it is called there: as in the component, or as the user chose.
    pub(in crate::check) name: String,
    /// The same in full: with the version suffix of a canonical name put back.
    pub(in crate::check) full_name: String,
}

/// Imports that are one.
pub(super) struct Merged {
    pub(super) slot: Slot,
    /// At least one, in order: the first gives it its name.
    pub(super) users: Vec<Left>,
    /// By folded name of a member: its name, and the first user that has it. All that have it agree on it.
    members: BTreeMap<String, (String, usize)>,
}

/// Why two cannot be one: an import of each, and what differs.
pub(in crate::check) struct Contradiction {
    pub(in crate::check) ours: Left,
    pub(in crate::check) theirs: Left,
    pub(in crate::check) mismatch: Mismatch,
}

impl Merged {
    pub(super) fn of(set: &Set<'_>, left: Left, slot: Slot) -> Self {
        let members = members(set, &left.port).map(|name| (folded(name), (name.clone(), 0))).collect();
        Self { slot, users: vec![left], members }
    }

    /// Takes another one in.
    pub(super) fn add(&mut self, other: Self) {
        let count = self.users.len();
        for (folded, (name, user)) in other.members {
            self.members.entry(folded).or_insert((name, count + user));
        }
        self.users.extend(other.users);
    }

    /// The import of the whole that it becomes.
    pub(super) fn into_import(self) -> HostImport {
        let (name, full_name) = (self.users[0].name.clone(), self.users[0].full_name.clone());
        let others = self.users.iter().map(|left| &left.full_name).filter(|other| **other != full_name);
        let merged = others.cloned().collect::<BTreeSet<String>>().into_iter().collect();
        HostImport { name, merged, users: self.users.into_iter().map(|left| left.port).collect() }
    }

    /// Whether `other` can be one with this one by its types: whatever both have must be equal.
    ///
    /// Each member is compared once, with the first user that has it, so that it takes no longer the more users there are.
    /// The result says which resources become one by it.
    pub(super) fn agree(&self, set: &Set<'_>, other: &Self) -> Result<Vec<Link>, Box<Contradiction>> {
        let mut common: BTreeMap<(usize, usize), Vec<&str>> = BTreeMap::new();
        common.entry((0, 0)).or_default(); // an import without members is compared as a whole
        for (folded, (name, ours)) in &other.members {
            match self.members.get(folded) {
                Some((their_name, theirs)) if their_name == name => {
                    common.entry((*theirs, *ours)).or_default().push(name);
                }
                // Engines refuse an instance that has both.
                Some((their_name, theirs)) => {
                    let [our_way, their_way] = [name, their_name].map(|name| [Step::Item(name.clone())]);
                    let (ours, theirs) = (other.users[*ours].clone(), self.users[*theirs].clone());
                    let sides = [(ours, &our_way[..]), (theirs, &their_way[..])];
                    return Err(Box::new(contradiction(sides, [name.clone(), their_name.clone()])));
                }
                None => {}
            }
        }
        let mut links = Vec::new();
        for ((theirs, ours), names) in common {
            let (ours, theirs) = (&other.users[ours], &self.users[theirs]);
            let found = agree_on(set, &ours.port, &theirs.port, names);
            links.extend(found.map_err(|mismatch| {
                Box::new(Contradiction { ours: ours.clone(), theirs: theirs.clone(), mismatch: *mismatch })
            })?);
        }
        Ok(links)
    }

    /// That `other` cannot be one with this one since a link between them unites what are two resources.
    pub(super) fn clash(&self, set: &Set<'_>, other: &Self, link: &Link) -> Contradiction {
        let of = |users: &[Left], local: Local| {
            let user = users.iter().find(|left| left.port.instance == local.instance);
            user.unwrap_or(&users[0]).clone()
        };
        let (ours, theirs) = (of(&other.users, link.expected), of(&self.users, link.found));
        let steps = link.path.steps.get(1..).unwrap_or_default();
        let types = called_apart(set, [link.expected, link.found]);
        contradiction([(ours, steps), (theirs, steps)], types)
    }

    /// That `other` cannot be one with this one since an instance has one resource from both, under two names.
    pub(super) fn named_twice(&self, other: &Self, united: &United) -> Option<Contradiction> {
        let [ours, theirs] = united.named_twice(ports(&other.users), ports(&self.users))?;
        let left = |users: &[Left], port: &Port| users.iter().find(|left| left.port == *port).cloned();
        let sides = [(left(&other.users, ours.0)?, ours.1), (left(&self.users, theirs.0)?, theirs.1)];
        let types = sides.each_ref().map(|(left, steps)| {
            let name = steps.last().map(ToString::to_string).unwrap_or_default();
            format!("{name} of {}", left.port.name)
        });
        Some(contradiction(sides, types))
    }
}

fn ports(users: &[Left]) -> impl Iterator<Item = &Port> + Clone {
    users.iter().map(|left| &left.port)
}

/// That two imports have different types, each at a way within it.
fn contradiction(sides: [(Left, &[Step]); 2], types: [String; 2]) -> Contradiction {
    let [expected_at, found_at] = sides.each_ref().map(|(left, steps)| {
        let mut path = ItemPath::item(Side::Import, &left.port.name);
        path.steps.extend(steps.iter().cloned());
        path
    });
    let [(ours, _), (theirs, _)] = sides;
    let [expected, found] = types;
    let (path, difference) = (expected_at.clone(), Difference::Type { expected, found });
    Contradiction { ours, theirs, mismatch: Mismatch { path, expected_at, found_at, difference } }
}

/// What two resources are called, with the imports that bring them in where the names alone are equal.
fn called_apart(set: &Set<'_>, locals: [Local; 2]) -> [String; 2] {
    let path = |local: Local| set.surface(local.instance).types.resource_name(local.resource);
    let name = |local| path(local).and_then(ItemPath::last_name).unwrap_or_default();
    let is_enough = name(locals[0]) != name(locals[1]);
    locals.map(|local| match path(local).and_then(ItemPath::extern_name) {
        Some(import) if !is_enough => format!("{} of {import}", name(local)),
        _ => name(local).to_owned(),
    })
}

/// The names of the members of an imported instance; another item has none.
fn members<'s>(set: &'s Set<'_>, port: &Port) -> impl Iterator<Item = &'s String> {
    let item = set.item(port.instance, Side::Import, &port.name);
    let instance = item.and_then(|item| match &item.kind {
        ItemKind::Instance(instance) => Some(instance),
        ItemKind::Function(_)
        | ItemKind::Value(_)
        | ItemKind::Type(_)
        | ItemKind::Component(_)
        | ItemKind::CoreModule(_) => None,
    });
    instance.into_iter().flat_map(|instance| instance.exports.keys())
}

/// Puts the one of several imports of one name first that serves all others, if there is one. Instances need none: each has
/// its members, and all of them together are imported.
pub(super) fn widest_first(set: &Set<'_>, lefts: &mut [Left]) {
    let first = operand(set, &lefts[0].port);
    if first.is_some_and(|first| matches!(first.item.kind, ItemKind::Instance(_))) {
        return;
    }
    let mut widest = 0;
    for at in 1..lefts.len() {
        let serves = |one: usize, other: usize| {
            agree_on(set, &lefts[other].port, &lefts[one].port, Vec::new()).is_ok()
        };
        if !serves(widest, at) && serves(at, widest) {
            widest = at;
        }
    }
    lefts[..=widest].rotate_right(1);
}

/// Whether two imports agree on some members, the second one for the first one where they have none, and which resources are
/// one then.
fn agree_on(
    set: &Set<'_>,
    ours: &Port,
    theirs: &Port,
    mut names: Vec<&str>,
) -> Result<Vec<Link>, Box<Mismatch>> {
    let (Some(expected), Some(found)) = (operand(set, ours), operand(set, theirs)) else {
        return Ok(Vec::new());
    };
    if let ItemKind::Instance(instance) = &expected.item.kind {
        names.sort_by_cached_key(|name| instance.exports.get_index_of(*name));
    }
    same_ids((ours, expected.item), (theirs, found.item), &names)?;
    let our_path = ItemPath::item(Side::Import, &ours.name);
    let their_path = ItemPath::item(Side::Import, &theirs.name);
    let comparison = compare_members(expected, our_path, found, their_path, &names);
    if let Some(mismatch) = comparison.mismatches.into_iter().next() {
        return Err(Box::new(mismatch));
    }
    let link = |pair: crate::check::compare::ResourcePair| Link {
        expected: Local { instance: ours.instance, resource: pair.expected },
        found: Local { instance: theirs.instance, resource: pair.found },
        path: pair.path,
        because: Because::Merged,
    };
    Ok(comparison.resources.into_iter().map(link).collect())
}

/// A host knows an import and its members by their external ids, so that those must be equal too.
fn same_ids(
    (port, item): (&Port, &Item),
    (user, other): (&Port, &Item),
    names: &[&str],
) -> Result<(), Box<Mismatch>> {
    let differ = |member: Option<&str>, item: &Item, other: &Item| Mismatch {
        path: path(port, member),
        expected_at: path(port, member),
        found_at: path(user, member),
        difference: Difference::ExternalId {
            expected: item.external_id.clone(),
            found: other.external_id.clone(),
        },
    };
    if item.external_id != other.external_id {
        return Err(Box::new(differ(None, item, other)));
    }
    let (ItemKind::Instance(instance), ItemKind::Instance(others)) = (&item.kind, &other.kind) else {
        return Ok(());
    };
    for name in names {
        if let (Some(member), Some(other)) = (instance.exports.get(*name), others.exports.get(*name))
            && member.external_id != other.external_id
        {
            return Err(Box::new(differ(Some(name), member, other)));
        }
    }
    Ok(())
}

fn path(port: &Port, member: Option<&str>) -> ItemPath {
    let path = ItemPath::item(Side::Import, &port.name);
    match member {
        Some(name) => path.then(Step::Item(name.to_owned())),
        None => path,
    }
}

fn operand<'s>(set: &'s Set<'_>, port: &Port) -> Option<Operand<'s>> {
    let surface = set.surface(port.instance);
    let item: &Item = surface.imports.get(&port.name)?;
    Some(Operand { surface, item })
}
