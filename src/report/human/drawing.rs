//! Draws an excerpt with its labels; the only file that knows miette.
//!
//! Differs from `excerpt.rs`, which decides what is shown.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::diagnostic::wrap;
use super::excerpt::Excerpt;
use super::{LINK, Look};
use crate::diag::{Label, Severity, escape};
use crate::source::{Origin, Source};

/// Appends the excerpt of `labels`, all of them in `source`.
pub(super) fn draw(source: &Source, labels: &[&Label], severity: Severity, look: &Look, text: &mut String) {
    let (of_whole, of_lines): (Vec<&Label>, Vec<&Label>) =
        labels.iter().partition(|label| is_of_whole(source, label));
    if !of_lines.is_empty() {
        let drawing = Drawing { title: title(source), excerpt: Excerpt::cut(source, &of_lines, look) };
        let mut drawn = String::new();
        if drawing.handler(severity, look).render_report(&mut drawn, &drawing).is_ok() {
            // miette starts with a line for the message, which is not its to show.
            text.push_str(drawn.split_once('\n').map_or("", |(_, rest)| rest));
        }
    }
    if !of_whole.is_empty() {
        draw_without_lines(source, &of_whole, look, text);
    }
}

/// Whether a label is about all of its source: no line of it would say more than any other.
fn is_of_whole(source: &Source, label: &Label) -> bool {
    let is_printed = matches!(source.origin, Origin::Printed { .. });
    source.text.is_empty() || (is_printed && (label.span.start, label.span.end) == (0, 0))
}

/// What is about all of a component, or a file that could not be read: there are no lines to show.
fn draw_without_lines(source: &Source, labels: &[&Label], look: &Look, text: &mut String) {
    let shape = characters(look);
    let title = look.paint(LINK, &escape(&source.name));
    text.push_str(&format!("   {}{}[{title}]\n", shape.ltop, shape.hbar));
    for label in labels.iter().filter(|label| !label.text.is_empty()) {
        for line in label.text.lines().flat_map(|line| wrap(&escape(line), look.prose_width() - 5, "")) {
            text.push_str(&format!("   {} {line}\n", shape.vbar));
        }
    }
    text.push_str(&format!("   {}{}\n", shape.lbot, shape.hbar.to_string().repeat(4)));
}

fn title(source: &Source) -> String {
    let name = escape(&source.name);
    match source.origin {
        Origin::Printed { .. } => format!("{name} (as WIT)"),
        Origin::BuiltIn => format!("{name} (built in)"),
        Origin::File(_) | Origin::StandardInput | Origin::CommandLine => name,
    }
}

fn characters(look: &Look) -> ThemeCharacters {
    if look.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() }
}

/// An excerpt as miette wants it.
#[derive(Debug)]
struct Drawing {
    title: String,
    excerpt: Excerpt,
}

impl Drawing {
    fn handler(&self, severity: Severity, look: &Look) -> GraphicalReportHandler {
        let mut styles = if look.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
        let primary = match severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
            Severity::Note => styles.advice,
        };
        let secondary = styles.advice;
        let style = |is_primary| if is_primary { primary } else { secondary };
        styles.link = secondary;
        styles.highlights = self.excerpt.labels.iter().map(|label| style(label.primary)).collect();
        GraphicalReportHandler::new_themed(GraphicalTheme { characters: characters(look), styles })
            .with_links(false)
            .with_width(look.width)
            .without_syntax_highlighting()
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Drawing {}

impl miette::Diagnostic for Drawing {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.labels.iter().map(|label| {
            let text = Some(label.text.clone()).filter(|text| !text.is_empty());
            let span = (label.bytes.start, label.bytes.len());
            if label.primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        })))
    }
}

impl SourceCode for Drawing {
    /// A whole block, whatever the context: what is shown was decided before. Without context, the place of a label.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let excerpt = &self.excerpt;
        let block = excerpt.blocks.iter().find(|block| span.offset() < block.bytes.end);
        let block = block.ok_or(MietteError::OutOfBounds)?;
        let label = excerpt.labels.iter().find(|label| label.bytes.start == span.offset());
        let (line, column) = match label {
            Some(label) if lines_before + lines_after == 0 => {
                (label.position.line - 1, label.position.column - 1)
            }
            _ => (block.lines.start, 0),
        };
        let bytes = &excerpt.text.as_bytes()[block.bytes.clone()];
        let span = (block.bytes.start, block.bytes.len()).into();
        let count = block.lines.len().saturating_sub(1);
        Ok(Box::new(MietteSpanContents::new_named(self.title.clone(), bytes, span, line, column, count)))
    }
}
