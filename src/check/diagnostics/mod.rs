//! What this stage can report: one struct a diagnostic, holding facts; the words are added here and nowhere else.
//!
//! One file for each question that the stage asks; here are the words that they share.

mod chains;
mod changes;
mod choices;
mod differences;
mod fitting;
mod hosts;
mod implied;
mod origins;
mod providers;
mod shape;
mod swaps;
mod target;

pub(super) use chains::{AcrossTracks, OverriddenChain, UnfinishedChain, UnusedChain};
pub(super) use changes::{ChangedGroups, IncomparableInputs, TooSmallStep};
pub(super) use choices::{RepeatedChoice, UnknownExport, UnknownImport, UnusableName, nearest};
pub(super) use differences::{item_name, missing, path_text, piece_text, sides};
pub(super) use fitting::{ImportConflict, MissingItems, OneName, TrackConflict, TypeMismatch};
pub(super) use hosts::HostFindings;
pub(super) use implied::ImpliedExport;
pub(super) use origins::ResourceOrigins;
pub(super) use providers::{AmbiguousProviders, UnmetImports};
pub(super) use shape::{AmbiguousRoot, Cycle, UnusedComponent};
pub(super) use swaps::{UnfitReplacement, UnknownPart};
pub(super) use target::{ExcessImports, MissingExports, TargetLacks, TargetMismatch, UnknownTarget};

use std::collections::BTreeMap;

use super::offers::Offer;
use super::set::Set;
use super::{InstanceId, Port};
use crate::diag::{Run, list, quoted, toml_key as key, toml_string as string};
use crate::model::Side;
use crate::source::Origin;

/// How many places one diagnostic points at, at most: beyond that nobody reads them.
const MOST_LABELS: usize = 16;

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

/// Chains of layers, each around an interface, to paste: flags where they `are_enough`.
fn in_chains(
    set: &Set<'_>,
    run: &Run,
    lead: &str,
    chains: &[(String, Vec<&str>)],
    are_enough: bool,
) -> String {
    if is_bare(set, run) && are_enough {
        let flags = chains.iter().map(|(import, layers)| format!("  --chain {import}={}", layers.join(",")));
        return format!("{lead}:\n{}", flags.collect::<Vec<_>>().join("\n"));
    }
    let line = |(import, layers): &(String, Vec<&str>)| {
        let layers: Vec<String> = layers.iter().map(|layer| string(layer)).collect();
        format!("{} = [{}]", string(import), layers.join(", "))
    };
    let lines: Vec<String> = chains.iter().map(line).collect();
    format!("{lead}, in {}:\n{}", manifest(set, run), table(set, "chain", &lines))
}

/// Tables that choose exports for imports, to paste.
fn wires(set: &Set<'_>, chosen: &[(Port, Offer)]) -> String {
    let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (port, offer) in chosen {
        lines.entry(set.name(port.instance)).or_default().push(wire(set, port, offer));
    }
    let tables = lines.iter().map(|(user, lines)| table(set, &format!("wire.{}", key(user)), lines));
    tables.collect::<Vec<_>>().join("\n")
}

/// The line that chooses an export for an import.
fn wire(set: &Set<'_>, port: &Port, offer: &Offer) -> String {
    let (import, provider) = (string(&port.name), string(set.name(offer.instance)));
    let meaning = |id, side, name| set.item(id, side, name).map(|item| item.link_name(name));
    let wanted = meaning(port.instance, Side::Import, &port.name);
    if wanted == meaning(offer.instance, Side::Export, &offer.export) {
        return format!("{import} = {provider}");
    }
    format!("{import} = {{ from = {provider}, export = {} }}", string(&offer.export))
}
