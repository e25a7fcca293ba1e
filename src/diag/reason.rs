//! Says in plain words why the system refused something: its own words differ from one system to the next.
//!
//! Differs from `escape.rs`: that makes any text safe to show, this chooses the text.

use std::io;

use super::escape;

/// Why `error` happened, as the end of a sentence such as `it cannot be written: …`.
pub fn reason(error: &io::Error) -> String {
    let known = [
        (io::ErrorKind::NotFound, "there is no such folder"),
        (io::ErrorKind::PermissionDenied, "you have no permission"),
        (io::ErrorKind::StorageFull, "no space is left"),
        (io::ErrorKind::QuotaExceeded, "no space is left to you"),
        (io::ErrorKind::ReadOnlyFilesystem, "nothing can be written to its file system"),
        (io::ErrorKind::IsADirectory, "it is a folder"),
        (io::ErrorKind::NotADirectory, "what should be a folder is a file"),
    ];
    match known.iter().find(|(kind, _)| *kind == error.kind()) {
        Some((_, words)) => (*words).to_owned(),
        None => escape(&error.to_string()).split(" (os error").next().unwrap_or_default().to_owned(),
    }
}

/// What to do where a file could not be written, beside writing to another place.
pub fn way_out(error: &io::Error) -> Option<&'static str> {
    let ways = [
        (io::ErrorKind::StorageFull, "make room"),
        (io::ErrorKind::QuotaExceeded, "make room"),
        (io::ErrorKind::NotFound, "make the folder"),
        (io::ErrorKind::PermissionDenied, "make this place writable"),
        (io::ErrorKind::ReadOnlyFilesystem, "make this place writable"),
    ];
    ways.iter().find(|(kind, _)| *kind == error.kind()).map(|(_, way)| *way)
}
