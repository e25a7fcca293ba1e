//! Writes an artifact where it should go: whole, or not at all.
//!
//! Differs from `writer.rs`, which makes the bytes.

use std::io;
use std::path::PathBuf;

use super::diagnostics::{OverInput, Unprintable, Unwritable};
use crate::diag::Run;
use crate::model::{Artifact, Part, Written};
use crate::source::{Files, Staged, both, hexadecimal, sha256};

/// Where an artifact goes, and what is told of it.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The file; without one, the bytes are handed back.
    pub path: Option<PathBuf>,
    /// Whether its digest is wanted, which takes as long as to write it.
    pub with_digest: bool,
}

/// An artifact that is written, and that nobody sees yet: dropped, it leaves no trace.
#[must_use = "it is not in its place yet"]
pub struct Ready<'f> {
    artifact: Artifact,
    to: Destination,
    staged: Staging<'f>,
}

/// Bytes that are written, and that nobody sees yet.
pub(super) struct Staging<'f> {
    /// Nothing where the bytes are handed back.
    file: Option<Box<dyn Staged + Send + 'f>>,
    size: u64,
    sha256: Option<String>,
}

/// Writes an artifact beside its destination; `None` if that failed, which is reported. No file is written over one that was
/// read.
pub fn write<'f>(
    artifact: Artifact,
    to: Destination,
    files: &'f dyn Files,
    run: &mut Run,
) -> Option<Ready<'f>> {
    refuse_over_input(&to, files, run)?;
    let parts = artifact.parts.iter().map(Part::as_slice);
    let staged = stage(parts.clone(), parts.map(<[u8]>::len).sum(), &to, files, || ());
    Ready::of(artifact, to, staged, run)
}

/// The same artifact in the text format; `None` if it cannot be printed, which is reported.
pub fn as_text(artifact: Artifact, run: &mut Run) -> Option<Artifact> {
    match wasmprinter::print_bytes(slices(&artifact.parts).concat()) {
        Ok(text) => Some(Artifact { parts: vec![Part::Written(text.into_bytes())], ..artifact }),
        Err(error) => {
            run.diagnostics.report(Unprintable { reason: error.to_string() });
            None
        }
    }
}

/// Reports a destination that is a file which was read; `None` if it is one.
pub(super) fn refuse_over_input(to: &Destination, files: &dyn Files, run: &mut Run) -> Option<()> {
    let Some(path) = &to.path else { return Some(()) };
    let Some(read) = run.sources.read_from(path, files) else { return Some(()) };
    let (path, input) = (path.clone(), read.name.clone());
    run.diagnostics.report(OverInput { path, input });
    None
}

/// The bytes of each piece.
pub(super) fn slices(parts: &[Part]) -> Vec<&[u8]> {
    parts.iter().map(Part::as_slice).collect()
}

/// Writes the pieces of an artifact, so that they can be published; there are about `size` bytes. Of a large one, the digest is
/// found at the same time, and other threads `help` with what it waits for.
pub(super) fn stage<'a, 'f>(
    parts: impl Iterator<Item = &'a [u8]> + Clone + Send,
    size: usize,
    to: &Destination,
    files: &'f dyn Files,
    help: impl FnOnce() + Send,
) -> io::Result<Staging<'f>> {
    let (mut to_write, to_digest) = (parts.clone(), parts.clone());
    let write = || to.path.as_ref().map(|path| files.stage(path, size as u64, &mut to_write)).transpose();
    let digest = || to.with_digest.then(|| hexadecimal(&sha256(to_digest)));
    // A thread that comes takes the digest, which goes over all bytes; the one after it helps.
    let (file, sha256) = both(size, || both(size, write, help).0, digest);
    Ok(Staging { file: file?, size: parts.map(|part| part.len() as u64).sum(), sha256 })
}

impl<'f> Ready<'f> {
    /// `None` if it could not be written, which is reported.
    pub(super) fn of(
        artifact: Artifact,
        to: Destination,
        staged: io::Result<Staging<'f>>,
        run: &mut Run,
    ) -> Option<Self> {
        match staged {
            Ok(staged) => Some(Self { artifact, to, staged }),
            Err(error) => report_unwritable(&to, error, run),
        }
    }

    /// Puts the artifact in its place; `None` if that failed, which is reported: what was in its place before is then still
    /// there.
    pub fn publish(self, run: &mut Run) -> Option<(Artifact, Written)> {
        let Self { artifact, to, staged: Staging { file, size, sha256 } } = self;
        let content = if file.is_some() { Vec::new() } else { slices(&artifact.parts).concat() };
        match file.map_or(Ok(()), Staged::publish) {
            Ok(()) => Some((artifact, Written { content, size, sha256 })),
            Err(error) => report_unwritable(&to, error, run),
        }
    }
}

fn report_unwritable<T>(to: &Destination, error: io::Error, run: &mut Run) -> Option<T> {
    let path = to.path.clone().unwrap_or_default();
    run.diagnostics.report(Unwritable { path, error });
    None
}
