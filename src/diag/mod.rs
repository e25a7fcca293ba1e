//! What a diagnostic is, and the one place where diagnostics are collected and given their level.
//!
//! Knows no terminal and no JSON: how a diagnostic looks is decided in `report`.

mod about;
mod codes;
mod collector;
mod confidence;
mod escape;
mod exit;
mod fix;
mod lint_group;
mod list;
mod natural;
mod reason;
mod shell;
mod size;
mod suggest;
mod toml;

use std::fmt;

pub use about::{About, Accepted, Alike, Named, WayStep, Waypoint};
pub use codes::{CODES, CodeRow, Kind, code, find};
pub use collector::{Diagnostics, Levels};
pub use confidence::Confidence;
pub use escape::{escape, is_shown_as_is, quoted};
pub use exit::{BUG, CLEAN, EXIT_CODES, FINDINGS, INPUT, LOCK, USAGE, exit_status, more_urgent};
pub use fix::{Edit, edited};
pub use lint_group::{LINT_GROUPS, lint_names, lints_named};
pub use list::{counted, list, list_of};
pub use natural::natural_order;
pub use reason::{reason, way_out};
pub use shell::shell_word;
pub use size::{exact_size, size};
pub(crate) use suggest::Patience;
pub use suggest::{closest, closest_or_longer, slipped};
pub use toml::{toml_key, toml_string};

use crate::source::{SourceMap, Span};

/// The identity of a diagnostic: `<stage>/<kebab-name>`, one of the rows of [`CODES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub(crate) &'static str);

impl Code {
    /// The code as people write it, such as `check/type-mismatch`.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How much a finding matters; what a user may set for a lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not shown.
    Allow,
    /// Shown; never fails a run.
    Note,
    /// Shown; fails a run under `--deny-warnings`.
    Warn,
    /// Fails the run.
    Deny,
}

/// How a diagnostic counts once its level is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Information.
    Note,
    /// Something to look at.
    Warning,
    /// The run fails.
    Error,
}

/// One place that a diagnostic points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What this place contributes; never a copy of the message.
    pub text: String,
    /// Whether this is the place to go to first; exactly one label of a diagnostic is.
    pub primary: bool,
}

impl Label {
    /// The place where the problem is.
    pub fn primary(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), primary: true }
    }

    /// Another place that matters.
    pub fn secondary(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), primary: false }
    }
}

/// One finding: a code, the words, the places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule or error this is.
    pub code: Code,
    /// How it counts; set by the collector, which alone knows the levels of this run.
    pub severity: Severity,
    /// What is wrong: one line, lower case, names in backticks, untrusted text escaped.
    pub message: String,
    /// The places, the primary one first.
    pub labels: Vec<Label>,
    /// How we know; each a sentence or a block of lines.
    pub notes: Vec<String>,
    /// What to do, imperative; if possible the lines to paste.
    pub help: Vec<String>,
    /// What mends it, where nothing must be decided; all or nothing.
    pub fix: Vec<Edit>,
    /// What it is about, for reports that machines keep.
    pub about: About,
    /// How sure it is, if it is a judgement.
    pub confidence: Option<Confidence>,
    /// How it is shown as one of many.
    pub alike: Option<Alike>,
}

impl Diagnostic {
    /// A finding with its one-line message and nothing else yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            fix: Vec::new(),
            about: About::default(),
            confidence: Confidence::of(code),
            alike: None,
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn label(mut self, label: Label) -> Self {
        self.labels.push(label);
        self
    }

    /// Adds how we know.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Whether it is a judgement, and no mistake in a file or an input.
    pub fn is_judgement(&self) -> bool {
        find(self.code.as_str()).is_some_and(CodeRow::is_lint)
    }

    /// Says how it is shown as one of many.
    #[must_use]
    pub fn one_of_many(mut self, alike: Alike) -> Self {
        self.alike = Some(alike);
        self
    }

    /// The place to go to first.
    pub fn place(&self) -> Option<Span> {
        let primary = self.labels.iter().find(|label| label.primary);
        primary.or(self.labels.first()).map(|label| label.span)
    }
}

/// What one run knows and found: the sources, and the diagnostics about them.
#[derive(Debug, Default)]
pub struct Run {
    /// All that was read or printed.
    pub sources: SourceMap,
    /// All that was found.
    pub diagnostics: Diagnostics,
}

impl Run {
    /// Works on one of several compositions: what is found meanwhile is about it, and levels that are set meanwhile end with it.
    /// Without a name, it is about no one of them.
    pub fn within<T>(&mut self, composition: Option<&str>, work: impl FnOnce(&mut Self) -> T) -> T {
        let of = &mut self.diagnostics;
        let name = composition.filter(|_| of.compositions > 1).map(str::to_owned);
        let before = (std::mem::replace(&mut of.composition, name), of.levels.clone());
        let done = work(self);
        (self.diagnostics.composition, self.diagnostics.levels) = before;
        done
    }
}
