//! Writes an artifact where it should go: whole, or not at all.
//!
//! Differs from `writer.rs`, which makes the bytes.

use std::path::Path;

use super::diagnostics::{Unprintable, Unwritable};
use crate::diag::Run;
use crate::model::{Artifact, Part};
use crate::source::Files;

/// Writes an artifact to `path`, or returns the bytes where there is no path; as text if `as_text`.
///
/// `None` if that failed, which is reported; what was at `path` before is then still there.
pub fn write(
    artifact: &Artifact,
    path: Option<&Path>,
    as_text: bool,
    files: &dyn Files,
    run: &mut Run,
) -> Option<Vec<u8>> {
    let text = if as_text { Some(print(artifact, run)?) } else { None };
    let parts: Vec<&[u8]> = match &text {
        Some(text) => vec![text.as_bytes()],
        None => artifact.parts.iter().map(Part::as_slice).collect(),
    };
    let Some(path) = path else { return Some(parts.concat()) };
    match files.write(path, &parts) {
        Ok(()) => Some(Vec::new()),
        Err(error) => {
            run.diagnostics.report(Unwritable { path: path.to_owned(), error });
            None
        }
    }
}

fn print(artifact: &Artifact, run: &mut Run) -> Option<String> {
    let parts: Vec<&[u8]> = artifact.parts.iter().map(Part::as_slice).collect();
    match wasmprinter::print_bytes(parts.concat()) {
        Ok(text) => Some(text),
        Err(error) => {
            run.diagnostics.report(Unprintable { reason: error.to_string() });
            None
        }
    }
}
