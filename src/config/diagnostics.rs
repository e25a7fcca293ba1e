//! The mistakes that a manifest or a policy file can hold: facts, and the words for them.

use crate::diag::{Diagnostic, Label, closest, code, quoted};
use crate::source::Span;

/// The text is not TOML.
pub(super) struct Malformed {
    pub(super) message: String,
    pub(super) span: Span,
}

impl From<Malformed> for Diagnostic {
    fn from(found: Malformed) -> Self {
        let message = crate::diag::escape(&found.message);
        Self::new(code::MALFORMED, format!("this is not TOML: {message}"))
            .label(Label::primary(found.span, "reading stopped making sense here"))
    }
}

/// A key that has no meaning where it is.
pub(super) struct UnknownKey {
    pub(super) key: String,
    /// The path of the table; empty for the file as a whole.
    pub(super) section: String,
    pub(super) known: Vec<&'static str>,
    pub(super) span: Span,
}

impl From<UnknownKey> for Diagnostic {
    fn from(found: UnknownKey) -> Self {
        let place = match found.section.as_str() {
            "" => String::new(),
            section => format!(" in {}", quoted(section)),
        };
        let text = match closest(&found.key, found.known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "nothing reads this".to_owned(),
        };
        let mut known = found.known;
        known.sort_unstable();
        known.dedup();
        let here = if found.section.is_empty() { "the file" } else { "this table" };
        Self::new(code::UNKNOWN_KEY, format!("unknown key {}{place}", quoted(&found.key)))
            .label(Label::primary(found.span, text))
            .note(format!("the keys of {here} are `{}`", known.join("`, `")))
    }
}

/// A key that must be there.
pub(super) struct MissingKey {
    pub(super) key: &'static str,
    pub(super) section: String,
    pub(super) span: Span,
}

impl From<MissingKey> for Diagnostic {
    fn from(found: MissingKey) -> Self {
        let section = match found.section.as_str() {
            "" => "the file".to_owned(),
            section => quoted(section),
        };
        Self::new(code::MISSING_KEY, format!("{section} has no `{}`", found.key))
            .label(Label::primary(found.span, format!("needs a line `{} = …`", found.key)))
    }
}

/// A value of the wrong type.
pub(super) struct WrongType {
    pub(super) key: String,
    pub(super) expected: &'static str,
    pub(super) found: &'static str,
    pub(super) span: Span,
}

impl From<WrongType> for Diagnostic {
    fn from(found: WrongType) -> Self {
        let article = if found.found.starts_with(['a', 'i']) { "an" } else { "a" };
        let what = format!("{article} {}", found.found);
        Self::new(code::WRONG_TYPE, format!("{} must be {}, not {what}", quoted(&found.key), found.expected))
            .label(Label::primary(found.span, what))
    }
}

/// A value of the right type that still cannot be used.
pub(super) struct WrongValue {
    pub(super) key: String,
    pub(super) found: String,
    /// What it may be: `one of …`, `a version such as …`.
    pub(super) expected: String,
    pub(super) meant: Option<String>,
    pub(super) span: Span,
}

impl From<WrongValue> for Diagnostic {
    fn from(found: WrongValue) -> Self {
        let text = match &found.meant {
            Some(meant) => format!("did you mean {}?", quoted(meant)),
            None => format!("must be {}", found.expected),
        };
        let diagnostic = Self::new(
            code::WRONG_VALUE,
            format!("{} cannot be {}", quoted(&found.key), quoted(&found.found)),
        )
        .label(Label::primary(found.span, text));
        match found.meant {
            Some(_) => diagnostic.note(format!("it must be {}", found.expected)),
            None => diagnostic,
        }
    }
}
