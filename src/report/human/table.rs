//! Aligned columns of text, with one column that wraps where the width is short; where that is not enough, all do.
//!
//! Differs from the files that use it: it knows widths, not what the cells mean.

use anstyle::Style;
use textwrap::core::display_width;

use super::diagnostic::wrap;
use super::{HEADING, Look};
use crate::diag::escape;

/// One cell: its text, escaped where it is drawn, and its style.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(super) fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::styled(text, Style::new())
    }
}

/// Rows of cells under headings.
#[derive(Debug)]
pub(super) struct Table<const COLUMNS: usize> {
    headings: [&'static str; COLUMNS],
    /// The column that wraps first.
    flexible: usize,
    rows: Vec<[Cell; COLUMNS]>,
}

const INDENT: usize = 2;
const GAP: usize = 2;
/// The narrowest column that is made narrower.
const LEAST: usize = 16;

impl<const COLUMNS: usize> Table<COLUMNS> {
    pub(super) fn new(headings: [&'static str; COLUMNS], flexible: usize) -> Self {
        Self { headings, flexible, rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: [Cell; COLUMNS]) {
        self.rows.push(cells.map(|cell| Cell { text: escape(&cell.text), style: cell.style }));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Appends the table.
    pub(super) fn draw(&self, look: &Look, text: &mut String) {
        let widths = self.widths(look.width);
        let heading = self.headings.map(|heading| Cell::styled(heading, HEADING));
        self.draw_row(&heading, &widths, look, text);
        for row in &self.rows {
            self.draw_row(row, &widths, look, text);
        }
    }

    fn widths(&self, width: usize) -> [usize; COLUMNS] {
        let mut widths = self.full_widths();
        let others = widths.iter().sum::<usize>() - widths[self.flexible];
        let all = width.saturating_sub(INDENT + GAP * (COLUMNS - 1));
        let room = widths[self.flexible].min(all.saturating_sub(others).max(LEAST));
        // A word that is longer than its column makes the column wider, so that the others stay in line.
        let lines = self.rows.iter().flat_map(|row| wrap(&row[self.flexible].text, room, ""));
        widths[self.flexible] = lines.map(|line| display_width(&line)).max().unwrap_or(0).max(room);
        narrow(&mut widths, all);
        widths
    }

    fn full_widths(&self) -> [usize; COLUMNS] {
        let mut widths = self.headings.map(display_width);
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = display_width(&cell.text).max(*width);
            }
        }
        widths
    }

    fn draw_row(&self, row: &[Cell; COLUMNS], widths: &[usize; COLUMNS], look: &Look, text: &mut String) {
        let mut columns = widths.iter();
        let cells = row.each_ref().map(|cell| lines(&cell.text, columns.next().copied().unwrap_or(LEAST)));
        for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0).max(1) {
            let mut pending = INDENT;
            for ((cell, lines), width) in row.iter().zip(&cells).zip(widths) {
                let shown = lines.get(line).map_or("", String::as_str);
                if !shown.is_empty() {
                    text.extend(std::iter::repeat_n(' ', pending));
                    text.push_str(&look.paint(cell.style, shown));
                    pending = 0;
                }
                pending += width.saturating_sub(display_width(shown)) + GAP;
            }
            text.push('\n');
        }
    }
}

/// Takes from the widest columns until all of them fit into `all`, or are as narrow as a column may be.
fn narrow(widths: &mut [usize], all: usize) {
    while widths.iter().sum::<usize>() > all {
        let Some(widest) = widths.iter_mut().max().filter(|width| **width > LEAST) else { return };
        *widest -= 1;
    }
}

/// The lines of a cell: broken at spaces, and where a word alone is too long, behind a sign between the parts of a name.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    let lines = wrap(text, width, "").into_iter();
    lines
        .flat_map(|line| if display_width(&line) > width { parts(&line, width) } else { vec![line] })
        .collect()
}

/// A name in pieces of a width, each as long as it can be.
fn parts(name: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for part in name.split_inclusive([' ', ':', '/', '@', '-', '_', ',']) {
        let has_room = |line: &String| display_width(line) + display_width(part.trim_end()) <= width;
        if !lines.last().is_none_or(|line| line.is_empty() || has_room(line)) {
            lines.push(String::new());
        }
        for character in part.chars() {
            let mut buffer = [0; 4];
            let piece = &*character.encode_utf8(&mut buffer);
            let line = lines.last().map_or(0, |line| display_width(line));
            if line > 0 && line + display_width(piece) > width && character != ' ' {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push(character);
            }
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_the_flexible_one_wraps() {
        let mut table = Table::new(["a", "what", "z"], 1);
        table.row(["日本".into(), "short".into(), "1".into()]);
        table.row(["x".into(), "words that go on and on".into(), "2".into()]);
        let mut text = String::new();
        table.draw(&Look { colour: false, unicode: true, width: 27 }, &mut text);
        assert_eq!(
            text,
            "  a     what              z\n  日本  short             1\n  x     words that go on  2\n        and on\n"
        );
        table.row(["y".into(), "on and a-word-that-is-longer".into(), "3".into()]);
        text.clear();
        table.draw(&Look { colour: false, unicode: true, width: 27 }, &mut text);
        assert_eq!(
            text,
            "  a     what              z\n  日本  short             1\n  x     words that go on  2\n        and on\n  \
             y     on and            3\n        a-word-that-is-\n        longer\n"
        );
    }

    #[test]
    fn names_that_are_too_long_are_broken_in_all_columns() {
        let mut table = Table::new(["component", "provides", "to"], 1);
        let name = "deeply/nested/folder/of/components/http-adapter";
        table.row([name.into(), "wasi:http/outgoing-handler@0.2.3".into(), "app".into()]);
        let mut text = String::new();
        table.draw(&Look { colour: false, unicode: true, width: 60 }, &mut text);
        assert_eq!(
            text,
            "  component                   provides                   to\n  \
             deeply/nested/folder/of/    wasi:http/outgoing-        app\n  \
             components/http-adapter     handler@0.2.3\n"
        );
    }

    #[test]
    fn a_name_without_signs_is_broken_anywhere() {
        assert_eq!(parts("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(parts("日本語", 4), ["日本", "語"]);
        assert_eq!(parts("a:b/cdef-g", 4), ["a:b/", "cdef", "-g"]);
        assert_eq!(parts("x", 0), ["x"]);
    }
}
