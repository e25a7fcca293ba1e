//! Decides which version of a package a path means, and brings in the built-in packages that are meant.
//!
//! Differs from `names.rs`: what cannot be decided here stays as it is written, and is reported there.

use std::collections::BTreeMap;

use semver::Version;

use super::built_in::{BUILT_IN, on_track};
use super::diagnostics::{NewerThanBuiltIn, UnversionedBuiltIn};
use super::outline::{Node, PathReference};
use super::package::{Directory, PackageName, PackageText, Rank, WitFile};
use crate::diag::Run;

/// Settles the versions of all texts; `texts` grows by the built-in packages that they need.
pub(super) fn settle(texts: &mut Vec<PackageText>, directory: &mut Directory, run: &mut Run) {
    let mut next = 0;
    while next < texts.len() {
        let wanted = settle_one(&mut texts[next], directory, run);
        for (name, version) in wanted {
            let asked = PackageName { name, version: Some(version) };
            if directory.packages.contains_key(&asked) {
                continue;
            }
            let Some(version) = &asked.version else { continue };
            if let Some(built_in) = on_track(&asked.name, version) {
                let text = built_in.present(version, run);
                directory.add(&text);
                texts.push(text);
            }
        }
        next += 1;
    }
}

/// Writes versions where none is written; the versioned packages that the text asks for.
fn settle_one(text: &mut PackageText, directory: &Directory, run: &mut Run) -> Vec<(String, Version)> {
    let mut items: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in &text.files {
        each_path(&file.outline.nodes, &mut |_, path| {
            if let Some(package) = path.package.as_ref().filter(|package| package.version.is_none()) {
                items.entry(package.name.clone()).or_default().push(path.item.text.clone());
            }
        });
    }
    let choices = Choices::new(&items, directory);
    let is_built_in = text.rank == Rank::BuiltIn;
    let mut wanted = Vec::new();
    for file in &mut text.files {
        let mut outline = std::mem::take(&mut file.outline);
        each_path_mut(&mut outline.nodes, &mut |line, path| {
            choices.write(line, path, file, run);
            let Some(package) = &path.package else { return };
            let Some((version, range)) = &package.version else { return };
            wanted.push((package.name.clone(), version.clone()));
            let asked = PackageName::from(package);
            let built_in =
                on_track(&package.name, version).filter(|_| !directory.packages.contains_key(&asked));
            let built_in = built_in.map(|it| it.version()).filter(|it| it < version && !is_built_in);
            if let Some(built_in) = built_in {
                let span = file.span(range);
                run.diagnostics.report(NewerThanBuiltIn { span, asked, built_in });
            }
        });
        file.outline = outline;
    }
    wanted
}

/// Which versions the unversioned paths of one text mean.
struct Choices<'d> {
    directory: &'d Directory,
    /// The newest version of each package that has all that the text uses of it.
    whole: BTreeMap<String, Version>,
}

impl<'d> Choices<'d> {
    /// `items` are the unversioned packages with the items that are used of them.
    fn new(items: &BTreeMap<String, Vec<String>>, directory: &'d Directory) -> Self {
        let mut choices = Self { directory, whole: BTreeMap::new() };
        for (package, items) in items {
            let has_all = |version: &Version| items.iter().all(|item| choices.has(package, version, item));
            let newest = choices.versions(package).into_iter().rev().find(has_all);
            choices.whole.extend(newest.map(|version| (package.clone(), version)));
        }
        choices
    }

    /// The versions to choose from, the oldest first. A copy in the user's folders wins over those that are built in;
    /// only packages that are built in are looked for under another name than the one written.
    fn versions(&self, package: &str) -> Vec<Version> {
        let built_in: Vec<_> =
            BUILT_IN.iter().filter(|it| it.name == package).map(|it| it.version()).collect();
        let unversioned = PackageName { name: package.to_owned(), version: None };
        if built_in.is_empty() || self.directory.packages.contains_key(&unversioned) {
            return Vec::new();
        }
        let own = self.directory.versions(package);
        let own: Vec<_> = own.filter_map(|(package, _)| package.version.clone()).collect();
        if own.is_empty() { built_in } else { own }
    }

    fn has(&self, package: &str, version: &Version, item: &str) -> bool {
        let name = PackageName { name: package.to_owned(), version: Some(version.clone()) };
        match self.directory.packages.get(&name) {
            Some(declared) => declared.items.contains_key(item),
            None => BUILT_IN.iter().any(|it| it.package() == name && it.declared().items.contains_key(item)),
        }
    }

    fn choose(&self, package: &str, item: &str) -> Option<Version> {
        let whole = self.whole.get(package).cloned();
        whole.or_else(|| self.versions(package).into_iter().rev().find(|it| self.has(package, it, item)))
    }

    /// Writes the version into a path that has none, if one can be chosen.
    fn write(&self, node: &Statement, path: &mut PathReference, file: &mut WitFile, run: &mut Run) {
        let Some(package) = path.package.as_mut().filter(|package| package.version.is_none()) else { return };
        let Some(chosen) = self.choose(&package.name, &path.item.text) else { return };
        let end = path.item.range.end;
        let version = format!("@{chosen}");
        let (head, tail) = (&file.text[node.start..end], &file.text[end..node.end]);
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = format!("{}{version}{}", one_line(head), one_line(tail));
        let name = PackageName { name: package.name.clone(), version: Some(chosen.clone()) };
        run.diagnostics.report(UnversionedBuiltIn {
            span: file.span(&path.range),
            written: format!("{}/{}", package.name, path.item.text),
            chosen: chosen.clone(),
            is_own: self.directory.packages.contains_key(&name)
                && BUILT_IN.iter().all(|it| it.package() != name),
            line,
        });
        file.patch.replace(end..end, version);
        package.version = Some((chosen, end..end));
    }
}

/// The range of the statement that a path stands in.
struct Statement {
    start: usize,
    end: usize,
}

/// Visits each path in some nodes, at any depth.
pub(super) fn each_path(nodes: &[Node], visit: &mut impl FnMut(&Node, &PathReference)) {
    for node in nodes {
        if let Some(path) = &node.path {
            visit(node, path);
        }
        each_path(node.children(), visit);
    }
}

fn each_path_mut(nodes: &mut [Node], visit: &mut impl FnMut(&Statement, &mut PathReference)) {
    for node in nodes {
        let statement = Statement { start: node.range.start, end: node.range.end };
        if let Some(path) = &mut node.path {
            visit(&statement, path);
        }
        if let Some(body) = &mut node.body {
            each_path_mut(&mut body.children, visit);
        }
    }
}
