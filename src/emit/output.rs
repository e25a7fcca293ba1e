//! Writes an artifact where it should go: whole, or not at all.
//!
//! Differs from `writer.rs`, which makes the bytes.

use std::io;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::diagnostics::{OverInput, Unprintable, Unwritable};
use crate::diag::Run;
use crate::model::{Artifact, Part, Written};
use crate::source::{Files, Staged, is_worth_threads};

/// Where an artifact goes, and what is told of it.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The file; without one, the bytes are handed back.
    pub path: Option<PathBuf>,
    /// Whether its digest is wanted, which takes as long as to write it.
    pub with_digest: bool,
}

/// Writes an artifact to its destination; as text if `as_text`.
///
/// `None` if that failed, which is reported; what was in its place before is then still there. No file is written over one
/// that was read.
pub fn write(
    artifact: &Artifact,
    to: &Destination,
    as_text: bool,
    files: &dyn Files,
    run: &mut Run,
) -> Option<Written> {
    refuse_over_input(to, files, run)?;
    let text = if as_text { Some(print(artifact, run)?) } else { None };
    let parts: Vec<&[u8]> = match &text {
        Some(text) => vec![text.as_bytes()],
        None => slices(&artifact.parts),
    };
    let is_large = is_worth_threads(parts.iter().map(|part| part.len()).sum());
    let ready = stage(parts.iter().copied(), is_large, to, files);
    publish(ready, to, run)
}

/// Reports a destination that is a file which was read; `None` if it is one.
pub(super) fn refuse_over_input(to: &Destination, files: &dyn Files, run: &mut Run) -> Option<()> {
    let Some(path) = &to.path else { return Some(()) };
    let Some(read) = run.sources.read_from(path, files) else { return Some(()) };
    let (path, input) = (path.clone(), read.name.clone());
    run.diagnostics.report(OverInput { path, input });
    None
}

/// An artifact that is written, and that nobody sees yet.
pub(super) struct Ready<'a> {
    staged: Option<Box<dyn Staged + Send + 'a>>,
    written: Written,
}

/// The bytes of each piece.
pub(super) fn slices(parts: &[Part]) -> Vec<&[u8]> {
    parts.iter().map(Part::as_slice).collect()
}

/// Writes the pieces of an artifact, so that they can be published; its digest is found at the same time if it `is_large`.
pub(super) fn stage<'a>(
    parts: impl Iterator<Item = &'a [u8]> + Clone + Send,
    is_large: bool,
    to: &'a Destination,
    files: &'a dyn Files,
) -> io::Result<Ready<'a>> {
    let (mut to_write, to_digest) = (parts.clone(), parts.clone());
    let write = || match &to.path {
        Some(path) => files.stage(path, &mut to_write).map(|staged| (Some(staged), Vec::new())),
        None => Ok((None, to_write.collect::<Vec<_>>().concat())),
    };
    let digest = || to.with_digest.then(|| digest(to_digest));
    let (written, sha256) = match is_large && to.with_digest {
        true => rayon::join(write, digest),
        false => (write(), digest()),
    };
    let (staged, content) = written?;
    let size = parts.map(|part| part.len() as u64).sum();
    Ok(Ready { staged, written: Written { content, size, sha256 } })
}

/// Puts a written artifact in its place.
pub(super) fn publish(ready: io::Result<Ready<'_>>, to: &Destination, run: &mut Run) -> Option<Written> {
    let published = ready.and_then(|Ready { staged, written }| {
        staged.map_or(Ok(()), Staged::publish)?;
        Ok(written)
    });
    match published {
        Ok(written) => Some(written),
        Err(error) => {
            let path = to.path.clone().unwrap_or_default();
            run.diagnostics.report(Unwritable { path, error });
            None
        }
    }
}

fn digest<'a>(parts: impl Iterator<Item = &'a [u8]>) -> String {
    let mut digest = Sha256::new();
    parts.for_each(|part| digest.update(part));
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn print(artifact: &Artifact, run: &mut Run) -> Option<String> {
    match wasmprinter::print_bytes(slices(&artifact.parts).concat()) {
        Ok(text) => Some(text),
        Err(error) => {
            run.diagnostics.report(Unprintable { reason: error.to_string() });
            None
        }
    }
}
