//! Gathers what is left to the host: imports of one name and track become one import of the whole.
//!
//! The types decide how far that goes: imports that contradict each other stay apart where their versions differ, and are
//! an error where they have the very same name.

use std::collections::BTreeMap;

use super::compare::{Operand, compare};
use super::diagnostics::ImportConflict;
use super::origin::{Because, Link, Local};
use super::set::Set;
use super::{HostImport, Mismatch, Port};
use crate::diag::Run;
use crate::model::{Item, ItemKind, ItemPath, LinkName, Side, Step};

/// An import that the host is to provide.
pub(super) struct Open {
    pub(super) port: Port,
    /// The name that the user chose for it.
    pub(super) rename: Option<String>,
}

/// What can be one import: the chosen name, or else the meaning of the name and the id that a host knows it by.
type Key = (Option<String>, LinkName, Option<String>);

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
        let key = (rename, item.link_name(&port.name), item.external_id.clone());
        groups.entry(key).or_insert_with(|| (at, Vec::new())).1.push(port);
    }
    let mut groups: Vec<(Option<String>, usize, Vec<Port>)> =
        groups.into_iter().map(|((rename, ..), (at, ports))| (rename, at, ports)).collect();
    groups.sort_by_key(|(_, at, _)| *at);
    let mut imports = Vec::new();
    for (rename, _, ports) in groups {
        for mut import in merge_group(set, ports, links, run) {
            if let Some(name) = &rename {
                import.name.clone_from(name);
            }
            imports.push(import);
        }
    }
    imports
}

/// Newest first, so that the newest names the import and older ones find most of what they need in it.
fn merge_group(
    set: &mut Set<'_>,
    mut ports: Vec<Port>,
    links: &mut Vec<Link>,
    run: &mut Run,
) -> Vec<HostImport> {
    let version = |port: &Port| {
        let item = set.item(port.instance, Side::Import, &port.name)?;
        item.interface(&port.name)?.version
    };
    ports.sort_by_cached_key(|port| std::cmp::Reverse(version(port)));
    let mut merged: Vec<HostImport> = Vec::new();
    'ports: for port in ports {
        let mut conflict = None;
        for import in &mut merged {
            match agree(set, import, &port) {
                Ok(found) => {
                    links.extend(found);
                    import.users.push(port);
                    continue 'ports;
                }
                Err(mismatch) if import.name == port.name => {
                    conflict = Some((import.users[0].clone(), mismatch))
                }
                Err(_) => {}
            }
        }
        match conflict {
            Some((other, mismatch)) => {
                ImportConflict { port: &port, other: &other, mismatch: &mismatch }.report(set, run)
            }
            None => merged.push(HostImport { name: port.name.clone(), users: vec![port] }),
        }
    }
    merged
}

/// Whether an import can be one with those merged so far: whatever both have must be equal.
fn agree(set: &Set<'_>, import: &HostImport, port: &Port) -> Result<Vec<Link>, Box<Mismatch>> {
    let mut links = Vec::new();
    for user in &import.users {
        let (ours, theirs) = (operand(set, port), operand(set, user));
        let (Some(ours), Some(theirs)) = (ours, theirs) else { continue };
        let covered = compare_common(ours, port, theirs, user)?;
        links.extend(covered.0.into_iter().map(|(expected, found, path)| Link {
            expected: Local { instance: port.instance, resource: expected },
            found: Local { instance: user.instance, resource: found },
            path,
            because: Because::Merged,
        }));
        if covered.1 {
            break; // all that this import has is in that one: later users add nothing
        }
    }
    Ok(links)
}

type Pairs = Vec<(crate::model::ResourceId, crate::model::ResourceId, ItemPath)>;

/// Compares the members that both have; the flag says whether `theirs` has all of ours.
fn compare_common(
    ours: Operand<'_>,
    port: &Port,
    theirs: Operand<'_>,
    user: &Port,
) -> Result<(Pairs, bool), Box<Mismatch>> {
    let (our_path, their_path) =
        (ItemPath::item(Side::Import, &port.name), ItemPath::item(Side::Import, &user.name));
    let mut pairs = Vec::new();
    let mut compare_items = |ours, our_path, theirs, their_path| {
        let comparison = compare(ours, our_path, theirs, their_path);
        pairs.extend(comparison.resources.into_iter().map(|pair| (pair.expected, pair.found, pair.path)));
        comparison.mismatches.into_iter().next().map_or(Ok(()), |mismatch| Err(Box::new(mismatch)))
    };
    let (ItemKind::Instance(our_members), ItemKind::Instance(their_members)) =
        (&ours.item.kind, &theirs.item.kind)
    else {
        compare_items(ours, our_path, theirs, their_path)?;
        return Ok((pairs, true));
    };
    let mut complete = true;
    for (name, item) in &our_members.exports {
        let Some(other) = their_members.exports.get(name) else {
            complete = false;
            continue;
        };
        let step = Step::Item(name.clone());
        let ours = Operand { surface: ours.surface, item };
        let theirs = Operand { surface: theirs.surface, item: other };
        compare_items(ours, our_path.then(step.clone()), theirs, their_path.then(step))?;
    }
    Ok((pairs, complete))
}

fn operand<'s>(set: &'s Set<'_>, port: &Port) -> Option<Operand<'s>> {
    let surface = set.surface(port.instance);
    let item: &Item = surface.imports.get(&port.name)?;
    Some(Operand { surface, item })
}
