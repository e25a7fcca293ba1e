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

    /// The place under which a finding is filed: that of a label in a text, else a file of the run that a person wrote, else
    /// a binary that a label is about, else the first file of the run.
    pub(super) fn filed(diagnostic: &Diagnostic, sources: &SourceMap) -> Option<Self> {
        let place = Self::of(diagnostic, sources);
        let has_lines = |place: &Self| place.lines.is_some();
        let of_text = place.clone().filter(has_lines).or_else(|| Self::any(sources));
        of_text.or(place).or_else(|| Self::files(sources).next().map(Self::at_start))
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

    /// A file of the run that a person wrote, at its first line: where nothing better is known. A policy first, and whatever
    /// it is called.
    pub(super) fn any(sources: &SourceMap) -> Option<Self> {
        let is_called = |path: &&Path, name: &str| path.file_name().is_some_and(|it| it == name);
        let named = |name: &str| Self::files(sources).find(|path| is_called(path, name));
        let is_settings = |path: &&Path| path.extension().is_some_and(|it| it == "toml");
        let path = named("witc-policy.toml").or_else(|| named("witc.toml"));
        path.or_else(|| Self::files(sources).find(is_settings)).map(Self::at_start)
    }

    fn files(sources: &SourceMap) -> impl Iterator<Item = &Path> {
        sources.iter().filter_map(|(_, source)| match &source.origin {
            Origin::File(path) => Some(path.as_path()),
            Origin::StandardInput | Origin::Printed { .. } | Origin::CommandLine | Origin::BuiltIn => None,
        })
    }

    fn at_start(path: &Path) -> Self {
        Self { path: slashed(path), lines: None }
    }
}

/// What standard input is called where files have names: a finding about it is in no other file.
const STANDARD_INPUT: &str = "stdin";

/// The file of a source, and whether the source is text that was printed for that file.
fn file_of(sources: &SourceMap, source: SourceId) -> Option<(&Path, bool)> {
    match &sources.get(source).origin {
        Origin::File(path) => Some((path, false)),
        Origin::Printed { of } => file_of(sources, *of).map(|(path, _)| (path, true)),
        Origin::StandardInput => Some((Path::new(STANDARD_INPUT), false)),
        Origin::CommandLine | Origin::BuiltIn => None,
    }
}

/// A path as it is written on every system, without `.` parts.
fn slashed(path: &Path) -> String {
    let path: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::code;

    #[track_caller]
    fn check(files: &[&str], expected: Option<&str>) {
        let mut sources = SourceMap::default();
        for file in files {
            sources.add(*file, Origin::File(file.into()), "");
        }
        let found = FilePlace::filed(&Diagnostic::new(code::NO_POLICY, "there is no policy"), &sources);
        assert_eq!(found.map(|place| place.path).as_deref(), expected);
    }

    #[test]
    fn a_finding_without_a_place_is_filed_under_a_file_that_is_there() {
        check(&["a.wasm", "witc.toml", "x/witc-policy.toml"], Some("x/witc-policy.toml"));
        check(&["a.wasm", "b.toml", "witc.toml"], Some("witc.toml"));
        check(&["a.wasm", "security/shop.toml"], Some("security/shop.toml"));
        check(&["build/a.wasm", "b.wasm"], Some("build/a.wasm"));
        check(&[], None);
    }

    #[test]
    fn a_finding_about_standard_input_is_filed_there() {
        let mut sources = SourceMap::default();
        sources.add("witc.toml", Origin::File("witc.toml".into()), "");
        let source = sources.add("<stdin>", Origin::StandardInput, "package a");
        let label = Label::primary(crate::source::Span::start_of(source), "here");
        let found = Diagnostic::new(code::WIT_SYNTAX, "this is not WIT").label(label);
        let place = FilePlace::filed(&found, &sources).map(|place| place.to_string());
        assert_eq!(place.as_deref(), Some("stdin:1:1"));
    }
}
