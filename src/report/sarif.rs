//! SARIF 2.1.0, in the form that code scanning of GitHub accepts.
//!
//! Differs from `json.rs`: the format belongs to others, and knows files and lines only.

mod log;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use self::log::{
    ArtifactChange, ArtifactLocation, Base, CodeFlow, Driver, Finding, FindingProperties, Fix, FlowStep,
    Help, Invocation, Location, Log, LogicalLocation, Message, Notification, PhysicalLocation, Region,
    Replacement, Rule, RuleProperties, Run, Suppression, ThreadFlow, Tool,
};
use super::Outcome;
use super::json::text as json_text;
use super::place::FilePlace;
use crate::diag::{About, Accepted, CodeRow, Confidence, Diagnostic, Edit, Label, Severity, escape, find};
use crate::source::{Position, SourceMap, hexadecimal, sha256};

/// The file that a finding is filed under where it is about no file at all, such as a flag.
const NO_FILE: &str = "witc.toml";

/// The name of the folder that relative paths start at.
const ROOT: &str = "%SRCROOT%";

/// How many results GitHub shows of one run; it refuses a log with five times as many.
const MOST_RESULTS: usize = 5_000;

/// How many places of one result, and how many steps of a way, are shown.
const MOST_PLACES: usize = 100;

/// Writes the log of `outcome`.
///
/// # Errors
/// Any error of `out`.
pub fn write(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    json_text::write(&Log::of(outcome), out)
}

impl Log {
    fn of(outcome: &Outcome) -> Self {
        let codes = outcome.diagnostics.iter().map(|diagnostic| diagnostic.code);
        let mut codes: Vec<_> = codes.chain(outcome.accepted.iter().map(|accepted| accepted.code)).collect();
        codes.sort();
        codes.dedup();
        let mut seen = BTreeMap::new();
        let mut diagnostics: Vec<&Diagnostic> = outcome.diagnostics.iter().collect();
        let all = diagnostics.len();
        if all > MOST_RESULTS {
            diagnostics.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
            diagnostics.truncate(MOST_RESULTS);
        }
        let left_out = all - diagnostics.len();
        let results = diagnostics.into_iter().map(|diagnostic| {
            let rule = codes.binary_search(&diagnostic.code).unwrap_or_default();
            Finding::of(diagnostic, rule, &outcome.sources, &mut seen)
        });
        let mut results: Vec<_> = results.collect();
        let room = MOST_RESULTS - results.len();
        results.extend(outcome.accepted.iter().take(room).map(|accepted| {
            let rule = codes.binary_search(&accepted.code).unwrap_or_default();
            Finding::accepted(accepted, rule, &outcome.sources, &mut seen)
        }));
        let rules = codes.iter().filter_map(|code| find(code.as_str())).map(Rule::of).collect();
        let version = env!("CARGO_PKG_VERSION");
        Self {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [Run {
                tool: Tool { driver: Driver { name: "witc", version, semantic_version: version, rules } },
                invocations: [Invocation {
                    execution_successful: true,
                    tool_execution_notifications: left_out_notification(left_out).into_iter().collect(),
                }],
                original_uri_base_ids: BTreeMap::from([(
                    ROOT,
                    Base { description: Message { text: "The folder in which witc ran.".to_owned() } },
                )]),
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
            properties: RuleProperties {
                tags: [code.split('/').next().unwrap_or(code)],
                precision: Confidence::of(row.code).map(|confidence| match confidence {
                    Confidence::Exact => "very-high",
                    Confidence::Proven => "high",
                    Confidence::Likely => "medium",
                }),
            },
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
        let place = FilePlace::filed(diagnostic, sources);
        let place = place.unwrap_or_else(|| FilePlace { path: NO_FILE.to_owned(), lines: None });
        let fingerprint = fingerprint(diagnostic, &place.path);
        let count = seen.entry(fingerprint.clone()).or_insert(0);
        *count += 1;
        let related = diagnostic.labels.iter().filter(|label| !label.text.is_empty()).filter_map(|label| {
            let message = Message { text: escape_lines(&label.text) };
            Some((FilePlace::of_label(label, sources)?, message))
        });
        let related = related.take(MOST_PLACES).enumerate().map(|(id, (place, message))| Location {
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
            locations: [Location { logical_locations: logical(&diagnostic.about), ..Location::of(&place) }],
            related_locations: related.collect(),
            code_flows: code_flow(&diagnostic.about, &place, sources).into_iter().collect(),
            baseline_state: diagnostic
                .about
                .is_known
                .map(|is_known| if is_known { "unchanged" } else { "new" }),
            suppressions: Vec::new(),
            fixes: fix(&diagnostic.fix, sources).into_iter().collect(),
            properties: diagnostic.confidence.map(|it| FindingProperties { confidence: it.as_str() }),
            partial_fingerprints: BTreeMap::from([(
                "primaryLocationLineHash",
                format!("{fingerprint}:{count}"),
            )]),
        }
    }
}

impl Finding {
    /// What an exception of the policy silences: shown as such, so that it is not reported and not forgotten.
    fn accepted(
        accepted: &Accepted,
        rule_index: usize,
        sources: &SourceMap,
        seen: &mut BTreeMap<String, usize>,
    ) -> Self {
        let finding = Diagnostic {
            severity: Severity::Note,
            about: accepted.about.clone(),
            ..Diagnostic::new(accepted.code, accepted.message.clone())
                .label(Label::primary(accepted.span, ""))
        };
        let justification = escape_lines(&accepted.reason);
        let suppression = Suppression { kind: "external", status: "accepted", justification };
        Self { suppressions: vec![suppression], ..Self::of(&finding, rule_index, sources, seen) }
    }
}

/// What a finding is about, by its innermost name and all names around it.
fn logical(about: &About) -> Vec<LogicalLocation> {
    let names: Vec<String> = about.names.iter().map(|named| escape(&named.name)).collect();
    let innermost = about.names.last().zip(names.last());
    let location = innermost.map(|(named, name)| LogicalLocation {
        name: name.clone(),
        fully_qualified_name: names.join(" / "),
        kind: named.kind,
    });
    location.into_iter().collect()
}

/// The way on which something comes about; a step without a place of its own is shown at that of the finding.
fn code_flow(about: &About, place: &FilePlace, sources: &SourceMap) -> Option<CodeFlow> {
    let step = |waypoint: &crate::diag::Waypoint| {
        let own = waypoint.span.and_then(|span| FilePlace::of_label(&Label::primary(span, ""), sources));
        let message = Some(Message { text: escape_lines(&waypoint.text) });
        FlowStep { location: Location { message, ..Location::of(own.as_ref().unwrap_or(place)) } }
    };
    let locations: Vec<FlowStep> = about.way.iter().take(MOST_PLACES).map(step).collect();
    (!locations.is_empty()).then_some(CodeFlow { thread_flows: [ThreadFlow { locations }] })
}

fn fix(edits: &[Edit], sources: &SourceMap) -> Option<Fix> {
    let change = |edit: &Edit| {
        let place = FilePlace::of_label(&Label::primary(edit.span, ""), sources)?;
        let physical = Location::of(&place).physical_location;
        Some(ArtifactChange {
            artifact_location: physical.artifact_location,
            replacements: [Replacement {
                deleted_region: physical.region,
                inserted_content: Message { text: edit.text.clone() },
            }],
        })
    };
    let artifact_changes: Vec<_> = edits.iter().map(change).collect::<Option<_>>()?;
    (!artifact_changes.is_empty()).then_some(Fix { artifact_changes })
}

impl Location {
    fn of(place: &FilePlace) -> Self {
        let first = Position { byte: 0, line: 1, column: 1 };
        let (start, end) = place.lines.unwrap_or((first, first));
        Self {
            id: None,
            message: None,
            logical_locations: Vec::new(),
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation {
                    uri: uri(&place.path),
                    uri_base_id: (!place.path.starts_with('/')).then_some(ROOT),
                },
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

/// Says that results were left out, if any were.
fn left_out_notification(count: usize) -> Option<Notification> {
    let text = format!("{count} results are left out here: the log has the {MOST_RESULTS} gravest");
    (count > 0).then_some(Notification { level: "warning", message: Message { text } })
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
pub(super) fn fingerprint(diagnostic: &Diagnostic, path: &str) -> String {
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
    hexadecimal(&sha256([text.as_bytes()])[..8])
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
        assert_eq!(places.collect::<Vec<_>>(), [("a%20b.wit", 1, 1), ("a%20b.wit", 2, 4)]);
        let nowhere = vec![Diagnostic::new(code::UNREADABLE, "x")];
        let log = Log::of(&Outcome { diagnostics: nowhere, ..Outcome::default() });
        let place = &log.runs[0].results[0].locations[0].physical_location;
        assert_eq!(place.artifact_location.uri, NO_FILE, "GitHub wants a file even where there is none");
    }

    #[test]
    fn no_log_is_too_long_and_the_gravest_results_are_in_it() {
        let diagnostic = |at: usize| Diagnostic {
            severity: if at == 6_000 { Severity::Error } else { Severity::Note },
            ..Diagnostic::new(code::UNREADABLE, format!("x{at}"))
        };
        let outcome = Outcome { diagnostics: (0..=6_000).map(diagnostic).collect(), ..Outcome::default() };
        let log = Log::of(&outcome);
        let [run] = &log.runs;
        assert_eq!((run.results.len(), run.results[0].level), (MOST_RESULTS, "error"));
        let said = &run.invocations[0].tool_execution_notifications;
        assert!(said[0].message.text.starts_with("1001 results"), "{}", said[0].message.text);
    }
}
