//! Cuts out of one source the lines that one diagnostic shows, with its labels placed in them.
//!
//! Only what is shown is copied, cut to the width, so that neither a huge text nor a line of a megabyte costs anything.
//! Differs from `drawing.rs`, which draws the result.

use std::ops::{Range, RangeInclusive};

use textwrap::core::display_width;

use super::Look;
use super::diagnostic::wrap;
use crate::diag::{Label, escape};
use crate::source::{Position, Source};

/// The lines of context around a label.
const CONTEXT: usize = 1;
/// A label over more lines than this is shown at its first line.
const MOST_LINES: usize = 6;
/// The narrowest column in which the text of a label is still readable.
const LEAST_LABEL: usize = 24;
/// How many columns there are between the middle of what is marked and the text that hangs from it.
const HANG: usize = 5;
/// How many characters are shown before a label where its line is cut.
const BEFORE_LABEL: usize = 20;

/// The shown lines of one source, as one small text with places of its own.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    pub(super) text: String,
    pub(super) blocks: Vec<Block>,
    /// By place.
    pub(super) labels: Vec<Placed>,
}

/// Lines of the source that follow each other.
#[derive(Debug)]
pub(super) struct Block {
    /// Its bytes in the text of the excerpt.
    pub(super) bytes: Range<usize>,
    /// Its lines in the source, 0-based.
    pub(super) lines: Range<usize>,
}

/// A label, placed in the text of the excerpt.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) bytes: Range<usize>,
    /// Where it starts in the source.
    pub(super) position: Position,
    /// Its text, wrapped.
    pub(super) text: String,
    pub(super) primary: bool,
}

/// A label and what it covers in the source.
struct Cover<'l> {
    label: &'l Label,
    bytes: Range<usize>,
    /// The 0-based lines, the last one included.
    lines: RangeInclusive<usize>,
}

/// One line as it is shown.
struct Shown {
    text: String,
    /// For each character that is shown, its offset in the line of the source and in `text`; at last, the end of both.
    offsets: Vec<(usize, usize)>,
}

impl Excerpt {
    pub(super) fn cut(source: &Source, labels: &[&Label], look: &Look) -> Self {
        let mut covers: Vec<_> = labels.iter().map(|label| Cover::of(source, label)).collect();
        covers.sort_by_key(|cover| (cover.bytes.start, cover.bytes.end));
        let last = covers.iter().map(|cover| *cover.lines.end()).max().unwrap_or(0);
        let gutter = (last + CONTEXT + 1).to_string().len() + 4;
        let width = look.width.saturating_sub(gutter).max(LEAST_LABEL);
        let mut excerpt = Self::default();
        let mut rest = covers.as_slice();
        while let Some(first) = rest.first() {
            let mut last = *first.lines.end();
            let mut count = 1;
            while let Some(next) = rest.get(count)
                && *next.lines.start() <= last + 2 * CONTEXT + 1
            {
                last = last.max(*next.lines.end());
                count += 1;
            }
            let (covers, others) = rest.split_at(count);
            let lines = with_context(source, *first.lines.start()..last + 1);
            excerpt.add_block(source, covers, lines, width, look.unicode);
            rest = others;
        }
        excerpt
    }

    fn add_block(
        &mut self,
        source: &Source,
        covers: &[Cover<'_>],
        lines: Range<usize>,
        width: usize,
        unicode: bool,
    ) {
        let start = self.text.len();
        let placed = self.labels.len();
        self.labels.extend(covers.iter().map(|cover| Placed {
            bytes: start..start,
            position: source.position(cover.bytes.start),
            text: String::new(),
            primary: cover.label.primary,
        }));
        let mut line = lines.start;
        while line < lines.end
            && let Some(bytes) = source.line(line)
        {
            let starts = |cover: &Cover<'_>| *cover.lines.start() == line;
            let ends = |cover: &Cover<'_>| *cover.lines.end() == line;
            let focus = covers.iter().filter(|it| starts(it) || ends(it)).fold(None, |focus, cover| {
                let from = if starts(cover) { cover.bytes.start } else { bytes.start };
                let to = if ends(cover) { cover.bytes.end } else { from };
                Some(focus.map_or(from..to, |old: Range<usize>| old.start.min(from)..old.end.max(to)))
            });
            let focus = focus.map_or(0..0, |focus| focus.start - bytes.start..focus.end - bytes.start);
            let shown = Shown::cut(&source.text[bytes.clone()], focus, width, unicode);
            let base = self.text.len();
            for (cover, label) in covers.iter().zip(&mut self.labels[placed..]) {
                if starts(cover) {
                    label.bytes.start = base + shown.place(cover.bytes.start - bytes.start);
                }
                if ends(cover) {
                    label.bytes.end = base + shown.place(cover.bytes.end - bytes.start);
                    // The text hangs from the middle of what is marked; where that leaves it no room, less is marked.
                    let column = |byte: usize| display_width(&shown.text[..byte.saturating_sub(base)]);
                    let room = |end: usize| {
                        width.saturating_sub(column(label.bytes.start).midpoint(column(end)) + HANG)
                    };
                    let mut ends = shown.text.char_indices().map(|(at, _)| base + at).rev();
                    let least = display_width(&cover.label.text).min(LEAST_LABEL);
                    if starts(cover) && room(label.bytes.end) < least {
                        let fits = |end: &usize| *end > label.bytes.start && room(*end) >= least;
                        label.bytes.end = ends.find(fits).unwrap_or(label.bytes.end);
                    }
                    label.text = wrap_label(&cover.label.text, room(label.bytes.end));
                }
            }
            self.text.push_str(&shown.text);
            self.text.push('\n');
            line += 1;
        }
        self.blocks.push(Block { bytes: start..self.text.len(), lines: lines.start..line });
    }
}

/// Lines with those around them; blank lines at the edges show nothing.
fn with_context(source: &Source, lines: Range<usize>) -> Range<usize> {
    let is_blank = |line: usize| source.line(line).is_none_or(|bytes| source.text[bytes].trim().is_empty());
    let mut wide = lines.start.saturating_sub(CONTEXT)..lines.end + CONTEXT;
    while wide.start < lines.start && is_blank(wide.start) {
        wide.start += 1;
    }
    while wide.end > lines.end && is_blank(wide.end - 1) {
        wide.end -= 1;
    }
    wide
}

impl<'l> Cover<'l> {
    fn of(source: &Source, label: &'l Label) -> Self {
        let text = source.text.as_str();
        // After the last line feed there is no line to show: the end of a file is the end of what is written in it.
        let last = text.trim_end_matches(['\n', '\r']).len();
        let mut start = text.floor_char_boundary(label.span.start.min(last));
        let mut end = text.ceil_char_boundary(label.span.end.clamp(start, last.max(start)));
        let covered = &text[start..end];
        end -= covered.len() - covered.trim_end_matches(['\n', '\r']).len();
        let first = source.position(start).line - 1;
        let mut lines = first..=source.position(end).line - 1;
        if let Some(bytes) = source.line(first) {
            // Between the two characters of a line end there is no place to draw at.
            start = start.min(bytes.end);
            end = end.max(start);
            if lines.end() - first >= MOST_LINES {
                end = bytes.end;
                lines = first..=first;
            }
        }
        Self { label, bytes: start..end, lines }
    }
}

impl Shown {
    /// `line` in at most `width` columns, with `focus` in sight.
    fn cut(line: &str, focus: Range<usize>, width: usize, unicode: bool) -> Self {
        let mark = if unicode { "…" } else { "..." };
        let is_short = line.len() <= width || (line.len() <= 4 * width && display_width(line) <= width);
        let from = if is_short { room_made(line, &focus, width) } else { first_shown(line, &focus, width) };
        let mut shown = Self { text: String::new(), offsets: Vec::new() };
        if from > 0 {
            shown.text.push_str(mark);
        }
        let mut room = if is_short { usize::MAX } else { width.saturating_sub(2 * mark.len()) };
        for (at, character) in line[from..].char_indices() {
            let piece = show(character);
            let columns = if character == '\t' { 4 } else { display_width(&piece) };
            shown.offsets.push((from + at, shown.text.len()));
            if columns > room {
                shown.text.push_str(mark);
                return shown;
            }
            room -= columns;
            shown.text.push_str(&piece);
        }
        shown.offsets.push((line.len(), shown.text.len()));
        shown
    }

    /// The offset in the shown text of an offset in the line; what is not shown is at one of the ends.
    fn place(&self, offset: usize) -> usize {
        let index = self.offsets.partition_point(|(at, _)| *at < offset).min(self.offsets.len() - 1);
        self.offsets[index].1
    }
}

/// Where a line that is short enough is cut at its start, so that there is room for the text that hangs from its focus.
fn room_made(line: &str, focus: &Range<usize>, width: usize) -> usize {
    let (start, end) = (line.floor_char_boundary(focus.start), line.ceil_char_boundary(focus.end));
    let middle = display_width(&line[..start]).midpoint(display_width(&line[..end]));
    let excess = (middle + HANG + LEAST_LABEL).saturating_sub(width);
    let most = line[..start].chars().count().saturating_sub(BEFORE_LABEL);
    if excess == 0 || most == 0 {
        return 0;
    }
    let mark = 3; // of what is left out
    line.char_indices().nth(most.min(excess + mark)).map_or(0, |(at, _)| at)
}

/// Where a line that is too long is cut at its start: a little before the focus.
fn first_shown(line: &str, focus: &Range<usize>, width: usize) -> usize {
    let start = line.floor_char_boundary(focus.start);
    let end = line.ceil_char_boundary(focus.end);
    if line[..end.min(4 * width)].chars().count() < width.saturating_sub(6) && end <= 4 * width {
        return 0;
    }
    line[..start].char_indices().rev().nth(BEFORE_LABEL - 1).map_or(0, |(at, _)| at)
}

/// A character as it is shown: whatever could drive a terminal is escaped.
fn show(character: char) -> String {
    if character == '\t' { "\t".to_owned() } else { escape(character.encode_utf8(&mut [0; 4])) }
}

fn wrap_label(text: &str, width: usize) -> String {
    let lines = text.lines().flat_map(|line| wrap(&escape(line), width.max(LEAST_LABEL), ""));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Origin, SourceMap, Span};

    #[track_caller]
    fn check(text: &str, label: Range<usize>, width: usize, expected: &str, marked: &str) {
        let mut sources = SourceMap::default();
        let id = sources.add("a.wit", Origin::StandardInput, text);
        let label = Label::primary(Span::new(id, label.start, label.end), "x");
        let look = Look { colour: false, unicode: true, width };
        let excerpt = Excerpt::cut(sources.get(id), &[&label], &look);
        assert_eq!(excerpt.text, expected);
        assert_eq!(&excerpt.text[excerpt.labels[0].bytes.clone()], marked);
    }

    #[test]
    fn the_lines_around_a_label_are_cut_out() {
        check("a\nb\nc\nd\n", 2..3, 80, "a\nb\nc\n", "b");
        check("a\r\nb\r\nc\r\nd", 3..4, 80, "a\nb\nc\n", "b");
        check("a\nb", 3..3, 80, "a\nb\n", "");
        check("a\nb\n\n\n", 6..6, 80, "a\nb\n", "");
        check("a\r\nb", 2..2, 80, "a\nb\n", "");
        check("\n\n", 0..2, 80, "\n", "");
        check("é", 1..1, 80, "é\n", "é");
        check("a\u{1b}[31mb", 1..2, 80, "a\\u{1b}[31mb\n", "\\u{1b}");
    }

    #[test]
    fn a_long_label_is_shown_at_its_first_line() {
        check(&"line\n".repeat(9), 1..40, 80, "line\nline\n", "ine");
        check(&"line\n".repeat(4), 1..10, 80, "line\nline\nline\n", "ine\nline");
    }

    #[test]
    fn a_label_at_the_end_of_a_line_has_room_for_its_text() {
        let line = format!("{}NAME", "a".repeat(60));
        check(&line, 60..64, 70, &format!("…{}NAME\n", "a".repeat(31)), "NAME");
        check(&line, 60..64, 100, &format!("{line}\n"), "NAME");
    }

    #[test]
    fn a_long_line_is_cut_around_the_label() {
        let long = format!("{}NAME{}", "a".repeat(100), "b".repeat(100));
        let expected = format!("…{}NAME{}…\n", "a".repeat(20), "b".repeat(5));
        check(&long, 100..104, 40, &expected, "NAME");
        check(&long, 0..4, 40, &format!("{}…\n", "a".repeat(29)), "aaaa");
        check(&"é".repeat(100_000), 100_000..100_002, 40, &format!("…{}…\n", "é".repeat(29)), "é");
    }
}
