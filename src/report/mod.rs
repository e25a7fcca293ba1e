//! Shows an [`Outcome`]: one file a format.
//!
//! Everything that a format shows is in the outcome as plain tables; no format looks at an artifact.

mod alike;
mod change_words;
mod github;
mod gitlab;
mod graph;
mod host_words;
#[cfg(test)]
mod hostile;
mod hosts_page;
#[cfg(feature = "cli")]
mod human;
mod json;
mod junit;
mod markdown;
mod place;
mod rows;
mod sarif;
mod wac;
mod xml;

use std::borrow::Cow;
use std::path::PathBuf;

use host_words::obstacle_words;

pub use github::write as write_github;
pub use gitlab::write as write_gitlab;
pub use graph::{GraphFormat, write_graphs};
#[cfg(feature = "cli")]
pub use human::{Done, Look, PageForm};
pub use json::{SCHEMA as JSON_SCHEMA, write as write_json};
pub use junit::write as write_junit;
pub use markdown::write as write_markdown;
pub use sarif::write as write_sarif;
pub use wac::wac_script;

use crate::check::{Changes, HostFit};
use crate::diag::{Accepted, Diagnostic, Severity, code, counted};
use crate::host::HostProfile;
use crate::model::{Feature, Graph, Needs};
use crate::policy::{Capabilities, PowerChange, ScopeRow, Why};
use crate::source::SourceMap;

/// What a run came to: all that any report can show.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The sources that the diagnostics point into.
    pub sources: SourceMap,
    /// The diagnostics, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// What exceptions of the policy silence.
    pub accepted: Vec<Accepted>,
    /// The artifacts that were made.
    pub artifacts: Vec<ArtifactRow>,
    /// The compositions that were to be linked, and were not.
    pub not_linked: Vec<String>,
    /// The policies that were mended.
    pub mended: Vec<MendedRow>,
    /// The answer to the question that the command asked, if it asked one.
    pub answer: Option<Answer>,
    /// What components and compositions ask of an engine.
    pub needs: Vec<NeedsRow>,
    /// The limits of grants, and who enforces each of them.
    pub scopes: Vec<ScopeRow>,
    /// What was looked at, for a closing line such as `checked 2 worlds`.
    pub looked_at: Vec<Looked>,
}

impl Outcome {
    /// What people are told one by one: where they want to hear only of what must be looked at, no notes; and never what the
    /// table of the changes says as well, unless it is to be looked at.
    pub fn told(&self, is_quiet: bool) -> Cow<'_, [Diagnostic]> {
        let has_table = matches!(self.answer, Some(Answer::Changes(..)));
        let of_table = [code::COMPATIBLE_CHANGE, code::ANNOUNCED_CHANGE];
        let is_left_out = |found: &Diagnostic| {
            found.severity == Severity::Note && (is_quiet || (has_table && of_table.contains(&found.code)))
        };
        if self.diagnostics.iter().any(is_left_out) {
            self.diagnostics.iter().filter(|found| !is_left_out(found)).cloned().collect()
        } else {
            Cow::Borrowed(&self.diagnostics)
        }
    }
}

/// Something that a run looked at and found in order or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// What it is: `world`, `component`, `composition`.
    pub noun: &'static str,
    /// Its name, untrusted.
    pub name: String,
}

/// What one component or composition asks of an engine.
#[derive(Clone, Debug)]
pub struct NeedsRow {
    /// Its name, untrusted.
    pub artifact: String,
    /// What it asks for.
    pub needs: Needs,
}

/// One artifact that was made.
#[derive(Clone, Debug)]
pub struct ArtifactRow {
    /// The name of the composition.
    pub name: String,
    /// Where it was written; `None` for standard output.
    pub path: Option<PathBuf>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256 as 64 lower-case hexadecimal digits, if it was wanted.
    pub sha256: Option<String>,
    /// The names of its imports, in order.
    pub imports: Vec<String>,
    /// Those of them that no part of it uses any more.
    pub unused: Vec<String>,
    /// The names of its exports, in order.
    pub exports: Vec<String>,
    /// Which instance each of its exports comes from.
    pub exposed: Vec<ExposedExport>,
    /// Its instances and who provides what to whom, in order of instantiation.
    pub wires: Vec<Wire>,
    /// How many bytes it would have more if what lies in several inputs kept all its copies.
    pub saved: u64,
    /// The imports that were made of several versions of one interface.
    pub merged: Vec<MergedImport>,
    /// What an engine must have to run it, as far as that shows without a look at function bodies.
    pub features: Vec<Feature>,
    /// Whether it is a script that links it, and nothing is linked.
    pub is_script: bool,
    /// What goes to standard output; empty where a file was written.
    pub content: Vec<u8>,
}

/// A policy that was mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MendedRow {
    /// Where it was written.
    pub path: PathBuf,
    /// What was mended in it, as it was found.
    pub messages: Vec<String>,
}

/// An import of the whole that stands for several versions of one interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedImport {
    /// What the whole imports.
    pub into: String,
    /// The other names under which instances import it, sorted.
    pub from: Vec<String>,
}

/// An export of the whole, and the export of an instance that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExposedExport {
    /// The name under which the whole exports it, with all of its version.
    pub name: String,
    /// The instance that it comes from.
    pub instance: String,
    /// What that instance calls it, with all of its version.
    pub export: String,
}

/// One wire of a composition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The name that the user imports, with all of its version.
    pub import: String,
    /// The name that the provider exports, or for the host the one that the whole imports; with all of its version.
    pub export: String,
    /// The instance that provides it; `None` for the host.
    pub provider: Option<String>,
    /// The instance that uses it.
    pub user: String,
}

impl Wire {
    /// The name by which the wire is known: the one that the user imports, or for the host the one that the whole imports.
    fn item(&self) -> &str {
        if self.provider.is_some() { &self.import } else { &self.export }
    }

    /// What the user calls it, where its provider calls it something else.
    fn alias(&self) -> Option<&str> {
        (self.import != self.export).then_some(self.import.as_str())
    }
}

/// The answer to a question.
#[derive(Debug)]
pub enum Answer {
    /// `caps`: what each instance can do; one entry for each composition.
    Capabilities(Vec<Capabilities>),
    /// `graph`: the compositions that were asked about.
    Graphs(Vec<Graph>),
    /// `why`: which way leads to a capability; one entry for each composition.
    Why(Vec<Why>),
    /// `wit`: the WIT of what was asked about.
    Wit(String),
    /// `check --host`: what came of holding each artifact against each host.
    Fits(Vec<HostFit>),
    /// `hosts`: what is known about hosts.
    Hosts(Vec<HostProfile>),
    /// `diff`: what changed, and which capabilities came or went.
    Changes(Changes, Vec<PowerChange>),
    /// `policy init`, `policy snapshot`: the text of a file.
    Policy(String),
    /// `emit`: the files of a deployment.
    Deployment(DeploymentRow),
}

/// What was made for a deployment.
#[derive(Clone, Debug, Default)]
pub struct DeploymentRow {
    /// The id of the host.
    pub host: String,
    /// The name of the composition, fit for a path.
    pub name: String,
    /// Whether the host links the components.
    pub is_graph: bool,
    /// The folder that they were written into; `None` where nothing was written.
    pub folder: Option<PathBuf>,
    /// Whether one of them goes to standard output: `content`.
    pub to_standard_output: bool,
    /// The files.
    pub files: Vec<DeployedFile>,
    /// What is left to do in the folder, as command lines for a shell.
    pub commands: Vec<String>,
    /// What whoever deploys must give: names, never values.
    pub secrets: Vec<String>,
    /// What goes to standard output.
    pub content: Vec<u8>,
}

/// One file of a deployment.
#[derive(Clone, Debug, Default)]
pub struct DeployedFile {
    /// Its path in the folder, with `/` between its steps.
    pub path: String,
    /// What it is for, in a few words.
    pub what: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256 as 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its content, where that is text.
    pub text: Option<String>,
}

/// How many diagnostics of each severity a run has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// What fails the run.
    pub errors: usize,
    /// What should be looked at.
    pub warnings: usize,
    /// What is only said.
    pub notes: usize,
}

impl Counts {
    /// Counts `diagnostics`.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let count = |severity| diagnostics.iter().filter(|it| it.severity == severity).count();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
        }
    }

    /// The counts in words, such as `2 errors, 1 warning`; `None` where there is nothing to count.
    pub fn tally(self) -> Option<String> {
        let parts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun));
        Some(parts.collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
    }
}
