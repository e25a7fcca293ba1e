//! Finds names that are given twice in one scope.
//!
//! Differs from `oracle.rs`: that sees one piece by itself, and no piece is a duplicate by itself.

use std::collections::BTreeMap;
use std::ops::Range;

use super::diagnostics::DuplicateName;
use super::mistakes::Findings;
use super::outline::{Accessor, Name, Node, NodeKind};
use super::package::{PackageText, WitFile};
use super::removal;
use crate::source::Span;

/// Reports all duplicates of a package.
pub(super) fn find(text: &PackageText, findings: &mut Findings) {
    for scope in text.scopes() {
        let mut items = Seen::default();
        for (file, nodes) in &scope.parts {
            let index = text.files.iter().position(|it| it.source == file.source).unwrap_or_default();
            let mut aliases = Seen::default();
            for node in *nodes {
                let Some(name) = &node.name else { continue };
                if findings.is_unreadable(index, node) {
                    continue;
                }
                // A name by `use` is one of the file, that of an item is one of the package and of the file.
                let duplicate = if matches!(node.kind, NodeKind::Interface | NodeKind::World) {
                    items.add(file, name, node).or(aliases.add(file, name, node))
                } else if node.kind == NodeKind::Use {
                    aliases.add(file, name, node)
                } else {
                    None
                };
                if let Some(duplicate) = duplicate {
                    findings.report(duplicate);
                    findings.edits.push((index, node.range.clone(), String::new()));
                }
            }
            for node in *nodes {
                if matches!(node.kind, NodeKind::Interface | NodeKind::World) {
                    children(index, file, node, &mut vec![node], findings);
                }
            }
        }
    }
}

/// The names that were seen in one scope, as they are compared, with their first place.
#[derive(Default)]
struct Seen {
    names: BTreeMap<String, Vec<First>>,
}

/// Who had a name first.
struct First {
    span: Span,
    name: String,
    accessor: Option<Accessor>,
}

impl Seen {
    fn add(&mut self, file: &WitFile, name: &Name, node: &Node) -> Option<DuplicateName> {
        self.add_place(file, &name.range, &name.text, node)
    }

    fn add_place(
        &mut self,
        file: &WitFile,
        place: &Range<usize>,
        name: &str,
        node: &Node,
    ) -> Option<DuplicateName> {
        let span = file.span(place);
        let seen = self.names.entry(key(node, name)).or_default();
        // A `get` and a `set` of one name belong together; any other two exclude each other.
        let excludes = |first: &&First| match (first.accessor, node.accessor) {
            (Some(first), Some(second)) => first == second,
            (None, _) | (_, None) => true,
        };
        let first = seen.iter().find(excludes).map(|first| (first.span, first.name.clone()));
        if first.is_none() {
            seen.push(First { span, name: name.to_owned(), accessor: node.accessor });
        }
        first.map(|first| DuplicateName { span, name: name.to_owned(), first: Some(first) })
    }
}

/// The names within an interface, a world, a resource, a record.
fn children<'n>(
    index: usize,
    file: &WitFile,
    scope: &'n Node,
    parents: &mut Vec<&'n Node>,
    findings: &mut Findings,
) {
    let mut seen = Seen::default();
    for node in scope.children() {
        if findings.is_unreadable(index, node) {
            continue;
        }
        let mut doubled = Vec::new();
        for used in &node.used {
            let name = used.alias.as_ref().unwrap_or(&used.name);
            doubled.extend(seen.add(file, name, node));
        }
        match (&node.name, &node.path) {
            (Some(name), _) => doubled.extend(seen.add(file, name, node)),
            (None, Some(path)) if matches!(node.kind, NodeKind::Import | NodeKind::Export) => {
                let written = file.text[path.range.clone()].to_owned();
                doubled.extend(seen.add_place(file, &path.range, &written, node));
            }
            (None, _) => {}
        }
        if !doubled.is_empty() {
            // Its names are those of what stands before it; the names that are its own stay as stubs.
            let taken: Vec<_> = doubled.iter().map(|it| it.name.clone()).collect();
            removal::remove_but(index, node, parents, &taken, findings);
        }
        doubled.into_iter().for_each(|it| findings.report(it));
        if !node.children().is_empty() {
            parents.push(node);
            children(index, file, node, parents, findings);
            parents.pop();
        }
    }
}

/// What names are compared by: the side of a world counts, case and hyphens do not. The names of interfaces and worlds are
/// compared as they are written.
fn key(node: &Node, name: &str) -> String {
    if matches!(node.kind, NodeKind::Interface | NodeKind::World) {
        return name.to_owned();
    }
    let side = if node.kind == NodeKind::Export { "export " } else { "" };
    format!("{side}{}", name.replace('-', "").to_ascii_lowercase())
}
