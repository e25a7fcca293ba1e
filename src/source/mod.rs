//! Which bytes and texts this run was given, and where each came from.
//!
//! Knows nothing about WIT or WebAssembly: what a text means is decided in `load`.

mod disk;
mod map;
mod memory;

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use disk::Disk;
pub use map::{Origin, Position, Source, SourceMap};
pub use memory::MemoryFiles;

/// One source of a run: an index into its [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub(crate) u32);

/// A piece of one source: 0-based byte offsets, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source that the offsets count in.
    pub source: SourceId,
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte; `start == end` marks a place between two bytes.
    pub end: usize,
}

impl Span {
    /// A span of `source` from `start` up to, not including, `end`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        Self { source, start, end: end.max(start) }
    }

    /// The start of `source`: where nothing more exact can be said.
    pub fn start_of(source: SourceId) -> Self {
        Self::new(source, 0, 0)
    }
}

/// Bytes that were read once and are shared from then on, never copied.
pub type Bytes = Arc<Vec<u8>>;

/// A table by content: whole inputs, or pieces of them, are the keys. A key is compared as well as hashed.
pub(crate) type ByContent<'b, V> = HashMap<&'b [u8], V, foldhash::fast::RandomState>;

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// Something with bytes to read.
    File,
    /// A folder.
    Folder,
}

/// The outside world, as far as the pipeline may touch it.
///
/// The one real implementation is [`Disk`]; an embedder can serve a set of components from memory: [`MemoryFiles`].
/// `Sync`, because inputs are read in parallel.
pub trait Files: Sync {
    /// What `path` names, links followed.
    ///
    /// # Errors
    /// Any error of the file system, `NotFound` included.
    fn kind(&self, path: &Path) -> io::Result<PathKind>;

    /// The whole content of a file.
    ///
    /// # Errors
    /// Any error of the file system.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// A file, to be read from its start piece by piece: what turns out not to be wanted need not be read to its end.
    ///
    /// # Errors
    /// Any error of the file system.
    fn open(&self, path: &Path) -> io::Result<Box<dyn io::Read + '_>> {
        Ok(Box::new(io::Cursor::new(self.read(path)?)))
    }

    /// Standard input, to be read piece by piece.
    ///
    /// # Errors
    /// Any error of the stream.
    fn open_standard_input(&self) -> io::Result<Box<dyn io::Read + '_>> {
        Ok(Box::new(io::Cursor::new(self.read_standard_input()?)))
    }

    /// The whole of standard input.
    ///
    /// # Errors
    /// Any error of the stream.
    fn read_standard_input(&self) -> io::Result<Vec<u8>>;

    /// The entries of a folder, sorted by name so that no run depends on the order of the disk.
    ///
    /// # Errors
    /// Any error of the file system.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Writes `parts`, one after the other, as the whole content of `path`: all of it or nothing.
    ///
    /// # Errors
    /// Any error of the file system. On an error, what was at `path` before is still there, unharmed.
    fn write(&self, path: &Path, parts: &[&[u8]]) -> io::Result<()>;
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "source {}", self.0)
    }
}
