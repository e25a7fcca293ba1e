//! Reads an input once, and stops early where its first bytes show that it is nothing for witc.
//!
//! Differs from `detect.rs`: this gets the bytes, that says what they are.

use std::io::{self, Read};

use super::detect::{Format, PREFIX, detect};
use crate::config::InputPath;
use crate::source::{Files, Opened};

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
    File(Format, Vec<u8>),
}

/// Reads an input as far as it is worth it.
pub(super) fn read(path: &InputPath, files: &dyn Files) -> io::Result<Content> {
    match path {
        InputPath::StandardInput => read_stream(files.open_standard_input()?, None),
        InputPath::Path(path) => match files.open(path)? {
            Opened::Folder => Ok(Content::Folder),
            Opened::File { stream, size } => read_stream(stream, size),
        },
    }
}

fn read_stream(mut stream: Box<dyn Read + '_>, size: Option<u64>) -> io::Result<Content> {
    let size = size.filter(|size| *size <= LARGEST).and_then(|size| usize::try_from(size).ok());
    // A file of known size is read in one piece; memory that is not written to costs nothing.
    let mut bytes = vec![0; size.unwrap_or_default().max(PREFIX)];
    let first = if bytes.len() > SMALL { PREFIX } else { bytes.len() };
    let mut filled = fill(stream.as_mut(), &mut bytes[..first])?;
    let format = detect(&bytes[..filled.min(PREFIX)]);
    match format {
        Format::Component | Format::CoreModule | Format::WasmText | Format::Text => {}
        Format::Foreign(foreign) if foreign.is_text => {}
        Format::OtherVersion { .. }
        | Format::CutHeader
        | Format::Empty
        | Format::Foreign(_)
        | Format::Unknown => {
            bytes.truncate(filled.min(PREFIX));
            bytes.shrink_to_fit();
            return Ok(Content::File(format, bytes));
        }
    }
    filled += fill(stream.as_mut(), &mut bytes[filled..])?;
    bytes.truncate(filled);
    if size.is_none_or(|size| size != filled) {
        // It grew or shrank since it was opened, or nobody knew how long it is.
        stream.take(LARGEST).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "larger than 1 GiB, the most that witc reads",
        ));
    }
    Ok(Content::File(format, bytes))
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
