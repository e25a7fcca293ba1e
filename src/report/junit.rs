//! A report in the XML of JUnit, which most CI systems can show: one test for each thing that was looked at, and one for
//! each finding.
//!
//! Differs from `gitlab.rs`: a finding that does not fail the run is a test that passes, with what was found in its output.

use std::io;

use super::place::FilePlace;
use super::xml::xml;
use super::{Counts, Outcome};
use crate::diag::{Diagnostic, Severity};
use crate::source::SourceMap;

/// Writes the report of `outcome`.
///
/// # Errors
/// Any error of `out`.
pub fn write(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    let tests = outcome.diagnostics.len() + outcome.looked_at.len();
    let failures = Counts::of(&outcome.diagnostics).errors;
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    // The schema that Jenkins reads by asks for all four; no finding is a test that could not be run.
    let counts = format!("name=\"witc\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    writeln!(out, "<testsuites {counts}>\n<testsuite {counts}>")?;
    for looked in &outcome.looked_at {
        writeln!(out, "<testcase classname=\"{}\" name=\"{}\"/>", looked.noun, xml(&looked.name))?;
    }
    for diagnostic in &outcome.diagnostics {
        finding(diagnostic, &outcome.sources, out)?;
    }
    writeln!(out, "</testsuite>\n</testsuites>")
}

fn finding(diagnostic: &Diagnostic, sources: &SourceMap, out: &mut dyn io::Write) -> io::Result<()> {
    let (code, message) = (diagnostic.code.as_str(), xml(&diagnostic.message));
    let place = FilePlace::of(diagnostic, sources).map(|place| place.to_string());
    let about = [diagnostic.notes.as_slice(), diagnostic.help.as_slice()].concat();
    let lines: Vec<String> = place.into_iter().chain(about).map(|line| lines(&line)).collect();
    let body = lines.join("\n");
    writeln!(out, "<testcase classname=\"{code}\" name=\"{message}\">")?;
    match diagnostic.severity {
        Severity::Error => writeln!(out, "<failure type=\"{code}\" message=\"{message}\">{body}</failure>")?,
        Severity::Warning | Severity::Note => writeln!(out, "<system-out>{body}</system-out>")?,
    }
    writeln!(out, "</testcase>")
}

fn lines(text_of_lines: &str) -> String {
    text_of_lines.lines().map(xml).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::code;

    #[test]
    fn a_name_cannot_end_an_attribute() {
        let message = "`x\"/><failure>&\u{1b}`";
        let outcome = Outcome {
            diagnostics: vec![Diagnostic::new(code::UNREADABLE, message).note("a ]]> b\n<c>")],
            ..Outcome::default()
        };
        let mut out = Vec::new();
        write(&outcome, &mut out).expect("memory takes all");
        let shown = String::from_utf8(out).expect("it is text");
        assert_eq!(shown.matches('<').count(), 9, "{shown}");
        assert!(
            shown.contains("<testsuite name=\"witc\" tests=\"1\" failures=\"1\" errors=\"0\">"),
            "{shown}"
        );
        assert!(shown.contains("x&quot;/&gt;&lt;failure&gt;&amp;\\u{1b}"), "{shown}");
    }
}
