//! What changed in one pair of items: all that is gone, new or another, and whom it breaks.
//!
//! Differs from `compare/`, which looks one way: here what the old one has is looked for in the new one, and the other way
//! round.

use super::{Audience, Change, ChangeKind, Role};
use crate::check::choose::alias_of;
use crate::check::compare::{Comparison, Operand, compare};
use crate::check::diagnostics::path_text;
use crate::check::{Difference, Mismatch};
use crate::diag::quoted;
use crate::model::{Item, ItemKind, ItemPath, ResourceId, Side, Step, Surface};

/// An item in its two states; one may be missing.
pub(super) struct Pair<'s> {
    pub(super) role: Role,
    pub(super) side: Side,
    pub(super) old: (&'s Surface, Option<(&'s String, &'s Item)>),
    pub(super) new: (&'s Surface, Option<(&'s String, &'s Item)>),
}

impl Pair<'_> {
    pub(super) fn changes(&self) -> Vec<Change> {
        let ((old, before), (new, after)) = (self.old, self.new);
        let (Some((old_name, old_item)), Some((new_name, new_item))) = (before, after) else {
            return self.whole().into_iter().collect();
        };
        let old_at = ItemPath::item(self.side, old_name);
        let new_at = ItemPath::item(self.side, new_name);
        let (ours, theirs) =
            (Operand { surface: old, item: old_item }, Operand { surface: new, item: new_item });
        let lost = compare(ours, old_at.clone(), theirs, new_at.clone());
        let gained = compare(theirs, new_at.clone(), ours, old_at.clone());
        let mut changes = Vec::new();
        let is_missing = |mismatch: &&Mismatch| matches!(mismatch.difference, Difference::Missing { .. });
        let removed: Vec<&Mismatch> = lost.mismatches.iter().filter(is_missing).collect();
        let added: Vec<&Mismatch> = gained.mismatches.iter().filter(is_missing).collect();
        // What changed in a type that an interface only uses is told where the type is defined.
        let is_used = |mismatch: &Mismatch| {
            self.is_used(old, (old_name, old_item), mismatch)
                && self.is_used(new, (new_name, new_item), mismatch)
        };
        let is_own = |mismatch: &&Mismatch| !is_used(mismatch);
        for mismatch in lost.mismatches.iter().filter(|it| !is_missing(it)).filter(is_own) {
            changes.push(self.changed(mismatch));
        }
        for mismatch in &removed {
            let hint = renamed(mismatch, &added, (old, old_item), (new, new_item));
            changes.push(self.gone(mismatch, hint));
        }
        changes.extend(added.iter().map(|mismatch| self.come(mismatch)));
        changes.extend(self.moved_resources(&lost));
        changes.extend(self.renumbered((old_name, old_item), (new_name, new_item)));
        changes
    }

    /// The item as a whole, where it is there on one side only.
    fn whole(&self) -> Option<Change> {
        let name = |state: Option<(&String, &Item)>| state.map(|(name, _)| ItemPath::item(self.side, name));
        let text = |state: Option<(&String, &Item)>| {
            state.map(|(name, item)| format!("{} {}", item.kind.noun(), item.full_name(name)))
        };
        let (before, after) = (self.old.1, self.new.1);
        let kind = match (before, after) {
            (Some(_), None) => ChangeKind::Removed,
            (None, Some(_)) => ChangeKind::Added,
            _ => return None,
        };
        let edge = Some(ItemPath { side: self.side, steps: Vec::new() });
        let is_for_nobody =
            self.side == Side::Import && after.is_some_and(|(_, item)| self.new.0.only_describes(item));
        Some(Change {
            kind,
            piece: String::new(),
            before: text(before),
            after: text(after),
            // A new import that only says how values look needs no provider.
            breaks: if is_for_nobody { Vec::new() } else { self.breaks(kind) },
            hint: None,
            old_at: name(before).or_else(|| edge.clone()),
            new_at: name(after).or(edge),
        })
    }

    fn changed(&self, mismatch: &Mismatch) -> Change {
        let (before, after) = states(&mismatch.difference);
        self.change(ChangeKind::Changed, mismatch, Some(before), Some(after))
    }

    fn gone(&self, mismatch: &Mismatch, hint: Option<String>) -> Change {
        let what = noun(&mismatch.difference);
        Change { hint, ..self.change(ChangeKind::Removed, mismatch, Some(what), None) }
    }

    fn come(&self, mismatch: &Mismatch) -> Change {
        let what = noun(&mismatch.difference);
        let change = self.change(ChangeKind::Added, mismatch, None, Some(what));
        // It was looked for the other way round.
        Change { old_at: change.new_at, new_at: change.old_at, ..change }
    }

    fn change(
        &self,
        kind: ChangeKind,
        mismatch: &Mismatch,
        before: Option<String>,
        after: Option<String>,
    ) -> Change {
        Change {
            kind,
            piece: path_text(&mismatch.path),
            before,
            after,
            breaks: self.breaks(kind),
            hint: None,
            old_at: Some(mismatch.expected_at.clone()),
            new_at: Some(mismatch.found_at.clone()),
        }
    }

    /// Whom a change breaks that was built for the old one, or has to do with both.
    fn breaks(&self, kind: ChangeKind) -> Vec<Audience> {
        use Audience::{Callers, Hosts, Implementers};
        use ChangeKind::{Added, Changed, Removed};
        match (self.role, self.side, kind) {
            (Role::Interface, _, Removed) => vec![Callers],
            (Role::Interface, _, Added) => Vec::new(),
            (Role::Interface, _, Changed) => vec![Callers, Implementers],
            (Role::World, Side::Import, Removed) => vec![Implementers],
            (Role::World, Side::Import, Added) => vec![Hosts],
            (Role::World, Side::Import, Changed) => vec![Implementers, Hosts],
            (Role::World, Side::Export, Removed) => vec![Callers],
            (Role::World, Side::Export, Added) => vec![Implementers],
            (Role::World, Side::Export, Changed) => vec![Callers, Implementers],
            (Role::Component, Side::Import, Removed) => Vec::new(),
            (Role::Component, Side::Import, Added | Changed) => vec![Hosts],
            (Role::Component, Side::Export, Removed | Changed) => vec![Callers],
            (Role::Component, Side::Export, Added) => Vec::new(),
        }
    }

    /// Whether a difference is in a type that an instance has from an interface that is imported, or that is another one of
    /// the same package.
    fn is_used(&self, surface: &Surface, (own, item): (&String, &Item), mismatch: &Mismatch) -> bool {
        let (ItemKind::Instance(instance), Some(Step::Item(name))) = (&item.kind, mismatch.path.steps.get(1))
        else {
            return false;
        };
        let is_elsewhere = |origin: &ItemPath| {
            origin.side == Side::Import
                || (self.role == Role::Interface && origin.extern_name() != Some(own.as_str()))
        };
        instance.exports.get(name).and_then(|member| alias_of(surface, member)).is_some_and(is_elsewhere)
    }

    /// Resources of one name that come from another interface than before: other types, to whoever passes them on.
    fn moved_resources(&self, lost: &Comparison) -> Vec<Change> {
        let mut moved: Vec<Change> = Vec::new();
        for pair in &lost.resources {
            let before = home(self.old.0, pair.expected);
            let after = home(self.new.0, pair.found);
            let (Some(before), Some(after)) = (before, after) else { continue };
            let path = |at: &ItemPath| {
                let name = at.extern_name().unwrap_or_default();
                (at.side, name.split('@').next().unwrap_or_default().to_owned())
            };
            if path(&before) == path(&after) {
                continue;
            }
            let text = |at: &ItemPath, own: Option<(&String, &Item)>| {
                let name = at.extern_name().unwrap_or_default();
                let is_own = self.role != Role::Interface || own.is_some_and(|(own, _)| own == name);
                let how = match at.side {
                    Side::Export if is_own => "made for",
                    Side::Import | Side::Export => "imported from",
                };
                format!("{how} {name}")
            };
            let change = Change {
                kind: ChangeKind::Changed,
                piece: path_text(&pair.path),
                before: Some(text(&before, self.old.1)),
                after: Some(text(&after, self.new.1)),
                breaks: self.breaks(ChangeKind::Changed),
                hint: None,
                old_at: Some(before),
                new_at: Some(after),
            };
            if !moved.iter().any(|other| other.old_at == change.old_at && other.new_at == change.new_at) {
                moved.push(change);
            }
        }
        moved
    }

    /// A name on another track: nobody who asks for the old one gets the new one.
    fn renumbered(&self, old: (&String, &Item), new: (&String, &Item)) -> Option<Change> {
        let name = |(name, item): (&String, &Item)| item.full_name(name);
        let is_same = old.1.link_name(old.0) == new.1.link_name(new.0);
        // The interfaces of a package bear its version, which is told for all of them together.
        (!is_same && self.role != Role::Interface).then(|| Change {
            kind: ChangeKind::Changed,
            piece: String::new(),
            before: Some(name(old)),
            after: Some(name(new)),
            breaks: self.breaks(ChangeKind::Changed),
            hint: None,
            old_at: Some(ItemPath::item(self.side, old.0)),
            new_at: Some(ItemPath::item(self.side, new.0)),
        })
    }
}

/// The function that one that is gone was probably renamed to: of the same type, under a similar name or as the only one.
fn renamed(
    gone: &Mismatch,
    added: &[&Mismatch],
    (old, old_item): (&Surface, &Item),
    (new, new_item): (&Surface, &Item),
) -> Option<String> {
    let member = |item: &Item, mismatch: &Mismatch| -> Option<(String, Item)> {
        let ItemKind::Instance(instance) = &item.kind else { return None };
        let [_, Step::Item(name)] = mismatch.path.steps.as_slice() else { return None };
        let member = instance.exports.get(name)?;
        matches!(member.kind, ItemKind::Function(_)).then(|| (name.clone(), member.clone()))
    };
    let (name, function) = member(old_item, gone)?;
    let same: Vec<String> = added
        .iter()
        .filter_map(|mismatch| member(new_item, mismatch))
        .filter(|(_, other)| {
            let at = |name: &str| ItemPath::item(Side::Export, name);
            let ours = Operand { surface: old, item: &function };
            let theirs = Operand { surface: new, item: other };
            compare(ours, at(&name), theirs, at(&name)).mismatches.is_empty()
        })
        .map(|(other, _)| other)
        .collect();
    let alike = same.iter().find(|other| strsim::jaro_winkler(&name, other) > 0.85);
    let found = alike.or(if same.len() == 1 { same.first() } else { None })?;
    Some(format!("{} is new and has the same type: is it renamed?", quoted(found)))
}

/// What is there in both states, as WIT.
fn states(difference: &Difference) -> (String, String) {
    let word = |yes: bool, word: &str, other: &str| if yes { word.to_owned() } else { other.to_owned() };
    match difference {
        Difference::Missing { noun } => ((*noun).to_owned(), "nothing".to_owned()),
        Difference::Kind { expected, found } => ((*expected).to_owned(), (*found).to_owned()),
        Difference::Type { expected, found } => (expected.clone(), found.clone()),
        Difference::Async { expected } => {
            (word(*expected, "async", "not async"), word(!*expected, "async", "not async"))
        }
        Difference::Names { noun, expected, found } => {
            let show = |names: &[String]| match names {
                [] => format!("no {noun}"),
                _ => format!("{noun} {}", names.join(", ")),
            };
            (show(expected), show(found))
        }
        Difference::ExternalId { expected, found } => {
            let show = |id: &Option<String>| id.clone().unwrap_or_else(|| "no external id".to_owned());
            (show(expected), show(found))
        }
        Difference::Result { expected } => {
            (word(*expected, "a result", "no result"), word(!*expected, "a result", "no result"))
        }
    }
}

fn noun(difference: &Difference) -> String {
    match difference {
        Difference::Missing { noun } => (*noun).to_owned(),
        Difference::Kind { .. }
        | Difference::Type { .. }
        | Difference::Async { .. }
        | Difference::Names { .. }
        | Difference::ExternalId { .. }
        | Difference::Result { .. } => String::new(),
    }
}

/// Where a resource is named first: by an import, or else by an export, which makes it.
fn home(surface: &Surface, resource: ResourceId) -> Option<ItemPath> {
    if let Some(name) = surface.types.resource_name(resource) {
        return Some(name.clone());
    }
    let named = |side: Side| {
        surface.side(side).iter().find_map(|(name, item)| {
            let path = ItemPath::item(side, name);
            let ItemKind::Instance(instance) = &item.kind else { return None };
            instance.exports.iter().find_map(|(member, item)| {
                let ItemKind::Type(id) = item.kind else { return None };
                let is_it = surface.types.resource(id) == Some(resource);
                is_it.then(|| path.then(Step::Item(member.clone())))
            })
        })
    };
    named(Side::Import).or_else(|| named(Side::Export))
}
