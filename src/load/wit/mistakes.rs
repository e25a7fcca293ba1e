//! Finds every mistake in a package that wit-parser refuses, and takes each out, so that the rest can be looked at.
//!
//! Differs from `oracle.rs`: that judges one piece, this goes through all of them and says what is wrong in full.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::diagnostics::{
    DuplicateName, ForbiddenCharacter, MixedPackages, NoPackageName, UnknownName, WitSemantics, WitSyntax,
};
use super::oracle::{Mistake, MistakeKind, Surroundings, judge};
use super::outline::{Node, NodeKind, plain};
use super::package::{Directory, PackageName, PackageText, WitFile};
use super::patch::Patch;
use super::token::tokens;
use super::{cycle, duplicates, names, removal};
use crate::diag::{Diagnostic, Run, closest};
use crate::load::diagnostics::InternalParserFailure;
use crate::source::Span;

/// What is known beside the package itself.
pub(super) struct Known<'a> {
    /// What all packages declare.
    pub(super) directory: &'a Directory,
    /// The stems of dependencies of which nothing could be read.
    pub(super) lost: &'a [String],
    /// Whether there is a package of which the name cannot be told.
    pub(super) has_nameless_package: bool,
    /// The packages of which not all could be read.
    pub(super) incomplete: BTreeSet<PackageName>,
}

/// What was found: what to report, and what to change in which file so that the rest can be looked at.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) edits: Vec<(usize, Range<usize>, String)>,
    /// The names of types and interfaces of which only the name is left.
    pub(super) hollow: BTreeSet<String>,
    /// The pieces that are no WIT: by file, and by where they start.
    unreadable: BTreeSet<(usize, usize)>,
}

impl Findings {
    /// Whether a piece is no WIT, so that what it seems to say means nothing.
    pub(super) fn is_unreadable(&self, file: usize, node: &Node) -> bool {
        self.unreadable.contains(&(file, node.range.start))
    }

    pub(super) fn report(&mut self, diagnostic: impl Into<Diagnostic>) {
        self.diagnostics.push(diagnostic.into());
    }
}

/// Reports all mistakes of a package and changes its patches; whether there was any.
pub(super) fn find(text: &mut PackageText, known: &Known<'_>, run: &mut Run) -> bool {
    let mut findings = Findings::default();
    for (index, file) in text.files.iter_mut().enumerate() {
        characters(index, file, &mut findings);
    }
    for (index, file) in text.files.iter().enumerate() {
        unclosed(file, &mut findings);
        let mut walk = Walk { index, file, files: &text.files, findings: &mut findings, derailed: None };
        walk.nodes(&file.outline.nodes, &mut Vec::new(), &BTreeMap::new());
    }
    duplicates::find(text, &mut findings);
    if text.complete {
        headers(text, &mut findings);
        names::find(text, known, &mut findings);
    }
    let found = !findings.diagnostics.is_empty();
    for file in &mut text.files {
        close_braces(&file.outline.nodes, &mut file.patch);
    }
    text.take_out(findings, run);
    found
}

impl PackageText {
    /// Reports findings, and applies what takes them out.
    pub(super) fn take_out(&mut self, findings: Findings, run: &mut Run) {
        self.broken |= !findings.diagnostics.is_empty();
        for diagnostic in findings.diagnostics {
            run.diagnostics.report(diagnostic);
        }
        for (index, range, text) in findings.edits {
            self.files[index].patch.replace(range, text);
        }
        self.hollow.extend(findings.hollow);
    }
}

/// No file has more forbidden characters than this reported.
const MOST_CHARACTERS: usize = 100;

/// The characters that wit-parser accepts nowhere, not even in a comment.
fn characters(index: usize, file: &mut WitFile, findings: &mut Findings) {
    let forbidden = file.text.char_indices().filter(|(_, character)| is_forbidden(*character));
    let found: Vec<_> = forbidden.take(MOST_CHARACTERS).collect();
    for (at, character) in found {
        let range = at..at + character.len_utf8();
        findings.report(ForbiddenCharacter { span: file.span(&range), character });
        // Right now, so that no piece is blamed for it again.
        file.patch.replace(range, " ");
    }
    if let Some(start) = file.outline.open_comment {
        let message = "a comment is never closed".to_owned();
        let span = file.span(&(start..start + 2));
        findings.report(WitSyntax { span, message, label: Some("opened here".to_owned()) });
        findings.edits.push((index, start..file.text.len(), String::new()));
    }
}

/// As the lexer of wit-parser has it: controls, directions, and what Unicode itself advises against.
fn is_forbidden(character: char) -> bool {
    match character {
        '\n' | '\r' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        '\u{149}' | '\u{673}' | '\u{f77}' | '\u{f79}' | '\u{17a3}' | '\u{17a4}' | '\u{17b4}' | '\u{17b5}' => {
            true
        }
        _ => character.is_control(),
    }
}

/// Braces that are never closed.
fn unclosed(file: &WitFile, findings: &mut Findings) {
    // A comment without an end hides what comes after it: a brace too.
    if file.outline.open_comment.is_none() {
        for at in &file.outline.unclosed {
            let message = "a `{` is never closed".to_owned();
            let span = file.span(&(*at..at + 1));
            findings.report(WitSyntax { span, message, label: Some("opened here".to_owned()) });
        }
    }
}

/// Closes what is never closed, as a part of what it belongs to.
fn close_braces(nodes: &[Node], patch: &mut Patch) {
    for node in nodes {
        close_braces(node.children(), patch);
        if node.body.as_ref().is_some_and(|body| !body.closed) {
            patch.append(node.range.clone(), "}");
        }
    }
}

/// Every file of a folder is of one package, and one of them says which.
fn headers(text: &PackageText, findings: &mut Findings) {
    let headers = text.files.iter().enumerate();
    let mut headers = headers.filter_map(|(index, file)| Some((index, file, file.outline.header()?)));
    let Some((_, first_file, first)) = headers.next() else {
        let Some(file) = text.files.first() else { return };
        let nodes = text.files.iter().flat_map(|file| &file.outline.nodes);
        // A header that cannot be understood is reported as such.
        if !nodes.into_iter().any(|node| node.kind == NodeKind::Header) {
            findings.report(NoPackageName { source: file.source });
        }
        let start = if file.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        findings.edits.push((0, start..start, "package witc:unnamed; ".to_owned()));
        return;
    };
    for (index, file, package) in headers {
        let (name, first_name) = (PackageName::from(package), PackageName::from(first));
        if name != first_name {
            let (span, first) = (file.span(&package.range), first_file.span(&first.range));
            findings.report(MixedPackages { span, name, first, first_name });
            let header = file.outline.nodes.iter().find(|node| node.kind == NodeKind::Header);
            findings.edits.extend(header.map(|node| (index, node.range.clone(), String::new())));
        }
    }
}

/// Goes through the pieces of one file.
struct Walk<'a> {
    index: usize,
    file: &'a WitFile,
    files: &'a [WitFile],
    findings: &'a mut Findings,
    /// Where the last piece ends that is no WIT.
    derailed: Option<usize>,
}

impl<'a> Walk<'a> {
    fn nodes(&mut self, nodes: &'a [Node], parents: &mut Vec<&'a Node>, types: &BTreeMap<&'a str, bool>) {
        for node in nodes {
            let around = Surroundings { parents, types, patch: &self.file.patch };
            let mistakes = judge(&self.file.text, node, &around);
            if !mistakes.is_empty() {
                removal::remove(self.index, node, parents, self.findings);
            }
            let follows = self.follows(node, &mistakes, parents);
            for mistake in mistakes.into_iter().filter(|_| !follows) {
                let diagnostic = describe(self.file, self.files, &mistake, parents, node, types);
                self.findings.report(diagnostic);
            }
            // What is nested in a nested package is one mistake, whatever is in it.
            if node.kind == NodeKind::Package && !parents.is_empty() {
                continue;
            }
            let own;
            let is_scope = matches!(
                node.kind,
                NodeKind::Interface | NodeKind::World | NodeKind::Import | NodeKind::Export
            );
            let inner = if is_scope {
                own = types_of(node);
                &own
            } else {
                types
            };
            parents.push(node);
            self.nodes(node.children(), parents, inner);
            parents.pop();
        }
    }
}

/// The types of a scope, and whether each may be a resource.
pub(super) fn types_of(scope: &Node) -> BTreeMap<&str, bool> {
    let is_plain = |node: &Node| {
        matches!(node.kind, NodeKind::Record | NodeKind::Variant | NodeKind::Enum | NodeKind::Flags)
    };
    let mut types = BTreeMap::new();
    for child in scope.children() {
        types.extend(child.types().map(|name| (name.text.as_str(), !is_plain(child))));
        types.extend(child.doubtful.iter().map(|name| (name.as_str(), true)));
    }
    types
}

impl Walk<'_> {
    /// Whether a piece is no WIT only because of one before it, and takes note of it if it is no WIT.
    fn follows(&mut self, node: &Node, mistakes: &[Mistake], parents: &[&Node]) -> bool {
        let is_syntax = |mistake: &&Mistake| matches!(mistake.kind, MistakeKind::Syntax(_));
        let is_name = |mistake: &Mistake| matches!(mistake.kind, MistakeKind::UnknownType(_));
        if mistakes.iter().all(is_name) {
            return parents.iter().any(|parent| parent.is_partial());
        }
        let Some(mistake) = mistakes.iter().find(is_syntax) else { return false };
        self.findings.unreadable.insert((self.index, node.range.start));
        let is_unclosed = !self.file.outline.unclosed.is_empty();
        let is_nested = node.kind == NodeKind::Package && !parents.is_empty();
        // What stands right behind a piece that is no WIT may be its rest.
        let between = self.derailed.and_then(|end| self.file.text.get(end..node.range.start));
        let stands_behind = between.is_some_and(|text| tokens(text).list.iter().all(|token| token.is('}')));
        let is_lost = mistake.place.start == node.range.start && stands_behind;
        self.derailed = Some(node.range.end);
        // A `}` too many, or a package within a package, comes of a `{` that is not closed.
        is_lost || (is_unclosed && (is_nested || is_lone_brace(self.file, node)))
    }
}

fn is_lone_brace(file: &WitFile, node: &Node) -> bool {
    node.kind == NodeKind::Unknown && &file.text[node.range.clone()] == "}"
}

/// A mistake in words, as much as its surroundings tell.
pub(super) fn describe(
    file: &WitFile,
    files: &[WitFile],
    mistake: &Mistake,
    parents: &[&Node],
    node: &Node,
    types: &BTreeMap<&str, bool>,
) -> Diagnostic {
    let span = file.span(&mistake.place);
    let scope = parents.iter().rev().find(|parent| !parent.is_type());
    match &mistake.kind {
        MistakeKind::Syntax(_) if is_second_header(file, node) => {
            let message = "a second package in a file must stand in braces".to_owned();
            let label =
                Some("write `package NAME { … }`, with its interfaces and worlds between the braces".into());
            WitSyntax { span, message, label }.into()
        }
        MistakeKind::Syntax(message) => {
            let label = closest_keyword(file, &mistake.place).map(|word| format!("did you mean `{word}`?"));
            WitSyntax { span, message: readable(message), label }.into()
        }
        MistakeKind::Semantics(message) => {
            let help = message.contains("feature not being activated").then(|| {
                "open its gate with `--features NAME`, or all gates with `--all-features`".to_owned()
            });
            WitSemantics { span, message: readable(message), help }.into()
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
                meant: closest(name, candidates).map(str::to_owned),
                is_function,
                elsewhere: interface_with(files, name),
            }
            .into()
        }
        MistakeKind::Duplicate { name, other } => {
            let first = first_mention(file, node, mistake);
            let name = bare(name).to_owned();
            let in_scope = || first_in_scope(file, scope.copied(), bare(other.as_ref()?), span);
            DuplicateName { span, name, first: first.or_else(in_scope) }.into()
        }
        MistakeKind::Cycle(name) => cycle::describe(file, files, parents, node, name, span),
        MistakeKind::Panicked(panic) => {
            let name = file_name(file, parents, node);
            InternalParserFailure { span, name, doing: "reading the WIT", panic: panic.clone() }.into()
        }
    }
}

fn is_second_header(file: &WitFile, node: &Node) -> bool {
    let first = file.outline.nodes.iter().find(|it| it.kind == NodeKind::Header);
    node.kind == NodeKind::Header && first.is_some_and(|first| first.range != node.range)
}

fn file_name(_: &WitFile, parents: &[&Node], node: &Node) -> String {
    let named = parents.iter().copied().chain([node]).find_map(|node| node.name.as_ref());
    named.map_or_else(|| "the package".to_owned(), |name| name.text.clone())
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

/// An interface of the package that has a type of this name.
fn interface_with(files: &[WitFile], name: &str) -> Option<String> {
    let interfaces = files.iter().flat_map(|file| &file.outline.nodes);
    let mut interfaces = interfaces.filter(|node| node.kind == NodeKind::Interface);
    let has = |node: &&Node| {
        node.children()
            .iter()
            .any(|child| child.is_type() && child.name.as_ref().is_some_and(|defined| defined.text == name))
    };
    Some(interfaces.find(has)?.name.as_ref()?.text.clone())
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
const BUILT_IN_TYPES: [&str; 23] = [
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

const KEYWORDS: [&str; 21] = [
    "async",
    "constructor",
    "enum",
    "export",
    "flags",
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
    "world",
    "since",
    "unstable",
    "deprecated",
    "external-id",
];

/// The keyword that a word may have been meant for.
fn closest_keyword(file: &WitFile, place: &Range<usize>) -> Option<&'static str> {
    let rest = file.text.get(place.start..)?;
    let word = &rest[..rest.find(|character| !super::token::is_word(character)).unwrap_or(rest.len())];
    if KEYWORDS.contains(&word) { None } else { closest(word, KEYWORDS) }
}
