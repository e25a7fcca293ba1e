//! Aligned columns of text, with one column that wraps where the width is short.
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
    /// The column that wraps.
    flexible: usize,
    rows: Vec<[Cell; COLUMNS]>,
}

const INDENT: usize = 2;
const GAP: usize = 2;
const LEAST_FLEXIBLE: usize = 16;

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

    /// The columns that `width` leaves for the cell that wraps.
    pub(super) fn room(&self, width: usize) -> usize {
        let widths = self.full_widths();
        let others: usize = widths.iter().sum::<usize>() - widths[self.flexible];
        width.saturating_sub(INDENT + GAP * (COLUMNS - 1) + others)
    }

    fn widths(&self, width: usize) -> [usize; COLUMNS] {
        let mut widths = self.full_widths();
        let room = widths[self.flexible].min(self.room(width).max(LEAST_FLEXIBLE));
        // A word is not broken: one that is longer than its column makes the column wider, so that the others stay in line.
        let lines = self.rows.iter().flat_map(|row| wrap(&row[self.flexible].text, room, ""));
        widths[self.flexible] = lines.map(|line| display_width(&line)).max().unwrap_or(0).max(room);
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
        let flexible = wrap(&row[self.flexible].text, widths[self.flexible], "");
        for line in 0..flexible.len().max(1) {
            let mut pending = INDENT;
            for (column, cell) in row.iter().enumerate() {
                let shown = match (column == self.flexible, line) {
                    (true, _) => flexible.get(line).map_or("", String::as_str),
                    (false, 0) => cell.text.as_str(),
                    (false, _) => "",
                };
                if !shown.is_empty() {
                    text.extend(std::iter::repeat_n(' ', pending));
                    text.push_str(&look.paint(cell.style, shown));
                    pending = 0;
                }
                pending += widths[column].saturating_sub(display_width(shown)) + GAP;
            }
            text.push('\n');
        }
    }
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
        let ends: Vec<usize> =
            text.lines().filter(|line| line.ends_with(['z', '1', '2', '3'])).map(display_width).collect();
        assert_eq!(ends, [32; 4], "{text}");
    }
}
