//! Near misses: for an import that stays open or a component that is not used, what almost fits, and why it does not.

use super::compare::{Operand, compare};
use super::set::{Offer, Set};
use super::{InstanceId, Port};
use crate::diag::quoted;
use crate::model::{Item, ItemKind, ItemPath, LinkName, Side, Track};

/// How alike two names are: 0 not at all, 1 equal.
pub(super) fn likeness(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}

/// How many near misses are told of one thing: the best ones.
const MOST: usize = 3;

/// Why no export of the set meets an open import: the closest ones, best first.
pub(super) fn why_open(set: &Set<'_>, port: &Port) -> Vec<String> {
    let Some(item) = set.item(port.instance, Side::Import, &port.name) else { return Vec::new() };
    let mut found: Vec<(u32, String)> = set
        .all_offers()
        .filter(|(_, offer)| offer.instance != port.instance)
        .filter_map(|(name, offer)| reason(set, port, item, name, offer))
        .collect();
    found.sort();
    found.truncate(MOST);
    found.into_iter().map(|(_, text)| text).collect()
}

/// Why nobody takes the exports of an instance: the closest imports, best first.
pub(super) fn why_unused(set: &Set<'_>, id: InstanceId) -> Vec<String> {
    let mut found = Vec::new();
    for (export, item) in &set.surface(id).exports {
        let name = item.link_name(export);
        let offer = Offer { instance: id, export: export.clone() };
        for user in set.ids().filter(|user| *user != id) {
            for (import, wanted) in &set.surface(user).imports {
                let port = Port { instance: user, name: import.clone() };
                found.extend(reason(set, &port, wanted, &name, &offer));
            }
        }
    }
    found.sort();
    found.dedup();
    found.truncate(MOST);
    found.into_iter().map(|(_, text)| text).collect()
}

/// The one reason why an export does not meet an import, with its rank: the lower, the nearer.
fn reason(
    set: &Set<'_>,
    port: &Port,
    wanted: &Item,
    name: &LinkName,
    offer: &Offer,
) -> Option<(u32, String)> {
    let meaning = wanted.link_name(&port.name);
    let (user, provider) = (quoted(set.name(port.instance)), quoted(set.name(offer.instance)));
    let (import, export) = (quoted(&wanted.full_name(&port.name)), quoted(&offer.export));
    if meaning == *name {
        return None; // it fits by name: then it is wired, or a mismatch of its own
    }
    let found = set.item(offer.instance, Side::Export, &offer.export)?;
    match (&meaning.interface, &name.interface) {
        (Some(ours), Some(theirs)) if ours == theirs => {
            let text = if meaning.label != name.label {
                let as_label = |label: &Option<String>| {
                    label.as_ref().map_or("without a label".to_owned(), |label| {
                        format!("under the label {}", quoted(label))
                    })
                };
                format!(
                    "{provider} exports {} {}, {user} imports it {}: labels are never matched silently, choose it with a wire",
                    quoted(ours),
                    as_label(&name.label),
                    as_label(&meaning.label),
                )
            } else {
                other_track(&meaning.track, &name.track, &provider, &export, &user, &import)
            };
            Some((0, text))
        }
        _ if has_shape(set, port, wanted, offer, found) => Some((
            1,
            format!("{provider} exports {export}, which has the same shape as {import} under another name"),
        )),
        (Some(ours), Some(theirs)) if likeness(ours, theirs) > 0.93 => {
            Some((2, format!("{provider} exports {export}, which is named almost like {import}")))
        }
        _ => None,
    }
}

fn other_track(
    ours: &Track,
    theirs: &Track,
    provider: &str,
    export: &str,
    user: &str,
    import: &str,
) -> String {
    let why = match (ours, theirs) {
        (Track::Exact(_), _) | (_, Track::Exact(_)) => "a prerelease or 0.0.z matches only itself",
        (Track::Unversioned, _) | (_, Track::Unversioned) => {
            "a name with a version and one without never match"
        }
        _ => "they are on different tracks",
    };
    format!("{provider} exports {export}, {user} imports {import}: {why}")
}

/// Whether two instances have the same members with the same types; one without functions has no shape.
fn has_shape(set: &Set<'_>, port: &Port, wanted: &Item, offer: &Offer, found: &Item) -> bool {
    let (ItemKind::Instance(ours), ItemKind::Instance(theirs)) = (&wanted.kind, &found.kind) else {
        return false;
    };
    let has_function = ours.exports.values().any(|item| matches!(item.kind, ItemKind::Function(_)));
    has_function && ours.exports.len() == theirs.exports.len() && {
        let comparison = compare(
            Operand { surface: set.surface(port.instance), item: wanted },
            ItemPath::item(Side::Import, &port.name),
            Operand { surface: set.surface(offer.instance), item: found },
            ItemPath::item(Side::Export, &offer.export),
        );
        comparison.mismatches.is_empty()
    }
}
