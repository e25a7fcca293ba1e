//! Writes an artifact where it should go: whole, or not at all.
//!
//! Differs from `writer.rs`, which makes the bytes.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::diagnostics::{OverInput, Unprintable, Unwritable};
use crate::diag::Run;
use crate::model::{Artifact, Part, Written};
use crate::source::{Files, is_worth_threads};

/// Writes an artifact to `path`, or returns the bytes where there is no path; as text if `as_text`.
///
/// `None` if that failed, which is reported; what was at `path` before is then still there. No file is written over one that
/// was read.
pub fn write(
    artifact: &Artifact,
    path: Option<&Path>,
    as_text: bool,
    files: &dyn Files,
    run: &mut Run,
) -> Option<Written> {
    if let Some((path, read)) = path.and_then(|path| Some((path, run.sources.read_from(path, files)?))) {
        let (path, input) = (path.to_owned(), read.name.clone());
        run.diagnostics.report(OverInput { path, input });
        return None;
    }
    let text = if as_text { Some(print(artifact, run)?) } else { None };
    let parts: Vec<&[u8]> = match &text {
        Some(text) => vec![text.as_bytes()],
        None => artifact.parts.iter().map(Part::as_slice).collect(),
    };
    let write = || match path {
        Some(path) => files.write(path, &parts).map(|()| Vec::new()),
        None => Ok(parts.concat()),
    };
    let size = parts.iter().map(|part| part.len()).sum();
    // The digest takes about as long as the disk: both go on at once.
    let (written, sha256) = match is_worth_threads(size) {
        true => rayon::join(write, || digest(&parts)),
        false => (write(), digest(&parts)),
    };
    match written {
        Ok(content) => Some(Written { content, size: size as u64, sha256 }),
        Err(error) => {
            let path = path.map(Path::to_owned).unwrap_or_default();
            run.diagnostics.report(Unwritable { path, error });
            None
        }
    }
}

fn digest(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
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
