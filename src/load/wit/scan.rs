//! Makes the outline of a WIT file out of its tokens.
//!
//! Differs from `outline.rs`: that is what an outline is, this is how it is found, also in a file with mistakes.

use std::ops::Range;

use semver::Version;

use super::outline::{Accessor, Body, Name, Node, NodeKind, Outline, plain};
use super::token::{Token, TokenKind, tokens};

/// Packages nest in packages no deeper than this; wit-parser refuses any nesting.
const DEEPEST_PACKAGE: usize = 4;

/// The words with which an item begins; as a name they are written with a `%`.
const ITEM_KEYWORDS: [&str; 13] = [
    "interface",
    "world",
    "package",
    "use",
    "import",
    "export",
    "include",
    "type",
    "resource",
    "record",
    "variant",
    "enum",
    "flags",
];

/// The outline of a text.
pub(super) fn outline(text: &str) -> Outline {
    let found = tokens(text);
    let mut scanner = Scanner { text, tokens: found.list, at: 0, depth: 0, unclosed: Vec::new() };
    let nodes = scanner.items(Within::File);
    Outline { nodes, unclosed: scanner.unclosed, open_comment: found.open_comment }
}

/// Names are read ahead of the item's end; where it ends early, what was read is not its own.
fn forget_what_is_outside(node: &mut Node) {
    let end = node.range.end;
    node.name.take_if(|name| name.range.end > end);
    node.path.take_if(|path| path.range.end > end);
    node.package.take_if(|package| package.range.end > end);
}

/// What the items that are being read lie within.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    File,
    Package,
    Interface,
    World,
    Resource,
}

/// A place between the tokens of a text.
pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    depth: usize,
    unclosed: Vec<usize>,
}

impl<'t> Scanner<'t> {
    pub(super) fn token(&self, ahead: usize) -> Option<Token> {
        self.tokens.get(self.at + ahead).copied()
    }

    pub(super) fn is(&self, ahead: usize, sign: char) -> bool {
        self.token(ahead).is_some_and(|token| token.is(sign))
    }

    /// The word `ahead` tokens from here, with its `%`.
    pub(super) fn word(&self, ahead: usize) -> Option<&'t str> {
        let token = self.token(ahead).filter(|token| token.kind == TokenKind::Word)?;
        Some(&self.text[token.range()])
    }

    pub(super) fn name(&self, ahead: usize) -> Option<Name> {
        let text = self.word(ahead).filter(|word| !ITEM_KEYWORDS.contains(word))?;
        let text = plain(text).to_owned();
        Some(Name { text, range: self.token(ahead)?.range() })
    }

    fn items(&mut self, within: Within) -> Vec<Node> {
        let mut nodes = Vec::new();
        while let Some(token) = self.token(0) {
            let closes = token.is('}') && within != Within::File;
            let belongs_outside =
                !matches!(within, Within::File | Within::Package) && self.starts_top_level_item();
            if closes || belongs_outside {
                break;
            }
            nodes.push(self.item(within));
        }
        nodes
    }

    /// An item that can stand only in a package: inside an interface it shows that a `}` is missing.
    pub(super) fn starts_top_level_item(&self) -> bool {
        let named = self.word(1).is_some();
        match self.word(0) {
            Some("interface" | "world") => named && self.is(2, '{'),
            Some("package") => named && self.is(2, ':'),
            Some(_) | None => false,
        }
    }

    fn item(&mut self, within: Within) -> Node {
        let first = self.at;
        let (since, gate) = self.attributes();
        let kind = self.kind(within);
        let mut node = self.start(kind);
        (node.since, node.gate) = (since, gate);
        let end_of_head = self.rest(&mut node, first);
        node.words = self.words(first..end_of_head);
        let mut node = self.close(node, first);
        forget_what_is_outside(&mut node);
        let is_function = node.kind == NodeKind::Function
            && node
                .name
                .as_ref()
                .is_some_and(|name| self.text[name.range.end..].trim_start().starts_with([':', '(']));
        if node.kind == NodeKind::Unknown || (node.kind == NodeKind::Function && !is_function) {
            let words = node.words.iter().take(2);
            node.doubtful = words.map(|range| plain(&self.text[range.clone()]).to_owned()).collect();
        }
        node
    }

    /// Sets the range of a node whose first token is `first` and whose last one was just read.
    pub(super) fn close(&self, mut node: Node, first: usize) -> Node {
        let last = self.at.max(first + 1) - 1;
        node.range = self.tokens[first].start..self.tokens[last].end;
        node.with_separator = node.range.clone();
        node
    }

    pub(super) fn words(&self, tokens: Range<usize>) -> Vec<Range<usize>> {
        let words = self.tokens[tokens].iter().filter(|token| token.kind == TokenKind::Word);
        words.map(|token| token.range()).collect()
    }

    /// Passes over `@since(version = 1.0.0)` and its like; the version since when, and the gate.
    fn attributes(&mut self) -> (Option<Version>, Option<String>) {
        let (mut since, mut gate) = (None, None);
        while self.is(0, '@') && self.word(1).is_some() {
            let attribute = self.word(1);
            self.at += 2;
            if !self.is(0, '(') {
                continue;
            }
            while let Some(token) = self.token(0) {
                match attribute {
                    Some("since") if token.is('=') => since = self.version(1).map(|(version, _)| version),
                    Some("unstable") if token.is('=') => gate = self.name(1).map(|name| name.text),
                    Some(_) | None => {}
                }
                if matches!(token.kind, TokenKind::Sign(';' | '{' | '}')) {
                    break;
                }
                self.at += 1;
                if token.is(')') {
                    break;
                }
            }
        }
        (since, gate)
    }

    fn kind(&self, within: Within) -> NodeKind {
        use NodeKind::*;
        let Some(word) = self.word(0) else { return Unknown };
        match (within, word) {
            (Within::File | Within::Package, "interface") => Interface,
            (Within::File | Within::Package, "world") => World,
            (Within::File | Within::Package, "package") => Header,
            (Within::File | Within::Package | Within::Interface | Within::World, "use") => Use,
            (Within::World, "import") => Import,
            (Within::World, "export") => Export,
            (Within::World, "include") => Include,
            (Within::Interface | Within::World, "type") => Alias,
            (Within::Interface | Within::World, "resource") => Resource,
            (Within::Interface | Within::World, "record") => Record,
            (Within::Interface | Within::World, "variant") => Variant,
            (Within::Interface | Within::World, "enum") => Enum,
            (Within::Interface | Within::World, "flags") => Flags,
            (Within::Interface | Within::Resource, _) => Function,
            (Within::File | Within::Package | Within::World, _) => Unknown,
        }
    }

    /// What can be told from the first words of an item; nothing is passed over yet.
    pub(super) fn start(&self, kind: NodeKind) -> Node {
        use NodeKind::*;
        let mut node = Node {
            kind,
            range: 0..0,
            with_separator: 0..0,
            name: None,
            package: None,
            path: None,
            used: Vec::new(),
            accessor: None,
            since: None,
            gate: None,
            body: None,
            doubtful: Vec::new(),
            words: Vec::new(),
        };
        match kind {
            Interface | World | Alias | Resource | Record | Variant | Enum | Flags => {
                node.name = self.name(1);
            }
            Header | Package => node.package = self.package(1, true).map(|(package, _)| package),
            Use => {
                let path = self.path(1);
                let alias = path.as_ref().filter(|(_, length)| self.word(1 + length) == Some("as"));
                node.name = alias.and_then(|(_, length)| self.name(2 + length));
                node.path = path.map(|(path, _)| path);
            }
            Include => node.path = self.path(1).map(|(path, _)| path),
            Import | Export => {
                let labelled = self.is(2, ':') && !(self.word(3).is_some() && self.is(4, '/'));
                let start = if labelled { 3 } else { 1 };
                node.name = self.name(1).filter(|_| labelled);
                node.accessor = self.accessor(start);
                let defined_here = matches!(self.word(start), Some("func" | "async" | "interface"));
                if !(labelled && (defined_here || node.accessor.is_some())) {
                    node.path = self.path(start).map(|(path, _)| path);
                }
            }
            Function => {
                node.name = self.name(0);
                let start = if self.word(2) == Some("static") { 3 } else { 2 };
                node.accessor = self.accessor(start);
            }
            Member => node.name = self.name(0),
            Unknown => {}
        }
        node
    }

    fn accessor(&self, ahead: usize) -> Option<Accessor> {
        match self.word(ahead).filter(|_| self.is(ahead + 1, '(')) {
            Some("get") => Some(Accessor::Get),
            Some("set") => Some(Accessor::Set),
            Some(_) | None => None,
        }
    }

    /// Passes over an item from its first word to its end; the result is where its head, all before its body, ends.
    fn rest(&mut self, node: &mut Node, first: usize) -> usize {
        let start = self.at;
        while let Some(token) = self.token(0) {
            match token.kind {
                TokenKind::Sign(';') => {
                    self.at += 1;
                    break;
                }
                TokenKind::Sign('}') => {
                    // At the top of a file nothing is open that it could close.
                    self.at += usize::from(self.at == first);
                    break;
                }
                TokenKind::Sign('{') => {
                    let end_of_head = self.at;
                    if self.braces(node) {
                        return end_of_head;
                    }
                }
                TokenKind::Word if self.at > start && self.starts_item() => break,
                TokenKind::Word
                | TokenKind::Integer
                | TokenKind::Quoted
                | TokenKind::Arrow
                | TokenKind::Sign(_) => self.at += 1,
            }
        }
        self.at
    }

    /// A keyword that begins an item, where the `;` of the item before it was forgotten.
    pub(super) fn starts_item(&self) -> bool {
        let follows_sign = self.at > 0
            && matches!(
                self.tokens[self.at - 1].kind,
                TokenKind::Sign(':' | '=' | '/' | '.' | ',' | '(' | '<' | '@') | TokenKind::Arrow
            );
        let keyword = self.word(0).is_some_and(|word| ITEM_KEYWORDS.contains(&word));
        keyword && !follows_sign && (self.word(1).is_some() || self.is(1, '{'))
    }

    /// Reads a pair of braces; true if the item ends with it.
    fn braces(&mut self, node: &mut Node) -> bool {
        use NodeKind::*;
        let within = match node.kind {
            Header | Package if self.depth < DEEPEST_PACKAGE => {
                node.kind = Package;
                Within::Package
            }
            Interface | Import | Export => Within::Interface,
            World => Within::World,
            Resource => Within::Resource,
            Record | Variant | Enum | Flags => {
                self.body(node, Self::members);
                return true;
            }
            Use => {
                node.used = self.used();
                return false;
            }
            Include => {
                self.skip_braces();
                return true;
            }
            Header | Package | Function | Alias | Member | Unknown => {
                self.skip_braces();
                return !self.is(0, ';');
            }
        };
        self.depth += usize::from(within == Within::Package);
        self.body(node, |scanner| scanner.items(within));
        self.depth -= usize::from(within == Within::Package);
        true
    }

    fn body(&mut self, node: &mut Node, read: impl FnOnce(&mut Self) -> Vec<Node>) {
        let open = self.tokens[self.at];
        self.at += 1;
        let children = read(self);
        let close = self.token(0).filter(|token| token.is('}'));
        let end = match close {
            Some(close) => {
                self.at += 1;
                close.start
            }
            None => {
                self.unclosed.push(open.start);
                self.tokens[self.at - 1].end
            }
        };
        node.body = Some(Body { inside: open.end..end, closed: close.is_some(), children });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(nodes: &[Node], text: &str) -> String {
        let one = |node: &Node| {
            let mut out = format!("{:?}", node.kind);
            for name in node.name.iter().chain(node.used.iter().map(|used| &used.name)) {
                out.push_str(&format!(" {}", name.text));
            }
            let package = node.package.as_ref().map(|package| package.range.clone());
            for range in package.into_iter().chain(node.path.as_ref().map(|path| path.range.clone())) {
                out.push_str(&format!(" <{}>", &text[range]));
            }
            if node.body.is_some() {
                out.push_str(&format!(" [{}]", show(node.children(), text)));
            }
            out
        };
        nodes.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    #[track_caller]
    fn check(text: &str, expected: &str, unclosed: &[usize]) {
        let outline = outline(text);
        assert_eq!(show(&outline.nodes, text), expected);
        assert_eq!(outline.unclosed, unclosed);
    }

    #[test]
    fn items_and_pieces() {
        check("package a:b@1.0.0;", "Header <a:b>", &[]);
        check(
            "interface x { f: func(a: foo) -> u32; @since(version = 1.0.0) g: fnc(); }\nworld w { import z; }",
            "Interface x [Function f, Function g], World w [Import <z>]",
            &[],
        );
        check(
            "interface i { record r { a: u32, %b: list<u8, 4>, } enum e { x } resource s { constructor(); m: static func(); } }",
            "Interface i [Record r [Member a, Member b], Enum e [Member x], Resource s [Function constructor, Function m]]",
            &[],
        );
        check(
            "use a:b/c@0.2.0-rc.1 as d; world w { import k: a:b/c; export x: interface { f: func(); } include v with { a as b } export a:b/c@1.0.0; import f: async func(); }",
            "Use d <a:b/c@0.2.0-rc.1>, World w [Import k <a:b/c>, Export x [Function f], Include <v>, Export <a:b/c@1.0.0>, Import f]",
            &[],
        );
        check(
            "interface i { use t.{a, b as c}; x: get() -> u8; }",
            "Interface i [Use a b <t>, Function x]",
            &[],
        );
        check(
            "package a:b { interface i {} } package c:d;",
            "Package <a:b> [Interface i []], Header <c:d>",
            &[],
        );
    }

    #[test]
    fn mistakes_stay_small() {
        check(
            "interface i { f: func() record r { a: u8 } }",
            "Interface i [Function f, Record r [Member a]]",
            &[],
        );
        check("interface i { f: func(); interface j { }", "Interface i [Function f], Interface j []", &[12]);
        check(
            "interface i { record r { a: u32, f: func(); } ",
            "Interface i [Record r [Member a], Function f]",
            &[23],
        );
        check(
            "interface i { record r { a: u32; b: u32; } }",
            "Interface i [Record r [Member a, Member b]]",
            &[],
        );
        check(
            "} interface i { @since } ] world {",
            "Unknown, Interface i [Unknown], Unknown, World []",
            &[33],
        );
        check(
            "interface i { type t = record { a: u8 }; ; , }",
            "Interface i [Alias t, Unknown, Unknown]",
            &[],
        );
        check(
            "interface i { record r { , a, , } use a.{b",
            "Interface i [Record r [Member, Member a, Member], Use b <a>]",
            &[12],
        );
        check(
            "package a:b { package a:b { package a:b { package a:b { package a:b {",
            "Package <a:b> [Package <a:b> [Package <a:b> [Package <a:b> [Header <a:b>]]]]",
            &[54, 40, 26, 12],
        );
    }
}
