//! Where each piece of a world stands in the WIT that the user wrote.
//!
//! Differs from `places.rs`: that leads back from a place of wit-parser, this from a path into a surface.

use std::collections::BTreeMap;

use wit_parser::{Function, InterfaceId, Resolve, TypeDefKind, TypeId, WorldId, WorldItem};

use super::resolve::Linked;
use crate::model::{ItemPath, Side, Step};
use crate::source::Span;

/// The places of the pieces of one surface.
#[derive(Debug)]
pub(in crate::load) struct Spans {
    /// Where the whole is.
    whole: Span,
    known: BTreeMap<ItemPath, Span>,
    /// Where that stands which an `include` brings in: its place in `known` is the `include`.
    included: BTreeMap<ItemPath, Span>,
}

impl Spans {
    /// Where the whole is: the name of the world or the interface.
    pub(in crate::load) fn whole(&self) -> Span {
        self.whole
    }

    /// Where an import or an export is written out that an `include` brings in.
    pub(in crate::load) fn included(&self, path: &ItemPath) -> Option<Span> {
        self.included.get(path).copied()
    }

    /// Where a path is. A path that goes deeper than what is known gets the nearest place around it.
    pub(in crate::load) fn span(&self, path: &ItemPath) -> Span {
        let mut path = path.clone();
        loop {
            if let Some(span) = self.known.get(&path) {
                return *span;
            }
            match path.parent() {
                Some(parent) => path = parent,
                None => return self.whole,
            }
        }
    }
}

/// The places of a world.
pub(super) fn of_world(linked: &Linked, world: WorldId) -> Spans {
    let resolve = &linked.resolve;
    let world = &resolve.worlds[world];
    let mut finder = Finder::new(linked, world.span);
    for (side, items) in [(Side::Import, &world.imports), (Side::Export, &world.exports)] {
        for (key, item) in items {
            let name = resolve.name_world_key(key);
            let path = ItemPath::item(side, name.clone());
            let statement = linked.statements.get(&(world.name.clone(), side, name));
            match item {
                WorldItem::Interface { id, .. } => finder.interface(&path, *id),
                WorldItem::Function(function) => finder.function(&path, function),
                WorldItem::Type { id, .. } => finder.definition(&path, *id),
            }
            if let Some(statement) = statement {
                finder.spans.known.insert(path.clone(), statement.span);
                finder.spans.included.extend(statement.included.map(|span| (path.clone(), span)));
            }
        }
    }
    finder.spans
}

/// The places of an interface: of what it exports.
pub(super) fn of_interface(linked: &Linked, interface: InterfaceId) -> Spans {
    let resolve = &linked.resolve;
    let mut finder = Finder::new(linked, resolve.interfaces[interface].span);
    if let Some(name) = resolve.id_of(interface) {
        finder.interface(&ItemPath::item(Side::Export, name), interface);
    }
    finder.spans
}

struct Finder<'a> {
    linked: &'a Linked,
    resolve: &'a Resolve,
    spans: Spans,
}

impl<'a> Finder<'a> {
    fn new(linked: &'a Linked, whole: wit_parser::Span) -> Self {
        let whole = linked.places.span(&linked.resolve.source_map, whole);
        let whole = whole.unwrap_or(Span::start_of(linked.source));
        Self {
            linked,
            resolve: &linked.resolve,
            spans: Spans { whole, known: BTreeMap::new(), included: BTreeMap::new() },
        }
    }

    fn interface(&mut self, path: &ItemPath, id: InterfaceId) {
        let interface = &self.resolve.interfaces[id];
        for (name, id) in &interface.types {
            self.definition(&path.then(Step::Item(name.clone())), *id);
        }
        for (name, function) in &interface.functions {
            self.function(&path.then(Step::Item(name.clone())), function);
        }
    }

    fn function(&mut self, path: &ItemPath, function: &Function) {
        self.put(path.clone(), function.span);
        for parameter in &function.params {
            self.put(path.then(Step::Parameter(parameter.name.clone())), parameter.span);
        }
    }

    fn definition(&mut self, path: &ItemPath, id: TypeId) {
        let definition = &self.resolve.types[id];
        self.put(path.clone(), definition.span);
        match &definition.kind {
            TypeDefKind::Record(record) => {
                for field in &record.fields {
                    self.put(path.then(Step::Field(field.name.clone())), field.span);
                }
            }
            TypeDefKind::Variant(variant) => {
                for case in &variant.cases {
                    self.put(path.then(Step::Case(case.name.clone())), case.span);
                }
            }
            TypeDefKind::Enum(it) => {
                for case in &it.cases {
                    self.put(path.then(Step::Case(case.name.clone())), case.span);
                }
            }
            TypeDefKind::Flags(flags) => {
                for flag in &flags.flags {
                    self.put(path.then(Step::Case(flag.name.clone())), flag.span);
                }
            }
            TypeDefKind::Resource
            | TypeDefKind::Handle(_)
            | TypeDefKind::Tuple(_)
            | TypeDefKind::Option(_)
            | TypeDefKind::Result(_)
            | TypeDefKind::List(_)
            | TypeDefKind::Map(..)
            | TypeDefKind::FixedLengthList(..)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_)
            | TypeDefKind::Type(_)
            | TypeDefKind::Unknown => {}
        }
    }

    fn put(&mut self, path: ItemPath, span: wit_parser::Span) {
        let span = self.linked.places.span(&self.resolve.source_map, span);
        self.spans.known.extend(span.map(|span| (path, span)));
    }
}
