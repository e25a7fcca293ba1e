//! The exports of a set by what their names mean, and which of them could provide an import.
//!
//! Differs from `set.rs`, which knows the instances themselves. Thousands of instances may offer one name to thousands of
//! others: nothing here goes through all of them for each import.

use std::collections::BTreeMap;

use super::InstanceId;
use crate::diag::natural_order;
use crate::model::{LinkName, Surface};

/// One export that could provide an import.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Offer {
    pub(super) instance: InstanceId,
    pub(super) export: String,
}

/// A list of exports: an index into [`Offers::lists`].
type ListId = usize;

/// All exports of a set.
#[derive(Debug, Default)]
pub(super) struct Offers {
    /// By instance: its place in the order of names.
    ranks: Vec<usize>,
    /// Exports that are candidates for the same imports, by name of instance.
    lists: Vec<Vec<Offer>>,
    by_meaning: BTreeMap<LinkName, ListId>,
    /// Where several exports mean the same: those of each full name.
    by_full_name: BTreeMap<(ListId, String), ListId>,
}

/// The exports that could provide one import, by name of instance.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Candidates<'o> {
    /// What stands for the list that they are from: other imports may have it as well.
    pub(super) list: ListId,
    before: &'o [Offer],
    after: &'o [Offer],
}

impl Offers {
    /// The exports of instances, each given by its name and surface.
    pub(super) fn of<'a>(instances: impl Iterator<Item = (&'a str, &'a Surface)>) -> Self {
        let instances: Vec<(&str, &Surface)> = instances.collect();
        let mut sorted: Vec<usize> = (0..instances.len()).collect();
        sorted.sort_by(|a, b| natural_order(instances[*a].0, instances[*b].0));
        let mut offers = Self { ranks: vec![0; instances.len()], ..Self::default() };
        for (rank, at) in sorted.into_iter().enumerate() {
            offers.ranks[at] = rank;
            for (export, item) in &instances[at].1.exports {
                let offer = Offer { instance: InstanceId(at), export: export.clone() };
                let list = *offers.by_meaning.entry(item.link_name(export)).or_insert(offers.lists.len());
                match offers.lists.get_mut(list) {
                    Some(list) => list.push(offer),
                    None => offers.lists.push(vec![offer]),
                }
            }
        }
        offers.tell_versions_apart(&instances);
        offers
    }

    fn tell_versions_apart(&mut self, instances: &[(&str, &Surface)]) {
        for list in 0..self.lists.len() {
            if self.lists[list].len() < 2 {
                continue;
            }
            let mut versions: BTreeMap<String, Vec<Offer>> = BTreeMap::new();
            for offer in &self.lists[list] {
                let item = &instances[offer.instance.0].1.exports[&offer.export];
                versions.entry(item.full_name(&offer.export)).or_default().push(offer.clone());
            }
            for (name, offers) in versions {
                self.by_full_name.insert((list, name), self.lists.len());
                self.lists.push(offers);
            }
        }
    }

    /// All exports whose name means the same as `name`.
    pub(super) fn of_meaning(&self, name: &LinkName) -> &[Offer] {
        self.by_meaning.get(name).map_or(&[], |list| &self.lists[*list])
    }

    /// All exports, each with what its name means.
    pub(super) fn all(&self) -> impl Iterator<Item = (&LinkName, &Offer)> {
        self.by_meaning
            .iter()
            .flat_map(|(name, list)| self.lists[*list].iter().map(move |offer| (name, offer)))
    }

    /// The exports of others than `user` that mean `name`; if there are several, and one has the full name, only those
    /// that have it.
    pub(super) fn candidates(&self, user: InstanceId, name: &LinkName, full_name: &str) -> Candidates<'_> {
        let Some(list) = self.by_meaning.get(name) else { return Candidates::default() };
        let all = self.without(user, *list);
        if all.len() < 2 {
            return all;
        }
        let exact = self.by_full_name.get(&(*list, full_name.to_owned()));
        exact.map(|list| self.without(user, *list)).filter(|exact| exact.len() > 0).unwrap_or(all)
    }

    fn without(&self, user: InstanceId, list: ListId) -> Candidates<'_> {
        let (offers, rank) = (&self.lists[list], self.ranks[user.0]);
        let from = offers.partition_point(|offer| self.ranks[offer.instance.0] < rank);
        let to = offers.partition_point(|offer| self.ranks[offer.instance.0] <= rank);
        Candidates { list, before: &offers[..from], after: &offers[to..] }
    }
}

impl<'o> Candidates<'o> {
    pub(super) fn len(self) -> usize {
        self.before.len() + self.after.len()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = &'o Offer> {
        self.before.iter().chain(self.after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{InstanceType, Item, ItemKind};

    fn surface(exports: &[&str]) -> Surface {
        let item = || Item::plain(ItemKind::Instance(InstanceType::default()));
        let exports = exports.iter().map(|name| ((*name).to_owned(), item())).collect();
        Surface { exports, ..Surface::default() }
    }

    /// The instances that could provide `import` to `user`.
    fn found(offers: &Offers, user: usize, import: &str) -> Vec<usize> {
        let meaning = Item::plain(ItemKind::Instance(InstanceType::default())).link_name(import);
        let candidates = offers.candidates(InstanceId(user), &meaning, import);
        assert_eq!(candidates.iter().count(), candidates.len());
        candidates.iter().map(|offer| offer.instance.0).collect()
    }

    #[test]
    fn the_exact_version_is_first_and_nobody_provides_to_himself() {
        let (old, new, both) =
            (surface(&["a:b/i@1.0.0"]), surface(&["a:b/i@1.2.0"]), surface(&["a:b/i@1.0.0", "a:b/i@1.2.0"]));
        let none = surface(&[]);
        let offers = Offers::of([("b10", &old), ("b9", &new), ("a", &both), ("app", &none)].into_iter());
        assert_eq!(found(&offers, 3, "a:b/i@1.2.0"), [2, 1]);
        assert_eq!(found(&offers, 0, "a:b/i@1.0.0"), [2]);
        assert_eq!(found(&offers, 2, "a:b/i@1.0.0"), [0]);
        assert_eq!(found(&offers, 2, "a:b/i@1.1.0"), [1, 0]);
        assert_eq!(found(&offers, 3, "a:b/i@1.1.0"), [2, 2, 1, 0]);
        assert_eq!(found(&offers, 3, "a:b/i@2.0.0"), [0; 0]);
    }

    #[test]
    fn thousands_that_offer_one_name_cost_nobody_a_look_at_each() {
        let surface = surface(&["a:b/i@1.0.0"]);
        let names: Vec<String> = (0..30_000).map(|at| format!("p{at}")).collect();
        let offers = Offers::of(names.iter().map(|name| (name.as_str(), &surface)));
        let meaning = surface.exports["a:b/i@1.0.0"].link_name("a:b/i@1.0.0");
        for user in 0..names.len() {
            let candidates = offers.candidates(InstanceId(user), &meaning, "a:b/i@1.0.0");
            assert_eq!(candidates.len(), names.len() - 1);
        }
    }
}
