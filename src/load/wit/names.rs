//! Follows every path of a package, and says which of them lead nowhere.
//!
//! Differs from `versions.rs`: that decides which version a path means, this whether what it means is there.

use std::collections::BTreeMap;

use super::built_in::{self, BUILT_IN};
use super::diagnostics::{UnknownInterface, UnknownName, UnknownPackage, UnknownVersion, UnknownWorld};
use super::mistakes::{Findings, Known};
use super::outline::{Node, NodeKind, PackageReference, PathReference};
use super::package::{Declared, DeclaredItem, PackageName, PackageText, Scope, WitFile};
use super::removal;
use crate::diag::Diagnostic;

/// Reports all paths of a package that lead nowhere.
pub(super) fn find(text: &PackageText, known: &Known<'_>, findings: &mut Findings) {
    for scope in text.scopes() {
        let declared = scope.declared();
        for (file, nodes) in &scope.parts {
            let index = text.files.iter().position(|it| it.source == file.source).unwrap_or_default();
            let names = FileNames::new(file, nodes, &scope, &declared, known);
            let mut search = Search { index, file, names: &names, findings };
            search.nodes(nodes, &mut Vec::new());
        }
    }
}

/// What the paths of one file can lead to.
struct FileNames<'a> {
    file: &'a WitFile,
    package: Option<&'a PackageName>,
    declared: &'a Declared,
    /// The names that the file gives by `use` at its top.
    aliases: BTreeMap<&'a str, &'a PathReference>,
    known: &'a Known<'a>,
    /// The names of items of which it cannot be told what they are.
    doubtful: Vec<&'a str>,
}

/// What a path leads to.
enum Target<'a> {
    Item(&'a DeclaredItem),
    /// Nothing that can be looked into, for a reason that is reported elsewhere.
    Hidden,
    Missing(Box<Diagnostic>),
}

impl<'a> FileNames<'a> {
    fn new(
        file: &'a WitFile,
        nodes: &'a [Node],
        scope: &'a Scope<'_>,
        declared: &'a Declared,
        known: &'a Known<'a>,
    ) -> Self {
        let uses = nodes.iter().filter(|node| node.kind == NodeKind::Use);
        let alias = |node: &'a Node| {
            let path = node.path.as_ref()?;
            Some((node.name.as_ref().unwrap_or(&path.item).text.as_str(), path))
        };
        let aliases = uses.filter_map(alias).collect();
        let all = scope.parts.iter().flat_map(|(_, nodes)| nodes.iter());
        let doubtful = all.flat_map(|node| &node.doubtful).map(String::as_str).collect();
        Self { file, package: scope.name.as_ref(), declared, aliases, known, doubtful }
    }

    /// What a path leads to, where an interface, or a world, is wanted.
    fn target(&self, path: &PathReference, wants_world: bool, any: bool) -> Target<'a> {
        match &path.package {
            Some(package) => self.foreign(path, package, wants_world, any),
            None => match self.aliases.get(path.item.text.as_str()) {
                // A name can stand for itself: `use types as types;` means the one of the package.
                Some(aliased) if !std::ptr::eq(*aliased, path) => match &aliased.package {
                    Some(package) => match self.foreign(aliased, package, wants_world, any) {
                        Target::Missing(_) => Target::Hidden,
                        found @ (Target::Item(_) | Target::Hidden) => found,
                    },
                    None => self.local(aliased, wants_world, any),
                },
                Some(_) | None => self.local(path, wants_world, any),
            },
        }
    }

    fn local(&self, path: &PathReference, wants_world: bool, any: bool) -> Target<'a> {
        let name = &path.item.text;
        match self.declared.items.get(name) {
            Some(item) if any || item.is_world == wants_world => Target::Item(item),
            None if self.declared.is_partial || self.doubtful.contains(&name.as_str()) => Target::Hidden,
            found => {
                let own = self.declared.names(wants_world).chain(self.aliases.keys().copied());
                let meant = self.known.patience.closest(name, own).map(str::to_owned);
                let meant = meant.or_else(|| self.elsewhere(name, wants_world));
                Target::Missing(Box::new(self.missing(path, None, wants_world, meant, found.is_some())))
            }
        }
    }

    fn foreign(
        &self,
        path: &PathReference,
        package: &PackageReference,
        wants_world: bool,
        any: bool,
    ) -> Target<'a> {
        let asked = PackageName::from(package);
        if self.known.incomplete.contains(&asked) {
            return Target::Hidden;
        }
        let own = self.package.filter(|own| **own == asked).map(|_| self.declared);
        let Some(declared) = own.or_else(|| self.known.directory.packages.get(&asked)) else {
            return match self.no_package(path, package, asked) {
                Some(diagnostic) => Target::Missing(Box::new(diagnostic)),
                None => Target::Hidden,
            };
        };
        let name = &path.item.text;
        match declared.items.get(name) {
            Some(item) if any || item.is_world == wants_world => Target::Item(item),
            None if declared.is_partial => Target::Hidden,
            found => {
                let meant = self.known.patience.closest(name, declared.names(wants_world)).map(str::to_owned);
                Target::Missing(Box::new(self.missing(
                    path,
                    Some(asked),
                    wants_world,
                    meant,
                    found.is_some(),
                )))
            }
        }
    }

    fn missing(
        &self,
        path: &PathReference,
        package: Option<PackageName>,
        wants_world: bool,
        meant: Option<String>,
        is_other: bool,
    ) -> Diagnostic {
        let span = self.file.span(&path.item.range);
        let name = path.item.text.clone();
        if wants_world {
            UnknownWorld { span, name, package, meant, is_interface: is_other }.into()
        } else {
            UnknownInterface { span, name, package, meant, is_world: is_other }.into()
        }
    }

    /// A package that has what is looked for in the own one: `wasi:http/outgoing-handler@0.2.12`.
    fn elsewhere(&self, name: &str, wants_world: bool) -> Option<String> {
        let has = |declared: &Declared| declared.items.get(name).is_some_and(|it| it.is_world == wants_world);
        let packages = self.known.directory.packages.iter();
        let mut known =
            packages.rev().filter(|(_, declared)| has(declared)).map(|(package, _)| package.clone());
        let built_in = || BUILT_IN.iter().rev().find(|it| has(it.declared())).map(built_in::BuiltIn::package);
        let package = known.next().or_else(built_in)?;
        let version = package.version.map_or_else(String::new, |version| format!("@{version}"));
        Some(format!("{}/{name}{version}", package.name))
    }

    /// `None` where the package is one of those that could not be read.
    fn no_package(
        &self,
        path: &PathReference,
        package: &PackageReference,
        asked: PackageName,
    ) -> Option<Diagnostic> {
        let span = self.file.span(&package.range);
        let known = self.known.directory.versions(&asked.name).map(|(package, _)| package.version.clone());
        let mut known: Vec<_> = known.collect();
        known.extend(BUILT_IN.iter().filter(|it| it.name == asked.name).map(|it| it.package().version));
        known.sort();
        known.dedup();
        if !known.is_empty() {
            let newest = self.newest_with(&asked.name, &path.item.text);
            let instead = newest.map(|version| format!("{}/{}@{version}", asked.name, path.item.text));
            let span = package.version.as_ref().map_or(span, |(_, range)| self.file.span(range));
            return Some(UnknownVersion { span, asked, known, instead }.into());
        }
        if self.known.has_nameless_package {
            return None;
        }
        let short = asked.name.split(':').nth(1).unwrap_or_default();
        if self.known.lost.iter().any(|stem| stem.contains(short)) {
            return None;
        }
        let names = self.known.directory.packages.keys().map(|package| package.name.as_str());
        let names = names.chain(BUILT_IN.iter().map(|it| it.name));
        let meant = self.known.patience.closest(&asked.name, names).map(str::to_owned);
        let help = meant.as_ref().and_then(|meant| {
            let wanted =
                asked.version.as_ref().filter(|version| built_in::on_track(meant, version).is_some());
            let version = wanted.cloned().or_else(|| self.newest_with(meant, &path.item.text))?;
            Some(format!("write `{meant}/{}@{version}`", path.item.text))
        });
        Some(UnknownPackage { span, name: asked, meant, help }.into())
    }

    /// The newest version of a package that has an item.
    fn newest_with(&self, package: &str, item: &str) -> Option<semver::Version> {
        let known = self.known.directory.versions(package);
        let known = known.filter(|(_, declared)| declared.items.contains_key(item));
        let known = known.filter_map(|(package, _)| package.version.clone());
        let built_in = BUILT_IN.iter().filter(|it| it.name == package);
        let built_in = built_in.filter(|it| it.declared().items.contains_key(item));
        known.chain(built_in.filter_map(|it| it.package().version)).max()
    }
}

/// Goes through the nodes of one file.
struct Search<'a, 'f> {
    index: usize,
    file: &'a WitFile,
    names: &'a FileNames<'a>,
    findings: &'f mut Findings,
}

impl<'a> Search<'a, '_> {
    fn nodes(&mut self, nodes: &'a [Node], parents: &mut Vec<&'a Node>) {
        for node in nodes {
            // A nested package is a scope of its own.
            if node.kind == NodeKind::Package {
                continue;
            }
            if let Some(path) = node.path.as_ref().filter(|_| !self.findings.is_unreadable(self.index, node))
            {
                self.path(node, path, parents);
            }
            parents.push(node);
            self.nodes(node.children(), parents);
            parents.pop();
        }
    }

    fn path(&mut self, node: &'a Node, path: &'a PathReference, parents: &[&'a Node]) {
        let is_top = parents.is_empty();
        let wants_world = node.kind == NodeKind::Include;
        let unknown = match self.names.target(path, wants_world, is_top) {
            Target::Hidden => return,
            Target::Missing(diagnostic) => vec![*diagnostic],
            Target::Item(item) => self.unknown_types(node, path, item),
        };
        if !unknown.is_empty() {
            removal::remove(self.index, node, parents, self.findings);
        }
        unknown.into_iter().for_each(|diagnostic| self.findings.report(diagnostic));
    }

    /// The names between the braces of a `use` that are no types of the interface.
    fn unknown_types(&self, node: &Node, path: &PathReference, item: &DeclaredItem) -> Vec<Diagnostic> {
        let used = node.used.iter().filter(|_| !item.is_partial);
        let unknown = used.filter(|used| !item.types.contains(&used.name.text));
        let describe = |used: &super::outline::UsedName| {
            let name = used.name.text.clone();
            let types = item.types.iter().map(String::as_str);
            let meant = self.names.known.patience.closest(&name, types).map(str::to_owned);
            UnknownName {
                span: self.file.span(&used.name.range),
                within: format!("the interface `{}`", &self.file.text[path.range.clone()]),
                is_function: item.functions.contains(&name),
                name,
                meant,
                elsewhere: None,
            }
            .into()
        };
        unknown.map(describe).collect()
    }
}
