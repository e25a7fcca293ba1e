//! What can be wrong with an input, as facts; one conversion each adds the words.

use super::contain::Panic;
use super::detect::Format;
use super::validate::Invalid;
use crate::diag::{Diagnostic, Label, code, escape, quoted};
use crate::source::{SourceId, Span};

/// The file system would not give an input.
pub(super) struct Unreadable {
    pub(super) source: SourceId,
    pub(super) name: String,
    pub(super) reason: std::io::Error,
}

impl From<Unreadable> for Diagnostic {
    fn from(it: Unreadable) -> Self {
        let reason = match it.reason.kind() {
            std::io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
            std::io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
            _ => escape(&it.reason.to_string()),
        };
        Self::new(code::UNREADABLE, format!("{} cannot be read: {reason}", quoted(&it.name)))
            .label(Label::primary(Span::start_of(it.source), "asked for here"))
    }
}

/// A component was needed, and the input is no WebAssembly at all.
pub(super) struct NotWebassembly {
    pub(super) source: SourceId,
    pub(super) name: String,
    pub(super) format: Format,
}

impl From<NotWebassembly> for Diagnostic {
    fn from(it: NotWebassembly) -> Self {
        let (what, help) = match it.format {
            Format::Empty => ("it is empty", None),
            Format::Foreign(foreign) => (foreign.noun, foreign.help),
            Format::Text | Format::WasmText => ("it is text", None),
            Format::Component
            | Format::CoreModule
            | Format::OtherVersion { .. }
            | Format::CutHeader
            | Format::Unknown => ("it does not start with the bytes `\\0asm`", None),
        };
        let diagnostic = Self::new(code::NOT_WEBASSEMBLY, format!("{} is not WebAssembly", quoted(&it.name)))
            .label(Label::primary(Span::start_of(it.source), what));
        match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// The validator refuses a binary.
pub(super) struct InvalidBinary {
    pub(super) source: SourceId,
    pub(super) name: String,
    pub(super) invalid: Invalid,
}

impl From<InvalidBinary> for Diagnostic {
    fn from(it: InvalidBinary) -> Self {
        let message = format!("{} is not valid WebAssembly", quoted(&it.name));
        Self::new(code::INVALID_BINARY, message)
            .label(Label::primary(Span::start_of(it.source), escape(&it.invalid.message)))
            .note(format!("found at byte {} ({:#x})", it.invalid.offset, it.invalid.offset))
    }
}

/// A text of WebAssembly that cannot be assembled.
pub(super) struct InvalidWat {
    pub(super) source: SourceId,
    pub(super) name: String,
    pub(super) message: String,
    pub(super) offset: usize,
}

impl From<InvalidWat> for Diagnostic {
    fn from(it: InvalidWat) -> Self {
        let span = Span::new(it.source, it.offset, it.offset);
        Self::new(code::INVALID_WAT, format!("{} is not valid WebAssembly text", quoted(&it.name)))
            .label(Label::primary(span, escape(&it.message)))
    }
}

/// A core module without metadata.
pub(super) struct PlainCoreModule {
    pub(super) source: SourceId,
    pub(super) name: String,
}

impl From<PlainCoreModule> for Diagnostic {
    fn from(it: PlainCoreModule) -> Self {
        let message = format!("{} is a core module that does not say what WIT it is for", quoted(&it.name));
        Self::new(code::PLAIN_CORE_MODULE, message)
            .label(Label::primary(Span::start_of(it.source), "has no `component-type` section"))
            .help("build it with the bindings of `wit-bindgen`, which add that section")
            .help("or name its world in `witc.toml`: `{ path = \"…\", wit = \"…\", world = \"…\" }`")
    }
}

/// A core module of which no component can be made.
pub(super) struct CannotComponentise {
    pub(super) source: SourceId,
    pub(super) name: String,
    pub(super) reason: String,
}

impl From<CannotComponentise> for Diagnostic {
    fn from(it: CannotComponentise) -> Self {
        let message = format!("no component can be made of the core module {}", quoted(&it.name));
        Self::new(code::CANNOT_COMPONENTISE, message)
            .label(Label::primary(Span::start_of(it.source), "does not fit its world"))
            .note(escape(&it.reason))
    }
}

/// A crate panicked where it should have said what is wrong with an input.
pub(super) struct InternalParserFailure {
    /// The piece of the input that it was given.
    pub(super) span: Span,
    /// The name of the input.
    pub(super) name: String,
    /// What it was doing, such as `reading its WIT`.
    pub(super) doing: &'static str,
    pub(super) panic: Panic,
}

impl From<InternalParserFailure> for Diagnostic {
    fn from(it: InternalParserFailure) -> Self {
        let message = format!("witc failed at {} of {}", it.doing, quoted(&it.name));
        Self::new(code::INTERNAL_PARSER_FAILURE, message)
            .label(Label::primary(it.span, "while looking at this"))
            .note(format!("the parser stopped at {}: {}", escape(&it.panic.place), escape(&it.panic.message)))
            .help("this is a bug in witc: report it with the input and the note above")
    }
}
