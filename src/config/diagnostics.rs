//! The mistakes that a manifest or a policy file can hold: facts, and the words for them.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::composition::NO_ESCAPES;
use crate::diag::{Code, Diagnostic, Label, closest, code, escape, quoted};
use crate::source::{SourceId, Span};

/// The text is not TOML.
pub(super) struct Malformed {
    pub(super) message: String,
    pub(super) span: Span,
}

impl From<Malformed> for Diagnostic {
    fn from(found: Malformed) -> Self {
        let message = escape(&found.message);
        let text = match found.message.as_str() {
            "duplicate key" => "this table has the same key before",
            _ => "reading stopped making sense here",
        };
        let diagnostic = Self::new(code::MALFORMED, format!("this is not TOML: {message}"))
            .label(Label::primary(found.span, text));
        match found.message.starts_with("missing escaped value") {
            true => diagnostic.help(format!("for a path: {NO_ESCAPES}")),
            false => diagnostic,
        }
    }
}

/// The keys of a composition stand under `[composition]`, without a name.
pub(super) struct NamelessComposition {
    /// The first of them.
    pub(super) key: String,
    pub(super) span: Span,
}

impl From<NamelessComposition> for Diagnostic {
    fn from(found: NamelessComposition) -> Self {
        Self::new(code::NO_COMPOSITION, "this composition has no name")
            .label(Label::primary(
                found.span,
                format!("is a key of a composition, not the name of one: {}", quoted(&found.key)),
            ))
            .help("name it after what it is for: `[composition.NAME]` instead of `[composition]`")
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
        let value = if found.found.is_empty() { "empty".to_owned() } else { quoted(&found.found) };
        let diagnostic = Self::new(code::WRONG_VALUE, format!("{} cannot be {value}", quoted(&found.key)))
            .label(Label::primary(found.span, text));
        match found.meant {
            Some(_) => diagnostic.note(format!("it must be {}", found.expected)),
            None => diagnostic,
        }
    }
}

/// The file system would not give a manifest or a policy file.
pub(super) struct UnreadableFile {
    pub(super) path: PathBuf,
    pub(super) error: std::io::Error,
    pub(super) source: SourceId,
}

impl From<UnreadableFile> for Diagnostic {
    fn from(found: UnreadableFile) -> Self {
        let path = quoted(&found.path.to_string_lossy());
        let reason = unreadable(&found.error);
        Self::new(code::UNREADABLE_FILE, format!("{path} cannot be read: {reason}"))
            .label(Label::primary(Span::start_of(found.source), "needed here"))
    }
}

/// Why a file cannot be read, in words.
pub(super) fn unreadable(error: &std::io::Error) -> String {
    let kind = error.kind();
    if kind == ErrorKind::NotFound {
        "there is no such file".to_owned()
    } else if kind == ErrorKind::PermissionDenied {
        "you may not read it".to_owned()
    } else {
        escape(&error.to_string())
    }
}

/// A manifest or a policy file is not text.
pub(super) struct NotUtf8 {
    pub(super) path: PathBuf,
    pub(super) span: Span,
}

impl From<NotUtf8> for Diagnostic {
    fn from(found: NotUtf8) -> Self {
        let path = quoted(&found.path.to_string_lossy());
        Self::new(code::NOT_UTF8, format!("{path} is not UTF-8 text"))
            .label(Label::primary(found.span, "these bytes are no character of UTF-8"))
            .help("save the file as UTF-8")
    }
}

/// `[levels]` names a code that does not exist.
pub(super) struct UnknownCode {
    pub(super) name: String,
    pub(super) meant: Option<&'static str>,
    pub(super) span: Span,
}

impl From<UnknownCode> for Diagnostic {
    fn from(found: UnknownCode) -> Self {
        let text = match found.meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "no diagnostic has this code".to_owned(),
        };
        Self::new(code::UNKNOWN_CODE, format!("there is no code {}", quoted(&found.name)))
            .label(Label::primary(found.span, text))
            .help("write the code as a report shows it, such as `\"check/unused-component\"`")
    }
}

/// `[levels]` gives a level to an error.
pub(super) struct FixedLevel {
    pub(super) code: Code,
    pub(super) span: Span,
}

impl From<FixedLevel> for Diagnostic {
    fn from(found: FixedLevel) -> Self {
        Self::new(code::FIXED_LEVEL, format!("the level of `{}` cannot be changed", found.code))
            .label(Label::primary(found.span, "an error: what it is about would be wrong at any level"))
            .help(format!("take this line out; `witc explain {}` says how to fix its cause", found.code))
    }
}

/// Two compositions are written to one file.
pub(super) struct SharedOutput {
    pub(super) output: PathBuf,
    pub(super) compositions: [String; 2],
    pub(super) spans: [Span; 2],
}

impl From<SharedOutput> for Diagnostic {
    fn from(found: SharedOutput) -> Self {
        let [first, second] = found.compositions.each_ref().map(|name| quoted(name));
        let [first_span, second_span] = found.spans;
        let output = quoted(&found.output.to_string_lossy());
        Self::new(code::SHARED_OUTPUT, format!("{first} and {second} are both written to {output}"))
            .label(Label::primary(second_span, format!("the output of {second}")))
            .label(Label::secondary(first_span, format!("the output of {first}")))
            .help("give one of them another `output`")
    }
}

/// The command line names a composition that the manifest does not have.
pub(super) struct UnknownComposition {
    pub(super) name: String,
    pub(super) meant: Option<String>,
    /// The compositions that there are, as a sentence lists them.
    pub(super) known: String,
    pub(super) manifest: PathBuf,
    pub(super) span: Span,
}

impl From<UnknownComposition> for Diagnostic {
    fn from(found: UnknownComposition) -> Self {
        let text = match found.meant {
            Some(meant) => format!("did you mean {}?", quoted(&meant)),
            None => "no composition has this name".to_owned(),
        };
        let manifest = quoted(&found.manifest.to_string_lossy());
        Self::new(code::UNKNOWN_COMPOSITION, format!("there is no composition {}", quoted(&found.name)))
            .label(Label::primary(found.span, text))
            .note(format!("the compositions of {manifest} are {}", found.known))
    }
}

/// A manifest has no composition, where one is needed.
pub(super) struct NoComposition {
    pub(super) manifest: PathBuf,
    pub(super) source: SourceId,
}

impl From<NoComposition> for Diagnostic {
    fn from(found: NoComposition) -> Self {
        let manifest = quoted(&found.manifest.to_string_lossy());
        Self::new(code::NO_COMPOSITION, format!("{manifest} has no composition"))
            .label(Label::primary(Span::start_of(found.source), "there is no table `[composition.NAME]`"))
            .help(
                "add one:\n[composition.payments]\ncomponents = [\"processor.wasm\", \"http-adapter.wasm\"]",
            )
    }
}

/// A flag that is about one composition, in a run with several.
pub(super) struct AmbiguousFlag {
    pub(super) flags: Vec<&'static str>,
    /// The compositions of the run, as a sentence lists them.
    pub(super) compositions: String,
    pub(super) span: Span,
}

impl From<AmbiguousFlag> for Diagnostic {
    fn from(found: AmbiguousFlag) -> Self {
        let flags = format!("`{}`", found.flags.join("` and `"));
        let are = if found.flags.len() == 1 { "is" } else { "are" };
        Self::new(code::AMBIGUOUS_FLAG, format!("{flags} {are} about one composition, and there are several"))
            .label(Label::primary(found.span, "which composition is meant?"))
            .note(format!("the compositions are {}", found.compositions))
            .help("choose one: `-c NAME`")
    }
}
