//! Exchanges parts of a component that is linked already.
//!
//! Differs from `mod.rs`, which links: here all bytes but those of the parts stay as they are.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::gates::permitted;
use super::rules::Rules;
use crate::check::{Swap, keeps_its_exports, report_invalid, swap};
use crate::config::{ComposeRequest, OutputPath, PartReplacement, Request, part_replacements};
use crate::diag::Run;
use crate::emit::{Destination, Ready, as_text, with_references, write};
use crate::link::renewed;
use crate::load::{Inputs, are_untouched, load, made_of, read_back, structural_features};
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
    let (request, files) = (rules.request, rules.files);
    let parts = part_replacements(request, flags, run)?;
    let new = parts.iter().map(|part| part.file.clone());
    let wanted = Request {
        inputs: request.inputs.iter().cloned().chain(new).collect(),
        allow_wit: false,
        ..request.clone()
    };
    let mut inputs = load(&wanted, files, run).components;
    if inputs.len() != wanted.inputs.len() {
        return None; // what is missing is reported
    }
    let mut news = inputs.split_off(1);
    let mut whole = inputs.pop()?;
    let read = read_back(&whole);
    let (record, used) = (read.graph.record.clone(), read.in_use());
    for (part, new) in parts.iter().zip(&mut news) {
        let is_together = |other: &&PartReplacement| other.file.path == part.file.path;
        let together: Vec<&str> = parts.iter().filter(is_together).map(|part| part.name.as_str()).collect();
        let read = read_back(&whole);
        let place = Swap { whole: &whole, read: &read, name: &part.name, together: &together };
        let exchange = swap(place, new, run)?;
        let shared = read.shared_before(exchange.component);
        let file = with_references(new, &shared);
        let bytes = read.with_part(exchange.component, &file, &exchange.renames)?;
        match made_of(&whole, bytes, false) {
            Ok(changed) if keeps_its_exports(place, &changed.surface, new, run) => whole = changed,
            Ok(_) => return None,
            Err(message) => {
                report_invalid(place, &message, new, run);
                return None;
            }
        }
    }
    let read = read_back(&whole);
    let unused: BTreeSet<usize> = &used - &read.in_use();
    if !unused.is_empty() {
        whole = made_of(&whole, read.without(&unused), false).ok()?;
    }
    // From here on the whole is valid with its new parts, and offers what it offered.
    if let Some(record) = record {
        let read = read_back(&whole);
        let policy = match &request.policy {
            Some(path) => Some(rules.policy(path, None, run)?.digest.clone()),
            None => None,
        };
        let bytes = read.with_record(&renewed(record, &read.graph, policy));
        whole = made_of(&whole, bytes, false).ok()?;
    }
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
    Some((graph, write(artifact, to, files, run)?, path))
}
