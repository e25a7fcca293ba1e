//! Which bytes and texts this run was given, and where each came from.
//!
//! Knows nothing about WIT or WebAssembly: what a text means is decided in `load`.

mod bytes;
mod cache;
mod digest;
mod disk;
mod map;
mod mapped;
mod memory;
mod overlay;
mod room;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub use bytes::Bytes;
pub use cache::Cache;
pub(crate) use digest::{Digest, digest_of, hexadecimal, sha256};
pub use disk::Disk;
pub use map::{Origin, Position, Source, SourceMap};
pub use memory::MemoryFiles;
pub(crate) use overlay::Overlay;

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

/// Whether so many bytes, to be looked at once, are worth waking other threads: for fewer, that takes longer than the work.
pub(crate) fn is_worth_threads(bytes: usize) -> bool {
    bytes > 128 << 10
}

/// Does two things, which look at so many bytes: at the same time where that is worth it.
pub(crate) fn both<A: Send, B: Send>(
    bytes: usize,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    match is_worth_threads(bytes) {
        true => rayon::join(first, second),
        false => (first(), second()),
    }
}

/// A table by content: whole inputs, or pieces of them, are the keys.
pub(crate) type ByContent<'b, V> = BTreeMap<Content<'b>, V>;

/// A whole input, or a piece of one, in an order that is soon found: the shorter one first, then by the first byte that
/// differs. So nothing is read to its end but what is equal to something else, and not even that if it is the same piece.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Content<'b>(pub(crate) &'b [u8]);

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// Something with bytes to read.
    File,
    /// A folder.
    Folder,
}

/// What a path leads to, ready to be read.
#[expect(missing_debug_implementations, reason = "a stream has nothing to show")]
pub enum Opened<'f> {
    /// Something with bytes to read.
    File {
        /// The bytes, from the first on.
        stream: Box<dyn io::Read + 'f>,
        /// How many there are, if that is known before.
        size: Option<u64>,
    },
    /// A file that is better looked at where it lies than read.
    Lying(Bytes),
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

    /// The place of the first of `others` that leads to the same file as `path`, however they are spelled and whatever
    /// links are on the way; `None` where nothing is at `path`.
    fn first_same(&self, path: &Path, others: &[&Path]) -> Option<usize>;

    /// How many bytes a file has, if that is known before it is read.
    fn size(&self, path: &Path) -> Option<u64> {
        let _ = path;
        None
    }

    /// What `path` names; a file to be read from its start piece by piece: what turns out not to be wanted need not be read
    /// to its end.
    ///
    /// # Errors
    /// Any error of the file system.
    fn open(&self, path: &Path) -> io::Result<Opened<'_>> {
        if self.kind(path)? == PathKind::Folder {
            return Ok(Opened::Folder);
        }
        let content = self.read(path)?;
        let size = Some(content.len() as u64);
        Ok(Opened::File { stream: Box::new(io::Cursor::new(content)), size })
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

    /// Writes `parts` as [`write`](Self::write) does, each as soon as there is the one before, but so that nothing is seen at
    /// `path` until they are published. They have about `size` bytes in all: room is made for so many.
    ///
    /// # Errors
    /// Any error of the file system.
    fn stage(
        &self,
        path: &Path,
        size: u64,
        parts: &mut dyn Iterator<Item = &[u8]>,
    ) -> io::Result<Box<dyn Staged + Send + '_>> {
        let mut content = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        parts.for_each(|part| content.extend_from_slice(part));
        Ok(Box::new(Gathered { files: self, path: path.to_path_buf(), content }))
    }

    /// Writes files into `folder`, each by its path there: all of them or, as far as can be, none. Folders are made.
    ///
    /// # Errors
    /// Any error of the file system.
    fn write_all(&self, folder: &Path, files: &[(PathBuf, &[u8])]) -> io::Result<()> {
        files.iter().try_for_each(|(path, content)| self.write(&folder.join(path), &[content]))
    }

    /// Whether there is a place to keep something for later runs.
    fn can_keep(&self) -> bool {
        false
    }

    /// What an earlier run kept under a name; nothing where there is no place for it.
    ///
    /// It may be anything: a reader trusts it no more than it must.
    fn recall(&self, name: &str) -> Option<Vec<u8>> {
        let _ = name;
        None
    }

    /// Keeps something for later runs, if there is a place for it; it may be lost at any time.
    fn keep(&self, name: &str, content: &[u8]) {
        let _ = (name, content);
    }
}

/// Bytes that are written, and that nobody sees yet: dropped, they leave no trace.
pub trait Staged {
    /// Puts them in their place.
    ///
    /// # Errors
    /// Any error of the file system. On an error, what was in the place before is still there, unharmed.
    fn publish(self: Box<Self>) -> io::Result<()>;
}

/// Bytes that are written once they are published, and not before.
struct Gathered<'a, F: ?Sized> {
    files: &'a F,
    path: PathBuf,
    content: Vec<u8>,
}

impl<F: Files + ?Sized> Staged for Gathered<'_, F> {
    fn publish(self: Box<Self>) -> io::Result<()> {
        self.files.write(&self.path, &[&self.content])
    }
}

impl Ord for Content<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        if std::ptr::eq(self.0, other.0) {
            return Ordering::Equal;
        }
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(other.0))
    }
}

impl PartialOrd for Content<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Content<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Content<'_> {}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "source {}", self.0)
    }
}
