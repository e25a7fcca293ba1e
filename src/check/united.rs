//! Which resources become one where imports are merged, and whether each of them still comes from one place then.
//!
//! Differs from `origin.rs`, which says of all wires together what is one: here it is asked before each merge, so that
//! only those are made that can be.

use std::collections::{BTreeMap, BTreeSet};

use super::Port;
use super::origin::{Classes, Link, Local, imported_at};
use super::set::Set;
use crate::model::Step;

/// Imports of one full name: they have one place in the whole, of their own or merged with other ones.
pub(super) type Slot = usize;

/// A resource of an import of the whole, by its slot and the way within it.
type Place = (Slot, Vec<Step>);

/// Where the resources of a class are imported.
#[derive(Clone, Debug, Default)]
struct Homes {
    /// Where one that has it names it first.
    makers: BTreeSet<Place>,
    /// Where it is used, having a name elsewhere.
    uses: BTreeSet<Place>,
}

impl Homes {
    fn add(&mut self, other: Self) {
        self.makers.extend(other.makers);
        self.uses.extend(other.uses);
    }

    /// The places that bring it in: what one only uses, another one may take for its own.
    fn origins(&self) -> impl Iterator<Item = &Place> {
        self.makers.difference(&self.uses)
    }
}

/// Why two resources cannot be one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clash<'l> {
    /// What would unite them.
    pub(super) link: &'l Link,
    /// Two slots that would each bring in what they became; one slot twice if it does so under two names.
    pub(super) slots: [Slot; 2],
}

/// The classes of resources while imports are merged.
pub(super) struct United {
    classes: Classes,
    homes: BTreeMap<usize, Homes>,
    /// By import that is left to the host: its resources, and whether it is the first import that names each.
    named: BTreeMap<Port, Vec<(Local, Vec<Step>, bool)>>,
    /// By slot: the one that it was merged into, or itself.
    slots: Vec<Slot>,
}

impl United {
    /// The resources of a set, united by its wires; `open` is what is left to the host.
    pub(super) fn new(set: &Set<'_>, open: &BTreeSet<&Port>, wired: &[Link]) -> Self {
        let mut classes = Classes::new(set.ids().map(|id| set.surface(id)));
        wired.iter().for_each(|link| classes.unite(link.expected, link.found));
        let mut named: BTreeMap<Port, Vec<(Local, Vec<Step>, bool)>> = BTreeMap::new();
        for id in set.ids() {
            let surface = set.surface(id);
            for (resource, paths) in surface.types.resources().zip(imported_at(surface)) {
                let local = Local { instance: id, resource };
                let mut maker: Option<String> = None;
                for path in paths {
                    let Some(name) = path.extern_name() else { continue };
                    let port = Port { instance: id, name: name.to_owned() };
                    // A second name in one import says nothing of others, in which it may be another resource.
                    if maker.as_deref() != Some(name) && open.contains(&port) {
                        let is_first = maker.is_none();
                        maker.get_or_insert_with(|| name.to_owned());
                        named.entry(port).or_default().push((local, path.steps[1..].to_vec(), is_first));
                    }
                }
            }
        }
        Self { classes, homes: BTreeMap::new(), named, slots: Vec::new() }
    }

    /// The imports that an import takes resources from: those that name them first.
    pub(super) fn taken_from(&self) -> BTreeMap<&Port, Vec<&Port>> {
        let named = || {
            self.named.iter().flat_map(|(port, named)| {
                named.iter().map(move |(local, _, is_first)| (port, *local, *is_first))
            })
        };
        let makers: BTreeMap<Local, &Port> =
            named().filter(|(.., is_first)| *is_first).map(|(port, local, _)| (local, port)).collect();
        let mut taken: BTreeMap<&Port, Vec<&Port>> = BTreeMap::new();
        for (port, local, _) in named().filter(|(.., is_first)| !is_first) {
            taken.entry(port).or_default().extend(makers.get(&local));
        }
        taken
    }

    /// A place in the whole for an import.
    pub(super) fn slot(&mut self) -> Slot {
        self.slots.push(self.slots.len());
        self.slots.len() - 1
    }

    /// Notes that an import has a place in the whole.
    pub(super) fn settle(&mut self, port: &Port, slot: Slot) {
        for (local, steps, is_first) in self.named.get(port).into_iter().flatten() {
            let homes = self.homes.entry(self.classes.class(*local)).or_default();
            let places = if *is_first { &mut homes.makers } else { &mut homes.uses };
            places.insert((slot, steps.clone()));
        }
    }

    /// What would have two origins if `from` became `into`, and all that is linked became one; what has two before is not
    /// told.
    pub(super) fn clash<'l>(&mut self, from: Slot, into: Slot, links: &'l [Link]) -> Option<Clash<'l>> {
        let mut parts = Parts::default();
        for link in links {
            let classes = [link.expected, link.found].map(|local| self.classes.class(local));
            parts.unite(classes, |class| self.homes_as(class, from, into));
        }
        let bad = parts.bad()?;
        // The first link from which on it is so, as far as the links before it tell.
        let mut parts = Parts::default();
        for link in links {
            let classes = [link.expected, link.found].map(|local| self.classes.class(local));
            parts.unite(classes, |class| self.homes_as(class, from, into));
            if let Some(slots) = parts.bad() {
                return Some(Clash { link, slots });
            }
        }
        Some(Clash { link: links.last()?, slots: bad })
    }

    /// Makes `into` of `from`, and one of all that is linked.
    pub(super) fn merge(&mut self, from: Slot, into: Slot, links: &[Link]) {
        self.slots[from] = into;
        for Link { expected, found, .. } in links {
            let classes = [*expected, *found].map(|local| self.classes.class(local));
            if classes[0] != classes[1] {
                let homes = classes.map(|class| self.homes.remove(&class).unwrap_or_default());
                self.classes.unite(*expected, *found);
                let united = self.homes.entry(self.classes.class(*expected)).or_default();
                homes.into_iter().for_each(|homes| united.add(homes));
            }
        }
    }

    /// Where a class is imported, once `from` is `into`.
    fn homes_as(&self, class: usize, from: Slot, into: Slot) -> Homes {
        let slot = |slot: Slot| if self.slots[slot] == from { into } else { self.slots[slot] };
        let places = |places: &BTreeSet<Place>| {
            places.iter().map(|(at, steps)| (slot(*at), steps.clone())).collect::<BTreeSet<Place>>()
        };
        self.homes.get(&class).map_or_else(Homes::default, |homes| Homes {
            makers: places(&homes.makers),
            uses: places(&homes.uses),
        })
    }
}

/// Classes that are united for a trial.
#[derive(Default)]
struct Parts {
    /// By class: the part that it is in.
    of: BTreeMap<usize, usize>,
    /// By part: the classes in it, where they are imported, and the most origins that one of them has by itself.
    parts: Vec<(Vec<usize>, Homes, usize)>,
}

impl Parts {
    fn unite(&mut self, classes: [usize; 2], homes: impl Fn(usize) -> Homes) {
        let [one, other] = classes.map(|class| self.part(class, &homes));
        if one == other {
            return;
        }
        let (classes, homes, most) = std::mem::take(&mut self.parts[other]);
        classes.iter().for_each(|class| _ = self.of.insert(*class, one));
        let into = &mut self.parts[one];
        into.0.extend(classes);
        into.1.add(homes);
        into.2 = into.2.max(most);
    }

    fn part(&mut self, class: usize, homes: impl Fn(usize) -> Homes) -> usize {
        *self.of.entry(class).or_insert_with(|| {
            let homes = homes(class);
            let origins = homes.origins().count();
            self.parts.push((vec![class], homes, origins));
            self.parts.len() - 1
        })
    }

    /// The slots of two origins of a part that has more of them than any of its classes had.
    fn bad(&self) -> Option<[Slot; 2]> {
        self.parts.iter().find_map(|(_, homes, most)| {
            let origins: Vec<&Place> = homes.origins().collect();
            match origins[..] {
                [one, .., other] if origins.len() > *most => Some([one.0, other.0]),
                _ => None,
            }
        })
    }
}
