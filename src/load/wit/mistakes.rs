//! Finds every mistake in a package that wit-parser refuses, and takes each out, so that the rest can be looked at.
//!
//! Differs from `oracle.rs`: that judges one piece, this goes through all of them and says what is wrong in full.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::describe::{Beside, describe};
use super::diagnostics::{ForbiddenCharacter, MixedPackages, NoPackageName, WitSemantics, WitSyntax};
use super::oracle::{Mistake, MistakeKind, Surroundings, judge};
use super::outline::{Node, NodeKind};
use super::package::{Declared, Directory, PackageName, PackageText, Scope, WitFile};
use super::patch::Patch;
use super::token::tokens;
use super::{duplicates, names, removal};
use crate::diag::{Diagnostic, Patience, Run};

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
    /// How long names are looked for that others may have been meant for.
    pub(super) patience: Patience,
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
    let declared = text.scopes().first().map(Scope::declared).unwrap_or_default();
    let package = Beside::new(&text.files);
    for (index, file) in text.files.iter().enumerate() {
        unclosed(file, &mut findings);
        let mut walk = Walk {
            index,
            file,
            package: &package,
            declared: &declared,
            directory: known.directory,
            findings: &mut findings,
            derailed: None,
        };
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

/// What the validator allows; wit-parser knows no limit, and takes the square of the time of their number.
const MOST_PARAMETERS: usize = 1000;

/// Reports functions that have more parameters than any may have, and takes them out before wit-parser sees them.
pub(super) fn too_many_parameters(text: &mut PackageText, run: &mut Run) {
    let mut findings = Findings::default();
    for (index, file) in text.files.iter().enumerate() {
        let mut open: Vec<(&Node, Vec<&Node>)> =
            file.outline.nodes.iter().map(|node| (node, Vec::new())).collect();
        while let Some((node, parents)) = open.pop() {
            let count = if node.words.len() > 2 * MOST_PARAMETERS { parameters(file, node) } else { 0 };
            if count > MOST_PARAMETERS {
                let at = node.name.as_ref().map_or(&node.range, |name| &name.range);
                let message =
                    format!("a function has {MOST_PARAMETERS} parameters at most, and this one has {count}");
                let help = Some("pass a record, or a list".to_owned());
                findings.report(WitSemantics { span: file.span(at), message, help });
                removal::remove(index, node, &parents, &mut findings);
            }
            let around: Vec<&Node> = parents.into_iter().chain([node]).collect();
            open.extend(node.children().iter().map(|child| (child, around.clone())));
        }
    }
    text.take_out(findings, run);
}

/// How many parameters a function has: each has a `:` behind its name, and so has the function.
fn parameters(file: &WitFile, node: &Node) -> usize {
    let is_function = |kind| matches!(kind, NodeKind::Function | NodeKind::Import | NodeKind::Export);
    if !is_function(node.kind) || node.body.is_some() {
        return 0;
    }
    let tokens = tokens(&file.text[node.range.clone()]).list;
    tokens.iter().filter(|token| token.is(':')).count().saturating_sub(1)
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
        findings.report(WitSyntax { span, message, label: Some("opened here".to_owned()), line: None });
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
            findings.report(WitSyntax { span, message, label: Some("opened here".to_owned()), line: None });
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
struct Walk<'a, 'p> {
    index: usize,
    file: &'a WitFile,
    package: &'a Beside<'p>,
    /// What the package itself declares.
    declared: &'a Declared,
    directory: &'a Directory,
    findings: &'a mut Findings,
    /// Where the last piece ends that is no WIT.
    derailed: Option<usize>,
}

impl<'a> Walk<'a, '_> {
    fn nodes(&mut self, nodes: &'a [Node], parents: &mut Vec<&'a Node>, types: &BTreeMap<&'a str, bool>) {
        for node in nodes {
            let around = Surroundings { parents, types, patch: &self.file.patch };
            let mistakes = judge(&self.file.text, node, &around);
            if !mistakes.is_empty() {
                removal::remove(self.index, node, parents, self.findings);
            }
            let follows = self.follows(node, &mistakes, parents);
            for mistake in mistakes.into_iter().filter(|_| !follows) {
                let diagnostic = describe(self.file, self.package, &mistake, parents, node, types);
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
                let mut types = types_of(node);
                for name in self.meant(node) {
                    self.findings.hollow.insert(name.to_owned());
                    types.insert(name, true);
                }
                own = types;
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

impl<'a, 'p> Walk<'a, 'p> {
    /// The types that a scope would have, were the names of its `use`s not misspelt.
    fn meant(&self, scope: &'a Node) -> impl Iterator<Item = &'a str> + use<'a, 'p> {
        let (own, directory, package) = (self.declared, self.directory, self.package);
        scope.children().iter().filter(|child| child.kind == NodeKind::Use).flat_map(move |node| {
            let path = node.path.as_ref();
            let declared = path.and_then(|path| match &path.package {
                Some(package) => directory.packages.get(&package.into()),
                None => Some(own),
            });
            let item = declared.and_then(|declared| declared.items.get(&path?.item.text));
            let types = item.map_or(&[][..], |item| &item.types);
            let misspelt = node.used.iter().filter(|used| !types.contains(&used.name.text));
            let types = || types.iter().map(String::as_str);
            misspelt.filter_map(move |used| package.patience.closest(&used.name.text, types()))
        })
    }

    /// Whether a piece is no WIT only because of one before it, and takes note of it if it is no WIT.
    fn follows(&mut self, node: &Node, mistakes: &[Mistake], parents: &[&Node]) -> bool {
        let is_syntax = |mistake: &&Mistake| matches!(mistake.kind, MistakeKind::Syntax(_));
        let is_name = |mistake: &Mistake| matches!(mistake.kind, MistakeKind::UnknownType(_));
        if mistakes.iter().all(is_name) {
            return parents.iter().any(|parent| parent.is_partial());
        }
        let is_panic = |mistake: &Mistake| matches!(mistake.kind, MistakeKind::Panicked(_));
        if mistakes.iter().any(is_panic) {
            self.findings.unreadable.insert((self.index, node.range.start));
        }
        let Some(mistake) = mistakes.iter().find(is_syntax) else { return false };
        self.findings.unreadable.insert((self.index, node.range.start));
        let is_unclosed = !self.file.outline.unclosed.is_empty();
        let is_nested = node.kind == NodeKind::Package && !parents.is_empty();
        // What stands right behind a piece that is no WIT may be its rest.
        let between = self.derailed.and_then(|end| self.file.text.get(end..node.range.start));
        let stands_behind = between.is_some_and(|text| tokens(text).list.iter().all(|token| token.is('}')));
        let is_lost = mistake.place.start == node.range.start && stands_behind;
        // A piece that could be repaired ends where it seems to end.
        let is_repaired = mistakes.iter().filter(is_syntax).all(|mistake| mistake.repair.is_some());
        self.derailed = (!is_repaired).then_some(node.range.end).or(self.derailed);
        // A `}` too many, or a package within a package, comes of a `{` that is not closed.
        is_lost || (is_unclosed && (is_nested || is_lone_brace(self.file, node)))
    }
}

fn is_lone_brace(file: &WitFile, node: &Node) -> bool {
    node.kind == NodeKind::Unknown && &file.text[node.range.clone()] == "}"
}
