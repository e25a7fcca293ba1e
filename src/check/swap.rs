//! Asks whether a component can take the place of one that is part of a composition.
//!
//! Differs from `fit.rs`, which looks at the wires of a composition before it is linked: here they are fixed, and only
//! one of their ends is new.

use std::collections::{BTreeMap, BTreeSet};

use super::Mismatch;
use super::compare::{Operand, compare};
use super::diagnostics::{UnfitReplacement, UnknownPart};
use crate::config::Spanned;
use crate::diag::{Run, quoted};
use crate::load::{Component, ReadBack, Rename};
use crate::model::{
    GraphComponent, GraphInstance, GraphItem, GraphSource, InterfaceName, Item, ItemPath, Side, Sort, Surface,
};

/// A part of a composition that is to be replaced.
#[derive(Clone, Copy, Debug)]
pub struct Swap<'a> {
    /// The composition.
    pub whole: &'a Component,
    /// How it is put together.
    pub read: &'a ReadBack,
    /// The name of the instance, as the user wrote it.
    pub name: &'a Spanned<String>,
    /// The names of all instances that get the same file.
    pub together: &'a [&'a str],
}

/// A reason why a component does not fit, and where in it, if it is about a piece of it.
pub(super) struct Reason {
    pub(super) at: Option<ItemPath>,
    pub(super) text: String,
}

/// What changes in a composition for a new component.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The component of the graph whose place it takes.
    pub component: usize,
    /// The names along whose tracks it fits.
    pub renames: Vec<Rename>,
}

/// What changes for `new`; `None` if it does not fit, which is reported.
///
/// Codes: `check/unknown-part`, `check/unfit-replacement`.
pub fn swap(swap: Swap<'_>, new: &mut Component, run: &mut Run) -> Option<Exchange> {
    let inside = swap.read.graph.root()?;
    let Some((at, instance)) =
        inside.instances.iter().enumerate().find(|(_, instance)| instance.name == swap.name.value)
    else {
        let known = inside.instances.iter().map(|instance| instance.name.clone()).collect();
        run.diagnostics.report(UnknownPart { name: swap.name, whole: &swap.whole.name, known });
        return None;
    };
    let mut others = 0;
    let reasons = match instance.component {
        None => vec![whole_reason("its component is given from outside: there is nothing to replace")],
        Some(component) => {
            let old = &swap.read.graph.components[component];
            let is_same = old.sha256.as_ref() == Some(&new.sha256());
            let mut reasons = if is_same { Vec::new() } else { swap.others(component) };
            others = reasons.len();
            let names = Names::new(old, instance, &new.surface);
            reasons.extend(swap.unmet(inside, instance, &names, &new.surface));
            reasons.extend(swap.unserved(inside, at, &names, &new.surface));
            reasons
        }
    };
    if let (true, Some(component)) = (reasons.is_empty(), instance.component) {
        let all = inside.instances.iter().enumerate();
        let together = all.filter(|(_, instance)| instance.component == Some(component));
        let old = &swap.read.graph.components[component];
        let changed = |(at, it)| Names::new(old, it, &new.surface).changed(at);
        let renames = together.flat_map(changed).collect();
        return Some(Exchange { component, renames });
    }
    let twins = instance.component.and_then(|component| swap.twins(component));
    let together = twins.filter(|_| reasons.len() == others).unwrap_or_default();
    report(swap, reasons, &together, new, run);
    None
}

/// Reports that the result is not valid, although all names and types fit.
pub fn report_invalid(swap: Swap<'_>, new: &mut Component, run: &mut Run) {
    let text = "its resources do not come from where those of the part that it replaces come from";
    report(swap, vec![whole_reason(text)], &[], new, run);
}

/// `together` are the instances that could be replaced at once, if that is all that is wrong.
fn report(swap: Swap<'_>, reasons: Vec<Reason>, together: &[String], new: &mut Component, run: &mut Run) {
    let place = |reason: Reason| {
        let span = reason.at.map(|at| new.span(&mut run.sources, &at));
        (span, reason.text)
    };
    let reasons = reasons.into_iter().map(place).collect();
    let file = run.sources.get(new.source).name.clone();
    let flags: Vec<String> = together.iter().map(|name| format!("--replace {name}={file}")).collect();
    let (name, whole) = (swap.name, swap.whole.name.as_str());
    run.diagnostics.report(UnfitReplacement { name, whole, reasons, together: flags.join(" ") });
}

fn whole_reason(text: impl Into<String>) -> Reason {
    Reason { at: None, text: text.into() }
}

impl Swap<'_> {
    /// Other instances of the same component would change with it.
    fn others(&self, component: usize) -> Vec<Reason> {
        let components = self.read.graph.components.iter().enumerate();
        let instances = components.flat_map(|(outer, it)| it.instances.iter().map(move |it| (outer, it)));
        instances
            .filter(|(_, instance)| instance.component == Some(component))
            .filter(|(outer, instance)| *outer != 0 || !self.together.contains(&instance.name.as_str()))
            .map(|(outer, instance)| {
                let name = quoted(&instance.name);
                let within = if outer == 0 { "" } else { ", deeper inside," };
                whole_reason(format!(
                    "{name}{within} is an instance of the same component, and would change with it"
                ))
            })
            .collect()
    }

    /// All instances of a component, if they lie side by side and another one than this is not among those that are replaced;
    /// each of those is a reason of its own.
    fn twins(&self, component: usize) -> Option<Vec<String>> {
        let components = self.read.graph.components.iter().enumerate();
        let instances = components.flat_map(|(outer, it)| it.instances.iter().map(move |it| (outer, it)));
        let twins = instances.filter(|(_, instance)| instance.component == Some(component));
        let twins: Option<Vec<String>> =
            twins.map(|(outer, instance)| (outer == 0).then(|| instance.name.clone())).collect();
        twins.filter(|twins| twins.len() > 1 && twins.iter().any(|it| !self.together.contains(&it.as_str())))
    }

    /// The imports of the new component that are not met by what the instance is given.
    fn unmet(
        &self,
        inside: &GraphComponent,
        instance: &GraphInstance,
        names: &Names<'_>,
        new: &Surface,
    ) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let given =
            instance.arguments.iter().map(|argument| (names.arguments[argument.name.as_str()], argument));
        let given: BTreeMap<&str, &GraphItem> = given.collect();
        for (name, item) in &new.imports {
            let at = ItemPath::item(Side::Import, name);
            let Some(argument) = given.get(name.as_str()) else {
                let text = format!("{} is not given to {}", quoted(name), quoted(&instance.name));
                reasons.push(Reason { at: Some(at), text });
                continue;
            };
            let Some((surface, given, given_at)) = self.given(inside, argument) else { continue };
            let expected = Operand { surface: new, item };
            let found = compare(expected, at, Operand { surface: &surface, item: &given }, given_at);
            reasons.extend(found.mismatches.iter().map(|mismatch| differs(mismatch, true)));
        }
        reasons
    }

    /// What an argument is, as far as that can be told from the surface of whoever provides it.
    fn given(&self, inside: &GraphComponent, argument: &GraphItem) -> Option<(Surface, Item, ItemPath)> {
        let (surface, side, way) = match &argument.from {
            GraphSource::Import(way) => (self.whole.surface.clone(), Side::Import, way),
            GraphSource::Instance(at, way) => {
                let component = inside.instances.get(*at)?.component?;
                (self.read.component(component, self.whole)?.surface, Side::Export, way)
            }
            GraphSource::Bundle(_) | GraphSource::Own | GraphSource::Unknown => return None,
        };
        let [name] = way.as_slice() else { return None };
        let item = surface.side(side).get(name)?.clone();
        Some((surface, item, ItemPath::item(side, name)))
    }

    /// What others take from the instance and the new component does not offer, or offers as something else.
    fn unserved(&self, inside: &GraphComponent, at: usize, names: &Names<'_>, new: &Surface) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let users = inside.instances.iter().map(|user| (Some(user), &user.arguments));
        for (user, items) in users.chain([(None, &inside.exports)]) {
            for item in items.iter().filter(|item| item.sort != Sort::Type) {
                let GraphSource::Instance(provider, way) = &item.from else { continue };
                let Some(taken) = way.first().filter(|_| *provider == at) else { continue };
                let name = names.exports.get(taken.as_str()).copied().unwrap_or(taken);
                let Some(offered) = new.exports.get(name) else {
                    let taker = user.map_or("the whole".to_owned(), |user| quoted(&user.name));
                    let text = format!("it does not export {}, which {taker} takes from it", quoted(name));
                    reasons.push(whole_reason(text));
                    continue;
                };
                if way.len() > 1 {
                    continue; // the validator looks at what is taken out of an export
                }
                let Some((surface, wanted, wanted_at)) = self.wanted(user, item) else { continue };
                let expected = Operand { surface: &surface, item: &wanted };
                let found_at = ItemPath::item(Side::Export, name);
                let found = compare(expected, wanted_at, Operand { surface: new, item: offered }, found_at);
                reasons.extend(found.mismatches.iter().map(|mismatch| differs(mismatch, false)));
            }
        }
        reasons
    }

    /// What someone who takes an item expects of it: an instance as its import, the whole as its export.
    fn wanted(&self, user: Option<&GraphInstance>, item: &GraphItem) -> Option<(Surface, Item, ItemPath)> {
        let (surface, side) = match user {
            Some(user) => (self.read.component(user.component?, self.whole)?.surface, Side::Import),
            None => (self.whole.surface.clone(), Side::Export),
        };
        let found = surface.side(side).get(&item.name)?.clone();
        Some((surface, found, ItemPath::item(side, &item.name)))
    }
}

/// The names by which an instance is given something, or something is taken from it, each with the one that the new component
/// has for it: another version of the same track, where it has no item of the very name.
struct Names<'n> {
    arguments: BTreeMap<&'n str, &'n str>,
    exports: BTreeMap<&'n str, &'n str>,
}

impl<'n> Names<'n> {
    fn new(old: &'n GraphComponent, instance: &'n GraphInstance, new: &'n Surface) -> Self {
        let given: BTreeSet<&str> =
            instance.arguments.iter().map(|argument| argument.name.as_str()).collect();
        let mut open = by_track(new.imports.keys().filter(|name| !given.contains(name.as_str())));
        let offered = by_track(new.exports.keys());
        let track = |name: &str| InterfaceName::parse(name).map(|name| name.on_track());
        let argument = |name: &&'n str| match new.imports.contains_key(*name) {
            true => *name,
            false => track(name).and_then(|track| open.remove(&track)).unwrap_or(name),
        };
        let export = |name: &&'n str| match new.exports.contains_key(*name) {
            true => *name,
            false => track(name).and_then(|track| offered.get(&track).copied()).unwrap_or(name),
        };
        let arguments = given.iter().map(argument).collect::<Vec<_>>();
        let taken: Vec<&str> = old.exports.iter().map(|export| export.name.as_str()).collect();
        let exports = taken.iter().map(export).collect::<Vec<_>>();
        Self {
            arguments: given.into_iter().zip(arguments).collect(),
            exports: taken.into_iter().zip(exports).collect(),
        }
    }

    /// Those that are other names in the new component, for an instance of the graph.
    fn changed(&self, instance: usize) -> Vec<Rename> {
        let sides = [(true, &self.arguments), (false, &self.exports)];
        let names =
            sides.into_iter().flat_map(|(side, names)| names.iter().map(move |(from, to)| (side, from, to)));
        let changed = names.filter(|(_, from, to)| from != to);
        changed
            .map(|(is_argument, from, to)| Rename {
                instance,
                is_argument,
                from: (*from).to_owned(),
                to: (*to).to_owned(),
            })
            .collect()
    }
}

/// Names of interfaces by their tracks.
fn by_track<'n>(names: impl Iterator<Item = &'n String>) -> BTreeMap<String, &'n str> {
    names.filter_map(|name| Some((InterfaceName::parse(name)?.on_track(), name.as_str()))).collect()
}

/// A difference as a reason; `is_import` says whether the new component is the one that expects.
fn differs(mismatch: &Mismatch, is_import: bool) -> Reason {
    let (expected, found) = super::diagnostics::sides(&mismatch.difference);
    let at = if is_import { &mismatch.expected_at } else { &mismatch.found_at };
    let text = match is_import {
        true => format!("it {expected}, and is given what {found}"),
        false => format!("it {found}, and its user {expected}"),
    };
    Reason { at: Some(at.clone()), text }
}
