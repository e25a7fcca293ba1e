//! Reads an input once, and stops early where its first bytes show that it is nothing for witc.
//!
//! Differs from `detect.rs`: this gets the bytes, that says what they are.

use std::io::{self, Read};

use super::detect::{Format, PREFIX, detect};
use crate::config::InputPath;
use crate::source::{Bytes, Files, Opened};

/// The largest input that is read, in bytes: 1 GiB, so that a stream without an end does not fill the memory.
const LARGEST: u64 = 1 << 30;

/// Up to this many bytes, a file is read at once, whatever it is.
const SMALL: usize = 1 << 16;

/// What reading an input came to.
#[derive(Debug)]
pub(super) enum Content {
    /// A folder.
    Folder,
    /// A file: its format, and its bytes: all of them where the format is one that witc reads, else the first ones.
    File(Format, Bytes),
}

/// Reads an input as far as it is worth it.
pub(super) fn read(path: &InputPath, files: &dyn Files) -> io::Result<Content> {
    match path {
        InputPath::StandardInput => read_stream(files.open_standard_input()?, None),
        InputPath::Path(path) => match files.open(path)? {
            Opened::Folder => Ok(Content::Folder),
            Opened::File { stream, size } => read_stream(stream, size),
            Opened::Lying(bytes) => look(bytes),
        },
    }
}

fn look(bytes: Bytes) -> io::Result<Content> {
    let first = &bytes[..bytes.len().min(PREFIX)];
    let format = detect(first);
    if !is_wanted(format) {
        return Ok(Content::File(format, first.to_vec().into()));
    }
    refuse_larger(bytes.len())?;
    Ok(Content::File(format, bytes))
}

/// Whether all of what starts in this way is wanted.
fn is_wanted(format: Format) -> bool {
    match format {
        Format::Component | Format::CoreModule | Format::WasmText | Format::Text => true,
        Format::Foreign(foreign) => foreign.is_text,
        Format::OtherVersion { .. } | Format::CutHeader | Format::Empty | Format::Unknown => false,
    }
}

fn refuse_larger(size: usize) -> io::Result<()> {
    if size as u64 > LARGEST {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "larger than 1 GiB, the most that witc reads",
        ));
    }
    Ok(())
}

fn read_stream(mut stream: Box<dyn Read + '_>, size: Option<u64>) -> io::Result<Content> {
    let size = size.filter(|size| *size <= LARGEST).and_then(|size| usize::try_from(size).ok());
    // A file of known size is read in one piece; memory that is not written to costs nothing.
    let mut bytes = vec![0; size.unwrap_or_default().max(PREFIX)];
    let first = if bytes.len() > SMALL { PREFIX } else { bytes.len() };
    let mut filled = fill(stream.as_mut(), &mut bytes[..first])?;
    let format = detect(&bytes[..filled.min(PREFIX)]);
    if !is_wanted(format) {
        bytes.truncate(filled.min(PREFIX));
        bytes.shrink_to_fit();
        return Ok(Content::File(format, bytes.into()));
    }
    filled += fill(stream.as_mut(), &mut bytes[filled..])?;
    bytes.truncate(filled);
    if size.is_none_or(|size| size != filled) {
        // It grew or shrank since it was opened, or nobody knew how long it is.
        stream.take(LARGEST).read_to_end(&mut bytes)?;
    }
    refuse_larger(bytes.len())?;
    Ok(Content::File(format, bytes.into()))
}

/// Reads until the buffer is full or the stream ends, and says how many bytes there are.
fn fill(stream: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match stream.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
