//! Shows an [`Outcome`]: one file a format.
//!
//! Everything that a format shows is in the outcome as plain tables; no format looks at an artifact.

use std::path::PathBuf;

use crate::diag::Diagnostic;
use crate::policy::Capabilities;
use crate::source::SourceMap;

/// What a run came to: all that any report can show.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The sources that the diagnostics point into.
    pub sources: SourceMap,
    /// The diagnostics, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// The artifacts that were made.
    pub artifacts: Vec<ArtifactRow>,
    /// The answer to the question that the command asked, if it asked one.
    pub answer: Option<Answer>,
    /// What was looked at, for a closing line such as `checked 2 worlds`.
    pub looked_at: Vec<Looked>,
}

/// Something that a run looked at and found in order or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// What it is: `world`, `component`, `composition`.
    pub noun: &'static str,
    /// Its name, untrusted.
    pub name: String,
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
    /// Its SHA-256 as 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// The names of its imports, in order.
    pub imports: Vec<String>,
    /// The names of its exports, in order.
    pub exports: Vec<String>,
    /// Its instances and who provides what to whom, in order of instantiation.
    pub wires: Vec<Wire>,
}

/// One wire of a composition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    /// What is provided: the extern name that the user imports.
    pub item: String,
    /// The instance that provides it; `None` for the host.
    pub provider: Option<String>,
    /// The instance that uses it.
    pub user: String,
}

/// The answer to a question.
#[derive(Debug)]
pub enum Answer {
    /// `caps`: what each instance can do.
    Capabilities(Capabilities),
    /// A text that is the whole answer: `explain`, `wit`, `completions`.
    Text(String),
}
