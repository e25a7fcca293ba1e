//! The JSON report: one document, schema `witc/1`.
//!
//! Has its own serialised types, so that the inside of witc may change while `witc/1` may not.

use std::io;

use serde::Serialize;

use super::{Answer, ArtifactRow, Counts, Outcome, Wire};
use crate::diag::{Diagnostic, Label, Severity};
use crate::policy::{CapabilityRow, InstanceCapabilities};
use crate::source::{Origin, SourceMap};

/// The name of the format.
pub const SCHEMA: &str = "witc/1";

/// Writes the report of `outcome`, with a line feed at its end.
///
/// # Errors
/// Any error of `out`.
pub fn write(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document::of(outcome);
    serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'o> {
    schema: &'static str,
    diagnostics: Vec<JsonDiagnostic<'o>>,
    artifacts: Vec<JsonArtifact<'o>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caps: Option<JsonCapabilities<'o>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wit: Option<&'o str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'o str>,
    summary: JsonSummary,
}

#[derive(Serialize)]
struct JsonDiagnostic<'o> {
    code: &'static str,
    level: &'static str,
    message: &'o str,
    labels: Vec<JsonLabel<'o>>,
    notes: &'o [String],
    help: &'o [String],
}

#[derive(Serialize)]
struct JsonLabel<'o> {
    source: &'o str,
    printed: bool,
    primary: bool,
    text: &'o str,
    start: JsonPosition,
    end: JsonPosition,
}

#[derive(Serialize)]
struct JsonPosition {
    byte: usize,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct JsonArtifact<'o> {
    name: &'o str,
    path: Option<String>,
    bytes: u64,
    sha256: &'o str,
    imports: &'o [String],
    exports: &'o [String],
    wires: Vec<JsonWire<'o>>,
}

#[derive(Serialize)]
struct JsonWire<'o> {
    item: &'o str,
    provider: Option<&'o str>,
    user: &'o str,
}

#[derive(Serialize)]
struct JsonCapabilities<'o> {
    artifact: &'o str,
    taxonomy: &'o str,
    instances: Vec<JsonInstance<'o>>,
}

#[derive(Serialize)]
struct JsonInstance<'o> {
    name: &'o str,
    capabilities: Vec<JsonCapability<'o>>,
    warnings: &'o [String],
}

#[derive(Serialize)]
struct JsonCapability<'o> {
    interface: &'o str,
    power: &'o str,
    class: &'o str,
    severity: &'o str,
    functions: &'o [String],
    reached: &'o str,
}

#[derive(Serialize)]
struct JsonSummary {
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl<'o> Document<'o> {
    fn of(outcome: &'o Outcome) -> Self {
        let answer = outcome.answer.as_ref();
        let diagnostic = |it| JsonDiagnostic::of(it, &outcome.sources);
        Self {
            schema: SCHEMA,
            diagnostics: outcome.diagnostics.iter().map(diagnostic).collect(),
            artifacts: outcome.artifacts.iter().map(JsonArtifact::of).collect(),
            caps: match answer {
                Some(Answer::Capabilities(capabilities)) => Some(JsonCapabilities {
                    artifact: &capabilities.name,
                    taxonomy: &capabilities.taxonomy,
                    instances: capabilities.instances.iter().map(JsonInstance::of).collect(),
                }),
                Some(Answer::Wit(_) | Answer::Policy(_)) | None => None,
            },
            wit: match answer {
                Some(Answer::Wit(text)) => Some(text),
                Some(Answer::Capabilities(_) | Answer::Policy(_)) | None => None,
            },
            policy: match answer {
                Some(Answer::Policy(text)) => Some(text),
                Some(Answer::Capabilities(_) | Answer::Wit(_)) | None => None,
            },
            summary: JsonSummary::of(Counts::of(&outcome.diagnostics)),
        }
    }
}

impl<'o> JsonDiagnostic<'o> {
    fn of(diagnostic: &'o Diagnostic, sources: &'o SourceMap) -> Self {
        Self {
            code: diagnostic.code.as_str(),
            level: match diagnostic.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            message: &diagnostic.message,
            labels: diagnostic.labels.iter().map(|label| JsonLabel::of(label, sources)).collect(),
            notes: &diagnostic.notes,
            help: &diagnostic.help,
        }
    }
}

impl<'o> JsonLabel<'o> {
    fn of(label: &'o Label, sources: &'o SourceMap) -> Self {
        let source = sources.get(label.span.source);
        let position = |byte| {
            let position = sources.position(label.span.source, byte);
            JsonPosition { byte: position.byte, line: position.line, column: position.column }
        };
        Self {
            source: &source.name,
            printed: matches!(source.origin, Origin::Printed { .. }),
            primary: label.primary,
            text: &label.text,
            start: position(label.span.start),
            end: position(label.span.end),
        }
    }
}

impl<'o> JsonArtifact<'o> {
    fn of(row: &'o ArtifactRow) -> Self {
        Self {
            name: &row.name,
            path: row.path.as_ref().map(|path| path.display().to_string()),
            bytes: row.bytes,
            sha256: &row.sha256,
            imports: &row.imports,
            exports: &row.exports,
            wires: row.wires.iter().map(JsonWire::of).collect(),
        }
    }
}

impl<'o> JsonWire<'o> {
    fn of(wire: &'o Wire) -> Self {
        Self { item: &wire.item, provider: wire.provider.as_deref(), user: &wire.user }
    }
}

impl<'o> JsonInstance<'o> {
    fn of(instance: &'o InstanceCapabilities) -> Self {
        let capabilities = instance.rows.iter().map(JsonCapability::of).collect();
        Self { name: &instance.name, capabilities, warnings: &instance.warnings }
    }
}

impl<'o> JsonCapability<'o> {
    fn of(row: &'o CapabilityRow) -> Self {
        Self {
            interface: &row.interface,
            power: &row.power,
            class: &row.class,
            severity: &row.severity,
            functions: &row.functions,
            reached: &row.reached,
        }
    }
}

impl JsonSummary {
    fn of(counts: Counts) -> Self {
        Self { errors: counts.errors, warnings: counts.warnings, notes: counts.notes }
    }
}
