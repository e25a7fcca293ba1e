//! Asks wit-parser about one piece of a file by itself, so that each piece gets its own answer.
//!
//! Differs from `resolve.rs`: that parses a whole package, where wit-parser stops at the first mistake. Here the names that
//! a piece mentions are declared for it, so that what is wrong with it is wrong by itself. Each piece is parsed without the
//! pieces within it: all pieces of a file together cost as much as the file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;

use wit_parser::{ParseErrorKind, SourceMap};

use super::outline::{Node, NodeKind, plain};
use super::patch::Patch;
use crate::load::contain::{Panic, contain};

/// A mistake in one piece, or in one package.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) kind: MistakeKind,
    /// Where in the file.
    pub(super) place: Range<usize>,
}

/// What is wrong.
#[derive(Debug)]
pub(super) enum MistakeKind {
    /// Not WIT.
    Syntax(String),
    /// WIT, and forbidden.
    Semantics(String),
    /// A name that stands for no type.
    UnknownType(String),
    /// A name that stands for no interface and no world.
    UnknownItem(String),
    /// Something that is used, and stands behind a closed gate.
    Hidden(String),
    /// A name that is given twice, and the other name where the two are only taken for one.
    Duplicate { name: String, other: Option<String> },
    /// A type or an interface that needs itself.
    Cycle(String),
    /// wit-parser panicked.
    Panicked(Panic),
}

impl MistakeKind {
    fn unknown_type(&self) -> Option<&str> {
        if let Self::UnknownType(name) = self { Some(name) } else { None }
    }
}

/// No piece has more unknown names than this reported.
const MOST_NAMES: usize = 100;

/// Where a piece stands.
pub(super) struct Surroundings<'a> {
    /// The nodes around it, the outermost first.
    pub(super) parents: &'a [&'a Node],
    /// The types that it may mention, and whether each may be a resource.
    pub(super) types: &'a BTreeMap<&'a str, bool>,
    /// What is changed in the file already.
    pub(super) patch: &'a Patch,
}

/// All mistakes that a piece has by itself, without those of the pieces within it.
pub(super) fn judge(text: &str, node: &Node, around: &Surroundings<'_>) -> Vec<Mistake> {
    let piece = alone(node, around).apply(text, node.range.clone());
    let own: BTreeSet<&str> = own_names(node, around.parents).collect();
    let mentioned = node.words.iter().map(|range| plain(&text[range.clone()]));
    let mentioned = mentioned.filter(|name| !own.contains(name) && is_name(name));
    let mut declared: BTreeMap<String, bool> =
        mentioned.filter_map(|name| Some((name.to_owned(), *around.types.get(name)?))).collect();
    let mut mistakes = Vec::new();
    while mistakes.len() < MOST_NAMES {
        let (before, after) = frame(node, around.parents, &declared);
        let question = format!("{before}{}{after}", piece.text);
        let mut map = SourceMap::new();
        map.push_str("", question);
        let failure = match contain(|| map.parse().map(drop)) {
            Ok(Ok(())) => break,
            Ok(Err((map, error))) => (map, error),
            Err(panic) => {
                mistakes.push(Mistake { kind: MistakeKind::Panicked(panic), place: node.range.clone() });
                break;
            }
        };
        let (map, error) = failure;
        let found = map.resolve_span(error.kind().span()).map_or(0..0, |location| location.range);
        let inside = before.len()..before.len() + piece.text.len();
        let ends_early = found.start >= inside.end;
        let place = if ends_early {
            node.range.end..node.range.end
        } else {
            let start = found.start.max(inside.start) - inside.start;
            let end = found.end.clamp(inside.start + start, inside.end) - inside.start;
            piece.original(start..end)
        };
        let kind = kind_of(error.kind(), ends_early);
        if depends_on_others(&kind) {
            break;
        }
        let unknown = kind.unknown_type().filter(|name| is_name(name)).map(str::to_owned);
        mistakes.push(Mistake { kind, place });
        match unknown {
            Some(name) => declared.insert(name, true),
            None => break,
        };
    }
    mistakes
}

/// What wit-parser found, as a mistake.
pub(super) fn kind_of(error: &ParseErrorKind, ends_early: bool) -> MistakeKind {
    match error {
        ParseErrorKind::Lex(error) => MistakeKind::Syntax(syntax_message(&error.to_string(), ends_early)),
        ParseErrorKind::ItemNotFound { name, kind, .. } if kind == "type" || kind == "name" => {
            MistakeKind::UnknownType(name.clone())
        }
        ParseErrorKind::ItemNotFound { name, .. } => MistakeKind::UnknownItem(name.clone()),
        ParseErrorKind::TypeCycle { name, .. } => MistakeKind::Cycle(name.clone()),
        ParseErrorKind::Syntax { message, .. } => kind_of_message(message, ends_early),
        other => MistakeKind::Semantics(other.to_string()),
    }
}

/// wit-parser reports what is no WIT and what WIT forbids in one way; its words tell them apart.
fn kind_of_message(message: &str, ends_early: bool) -> MistakeKind {
    const TWICE: [&str; 4] = ["is defined more than once", "duplicate ", "conflicts with", "more than once"];
    const NO_WIT: [&str; 6] = [
        "expected ",
        "unknown attribute",
        "nesting too deep",
        "not allowed on",
        "invalid list size",
        "nested packages",
    ];
    if NO_WIT.iter().any(|words| message.contains(words)) {
        MistakeKind::Syntax(syntax_message(message, ends_early))
    } else if TWICE.iter().any(|words| message.contains(words)) {
        let mut names = message.split('`').skip(1).step_by(2).map(str::to_owned);
        match names.next() {
            Some(name) => MistakeKind::Duplicate { name, other: names.next() },
            None => MistakeKind::Semantics(message.to_owned()),
        }
    } else {
        MistakeKind::Semantics(message.to_owned())
    }
}

/// What stands behind a piece that ends early is not what the user wrote there.
fn syntax_message(message: &str, ends_early: bool) -> String {
    let message = message.lines().next().unwrap_or_default();
    match message.split_once(", found ") {
        Some((expected, _)) if ends_early => expected.to_owned(),
        Some(_) | None => message.to_owned(),
    }
}

/// Whether an answer depends on what stands around a piece: it is left to the parse of the whole.
fn depends_on_others(kind: &MistakeKind) -> bool {
    let MistakeKind::Semantics(message) = kind else { return false };
    ["return type", "`ok` type", "no corresponding getter"].iter().any(|words| message.contains(words))
}

/// Whether WIT accepts a name.
pub(super) fn is_name(name: &str) -> bool {
    wit_parser::validate_id(name).is_ok()
}

/// The names that a piece, or what it lies within, defines itself.
fn own_names<'n>(node: &'n Node, parents: &[&'n Node]) -> impl Iterator<Item = &'n str> {
    let around = parents.iter().filter(|parent| parent.is_type());
    let names = around.flat_map(|parent| parent.types()).chain(node.types());
    names.map(|name| name.text.as_str())
}

/// The piece without the pieces within it, and with every path leading to something that is there.
fn alone(node: &Node, around: &Surroundings<'_>) -> Patch {
    let mut patch = around.patch.clone();
    if let Some(body) = &node.body {
        let filling = if body.children.is_empty() || !is_list(node) {
            ""
        } else if node.kind == NodeKind::Record {
            "x: u8"
        } else {
            "x"
        };
        let end = if body.closed { filling.to_owned() } else { format!("{filling}}}") };
        patch.replace(body.inside.clone(), end);
    }
    if let Some(path) = &node.path {
        let stands_at_top = around.parents.iter().all(|parent| parent.kind == NodeKind::Package);
        let target = if node.kind == NodeKind::Include {
            WORLD
        } else if node.kind == NodeKind::Use && stands_at_top {
            ELSEWHERE
        } else {
            INTERFACE
        };
        patch.replace(path.range.clone(), target);
    }
    patch
}

const INTERFACE: &str = "witc-interface";
const WORLD: &str = "witc-world";
const ELSEWHERE: &str = "witc:elsewhere/elsewhere";

/// What is put around a piece: a package in which all that it may mention exists.
fn frame(node: &Node, parents: &[&Node], declared: &BTreeMap<String, bool>) -> (String, String) {
    let mut before = String::new();
    let mut after = String::new();
    let outer = parents.first().filter(|parent| parent.kind == NodeKind::Package);
    let parents = if outer.is_some() { &parents[1..] } else { parents };
    if node.kind == NodeKind::Header && outer.is_none() {
        return (before, after);
    }
    before.push_str("package witc:piece;\n");
    if outer.is_some() {
        before.push_str("package witc:nested {\n");
        after.push_str("\n}");
    }
    let _ = write!(before, "interface {INTERFACE} {{");
    let mut all = declared.clone();
    all.extend(used_names(node).map(|name| (name.to_owned(), true)));
    for (name, may_be_resource) in &all {
        let _ = match may_be_resource {
            true => write!(before, " resource %{name};"),
            false => write!(before, " type %{name} = u8;"),
        };
    }
    before.push_str(" }\n");
    let _ = writeln!(before, "world {WORLD} {{}}");
    let innermost = parents.iter().rposition(|parent| !is_list(parent) && parent.kind != NodeKind::Resource);
    let Some(innermost) = innermost else { return (before, after) };
    let opening = if parents[innermost].kind == NodeKind::World { "world" } else { "interface" };
    let _ = writeln!(before, "{opening} witc-around {{");
    after.insert_str(0, "\n}");
    if !declared.is_empty() {
        let names: Vec<_> = declared.keys().map(|name| format!("%{name}")).collect();
        let _ = writeln!(before, "use {INTERFACE}.{{{}}};", names.join(", "));
    }
    for parent in &parents[innermost + 1..] {
        let name = parent.name.as_ref().map(|name| name.text.as_str()).filter(|name| is_name(name));
        let keyword = format!("{:?}", parent.kind).to_lowercase();
        let _ = writeln!(before, "{keyword} %{} {{", name.unwrap_or("witc-type"));
        after.insert_str(0, "\n}");
    }
    (before, after)
}

/// The names that a `use` asks for, as far as they are names.
fn used_names(node: &Node) -> impl Iterator<Item = &str> {
    node.used.iter().map(|used| used.name.text.as_str()).filter(|name| is_name(name))
}

fn is_list(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Record | NodeKind::Variant | NodeKind::Enum | NodeKind::Flags)
}
