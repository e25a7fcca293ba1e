//! Asks of every wire whether the types fit, and over all wires together whether each resource has one origin.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Operand, compare};
use super::diagnostics::{MissingItems, ResourceOrigins, TypeMismatch};
use super::offers::Offer;
use super::origin::{Because, Classes, Homes, Link, Local, Made, Place, imported_at, named_in, place};
use super::set::Set;
use super::{Difference, HostImport, InstanceId, Mismatch, Origin, Port};
use crate::diag::Run;
use crate::model::{InterfaceName, ItemPath, Side};

/// Compares every wire to an export; reports each that does not fit, and returns which resources the others unite.
pub(super) fn fit(set: &mut Set<'_>, wires: &[(Port, Offer)], run: &mut Run) -> Vec<Link> {
    let (mut links, mut misfits) = (Vec::new(), Vec::new());
    for (port, offer) in wires {
        let (user, provider) = (set.surface(port.instance), set.surface(offer.instance));
        let (Some(expected), Some(found)) =
            (user.imports.get(&port.name), provider.exports.get(&offer.export))
        else {
            continue;
        };
        let comparison = compare(
            Operand { surface: user, item: expected },
            ItemPath::item(Side::Import, &port.name),
            Operand { surface: provider, item: found },
            ItemPath::item(Side::Export, &offer.export),
        );
        if comparison.mismatches.is_empty() {
            links.extend(comparison.resources.into_iter().map(|pair| Link {
                expected: Local { instance: port.instance, resource: pair.expected },
                found: Local { instance: offer.instance, resource: pair.found },
                path: pair.path,
                because: Because::Wired,
            }));
        }
        if !comparison.mismatches.is_empty() {
            misfits.push(Misfit { port, offer, mismatches: comparison.mismatches });
        }
    }
    report(set, &misfits, run);
    links
}

/// A wire whose types do not fit.
struct Misfit<'w> {
    port: &'w Port,
    offer: &'w Offer,
    mismatches: Vec<Mismatch>,
}

/// Of more wires than this between two instances, each that does not fit is a line of one report.
const MOST_SHOWN: usize = 16;

fn report(set: &mut Set<'_>, misfits: &[Misfit<'_>], run: &mut Run) {
    let pair = |misfit: &Misfit<'_>| (misfit.port.instance, misfit.offer.instance);
    let mut counts: BTreeMap<(InstanceId, InstanceId), usize> = BTreeMap::new();
    for misfit in misfits {
        *counts.entry(pair(misfit)).or_default() += 1;
    }
    for misfit in misfits {
        let Misfit { port, offer, mismatches } = misfit;
        let is_one_of_many = counts[&pair(misfit)] > MOST_SHOWN;
        let is_missing = |mismatch: &&Mismatch| matches!(mismatch.difference, Difference::Missing { .. });
        let (missing, others): (Vec<&Mismatch>, Vec<&Mismatch>) = mismatches.iter().partition(is_missing);
        if !missing.is_empty() {
            MissingItems { port, offer, mismatches: &missing, is_one_of_many }.report(set, run);
        }
        for (at, mismatch) in others.into_iter().enumerate() {
            let is_first = at == 0 && missing.is_empty();
            TypeMismatch { port, offer, mismatch, is_first, is_one_of_many }.report(set, run);
        }
    }
}

/// The origin of every resource of every instance that is part of the composition.
///
/// A class with two origins is reported: two instances that make it, or one although the host would have to know it, or
/// two imports of the host that are different interfaces. Not so if the host is asked only for lack of a provider: those
/// imports are `unmet`, and reported.
pub(super) fn origins(
    set: &mut Set<'_>,
    used: &[InstanceId],
    host: &[HostImport],
    links: &[Link],
    unmet: &BTreeSet<usize>,
    run: &mut Run,
) -> Vec<Vec<Origin>> {
    let mut classes = Classes::new(set.ids().map(|id| set.surface(id)));
    for link in links {
        classes.unite(link.expected, link.found);
    }
    let places = Places::new(set, used, host);
    let mut found: BTreeMap<usize, Class> = BTreeMap::new();
    for (class, local) in classes.all() {
        if places.used[local.instance.0] {
            found.entry(class).or_default().add(local, &places);
        }
    }
    let mut origins: Vec<Vec<Origin>> =
        set.ids().map(|id| vec![Origin::Instance(id); set.surface(id).types.resource_count()]).collect();
    for mut class in found.into_values() {
        // In the order of the imports of the whole, which follows from the wires alone.
        class.firsts.sort_by_cached_key(|(import, path, _)| place(*import, path));
        let mut homes = class.homes(set, host);
        let Some(origin) = class.origin(&homes) else { continue };
        if !class.definers.is_empty() {
            homes.retain(|(import, ..)| !unmet.contains(import));
        }
        if class.definers.len() + homes.len() > 1 {
            ResourceOrigins { definers: &class.definers, host: &homes, imports: host, links }
                .report(set, run);
        }
        for local in class.members {
            origins[local.instance.0][local.resource.0 as usize] = origin.clone();
        }
    }
    origins
}

/// For each resource of each used instance: the imports of the whole that name it.
struct Places {
    used: Vec<bool>,
    /// By instance, by resource: whether the instance defines it.
    defined: Vec<Vec<bool>>,
    /// By instance, by resource: its places in imports of the whole, in the order of the instance's imports, and whether
    /// the import has functions of it.
    host: Vec<Vec<Vec<(usize, ItemPath, bool)>>>,
}

impl Places {
    fn new(set: &Set<'_>, used: &[InstanceId], host: &[HostImport]) -> Self {
        let mut by_port: BTreeMap<&Port, usize> = BTreeMap::new();
        for (at, import) in host.iter().enumerate() {
            by_port.extend(import.users.iter().map(|port| (port, at)));
        }
        let count = set.ids().count();
        let mut places = Self {
            used: vec![false; count],
            defined: vec![Vec::new(); count],
            host: vec![Vec::new(); count],
        };
        for id in used {
            places.used[id.0] = true;
            let (imported, made) = (imported_at(set.surface(*id)), Made::of(set.surface(*id)));
            places.defined[id.0] = imported.iter().map(Vec::is_empty).collect();
            let in_host = |paths: Vec<ItemPath>| {
                let named = named_in(*id, paths, |port| by_port.contains_key(port));
                let place = |(port, path): (Port, ItemPath)| {
                    let is_made = made.contains(&path);
                    (by_port[&port], path, is_made)
                };
                named.into_iter().map(place).collect()
            };
            places.host[id.0] = imported.into_iter().map(in_host).collect();
        }
        places
    }
}

/// Where an import of the whole names a resource: the import, the way within an import of the member, the member.
type Home = (usize, ItemPath, Local);

/// Resources that are one.
#[derive(Debug, Default)]
struct Class {
    members: Vec<Local>,
    definers: Vec<Local>,
    /// By member: the first place in imports of the whole that names it.
    firsts: Vec<Home>,
    places: Homes,
}

impl Class {
    fn add(&mut self, local: Local, places: &Places) {
        let (instance, resource) = (local.instance.0, local.resource.0 as usize);
        if places.defined[instance][resource] {
            self.definers.push(local);
        }
        if let Some(((import, path, is_made), others)) = places.host[instance][resource].split_first() {
            let first = place(*import, path);
            self.places.name(first.clone(), *is_made);
            for (import, path, _) in others {
                self.places.use_from(first.clone(), place(*import, path));
            }
            self.firsts.push((*import, path.clone(), local));
        }
        self.members.push(local);
    }

    /// The imports of the whole that bring the resource in, one for each thing of the host: what is on one track is one, but
    /// that the host tells things apart by their external ids.
    fn homes<'s>(&self, set: &'s Set<'_>, host: &[HostImport]) -> Vec<Home> {
        let id = |port: &Port| -> Option<&'s str> {
            set.item(port.instance, Side::Import, &port.name)?.external_id.as_deref()
        };
        let thing = |import: usize| {
            let HostImport { name, users, .. } = &host[import];
            let on_track = InterfaceName::parse(name).map_or(name.to_owned(), |name| name.on_track());
            (on_track, id(&users[0]))
        };
        let origins = self.places.origins();
        let mut firsts: BTreeMap<Place, &Home> = BTreeMap::new();
        for home in &self.firsts {
            firsts.entry(place(home.0, &home.1)).or_insert(home);
        }
        let mut things: BTreeMap<_, Vec<&Place>> = BTreeMap::new();
        for at in firsts.keys().filter(|at| origins.contains(at)) {
            things.entry(thing(at.0)).or_default().push(at);
        }
        let bring_in: BTreeSet<&Place> =
            things.values().flat_map(|places| self.places.of_one_thing(places)).collect();
        bring_in.into_iter().map(|at| firsts[at].clone()).collect()
    }

    fn origin(&self, homes: &[Home]) -> Option<Origin> {
        if let Some(definer) = self.definers.first() {
            return Some(Origin::Instance(definer.instance));
        }
        // Of several imports of the whole, this one makes it, and the others use it.
        let (import, path, _) = homes.first()?;
        Some(Origin::Host { import: *import, steps: path.steps[1..].to_vec() })
    }
}
