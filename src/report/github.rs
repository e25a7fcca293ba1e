//! Workflow commands of GitHub: an annotation for each finding.
//!
//! Differs from `sarif.rs`, which GitHub keeps and compares between runs: an annotation belongs to one run.

use std::cmp::Reverse;
use std::io;

use super::Outcome;
use super::alike::gathered;
use super::place::FilePlace;
use crate::diag::{Diagnostic, Severity, escape};
use crate::source::SourceMap;

/// Writes an annotation for each diagnostic of `outcome`, those that are alike as one, the gravest first: only ten of a
/// kind are shown.
///
/// # Errors
/// Any error of `out`.
pub fn write(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    let mut diagnostics = gathered(&outcome.diagnostics, &outcome.sources);
    diagnostics.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
    for diagnostic in diagnostics {
        writeln!(out, "{}", annotation(&diagnostic, &outcome.sources))?;
    }
    Ok(())
}

fn annotation(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(place) = FilePlace::of(diagnostic, sources) {
        properties.push(format!("file={}", property(&escape(&place.path))));
        if let Some((start, end)) = place.lines {
            properties.push(format!("line={},endLine={}", start.line, end.line));
            // GitHub takes columns only where the lines are the same.
            if start.line == end.line {
                properties.push(format!("col={},endColumn={}", start.column, end.column));
            }
        }
    }
    properties.push(format!("title={}", property(diagnostic.code.as_str())));
    format!("::{command} {}::{}", properties.join(","), data(&text(diagnostic, sources)))
}

/// The message, then what the human report shows around the excerpts.
fn text(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let mut lines = vec![escape(&diagnostic.message)];
    for label in diagnostic.labels.iter().filter(|label| !label.text.is_empty()) {
        let name = escape(&sources.get(label.span.source).name);
        let place = FilePlace::of_label(label, sources).and_then(|place| place.lines);
        let line = place.map_or(String::new(), |(start, _)| format!(":{}", start.line));
        let text = format!("{name}{line}: {}", escape_lines(&label.text));
        if !lines.contains(&text) {
            lines.push(text);
        }
    }
    lines.extend(diagnostic.notes.iter().map(|note| format!("note: {}", escape_lines(note))));
    lines.extend(diagnostic.help.iter().map(|help| format!("help: {}", escape_lines(help))));
    lines.join("\n")
}

fn escape_lines(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("\n")
}

/// The text of a command: its end is the end of the line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property: it ends with a comma or a colon too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Label, code};
    use crate::source::{Origin, Span};

    #[test]
    fn a_name_cannot_start_a_command() {
        let mut sources = SourceMap::default();
        let path = "a,b\n::error::x.wit";
        let id = sources.add(path, Origin::File(path.into()), "one\ntwo\n");
        let diagnostic = Diagnostic::new(code::UNREADABLE, "100% of `x\n::set-env::y`")
            .label(Label::primary(Span::new(id, 4, 7), "here"))
            .help("do\n::this::");
        let shown = annotation(&diagnostic, &sources);
        assert_eq!(
            shown,
            "::error file=a%2Cb\\u{a}%3A%3Aerror%3A%3Ax.wit,line=2,endLine=2,col=1,endColumn=4,title=load/unreadable\
             ::100%25 of `x\\u{a}::set-env::y`%0Aa,b\\u{a}::error::x.wit:2: here%0Ahelp: do%0A::this::"
        );
    }
}
