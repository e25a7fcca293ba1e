//! Exchanges parts of a component that is linked already.
//!
//! Differs from `mod.rs`, which links: here all bytes but those of the parts stay as they are.

use std::path::PathBuf;

use super::gates::permitted;
use super::rules::Rules;
use crate::check::{Swap, keeps_its_exports, report_invalid, swap};
use crate::config::{ComposeRequest, OutputPath, PartReplacement, Request, part_replacements};
use crate::diag::Run;
use crate::emit::{Destination, Ready, as_text, report_wrong, with_references, write};
use crate::link::renewed;
use crate::load::{Component, Inputs, are_untouched, load, made_of, read_back, structural_features};
use crate::model::{Artifact, Graph, Part};
use crate::report::ArtifactRow;

/// A linked component with other files in the place of some of its parts, all other bytes as they were.
pub(super) fn replaced(flags: &ComposeRequest, rules: &mut Rules<'_>, run: &mut Run) -> Option<ArtifactRow> {
    let done = exchanged(flags, rules, run);
    let is_untouched = are_untouched(run);
    let (graph, ready, path) = done.filter(|_| is_untouched)?;
    // From here on the inputs are those of which it was made.
    let (artifact, written) = ready.publish(run)?;
    let features = artifact.features;
    Some(ArtifactRow { features, ..ArtifactRow::of_graph(&graph, &artifact.surface, path, written) })
}

/// What was made, what is in it and where it belongs, written and not yet in its place.
type Exchanged<'f> = (Graph, Ready<'f>, Option<PathBuf>);

fn exchanged<'f>(flags: &ComposeRequest, rules: &mut Rules<'f>, run: &mut Run) -> Option<Exchanged<'f>> {
    let parts = part_replacements(rules.request, flags, run)?;
    let (mut whole, mut news) = loaded(&parts, rules, run)?;
    let read = read_back(&whole);
    let (record, used) = (read.graph.record.clone(), read.in_use());
    for (part, new) in parts.iter().zip(&mut news) {
        whole = with_part(&whole, part, &parts, new, run)?;
    }
    let read = read_back(&whole);
    let unused = read.out_of_use(&used);
    if !unused.is_empty() {
        whole = made(&whole, read.without(&unused), run)?;
    }
    // From here on the whole is valid with its new parts, and offers what it offered.
    if let Some(record) = record {
        let policy = match &rules.request.policy {
            Some(path) => Some(rules.policy(path, None, run)?.digest.clone()),
            None => None,
        };
        let read = read_back(&whole);
        let names = parts.iter().map(|part| part.name.as_str()).collect();
        whole = made(&whole, read.with_record(&renewed(record, &read.graph, &names, policy)), run)?;
    }
    ready(whole, flags, rules, run)
}

/// The linked component, and the files that are to be in it.
fn loaded(
    parts: &[PartReplacement],
    rules: &Rules<'_>,
    run: &mut Run,
) -> Option<(Component, Vec<Component>)> {
    let request = rules.request;
    let new = parts.iter().map(|part| part.file.clone());
    let inputs = request.inputs.iter().cloned().chain(new).collect();
    let wanted = Request { inputs, allow_wit: false, ..request.clone() };
    let mut inputs = load(&wanted, rules.files, run).components;
    if inputs.len() != wanted.inputs.len() {
        return None; // what is missing is reported
    }
    let news = inputs.split_off(1);
    Some((inputs.pop()?, news))
}

/// The whole with one part exchanged; `None` if the new one does not fit, which is reported.
fn with_part(
    whole: &Component,
    part: &PartReplacement,
    parts: &[PartReplacement],
    new: &mut Component,
    run: &mut Run,
) -> Option<Component> {
    let is_together = |other: &&PartReplacement| other.file.path == part.file.path;
    let together: Vec<&str> = parts.iter().filter(is_together).map(|part| part.name.as_str()).collect();
    let read = read_back(whole);
    let place = Swap { whole, read: &read, name: &part.name, together: &together };
    let exchange = swap(place, new, run)?;
    let file = with_references(new, &read.shared_before(exchange.component));
    let Some(bytes) = read.with_part(exchange.component, &file, &exchange.renames) else {
        report_wrong("a part that can be exchanged is not where it was found", run);
        return None;
    };
    match made_of(whole, bytes, false) {
        Ok(changed) => keeps_its_exports(place, &changed.surface, new, run).then_some(changed),
        Err(message) => {
            report_invalid(place, &message, new, run);
            None
        }
    }
}

/// The whole with other bytes, which must be valid: that they are not would be a mistake of witc, and is reported.
fn made(whole: &Component, bytes: Vec<u8>, run: &mut Run) -> Option<Component> {
    made_of(whole, bytes, false).map_err(|message| report_wrong(message, run)).ok()
}

/// The whole as an artifact, if the policy allows it.
fn ready<'f>(
    whole: Component,
    flags: &ComposeRequest,
    rules: &mut Rules<'f>,
    run: &mut Run,
) -> Option<Exchanged<'f>> {
    let graph = read_back(&whole).graph;
    let surface = whole.surface.clone();
    let mut side = Inputs { components: vec![whole], wit: Vec::new() };
    if !permitted(&mut side, rules, run) {
        return None;
    }
    let bytes = side.components[0].bytes.clone();
    let parts = vec![Part::Copied { range: 0..bytes.len(), bytes }];
    let size = parts.iter().map(|part| part.as_slice().len() as u64).sum();
    let features = structural_features(&side.components[0]);
    let artifact = Artifact { parts, size, surface, features, saved: 0 };
    let path = match &flags.output {
        Some(OutputPath::Path(path)) => Some(path.clone()),
        Some(OutputPath::StandardOutput) | None => None,
    };
    let to = Destination { path: path.clone(), with_digest: !flags.no_digest };
    let artifact = if flags.wat { as_text(artifact, run)? } else { artifact };
    Some((graph, write(artifact, to, rules.files, run)?, path))
}
