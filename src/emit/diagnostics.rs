//! What this stage can report: one struct a diagnostic, holding facts; the words are added here and nowhere else.

use crate::diag::{Diagnostic, code, escape, quoted};

/// An import has a type that cannot be written.
pub(super) struct Unwritable {
    pub(super) import: String,
    pub(super) what: &'static str,
}

impl From<Unwritable> for Diagnostic {
    fn from(fact: Unwritable) -> Self {
        let import = quoted(&fact.import);
        Diagnostic::new(
            code::UNWRITABLE_IMPORT,
            format!("{import} is left to the host, and its type cannot be written"),
        )
        .note(format!("it has {}", fact.what))
        .help(format!("add a component that provides {import}"))
    }
}

/// The artifact is not what was planned: a bug in witc.
pub(super) struct WrongArtifact {
    pub(super) reason: String,
}

impl From<WrongArtifact> for Diagnostic {
    fn from(fact: WrongArtifact) -> Self {
        Diagnostic::new(code::WRONG_ARTIFACT, "witc made an artifact that is wrong, and did not write it")
            .note(escape(&fact.reason))
            .help("this is a bug in witc: please report it with the inputs and the command line")
    }
}
