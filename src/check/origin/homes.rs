//! Where a resource is imported by the whole, and which of these places bring it in.
//!
//! Differs from `mod.rs`, which says which resources are one: here one of these is looked at, with all its places.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{InstanceId, Port};
use crate::model::{ItemPath, Step};

/// Where an import of the whole names a resource: the import, and the way within it.
pub(in crate::check) type Place = (usize, Vec<Step>);

/// The place of what an instance calls `path`, in an import of the whole.
pub(in crate::check) fn place(import: usize, path: &ItemPath) -> Place {
    (import, path.steps[1..].to_vec())
}

/// The imports of an instance that are left to the host and name one resource; `paths` are all its names.
///
/// A second name in the first of them is left out: it says nothing of others, in which it may be another resource.
pub(in crate::check) fn named_in(
    instance: InstanceId,
    paths: Vec<ItemPath>,
    is_open: impl Fn(&Port) -> bool,
) -> Vec<(Port, ItemPath)> {
    let port = |path: &ItemPath| Some(Port { instance, name: path.extern_name()?.to_owned() });
    let named = paths.into_iter().filter_map(|path| Some((port(&path)?, path)));
    let mut open = named.filter(|(port, _)| is_open(port));
    let Some(first) = open.next() else { return Vec::new() };
    let others: Vec<_> = open.filter(|(port, _)| *port != first.0).collect();
    std::iter::once(first).chain(others).collect()
}

/// The places of one resource.
#[derive(Clone, Debug, Default)]
pub(in crate::check) struct Homes {
    /// By place: those that use what is named there.
    users: BTreeMap<Place, BTreeSet<Place>>,
    /// Those where the import has functions of it: what is used from elsewhere has them there.
    makers: BTreeSet<Place>,
}

impl Homes {
    /// Notes a place that an instance names first, and whether that import has functions of the resource.
    pub(in crate::check) fn name(&mut self, place: Place, is_made: bool) {
        if is_made {
            self.makers.insert(place.clone());
        }
        self.users.entry(place).or_default();
    }

    /// Notes that an instance uses at one place what it names first at another one.
    pub(in crate::check) fn use_from(&mut self, first: Place, place: Place) {
        self.name(place.clone(), false);
        self.users.entry(first).or_default().insert(place);
    }

    /// Takes in the places of another one.
    pub(in crate::check) fn add(&mut self, other: Self) {
        for (place, users) in other.users {
            self.users.entry(place).or_default().extend(users);
        }
        self.makers.extend(other.makers);
    }

    /// The same where imports have become other ones.
    pub(in crate::check) fn moved(&self, to: impl Fn(usize) -> usize) -> Self {
        let moved = |(import, steps): &Place| (to(*import), steps.clone());
        let mut homes = Self::default();
        for (place, users) in &self.users {
            homes.users.entry(moved(place)).or_default().extend(users.iter().map(moved));
        }
        homes.makers = self.makers.iter().map(moved).collect();
        homes
    }

    /// The places that bring it in; there should be one.
    ///
    /// What one instance only uses from another import, another instance may take for that import's own: it comes from
    /// where nobody uses it from elsewhere. Of places that use it from each other in a circle, the first brings it in.
    pub(in crate::check) fn origins(&self) -> BTreeSet<&Place> {
        let all: Vec<&Place> = self.users.keys().collect();
        // Whoever starts last reaches what started before it, or is an origin.
        let mut starts = self.starts(&all);
        starts.reverse();
        self.starts(&starts).into_iter().collect()
    }

    /// Those of some places that none before them reach, over uses.
    fn starts<'h>(&'h self, places: &[&'h Place]) -> Vec<&'h Place> {
        let mut reached = BTreeSet::new();
        let mut starts = Vec::new();
        for place in places {
            if reached.insert(*place) {
                starts.push(*place);
            }
            let mut left = vec![*place];
            while let Some(place) = left.pop() {
                let users = self.users.get_key_value(place).into_iter().flat_map(elsewhere);
                left.extend(users.filter(|user| !self.makers.contains(user) && reached.insert(user)));
            }
        }
        starts
    }

    /// Of places in imports that are one thing of the host, those that bring it in: where the first import has functions of
    /// it, of which there are two if it has them under two names; else the first place.
    pub(in crate::check) fn of_one_thing<'p>(&self, places: &[&'p Place]) -> Vec<&'p Place> {
        let Some(first) = places.first() else { return Vec::new() };
        let of_first = places.iter().filter(|place| place.0 == first.0);
        let makers: BTreeSet<&Place> =
            of_first.filter(|place| self.makers.contains(**place)).copied().collect();
        if makers.is_empty() { vec![*first] } else { makers.into_iter().collect() }
    }

    /// The places that bring it in, and those that cannot say from where it comes, since they use it from each other.
    pub(in crate::check) fn claims(&self) -> BTreeSet<&Place> {
        let mut waits_for: BTreeMap<&Place, usize> = self.users.keys().map(|place| (place, 0)).collect();
        for user in self.users.iter().flat_map(elsewhere) {
            *waits_for.entry(user).or_default() += 1;
        }
        let free = waits_for.iter().filter(|(_, count)| **count == 0).map(|(place, _)| *place);
        let mut free: Vec<&Place> = free.collect();
        while let Some(place) = free.pop() {
            waits_for.remove(place);
            for user in self.users.get_key_value(place).into_iter().flat_map(elsewhere) {
                if let Some(count) = waits_for.get_mut(user) {
                    *count -= 1;
                    if *count == 0 {
                        free.push(user);
                    }
                }
            }
        }
        let mut claims = self.origins();
        claims.extend(waits_for.into_keys());
        claims
    }
}

/// The users of a place in other imports.
fn elsewhere<'h>((place, users): (&'h Place, &'h BTreeSet<Place>)) -> impl Iterator<Item = &'h Place> {
    users.iter().filter(|user| user.0 != place.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Place {
        let (import, name) = text.split_once('.').expect("IMPORT.NAME");
        (import.parse().expect("a number"), vec![Step::Item(name.to_owned())])
    }

    #[track_caller]
    fn check(uses: &[(&str, &str)], makers: &[&str], origins: &[&str], others: &[&str]) {
        let mut homes = Homes::default();
        for (first, user) in uses {
            homes.name(place(first), false);
            homes.use_from(place(first), place(user));
        }
        makers.iter().for_each(|maker| homes.name(place(maker), true));
        let places = |texts: &[&str]| texts.iter().map(|text| place(text)).collect::<BTreeSet<Place>>();
        let found = |found: BTreeSet<&Place>| found.into_iter().cloned().collect::<BTreeSet<Place>>();
        assert_eq!(found(homes.origins()), places(origins), "{uses:?} {makers:?}");
        assert_eq!(found(homes.claims()), places(&[origins, others].concat()), "{uses:?} {makers:?}");
    }

    #[test]
    fn a_use_takes_it_from_another_import() {
        check(&[("0.r", "1.r"), ("1.r", "2.r")], &[], &["0.r"], &[]);
        check(&[("2.r", "1.r"), ("1.r", "0.r")], &[], &["2.r"], &[]);
        check(&[("0.r", "1.r"), ("2.r", "1.r")], &[], &["0.r", "2.r"], &[]);
    }

    #[test]
    fn a_use_of_itself_takes_nothing_away() {
        check(&[("0.r", "0.r")], &[], &["0.r"], &[]);
        check(&[("0.r", "0.q")], &[], &["0.q", "0.r"], &[]);
    }

    #[test]
    fn a_circle_has_one_origin_and_several_claims() {
        check(&[("0.r", "1.r"), ("1.r", "0.r")], &[], &["0.r"], &["1.r"]);
        check(&[("2.r", "0.r"), ("0.r", "1.r"), ("1.r", "0.r")], &[], &["2.r"], &["0.r", "1.r"]);
    }

    #[test]
    fn what_has_functions_of_its_own_is_no_use() {
        check(&[("0.r", "1.r")], &["0.r"], &["0.r"], &[]);
        check(&[("0.r", "1.r")], &["1.r"], &["0.r", "1.r"], &[]);
        check(&[("0.r", "1.r"), ("1.r", "0.r")], &["1.r"], &["1.r"], &["0.r"]);
    }
}
