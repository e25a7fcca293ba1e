//! The code quality report of GitLab: one entry for each finding, shown in merge requests.
//!
//! Differs from `sarif.rs`, which says the same with more words for other readers.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::Outcome;
use super::json::text;
use super::place::FilePlace;
use super::sarif::fingerprint;
use crate::diag::{Diagnostic, Severity, escape};
use crate::source::SourceMap;

/// The file that a finding is filed under where it is about no file at all, such as a flag.
const NO_FILE: &str = "witc.toml";

/// Writes the report of `outcome`.
///
/// # Errors
/// Any error of `out`.
pub fn write(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    let mut seen = BTreeMap::new();
    let issues: Vec<Issue> =
        outcome.diagnostics.iter().map(|found| Issue::of(found, &outcome.sources, &mut seen)).collect();
    text::write(&issues, out)
}

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

impl Issue {
    fn of(diagnostic: &Diagnostic, sources: &SourceMap, seen: &mut BTreeMap<String, usize>) -> Self {
        let place = FilePlace::filed(diagnostic, sources);
        let (path, line) = place.map_or((NO_FILE.to_owned(), 1), |place| {
            (place.path.clone(), place.lines.map_or(1, |(start, _)| start.line))
        });
        let fingerprint = fingerprint(diagnostic, &path);
        let count = seen.entry(fingerprint.clone()).or_insert(0);
        *count += 1;
        Self {
            description: escape(&diagnostic.message),
            check_name: diagnostic.code.as_str(),
            fingerprint: format!("{fingerprint}:{count}"),
            severity: match diagnostic.severity {
                Severity::Error => "critical",
                Severity::Warning => "minor",
                Severity::Note => "info",
            },
            location: Location { path, lines: Lines { begin: line } },
        }
    }
}
