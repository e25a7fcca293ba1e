//! The serialised types of the format `witc/1`; their comments are the descriptions in its schema.
//!
//! Differs from `report/mod.rs`, whose tables may change: keys may be added here, and none changed or removed.

use serde::Serialize;

use super::SCHEMA;
use super::artifact::JsonArtifact;
use super::changes::JsonDiff;
use super::deployment::JsonDeployment;
use super::fit::{JsonFit, JsonNeeds};
use super::hosts::JsonHost;
use super::scopes::JsonScope;
use super::why::{JsonStep, JsonWhy};
use crate::diag::{About, Confidence, Diagnostic, Label, Severity};
use crate::policy::{
    Capabilities, CapabilityRow, InstanceCapabilities, SupportKind, SupportRow, UseRow, Whole, WholeRow,
};
use crate::report::graph::JsonGraph;
use crate::report::{Answer, Counts, MendedRow, Outcome};
use crate::source::{Origin, SourceMap};

/// The report of one run. Keys may be added; none is changed or removed while `schema` is the same.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Document<'o> {
    /// The name of this format.
    #[cfg_attr(test, schemars(extend("const" = SCHEMA)))]
    schema: &'static str,
    /// What was found, by source, place and code.
    diagnostics: Vec<JsonDiagnostic<'o>>,
    /// The components that were linked.
    artifacts: Vec<JsonArtifact<'o>>,
    /// The policies that were mended: `witc policy prune` and `witc lint --fix`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mended: Vec<JsonMended<'o>>,
    /// The answer of `witc caps` about one thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    caps: Option<JsonCapabilities<'o>>,
    /// The answers of `witc caps` about the compositions of a manifest that has several, in its order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    caps_of_each: Vec<JsonCapabilities<'o>>,
    /// The answer of `witc graph`: one entry for each composition.
    #[serde(skip_serializing_if = "Option::is_none")]
    graph: Option<Vec<JsonGraph<'o>>>,
    /// The answer of `witc why` about one thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<JsonWhy<'o>>,
    /// The answers of `witc why` about the compositions of a manifest that has several, in its order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    why_of_each: Vec<JsonWhy<'o>>,
    /// The answer of `witc wit`: WIT as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    wit: Option<&'o str>,
    /// The answer of `witc check --host`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fit: Option<Vec<JsonFit<'o>>>,
    /// What components and compositions that were checked ask of an engine.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    needs: Vec<JsonNeeds<'o>>,
    /// The limits of grants, and who enforces each of them: `witc lint`, `witc emit`, and `witc check --host`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<JsonScope<'o>>,
    /// The answer of `witc hosts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    hosts: Option<Vec<JsonHost<'o>>>,
    /// The answer of `witc diff`.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<JsonDiff<'o>>,
    /// The answer of `witc policy init`: the policy file as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'o str>,
    /// The answer of `witc emit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment: Option<JsonDeployment<'o>>,
    /// How many diagnostics there are.
    summary: JsonSummary,
}

/// One finding.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Diagnostic"))]
struct JsonDiagnostic<'o> {
    /// Its name, `<stage>/<name>`: `witc explain` has a page for each.
    code: &'static str,
    /// How it counts in this run.
    level: JsonLevel,
    /// What is wrong, in one line.
    message: &'o str,
    /// The places that it is about, the primary one first.
    labels: Vec<JsonLabel<'o>>,
    /// How we know.
    notes: &'o [String],
    /// What to do.
    help: &'o [String],
    /// How sure it is: `exact`, `proven` from code or types, or `likely`. Of judgements alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<&'static str>,
    /// What it is about. Of judgements, and of what was found in one of several compositions.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<JsonAbout<'o>>,
}

/// What a finding is about, as far as it has a name.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "About"))]
struct JsonAbout<'o> {
    /// The composition.
    #[serde(skip_serializing_if = "Option::is_none")]
    composition: Option<&'o str>,
    /// The component: the name of its instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<&'o str>,
    /// The import, on its track, with its label if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    interface: Option<&'o str>,
    /// The function, without its bracket.
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<&'o str>,
    /// The way on which it comes about: through the composition, then from an export through the code to the import.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    way: Vec<JsonStep<'o>>,
}

/// How a finding counts: an error fails the run.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Level"))]
#[serde(rename_all = "lowercase")]
enum JsonLevel {
    Error,
    Warning,
    Note,
}

/// One place.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Label"))]
struct JsonLabel<'o> {
    /// The file as it was named, `<stdin>`, or `<command line>`.
    source: &'o str,
    /// Whether the positions count in WIT that witc printed for a binary, not in the file itself.
    printed: bool,
    /// Whether this is the place to go to first; one label of a diagnostic is.
    primary: bool,
    /// What this place contributes.
    text: &'o str,
    /// Its first character.
    start: JsonPosition,
    /// After its last character.
    end: JsonPosition,
}

/// A place between two characters.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Position"))]
struct JsonPosition {
    /// The offset in bytes, from 0.
    byte: usize,
    /// The line, from 1.
    line: usize,
    /// The column in characters, from 1.
    column: usize,
}

/// A policy that was mended.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Mended"))]
struct JsonMended<'o> {
    /// Where it was written.
    path: String,
    /// What was mended in it, as it was found.
    messages: &'o [String],
}

/// What an artifact can do.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Capabilities"))]
struct JsonCapabilities<'o> {
    /// Its name.
    artifact: &'o str,
    /// The version of the table that classes and severities come from.
    taxonomy: &'o str,
    /// Its instances; a component that is not composed has one.
    instances: Vec<JsonInstance<'o>>,
    /// What all of them together can do; not there where there is only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<JsonWhole<'o>>,
}

/// What an artifact of several parts can do as a whole.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Whole"))]
struct JsonWhole<'o> {
    /// One entry for each interface that it imports, the gravest first.
    capabilities: Vec<JsonWholeRow<'o>>,
    /// Pairs of capabilities that are dangerous together, and of which no part has both.
    warnings: &'o [String],
}

/// One interface that an artifact of several parts imports.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "WholeCapability"))]
struct JsonWholeRow<'o> {
    /// The interface on its track.
    interface: &'o str,
    /// What it means, for people; empty where only its types are used.
    power: &'o str,
    /// How grave it is.
    severity: &'o str,
    /// The instances that import it.
    instances: &'o [String],
}

/// What one instance can do.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Instance"))]
struct JsonInstance<'o> {
    /// Its name.
    name: &'o str,
    /// One entry for each interface that it imports, the gravest first.
    capabilities: Vec<JsonCapability<'o>>,
    /// Pairs of capabilities that are dangerous together.
    warnings: &'o [String],
    /// What run-time support is likely all that reaches some capabilities.
    support: Vec<JsonSupport<'o>>,
    /// Why nobody can say what its code reaches; not there where it could be followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    obstacle: Option<&'o str>,
}

/// Code that a toolchain put into a component.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Support"))]
pub(super) struct JsonSupport<'o> {
    /// What it is.
    cause: &'o str,
    /// How we know.
    evidence: &'o str,
    /// How to be rid of it.
    help: &'o str,
    /// Whether it is an engine, that runs a program which is data: nobody can see in code whether the program uses it.
    engine: bool,
    /// Whether a program of the toolchain that does nothing has it as well: nobody can see whether this one uses it.
    empty_program: bool,
}

/// What one imported interface allows.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Capability"))]
struct JsonCapability<'o> {
    /// The interface on its track.
    interface: &'o str,
    /// What it means, for people.
    power: &'o str,
    /// Its class, such as `net-out`.
    class: &'o str,
    /// `none`, `low`, `medium`, `high` or `critical`.
    severity: &'o str,
    /// The functions that are imported.
    functions: &'o [String],
    /// How sure it is that it can be used, and how it is reached, for people.
    reached: &'o str,
    /// How the function that is reached the most is reached: a word as in `uses`, or `type-only` where there is none.
    verdict: &'o str,
    /// How each function is reached, in the order of `functions`.
    uses: Vec<JsonUse<'o>>,
}

/// How one imported function is reached.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Use"))]
struct JsonUse<'o> {
    /// Its name without brackets; that of the import where that is no interface.
    function: &'o str,
    /// `none`, `low`, `medium`, `high` or `critical`.
    severity: &'o str,
    /// `reachable`, `unanalyzable` (counts as reachable), `run-time support` (likely), `never exercisable` (proven: no
    /// handle for it) or `unreachable` (proven: no code calls it).
    verdict: &'o str,
    /// Of run-time support: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'o str>,
    /// Whether the component gives it to core code, or exports it as it is: exact.
    lowered: bool,
    /// Whether the component can ever hold the handles that it needs: if not, that is proven by types.
    exercisable: bool,
    /// Whether anything that can run leads to it: if not, that is proven by code.
    reachable: bool,
    /// Whether the exports of the whole lead to it.
    needed: bool,
}

/// How many diagnostics of each level there are.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Summary"))]
struct JsonSummary {
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl<'o> Document<'o> {
    pub(super) fn of(outcome: &'o Outcome) -> Self {
        let (mut why, mut deployment, mut diff) = (None, None, None);
        let (mut caps, mut graph, mut wit, mut policy, mut hosts, mut fit) =
            (None, None, None, None, None, None);
        let (mut caps_of_each, mut why_of_each) = (Vec::new(), Vec::new());
        match &outcome.answer {
            Some(Answer::Capabilities(answers)) => {
                (caps, caps_of_each) = one_or_each(answers.iter().map(JsonCapabilities::of));
            }
            Some(Answer::Graphs(graphs)) => graph = Some(graphs.iter().map(JsonGraph::of).collect()),
            Some(Answer::Why(answers)) => (why, why_of_each) = one_or_each(answers.iter().map(JsonWhy::of)),
            Some(Answer::Wit(text)) => wit = Some(text.as_str()),
            Some(Answer::Fits(fits)) => fit = Some(fits.iter().map(JsonFit::of).collect()),
            Some(Answer::Hosts(profiles)) => hosts = Some(profiles.iter().map(JsonHost::of).collect()),
            Some(Answer::Changes(changes, powers)) => diff = Some(JsonDiff::of(changes, powers)),
            Some(Answer::Policy(text)) => policy = Some(text.as_str()),
            Some(Answer::Deployment(row)) => deployment = Some(JsonDeployment::of(row)),
            None => {}
        }
        let diagnostic = |it| JsonDiagnostic::of(it, &outcome.sources);
        Self {
            schema: SCHEMA,
            diagnostics: outcome.diagnostics.iter().map(diagnostic).collect(),
            artifacts: outcome.artifacts.iter().map(JsonArtifact::of).collect(),
            mended: outcome.mended.iter().map(JsonMended::of).collect(),
            caps,
            caps_of_each,
            graph,
            why,
            why_of_each,
            wit,
            fit,
            needs: outcome.needs.iter().map(JsonNeeds::of).collect(),
            scopes: outcome.scopes.iter().map(JsonScope::of).collect(),
            hosts,
            diff,
            policy,
            deployment,
            summary: JsonSummary::of(Counts::of(&outcome.diagnostics)),
        }
    }
}

/// The only answer, or else all of them.
fn one_or_each<T>(answers: impl Iterator<Item = T>) -> (Option<T>, Vec<T>) {
    let mut answers: Vec<T> = answers.collect();
    if answers.len() == 1 { (answers.pop(), answers) } else { (None, answers) }
}

impl<'o> JsonMended<'o> {
    fn of(row: &'o MendedRow) -> Self {
        Self { path: row.path.display().to_string(), messages: &row.messages }
    }
}

impl<'o> JsonDiagnostic<'o> {
    fn of(diagnostic: &'o Diagnostic, sources: &'o SourceMap) -> Self {
        Self {
            code: diagnostic.code.as_str(),
            level: match diagnostic.severity {
                Severity::Note => JsonLevel::Note,
                Severity::Warning => JsonLevel::Warning,
                Severity::Error => JsonLevel::Error,
            },
            message: &diagnostic.message,
            labels: diagnostic.labels.iter().map(|label| JsonLabel::of(label, sources)).collect(),
            notes: &diagnostic.notes,
            help: &diagnostic.help,
            confidence: diagnostic.confidence.map(Confidence::as_str),
            about: JsonAbout::of(&diagnostic.about),
        }
    }
}

impl<'o> JsonAbout<'o> {
    fn of(about: &'o About) -> Option<Self> {
        (!about.names.is_empty()).then(|| Self {
            composition: about.name("composition"),
            component: about.name("component"),
            interface: about.name("interface"),
            function: about.name("function"),
            way: about.way.iter().map(|waypoint| JsonStep::of(&waypoint.step)).collect(),
        })
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

impl<'o> JsonCapabilities<'o> {
    fn of(capabilities: &'o Capabilities) -> Self {
        Self {
            artifact: &capabilities.name,
            taxonomy: &capabilities.taxonomy,
            instances: capabilities.instances.iter().map(JsonInstance::of).collect(),
            whole: capabilities.whole.as_ref().map(JsonWhole::of),
        }
    }
}

impl<'o> JsonWhole<'o> {
    fn of(whole: &'o Whole) -> Self {
        let row = |row: &'o WholeRow| JsonWholeRow {
            interface: &row.interface,
            power: &row.power,
            severity: &row.severity,
            instances: &row.parts,
        };
        Self { capabilities: whole.rows.iter().map(row).collect(), warnings: &whole.warnings }
    }
}

impl<'o> JsonInstance<'o> {
    fn of(instance: &'o InstanceCapabilities) -> Self {
        let capabilities = instance.rows.iter().map(JsonCapability::of).collect();
        let support = instance.support.iter().map(JsonSupport::of).collect();
        let obstacle = instance.obstacle.as_deref();
        Self { name: &instance.name, capabilities, warnings: &instance.warnings, support, obstacle }
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
            verdict: &row.verdict,
            uses: row.uses.iter().map(JsonUse::of).collect(),
        }
    }
}

impl<'o> JsonSupport<'o> {
    pub(super) fn of(row: &'o SupportRow) -> Self {
        Self {
            cause: &row.cause,
            evidence: &row.evidence,
            help: &row.fix,
            engine: row.kind == SupportKind::Engine,
            empty_program: row.kind == SupportKind::EmptyProgram,
        }
    }
}

impl<'o> JsonUse<'o> {
    fn of(row: &'o UseRow) -> Self {
        Self {
            function: &row.function,
            severity: &row.severity,
            verdict: &row.verdict,
            cause: row.cause.as_deref(),
            lowered: row.is_lowered,
            exercisable: row.is_exercisable,
            reachable: row.is_reachable,
            needed: row.is_needed,
        }
    }
}

impl JsonSummary {
    fn of(counts: Counts) -> Self {
        Self { errors: counts.errors, warnings: counts.warnings, notes: counts.notes }
    }
}
