//! Near misses: for an import that stays open or a component that is not used, what almost fits, and why it does not.

mod miss;

pub(super) use self::miss::{Differing, Pair};

use std::collections::{BTreeMap, BTreeSet};

use self::miss::Miss;
use super::choose::{Choices, Chosen};
use super::inside::{KeptInside, kept_inside};
use super::offers::Offer;
use super::set::Set;
use super::{InstanceId, Port};
use crate::diag::quoted;
use crate::model::{Item, LinkName, Side};

/// How many near misses are told of one thing: the best ones.
pub(super) const MOST: usize = 3;

/// An import that almost takes an export of an instance which nobody uses.
#[derive(Clone, Debug)]
pub(super) struct Unused {
    pub(super) miss: Miss,
    /// The import.
    pub(super) port: Port,
}

/// Why no export of the set meets an open import: the closest ones, best first.
pub(super) fn why_open(set: &Set<'_>, port: &Port) -> Vec<Miss> {
    let Some(item) = set.item(port.instance, Side::Import, &port.name) else { return Vec::new() };
    if !set.has_patience() {
        return Vec::new();
    }
    let mut found: Vec<Miss> = set
        .all_offers()
        .filter(|(_, offer)| offer.instance != port.instance)
        .filter_map(|(name, offer)| reason(set, port, item, name, offer))
        .chain(set.ids().filter_map(|id| inside(set, port, item, id)))
        .collect();
    found.sort_by(|a, b| a.rank().cmp(&b.rank()));
    found.truncate(MOST);
    found
}

/// Why nobody takes the exports of an instance: the closest imports, best first.
pub(super) fn why_unused(set: &Set<'_>, id: InstanceId, choices: &Choices) -> Vec<Unused> {
    let mut found = Vec::new();
    for (export, item) in &set.surface(id).exports {
        let (name, offer) = (item.link_name(export), Offer { instance: id, export: export.clone() });
        for user in set.ids().filter(|user| *user != id && set.has_patience()) {
            for (import, wanted) in &set.surface(user).imports {
                let port = Port { instance: user, name: import.clone() };
                let miss = match wanted.link_name(import) == name {
                    true => outdone(set, &port, wanted, &offer, choices),
                    false => reason(set, &port, wanted, &name, &offer),
                };
                found.extend(miss.map(|miss| Unused { miss, port }));
            }
        }
    }
    found.sort_by(|a: &Unused, b| a.miss.rank().cmp(&b.miss.rank()));
    found.dedup_by(|a, b| a.miss.text == b.miss.text);
    found.truncate(MOST);
    found
}

/// Why somebody does not take an export that is as good as any by its name: another one is taken.
fn outdone(set: &Set<'_>, port: &Port, wanted: &Item, offer: &Offer, choices: &Choices) -> Option<Miss> {
    set.take_a_look().then_some(())?;
    let taken = match choices.of(port)? {
        Chosen::Offer(taken) if taken.instance == offer.instance => return None,
        Chosen::Offer(taken) => quoted(set.name(taken.instance)),
        Chosen::Host(_) => "the host".to_owned(),
        Chosen::Member { .. } | Chosen::Nobody => return None,
    };
    let found = set.item(offer.instance, Side::Export, &offer.export)?;
    let (user, provider) = (quoted(set.name(port.instance)), quoted(set.name(offer.instance)));
    let import = quoted(&wanted.full_name(&port.name));
    let is_chosen = choices.is_by_user(port);
    let text = match is_chosen {
        true => format!("{user} takes {import} from {taken}, as is chosen, and not from {provider}"),
        false => format!(
            "{user} takes {import} from {taken}, which has this very version: {provider} has {}",
            quoted(&found.full_name(&offer.export))
        ),
    };
    let fits = !is_chosen && Pair { set, port, wanted, offer, found }.fits();
    Some(Miss::outdone(text, fits.then(|| offer.clone())))
}

/// The imports that are met by an export of their very version, by what their name means.
pub(super) struct MetExactly(BTreeMap<LinkName, Vec<(InstanceId, String)>>);

/// Finds those of them that nobody chose.
pub(super) fn met_exactly(set: &Set<'_>, choices: &Choices) -> MetExactly {
    let mut met: BTreeMap<LinkName, Vec<(InstanceId, String)>> = BTreeMap::new();
    for (port, chosen) in &choices.ports {
        let item = set.item(port.instance, Side::Import, &port.name);
        if let (Chosen::Offer(_), Some(item), false) = (chosen, item, choices.is_by_user(port)) {
            let users = met.entry(item.link_name(&port.name)).or_default();
            users.push((port.instance, item.full_name(&port.name)));
        }
    }
    MetExactly(met)
}

impl MetExactly {
    /// Whether an instance has another version of one of them: it was outdone.
    pub(super) fn leaves_out(&self, set: &Set<'_>, id: InstanceId) -> bool {
        set.surface(id).exports.iter().any(|(export, item)| {
            let users = self.0.get(&item.link_name(export)).into_iter().flatten();
            let full_name = item.full_name(export);
            users.into_iter().any(|(user, wanted)| *user != id && *wanted != full_name)
        })
    }
}

/// Whether an instance almost provides one of the imports that stay open.
pub(super) fn almost_provides(set: &Set<'_>, id: InstanceId, open: &BTreeSet<&Port>) -> bool {
    set.surface(id).exports.iter().any(|(export, item)| {
        let (name, offer) = (item.link_name(export), Offer { instance: id, export: export.clone() });
        open.iter().take_while(|_| set.has_patience()).filter(|port| port.instance != id).any(|port| {
            let wanted = set.item(port.instance, Side::Import, &port.name);
            wanted.is_some_and(|wanted| reason(set, port, wanted, &name, &offer).is_some())
        })
    })
}

/// The one reason why an export does not meet an import.
fn reason(set: &Set<'_>, port: &Port, wanted: &Item, name: &LinkName, offer: &Offer) -> Option<Miss> {
    set.take_a_look().then_some(())?;
    let found = set.item(offer.instance, Side::Export, &offer.export)?;
    Pair { set, port, wanted, offer, found }.reason(name)
}

/// That an instance has what an import asks for inside, and keeps it to itself.
fn inside(set: &Set<'_>, port: &Port, wanted: &Item, id: InstanceId) -> Option<Miss> {
    if id == port.instance || !set.take_a_look() {
        return None;
    }
    let KeptInside { instance, interface } = kept_inside(set, id, &wanted.full_name(&port.name))?;
    let (holder, part) = (quoted(set.name(id)), quoted(&instance));
    let text = format!(
        "{part} inside of {holder} exports {}, and {holder} does not: `expose` it where {holder} is linked",
        quoted(&interface)
    );
    Some(Miss::inside(text))
}
