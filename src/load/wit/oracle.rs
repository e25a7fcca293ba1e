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
use super::patch::{Patch, Patched};
use super::repair::{self, Outcome, Repair};
use crate::load::contain::{Panic, contain};

/// A mistake in one piece, or in one package.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) kind: MistakeKind,
    /// Where in the file.
    pub(super) place: Range<usize>,
    /// What was probably meant there, and the line that it makes.
    pub(super) repair: Option<(Repair, String)>,
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

/// No piece has more mistakes than this reported.
const MOST_MISTAKES: usize = 100;

/// No piece has more places than this that are no WIT.
const MOST_REPAIRS: usize = 20;

/// No line longer than this, in bytes, is shown once more as it should be.
const LONGEST_LINE: usize = 160;

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
///
/// What is no WIT is repaired, if that is easy, so that what stands behind it is looked at too.
pub(super) fn judge(text: &str, node: &Node, around: &Surroundings<'_>) -> Vec<Mistake> {
    let own: BTreeSet<&str> = own_names(node, around.parents).collect();
    let mentioned = node.words.iter().map(|range| plain(&text[range.clone()]));
    let mentioned = mentioned.filter(|name| !own.contains(name) && is_name(name));
    let declared = mentioned.filter_map(|name| Some((name.to_owned(), *around.types.get(name)?))).collect();
    let patch = alone(node, around);
    let mut piece = Piece { text, node, parents: around.parents, types: around.types, patch, declared };
    let mut mistakes: Vec<Mistake> = Vec::new();
    let mut repairs = 0;
    while mistakes.len() < MOST_MISTAKES {
        let Some(mut mistake) = piece.first_mistake() else { break };
        // What a repaired piece defines was not yet known when its surroundings were put together.
        let is_own = repairs > 0 && matches!(mistake.kind, MistakeKind::Duplicate { .. });
        if depends_on_others(&mistake.kind) || is_own {
            break;
        }
        let unknown = mistake.kind.unknown_type().filter(|name| is_name(name)).map(str::to_owned);
        let message = if let MistakeKind::Syntax(message) = &mistake.kind { Some(message) } else { None };
        let message = message.filter(|_| repairs < MOST_REPAIRS);
        let repair = message.and_then(|message| piece.repair(&mistake, message));
        let goes_on = unknown.is_some() || repair.is_some();
        piece.declared.extend(unknown.map(|name| (name, true)));
        if let Some(repair) = repair {
            repairs += 1;
            piece.apply(&repair);
            mistake.repair = Some((repair, String::new()));
        }
        mistakes.push(mistake);
        if !goes_on {
            break;
        }
    }
    forget_vain_repairs(&mut mistakes);
    piece.show_lines(&mut mistakes);
    mistakes
}

/// Repairs are guesses: only if the piece became WIT by them were they right. Else what follows the first is in doubt too.
fn forget_vain_repairs(mistakes: &mut Vec<Mistake>) {
    let is_syntax = |mistake: &Mistake| matches!(mistake.kind, MistakeKind::Syntax(_));
    if mistakes.last().is_some_and(|last| is_syntax(last) && last.repair.is_none())
        && let Some(first) = mistakes.iter().position(is_syntax)
    {
        mistakes.truncate(first + 1);
        mistakes[first].repair = None;
    }
}

/// One piece of a file, as it is put before wit-parser.
struct Piece<'a> {
    text: &'a str,
    node: &'a Node,
    parents: &'a [&'a Node],
    /// The types that it may mention.
    types: &'a BTreeMap<&'a str, bool>,
    patch: Patch,
    /// The types that it mentions, and whether each may be a resource.
    declared: BTreeMap<String, bool>,
}

impl Piece<'_> {
    fn first_mistake(&self) -> Option<Mistake> {
        let piece = self.patch.apply(self.text, self.node.range.clone());
        let (before, after) = frame(self.node, self.parents, &self.declared);
        let question = format!("{before}{}{after}", piece.text);
        let mut map = SourceMap::new();
        map.push_str("", question);
        let mistake = |kind, place| Mistake { kind, place, repair: None };
        match contain(|| map.parse().map(drop)) {
            Ok(Ok(())) => None,
            Ok(Err((map, error))) => {
                let found = map.resolve_span(error.kind().span()).map_or(0..0, |location| location.range);
                let (place, ends_early) = self.place(&piece, before.len(), found);
                Some(mistake(kind_of(error.kind(), ends_early), place))
            }
            Err(panic) => Some(mistake(MistakeKind::Panicked(panic), self.node.range.clone())),
        }
    }

    /// Where in the file a place of the question lies, and whether the piece ends before it.
    fn place(&self, piece: &Patched, start: usize, found: Range<usize>) -> (Range<usize>, bool) {
        let inside = start..start + piece.text.len();
        if found.start >= inside.end {
            return (self.node.range.end..self.node.range.end, true);
        }
        let from = found.start.max(inside.start) - inside.start;
        let to = found.end.clamp(inside.start + from, inside.end) - inside.start;
        (piece.original(from..to), false)
    }

    /// The change that was probably meant where a piece is no WIT.
    fn repair(&self, mistake: &Mistake, message: &str) -> Option<Repair> {
        repair::find(self.text, &self.node.range, mistake.place.start, message, |repair| {
            if self.patch.touches(&repair.range) {
                return Outcome::NoBetter;
            }
            let mut changed = Piece { patch: self.patch.clone(), declared: self.declared.clone(), ..*self };
            changed.apply(repair);
            match changed.first_mistake() {
                None => Outcome::Wit,
                Some(Mistake { kind: MistakeKind::Panicked(_), .. }) => Outcome::NoBetter,
                Some(Mistake { kind: MistakeKind::Syntax(_), place, .. }) => {
                    let ends_early = place.start == self.node.range.end;
                    if ends_early { Outcome::NoBetter } else { Outcome::NextAt(place.start) }
                }
                Some(_) => Outcome::Wit,
            }
        })
    }

    fn apply(&mut self, repair: &Repair) {
        self.patch.replace(repair.range.clone(), repair.text.clone());
        // A name in another spelling stands for what it stood for.
        let old = &self.text[repair.range.clone()];
        if !own_names(self.node, self.parents).any(|name| name == old)
            && let Some(may_be_resource) = self.types.get(old)
            && is_name(&repair.text)
        {
            self.declared.insert(repair.text.clone(), *may_be_resource);
        }
    }

    /// Adds to each repair the line that it makes, with all other repairs of that line; once for each line.
    fn show_lines(&self, mistakes: &mut [Mistake]) {
        let repairs = mistakes.iter().filter_map(|mistake| Some(mistake.repair.as_ref()?.0.clone()));
        let mut patch = Patch::default();
        repairs.for_each(|repair| patch.replace(repair.range, repair.text));
        let mut shown = BTreeSet::new();
        for (repair, line) in mistakes.iter_mut().filter_map(|mistake| mistake.repair.as_mut()) {
            let start = self.text[..repair.range.start].rfind('\n').map_or(0, |at| at + 1);
            let end = self.text[repair.range.end..].find('\n');
            let end = end.map_or(self.text.len(), |length| repair.range.end + length);
            if shown.insert(start) {
                let whole = patch.apply(self.text, start..end).text;
                let whole = Some(whole.trim()).filter(|whole| whole.len() <= LONGEST_LINE);
                whole.unwrap_or_default().clone_into(line);
            }
        }
    }
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
