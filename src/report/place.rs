//! Finds the place in a file under which a finding is filed, for formats that know files and lines only.
//!
//! Differs from `human/excerpt.rs`: that shows every place, this picks one.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use crate::diag::{Diagnostic, Label};
use crate::source::{Origin, Position, SourceId, SourceMap};

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FilePlace {
    /// The path, `/` between its parts.
    pub(super) path: String,
    /// Where it starts and ends; `None` for a binary, which has no lines.
    pub(super) lines: Option<(Position, Position)>,
}

impl fmt::Display for FilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.lines {
            Some((start, _)) => write!(f, "{}:{}:{}", self.path, start.line, start.column),
            None => f.write_str(&self.path),
        }
    }
}

impl FilePlace {
    /// Where to go for a finding: the first label in a text file, the primary label before all others; else the binary
    /// that a label is about.
    pub(super) fn of(diagnostic: &Diagnostic, sources: &SourceMap) -> Option<Self> {
        let places = || diagnostic.labels.iter().filter_map(|label| Self::of_label(label, sources));
        places().find(|place| place.lines.is_some()).or_else(|| places().next())
    }

    /// The place in a text under which a finding is filed: that of a label, else a file of the run that a person wrote, else
    /// a binary.
    pub(super) fn filed(diagnostic: &Diagnostic, sources: &SourceMap) -> Option<Self> {
        let place = Self::of(diagnostic, sources);
        place.clone().filter(|place| place.lines.is_some()).or_else(|| Self::any(sources)).or(place)
    }

    /// The place of a label; `None` for what is in no file.
    pub(super) fn of_label(label: &Label, sources: &SourceMap) -> Option<Self> {
        let span = label.span;
        let (path, is_printed) = file_of(sources, span.source)?;
        let has_lines = !is_printed && !sources.get(span.source).text.is_empty();
        let position = |byte| sources.position(span.source, byte);
        let lines = has_lines.then(|| (position(span.start), position(span.end)));
        Some(Self { path: slashed(path), lines })
    }

    /// A file of the run that a person wrote, at its first line: where nothing better is known.
    pub(super) fn any(sources: &SourceMap) -> Option<Self> {
        let written = |name: &str| {
            sources.iter().find_map(|(_, source)| match &source.origin {
                Origin::File(path) if path.file_name().is_some_and(|it| it == name) => Some(path),
                Origin::File(_)
                | Origin::StandardInput
                | Origin::Printed { .. }
                | Origin::CommandLine
                | Origin::BuiltIn => None,
            })
        };
        let path = written("witc-policy.toml").or_else(|| written("witc.toml"))?;
        Some(Self { path: slashed(path), lines: None })
    }
}

/// The file of a source, and whether the source is text that was printed for that file.
fn file_of(sources: &SourceMap, source: SourceId) -> Option<(&Path, bool)> {
    match &sources.get(source).origin {
        Origin::File(path) => Some((path, false)),
        Origin::Printed { of } => file_of(sources, *of).map(|(path, _)| (path, true)),
        Origin::StandardInput | Origin::CommandLine | Origin::BuiltIn => None,
    }
}

/// A path as it is written on every system, without `.` parts.
fn slashed(path: &Path) -> String {
    let path: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}
