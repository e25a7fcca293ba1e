//! Finds, among all texts, those that a package uses, and what these use.
//!
//! Differs from `order.rs`, which puts parsed packages in order: here texts are picked before any of them is parsed, so that
//! many packages beside each other are not each parsed with all the others.

use std::collections::{BTreeMap, BTreeSet};

use super::package::PackageText;
use super::versions::each_path;

/// Which texts use which.
pub(super) struct Used<'t> {
    texts: &'t [PackageText],
    /// By name of a package, whatever its version: the texts that have it.
    homes: BTreeMap<String, Vec<usize>>,
}

impl<'t> Used<'t> {
    pub(super) fn new(texts: &'t [PackageText]) -> Self {
        let mut homes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, text) in texts.iter().enumerate() {
            for name in text.scopes().into_iter().filter_map(|scope| scope.name) {
                homes.entry(name.name).or_default().push(at);
            }
        }
        Self { texts, homes }
    }

    /// A text, then in order those that have a package of its name, and all that any of them uses.
    pub(super) fn by(&self, first: usize) -> Vec<PackageText> {
        let (mut found, mut left) = (BTreeSet::new(), vec![first]);
        while let Some(at) = left.pop() {
            if found.insert(at) {
                let names = names(&self.texts[at]);
                left.extend(names.iter().filter_map(|name| self.homes.get(name)).flatten());
            }
        }
        found.remove(&first);
        std::iter::once(first).chain(found).map(|at| self.texts[at].clone()).collect()
    }
}

/// The packages that a text has or mentions.
fn names(text: &PackageText) -> BTreeSet<String> {
    let mut names: BTreeSet<String> =
        text.scopes().into_iter().filter_map(|scope| scope.name).map(|name| name.name).collect();
    for file in &text.files {
        each_path(&file.outline.nodes, &mut |_, path| {
            names.extend(path.package.as_ref().map(|package| package.name.clone()));
        });
    }
    names
}
