//! What differs from a capability lock, as facts, and the words for it.
//!
//! Differs from `imports.rs`: nothing is said about what is allowed.

use crate::diag::{Alike, Diagnostic, Label, code, escape, list, quoted};
use crate::source::Span;

/// A component can do something else than the lock says.
pub(in crate::policy) struct CapabilityDrift {
    pub(in crate::policy) component: String,
    pub(in crate::policy) composition: Option<String>,
    /// The component because of which it can: itself, or one behind it.
    pub(in crate::policy) cause: Option<String>,
    /// Whether the lock does not have it.
    pub(in crate::policy) is_new: bool,
    /// Whether only the lock has it.
    pub(in crate::policy) is_gone: bool,
    pub(in crate::policy) changes: Vec<Change>,
    /// Where the lock has it, or would have it.
    pub(in crate::policy) span: Span,
    /// Where it imports what came.
    pub(in crate::policy) imports: Vec<Span>,
    /// What to do if it is meant.
    pub(in crate::policy) way_out: String,
}

/// One line of the difference.
#[derive(Clone)]
pub(in crate::policy) struct Change {
    /// `+`, `-` or `~`.
    pub(in crate::policy) sign: char,
    pub(in crate::policy) interface: String,
    /// The line of the lock, with single spaces.
    pub(in crate::policy) line: String,
    /// The peer through which it has that; nothing for an import of its own.
    pub(in crate::policy) peer: Option<String>,
}

impl Change {
    /// Whether the same became of the same interface.
    pub(in crate::policy) fn is_as(&self, other: &Self) -> bool {
        (self.sign, &self.interface) == (other.sign, &other.interface)
    }
}

impl From<CapabilityDrift> for Diagnostic {
    fn from(found: CapabilityDrift) -> Self {
        let component = quoted(&found.component);
        let sign = |change: &Change| quoted(&format!("{} {}", change.sign, change.interface));
        let mut signs: Vec<String> = found.changes.iter().map(sign).collect();
        signs.dedup();
        let what = if signs.is_empty() { String::new() } else { format!(": {}", list(&signs)) };
        let (message, text) = if found.is_gone {
            (format!("{component} is in the capability lock, and is not there any more"), "is gone")
        } else if found.is_new {
            (format!("{component} is not in the capability lock{what}"), "has no lines here")
        } else {
            (
                format!("{component} differs from the capability lock{what}"),
                "these lines say what it could do then",
            )
        };
        let mut diagnostic =
            Self::new(code::CAPABILITY_DRIFT, message).label(Label::primary(found.span, text));
        for import in found.imports {
            diagnostic = diagnostic.label(Label::secondary(import, "new since then"));
        }
        let whole = found.composition.map(|name| format!(" in {}", quoted(&name))).unwrap_or_default();
        if let Some(cause) = &found.cause {
            diagnostic = diagnostic.one_of_many(Alike {
                message: format!("and so also {{others}}{whole}, through {}", quoted(cause)),
                weight: u8::from(*cause == found.component),
                row: component,
                is_of_one_cause: true,
                help: None,
            });
        }
        if !found.changes.is_empty() {
            let lines =
                found.changes.iter().map(|change| format!("\n  {} {}", change.sign, escape(&change.line)));
            diagnostic =
                diagnostic.note(format!("since the lock was written{whole}:\n{}", lines.collect::<String>()));
        }
        diagnostic.help(format!("read what changed; if it is meant, {}", found.way_out))
    }
}

/// There is no lock to hold anything against.
pub(in crate::policy) struct MissingLock {
    pub(in crate::policy) path: String,
    /// What writes it.
    pub(in crate::policy) command: String,
}

impl From<MissingLock> for Diagnostic {
    fn from(found: MissingLock) -> Self {
        let path = quoted(&found.path);
        Self::new(
            code::CAPABILITY_DRIFT,
            format!("`--locked` asks for a capability lock, and {path} does not exist"),
        )
        .help(format!("write it with {}, and commit it", quoted(&found.command)))
    }
}
