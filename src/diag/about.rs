//! What a finding is about beside its places: for reports that machines keep and compare.
//!
//! Differs from labels, which are for people: names here are bare, and not in sentences.

use std::sync::Arc;

use super::Code;
use crate::source::Span;

/// What a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Names from the outside in, as far as there are any. Untrusted.
    pub names: Vec<Named>,
    /// The other compositions of which the same was found.
    pub also_in: Vec<String>,
    /// The way on which it comes about, step by step: through the composition, then through the code.
    pub way: Vec<Waypoint>,
    /// Whether the capability lock has it; `None` where there is no lock, or it is about no power.
    pub is_known: Option<bool>,
}

/// One name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// `composition`, `component`, `interface` or `function`.
    pub kind: &'static str,
    /// The name; of an interface on its track.
    pub name: String,
}

/// One step of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waypoint {
    /// What it is.
    pub step: WayStep,
    /// What happens here, in words; names in backticks, untrusted text escaped.
    pub text: String,
    /// Where.
    pub span: Option<Span>,
}

/// What one step of a way is, for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayStep {
    /// The instance of the composition that it is in. Untrusted.
    pub instance: String,
    /// What it is. Through a composition: `uses` (another instance, whose name it has) or `imports` (from the host); through code:
    /// `export`, `start`, `destructor`, `function`, `table`, `reference`, `import` or `unknown code`.
    pub kind: &'static str,
    /// What it is called: of a function the name in the binary, else its number; untrusted.
    pub name: String,
    /// The core module that a function is in, where an instance has several; empty elsewhere. Untrusted.
    pub module: String,
}

/// A finding that an exception silences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The rule.
    pub code: Code,
    /// What would have been found: the capabilities, or the rule alone.
    pub message: String,
    /// The exception.
    pub span: Span,
    /// Why it is accepted. Untrusted.
    pub reason: String,
    /// What it is about.
    pub about: About,
}

/// How a finding is shown as one of many, in reports for people: those with the same message and the same help become one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alike {
    /// What holds for all of them, with `{count}` where their number goes.
    pub message: String,
    /// What this one adds, on one line.
    pub row: String,
    /// How much it matters among them: the gravest comes first.
    pub weight: u8,
    /// What to do about all of them together, kept once for all; without it, what all of them say.
    pub help: Option<Arc<str>>,
    /// Whether the gravest is the cause of the others: it is shown as it is, with the message as a note, in which `{others}`
    /// stands for the rows of the others.
    pub is_of_one_cause: bool,
}

impl About {
    /// The name of a kind.
    pub fn name(&self, kind: &str) -> Option<&str> {
        self.names.iter().find(|named| named.kind == kind).map(|named| named.name.as_str())
    }
}
