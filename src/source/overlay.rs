//! Files with some of them changed, in memory only: as they would be after an edit that nobody has made yet, or as they were
//! read before from what can be read only once.
//!
//! Differs from `memory.rs`: all other files are those of somebody else.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::{Files, Opened, PathKind, Staged};

/// Files, and other content for some of them.
pub(crate) struct Overlay<'a> {
    files: &'a dyn Files,
    changed: BTreeMap<PathBuf, Vec<u8>>,
    /// What standard input has, if that is another one.
    standard_input: Option<Vec<u8>>,
}

impl<'a> Overlay<'a> {
    /// The files as they are.
    pub(crate) fn new(files: &'a dyn Files) -> Self {
        Self { files, changed: BTreeMap::new(), standard_input: None }
    }

    /// Gives standard input another content.
    pub(crate) fn change_standard_input(&mut self, content: Vec<u8>) {
        self.standard_input = Some(content);
    }

    /// Gives a file another content.
    pub(crate) fn change(&mut self, path: PathBuf, content: Vec<u8>) {
        self.changed.insert(path, content);
    }

    /// What was changed.
    pub(crate) fn into_changed(self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.changed
    }
}

impl Files for Overlay<'_> {
    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        self.files.kind(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.changed.get(path).map_or_else(|| self.files.read(path), |content| Ok(content.clone()))
    }

    fn first_same(&self, path: &Path, others: &[&Path]) -> Option<usize> {
        self.files.first_same(path, others)
    }

    fn size(&self, path: &Path) -> Option<u64> {
        self.changed.get(path).map_or_else(|| self.files.size(path), |content| Some(content.len() as u64))
    }

    fn can_keep(&self) -> bool {
        self.files.can_keep()
    }

    fn recall(&self, name: &str) -> Option<Vec<u8>> {
        self.files.recall(name)
    }

    fn keep(&self, name: &str, content: &[u8]) {
        self.files.keep(name, content);
    }

    fn open(&self, path: &Path) -> io::Result<Opened<'_>> {
        match self.changed.get(path) {
            Some(content) => Ok(Opened::File {
                stream: Box::new(io::Cursor::new(content.as_slice())),
                size: Some(content.len() as u64),
            }),
            None => self.files.open(path),
        }
    }

    fn open_standard_input(&self) -> io::Result<Box<dyn io::Read + '_>> {
        match &self.standard_input {
            Some(content) => Ok(Box::new(io::Cursor::new(content.as_slice()))),
            None => self.files.open_standard_input(),
        }
    }

    fn read_standard_input(&self) -> io::Result<Vec<u8>> {
        self.standard_input.clone().map_or_else(|| self.files.read_standard_input(), Ok)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.files.list(folder)
    }

    fn write(&self, path: &Path, parts: &[&[u8]]) -> io::Result<()> {
        self.files.write(path, parts)
    }

    fn stage(
        &self,
        path: &Path,
        size: u64,
        parts: &mut dyn Iterator<Item = &[u8]>,
    ) -> io::Result<Box<dyn Staged + Send + '_>> {
        self.files.stage(path, size, parts)
    }

    fn write_all(&self, folder: &Path, files: &[(PathBuf, &[u8])]) -> io::Result<()> {
        self.files.write_all(folder, files)
    }
}
