//! Imports that several instances could provide: who would provide each of them if nobody is to need himself.
//!
//! Differs from `mod.rs`, which decides: nothing here is decided for the user, but what he is advised must link, and what
//! follows from an import without a choice is not to be told as if he had made it.

use std::collections::{BTreeMap, BTreeSet};

use super::chains::chain_name;
use super::{Choices, Chosen};
use crate::check::offers::{Candidates, Offer};
use crate::check::set::Set;
use crate::check::{InstanceId, Port};
use crate::diag::natural_order;
use crate::model::Side;

/// How many of the instances that could provide one import are looked at: beyond that nobody reads them.
const MOST_OFFERS: usize = 16;

/// Of more imports than this, nobody asks who would provide each.
const MOST_IMPORTS: usize = 100;

/// An import that two or more instances could provide.
#[derive(Clone, Debug)]
pub(in crate::check) struct Ambiguity {
    pub(in crate::check) port: Port,
    /// The first of what could provide it, by name of instance.
    pub(in crate::check) offers: Vec<Offer>,
    /// How many could.
    pub(in crate::check) count: usize,
}

/// Imports that the same instances could provide, but for those among them that import it as well.
#[derive(Clone, Debug)]
pub(in crate::check) struct Knot {
    /// Those that import what they offer come first, in the order of a chain; by name.
    pub(in crate::check) offers: Vec<Offer>,
    /// How many of them import what they offer.
    pub(in crate::check) passing_on: usize,
    pub(in crate::check) ports: Vec<Port>,
    /// Who would provide each without a circle, as far as it was asked and there is one.
    pub(in crate::check) settled: BTreeMap<Port, Offer>,
    /// Where a chain links them, what it calls their interface: all but the layers take it from the first.
    pub(in crate::check) chain: Option<String>,
    /// Whether the next of the layers is who provides it, as far as it was asked.
    is_chain: bool,
}

impl Ambiguity {
    pub(super) fn of(port: &Port, candidates: Candidates<'_>) -> Self {
        let offers = candidates.iter().take(MOST_OFFERS).cloned().collect();
        Self { port: port.clone(), offers, count: candidates.len() }
    }
}

/// The knots of all ambiguous imports, in the order of the first import of each.
pub(super) fn knots(set: &Set<'_>, choices: &Choices, ambiguous: &[Ambiguity]) -> Vec<Knot> {
    let mut places: BTreeMap<Vec<Offer>, usize> = BTreeMap::new();
    let mut knots: Vec<Knot> = Vec::new();
    for ambiguity in ambiguous {
        let offers = all_offers(set, ambiguity);
        let at = *places.entry(offers.clone()).or_insert(knots.len());
        match knots.get_mut(at) {
            Some(knot) => knot.ports.push(ambiguity.port.clone()),
            None => knots.push(Knot::new(set, offers, ambiguity)),
        }
    }
    if ambiguous.len() <= MOST_IMPORTS {
        let mut needs = Needs::without(set, choices, ambiguous);
        for knot in &mut knots {
            knot.settle(&mut needs);
        }
    }
    for knot in knots.iter_mut().filter(|knot| knot.is_chain) {
        let layers: Vec<InstanceId> = knot.offers.iter().map(|offer| offer.instance).collect();
        knot.chain = chain_name(set, &layers, &knot.ports);
    }
    knots
}

/// What could provide an import, with the user itself if it offers the same to others: in one order for all users.
fn all_offers(set: &Set<'_>, Ambiguity { port, offers, count }: &Ambiguity) -> Vec<Offer> {
    let mut all = offers.clone();
    let item = set.item(port.instance, Side::Import, &port.name).filter(|_| *count <= offers.len());
    if let Some(meaning) = item.map(|item| item.link_name(&port.name)) {
        let exports = set.surface(port.instance).exports.iter();
        let own = exports.filter(|(name, item)| item.link_name(name) == meaning);
        all.extend(own.map(|(name, _)| Offer { instance: port.instance, export: name.clone() }));
    }
    all.sort_by(|a, b| natural_order(set.name(a.instance), set.name(b.instance)));
    all
}

impl Knot {
    fn new(set: &Set<'_>, offers: Vec<Offer>, first: &Ambiguity) -> Self {
        let passes_on = |offer: &Offer| {
            let item = set.item(offer.instance, Side::Export, &offer.export);
            let meaning = item.map(|item| item.link_name(&offer.export));
            let mut imports = set.surface(offer.instance).imports.iter();
            imports.any(|(name, item)| Some(item.link_name(name)) == meaning)
        };
        let (mut middle, ends): (Vec<Offer>, Vec<Offer>) = offers.into_iter().partition(passes_on);
        let passing_on = middle.len();
        let is_whole = first.count <= first.offers.len();
        middle.extend(ends);
        Self {
            offers: middle,
            passing_on,
            ports: vec![first.port.clone()],
            settled: BTreeMap::new(),
            chain: None,
            is_chain: passing_on > 0 && is_whole,
        }
    }

    /// The place of an instance among those that could provide it.
    fn layer(&self, id: InstanceId) -> Option<usize> {
        self.offers.iter().position(|offer| offer.instance == id)
    }

    /// Gives each import the first provider that leads into no circle, of layers the next ones.
    fn settle(&mut self, needs: &mut Needs) {
        let mut ports = self.ports.clone();
        ports.sort_by_key(|port| self.layer(port.instance).is_none());
        for port in ports {
            let next = self.layer(port.instance).map_or(0, |at| at + 1);
            let mut left = self.offers[next..].iter();
            let found = left.find(|offer| !needs.reach(offer.instance, port.instance)).cloned();
            self.is_chain &= found.as_ref() == self.offers.get(next);
            if let Some(offer) = found {
                needs.add(port.instance, offer.instance);
                self.settled.insert(port, offer);
            }
        }
    }

    /// Whether a report of a user of it says all that one of this port would say: this one is a layer of its chain.
    pub(super) fn is_told_elsewhere(&self, port: &Port) -> bool {
        let is_layer = |port: &Port| self.layer(port.instance).is_some();
        self.chain.is_some() && is_layer(port) && !self.ports.iter().all(is_layer)
    }
}

/// Which instance needs which.
struct Needs(Vec<BTreeSet<InstanceId>>);

impl Needs {
    /// What follows from all imports but the ambiguous ones.
    fn without(set: &Set<'_>, choices: &Choices, ambiguous: &[Ambiguity]) -> Self {
        let ambiguous: BTreeSet<&Port> = ambiguous.iter().map(|ambiguity| &ambiguity.port).collect();
        let mut needs = Self(vec![BTreeSet::new(); set.ids().count()]);
        for (port, chosen) in &choices.ports {
            if let (Chosen::Offer(offer), false) = (chosen, ambiguous.contains(port)) {
                needs.add(port.instance, offer.instance);
            }
        }
        needs
    }

    fn add(&mut self, user: InstanceId, provider: InstanceId) {
        self.0[user.0].insert(provider);
    }

    /// Whether one instance needs another one, or is it.
    fn reach(&self, from: InstanceId, to: InstanceId) -> bool {
        let (mut seen, mut left) = (BTreeSet::from([from]), vec![from]);
        while let Some(id) = left.pop() {
            if id == to {
                return true;
            }
            left.extend(self.0[id.0].iter().filter(|next| seen.insert(**next)));
        }
        false
    }
}
