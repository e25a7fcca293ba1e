//! Puts a mistake into a diagnostic, with as much as its surroundings tell.
//!
//! Differs from `mistakes.rs`: that finds mistakes, this says which one it was.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::cycle;
use super::diagnostics::{DuplicateName, UnknownName, WitSemantics, WitSyntax};
use super::oracle::{Mistake, MistakeKind};
use super::outline::{Node, NodeKind, plain};
use super::package::WitFile;
use super::repair::{self, Repair};
use super::token::is_word;
use crate::diag::{Diagnostic, Patience, closest};
use crate::load::diagnostics::InternalParserFailure;
use crate::source::Span;

/// A mistake in words, as much as its surroundings tell.
pub(super) fn describe(
    file: &WitFile,
    package: &Beside<'_>,
    mistake: &Mistake,
    parents: &[&Node],
    node: &Node,
    types: &BTreeMap<&str, bool>,
) -> Diagnostic {
    let span = file.span(&whole_word(file, &mistake.place));
    let scope = parents.iter().rev().find(|parent| !parent.is_type());
    match &mistake.kind {
        MistakeKind::Syntax(_) if is_second_header(file, node) => {
            let message = "a second package in a file must stand in braces".to_owned();
            let label =
                Some("write `package NAME { … }`, with its interfaces and worlds between the braces".into());
            WitSyntax { span, message, label, line: None }.into()
        }
        MistakeKind::Syntax(message) => {
            let label = closest_keyword(file, &mistake.place).map(|word| format!("did you mean `{word}`?"));
            let plain = WitSyntax { span, message: readable(message), label, line: None };
            match &mistake.repair {
                Some((repair, line)) => repaired(file, plain, repair, line).into(),
                None => plain.into(),
            }
        }
        MistakeKind::Semantics(message) | MistakeKind::Hidden(message) => {
            WitSemantics { span, message: readable(message), help: None }.into()
        }
        MistakeKind::UnknownType(name) | MistakeKind::UnknownItem(name) => {
            let children = scope.map_or(&[][..], |scope| scope.children());
            let is_function = children.iter().any(|child| {
                child.kind == NodeKind::Function && child.name.as_ref().is_some_and(|it| it.text == *name)
            });
            let candidates = types.keys().copied().chain(BUILT_IN_TYPES.iter().copied());
            UnknownName {
                span,
                name: name.clone(),
                within: scope.map_or_else(|| "this file".to_owned(), |scope| noun(scope)),
                meant: repair::in_wit(name)
                    .or_else(|| package.patience.closest(name, candidates))
                    .map(str::to_owned),
                is_function,
                elsewhere: package.interface_with(name),
            }
            .into()
        }
        MistakeKind::Duplicate { name, other } => {
            let first = first_mention(file, node, mistake);
            let name = bare(name).to_owned();
            let in_scope = || first_in_scope(file, scope.copied(), bare(other.as_ref()?), span);
            DuplicateName { span, name, first: first.or_else(in_scope) }.into()
        }
        MistakeKind::Cycle(name) => cycle::describe(file, package.files, parents, node, name, span),
        MistakeKind::Panicked(panic) => {
            let name = file.name.clone();
            InternalParserFailure { span, name, doing: "reading the WIT", panic: panic.clone() }.into()
        }
    }
}

/// A mistake of which it is known what was probably meant.
fn repaired(file: &WitFile, plain: WitSyntax, repair: &Repair, line: &str) -> WitSyntax {
    let (old, new) = (file.text[repair.range.clone()].trim(), repair.text.trim());
    let label = if old.is_empty() {
        format!("`{new}` is missing here")
    } else if new.is_empty() {
        format!("`{old}` has no meaning here")
    } else if new == format!("%{old}") {
        format!("a keyword of WIT; as a name it is written `{new}`")
    } else {
        format!("did you mean `{new}`?")
    };
    let is_misspelt = repair::kebab(old).is_some();
    let message = if is_misspelt { format!("`{old}` is not in kebab-case") } else { plain.message };
    let line = Some(line.to_owned()).filter(|line| !line.is_empty());
    WitSyntax { span: file.span(&repair.range), message, label: Some(label), line }
}

fn is_second_header(file: &WitFile, node: &Node) -> bool {
    let first = file.outline.nodes.iter().find(|it| it.kind == NodeKind::Header);
    node.kind == NodeKind::Header && first.is_some_and(|first| first.range != node.range)
}

/// wit-parser writes single quotes where witc writes backticks.
fn readable(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    message.replace('\'', "`").replace("found eof", "found the end of the file")
}

/// What a scope is called in a message: `interface types`.
pub(super) fn noun(scope: &Node) -> String {
    let kind = if scope.kind == NodeKind::World {
        "the world"
    } else if matches!(scope.kind, NodeKind::Interface | NodeKind::Import | NodeKind::Export) {
        "the interface"
    } else {
        "the package"
    };
    match &scope.name {
        Some(name) => format!("{kind} `{}`", name.text),
        None => kind.to_owned(),
    }
}

/// What the package has beside the piece in which a mistake is.
pub(super) struct Beside<'a> {
    files: &'a [WitFile],
    /// The first interface that has a type of a name, by the name; made when it is first asked for.
    homes: OnceCell<BTreeMap<&'a str, &'a str>>,
    /// How long names are looked for that others may have been meant for.
    pub(super) patience: Patience,
}

impl<'a> Beside<'a> {
    pub(super) fn new(files: &'a [WitFile]) -> Self {
        Self { files, homes: OnceCell::new(), patience: Patience::default() }
    }

    /// An interface of the package that has a type of this name.
    fn interface_with(&self, name: &str) -> Option<String> {
        self.homes.get_or_init(|| self.homes()).get(name).map(|interface| (*interface).to_owned())
    }

    fn homes(&self) -> BTreeMap<&'a str, &'a str> {
        let mut homes = BTreeMap::new();
        let nodes = self.files.iter().flat_map(|file| &file.outline.nodes);
        for interface in nodes.filter(|node| node.kind == NodeKind::Interface) {
            let Some(own) = &interface.name else { continue };
            for defined in interface.children().iter().filter(|child| child.is_type()) {
                if let Some(name) = &defined.name {
                    homes.entry(name.text.as_str()).or_insert(own.text.as_str());
                }
            }
        }
        homes
    }
}

/// The name within `[method][get]resource.name`.
fn bare(name: &str) -> &str {
    let name = name.rsplit(']').next().unwrap_or_default();
    name.rsplit('.').next().unwrap_or_default()
}

/// Where a name stands in a scope or in one of its resources, other than at `not`.
fn first_in_scope(file: &WitFile, scope: Option<&Node>, name: &str, not: Span) -> Option<(Span, String)> {
    let children = scope?.children().iter();
    let mut nodes = children.flat_map(|child| std::iter::once(child).chain(child.children()));
    let place = nodes.find_map(|node| {
        let found = node.name.as_ref().filter(|it| it.text == name)?;
        Some(file.span(&found.range)).filter(|span| *span != not)
    });
    Some((place?, name.to_owned()))
}

/// The first of two equal names within a piece: a parameter, a name between braces.
fn first_mention(file: &WitFile, node: &Node, mistake: &Mistake) -> Option<(Span, String)> {
    let name = plain(file.text.get(mistake.place.clone())?);
    let earlier = node.words.iter().filter(|range| range.end <= mistake.place.start);
    let mut equal = earlier.filter(|range| plain(&file.text[(*range).clone()]).eq_ignore_ascii_case(name));
    let first = equal.next()?;
    Some((file.span(first), plain(&file.text[first.clone()]).to_owned()))
}

/// The types that every scope has.
pub(super) const BUILT_IN_TYPES: [&str; 23] = [
    "bool",
    "s8",
    "u8",
    "s16",
    "u16",
    "s32",
    "u32",
    "s64",
    "u64",
    "f32",
    "f64",
    "char",
    "string",
    "list",
    "map",
    "option",
    "result",
    "tuple",
    "future",
    "stream",
    "own",
    "borrow",
    "error-context",
];

/// The words that mean something where they stand.
pub(super) const KEYWORDS: [&str; 24] = [
    "as",
    "async",
    "constructor",
    "enum",
    "export",
    "flags",
    "from",
    "func",
    "import",
    "include",
    "interface",
    "package",
    "record",
    "resource",
    "static",
    "type",
    "use",
    "variant",
    "with",
    "world",
    "since",
    "unstable",
    "deprecated",
    "external-id",
];

/// A place of one character, widened to the word that begins there.
fn whole_word(file: &WitFile, place: &Range<usize>) -> Range<usize> {
    let rest = file.text.get(place.start..).unwrap_or_default();
    let length = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
    if place.is_empty() { place.clone() } else { place.start..place.end.max(place.start + length) }
}

/// The keyword that a word may have been meant for.
fn closest_keyword(file: &WitFile, place: &Range<usize>) -> Option<&'static str> {
    let rest = file.text.get(place.start..)?;
    let word = &rest[..rest.find(|character| !is_word(character)).unwrap_or(rest.len())];
    if KEYWORDS.contains(&word) { None } else { closest(word, KEYWORDS) }
}
