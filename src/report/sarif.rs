//! SARIF 2.1.0, in the form that code scanning of GitHub accepts.
//!
//! Differs from `json.rs`: the format belongs to others, and knows files and lines only.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Outcome;
use super::place::FilePlace;
use crate::diag::{CodeRow, Diagnostic, Severity, escape, find};
use crate::source::{Position, SourceMap};

/// The file that a finding is filed under where it is about no file at all, such as a flag.
const NO_FILE: &str = "witc.toml";

/// Writes the log of `outcome`.
///
/// # Errors
/// Any error of `out`.
pub fn write(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Log::of(outcome)).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Finding>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
    help: Help,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: [&'static str; 1],
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

impl Log {
    fn of(outcome: &Outcome) -> Self {
        let mut codes: Vec<_> = outcome.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        codes.sort();
        codes.dedup();
        let mut seen = BTreeMap::new();
        let results = outcome.diagnostics.iter().map(|diagnostic| {
            let rule = codes.binary_search(&diagnostic.code).unwrap_or_default();
            Finding::of(diagnostic, rule, &outcome.sources, &mut seen)
        });
        let results = results.collect();
        let rules = codes.iter().filter_map(|code| find(code.as_str())).map(Rule::of).collect();
        let version = env!("CARGO_PKG_VERSION");
        Self {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [Run {
                tool: Tool { driver: Driver { name: "witc", version, semantic_version: version, rules } },
                column_kind: "unicodeCodePoints",
                results,
            }],
        }
    }
}

impl Rule {
    fn of(row: &'static CodeRow) -> Self {
        let code = row.code.as_str();
        Self {
            id: code,
            short_description: Message { text: row.summary.to_owned() },
            help: Help {
                text: format!("{}; `witc explain {code}` says more", row.summary),
                markdown: advice(row.page),
            },
            properties: RuleProperties { tags: [code.split('/').next().unwrap_or(code)] },
        }
    }
}

/// The sections of a page that help with a finding; its example and its report are those of somebody else.
fn advice(page: &str) -> String {
    let wanted = ["What is wrong", "Why it matters", "How to fix"];
    let sections =
        page.split("\n## ").filter(|section| wanted.iter().any(|title| section.starts_with(title)));
    sections.map(|section| format!("## {}\n", section.trim_end())).collect::<Vec<_>>().join("\n")
}

impl Finding {
    fn of(
        diagnostic: &Diagnostic,
        rule_index: usize,
        sources: &SourceMap,
        seen: &mut BTreeMap<String, usize>,
    ) -> Self {
        let place = FilePlace::of(diagnostic, sources).filter(|place| place.lines.is_some());
        let place = place.or_else(|| FilePlace::any(sources)).or_else(|| FilePlace::of(diagnostic, sources));
        let place = place.unwrap_or_else(|| FilePlace { path: NO_FILE.to_owned(), lines: None });
        let fingerprint = fingerprint(diagnostic, &place.path);
        let count = seen.entry(fingerprint.clone()).or_insert(0);
        *count += 1;
        let related = diagnostic.labels.iter().filter(|label| !label.text.is_empty()).filter_map(|label| {
            let message = Message { text: escape_lines(&label.text) };
            Some((FilePlace::of_label(label, sources)?, message))
        });
        let related = related.enumerate().map(|(id, (place, message))| Location {
            id: Some(id),
            message: Some(message),
            ..Location::of(&place)
        });
        Self {
            rule_id: diagnostic.code.as_str(),
            rule_index,
            level: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            },
            message: Message { text: text(diagnostic) },
            locations: [Location::of(&place)],
            related_locations: related.collect(),
            partial_fingerprints: BTreeMap::from([(
                "primaryLocationLineHash",
                format!("{fingerprint}:{count}"),
            )]),
        }
    }
}

impl Location {
    fn of(place: &FilePlace) -> Self {
        let first = Position { byte: 0, line: 1, column: 1 };
        let (start, end) = place.lines.unwrap_or((first, first));
        Self {
            id: None,
            message: None,
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri(&place.path) },
                region: Region {
                    start_line: start.line,
                    start_column: start.column,
                    end_line: end.line,
                    end_column: end.column,
                },
            },
        }
    }
}

/// The message with notes and help, as plain text.
fn text(diagnostic: &Diagnostic) -> String {
    let mut lines = vec![escape_lines(&diagnostic.message)];
    lines.extend(diagnostic.notes.iter().map(|note| format!("note: {}", escape_lines(note))));
    lines.extend(diagnostic.help.iter().map(|help| format!("help: {}", escape_lines(help))));
    lines.join("\n")
}

/// In SARIF, `[text](1)` is a link, unless the bracket is escaped.
fn escape_lines(text: &str) -> String {
    let text = text.lines().map(escape).collect::<Vec<_>>().join("\n");
    if text.contains("](") { text.replace('[', "\\[") } else { text }
}

/// What stays the same about a finding while versions, numbers and lines change: else each update opens it again.
fn fingerprint(diagnostic: &Diagnostic, path: &str) -> String {
    let mut text = format!("{}\n{path}\n", diagnostic.code);
    let mut in_version = false;
    for character in diagnostic.message.chars() {
        match character {
            '@' => in_version = true,
            '0'..='9' => {}
            '.' | '-' | '+' | 'a'..='z' | 'A'..='Z' if in_version => {}
            other => {
                in_version = false;
                text.push(other);
            }
        }
    }
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A path as the reference of a URI.
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Label, code};
    use crate::source::{Origin, Span};

    #[track_caller]
    fn same(a: &str, b: &str, expected: bool) {
        let print = |message: &str| fingerprint(&Diagnostic::new(code::UNREADABLE, message), "a.wit");
        assert_eq!(print(a) == print(b), expected, "{a} / {b}");
    }

    #[test]
    fn a_new_version_is_no_new_finding() {
        same("`wasi:io/streams@0.2.3` is left", "`wasi:io/streams@0.2.12-rc.1` is left", true);
        same("5 of 29 functions", "6 of 30 functions", true);
        same("`wasi:io/streams@0.2.3`", "`wasi:io/poll@0.2.3`", false);
    }

    #[test]
    fn every_result_is_in_a_file() {
        let mut sources = SourceMap::default();
        let flag = sources.add("<command line>", Origin::CommandLine, "witc compose --root x");
        let file = sources.add("a b.wit", Origin::File("./a b.wit".into()), "one\ntwo");
        let diagnostics = vec![
            Diagnostic::new(code::UNREADABLE, "x").label(Label::primary(Span::new(flag, 0, 4), "y")),
            Diagnostic::new(code::UNREADABLE, "x").label(Label::primary(Span::new(file, 4, 7), "y")),
        ];
        let outcome = Outcome { sources, diagnostics, ..Outcome::default() };
        let log = Log::of(&outcome);
        let places = log.runs[0].results.iter().map(|result| {
            let place = &result.locations[0].physical_location;
            (place.artifact_location.uri.as_str(), place.region.start_line, place.region.end_column)
        });
        assert_eq!(places.collect::<Vec<_>>(), [("witc.toml", 1, 1), ("a%20b.wit", 2, 4)]);
    }
}
