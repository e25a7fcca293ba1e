//! Finds the way round where types or interfaces need themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::diagnostics::WitCycle;
use super::outline::{Node, NodeKind, plain};
use super::package::WitFile;
use crate::diag::Diagnostic;
use crate::source::Span;

/// Who mentions whom, and where.
type Graph<'a> = BTreeMap<&'a str, Vec<(&'a str, Span)>>;

/// A cycle that wit-parser found at `span`, where the node `node` mentions `name`.
pub(super) fn describe(
    file: &WitFile,
    files: &[WitFile],
    parents: &[&Node],
    node: &Node,
    name: &str,
    span: Span,
) -> Diagnostic {
    let is_item = node.path.is_some() || matches!(node.kind, NodeKind::Interface | NodeKind::World);
    let scope = parents.iter().rev().find(|parent| !parent.is_type());
    let graph = match scope {
        Some(scope) if !is_item => types(file, scope),
        Some(_) | None => items(files),
    };
    let is_world = matches!(node.kind, NodeKind::World | NodeKind::Include);
    let noun = match is_item {
        true if is_world => "world",
        true => "interface",
        false => "type",
    };
    let steps = way_round(&graph, name).unwrap_or_else(|| vec![(name.to_owned(), span)]);
    WitCycle { noun, steps }.into()
}

/// The types of a scope, and the types that each mentions.
fn types<'a>(file: &'a WitFile, scope: &'a Node) -> Graph<'a> {
    let names: BTreeSet<&str> =
        scope.children().iter().flat_map(Node::types).map(|name| name.text.as_str()).collect();
    let mut graph = Graph::new();
    for node in scope.children().iter().filter(|node| node.is_type() && node.kind != NodeKind::Resource) {
        let Some(name) = &node.name else { continue };
        let own = node.words.iter().filter(|range| **range != name.range);
        let words = own.chain(node.children().iter().flat_map(|child| child.words.iter().skip(1)));
        let mention = |range: &Range<usize>| {
            let word = plain(&file.text[range.clone()]);
            names.get(word).map(|word| (*word, file.span(range)))
        };
        graph.insert(&name.text, words.filter_map(mention).collect());
    }
    graph
}

/// The interfaces and worlds of a package, and those that each mentions by `use` or `include`.
fn items(files: &[WitFile]) -> Graph<'_> {
    let mut graph = Graph::new();
    for file in files {
        for node in &file.outline.nodes {
            let Some(name) = &node.name else { continue };
            let paths = node.children().iter().filter_map(|child| child.path.as_ref());
            let local = paths.filter(|path| path.package.is_none());
            let mention = |path: &'_ super::outline::PathReference| file.span(&path.item.range);
            graph.insert(&name.text, local.map(|path| (path.item.text.as_str(), mention(path))).collect());
        }
    }
    graph
}

/// The shortest way from `start` back to itself: each name with the place where the one before mentions it.
fn way_round(graph: &Graph<'_>, start: &str) -> Option<Vec<(String, Span)>> {
    let mut came_from: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([*graph.get_key_value(start)?.0]);
    while let Some(name) = queue.pop_front() {
        for (next, span) in graph.get(name).into_iter().flatten() {
            if came_from.contains_key(next) {
                continue;
            }
            came_from.insert(next, (name, *span));
            if *next != start {
                queue.push_back(next);
                continue;
            }
            let mut steps = Vec::new();
            let mut at = start;
            loop {
                let (before, span) = came_from.get(at)?;
                steps.push((at.to_owned(), *span));
                at = before;
                if at == start {
                    steps.reverse();
                    return Some(steps);
                }
            }
        }
    }
    None
}
