//! Gathers what is left to the host: imports of one name and track become one import of the whole.
//!
//! The types decide how far that goes: imports that contradict each other stay apart where their versions differ, which is
//! told, and are an error where they have the very same name.

use std::collections::{BTreeMap, HashMap};

use super::compare::{Operand, compare_common};
use super::diagnostics::{ImportConflict, OneName, TrackConflict};
use super::origin::{Because, Link, Local};
use super::set::Set;
use super::{Difference, HostImport, Mismatch, Port};
use crate::diag::Run;
use crate::model::{Item, ItemKind, ItemPath, LinkName, Side, Step};

/// An import that the host is to provide.
pub(super) struct Open {
    pub(super) port: Port,
    /// The name that the user chose for it.
    pub(super) rename: Option<String>,
}

/// What can be one import: the chosen name, and the meaning of the name that it had.
type Key = (Option<String>, LinkName);

/// Merges open imports; the result is in the order of their first users.
///
/// Each pair of resources that become one through a merge is added to `links`.
pub(super) fn merge(
    set: &mut Set<'_>,
    open: Vec<Open>,
    links: &mut Vec<Link>,
    run: &mut Run,
) -> Vec<HostImport> {
    let mut groups: BTreeMap<Key, (usize, Vec<Port>)> = BTreeMap::new();
    for (at, Open { port, rename }) in open.into_iter().enumerate() {
        let Some(item) = set.item(port.instance, Side::Import, &port.name) else { continue };
        let key = (rename, item.link_name(&port.name));
        groups.entry(key).or_insert_with(|| (at, Vec::new())).1.push(port);
    }
    let mut groups: Vec<(Option<String>, usize, Vec<Port>)> =
        groups.into_iter().map(|((rename, _), (at, ports))| (rename, at, ports)).collect();
    groups.sort_by_key(|(_, at, _)| *at);
    let mut imports: Vec<HostImport> = Vec::new();
    let mut homes = Homes::default();
    for (rename, _, ports) in groups {
        for mut import in merge_group(set, ports, &homes, links, run) {
            homes.note(imports.len(), &import);
            if let Some(name) = &rename {
                import.name.clone_from(name);
            }
            imports.push(import);
        }
    }
    one_name_each(set, &imports, run);
    imports
}

/// Reports imports that would have one name: a chosen name that another one has, or a label that stands for two things.
fn one_name_each(set: &mut Set<'_>, imports: &[HostImport], run: &mut Run) {
    let mut known: HashMap<&str, &Port> = HashMap::new();
    for HostImport { name, users } in imports {
        if let Some(other) = known.insert(name, &users[0]) {
            OneName { name, ports: [&users[0], other] }.report(set, run);
        }
    }
}

/// Newest first, so that the newest names the import and older ones find most of what they need in it.
fn merge_group(
    set: &mut Set<'_>,
    mut ports: Vec<Port>,
    homes: &Homes,
    links: &mut Vec<Link>,
    run: &mut Run,
) -> Vec<HostImport> {
    let version = |port: &Port| {
        let item = set.item(port.instance, Side::Import, &port.name)?;
        item.interface(&port.name)?.version
    };
    ports.sort_by_cached_key(|port| std::cmp::Reverse(version(port)));
    let mut merged: Vec<Merged> = Vec::new();
    'ports: for port in ports {
        let (mut conflict, mut apart) = (None, None);
        for into in &mut merged {
            match agree(set, into, &port) {
                // It is told of the imports that bring in what these use.
                Ok(found) if into.import.name != port.name && homes.are_apart(set, &found) => {}
                Ok(found) => {
                    links.extend(found);
                    into.add(set, port);
                    continue 'ports;
                }
                Err((user, mismatch)) if into.import.name == port.name => conflict = Some((user, mismatch)),
                // The host tells them apart by their ids: that is meant.
                Err((_, mismatch)) if matches!(mismatch.difference, Difference::ExternalId { .. }) => {}
                Err(differs) => apart = Some(differs),
            }
        }
        match (conflict, apart) {
            (Some((other, mismatch)), _) => {
                ImportConflict { port: &port, other: &other, mismatch: &mismatch }.report(set, run)
            }
            (None, apart) => {
                if let Some((other, mismatch)) = apart {
                    TrackConflict { port: &port, other: &other, mismatch: &mismatch }.report(set, run);
                }
                merged.push(Merged::of(set, port));
            }
        }
    }
    merged.into_iter().map(|merged| merged.import).collect()
}

/// Which import of the whole each import of an instance became, as far as that is known.
#[derive(Default)]
struct Homes(HashMap<Port, usize>);

impl Homes {
    fn note(&mut self, at: usize, import: &HostImport) {
        self.0.extend(import.users.iter().map(|port| (port.clone(), at)));
    }

    /// Whether resources that would become one are brought in by different imports of the whole, which were not merged.
    fn are_apart(&self, set: &Set<'_>, links: &[Link]) -> bool {
        links.iter().any(|link| match (self.of(set, link.expected), self.of(set, link.found)) {
            (Some(expected), Some(found)) => expected != found,
            _ => false,
        })
    }

    /// The import of the whole that brings in a resource of an instance.
    fn of(&self, set: &Set<'_>, local: Local) -> Option<usize> {
        let named = set.surface(local.instance).types.resource_name(local.resource)?;
        let (Side::Import, Some(name)) = (named.side, named.extern_name()) else { return None };
        self.0.get(&Port { instance: local.instance, name: name.to_owned() }).copied()
    }
}

/// An import of the whole while others are merged into it.
struct Merged {
    import: HostImport,
    /// By name of a member: the first user that has it. All that have it agree on it.
    members: HashMap<String, usize>,
}

impl Merged {
    fn of(set: &Set<'_>, port: Port) -> Self {
        let import = HostImport { name: port.name.clone(), users: Vec::new() };
        let mut merged = Self { import, members: HashMap::new() };
        merged.add(set, port);
        merged
    }

    fn add(&mut self, set: &Set<'_>, port: Port) {
        let user = self.import.users.len();
        for name in members(set, &port) {
            if !self.members.contains_key(name) {
                self.members.insert(name.clone(), user);
            }
        }
        self.import.users.push(port);
    }
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

/// Whether an import can be one with those merged so far: whatever both have must be equal; if not, to whom it is not.
///
/// Each member is compared once, with the first user that has it, so that it takes no longer the more users there are.
fn agree(set: &Set<'_>, into: &Merged, port: &Port) -> Result<Vec<Link>, (Port, Box<Mismatch>)> {
    let known = |name: &str| into.members.get(name).copied();
    let mut users: Vec<usize> = members(set, port).filter_map(|name| known(name)).collect();
    users.push(0); // an import without members is compared as a whole, and the sort of any with the first
    users.sort_unstable();
    users.dedup();
    let mut links = Vec::new();
    for at in users {
        let user = &into.import.users[at];
        let (Some(ours), Some(theirs)) = (operand(set, port), operand(set, user)) else { continue };
        let differs = |mismatch| (user.clone(), mismatch);
        same_ids((port, ours.item), (user, theirs.item), |name| known(name) == Some(at)).map_err(differs)?;
        let our_path = ItemPath::item(Side::Import, &port.name);
        let their_path = ItemPath::item(Side::Import, &user.name);
        let comparison = compare_common(ours, our_path, theirs, their_path, |name| known(name) == Some(at));
        if let Some(mismatch) = comparison.mismatches.into_iter().next() {
            return Err(differs(Box::new(mismatch)));
        }
        links.extend(comparison.resources.into_iter().map(|pair| Link {
            expected: Local { instance: port.instance, resource: pair.expected },
            found: Local { instance: user.instance, resource: pair.found },
            path: pair.path,
            because: Because::Merged,
        }));
    }
    Ok(links)
}

/// A host knows an import and its members by their external ids, so that those must be equal too.
fn same_ids(
    (port, item): (&Port, &Item),
    (user, other): (&Port, &Item),
    is_common: impl Fn(&str) -> bool,
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
    let common = instance.exports.iter().filter(|(name, _)| is_common(name));
    for (name, member) in common {
        if let Some(other) = others.exports.get(name)
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
