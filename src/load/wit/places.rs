//! The way back from what wit-parser saw to what the user wrote.
//!
//! Differs from `patch.rs`: that is one text, this is all of them, as wit-parser numbers their places.

use std::collections::BTreeMap;

use wit_parser::{SourceMap, UnresolvedPackage};

use super::patch::Patched;
use crate::model::Side;
use crate::source::{SourceId, Span};

/// The way from the texts that wit-parser saw back to those that the user wrote.
#[derive(Default)]
pub(super) struct Places {
    pub(super) texts: BTreeMap<u32, Patched>,
}

impl Places {
    /// The place of a span of wit-parser; `None` for what was not read from text.
    pub(super) fn span(&self, map: &SourceMap, span: wit_parser::Span) -> Option<Span> {
        let location = map.resolve_span(span)?;
        let source = location.path.parse().ok()?;
        let range = self.texts.get(&source)?.original(location.range);
        Some(Span::new(SourceId(source), range.start, range.end))
    }
}

/// Where an import or an export is written: by world, side and name.
pub(super) type Statements = BTreeMap<(String, Side, String), Span>;

/// Where the imports and exports of each world are written; putting packages together forgets it for imports.
pub(super) fn statements(package: &UnresolvedPackage, map: &SourceMap, places: &Places) -> Statements {
    let foreign = package.foreign_deps.iter().flat_map(|(package, items)| {
        items.iter().map(move |(item, (id, _))| (id, package.interface_id(item)))
    });
    let foreign: Vec<_> = foreign.collect();
    let name_of = |id: wit_parser::InterfaceId| {
        let known = foreign.iter().find(|(it, _)| **it == wit_parser::AstItem::Interface(id));
        let own = || Some(package.name.interface_id(package.interfaces[id].name.as_ref()?));
        known.map(|(_, name)| name.clone()).or_else(own)
    };
    let mut statements = BTreeMap::new();
    for (_, world) in &package.worlds {
        for (items, side) in [(&world.imports, Side::Import), (&world.exports, Side::Export)] {
            for (key, item) in items {
                let name = match key {
                    wit_parser::WorldKey::Name(name) => Some(name.clone()),
                    wit_parser::WorldKey::Interface(id) => name_of(*id),
                };
                let span = match item {
                    wit_parser::WorldItem::Interface { span, .. }
                    | wit_parser::WorldItem::Type { span, .. } => *span,
                    wit_parser::WorldItem::Function(function) => function.span,
                };
                if let (Some(name), Some(span)) = (name, places.span(map, span)) {
                    statements.insert((world.name.clone(), side, name), span);
                }
            }
        }
    }
    statements
}
