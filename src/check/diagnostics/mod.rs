//! What this stage can report: one struct a diagnostic, holding facts; the words are added here and nowhere else.
//!
//! One file for each question that the stage asks; here are the words that they share.

mod changes;
mod choices;
mod fitting;
mod hosts;
mod implied;
mod origins;
mod providers;
mod shape;
mod swaps;
mod target;

pub(super) use changes::{ChangedGroups, IncomparableInputs, TooSmallStep};
pub(super) use choices::{RepeatedChoice, UnknownExport, UnknownImport, UnusableName, nearest};
pub(super) use fitting::{ImportConflict, MissingItems, OneName, TrackConflict, TypeMismatch, sides};
pub(super) use hosts::HostFindings;
pub(super) use implied::ImpliedExport;
pub(super) use origins::ResourceOrigins;
pub(super) use providers::{Ambiguity, AmbiguousProviders, UnmetImports};
pub(super) use shape::{AmbiguousRoot, Cycle, UnusedComponent};
pub(super) use swaps::{UnfitReplacement, UnknownPart};
pub(super) use target::{ExcessImports, MissingExports, TargetLacks, TargetMismatch, UnknownTarget};

use super::InstanceId;
use super::set::Set;
use crate::diag::{Run, escape, list, quoted};
use crate::model::{FunctionName, ItemPath, Step};
use crate::source::Origin;

/// How many places one diagnostic points at, at most: beyond that nobody reads them.
const MOST_LABELS: usize = 16;

/// The function or type of a step as people call it: `input.read` for `[method]input.read`.
fn item_name(name: &str) -> String {
    match FunctionName::parse(name) {
        FunctionName::Free(name) => quoted(name),
        FunctionName::Constructor(resource) => format!("constructor of {}", quoted(resource)),
        FunctionName::Method(resource, name) | FunctionName::Static(resource, name) => {
            quoted(&format!("{resource}.{name}"))
        }
    }
}

/// The steps below the import itself: ``  `charge` / parameter `amount` ``.
pub(super) fn path_text(path: &ItemPath) -> String {
    let step = |step: &Step| match step {
        Step::Item(name) => item_name(name),
        Step::Parameter(name) => format!("parameter {}", quoted(name)),
        Step::Field(name) => format!("field {}", quoted(name)),
        Step::Case(name) => format!("case {}", quoted(name)),
        Step::Result | Step::Element | Step::Position(_) | Step::Key | Step::Value | Step::Ok | Step::Err => {
            step.to_string()
        }
    };
    path.steps.iter().skip(1).map(step).collect::<Vec<_>>().join(" / ")
}

/// Whether the composition is given by bare paths, so that there is no manifest to write into.
fn is_bare(set: &Set<'_>, run: &Run) -> bool {
    run.sources.get(set.composition.name.span.source).origin == Origin::CommandLine
}

/// Which of some instances are of components that are equal, if any are: somebody may have given one file twice.
fn copies(set: &Set<'_>, ids: &[InstanceId]) -> Option<String> {
    let bytes = |id: &InstanceId| &set.inputs.components[set.component(*id)].bytes[..];
    let alike = |first: &InstanceId| -> Vec<String> {
        let is_copy = |id: &&InstanceId| {
            *id == first || set.component(**id) != set.component(*first) && bytes(id) == bytes(first)
        };
        ids.iter().filter(is_copy).map(|id| quoted(set.name(*id))).collect()
    };
    let names = ids.iter().map(alike).find(|names| names.len() > 1)?;
    Some(format!("{} are equal, byte for byte", list(&names)))
}

/// Where lines of TOML go that a help offers.
fn manifest(set: &Set<'_>, run: &Run) -> &'static str {
    if is_bare(set, run) { "a `witc.toml` that lists the components" } else { "`witc.toml`" }
}

/// A table of the composition with its lines, to paste; `table` has its keys escaped.
fn table(set: &Set<'_>, table: &str, lines: &[String]) -> String {
    let name = key(set.composition.name.as_str());
    lines.iter().fold(format!("  [composition.{name}.{table}]"), |text, line| format!("{text}\n  {line}"))
}

/// A name as a key of TOML: bare where that is allowed.
fn key(name: &str) -> String {
    let is_bare = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { string(name) }
}

/// A name as a string of TOML.
fn string(name: &str) -> String {
    format!("\"{}\"", escape(name).replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_toml() {
        assert_eq!(key("a-b_1"), "a-b_1");
        assert_eq!(key("rust/app"), "\"rust/app\"");
        assert_eq!(key("a\"\\"), "\"a\\\"\\\\\"");
        assert_eq!(key(""), "\"\"");
    }
}
