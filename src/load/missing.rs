//! Of a path that cannot be read: where it is named, and what it was likely meant to be.
//!
//! Differs from `diagnostics.rs`, which says what is wrong: this looks at the manifest and at the files beside.

use std::io;
use std::path::Path;

use super::diagnostics::At;
use crate::config::Request;
use crate::diag::{Diagnostic, closest, escape, quoted};
use crate::source::{Files, Origin, SourceId, SourceMap, Span};

/// Says that the file at `path`, whose source is `source`, cannot be read; the line of a manifest is the place, if it is named
/// there.
pub(super) fn unreadable(
    (path, source): (&Path, SourceId),
    error: io::Error,
    request: &Request,
    files: &dyn Files,
    sources: &SourceMap,
) -> Diagnostic {
    let is_missing = error.kind() == io::ErrorKind::NotFound;
    let name = escape(&path.to_string_lossy());
    let mut diagnostic = Diagnostic::from(At { source, name: name.clone(), fault: error });
    let is_of_file = |span: &Span| matches!(sources.get(span.source).origin, Origin::File(_));
    let places = request.places.iter().filter(|(named, _)| named == path).map(|(_, span)| *span);
    if let (Some(place), Some(label)) = (places.into_iter().find(is_of_file), diagnostic.labels.first_mut()) {
        label.span = place;
    }
    if !is_missing {
        return diagnostic;
    }
    match meant(path, files) {
        Some(meant) => diagnostic.help(format!("did you mean {}?", quoted(&meant))),
        None if name.contains(['*', '?']) => {
            diagnostic.help("name each file: patterns of names are not read here")
        }
        None => diagnostic,
    }
}

/// The path in the same folder that is called almost so.
fn meant(path: &Path, files: &dyn Files) -> Option<String> {
    let folder = path.parent()?;
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = files.list(listed).ok()?;
    let names = entries.iter().filter_map(|entry| entry.file_name()?.to_str());
    let meant = closest(path.file_name()?.to_str()?, names)?;
    Some(folder.join(meant).to_string_lossy().into_owned())
}
