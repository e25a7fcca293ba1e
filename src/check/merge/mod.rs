//! Gathers what is left to the host: imports of one name and track become one import of the whole.
//!
//! The types decide how far that goes: imports that contradict each other stay apart where their versions differ, which is
//! told, and are an error where they have the very same name. Whether two are one never depends on who else is there, but
//! that one of them may be one with a third.

mod merged;
mod united;

pub(super) use self::merged::Contradiction;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use self::merged::{Left, Merged, widest_first};
use self::united::{Clash, United};
use super::diagnostics::{ImportConflict, OneName, TrackConflict};
use super::origin::Link;
use super::set::Set;
use super::{Difference, HostImport, Port};
use crate::diag::Run;
use crate::model::{LinkName, Side};

/// An import that the host is to provide.
pub(super) struct Open {
    pub(super) port: Port,
    /// The name that the user chose for it.
    pub(super) rename: Option<String>,
}

/// Merges open imports; the result is in the order of their first users.
///
/// Each pair of resources that become one through a merge is added to `links`.
pub(super) fn merge(
    set: &mut Set<'_>,
    open: Vec<Open>,
    links: &mut Vec<Link>,
    run: &mut Run,
) -> Vec<HostImport> {
    let groups = groups(set, open);
    let ports: BTreeSet<&Port> = groups.iter().flatten().map(|left| &left.port).collect();
    let united = United::new(set, &ports, links);
    let order = makers_first(&groups, &united);
    let mut merging = Merging { set, united, groups: Vec::new(), links, run };
    let mut imports: Vec<Vec<HostImport>> = groups.iter().map(|_| Vec::new()).collect();
    for at in order {
        imports[at] = merging.group(at, &groups[at]);
    }
    let imports: Vec<HostImport> = imports.into_iter().flatten().collect();
    one_name_each(set, &imports, run);
    imports
}

/// What means the same, in the order of the first of each.
fn groups(set: &Set<'_>, open: Vec<Open>) -> Vec<Vec<Left>> {
    /// What an import means under the name that it is to have, and what it meant if that is something else.
    type Key = (LinkName, Option<LinkName>);
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<Left>> = Vec::new();
    for Open { port, rename } in open {
        let Some(item) = set.item(port.instance, Side::Import, &port.name) else { continue };
        let name = rename.unwrap_or_else(|| port.name.clone());
        let (own, meaning) = (item.link_name(&port.name), item.link_name_as(&port.name, &name));
        let is_own = (&own.label, &own.interface) == (&meaning.label, &meaning.interface);
        let full_name = item.full_name_as(&port.name, &name);
        let left = Left { port, name, full_name };
        let at = *places.entry((meaning, (!is_own).then_some(own))).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(left),
            None => groups.push(vec![left]),
        }
    }
    groups
}

/// The groups in an order in which each comes after those that it takes resources from, as far as there is one.
fn makers_first(groups: &[Vec<Left>], united: &United) -> Vec<usize> {
    let lefts = groups.iter().enumerate().flat_map(|(at, group)| group.iter().map(move |left| (at, left)));
    let group_of: BTreeMap<&Port, usize> = lefts.map(|(at, left)| (&left.port, at)).collect();
    let (mut waits_for, mut users) =
        (vec![BTreeSet::new(); groups.len()], vec![BTreeSet::new(); groups.len()]);
    for (port, makers) in united.taken_from() {
        for (user, maker) in
            makers.iter().filter_map(|maker| Some((group_of.get(port)?, group_of.get(maker)?)))
        {
            if user != maker {
                waits_for[*user].insert(*maker);
                users[*maker].insert(*user);
            }
        }
    }
    // Those that wait for least come first: in a circle somebody must.
    let mut left: BTreeSet<(usize, usize)> =
        waits_for.iter().enumerate().map(|(at, makers)| (makers.len(), at)).collect();
    let mut order = Vec::new();
    while let Some((_, at)) = left.pop_first() {
        order.push(at);
        for user in &users[at] {
            if left.remove(&(waits_for[*user].len(), *user)) {
                waits_for[*user].remove(&at);
                left.insert((waits_for[*user].len(), *user));
            }
        }
    }
    order
}

/// Reports imports that would have one name: a chosen name that another one has, or a label that stands for two things.
fn one_name_each(set: &mut Set<'_>, imports: &[HostImport], run: &mut Run) {
    let mut known: HashMap<&str, &Port> = HashMap::new();
    for HostImport { name, users, .. } in imports {
        if let Some(other) = known.insert(name, &users[0]) {
            OneName { name, ports: [&users[0], other] }.report(set, run);
        }
    }
}

/// What is merged so far.
struct Merging<'m, 'a> {
    set: &'m mut Set<'a>,
    united: United,
    /// By slot: its group.
    groups: Vec<usize>,
    links: &'m mut Vec<Link>,
    run: &'m mut Run,
}

impl Merging<'_, '_> {
    /// Newest first, so that the newest names the import and older ones find most of what they need in it.
    fn group(&mut self, at: usize, group: &[Left]) -> Vec<HostImport> {
        let mut versions = BTreeMap::new();
        for left in group {
            let item = self.set.item(left.port.instance, Side::Import, &left.port.name);
            let interface = item.and_then(|item| item.interface_as(&left.port.name, &left.name));
            let version = interface.and_then(|interface| interface.version);
            let same: &mut Vec<Left> =
                versions.entry((Reverse(version), left.full_name.as_str())).or_default();
            same.push(left.clone());
        }
        let mut merged: Vec<Merged> = Vec::new();
        for same in versions.into_values() {
            let Some(version) = self.version(at, same) else { continue };
            if let Some(apart) = self.unite(&mut merged, version) {
                merged.push(apart);
            }
        }
        merged.into_iter().map(Merged::into_import).collect()
    }

    /// Makes one of imports of one full name; what contradicts the first of them is reported.
    fn version(&mut self, group: usize, mut same: Vec<Left>) -> Option<Merged> {
        widest_first(self.set, &mut same);
        let slot = self.united.slot();
        self.groups.push(group);
        let mut version: Option<Merged> = None;
        for left in same {
            self.united.settle(&left.port, slot);
            let one = Merged::of(self.set, left, slot);
            version = match version {
                Some(mut version) => {
                    self.join(&mut version, one);
                    Some(version)
                }
                None => Some(one),
            };
        }
        version
    }

    /// Makes imports of one version one with those of the first other version that they fit; if there is none they are
    /// given back, and it is told why.
    fn unite(&mut self, merged: &mut [Merged], mut version: Merged) -> Option<Merged> {
        let mut apart: Option<Box<Contradiction>> = None;
        for into in merged {
            match self.join(into, version) {
                Joined::Yes => return None,
                Joined::Apart(given_back, contradiction) => {
                    version = *given_back;
                    apart = contradiction.or(apart);
                }
            }
        }
        if let Some(contradiction) = apart {
            TrackConflict { contradiction: &contradiction }.report(self.set, self.run);
        }
        Some(version)
    }

    /// Makes two one if they can be. If they cannot although they have one name, that is reported.
    fn join(&mut self, into: &mut Merged, other: Merged) -> Joined {
        let [ours, theirs] = [&other.users[0], &into.users[0]];
        let is_one_name = ours.name == theirs.name || ours.full_name == theirs.full_name;
        let contradiction = match into.agree(self.set, &other) {
            Ok(links) => match self.united.clash(other.slot, into.slot, &links) {
                Some(clash) if !is_one_name && self.is_told_elsewhere(&clash) => None,
                Some(clash) if !is_one_name || clash.slots[0] == clash.slots[1] => match clash.link {
                    Some(link) => Some(into.clash(self.set, &other, link)),
                    None => into.named_twice(&other, &self.united),
                },
                // Of what has one name there is one: what it uses is one as well, or reported as of two origins.
                Some(_) | None => {
                    self.united.merge(other.slot, into.slot, &links);
                    self.links.extend(links);
                    into.add(other);
                    return Joined::Yes;
                }
            },
            Err(contradiction) => Some(*contradiction),
        };
        match contradiction {
            Some(Contradiction { ours, theirs, mismatch }) if is_one_name => {
                let (port, other, name) = (&ours.port, &theirs.port, ours.name.as_str());
                ImportConflict { port, other, name, mismatch: &mismatch }.report(self.set, self.run);
                Joined::Yes
            }
            // The host tells them apart by their ids: that is meant.
            Some(it) if matches!(it.mismatch.difference, Difference::ExternalId { .. }) => {
                Joined::Apart(Box::new(other), None)
            }
            contradiction => Joined::Apart(Box::new(other), contradiction.map(Box::new)),
        }
    }

    /// Whether two imports cannot be one since those that bring in what they use are not.
    fn is_told_elsewhere(&self, Clash { slots: [one, other], .. }: &Clash<'_>) -> bool {
        one != other && self.groups[*one] == self.groups[*other]
    }
}

/// Whether two imports became one.
enum Joined {
    /// They did, or the run fails since they did not.
    Yes,
    /// The second is given back, with the reason if it is to be told.
    Apart(Box<Merged>, Option<Box<Contradiction>>),
}
