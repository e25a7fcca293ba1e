//! Asks whether a component can take the place of one that is part of a composition.
//!
//! Differs from `fit.rs`, which looks at the wires of a composition before it is linked: here they are fixed, and only
//! one of their ends is new; and from `rewired.rs`, which looks at them one by one.

mod rewired;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use self::rewired::{Rewired, lost};
use super::diagnostics::{UnfitReplacement, UnknownPart};
use crate::config::Spanned;
use crate::diag::{Run, escape, quoted, shell_word};
use crate::load::{Component, ReadBack, Rename};
use crate::model::{GraphComponent, GraphInstance, InterfaceName, ItemPath, Surface};
use crate::source::Origin;

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

/// A reason why a component does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    /// If it is about a piece of the component: which, and where that is written.
    pub(super) piece: Option<(ItemPath, ItemPath)>,
    pub(super) text: String,
}

impl Reason {
    pub(super) fn whole(text: impl Into<String>) -> Self {
        Self { piece: None, text: text.into() }
    }

    pub(super) fn at(piece: &ItemPath, place: &ItemPath, text: String) -> Self {
        Self { piece: Some((piece.clone(), place.clone())), text }
    }
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
    let mut others = Vec::new();
    let reasons = match instance.component {
        None => vec![Reason::whole("its component is given from outside: there is nothing to replace")],
        Some(component) => {
            let old = &swap.read.graph.components[component];
            let is_same = old.sha256.as_ref() == Some(&new.sha256());
            if !is_same {
                others = swap.others(inside, component);
            }
            let names = Names::new(old, instance, &new.surface);
            let (whole, read, surfaces) = (swap.whole, swap.read, RefCell::default());
            let rewired = Rewired { whole, read, inside, at, names: &names, new: &new.surface, surfaces };
            let mut reasons = rewired.reasons();
            if !is_same && !swap.read.can_part_with(component) {
                reasons.push(Reason::whole(
                    "its component is also handed on as it is, and would change with it",
                ));
            }
            reasons
        }
    };
    if let (true, true, Some(component)) = (reasons.is_empty(), others.is_empty(), instance.component) {
        let all = inside.instances.iter().enumerate();
        let together = all.filter(|(_, instance)| instance.component == Some(component));
        let old = &swap.read.graph.components[component];
        let changed = |(at, it)| Names::new(old, it, &new.surface).changed(at);
        let renames = together.flat_map(changed).collect();
        return Some(Exchange { component, renames });
    }
    let together =
        if reasons.is_empty() { swap.flags_for_all(inside, instance.component, new, run) } else { None };
    let of_others = others.iter().map(|name| {
        Reason::whole(format!(
            "{} is an instance of the same component, and would change with it",
            quoted(name)
        ))
    });
    report(swap, of_others.chain(reasons).collect(), together, new, run);
    None
}

/// Reports that the result is not valid, although all names and types fit as far as they were found; `message` is what the
/// validator says.
pub fn report_invalid(swap: Swap<'_>, message: &str, new: &mut Component, run: &mut Run) {
    let text = match message.contains("resource") {
        true => {
            "its resources do not come from where those of the part that it replaces come from".to_owned()
        }
        false => format!(
            "the whole would not be valid: {}",
            escape(&message.lines().collect::<Vec<_>>().join(": "))
        ),
    };
    report(swap, vec![Reason::whole(text)], None, new, run);
}

/// Whether the whole offers with the new component what it offered before; `after` is what it would offer. If not, that is
/// reported.
///
/// Codes: `check/unfit-replacement`.
pub fn keeps_its_exports(swap: Swap<'_>, after: &Surface, new: &mut Component, run: &mut Run) -> bool {
    let reasons = lost(&swap.whole.surface, after);
    let is_kept = reasons.is_empty();
    if !is_kept {
        report(swap, reasons, None, new, run);
    }
    is_kept
}

/// `together` are the flags that replace all instances at once, if that is all that is wrong.
fn report(
    swap: Swap<'_>,
    reasons: Vec<Reason>,
    together: Option<String>,
    new: &mut Component,
    run: &mut Run,
) {
    let place = |reason: Reason| {
        let piece = reason.piece.map(|(piece, place)| (piece, new.span(&mut run.sources, &place)));
        (piece, reason.text)
    };
    let reasons = reasons.into_iter().map(place).collect();
    let (name, whole) = (swap.name, swap.whole.name.as_str());
    run.diagnostics.report(UnfitReplacement { name, whole, reasons, together });
}

impl Swap<'_> {
    /// Other instances of the same component, which would change with it.
    fn others<'g>(&self, inside: &'g GraphComponent, component: usize) -> Vec<&'g str> {
        let instances = inside.instances.iter().filter(|instance| instance.component == Some(component));
        let names = instances.map(|instance| instance.name.as_str());
        names.filter(|name| !self.together.contains(name)).collect()
    }

    /// The flags that replace all instances of a component at once.
    fn flags_for_all(
        &self,
        inside: &GraphComponent,
        component: Option<usize>,
        new: &Component,
        run: &Run,
    ) -> Option<String> {
        let source = run.sources.get(new.source);
        // What is read from standard input is there once only.
        let file = if source.origin == Origin::StandardInput { "FILE" } else { &source.name };
        let all = inside.instances.iter().filter(|it| component.is_some() && it.component == component);
        // What ends at the first `=` is the name, and what cannot be shown as it is cannot be pasted.
        let can_be_named = |name: &str| !name.contains('=') && quoted(name) == format!("`{name}`");
        let flag = |it: &GraphInstance| {
            let word = shell_word(&format!("{}={file}", it.name));
            can_be_named(&it.name).then(|| format!("--replace {word}"))
        };
        let flags: Vec<String> = all.map(flag).collect::<Option<_>>()?;
        (!flags.is_empty()).then(|| flags.join(" "))
    }
}

/// The names by which an instance is given something, or something is taken from it, each with the one that the new component
/// has for it: another version of the same track, where it has no item of the very name.
pub(super) struct Names<'n> {
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

    /// The name of the new component for what the instance is given under a name.
    pub(super) fn argument<'m>(&'m self, name: &'m str) -> &'m str {
        self.arguments.get(name).copied().unwrap_or(name)
    }

    /// The name of the new component for what is taken from the instance under a name.
    pub(super) fn export<'m>(&'m self, name: &'m str) -> &'m str {
        self.exports.get(name).copied().unwrap_or(name)
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
