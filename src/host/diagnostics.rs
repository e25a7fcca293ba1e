//! What this stage can report: one struct a diagnostic, holding facts; the words are added here and nowhere else.
//!
//! Differs from `config`'s diagnostics, which are about any file that witc reads: these are about hosts.

use crate::diag::{Diagnostic, Label, closest_or_longer, code, quoted};
use crate::source::Span;

/// No profile has the id that was asked for.
pub(super) struct UnknownProfile {
    pub(super) id: String,
    pub(super) known: Vec<String>,
    /// The profiles of hosts that people call so.
    pub(super) called: Vec<String>,
    /// Where it is asked for; nothing for an argument.
    pub(super) span: Option<Span>,
}

impl From<UnknownProfile> for Diagnostic {
    fn from(found: UnknownProfile) -> Self {
        let near = closest_or_longer(&found.id, found.known.iter().map(String::as_str));
        let meant: Vec<String> = match found.called.is_empty() {
            true => near.into_iter().map(quoted).collect(),
            false => found.called.iter().map(|id| quoted(id)).collect(),
        };
        let text = match meant.is_empty() {
            true => "no profile has this id".to_owned(),
            false => format!("did you mean {}?", meant.join(" or ")),
        };
        let message = format!("there is no host {}", quoted(&found.id));
        let diagnostic = Self::new(code::UNKNOWN_PROFILE, message);
        let diagnostic = match (found.span, meant.is_empty()) {
            (Some(span), _) => diagnostic.label(Label::primary(span, text)),
            (None, false) => diagnostic.note(text),
            (None, true) => diagnostic,
        };
        let known: Vec<String> = found.known.iter().map(|id| quoted(id)).collect();
        diagnostic
            .note(format!("the hosts are {}", known.join(", ")))
            .help("name one of them, or the file of a profile of your own: `--host FILE.toml`")
    }
}

/// A profile speaks of a feature that nobody knows.
pub(super) struct UnknownFeature {
    pub(super) name: String,
    pub(super) meant: Option<String>,
    pub(super) known: String,
    pub(super) span: Span,
}

impl From<UnknownFeature> for Diagnostic {
    fn from(found: UnknownFeature) -> Self {
        let text = match &found.meant {
            Some(meant) => format!("did you mean {}?", quoted(meant)),
            None => "no feature has this name".to_owned(),
        };
        Self::new(code::UNKNOWN_FEATURE, format!("there is no feature {}", quoted(&found.name)))
            .label(Label::primary(found.span, text))
            .note(format!("the features are `{}`", found.known))
    }
}
