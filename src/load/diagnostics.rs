//! What can be wrong with an input, as facts; one conversion each adds the words.

use std::io;

use super::binaries::name_them;
use super::contain::Panic;
use super::detect::Format;
use crate::diag::{Diagnostic, Label, code, escape, exact_size, quoted, shell_word};
use crate::source::{SourceId, Span};

/// Why an input cannot be loaded: found on any thread, before the input has a source to point at.
#[derive(Debug)]
pub(super) enum Fault {
    Unreadable(io::Error),
    NotWebassembly(NotWebassembly),
    NotAComponent(NotAComponent),
    UnsupportedVersion(UnsupportedVersion),
    Truncated(Truncated),
    InvalidBinary(InvalidBinary),
    InvalidWat(InvalidWat),
    PlainCoreModule(PlainCoreModule),
    CannotComponentise(CannotComponentise),
    TooLargeSurface(TooLargeSurface),
    /// A crate panicked.
    Panicked(Panic),
}

impl Fault {
    /// The same, of an input that is a text or is not.
    pub(super) fn in_text(mut self, from_text: bool) -> Self {
        if let Self::InvalidBinary(invalid) = &mut self {
            invalid.from_text = from_text;
        }
        self
    }
}

/// A fault, and the input that has it.
pub(super) struct At<F> {
    pub(super) source: SourceId,
    /// The name that reports show.
    pub(super) name: String,
    pub(super) fault: F,
}

impl From<At<Fault>> for Diagnostic {
    fn from(At { source, name, fault }: At<Fault>) -> Self {
        match fault {
            Fault::Unreadable(fault) => At { source, name, fault }.into(),
            Fault::NotWebassembly(fault) => At { source, name, fault }.into(),
            Fault::NotAComponent(fault) => At { source, name, fault }.into(),
            Fault::UnsupportedVersion(fault) => At { source, name, fault }.into(),
            Fault::Truncated(fault) => At { source, name, fault }.into(),
            Fault::InvalidBinary(fault) => At { source, name, fault }.into(),
            Fault::InvalidWat(fault) => At { source, name, fault }.into(),
            Fault::PlainCoreModule(fault) => At { source, name, fault }.into(),
            Fault::CannotComponentise(fault) => At { source, name, fault }.into(),
            Fault::TooLargeSurface(fault) => At { source, name, fault }.into(),
            Fault::Panicked(panic) => {
                let span = Span::start_of(source);
                InternalParserFailure { span, name, doing: "the reading", panic }.into()
            }
        }
    }
}

impl<F> At<F> {
    /// The name as reports show it.
    fn quoted(&self) -> String {
        quoted(&self.name)
    }

    /// A label on the whole input: a binary has no lines to point at.
    fn label(&self, text: impl Into<String>) -> Label {
        Label::primary(Span::start_of(self.source), text)
    }
}

impl From<At<io::Error>> for Diagnostic {
    fn from(it: At<io::Error>) -> Self {
        let diagnostic = Self::new(code::UNREADABLE, format!("{} cannot be read", it.quoted()));
        // The commonest two in our own words: those of the system differ from one to the next.
        let reason = if it.fault.kind() == io::ErrorKind::NotFound {
            "there is no such file or folder".to_owned()
        } else if it.fault.kind() == io::ErrorKind::PermissionDenied {
            "you have no permission to read it".to_owned()
        } else {
            let reason = escape(&it.fault.to_string());
            reason.split(" (os error").next().unwrap_or_default().to_owned()
        };
        diagnostic.label(it.label(reason))
    }
}

/// The input is no WebAssembly at all.
#[derive(Debug)]
pub(super) struct NotWebassembly {
    /// What it is, as far as its first bytes tell.
    pub(super) format: Format,
    /// Its first bytes.
    pub(super) start: Vec<u8>,
}

impl From<At<NotWebassembly>> for Diagnostic {
    fn from(it: At<NotWebassembly>) -> Self {
        let (is, help) = match it.fault.format {
            Format::Empty => ("it is empty".to_owned(), Some("build it again, or fetch it again")),
            Format::Foreign(foreign) => (format!("it {}", foreign.predicate), foreign.help),
            Format::WasmText => {
                let help = "name it `.wat`, or assemble it: `wasm-tools parse FILE.wat -o FILE.wasm`";
                ("it is WebAssembly in the text format".to_owned(), Some(help))
            }
            Format::Text => {
                let help = "give the component itself; if it is WIT, name it `.wit`";
                ("it is text".to_owned(), Some(help))
            }
            Format::Component
            | Format::CoreModule
            | Format::OtherVersion { .. }
            | Format::CutHeader
            | Format::Unknown => ("its format is unknown".to_owned(), None),
        };
        let message = format!("{} is not a WebAssembly binary", it.quoted());
        let mut diagnostic = Self::new(code::NOT_WEBASSEMBLY, message).label(it.label(is));
        if it.fault.format == Format::Unknown {
            let start: Vec<String> =
                it.fault.start.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            let expected = "a WebAssembly binary starts with the bytes `00 61 73 6d`";
            diagnostic = diagnostic.note(format!("{expected}, this file with `{}`", start.join(" ")));
        }
        let file = if it.name == "<stdin>" { "FILE".to_owned() } else { shell_word(&it.name) };
        diagnostic.help.extend(help.map(|help| help.replace("{file}", &file)));
        diagnostic
    }
}

/// The input is WIT, or a folder, where only a component will do.
#[derive(Debug)]
pub(super) enum NotAComponent {
    /// A text of WIT.
    WitText,
    /// A WIT package in binary form.
    WitPackage,
    /// A folder, and the binaries in it.
    Folder(Vec<String>),
}

impl From<At<NotAComponent>> for Diagnostic {
    fn from(it: At<NotAComponent>) -> Self {
        let (is, help) = match &it.fault {
            NotAComponent::WitText => (
                "it is WIT",
                "give a component that was built for this WIT; `witc check` looks at the WIT itself"
                    .to_owned(),
            ),
            NotAComponent::WitPackage => (
                "it is a WIT package in binary form: it describes worlds and has no code",
                "give a component that was built for one of its worlds".to_owned(),
            ),
            NotAComponent::Folder(binaries) => {
                let help = name_them(binaries);
                ("it is a folder", help.unwrap_or("name a component: a `.wasm` or `.wat` file".to_owned()))
            }
        };
        Self::new(code::NOT_A_COMPONENT, format!("{} is not a component", it.quoted()))
            .label(it.label(is))
            .help(help)
    }
}

/// WebAssembly of another version, or in another layer.
#[derive(Debug)]
pub(super) struct UnsupportedVersion {
    pub(super) version: u16,
    pub(super) layer: u16,
}

impl From<At<UnsupportedVersion>> for Diagnostic {
    fn from(it: At<UnsupportedVersion>) -> Self {
        let UnsupportedVersion { version, layer } = it.fault;
        let is = match layer {
            0 => format!("a core module in version {version}"),
            1 => format!("a component in version {version}"),
            _ => format!("layer {layer}, version {version}"),
        };
        let help = match (layer, version) {
            (1, ..13) => "it was made before the format was settled: build it again with current tools",
            _ => "if newer tools made it, use a newer witc",
        };
        let message = format!("{} is WebAssembly in a version that witc does not know", it.quoted());
        Self::new(code::UNSUPPORTED_VERSION, message)
            .label(it.label(is))
            .note("witc reads core modules in version 1 and components in version 13")
            .help(help)
    }
}

/// A binary ends before its last section does.
#[derive(Debug)]
pub(super) struct Truncated {
    /// How many bytes there are.
    pub(super) actual: u64,
    /// How many there must be at least.
    pub(super) needed: u64,
}

impl From<At<Truncated>> for Diagnostic {
    fn from(it: At<Truncated>) -> Self {
        let (actual, needed) = (exact_size(it.fault.actual), exact_size(it.fault.needed));
        Self::new(code::TRUNCATED, format!("{} ends too early", it.quoted()))
            .label(it.label(format!("has {actual}, and its sections need at least {needed}")))
            .help("build it again, or fetch it again: a copy or a download did not finish")
    }
}

/// The validator refuses a binary.
#[derive(Debug)]
pub(super) struct InvalidBinary {
    /// The words of the validator.
    pub(super) message: String,
    /// Where in the binary: a 0-based byte offset.
    pub(super) offset: u64,
    /// What is around that byte, innermost last.
    pub(super) within: Vec<String>,
    /// Whether the input is a text, of which the binary was assembled.
    pub(super) from_text: bool,
}

impl From<At<InvalidBinary>> for Diagnostic {
    fn from(it: At<InvalidBinary>) -> Self {
        let InvalidBinary { message, offset, within, from_text } = &it.fault;
        let binary = if *from_text { "the assembled binary" } else { "the file" };
        let mut place = format!("found at byte {offset} ({offset:#x}) of {binary}");
        for piece in within.iter().rev() {
            place.push_str(&format!(", in {}", escape(piece)));
        }
        Self::new(code::INVALID_BINARY, format!("{} is not valid WebAssembly", it.quoted()))
            .label(it.label(lines_escaped(message)))
            .note(place)
            .help(match from_text {
                true => "correct the text: it can be assembled, but what it says is not allowed",
                false => {
                    "build it again; if it is not valid then either, it is a bug in the tool that made it"
                }
            })
    }
}

/// Text of a tool, in one line.
fn lines_escaped(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| escape(line.trim())).collect();
    lines.join(": ")
}

/// A text of WebAssembly that cannot be assembled.
#[derive(Debug)]
pub(super) struct InvalidWat {
    pub(super) message: String,
    /// Where in the text: a 0-based byte offset.
    pub(super) offset: usize,
}

impl From<At<InvalidWat>> for Diagnostic {
    fn from(it: At<InvalidWat>) -> Self {
        let span = Span::new(it.source, it.fault.offset, it.fault.offset);
        Self::new(code::INVALID_WAT, format!("{} is not valid WebAssembly text", it.quoted()))
            .label(Label::primary(span, lines_escaped(&it.fault.message)))
    }
}

/// A core module without metadata.
#[derive(Debug)]
pub(super) struct PlainCoreModule;

impl From<At<PlainCoreModule>> for Diagnostic {
    fn from(it: At<PlainCoreModule>) -> Self {
        let path = escape(&it.name).replace(['"', '\\'], "?");
        Self::new(code::PLAIN_CORE_MODULE, format!("{} is a core module, not a component", it.quoted()))
            .label(it.label("nothing in it says which WIT world it is for"))
            .note("a module that was built with bindings of `wit-bindgen` says so in a section `component-type`")
            .help("build it with `wit-bindgen`, or for a target that makes components, such as `wasm32-wasip2`")
            .help(format!(
                "or say in `witc.toml` which world it is for: \
                 `{{ path = \"{path}\", wit = \"wit\", world = \"WORLD\" }}`"
            ))
    }
}

/// A core module of which no component can be made.
#[derive(Debug)]
pub(super) struct CannotComponentise {
    /// Why, from the outermost reason to the innermost.
    pub(super) reasons: Vec<String>,
}

impl CannotComponentise {
    /// The encoder made something that does not validate.
    pub(super) fn not_valid() -> Self {
        Self { reasons: vec!["what the encoder made of it is not valid".to_owned()] }
    }
}

/// What the encoder says around every reason.
const SAYS_NOTHING: [&str; 2] = ["module was not valid", "failed to decode world from module"];

impl From<At<CannotComponentise>> for Diagnostic {
    fn from(it: At<CannotComponentise>) -> Self {
        let message = format!("no component can be made of the core module {}", it.quoted());
        let mut reasons = it.fault.reasons.iter().rev().map(|reason| lines_escaped(reason));
        let innermost = reasons.next().unwrap_or_else(|| "does not fit its world".to_owned());
        let diagnostic = Self::new(code::CANNOT_COMPONENTISE, message).label(it.label(innermost));
        let around: Vec<String> = reasons.filter(|reason| !SAYS_NOTHING.contains(&reason.as_str())).collect();
        let diagnostic = match around.as_slice() {
            [] => diagnostic,
            around => diagnostic.note(format!("the encoder says: {}", around.join("; "))),
        };
        diagnostic.help("build it again with bindings for exactly this world, with tools of one age")
    }
}

/// The imports and exports of a component are too many to take apart.
#[derive(Debug)]
pub(super) struct TooLargeSurface;

impl From<At<TooLargeSurface>> for Diagnostic {
    fn from(it: At<TooLargeSurface>) -> Self {
        Self::new(code::TOO_LARGE_SURFACE, format!("{} has too many imports and exports", it.quoted()))
            .label(it.label("written out, they take more than 32 MiB"))
            .note("types that are nested and shared can be small in a binary and very large written out")
            .help("export fewer items, or shallower types")
    }
}

/// The WIT of a component cannot be written down.
pub(super) struct UnprintableWit {
    pub(super) source: SourceId,
    pub(super) name: String,
    pub(super) reason: String,
}

impl From<UnprintableWit> for Diagnostic {
    fn from(it: UnprintableWit) -> Self {
        let message = format!("the imports and exports of {} cannot be written as WIT", quoted(&it.name));
        Self::new(code::UNPRINTABLE_WIT, message)
            .label(Label::primary(Span::start_of(it.source), it.reason))
            .note("what is shown instead is for reading only: tools cannot parse it")
    }
}

/// One input is named several times.
pub(super) struct RepeatedInput {
    pub(super) source: SourceId,
    pub(super) name: String,
}

impl From<RepeatedInput> for Diagnostic {
    fn from(it: RepeatedInput) -> Self {
        let message = format!("{} is given more than once and loaded once", quoted(&it.name));
        Self::new(code::REPEATED_INPUT, message)
            .label(Label::primary(Span::start_of(it.source), "the same path again"))
            .help("name it once; for several instances of it, write a `witc.toml` that names each")
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
