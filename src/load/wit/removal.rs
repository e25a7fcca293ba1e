//! Takes a piece out of a package so that the rest stays whole: what it defined is still there, by name only.

use super::mistakes::Findings;
use super::oracle::is_name;
use super::outline::{Node, NodeKind};

/// Takes out a node of the file `index`; `parents` are the nodes around it, the outermost first.
pub(super) fn remove(index: usize, node: &Node, parents: &[&Node], findings: &mut Findings) {
    remove_but(index, node, parents, &[], findings);
}

/// The same, for a node that gave names that are `taken`: what has them stays as it is.
pub(super) fn remove_but(
    index: usize,
    node: &Node,
    parents: &[&Node],
    taken: &[String],
    findings: &mut Findings,
) {
    // A record without one of its fields may be empty: it goes as a whole, and its other fields are judged all the same.
    let (node, parents) = match parents.split_last() {
        Some((parent, around)) if node.kind == NodeKind::Member => (*parent, around),
        Some(_) | None => (node, parents),
    };
    findings.hollow.extend(node.doubtful.iter().cloned());
    let stands_in_scope = parents.last().is_some_and(|parent| parent.kind != NodeKind::Package);
    let mut stubs = String::new();
    for name in node.types().filter(|name| !taken.contains(&name.text)) {
        findings.hollow.insert(name.text.clone());
        if stands_in_scope && is_name(&name.text) {
            // A resource can be used wherever a type can, in a handle too.
            stubs.push_str(&format!("resource %{};", name.text));
        }
    }
    if let Some(name) = node.name.as_ref().filter(|_| !stands_in_scope) {
        findings.hollow.insert(name.text.clone());
    }
    findings.edits.push((index, node.with_separator.clone(), stubs));
}
