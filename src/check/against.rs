//! Asks whether a component or a world fits a target: it imports no more than the target does, and exports no less.
//!
//! Differs from `fit.rs`: there an export meets an import, here two components, or worlds, are held side by side.

use super::compare::{Operand, compare};
use super::diagnostics::{ExcessImports, MissingExports, TargetLacks, TargetMismatch, UnknownTarget};
use super::{Difference, Mismatch, choose::used_from};
use crate::diag::Run;
use crate::load::{Component, Inputs, Interface, World};
use crate::model::{Item, ItemPath, Items, Side, Surface};
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
    for (name, item) in &ours.imports {
        match counterpart(&theirs.imports, name, item) {
            Some(found) => differences.push(compared(ours, (name, item), theirs, found, Side::Import)),
            // What matters of a type that a world uses is the import that it comes from.
            None if used_from(ours, item).is_none() => excess.push(name.clone()),
            None => {}
        }
    }
    for (name, item) in &theirs.exports {
        match counterpart(&ours.exports, name, item) {
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

/// The item that a name means on the other side: of the same name, else on the same track.
fn counterpart<'s>(items: &'s Items, name: &str, item: &Item) -> Option<(&'s str, &'s Item)> {
    if let Some((name, found)) = items.get_key_value(name) {
        return Some((name, found));
    }
    let wanted = item.link_name(name);
    let found = items.iter().find(|(name, item)| item.link_name(name) == wanted)?;
    Some((found.0, found.1))
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
