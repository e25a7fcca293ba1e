//! Diagnostics: a line with severity, code and message, the excerpts, then notes and help.
//!
//! Differs from `drawing.rs`, which draws the places of one diagnostic in one source.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter};

use super::{BOLD, Look, drawing, severity_style, severity_word};
use crate::diag::{Diagnostic, Label, counted, escape};
use crate::report::alike::gathered;
use crate::source::{SourceId, SourceMap};

const REMARK: Style = AnsiColor::Cyan.on_default().bold();

/// Of places about which the same is said, so many are shown; `--format json` has all.
const MOST_PLACES: usize = 3;

impl Look {
    /// All diagnostics, those that are alike as one, with a blank line after each.
    pub fn diagnostics(&self, diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
        let mut text = String::new();
        for diagnostic in gathered(diagnostics, sources) {
            one(&diagnostic, sources, self, &mut text);
            text.push('\n');
        }
        text
    }
}

fn one(diagnostic: &Diagnostic, sources: &SourceMap, look: &Look, text: &mut String) {
    let style = severity_style(diagnostic.severity);
    let word = format!("{}[{}]", severity_word(diagnostic.severity), diagnostic.code);
    let head = format!("{word}: {}", escape(&diagnostic.message));
    let lines = wrap(&head, look.prose_width(), "  ");
    for (index, line) in lines.iter().enumerate() {
        match line.strip_prefix(&word) {
            Some(rest) if index == 0 => {
                text.push_str(&look.paint(style, &word));
                text.push_str(&look.paint(BOLD, rest));
            }
            _ => text.push_str(&look.paint(BOLD, line)),
        }
        text.push('\n');
    }
    let labels = first_places(&diagnostic.labels);
    for (source, labels) in by_source(&labels) {
        drawing::draw(sources.get(source), &labels, diagnostic.severity, look, text);
    }
    let others = diagnostic.labels.len() - labels.len();
    if others > 0 {
        look.remark("also", REMARK, &format!("at {}", counted(others, "other place")), text);
    }
    for note in &diagnostic.notes {
        look.remark("note", REMARK, note, text);
    }
    for help in &diagnostic.help {
        look.remark("help", REMARK, help, text);
    }
}

/// The labels that are shown: of those that say the same, the first ones are enough.
fn first_places(labels: &[Label]) -> Vec<&Label> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for label in labels {
        let count = counts.entry(&label.text).or_default();
        *count += 1;
        if *count <= MOST_PLACES {
            shown.push(label);
        }
    }
    shown
}

/// The labels by source: first the source of the primary label, then the others as they come.
fn by_source<'d>(labels: &[&'d Label]) -> Vec<(SourceId, Vec<&'d Label>)> {
    let mut groups: Vec<(SourceId, Vec<&Label>)> = Vec::new();
    let labels = || labels.iter().copied();
    let primary_first = labels().filter(|it| it.primary).chain(labels().filter(|it| !it.primary));
    for label in primary_first {
        let source = label.span.source;
        match groups.iter_mut().find(|(other, _)| *other == source) {
            Some((_, group)) => group.push(label),
            None => groups.push((source, vec![label])),
        }
    }
    groups
}

impl Look {
    /// A word in colour, then what it says. A line that starts with a space is text to paste, and is never wrapped.
    pub(super) fn remark(&self, word: &str, style: Style, body: &str, text: &mut String) {
        let lead = format!("{word}: ");
        let indent = " ".repeat(2 + lead.len());
        let width = self.prose_width().saturating_sub(indent.len());
        let mut start = format!("  {}", self.paint(style, &lead));
        for line in body.lines().map(escape_line) {
            let pieces = if line.starts_with(' ') { vec![line] } else { wrap(&line, width, "") };
            for piece in pieces {
                text.push_str(if piece.is_empty() { "" } else { &start });
                text.push_str(&piece);
                text.push('\n');
                start.clone_from(&indent);
            }
        }
    }
}

fn escape_line(line: &str) -> String {
    escape(&line.replace('\t', "    "))
}

/// Breaks `text` at spaces only, so that a name stays in one piece; lines after the first start with `indent`.
pub(super) fn wrap(text: &str, width: usize, indent: &str) -> Vec<String> {
    let options = Options::new(width.max(1))
        .subsequent_indent(indent)
        .word_separator(WordSeparator::Custom(words))
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
        .break_words(false);
    textwrap::wrap(text, options).into_iter().map(|line| line.into_owned()).collect()
}

/// The words of a line; the sign of what came or went belongs to its name.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let (mut words, mut start, mut end) = (Vec::new(), 0, 0);
    for word in WordSeparator::AsciiSpace.find_words(line) {
        end += word.word.len() + word.whitespace.len();
        if !matches!(word.word, "+" | "-" | "~" | "`+" | "`-" | "`~") || end == line.len() {
            words.push(Word::from(&line[start..end]));
            start = end;
        }
    }
    Box::new(words.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Severity, code};
    use crate::source::{Origin, Span};

    const PLAIN: Look = Look { colour: false, unicode: true, width: 80 };

    #[test]
    fn a_sign_stays_with_its_name() {
        assert_eq!(wrap("one has `+ a:b/c`, `- d`", 10, ""), ["one has", "`+ a:b/c`,", "`- d`"]);
        assert_eq!(wrap("a - b", 3, ""), ["a", "- b"]);
        assert_eq!(wrap("one two +", 7, ""), ["one two", "+"]);
    }

    #[track_caller]
    fn check(build: impl FnOnce(&mut SourceMap) -> Diagnostic, expected: &str) {
        let mut sources = SourceMap::default();
        let diagnostic = build(&mut sources);
        let text = PLAIN.diagnostics(&[diagnostic], &sources);
        assert_eq!(text.trim_end(), expected.trim_matches('\n'), "\n{text}");
    }

    fn found(message: &str) -> Diagnostic {
        Diagnostic { severity: Severity::Error, ..Diagnostic::new(code::UNREADABLE, message) }
    }

    #[test]
    fn labels_are_grouped_by_source_and_the_primary_one_leads() {
        check(
            |sources| {
                let a = sources.add("a.wit", Origin::StandardInput, "one\ntwo\nthree\n");
                let b = sources.add("b.wasm", Origin::Printed { of: a }, "uno\r\ndos\r\n");
                found("`x` is not `y`")
                    .label(Label::secondary(Span::new(b, 5, 8), "expected here"))
                    .label(Label::primary(Span::new(a, 4, 7), "found here"))
                    .note("they differ")
                    .help("write this:\n  let it be")
            },
            "
error[load/unreadable]: `x` is not `y`
   ╭─[a.wit:2:1]
 1 │ one
 2 │ two
   · ─┬─
   ·  ╰── found here
 3 │ three
   ╰────
   ╭─[b.wasm (as WIT):2:1]
 1 │ uno
 2 │ dos
   · ─┬─
   ·  ╰── expected here
   ╰────
  note: they differ
  help: write this:
          let it be
",
        );
    }

    #[test]
    fn a_binary_has_a_name_and_no_lines() {
        check(
            |sources| {
                let a = sources.add("a.wasm", Origin::StandardInput, "");
                found("bad").label(Label::primary(Span::start_of(a), "cut off at byte 7"))
            },
            "
error[load/unreadable]: bad
   ╭─[a.wasm]
   │ cut off at byte 7
   ╰────
",
        );
    }
}
