//! Parses whole packages and puts them together; where wit-parser refuses one, finds out why, and tries again without.
//!
//! Differs from `mistakes.rs`: that finds what can be found piece by piece, this what shows only in the whole. Each round
//! costs a parse of the package, so that their number is bounded.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wit_parser::{PackageId, Resolve, ResolveErrorKind, SourceMap, UnresolvedPackageGroup};

use super::describe::{Beside, describe};
use super::diagnostics::{ClosedGate, DuplicatePackage, WitCycle, WitSemantics};
use super::mistakes::{self, Findings, Known};
use super::oracle::{Mistake, MistakeKind, kind_of};
use super::order::order;
use super::outline::{Node, NodeKind};
use super::package::{PackageName, PackageText, Rank};
use super::places::Places;
use super::removal;
use super::statements::{Statements, statements};
use crate::config::Request;
use crate::diag::Run;
use crate::load::contain::contain;
use crate::load::diagnostics::InternalParserFailure;
use crate::source::{SourceId, Span};

/// How often a run goes back to the start of a package, or of all packages, after a mistake that shows only there.
const MOST_ROUNDS: usize = 64;

/// The packages of an input, put together.
pub(super) struct Linked {
    pub(super) resolve: Resolve,
    /// The package that was asked for.
    pub(super) main: PackageId,
    /// Its first file.
    pub(super) source: SourceId,
    pub(super) places: Places,
    /// Where the imports and exports of its worlds are written.
    pub(super) statements: Statements,
}

/// Puts all packages together; `None` where the one asked for is not right.
pub(super) fn link(
    texts: &mut [PackageText],
    known: &mut Known<'_>,
    request: &Request,
    run: &mut Run,
) -> Option<Linked> {
    let source = texts.first()?.files.first()?.source;
    let mut linker = Linker { source, texts, known, request, run, rounds: 0, searched: BTreeSet::new() };
    linker.duplicates();
    linker.texts.iter_mut().for_each(|text| mistakes::too_many_parameters(text, linker.run));
    loop {
        let mut places = Places::default();
        let groups: Vec<_> = (0..linker.texts.len()).map(|index| linker.parse(index, &mut places)).collect();
        match linker.push_all(groups, places) {
            Pushed::All(linked) => {
                let is_right = linker.texts.iter().all(|text| !text.broken && text.complete);
                return linked.filter(|_| is_right).map(|linked| *linked);
            }
            Pushed::Again if linker.next_round() => {}
            Pushed::Again | Pushed::Never => return None,
        }
    }
}

/// How putting together ended.
enum Pushed {
    All(Option<Box<Linked>>),
    /// Something was taken out: it is worth another round.
    Again,
    Never,
}

struct Linker<'a, 'k> {
    /// The first file of the package that was asked for.
    source: SourceId,
    texts: &'a mut [PackageText],
    known: &'a mut Known<'k>,
    request: &'a Request,
    run: &'a mut Run,
    rounds: usize,
    /// The texts that were gone through piece by piece.
    searched: BTreeSet<usize>,
}

impl Linker<'_, '_> {
    fn next_round(&mut self) -> bool {
        self.rounds += 1;
        if self.rounds == MOST_ROUNDS {
            self.run.diagnostics.report(WitSemantics {
                span: Span::start_of(self.source),
                message: "too many mistakes to find them all in one run".to_owned(),
                help: Some("mend those that are reported, and run witc again".to_owned()),
            });
        }
        self.rounds < MOST_ROUNDS
    }

    /// Two packages of one name: the nearer one counts, then the first; two in the user's own folders are a mistake.
    fn duplicates(&mut self) {
        let mut found: BTreeMap<PackageName, Vec<_>> = BTreeMap::new();
        for (index, text) in self.texts.iter().enumerate() {
            for (number, scope) in text.scopes().into_iter().enumerate() {
                let rank = if number > 0 && text.is_encoded { Rank::Piece } else { text.rank };
                let Some(name) = scope.name else { continue };
                found.entry(name).or_default().push((rank, index, number, scope.place));
            }
        }
        for (name, mut places) in found {
            places.sort_by_key(|(rank, index, number, _)| (*rank, *index, *number));
            let (nearest, _, _, first) = places[0];
            for (rank, index, number, place) in places.into_iter().skip(1) {
                let is_mistake = rank == nearest && rank == Rank::Own;
                if let (true, Some(span), Some(first)) = (is_mistake, place, first) {
                    self.run.diagnostics.report(DuplicatePackage { span, name: name.clone(), first });
                    self.texts[index].broken = true;
                    // What the second one declares is not looked for in the first one.
                    self.known.incomplete.insert(name.clone());
                }
                self.texts[index].drop_scope(number);
            }
        }
    }

    /// Parses one package, as often as needed to get past its mistakes.
    fn parse(&mut self, index: usize, places: &mut Places) -> Option<UnresolvedPackageGroup> {
        while !self.texts[index].files.is_empty() {
            let text = &self.texts[index];
            let mut map = SourceMap::new();
            let mut here = Places::default();
            for file in &text.files {
                let patched = file.patch.apply(&file.text, 0..file.text.len());
                map.push_str(&format!("{:010}", file.source.0), patched.text.as_str());
                here.texts.insert(file.source.0, patched);
            }
            let mistake = match contain(|| map.parse()) {
                Ok(Ok(group)) => {
                    places.texts.append(&mut here.texts);
                    return Some(group);
                }
                Ok(Err((map, error))) => {
                    let span = here.span(&map, error.kind().span());
                    span.map(|span| (span, kind_of(error.kind(), false)))
                }
                Err(panic) => {
                    let span = Span::start_of(text.files[0].source);
                    Some((span, MistakeKind::Panicked(panic)))
                }
            };
            if self.search(index) {
                continue;
            }
            let taken_out = mistake.is_some_and(|(span, kind)| self.take_out(index, span, kind));
            if !(taken_out && self.next_round()) {
                self.texts[index].broken = true;
                return None;
            }
        }
        None
    }

    /// Goes through a package piece by piece, once; whether it found anything.
    fn search(&mut self, index: usize) -> bool {
        self.searched.insert(index) && mistakes::find(&mut self.texts[index], self.known, self.run)
    }

    /// Reports a mistake that shows only in the whole and takes out the piece it is in; whether there was such a piece.
    fn take_out(&mut self, index: usize, span: Span, kind: MistakeKind) -> bool {
        let text = &self.texts[index];
        let Some(at) = text.files.iter().position(|file| file.source == span.source) else { return false };
        let file = &text.files[at];
        let place = span.start..span.end;
        let path = Node::path_to(&file.outline.nodes, &place);
        let Some((node, parents)) = path.split_last() else {
            let name = file.name.clone();
            match kind {
                MistakeKind::Panicked(panic) => {
                    let doing = "reading the WIT";
                    self.run.diagnostics.report(InternalParserFailure { span, name, doing, panic });
                }
                MistakeKind::Syntax(message)
                | MistakeKind::Semantics(message)
                | MistakeKind::UnknownType(message)
                | MistakeKind::UnknownItem(message)
                | MistakeKind::Hidden(message)
                | MistakeKind::Duplicate { name: message, .. }
                | MistakeKind::Cycle(message) => {
                    self.run.diagnostics.report(WitSemantics { span, message, help: None });
                }
            }
            return false;
        };
        let mut findings = Findings::default();
        let follows = text.follows_from_earlier(file, &path, &kind);
        let scope = parents.iter().rev().find(|parent| !parent.is_type());
        let types = scope.map(|scope| mistakes::types_of(scope)).unwrap_or_default();
        if let (MistakeKind::Hidden(what), false) = (&kind, follows) {
            let gates = self.closed_gates();
            findings.report(ClosedGate { span, what: what.clone(), gates });
        } else if !follows {
            let mistake = Mistake { kind, place, repair: None };
            findings.report(describe(file, &Beside::new(&text.files), &mistake, parents, node, &types));
        }
        removal::remove(at, node, parents, &mut findings);
        // A piece that was taken out and is still blamed would be taken out for ever.
        let is_new = findings.edits.iter().any(|(at, range, _)| !text.files[*at].patch.covers(range));
        self.texts[index].take_out(findings, self.run);
        is_new
    }

    /// The gates that the texts mention and that are not open.
    fn closed_gates(&self) -> Vec<String> {
        let mut gates = BTreeSet::new();
        for file in self.texts.iter().flat_map(|text| &text.files) {
            collect_gates(&file.outline.nodes, &mut gates);
        }
        gates.into_iter().filter(|gate| !self.request.features.contains(gate)).collect()
    }

    /// Puts the parsed packages together, each after those that it uses.
    fn push_all(&mut self, groups: Vec<Option<UnresolvedPackageGroup>>, places: Places) -> Pushed {
        let order = match order(&groups) {
            Ok(order) => order,
            Err(circle) => return self.circle(&groups, &circle),
        };
        let mut resolve = Resolve { all_features: self.request.all_features, ..Resolve::default() };
        resolve.features.extend(self.request.features.iter().cloned());
        let offsets: Vec<_> = groups
            .iter()
            .map(|group| group.as_ref().map_or(0, |group| resolve.push_source_map(group.source_map.clone())))
            .collect();
        let main_name = groups[0].as_ref().map(|group| group.main.name.clone());
        let statements = statements(&groups, &places, self.request);
        let mut packages: BTreeMap<_, _> = BTreeMap::new();
        for (index, group) in groups.into_iter().enumerate() {
            for package in group.into_iter().flat_map(|group| group.nested.into_iter().chain([group.main])) {
                packages.insert(PackageName::from(&package.name), (index, package));
            }
        }
        for name in order {
            let Some((index, package)) = packages.remove(&name) else { continue };
            let pushed = contain(|| resolve.push(package, offsets[index]));
            let (span, kind) = match pushed {
                Ok(Ok(_)) => continue,
                Ok(Err(error)) => {
                    let span = places.span(&resolve.source_map, error.kind().span());
                    let span = span.or_else(|| self.texts[index].world_in(&error.kind().to_string()));
                    (span, resolve_kind(error.kind()))
                }
                Err(panic) => (None, MistakeKind::Panicked(panic)),
            };
            if self.search(index) {
                return Pushed::Again;
            }
            let start = Span::start_of(self.texts[index].files[0].source);
            let taken_out = self.take_out(index, span.unwrap_or(start), kind);
            self.texts[index].broken = true;
            return if taken_out { Pushed::Again } else { Pushed::Never };
        }
        let main = main_name.and_then(|name| resolve.package_names.get(&name).copied());
        let source = self.source;
        Pushed::All(main.map(|main| Box::new(Linked { resolve, main, source, places, statements })))
    }

    /// Packages that use each other in a circle.
    fn circle(&mut self, groups: &[Option<UnresolvedPackageGroup>], circle: &[PackageName]) -> Pushed {
        let mut steps = Vec::new();
        for (index, name) in circle.iter().enumerate() {
            let user = &circle[(index + circle.len() - 1) % circle.len()];
            let span = self.texts.iter().find_map(|text| text.reference(user, name));
            steps.extend(span.map(|span| (name.to_string(), span)));
        }
        // A package needs itself where the header of the other one could not be understood.
        let follows = circle.len() == 1 && self.texts.iter().any(|text| text.broken);
        for (text, group) in self.texts.iter_mut().zip(groups) {
            text.broken |= group.is_some() && text.name().is_some_and(|name| circle.contains(&name));
        }
        if !steps.is_empty() && !follows {
            self.run.diagnostics.report(WitCycle { noun: "package", steps });
        }
        Pushed::Never
    }
}

fn collect_gates(nodes: &[Node], gates: &mut BTreeSet<String>) {
    for node in nodes {
        gates.extend(node.gate.clone());
        collect_gates(node.children(), gates);
    }
}

/// What wit-parser found when it put packages together, as a mistake.
fn resolve_kind(error: &ResolveErrorKind) -> MistakeKind {
    // That all names lead somewhere is known by now: what is not found is hidden.
    let hidden = |noun: &str, name: &str| MistakeKind::Hidden(format!("the {noun} `{name}`"));
    if let ResolveErrorKind::ItemShadowing { name, .. } = error {
        MistakeKind::Duplicate { name: name.clone(), other: None }
    } else if let ResolveErrorKind::InvalidTransitiveDependency { name, .. } = error {
        MistakeKind::Semantics(format!("the world would both import and export what `{name}` needs"))
    } else if let ResolveErrorKind::InterfaceNotFound { requested, .. } = error {
        hidden("interface", requested)
    } else if let ResolveErrorKind::WorldNotFound { requested, .. } = error {
        hidden("world", requested)
    } else {
        let message = error.to_string();
        let gated = message.strip_prefix("found a reference to a ").and_then(|rest| rest.split(' ').next());
        let of_interface =
            message.strip_prefix("type `").filter(|_| message.ends_with("not defined in interface"));
        match (gated, of_interface.and_then(|rest| rest.split('`').next())) {
            (Some(noun), _) => MistakeKind::Hidden(format!("a {noun} that is used here")),
            (None, Some(name)) => hidden("type", name),
            (None, None) => MistakeKind::Semantics(message),
        }
    }
}

impl PackageText {
    /// Whether a mistake is only there because something that it mentions was taken out.
    fn follows_from_earlier(
        &self,
        file: &super::package::WitFile,
        path: &[&Node],
        kind: &MistakeKind,
    ) -> bool {
        if let MistakeKind::UnknownType(name) | MistakeKind::UnknownItem(name) = kind
            && self.hollow.contains(name)
        {
            return true;
        }
        let Some(node) = path.last() else { return false };
        let words = path.iter().skip(1).chain([node]).flat_map(|node| node.words.iter());
        let mut mentioned =
            words.map(|range: &Range<usize>| super::outline::plain(&file.text[range.clone()]));
        let depends = matches!(
            kind,
            MistakeKind::Semantics(_)
                | MistakeKind::Hidden(_)
                | MistakeKind::UnknownType(_)
                | MistakeKind::UnknownItem(_)
        );
        depends && mentioned.any(|word| self.hollow.contains(word))
    }

    /// Leaves out the package of a number among [`PackageText::scopes`].
    fn drop_scope(&mut self, number: usize) {
        if number == 0 {
            self.files.clear();
            return;
        }
        let mut nested = 0;
        for file in &mut self.files {
            let packages = file.outline.nodes.iter().filter(|node| node.kind == NodeKind::Package);
            for node in packages {
                nested += 1;
                if nested == number {
                    file.patch.replace(node.range.clone(), "");
                }
            }
        }
    }

    /// The world that a message names, where wit-parser knows no place.
    fn world_in(&self, message: &str) -> Option<Span> {
        let name = message.split("in world `").nth(1)?.split('`').next()?;
        let worlds =
            self.files.iter().flat_map(|file| file.outline.nodes.iter().map(move |node| (file, node)));
        let mut worlds = worlds.filter(|(_, node)| node.kind == NodeKind::World);
        worlds.find_map(|(file, node)| {
            let found = node.name.as_ref().filter(|it| it.text == name)?;
            Some(file.span(&found.range))
        })
    }

    /// Where the package `user`, if it is one of these, mentions the package `used`.
    fn reference(&self, user: &PackageName, used: &PackageName) -> Option<Span> {
        let scopes = self.scopes();
        let scope = scopes.iter().find(|scope| scope.name.as_ref() == Some(user))?;
        scope.parts.iter().find_map(|(file, nodes)| reference_in(nodes, used).map(|range| file.span(&range)))
    }
}

fn reference_in(nodes: &[Node], used: &PackageName) -> Option<Range<usize>> {
    nodes.iter().find_map(|node| {
        let package = node.path.as_ref().and_then(|path| path.package.as_ref());
        let own = package.filter(|package| PackageName::from(*package) == *used);
        own.map(|package| package.range.clone()).or_else(|| reference_in(node.children(), used))
    })
}
