//! The key `why` of the format `witc/1`; the comments are the descriptions in its schema.
//!
//! Differs from `document.rs`, which has all other keys.

use serde::Serialize;

use super::document::JsonSupport;
use crate::policy::{Inside, Why, WhyAnswer, WitnessStep};

/// Why something is imported.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Why"))]
pub(super) struct JsonWhy<'o> {
    /// The name of the artifact.
    artifact: &'o str,
    /// What was asked about, as it was written.
    capability: &'o str,
    /// One entry for each function that is imported from the host and that the question is about, the most reached first;
    /// none where nothing of it is imported.
    answers: Vec<JsonAnswer<'o>>,
    /// What of it other instances provide: no power of the host.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inside: Vec<JsonInside<'o>>,
    /// Whether there is something of this name, as far as witc knows.
    known: bool,
}

/// An import that another instance provides.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Inside"))]
struct JsonInside<'o> {
    /// The instance that imports it.
    instance: &'o str,
    /// The import on its track.
    interface: &'o str,
    /// The instance that provides it.
    provider: &'o str,
}

/// Why one function is imported.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "WhyAnswer"))]
struct JsonAnswer<'o> {
    /// The instance that imports it.
    instance: &'o str,
    /// The function, with its interface on its track.
    capability: &'o str,
    /// `none`, `low`, `medium`, `high` or `critical`.
    severity: &'o str,
    /// As in `caps`: `reachable`, `unanalyzable`, `run-time support`, `never exercisable`, `unreachable` or `type-only`.
    verdict: &'o str,
    /// Of run-time support: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    support: Option<JsonSupport<'o>>,
    /// Whether the exports of the whole lead to it.
    needed: bool,
    /// The exports and other roots that lead to it; the first 64.
    from: Vec<JsonRoot<'o>>,
    /// How many of them there are.
    roots: usize,
    /// The shortest way from one of them; empty where there is none.
    witness: Vec<JsonStep<'o>>,
}

/// What starts code.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Root"))]
struct JsonRoot<'o> {
    /// The instance that it belongs to.
    instance: &'o str,
    /// The exported function, or in words what else starts code.
    name: &'o str,
}

/// One step of a way to an import.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Step"))]
pub(super) struct JsonStep<'o> {
    /// Through a composition: `uses` (another instance, by its name) or `imports` (from the host); through code: `export`, `start`,
    /// `destructor`, `function`, `table`, `reference`, `import` or `unknown code`.
    kind: &'o str,
    /// The instance that it is in.
    instance: &'o str,
    /// The core module that a function is in, where an instance has several.
    #[serde(skip_serializing_if = "str::is_empty")]
    module: &'o str,
    /// What it is called.
    name: &'o str,
}

impl<'o> JsonWhy<'o> {
    pub(super) fn of(why: &'o Why) -> Self {
        let answers = why.answers.iter().map(JsonAnswer::of).collect();
        let inside = |inside: &'o Inside| JsonInside {
            instance: &inside.instance,
            interface: &inside.interface,
            provider: &inside.provider,
        };
        let inside = why.inside.iter().map(inside).collect();
        Self { artifact: &why.name, capability: &why.capability, answers, inside, known: why.is_known }
    }
}

impl<'o> JsonAnswer<'o> {
    fn of(answer: &'o WhyAnswer) -> Self {
        let root = |(instance, name): &'o (String, String)| JsonRoot { instance, name };
        Self {
            instance: &answer.instance,
            capability: &answer.capability,
            severity: &answer.severity,
            verdict: &answer.verdict,
            support: answer.support.as_ref().map(JsonSupport::of),
            needed: answer.is_needed,
            from: answer.from.iter().map(root).collect(),
            roots: answer.roots,
            witness: answer.witness.iter().map(JsonStep::of).collect(),
        }
    }
}

impl<'o> JsonStep<'o> {
    pub(super) fn of(step: &'o WitnessStep) -> Self {
        Self { kind: step.kind, instance: &step.instance, module: &step.module, name: &step.name }
    }
}
