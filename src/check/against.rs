//! Asks whether a component or a world fits a target: it imports no more than the target does, and exports no less.
//!
//! Differs from `fit.rs`: there an export meets an import, here two components, or worlds, are held side by side.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::compare::{Operand, compare};
use super::diagnostics::{ExcessImports, MissingExports, TargetLacks, TargetMismatch, UnknownTarget};
use super::{Difference, Mismatch, choose::used_from};
use crate::diag::Run;
use crate::load::{Component, Inputs, Interface, World};
use crate::model::{Item, ItemPath, Items, LinkName, Side, Surface};
use crate::source::{SourceMap, Span};

/// One of the two that are held side by side.
pub(super) enum Party<'i> {
    Component(&'i mut Component),
    World(&'i World),
    Interface(&'i Interface),
}

impl Party<'_> {
    pub(super) fn surface(&self) -> &Surface {
        match self {
            Self::Component(component) => &component.surface,
            Self::World(world) => &world.surface,
            Self::Interface(interface) => &interface.surface,
        }
    }

    pub(super) fn span(&mut self, sources: &mut SourceMap, path: &ItemPath) -> Span {
        match self {
            Self::Component(component) => component.span(sources, path),
            Self::World(world) => world.span(path),
            Self::Interface(interface) => interface.span(path),
        }
    }
}

/// Holds each input against the target that `name` means: the one component or world of `targets`, or the world of that
/// name.
pub fn fit_against(inputs: &mut Inputs, name: &str, targets: &mut Inputs, run: &mut Run) {
    let named = |world: &&World| world.is_named(name);
    let worlds: Vec<&World> = targets.wit.iter().flat_map(|package| &package.worlds).collect();
    let named: Vec<&World> = worlds.iter().copied().filter(named).collect();
    let mut target = match (targets.components.as_mut_slice(), named.as_slice(), worlds.as_slice()) {
        ([component], ..) => Party::Component(component),
        (_, [world], _) | (_, [], [world]) => Party::World(world),
        _ => {
            let worlds = worlds.iter().map(|world| world.name.clone()).collect();
            run.diagnostics.report(UnknownTarget { name: name.to_owned(), worlds });
            return;
        }
    };
    for component in &mut inputs.components {
        fits(&mut Party::Component(component), &mut target, run);
    }
    for world in inputs.wit.iter().flat_map(|package| &package.worlds) {
        fits(&mut Party::World(world), &mut target, run);
    }
}

fn fits<'i>(subject: &mut Party<'i>, target: &mut Party<'i>, run: &mut Run) {
    let (ours, theirs) = (subject.surface(), target.surface());
    let mut excess = Vec::new();
    let mut missing = Vec::new();
    let mut differences = Vec::new();
    let offered = Offered::new(&theirs.imports);
    for (name, item) in &ours.imports {
        match offered.counterpart(name, item) {
            Some(found) => differences.push(compared(ours, (name, item), theirs, found, Side::Import)),
            // What matters of a type that a world uses is the import that it comes from.
            None if used_from(ours, item).is_some() || ours.only_describes(item) => {}
            None => excess.push(name.clone()),
        }
    }
    let offered = Offered::new(&ours.exports);
    for (name, item) in &theirs.exports {
        match offered.counterpart(name, item) {
            Some(found) => differences.push(compared(theirs, (name, item), ours, found, Side::Export)),
            None => missing.push(name.clone()),
        }
    }
    if !excess.is_empty() {
        ExcessImports { imports: &excess }.report(subject, target, run);
    }
    if !missing.is_empty() {
        MissingExports { exports: &missing }.report(subject, target, run);
    }
    for mismatches in differences {
        let is_missing = |mismatch: &&Mismatch| matches!(mismatch.difference, Difference::Missing { .. });
        let (missing, others): (Vec<&Mismatch>, Vec<&Mismatch>) = mismatches.iter().partition(is_missing);
        if !missing.is_empty() {
            TargetLacks { mismatches: &missing }.report(subject, target, run);
        }
        for mismatch in others {
            TargetMismatch { mismatch }.report(subject, target, run);
        }
    }
}

/// The items of one side, to be found by what their names mean.
struct Offered<'s> {
    items: &'s Items,
    /// Of each link name the first item; made when a name is not there as it is.
    by_link_name: OnceCell<BTreeMap<LinkName, (&'s str, &'s Item)>>,
}

impl<'s> Offered<'s> {
    fn new(items: &'s Items) -> Self {
        Self { items, by_link_name: OnceCell::new() }
    }

    /// The item that a name means on this side: of the same name, else on the same track.
    fn counterpart(&self, name: &str, item: &Item) -> Option<(&'s str, &'s Item)> {
        if let Some((name, found)) = self.items.get_key_value(name) {
            return Some((name, found));
        }
        let by_link_name = || {
            let mut found = BTreeMap::new();
            for (name, item) in self.items {
                found.entry(item.link_name(name)).or_insert((name.as_str(), item));
            }
            found
        };
        self.by_link_name.get_or_init(by_link_name).get(&item.link_name(name)).copied()
    }
}

/// How an item differs from the one that is expected.
fn compared(
    expected: &Surface,
    (name, item): (&String, &Item),
    found: &Surface,
    (found_name, found_item): (&str, &Item),
    side: Side,
) -> Vec<Mismatch> {
    let expected = Operand { surface: expected, item };
    let found = Operand { surface: found, item: found_item };
    compare(expected, ItemPath::item(side, name), found, ItemPath::item(side, found_name)).mismatches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKind, Primitive, ValueType};

    fn items(names: impl Iterator<Item = String>) -> Items {
        let item = || Item::plain(ItemKind::Value(ValueType::Primitive(Primitive::Bool)));
        names.map(|name| (name, item())).collect()
    }

    #[test]
    fn any_number_of_items_is_found_in_the_time_that_it_takes_to_name_them() {
        // Were each looked for among all, their names would be taken apart eight hundred million times.
        const COUNT: usize = 20_000;
        let of = |patch: usize| items((0..COUNT).map(move |at| format!("a:b{at}/c@1.0.{patch}")));
        let (ours, theirs) = (of(0), of(1));
        let offered = Offered::new(&theirs);
        let found = |(at, (name, item)): (usize, (&String, &Item))| {
            offered.counterpart(name, item).is_some_and(|(name, _)| name == format!("a:b{at}/c@1.0.1"))
        };
        assert!(ours.iter().enumerate().all(found));
    }

    #[test]
    fn of_two_on_one_track_the_first_is_meant() {
        let theirs = items(["a:b/c@1.2.0", "a:b/c@1.3.0", "x"].into_iter().map(str::to_owned));
        let offered = Offered::new(&theirs);
        let ask = |name: &str| offered.counterpart(name, &theirs["x"]).map(|(name, _)| name.to_owned());
        assert_eq!(ask("a:b/c@1.3.0").as_deref(), Some("a:b/c@1.3.0"));
        assert_eq!(ask("a:b/c@1.1.0").as_deref(), Some("a:b/c@1.2.0"));
        assert_eq!(ask("a:b/c@2.0.0"), None);
    }
}
