//! One WIT package as text, and what all packages of a run declare.
//!
//! Differs from `outline.rs`: that is one file, this is the files that make up a package.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use indexmap::IndexMap;
use semver::Version;

use super::outline::{Node, NodeKind, Outline, PackageReference};
use super::patch::Patch;
use crate::source::{SourceId, Span};

/// The name of a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PackageName {
    /// `namespace:package`.
    pub(super) name: String,
    pub(super) version: Option<Version>,
}

impl fmt::Display for PackageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{}@{version}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

impl From<&PackageReference> for PackageName {
    fn from(it: &PackageReference) -> Self {
        Self { name: it.name.clone(), version: it.version.as_ref().map(|(version, _)| version.clone()) }
    }
}

impl From<&wit_parser::PackageName> for PackageName {
    fn from(it: &wit_parser::PackageName) -> Self {
        Self { name: format!("{}:{}", it.namespace, it.name), version: it.version.clone() }
    }
}

/// How near a package is to what was asked for: of two with one name, the nearer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The input, or a part of its folder.
    Own,
    /// Given with `--wit`.
    Extra,
    /// Carried by witc.
    BuiltIn,
    /// What an encoded package holds of one that it uses: perhaps not all of it.
    Piece,
}

/// One WIT file.
#[derive(Clone, Debug)]
pub(super) struct WitFile {
    pub(super) source: SourceId,
    /// The name that reports show.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) outline: Outline,
    /// What is changed before wit-parser sees the text.
    pub(super) patch: Patch,
}

impl WitFile {
    /// Whether there is nothing in it but white space and comments.
    pub(super) fn says_nothing(&self) -> bool {
        self.outline.nodes.is_empty() && self.outline.open_comment.is_none()
    }

    pub(super) fn new(source: SourceId, name: String, text: String) -> Self {
        let outline = super::scan::outline(&text);
        Self { source, name, text, outline, patch: Patch::default() }
    }

    pub(super) fn span(&self, range: &std::ops::Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }
}

/// The files of one package, and the packages nested in them.
#[derive(Clone, Debug)]
pub(super) struct PackageText {
    pub(super) rank: Rank,
    pub(super) files: Vec<WitFile>,
    /// Whether all its files could be read.
    pub(super) complete: bool,
    /// Whether it was encoded as WebAssembly, so that what is nested in it are pieces.
    pub(super) is_encoded: bool,
    /// Whether a mistake in it was reported.
    pub(super) broken: bool,
    /// The names of types and interfaces of which only the name is left.
    pub(super) hollow: BTreeSet<String>,
}

/// A package within a [`PackageText`]: the one that its files make up, or one nested in a file.
pub(super) struct Scope<'p> {
    /// `None` where no file says it.
    pub(super) name: Option<PackageName>,
    /// Where its name stands.
    pub(super) place: Option<Span>,
    /// Its items, file by file: a file has names of its own, by `use`.
    pub(super) parts: Vec<(&'p WitFile, &'p [Node])>,
}

impl PackageText {
    pub(super) fn new(rank: Rank, files: Vec<WitFile>) -> Self {
        Self { rank, files, complete: true, is_encoded: false, broken: false, hollow: BTreeSet::new() }
    }

    /// The package that the files make up, then the nested ones.
    pub(super) fn scopes(&self) -> Vec<Scope<'_>> {
        let header = self.files.iter().find_map(|file| Some((file, file.outline.header()?)));
        let mut scopes = vec![Scope {
            name: header.map(|(_, package)| package.into()),
            place: header.map(|(file, package)| file.span(&package.range)),
            parts: self.files.iter().map(|file| (file, file.outline.nodes.as_slice())).collect(),
        }];
        for file in &self.files {
            let nested = file.outline.nodes.iter().filter(|node| node.kind == NodeKind::Package);
            scopes.extend(nested.map(|node| Scope {
                name: node.package.as_ref().map(PackageName::from),
                place: node.package.as_ref().map(|package| file.span(&package.range)),
                parts: vec![(file, node.children())],
            }));
        }
        scopes
    }

    /// Whether it has a package of which the name cannot be told.
    pub(super) fn has_nameless_package(&self) -> bool {
        let mut nodes = self.files.iter().flat_map(|file| &file.outline.nodes);
        let is_package = |node: &Node| matches!(node.kind, NodeKind::Header | NodeKind::Package);
        nodes.any(|node| is_package(node) && node.package.is_none())
    }

    /// The name of the package that the files make up.
    pub(super) fn name(&self) -> Option<PackageName> {
        self.files.iter().find_map(|file| file.outline.header()).map(PackageName::from)
    }
}

/// What the packages of a run declare, by name.
#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) packages: BTreeMap<PackageName, Declared>,
}

/// What one package declares.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Its interfaces and worlds.
    pub(super) items: IndexMap<String, DeclaredItem>,
    /// Whether there are more, of which the names cannot be told.
    pub(super) is_partial: bool,
}

/// An interface or a world of a package.
#[derive(Debug, Default)]
pub(super) struct DeclaredItem {
    pub(super) is_world: bool,
    /// The types that can be used from it.
    pub(super) types: Vec<String>,
    /// Whether there are more, of which the names cannot be told.
    pub(super) is_partial: bool,
    /// Its functions, for those who take one for a type.
    pub(super) functions: Vec<String>,
}

impl Declared {
    /// What nodes at the top of a package declare.
    pub(super) fn of<'n>(nodes: impl Iterator<Item = &'n Node>) -> Self {
        let mut declared = Self::default();
        for node in nodes.filter(|node| matches!(node.kind, NodeKind::Interface | NodeKind::World)) {
            match &node.name {
                Some(name) => {
                    declared.items.entry(name.text.clone()).or_insert_with(|| node.into());
                }
                None => declared.is_partial = true,
            }
        }
        declared
    }

    /// The names of its interfaces, or of its worlds.
    pub(super) fn names(&self, worlds: bool) -> impl Iterator<Item = &str> {
        let items = self.items.iter().filter(move |(_, item)| item.is_world == worlds);
        items.map(|(name, _)| name.as_str())
    }
}

impl From<&Node> for DeclaredItem {
    fn from(node: &Node) -> Self {
        let is_world = node.kind == NodeKind::World;
        let mut item = Self { is_world, is_partial: node.is_partial(), ..Self::default() };
        for child in node.children() {
            item.types.extend(child.types().map(|name| name.text.clone()));
            item.types.extend(child.doubtful.iter().cloned());
            if child.kind == NodeKind::Function {
                item.functions.extend(child.name.iter().map(|name| name.text.clone()));
            }
        }
        item
    }
}

impl Scope<'_> {
    /// What the package declares.
    pub(super) fn declared(&self) -> Declared {
        Declared::of(self.parts.iter().flat_map(|(_, nodes)| nodes.iter()))
    }
}

impl Directory {
    /// Takes in what a text declares; a package that is known already stays as it is.
    pub(super) fn add(&mut self, text: &PackageText) {
        let whole = if text.is_encoded { 1 } else { usize::MAX };
        for scope in text.scopes().into_iter().take(whole) {
            if let Some(name) = &scope.name {
                self.packages.entry(name.clone()).or_insert_with(|| scope.declared());
            }
        }
    }

    /// Takes in the pieces of packages of which nothing better is known.
    pub(super) fn add_pieces(&mut self, text: &PackageText) {
        for scope in text.scopes().into_iter().skip(1).filter(|_| text.is_encoded) {
            if let Some(name) = &scope.name {
                self.packages.entry(name.clone()).or_insert_with(|| scope.declared());
            }
        }
    }

    /// All versions in which a package is known, the oldest first.
    pub(super) fn versions<'d>(
        &'d self,
        name: &'d str,
    ) -> impl DoubleEndedIterator<Item = (&'d PackageName, &'d Declared)> {
        self.packages.iter().filter(move |(package, _)| package.name == name)
    }
}
