//! Parts of a composition that cannot be replaced as the user asks.

use super::{MOST_LABELS, piece_text};
use crate::config::Spanned;
use crate::diag::{Diagnostic, Label, closest, code, list, quoted};
use crate::model::ItemPath;
use crate::source::Span;

/// How many reasons without a place are told one by one.
const MOST_NOTES: usize = 8;

/// A composition has no part of the name that is to be replaced.
pub(in crate::check) struct UnknownPart<'a> {
    pub(in crate::check) name: &'a Spanned<String>,
    pub(in crate::check) whole: &'a str,
    /// The names of its parts.
    pub(in crate::check) known: Vec<String>,
}

impl From<UnknownPart<'_>> for Diagnostic {
    fn from(fact: UnknownPart<'_>) -> Self {
        let (name, whole) = (quoted(fact.name.as_str()), quoted(fact.whole));
        let diagnostic = Self::new(code::UNKNOWN_PART, format!("{whole} has no part called {name}"))
            .label(Label::primary(fact.name.span, "no instance inside has this name"));
        if fact.known.is_empty() {
            return diagnostic.note(format!("{whole} is not composed"));
        }
        let known: Vec<String> = fact.known.iter().map(|name| quoted(name)).collect();
        let diagnostic = diagnostic.note(format!("its parts are {}", list(&known)));
        match closest(fact.name.as_str(), fact.known.iter().map(String::as_str)) {
            Some(near) => diagnostic.help(format!("did you mean {}?", quoted(near))),
            None => diagnostic,
        }
    }
}

/// A component cannot take the place of a part.
pub(in crate::check) struct UnfitReplacement<'a> {
    pub(in crate::check) name: &'a Spanned<String>,
    pub(in crate::check) whole: &'a str,
    /// Why not, and if it is about a piece of the new component, which and where; at least one.
    pub(in crate::check) reasons: Vec<(Option<(ItemPath, Span)>, String)>,
    /// The flags that replace all instances of its component at once, if that is all that is missing.
    pub(in crate::check) together: Option<String>,
}

impl From<UnfitReplacement<'_>> for Diagnostic {
    fn from(fact: UnfitReplacement<'_>) -> Self {
        let (name, whole) = (quoted(fact.name.as_str()), quoted(fact.whole));
        let message = format!("the replacement does not fit in the place of {name} in {whole}");
        let mut diagnostic = Self::new(code::UNFIT_REPLACEMENT, message)
            .label(Label::primary(fact.name.span, "what is inside stays wired as it is"));
        let (pieces, others): (Vec<_>, Vec<_>) =
            fact.reasons.into_iter().partition(|(piece, _)| piece.is_some());
        let mut further = Vec::new();
        for (at, (piece, text)) in pieces.into_iter().enumerate() {
            let Some((piece, place)) = piece else { continue };
            if at < MOST_LABELS {
                diagnostic = diagnostic.label(Label::secondary(place, text));
            } else {
                further.push(piece_text(&piece));
            }
        }
        if !further.is_empty() {
            diagnostic = diagnostic.note(format!("nor does it fit at {}", list(&further)));
        }
        let unsaid = others.len().saturating_sub(MOST_NOTES);
        for (_, text) in others.into_iter().take(MOST_NOTES) {
            diagnostic = diagnostic.note(text);
        }
        if unsaid > 0 {
            diagnostic = diagnostic.note(format!("there are {unsaid} more reasons"));
        }
        if let Some(together) = &fact.together {
            return diagnostic.help(format!("replace them together: {}", quoted(together)));
        }
        diagnostic.help(format!(
            "build it against the WIT of the part that it replaces, or link the composition again from its components: \
             `witc graph` shows {whole}"
        ))
    }
}
