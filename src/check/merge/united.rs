//! Which resources become one where imports are merged, and whether each of them still comes from one place then.
//!
//! Differs from `origin/`, which says of all wires together what is one: here it is asked before each merge, so that
//! only those are made that can be.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Port;
use crate::check::origin::{Classes, Homes, Link, Local, Made, Place, imported_at, named_in};
use crate::check::set::Set;
use crate::model::Step;

/// Imports of one full name: they have one place in the whole, of their own or merged with other ones.
pub(super) type Slot = usize;

/// Why two resources cannot be one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clash<'l> {
    /// What would unite them; nothing if one instance has it from both under two names.
    pub(super) link: Option<&'l Link>,
    /// Two slots that would each bring in what they became; one slot twice if it does so under two names.
    pub(super) slots: [Slot; 2],
}

/// The classes of resources while imports are merged.
pub(super) struct United {
    classes: Classes,
    homes: BTreeMap<usize, Homes>,
    /// By import that is left to the host: its resources.
    named: BTreeMap<Port, Vec<Named>>,
    /// By resource: where the first import that names it has its place.
    firsts: BTreeMap<Local, Place>,
    /// By resource whose first import has no place yet: where it is used.
    waiting: BTreeMap<Local, Vec<Place>>,
    /// By slot: its resources, before it was merged.
    locals: Vec<Vec<Local>>,
    /// By slot: the one that it was merged into, or itself.
    slots: Vec<Slot>,
}

/// A resource as an import names it.
struct Named {
    local: Local,
    /// The way within the import.
    steps: Vec<Step>,
    /// Whether no other import of the instance names it first.
    is_first: bool,
    /// Whether the import has functions of the resource.
    is_made: bool,
}

impl United {
    /// The resources of a set, united by its wires; `open` is what is left to the host.
    pub(super) fn new(set: &Set<'_>, open: &BTreeSet<&Port>, wired: &[Link]) -> Self {
        let mut classes = Classes::new(set.ids().map(|id| set.surface(id)));
        wired.iter().for_each(|link| classes.unite(link.expected, link.found));
        let mut named: BTreeMap<Port, Vec<Named>> = BTreeMap::new();
        for id in set.ids() {
            let surface = set.surface(id);
            let made = Made::of(surface);
            for (resource, paths) in surface.types.resources().zip(imported_at(surface)) {
                let local = Local { instance: id, resource };
                let places = named_in(id, paths, |port| open.contains(port));
                for (at, (port, path)) in places.into_iter().enumerate() {
                    let (steps, is_made) = (path.steps[1..].to_vec(), made.contains(&path));
                    named.entry(port).or_default().push(Named { local, steps, is_first: at == 0, is_made });
                }
            }
        }
        Self {
            classes,
            named,
            homes: BTreeMap::new(),
            firsts: BTreeMap::new(),
            waiting: BTreeMap::new(),
            locals: Vec::new(),
            slots: Vec::new(),
        }
    }

    /// The imports that an import takes resources from: those that name them first.
    pub(super) fn taken_from(&self) -> BTreeMap<&Port, Vec<&Port>> {
        let named = || {
            self.named
                .iter()
                .flat_map(|(port, named)| named.iter().map(move |named| (port, named.local, named.is_first)))
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
        self.locals.push(Vec::new());
        self.slots.len() - 1
    }

    /// Notes that an import has a place in the whole.
    pub(super) fn settle(&mut self, port: &Port, slot: Slot) {
        for Named { local, steps, is_first, is_made } in self.named.get(port).into_iter().flatten() {
            let homes = self.homes.entry(self.classes.class(*local)).or_default();
            let place = (slot, steps.clone());
            self.locals[slot].push(*local);
            if *is_first {
                homes.name(place.clone(), *is_made);
                let users = self.waiting.remove(local).unwrap_or_default();
                users.into_iter().for_each(|user| homes.use_from(place.clone(), user));
                self.firsts.insert(*local, place);
            } else if let Some(first) = self.firsts.get(local) {
                homes.use_from(first.clone(), place);
            } else {
                self.waiting.entry(*local).or_default().push(place);
            }
        }
    }

    /// What would have two origins if `from` became `into`, and all that is linked became one; what has two before is not
    /// told.
    pub(super) fn clash<'l>(&mut self, from: Slot, into: Slot, links: &'l [Link]) -> Option<Clash<'l>> {
        let mut parts = Parts::default();
        if from != into {
            for local in &self.locals[from] {
                let class = self.classes.class(*local);
                parts.part(class, |class| self.home(class, from, into));
            }
            if let Some((classes, slots)) = parts.bad() {
                let mut others = links.iter().filter(|_| slots[0] != slots[1]);
                let link = others.find(|link| classes.contains(&self.classes.class(link.expected)));
                return Some(Clash { link, slots });
            }
        }
        self.unite(&mut parts, links, from, into);
        let (_, slots) = parts.bad()?;
        // The first link from which on it is so, as far as the links before it tell.
        let mut parts = Parts::default();
        for link in links {
            self.unite(&mut parts, std::slice::from_ref(link), from, into);
            if let Some((_, slots)) = parts.bad() {
                return Some(Clash { link: Some(link), slots });
            }
        }
        Some(Clash { link: links.last(), slots })
    }

    fn unite(&mut self, parts: &mut Parts, links: &[Link], from: Slot, into: Slot) {
        for link in links {
            let classes = [link.expected, link.found].map(|local| self.classes.class(local));
            parts.unite(classes, |class| self.home(class, from, into));
        }
    }

    /// For imports that cannot be one although nothing links them: an instance has one resource from both, under two names.
    pub(super) fn named_twice<'u>(
        &self,
        ours: impl Iterator<Item = &'u Port> + Clone,
        theirs: impl Iterator<Item = &'u Port>,
    ) -> Option<[(&'u Port, &[Step]); 2]> {
        let named = |port| self.named.get(port).into_iter().flatten();
        let their_names: BTreeMap<Local, (&Port, &[Step])> =
            theirs.flat_map(|port| named(port).map(move |it| (it.local, (port, &it.steps[..])))).collect();
        ours.flat_map(|port| named(port).map(move |it| (port, it))).find_map(|(port, it)| {
            let theirs = their_names.get(&it.local)?;
            (theirs.1 != it.steps).then_some([(port, &it.steps[..]), *theirs])
        })
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

    /// Where a class is imported once `from` is `into`, and how many claim to be its origin by themselves: as few as before or after.
    fn home(&self, class: usize, from: Slot, into: Slot) -> (Homes, usize) {
        let Some(homes) = self.homes.get(&class) else { return (Homes::default(), 0) };
        let before = homes.moved(|slot| self.slots[slot]);
        let count = before.claims().len();
        if from == into {
            return (before, count);
        }
        let after = before.moved(|slot| if slot == from { into } else { slot });
        let count = count.min(after.claims().len());
        (after, count)
    }
}

/// Classes that are united for a trial.
#[derive(Default)]
struct Parts {
    /// By class: the part that it is in.
    of: BTreeMap<usize, usize>,
    /// By part: the classes in it, where they are imported, and how many claim to be the origin of one of them, at most.
    parts: Vec<(Vec<usize>, Homes, usize)>,
}

impl Parts {
    fn unite(&mut self, classes: [usize; 2], home: impl Fn(usize) -> (Homes, usize)) {
        let [one, other] = classes.map(|class| self.part(class, &home));
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

    fn part(&mut self, class: usize, home: impl Fn(usize) -> (Homes, usize)) -> usize {
        *self.of.entry(class).or_insert_with(|| {
            let (homes, claims) = home(class);
            self.parts.push((vec![class], homes, claims));
            self.parts.len() - 1
        })
    }

    /// A part of which more places claim to be the origin than of any of its classes: its classes, and two of these slots.
    fn bad(&self) -> Option<(&[usize], [Slot; 2])> {
        self.parts.iter().find_map(|(classes, homes, most)| {
            let claims = homes.claims();
            let slots = [claims.first()?.0, claims.last()?.0];
            (claims.len() > (*most).max(1)).then_some((&classes[..], slots))
        })
    }
}
