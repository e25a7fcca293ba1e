//! The last lines of a report: how many of what, and where to read more.
//!
//! Differs from `diagnostic.rs`, which shows each of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{DIM, GOOD, Look, severity_style, severity_word};
use crate::diag::{Code, Diagnostic, Severity, counted, quoted};
use crate::report::alike::gathered;
use crate::report::{Counts, Looked};
use crate::source::SourceMap;

/// From so many findings on, they are counted by code.
const MANY: usize = 5;

/// What was done with what was looked at, for a closing line.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// What was done: `checked`.
    pub verb: &'static str,
    /// What to say where nothing was found.
    pub clean: &'static str,
}

impl From<&'static str> for Done {
    fn from(verb: &'static str) -> Self {
        Self { verb, clean: "no problems" }
    }
}

impl Look {
    /// The closing lines about what was found, after what was done.
    pub fn closing(
        &self,
        diagnostics: &[Diagnostic],
        sources: &SourceMap,
        looked: &[Looked],
        done: Done,
    ) -> String {
        let counts = Counts::of(diagnostics);
        let mut text = String::new();
        if counts.errors == 0 && !looked.is_empty() {
            text.push_str(&self.paint(GOOD, done.verb));
            let tally = tally_of(diagnostics, sources);
            let result = tally.as_deref().unwrap_or(done.clean);
            text.push_str(&format!(" {}: {result}\n", looked_at(looked)));
        } else {
            text.push_str(&self.tally(diagnostics, sources));
        }
        for (severity, code, count) in by_rule(diagnostics) {
            let word = self.paint(severity_style(severity), &format!("{:7}", severity_word(severity)));
            text.push_str(&format!("{count:5}  {word}  {code}\n"));
        }
        if let Some(gravest) = gravest(diagnostics) {
            let hint = format!("for more about a code: witc explain {}", gravest.code);
            text.push_str(&self.paint(DIM, &hint));
            text.push('\n');
        }
        text
    }

    /// How many of which severity, on one line; nothing of nothing.
    pub fn tally(&self, diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
        let (Some(gravest), Some(tally)) = (gravest(diagnostics), tally_of(diagnostics, sources)) else {
            return String::new();
        };
        let severity = gravest.severity;
        format!("{}: {tally}\n", self.paint(severity_style(severity), severity_word(severity)))
    }
}

/// How many there are of which severity, and in how many reports they are told where those that are alike are one.
fn tally_of(diagnostics: &[Diagnostic], sources: &SourceMap) -> Option<String> {
    let tally = Counts::of(diagnostics).tally()?;
    let reports = gathered(diagnostics, sources).len();
    Some(if reports == diagnostics.len() {
        tally
    } else {
        format!("{tally}, in {}", counted(reports, "report"))
    })
}

/// The first of the gravest.
fn gravest(diagnostics: &[Diagnostic]) -> Option<&Diagnostic> {
    diagnostics.iter().rev().max_by_key(|found| found.severity)
}

/// How many findings there are of each code and severity, the gravest first; nothing where that is seen at a glance.
fn by_rule(diagnostics: &[Diagnostic]) -> Vec<(Severity, Code, usize)> {
    let mut counts: BTreeMap<(Reverse<Severity>, Code), usize> = BTreeMap::new();
    for found in diagnostics {
        *counts.entry((Reverse(found.severity), found.code)).or_default() += 1;
    }
    if diagnostics.len() < MANY || counts.len() < 2 {
        return Vec::new();
    }
    counts.into_iter().map(|((Reverse(severity), code), count)| (severity, code, count)).collect()
}

/// One thing by its name; several of a kind by their number.
fn looked_at(looked: &[Looked]) -> String {
    let mut nouns: Vec<(&str, usize)> = Vec::new();
    for it in looked {
        match nouns.iter_mut().find(|(noun, _)| *noun == it.noun) {
            Some((_, count)) => *count += 1,
            None => nouns.push((it.noun, 1)),
        }
    }
    if let [one] = looked {
        return format!("{} {}", one.noun, quoted(&one.name));
    }
    nouns.iter().map(|(noun, count)| counted(*count, noun)).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::code;

    #[track_caller]
    fn check(severities: &[Severity], looked: &[(&'static str, &str)], expected: &str) {
        let diagnostic = |severity: &Severity| Diagnostic {
            severity: *severity,
            ..Diagnostic::new(code::UNREADABLE, "x")
        };
        let looked = looked.iter().map(|(noun, name)| Looked { noun, name: (*name).to_owned() });
        let (found, looked): (Vec<_>, Vec<_>) =
            (severities.iter().map(diagnostic).collect(), looked.collect());
        let look = Look { colour: false, unicode: true, width: 80 };
        assert_eq!(
            look.closing(&found, &SourceMap::default(), &looked, "checked".into()).lines().next(),
            Some(expected)
        );
    }

    #[test]
    fn the_first_line_says_how_it_went() {
        use Severity::{Error, Note, Warning};
        check(&[Error, Warning, Error], &[("world", "a")], "error: 2 errors, 1 warning");
        check(&[Warning], &[("world", "a")], "checked world `a`: 1 warning");
        check(&[], &[("world", "a"), ("world", "b")], "checked 2 worlds: no problems");
        check(&[], &[("world", "a"), ("component", "b")], "checked 1 world and 1 component: no problems");
        check(&[Note], &[], "note: 1 note");
    }
}
