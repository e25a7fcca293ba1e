//! What this stage can report: one struct a diagnostic, holding facts; the words are added here and nowhere else.

use std::io::ErrorKind;

use crate::diag::{Diagnostic, Label, code, escape, list, quoted, reason, way_out};
use crate::source::Span;

/// An import has a type that cannot be written.
pub(super) struct UnwritableImport {
    /// Where an instance has it.
    pub(super) place: Option<Span>,
    pub(super) import: String,
    pub(super) what: &'static str,
}

impl From<UnwritableImport> for Diagnostic {
    fn from(fact: UnwritableImport) -> Self {
        let import = quoted(&fact.import);
        let message = format!("{import} is left to the host, and its type cannot be written");
        let diagnostic = Diagnostic::new(code::UNWRITABLE_IMPORT, message);
        let text = format!("it has {}", fact.what);
        let diagnostic = match fact.place {
            Some(place) => diagnostic.label(Label::primary(place, text)),
            None => diagnostic.note(text),
        };
        diagnostic.help(format!("add a component that provides {import}"))
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

/// The artifact has more of something than engines take, and that shows only once it is put together.
pub(super) struct OverLimit {
    /// What the validator says.
    pub(super) reason: String,
}

impl From<OverLimit> for Diagnostic {
    fn from(fact: OverLimit) -> Self {
        Diagnostic::new(code::OVER_LIMIT, "the artifact would be more than engines take, and was not written")
            .note(escape(&fact.reason))
            .note("what all imports and instances have is counted together")
            .help("link fewer components into one; some hosts run a graph of several artifacts")
    }
}

/// The artifact could not be written where it should go.
pub(super) struct Unwritable {
    pub(super) path: std::path::PathBuf,
    pub(super) error: std::io::Error,
}

impl From<Unwritable> for Diagnostic {
    fn from(fact: Unwritable) -> Self {
        let path = quoted(&fact.path.display().to_string());
        let could_be_there = !matches!(
            fact.error.kind(),
            ErrorKind::NotFound | ErrorKind::IsADirectory | ErrorKind::NotADirectory
        );
        let unharmed = if could_be_there { "; what was there before is unharmed" } else { "" };
        let help = way_out(&fact.error).map_or_else(String::new, |way| format!("{way}, or "));
        Diagnostic::new(code::UNWRITABLE, format!("{path} cannot be written"))
            .note(format!("{}{unharmed}", reason(&fact.error)))
            .help(format!("{help}choose another place with `-o`"))
    }
}

/// The artifact would take the place of something that was read for it.
pub(super) struct OverInput {
    pub(super) path: std::path::PathBuf,
    /// What was read, as it is shown.
    pub(super) input: String,
}

impl From<OverInput> for Diagnostic {
    fn from(fact: OverInput) -> Self {
        let (path, input) = (quoted(&fact.path.display().to_string()), quoted(&fact.input));
        Diagnostic::new(code::OVER_INPUT, format!("{path} is {input}, which was read for the artifact"))
            .note("nothing was written")
            .help("choose another place with `-o`")
    }
}

/// Files that are there would be written over, and nobody asked for it.
pub(super) struct AlreadyThere {
    pub(super) paths: Vec<std::path::PathBuf>,
}

impl From<AlreadyThere> for Diagnostic {
    fn from(fact: AlreadyThere) -> Self {
        let paths: Vec<String> = fact.paths.iter().map(|path| quoted(&path.display().to_string())).collect();
        let verb = if paths.len() == 1 { "is" } else { "are" };
        Diagnostic::new(
            code::ALREADY_THERE,
            format!("{} {verb} there already, with another content", list(&paths)),
        )
        .note("nothing was written")
        .help("choose another folder with `-o`, or write over what is there with `--force`")
    }
}

/// An artifact cannot be printed as text.
pub(super) struct Unprintable {
    pub(super) reason: String,
}

impl From<Unprintable> for Diagnostic {
    fn from(fact: Unprintable) -> Self {
        Diagnostic::new(code::WRONG_ARTIFACT, "witc made an artifact that cannot be printed as text")
            .note(escape(&fact.reason))
            .help("this is a bug in witc: please report it with the inputs and the command line")
    }
}
