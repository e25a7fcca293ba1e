//! Files that live in memory: for embedders that link without a disk, and for tests.
//!
//! Differs from `disk.rs`: nothing here leaves the process.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Files, PathKind};

/// A set of files in memory. A folder exists where a file lies below it.
///
/// ```
/// use witc::source::{Files, MemoryFiles};
///
/// let files = MemoryFiles::default().with("wit/world.wit", "package a:b;");
/// assert_eq!(files.read("wit/world.wit".as_ref())?, b"package a:b;");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryFiles {
    entries: Mutex<BTreeMap<PathBuf, Entry>>,
    standard_input: Vec<u8>,
    kept: Mutex<BTreeMap<String, Vec<u8>>>,
    /// What was read, in this order.
    #[cfg(test)]
    read: Mutex<Vec<PathBuf>>,
}

#[derive(Clone, Debug)]
enum Entry {
    Content(Vec<u8>),
    Folder,
    Failing(io::ErrorKind),
}

impl MemoryFiles {
    /// Adds a file.
    #[must_use]
    pub fn with(self, path: impl AsRef<Path>, content: impl Into<Vec<u8>>) -> Self {
        self.insert(path.as_ref(), Entry::Content(content.into()))
    }

    /// Adds a folder that has no file.
    #[must_use]
    pub fn with_folder(self, path: impl AsRef<Path>) -> Self {
        self.insert(path.as_ref(), Entry::Folder)
    }

    /// Adds a path on which every access fails, such as one without permission.
    #[must_use]
    pub fn with_error(self, path: impl AsRef<Path>, error: io::ErrorKind) -> Self {
        self.insert(path.as_ref(), Entry::Failing(error))
    }

    /// Sets what standard input holds.
    #[must_use]
    pub fn with_standard_input(self, content: impl Into<Vec<u8>>) -> Self {
        Self { standard_input: content.into(), ..self }
    }

    fn insert(self, path: &Path, entry: Entry) -> Self {
        self.entries().insert(normal(path), entry);
        self
    }

    /// How often a file was read.
    #[cfg(test)]
    pub(crate) fn times_read(&self, path: &str) -> usize {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.iter().filter(|read| **read == normal(path.as_ref())).count()
    }

    fn content(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.entries().get(&normal(path)) {
            Some(Entry::Content(content)) => Ok(content.clone()),
            Some(Entry::Failing(error)) => Err((*error).into()),
            Some(Entry::Folder) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for MemoryFiles {
    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        let path = normal(path);
        let entries = self.entries();
        match entries.get(&path) {
            Some(Entry::Content(_)) => Ok(PathKind::File),
            Some(Entry::Folder) => Ok(PathKind::Folder),
            Some(Entry::Failing(error)) => Err((*error).into()),
            None if below(&entries, &path).next().is_some() => Ok(PathKind::Folder),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn first_same(&self, path: &Path, others: &[&Path]) -> Option<usize> {
        self.kind(path).ok()?;
        others.iter().position(|other| normal(other) == normal(path))
    }

    fn size(&self, path: &Path) -> Option<u64> {
        self.content(path).ok().map(|content| content.len() as u64)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        #[cfg(test)]
        self.read.lock().unwrap_or_else(PoisonError::into_inner).push(normal(path));
        self.content(path)
    }

    fn read_standard_input(&self) -> io::Result<Vec<u8>> {
        Ok(self.standard_input.clone())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        if self.kind(folder)? == PathKind::File {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let prefix = normal(folder);
        let entries = self.entries();
        let mut names: Vec<_> = below(&entries, &prefix)
            .filter_map(|path| path.strip_prefix(&prefix).ok()?.components().next())
            .map(|name| folder.join(name))
            .collect();
        names.dedup();
        Ok(names)
    }

    fn write(&self, path: &Path, parts: &[&[u8]]) -> io::Result<()> {
        if self.kind(path).is_ok_and(|kind| kind == PathKind::Folder) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        self.entries().insert(normal(path), Entry::Content(parts.concat()));
        Ok(())
    }

    fn can_keep(&self) -> bool {
        true
    }

    fn recall(&self, name: &str) -> Option<Vec<u8>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn keep(&self, name: &str, content: &[u8]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(name.to_owned(), content.to_vec());
    }
}

/// The paths strictly below `folder`, sorted.
fn below<'e>(entries: &'e BTreeMap<PathBuf, Entry>, folder: &Path) -> impl Iterator<Item = &'e Path> {
    let folder = folder.to_path_buf();
    let start = entries.range(folder.clone()..).map(|(path, _)| path.as_path());
    start
        .take_while({
            let folder = folder.clone();
            move |path| path.starts_with(&folder)
        })
        .filter(move |path| *path != folder)
}

/// The path without `.` steps, so that `./a` and `a` are one file.
fn normal(path: &Path) -> PathBuf {
    path.components().filter(|part| !matches!(part, Component::CurDir)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> MemoryFiles {
        MemoryFiles::default()
            .with("a/x.wit", "1")
            .with("./a/deps/y.wit", "2")
            .with("a.b", "3")
            .with_folder("empty")
            .with_error("locked", io::ErrorKind::PermissionDenied)
    }

    #[track_caller]
    fn check_list(folder: &str, expected: Result<&[&str], io::ErrorKind>) {
        let found = files().list(folder.as_ref()).map_err(|error| error.kind());
        assert_eq!(found, expected.map(|names| names.iter().map(PathBuf::from).collect()));
    }

    #[test]
    fn folders_follow_from_files() {
        check_list("a", Ok(&["a/deps", "a/x.wit"]));
        check_list("a/deps", Ok(&["a/deps/y.wit"]));
        check_list("empty", Ok(&[]));
        check_list("a/x.wit", Err(io::ErrorKind::NotADirectory));
        check_list("none", Err(io::ErrorKind::NotFound));
        check_list("locked", Err(io::ErrorKind::PermissionDenied));
    }

    #[test]
    fn a_written_file_can_be_read() {
        let files = files();
        files.write("out".as_ref(), &[b"a", b"b"]).expect("memory can be written");
        assert_eq!(files.read("./out".as_ref()).ok().as_deref(), Some(&b"ab"[..]));
        assert_eq!(
            files.write("a".as_ref(), &[]).map_err(|error| error.kind()),
            Err(io::ErrorKind::IsADirectory)
        );
    }
}
