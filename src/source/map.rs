//! The table of all sources of a run, and the way from a byte offset to a line and a column.
//!
//! Differs from `disk.rs`: this is what was read, that is how it is read.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::{Bytes, Files, SourceId, Span};

/// Where a source came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file, under the path that the user wrote.
    File(PathBuf),
    /// Standard input.
    StandardInput,
    /// Text that witc printed for a binary, so that the binary has lines to point at.
    Printed {
        /// The binary.
        of: SourceId,
    },
    /// The command line, its arguments with a space between: flags have places to point at.
    CommandLine,
    /// Text that witc carries within itself: the WIT of WASI.
    BuiltIn,
}

/// One source: its name, its origin and, if it is text, the text.
#[derive(Debug)]
pub struct Source {
    /// The name that reports show: the path as the user wrote it, `<stdin>`,
    /// `<command line>`, or the file a text was printed for.
    pub name: String,
    /// Where it came from.
    pub origin: Origin,
    /// The text; empty for a binary, whose lines are in its printed companion.
    pub text: String,
    lines: OnceLock<Vec<usize>>,
}

/// A place in a text as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 0-based offset in bytes.
    pub byte: usize,
    /// 1-based line.
    pub line: usize,
    /// 1-based column, counted in characters.
    pub column: usize,
}

/// All sources of one run.
#[derive(Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
    /// By path: the sources that are added once, however often they are read.
    files: HashMap<PathBuf, SourceId>,
    /// What lies where somebody may write to it.
    watched: Vec<(SourceId, Bytes)>,
}

impl SourceMap {
    /// Adds a source; a binary has an empty `text`.
    pub fn add(&mut self, name: impl Into<String>, origin: Origin, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(Source { name: name.into(), origin, text: text.into(), lines: OnceLock::new() });
        id
    }

    /// The source of a file that may be read several times in a run: what is wrong with it is told at one place.
    pub fn file(&mut self, name: impl Into<String>, path: &Path) -> SourceId {
        if let Some(known) = self.files.get(path) {
            return *known;
        }
        let id = self.add(name, Origin::File(path.to_path_buf()), "");
        self.files.insert(path.to_path_buf(), id);
        id
    }

    /// The source of an id.
    ///
    /// # Panics
    /// When `id` was made by another map.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// Replaces the text of a source: a file that turned out to be text after it was named.
    pub fn set_text(&mut self, id: SourceId, text: String) {
        let source = &mut self.sources[id.0 as usize];
        source.text = text;
        source.lines = OnceLock::new();
    }

    /// From now on, a source counts as [`changed`](Self::changed) once somebody wrote to the file in which its bytes lie.
    pub fn watch(&mut self, id: SourceId, bytes: Bytes) {
        self.watched.push((id, bytes));
    }

    /// The sources to which somebody wrote since they are watched.
    pub fn changed(&self) -> Vec<SourceId> {
        let changed = self.watched.iter().filter(|(_, bytes)| bytes.have_changed());
        changed.map(|(source, _)| *source).collect()
    }

    /// Lets go of what is watched: all that was to be made of it is made.
    pub fn watch_no_longer(&mut self) {
        self.watched.clear();
    }

    /// All sources with their ids, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.sources)
    }

    /// The file that was read and that `path` leads to as well, if there is one.
    pub fn read_from(&self, path: &Path, files: &dyn Files) -> Option<&Source> {
        let read = self.sources.iter().filter_map(|source| match &source.origin {
            Origin::File(read) => Some((source, read.as_path())),
            Origin::StandardInput | Origin::CommandLine | Origin::BuiltIn | Origin::Printed { .. } => None,
        });
        let (sources, paths): (Vec<&Source>, Vec<&Path>) = read.unzip();
        files.first_same(path, &paths).map(|at| sources[at])
    }

    /// The piece of text that a span marks; empty where the source has no text.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.start..span.end).unwrap_or_default()
    }

    /// The position of a byte offset of a source.
    pub fn position(&self, source: SourceId, byte: usize) -> Position {
        self.get(source).position(byte)
    }
}

impl Source {
    /// The position of a byte offset.
    pub fn position(&self, byte: usize) -> Position {
        let byte = byte.min(self.text.len());
        let lines = self.line_starts();
        let line = lines.partition_point(|start| *start <= byte).max(1);
        let start = lines[line - 1];
        let column = self.text.get(start..byte).map_or(byte - start, |prefix| prefix.chars().count());
        Position { byte, line, column: column + 1 }
    }

    /// The bytes of a line, without its end; lines count from 0. After a last line feed there is one more, empty line.
    pub fn line(&self, line: usize) -> Option<Range<usize>> {
        let lines = self.line_starts();
        let start = *lines.get(line)?;
        let end = lines.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let end = if self.text[start..end].ends_with('\r') { end - 1 } else { end };
        Some(start..end)
    }

    fn line_starts(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, byte: usize, line: usize, column: usize) {
        let mut map = SourceMap::default();
        let id = map.add("a.wit", Origin::StandardInput, text);
        assert_eq!(map.position(id, byte), Position { byte: byte.min(text.len()), line, column });
    }

    #[test]
    fn positions_count_lines_and_characters() {
        check("", 0, 1, 1);
        check("ab\ncd", 0, 1, 1);
        check("ab\ncd", 2, 1, 3);
        check("ab\ncd", 3, 2, 1);
        check("é\nö!", 5, 2, 2);
        check("ab\n", 99, 2, 1);
    }

    #[test]
    fn lines_have_no_ends() {
        let mut map = SourceMap::default();
        let id = map.add("a.wit", Origin::StandardInput, "ab\r\ncd\n");
        let lines: Vec<_> = (0..4).map(|line| map.get(id).line(line)).collect();
        assert_eq!(lines, [Some(0..2), Some(4..6), Some(7..7), None]);
    }
}
