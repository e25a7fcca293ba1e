//! Finds names that are given twice in one scope.
//!
//! Differs from `oracle.rs`: that sees one piece by itself, and no piece is a duplicate by itself.

use std::collections::BTreeMap;
use std::ops::Range;

use super::diagnostics::DuplicateName;
use super::mistakes::Findings;
use super::outline::{Name, Node, NodeKind};
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
                // A name by `use` is one of the file, that of an item is one of the package and of the file.
                let duplicate = if matches!(node.kind, NodeKind::Interface | NodeKind::World) {
                    items.add(file, name, name.text.clone()).or(aliases.add(file, name, name.text.clone()))
                } else if node.kind == NodeKind::Use {
                    aliases.add(file, name, name.text.clone())
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
    names: BTreeMap<String, (Span, String)>,
}

impl Seen {
    fn add(&mut self, file: &WitFile, name: &Name, key: String) -> Option<DuplicateName> {
        self.add_place(file, &name.range, &name.text, key)
    }

    fn add_place(
        &mut self,
        file: &WitFile,
        place: &Range<usize>,
        name: &str,
        key: String,
    ) -> Option<DuplicateName> {
        let span = file.span(place);
        match self.names.get(&key) {
            Some(first) => Some(DuplicateName { span, name: name.to_owned(), first: Some(first.clone()) }),
            None => {
                self.names.insert(key, (span, name.to_owned()));
                None
            }
        }
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
        let mut doubled = Vec::new();
        for used in &node.used {
            let name = used.alias.as_ref().unwrap_or(&used.name);
            doubled.extend(seen.add(file, name, key(node, &name.text)));
        }
        match (&node.name, &node.path) {
            (Some(name), _) => doubled.extend(seen.add(file, name, key(node, &name.text))),
            (None, Some(path)) if matches!(node.kind, NodeKind::Import | NodeKind::Export) => {
                let written = file.text[path.range.clone()].to_owned();
                doubled.extend(seen.add_place(file, &path.range, &written, key(node, &written)));
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

/// What names are compared by: case does not count, the side of a world does, and so does being a `get` or a `set`.
fn key(node: &Node, name: &str) -> String {
    let side = if node.kind == NodeKind::Export { "export" } else { "" };
    let accessor = node.accessor.map_or_else(String::new, |accessor| format!("{accessor:?}"));
    format!("{side} {accessor} {}", name.to_ascii_lowercase())
}
