//! Asks of every wire whether the types fit, and over all wires together whether each resource has one origin.

use std::collections::BTreeMap;

use super::compare::{Operand, compare};
use super::diagnostics::{ResourceOrigins, TypeMismatch};
use super::origin::{Classes, Link, Local, imported_at};
use super::set::{Offer, Set};
use super::{HostImport, InstanceId, Origin, Port};
use crate::diag::Run;
use crate::model::{ItemPath, Side};

/// Compares every wire to an export; reports each that does not fit, and returns which resources the others unite.
pub(super) fn fit(set: &mut Set<'_>, wires: &[(Port, Offer)], run: &mut Run) -> Vec<Link> {
    let mut links = Vec::new();
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
            }));
        }
        for mismatch in &comparison.mismatches {
            TypeMismatch { port, offer, mismatch }.report(set, run);
        }
    }
    links
}

/// The origin of every resource of every instance that is part of the composition.
///
/// A class with two origins, or with an origin inside of the whole that the host would have to know, is reported.
pub(super) fn origins(
    set: &mut Set<'_>,
    used: &[InstanceId],
    host: &[HostImport],
    links: &[Link],
    run: &mut Run,
) -> Vec<Vec<Origin>> {
    let mut classes = Classes::new(set.ids().map(|id| set.surface(id)));
    for link in links {
        classes.unite(link.expected, link.found);
    }
    let places = Places::new(set, used, host);
    let mut found: BTreeMap<usize, Class> = BTreeMap::new();
    for (class, local) in classes.all() {
        if used.contains(&local.instance) || places.used[local.instance.0] {
            found.entry(class).or_default().add(local, &places);
        }
    }
    let mut origins: Vec<Vec<Origin>> =
        set.ids().map(|id| vec![Origin::Instance(id); set.surface(id).types.resource_count()]).collect();
    for class in found.into_values() {
        let Some(origin) = class.origin() else { continue };
        if class.is_torn() {
            let host_end = class.host.first();
            ResourceOrigins { definers: &class.definers, host: host_end, imports: host, links }
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
    /// By instance, by resource: its places in imports of the whole, in the order of the instance's imports.
    host: Vec<Vec<Vec<(usize, ItemPath)>>>,
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
            let imported = imported_at(set.surface(*id));
            places.defined[id.0] = imported.iter().map(Vec::is_empty).collect();
            let in_host = |path: ItemPath| {
                let port = Port { instance: *id, name: path.extern_name()?.to_owned() };
                Some((*by_port.get(&port)?, path))
            };
            places.host[id.0] =
                imported.into_iter().map(|paths| paths.into_iter().filter_map(in_host).collect()).collect();
        }
        places
    }
}

/// Resources that are one.
#[derive(Debug, Default)]
struct Class {
    members: Vec<Local>,
    definers: Vec<Local>,
    /// The imports of the whole that name it, and a member whose import that is; the first is its home.
    host: Vec<(usize, ItemPath, Local)>,
}

impl Class {
    fn add(&mut self, local: Local, places: &Places) {
        let (instance, resource) = (local.instance.0, local.resource.0 as usize);
        if places.defined[instance][resource] {
            self.definers.push(local);
        }
        let found = places.host[instance][resource].iter();
        self.host.extend(found.map(|(import, path)| (*import, path.clone(), local)));
        self.members.push(local);
    }

    fn origin(&self) -> Option<Origin> {
        if let Some(definer) = self.definers.first() {
            return Some(Origin::Instance(definer.instance));
        }
        // Of several imports of the whole, the one that an instance names first defines, and the others use it.
        let (import, path, _) = self.host.first()?;
        Some(Origin::Host { import: *import, steps: path.steps[1..].to_vec() })
    }

    fn is_torn(&self) -> bool {
        self.definers.len() > 1 || (!self.definers.is_empty() && !self.host.is_empty())
    }
}
