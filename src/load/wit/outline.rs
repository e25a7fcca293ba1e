//! The outline of a WIT file: which items it has, what they are called, which names they mention and where they end.
//!
//! Differs from a parser: it accepts everything. wit-parser judges; the outline says which piece it judged.

use std::ops::Range;

use semver::Version;

/// A name where it stands; its text has no `%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) range: Range<usize>,
}

/// `namespace:package` with a version, if one is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PackageReference {
    /// `namespace:package`.
    pub(super) name: String,
    pub(super) version: Option<(Version, Range<usize>)>,
    /// From the namespace to the package, without the version.
    pub(super) range: Range<usize>,
}

/// What a `use`, an `import`, an `export` or an `include` points at: an interface or a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PathReference {
    /// `None` for a name of the same package.
    pub(super) package: Option<PackageReference>,
    pub(super) item: Name,
    /// The whole path, its version included.
    pub(super) range: Range<usize>,
}

/// One name between the braces of a `use`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UsedName {
    pub(super) name: Name,
    pub(super) alias: Option<Name>,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// `package a:b;`
    Header,
    /// `package a:b { … }`
    Package,
    Interface,
    World,
    Use,
    Include,
    Import,
    Export,
    /// A function, a method or a constructor.
    Function,
    /// `type a = …;`
    Alias,
    Resource,
    Record,
    Variant,
    Enum,
    Flags,
    /// A field of a record, a case or a flag.
    Member,
    /// Nothing that WIT has here.
    Unknown,
}

/// A `get` or a `set`, where a function is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Accessor {
    Get,
    Set,
}

/// What is between braces.
#[derive(Clone, Debug)]
pub(super) struct Body {
    /// The range between the braces.
    pub(super) inside: Range<usize>,
    /// Whether its `}` is there.
    pub(super) closed: bool,
    pub(super) children: Vec<Node>,
}

/// One item, or one piece of an item.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// From its first attribute to its end; for a member without the comma.
    pub(super) range: Range<usize>,
    /// `range` with the comma behind it.
    pub(super) with_separator: Range<usize>,
    /// The name that it defines.
    pub(super) name: Option<Name>,
    /// The package that a header or a nested package names.
    pub(super) package: Option<PackageReference>,
    pub(super) path: Option<PathReference>,
    pub(super) used: Vec<UsedName>,
    pub(super) accessor: Option<Accessor>,
    /// The version of `@since`.
    pub(super) since: Option<Version>,
    /// The gate of `@unstable`.
    pub(super) gate: Option<String>,
    pub(super) body: Option<Body>,
    /// The names that it may define, where what it is cannot be told.
    pub(super) doubtful: Vec<String>,
    /// The words outside its body, as ranges; a `%` belongs to its word.
    pub(super) words: Vec<Range<usize>>,
}

/// A file, taken apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    pub(super) nodes: Vec<Node>,
    /// Where a `{` stands that is never closed.
    pub(super) unclosed: Vec<usize>,
    /// Where a `/*` begins that never ends.
    pub(super) open_comment: Option<usize>,
}

impl Node {
    /// The nodes between its braces.
    pub(super) fn children(&self) -> &[Node] {
        self.body.as_ref().map_or(&[], |body| &body.children)
    }

    /// Whether it defines a type under its name.
    pub(super) fn is_type(&self) -> bool {
        use NodeKind::{Alias, Enum, Flags, Record, Resource, Variant};
        matches!(self.kind, Alias | Resource | Record | Variant | Enum | Flags)
    }

    /// The names of types that it brings into its scope.
    pub(super) fn types(&self) -> impl Iterator<Item = &Name> {
        let own = self.name.as_ref().filter(|_| self.is_type());
        let used = self.used.iter().map(|used| used.alias.as_ref().unwrap_or(&used.name));
        own.into_iter().chain(used)
    }

    /// Whether one of its children defines something of which the name cannot be told.
    pub(super) fn is_partial(&self) -> bool {
        self.children().iter().any(|child| child.is_type() && child.name.is_none())
    }

    /// The innermost node that holds `place`, from the outermost one inwards.
    pub(super) fn path_to<'n>(nodes: &'n [Node], place: &Range<usize>) -> Vec<&'n Node> {
        let mut path = Vec::new();
        let mut nodes = nodes;
        let holds = |node: &&Node| node.range.start <= place.start && place.end <= node.range.end;
        while let Some(node) = nodes.iter().find(holds) {
            path.push(node);
            nodes = node.children();
        }
        path
    }
}

impl Outline {
    /// The package that the file says it belongs to.
    pub(super) fn header(&self) -> Option<&PackageReference> {
        let header = self.nodes.iter().find(|node| node.kind == NodeKind::Header);
        header.and_then(|node| node.package.as_ref())
    }
}

/// A word without the `%` that marks it as a name.
pub(super) fn plain(word: &str) -> &str {
    word.strip_prefix('%').unwrap_or(word)
}
