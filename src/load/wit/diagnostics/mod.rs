//! What can be wrong with WIT, as facts; one conversion each adds the words.
//!
//! Differs from `load/diagnostics.rs`: that is about inputs as a whole, this about what stands in a WIT text.

mod unknown;

use semver::Version;

use super::package::PackageName;
use crate::diag::{Diagnostic, Label, code, escape, list, quoted};
use crate::load::binaries::name_them;
use crate::source::{SourceId, Span};

pub(super) use unknown::{
    NoSuchWorld, SeveralWorlds, UnknownInterface, UnknownName, UnknownPackage, UnknownVersion, UnknownWorld,
};

/// A file or folder without any WIT.
pub(super) struct EmptyPackage {
    pub(super) source: SourceId,
    pub(super) name: String,
    pub(super) kind: Empty,
}

/// What holds no WIT.
pub(super) enum Empty {
    /// A file that says nothing.
    File,
    /// A folder without a `.wit` file.
    Folder {
        /// The folders in it that have some.
        with_wit: Vec<String>,
        /// The binaries in it, as [`binaries_in`](crate::load::binaries::binaries_in) names them.
        binaries: Vec<String>,
    },
}

impl From<EmptyPackage> for Diagnostic {
    fn from(it: EmptyPackage) -> Self {
        let (what, mut helps) = match &it.kind {
            Empty::File => {
                ("says nothing", vec!["begin it with a line such as `package my:app;`".to_owned()])
            }
            Empty::Folder { with_wit, binaries } => {
                let with_wit: Vec<String> = with_wit.iter().map(|folder| quoted(folder)).collect();
                let wit = (!with_wit.is_empty()).then(|| format!("name the WIT in it: {}", list(&with_wit)));
                ("no file in it ends in `.wit`", wit.into_iter().chain(name_them(binaries)).collect())
            }
        };
        if helps.is_empty() {
            helps.push("name the folder that holds the `.wit` files".to_owned());
        }
        let diagnostic = Self::new(code::EMPTY_PACKAGE, format!("{} holds no WIT", quoted(&it.name)))
            .label(Label::primary(Span::start_of(it.source), what));
        helps.into_iter().fold(diagnostic, Self::help)
    }
}

/// A WIT file that is not text in UTF-8.
pub(super) struct WitNotUtf8 {
    pub(super) source: SourceId,
    pub(super) name: String,
    /// Where the first byte is that is wrong.
    pub(super) at: usize,
    /// The first bytes of the file.
    pub(super) start: Vec<u8>,
}

impl From<WitNotUtf8> for Diagnostic {
    fn from(it: WitNotUtf8) -> Self {
        let diagnostic = Self::new(code::WIT_NOT_UTF8, format!("{} is not text in UTF-8", quoted(&it.name)))
            .label(Label::primary(Span::new(it.source, it.at, it.at), "the first byte that is not"))
            .note(format!("found at byte {} ({:#x})", it.at, it.at));
        match it.start.as_slice() {
            start if is_wide(start) => diagnostic.note("it looks like UTF-16").help("save it as UTF-8"),
            b"\0asm" => diagnostic
                .note("it is WebAssembly, whatever its name says")
                .help("rename it, so that its name ends in `.wasm`"),
            _ => diagnostic.help("save it as UTF-8"),
        }
    }
}

/// Whether a file that starts so looks like UTF-16, in one order of bytes or the other.
pub(super) fn is_wide(start: &[u8]) -> bool {
    matches!(start, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [_, 0, _, 0, ..] | [0, _, 0, _, ..])
}

/// A binary where an encoded WIT package is wanted.
pub(super) struct NotWitPackage {
    pub(super) span: Span,
    /// The name of the file, quoted.
    pub(super) name: String,
    /// What it is instead, or why it cannot be read.
    pub(super) reason: String,
}

impl From<NotWitPackage> for Diagnostic {
    fn from(it: NotWitPackage) -> Self {
        Self::new(code::NOT_WIT_PACKAGE, format!("{} is not a WIT package in binary form", it.name))
            .label(Label::primary(it.span, escape(&it.reason)))
            .help("put the package there as `.wit` files, or as what `wasm-tools component wit --wasm` makes of them")
    }
}

/// More WIT than witc reads.
pub(super) struct WitTooLarge {
    pub(super) source: SourceId,
    pub(super) name: String,
    /// The most that is read, in bytes.
    pub(super) limit: u64,
}

impl From<WitTooLarge> for Diagnostic {
    fn from(it: WitTooLarge) -> Self {
        let limit = it.limit >> 20;
        Self::new(code::WIT_TOO_LARGE, format!("{} is too large to be read as WIT", quoted(&it.name)))
            .label(Label::primary(Span::start_of(it.source), "not read to its end"))
            .note(format!("one input may have {limit} MiB of WIT, with all that lies in its folders"))
            .help("check that the path leads to WIT")
    }
}

/// A character that must not stand in WIT, because it hides what a reader would see.
pub(super) struct ForbiddenCharacter {
    pub(super) span: Span,
    pub(super) character: char,
}

impl From<ForbiddenCharacter> for Diagnostic {
    fn from(it: ForbiddenCharacter) -> Self {
        let name = format!("U+{:04X}", u32::from(it.character));
        Self::new(code::FORBIDDEN_CHARACTER, format!("the character {name} must not stand in WIT"))
            .label(Label::primary(it.span, "cannot be seen, or hides what is there"))
            .help("delete it; other tools refuse the file too")
    }
}

/// A text that is not WIT.
pub(super) struct WitSyntax {
    pub(super) span: Span,
    /// What was expected, and what is there.
    pub(super) message: String,
    /// What this place is, if there is more to say than that it is here.
    pub(super) label: Option<String>,
    /// The line as it was probably meant.
    pub(super) line: Option<String>,
}

impl From<WitSyntax> for Diagnostic {
    fn from(it: WitSyntax) -> Self {
        let label = it.label.unwrap_or_else(|| "here".to_owned());
        let diagnostic =
            Self::new(code::WIT_SYNTAX, escape(&it.message)).label(Label::primary(it.span, escape(&label)));
        match it.line {
            Some(line) => diagnostic.help(format!("write {}", quoted(&line))),
            None => diagnostic,
        }
    }
}

/// Something that is WIT, and that WIT forbids.
pub(super) struct WitSemantics {
    pub(super) span: Span,
    /// The words of wit-parser.
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl From<WitSemantics> for Diagnostic {
    fn from(it: WitSemantics) -> Self {
        let diagnostic =
            Self::new(code::WIT_SEMANTICS, escape(&it.message)).label(Label::primary(it.span, "here"));
        match it.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// Something that is used, and stands behind a gate that is not open.
pub(super) struct ClosedGate {
    pub(super) span: Span,
    /// What it is: a type, an interface, a world; with its name, if that is known.
    pub(super) what: String,
    /// The gates that are not open.
    pub(super) gates: Vec<String>,
}

impl From<ClosedGate> for Diagnostic {
    fn from(it: ClosedGate) -> Self {
        let gates: Vec<_> = it.gates.iter().map(|gate| format!("`--features {}`", escape(gate))).collect();
        Self::new(code::CLOSED_GATE, format!("{} stands behind a closed gate", escape(&it.what)))
            .label(Label::primary(it.span, "needs it"))
            .help(match gates.as_slice() {
                [] => "open all gates with `--all-features`".to_owned(),
                _ => format!("open its gate with {}, or all gates with `--all-features`", gates.join(" or ")),
            })
            .help("or put what needs it behind the same gate: `@unstable(feature = …)`")
    }
}

/// A name that is given twice.
pub(super) struct DuplicateName {
    pub(super) span: Span,
    pub(super) name: String,
    /// The other place, and what is called so there.
    pub(super) first: Option<(Span, String)>,
}

impl From<DuplicateName> for Diagnostic {
    fn from(it: DuplicateName) -> Self {
        let diagnostic =
            Self::new(code::DUPLICATE_NAME, format!("the name {} is given twice", quoted(&it.name)))
                .label(Label::primary(it.span, "the second time"));
        let Some((span, first)) = it.first else { return diagnostic };
        let same = first == it.name;
        let diagnostic = diagnostic.label(Label::secondary(span, "the first time"));
        if same {
            diagnostic
        } else {
            diagnostic.note("names that differ only in case and hyphens are one name in WIT")
        }
    }
}

/// Two packages of one name.
pub(super) struct DuplicatePackage {
    pub(super) span: Span,
    pub(super) name: PackageName,
    pub(super) first: Span,
}

impl From<DuplicatePackage> for Diagnostic {
    fn from(it: DuplicatePackage) -> Self {
        Self::new(
            code::DUPLICATE_PACKAGE,
            format!("the package {} is there twice", quoted(&it.name.to_string())),
        )
        .label(Label::primary(it.span, "the second one"))
        .label(Label::secondary(it.first, "the first one"))
        .help("delete one of the two, or give one another name")
    }
}

/// Files of one folder that are of different packages.
pub(super) struct MixedPackages {
    pub(super) span: Span,
    pub(super) name: PackageName,
    pub(super) first: Span,
    pub(super) first_name: PackageName,
}

impl From<MixedPackages> for Diagnostic {
    fn from(it: MixedPackages) -> Self {
        let (name, first) = (it.name.to_string(), it.first_name.to_string());
        Self::new(code::MIXED_PACKAGES, "the files of a folder are of one package, and here are two")
            .label(Label::primary(it.span, format!("this file is of {}", quoted(&name))))
            .label(Label::secondary(it.first, format!("this one is of {}", quoted(&first))))
            .help("move one of the files into a folder of its own below `deps`")
    }
}

/// No file says which package it is of.
pub(super) struct NoPackageName {
    pub(super) source: SourceId,
}

impl From<NoPackageName> for Diagnostic {
    fn from(it: NoPackageName) -> Self {
        Self::new(code::NO_PACKAGE_NAME, "the package has no name")
            .label(Label::primary(Span::start_of(it.source), "a `package` line belongs here"))
            .help("begin the file with a line such as `package my:app;`")
    }
}

/// Something that depends on itself.
pub(super) struct WitCycle {
    /// What goes round: `type`, `interface` or `package`.
    pub(super) noun: &'static str,
    /// The way round: each name with the place where the one before it mentions it; at least one.
    pub(super) steps: Vec<(String, Span)>,
}

impl From<WitCycle> for Diagnostic {
    fn from(it: WitCycle) -> Self {
        let names: Vec<_> = it.steps.iter().map(|(name, _)| quoted(name)).collect();
        let last = names.last().map_or("", String::as_str);
        let way = format!("{last} needs {}", names.join(", which needs "));
        let mut diagnostic = Self::new(code::WIT_CYCLE, format!("the {} {last} needs itself", it.noun));
        for (index, (name, span)) in it.steps.iter().enumerate() {
            let text = format!("needs {}", quoted(name));
            diagnostic = diagnostic.label(match index {
                0 => Label::primary(*span, text),
                _ => Label::secondary(*span, text),
            });
        }
        match it.noun {
            "type" => {
                diagnostic.note(way).help("a value of WIT cannot hold itself: use an index, or a resource")
            }
            _ => diagnostic.note(way).help("move what both need into one of its own"),
        }
    }
}

/// A path without a version into a package of WASI.
pub(super) struct UnversionedBuiltIn {
    pub(super) span: Span,
    /// The interface or world as it is written.
    pub(super) written: String,
    pub(super) chosen: Version,
    /// Whether the version is the one in the user's folder.
    pub(super) is_own: bool,
    /// The statement with the version in it.
    pub(super) line: String,
}

impl From<UnversionedBuiltIn> for Diagnostic {
    fn from(it: UnversionedBuiltIn) -> Self {
        let origin = if it.is_own { "the one in this folder" } else { "the newest built-in one that has it" };
        Self::new(code::UNVERSIONED_BUILTIN, format!("{} is used without a version", quoted(&it.written)))
            .label(Label::primary(it.span, format!("taken as version {}", it.chosen)))
            .note(format!("version {} is {origin}; other tools find nothing under this name", it.chosen))
            .help(format!("write `{}`", escape(&it.line)))
    }
}

/// A version of WASI that is newer than the WIT that witc carries.
pub(super) struct NewerThanBuiltIn {
    pub(super) span: Span,
    pub(super) asked: PackageName,
    pub(super) built_in: Version,
}

impl From<NewerThanBuiltIn> for Diagnostic {
    fn from(it: NewerThanBuiltIn) -> Self {
        let asked = it.asked.to_string();
        Self::new(code::NEWER_THAN_BUILTIN, format!("{} is newer than what witc carries", quoted(&asked)))
            .label(Label::primary(it.span, format!("taken as what {} holds", it.built_in)))
            .note("a newer version of a track only adds: what it adds is not known here")
            .help("name the WIT of that version with `--wit PATH`, if you use what it adds")
    }
}
