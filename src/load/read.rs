//! Reads an input once, and stops early where its first bytes show that it is nothing for witc.
//!
//! Differs from `detect.rs`: this gets the bytes, that says what they are.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::detect::{Format, PREFIX, detect};
use crate::config::InputPath;
use crate::source::{Files, PathKind};

/// The largest input that is read, in bytes: 1 GiB, so that a stream without an end does not fill the memory.
const LARGEST: u64 = 1 << 30;

/// What reading an input came to.
#[derive(Debug)]
pub(super) enum Content {
    /// A folder.
    Folder,
    /// A file: its format, and its bytes: all of them where the format is one that witc reads, else the first ones.
    File(Format, Vec<u8>),
}

/// Reads an input as far as it is worth it.
pub(super) fn read(path: &InputPath, files: &dyn Files) -> io::Result<Content> {
    match path {
        InputPath::StandardInput => read_stream(files.open_standard_input()?, None),
        InputPath::Path(path) => match files.kind(path)? {
            PathKind::Folder => Ok(Content::Folder),
            PathKind::File => read_stream(files.open(path)?, files.size(path)),
        },
    }
}

fn read_stream(mut stream: Box<dyn Read + '_>, size: Option<u64>) -> io::Result<Content> {
    let mut bytes = Vec::with_capacity(PREFIX);
    stream.by_ref().take(PREFIX as u64).read_to_end(&mut bytes)?;
    let format = detect(&bytes);
    match format {
        Format::Component | Format::CoreModule | Format::WasmText | Format::Text => {}
        Format::Foreign(foreign) if foreign.is_text => {}
        Format::OtherVersion { .. }
        | Format::CutHeader
        | Format::Empty
        | Format::Foreign(_)
        | Format::Unknown => return Ok(Content::File(format, bytes)),
    }
    if let Some(size) = size.filter(|size| *size <= LARGEST).and_then(|size| usize::try_from(size).ok()) {
        bytes.reserve_exact(size.saturating_sub(bytes.len()));
    }
    stream.take(LARGEST).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "larger than 1 GiB, the most that witc reads",
        ));
    }
    Ok(Content::File(format, bytes))
}

/// Files of which one was read already: what comes through a pipe can be read only once.
pub(super) struct ReadBefore<'a> {
    /// All files.
    pub(super) files: &'a dyn Files,
    /// Which one was read.
    pub(super) path: &'a InputPath,
    /// What it holds.
    pub(super) bytes: &'a [u8],
}

impl Files for ReadBefore<'_> {
    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        self.files.kind(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.path {
            InputPath::Path(known) if known == path => Ok(self.bytes.to_vec()),
            InputPath::Path(_) | InputPath::StandardInput => self.files.read(path),
        }
    }

    fn read_standard_input(&self) -> io::Result<Vec<u8>> {
        match self.path {
            InputPath::StandardInput => Ok(self.bytes.to_vec()),
            InputPath::Path(_) => self.files.read_standard_input(),
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.files.list(folder)
    }

    fn write(&self, path: &Path, parts: &[&[u8]]) -> io::Result<()> {
        self.files.write(path, parts)
    }

    fn is_same(&self, one: &Path, other: &Path) -> bool {
        self.files.is_same(one, other)
    }

    fn recall(&self, name: &str) -> Option<Vec<u8>> {
        self.files.recall(name)
    }

    fn keep(&self, name: &str, content: &[u8]) {
        self.files.keep(name, content);
    }
}
