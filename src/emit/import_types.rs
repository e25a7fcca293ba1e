//! Writes the types of imports: the one thing of an artifact that is not copied from an input.
//!
//! A type that an import names is written once; wherever else it is used, it is an alias of that one, so that WIT's `use`
//! and the identity of resources survive.

use std::collections::HashMap;

use wasm_encoder::{
    Alias, ComponentCoreTypeEncoder, ComponentExternName, ComponentOuterAliasKind, ComponentType,
    ComponentTypeEncoder, ComponentTypeRef, ComponentValType, CoreTypeSection, InstanceType,
    PrimitiveValType, TypeBounds,
};

use super::core_types::module_type;
use super::writer::Writer;
use crate::model::{
    Definition, FunctionType, Item, ItemKind, Items, Primitive, Sort, TypeId, TypeTable, ValueType,
};

/// An import that today's encoding, or witc, cannot write.
#[derive(Debug)]
pub(super) struct Unsupported {
    pub(super) import: String,
    pub(super) what: &'static str,
}

/// Where a named type is to be found at the root.
#[derive(Clone, Debug)]
enum Named {
    /// An index of the root.
    Index(u32),
    /// An export of an imported instance, not aliased yet.
    Export(u32, Vec<String>),
}

impl Named {
    /// An export of the instance that is here.
    fn member(&self, name: &str) -> Self {
        match self {
            Self::Index(instance) => Self::Export(*instance, vec![name.to_owned()]),
            Self::Export(instance, way) => {
                Self::Export(*instance, way.iter().cloned().chain([name.to_owned()]).collect())
            }
        }
    }
}

/// One type being written: its own index space, and the types known in it.
struct Level {
    body: Body,
    known: HashMap<TypeId, u32>,
}

enum Body {
    Instance(InstanceType),
    Component(ComponentType),
}

impl Body {
    fn ty(&mut self) -> ComponentTypeEncoder<'_> {
        match self {
            Self::Instance(body) => body.ty(),
            Self::Component(body) => body.ty(),
        }
    }

    fn core_type(&mut self) -> ComponentCoreTypeEncoder<'_> {
        match self {
            Self::Instance(body) => body.core_type(),
            Self::Component(body) => body.core_type(),
        }
    }

    fn counts(&self) -> (u32, u32) {
        match self {
            Self::Instance(body) => (body.type_count(), body.core_type_count()),
            Self::Component(body) => (body.type_count(), body.core_type_count()),
        }
    }

    fn alias(&mut self, alias: Alias<'_>) {
        match self {
            Self::Instance(body) => {
                body.alias(alias);
            }
            Self::Component(body) => {
                body.alias(alias);
            }
        }
    }
}

/// Which declaration of a type an item becomes.
#[derive(Clone, Copy)]
enum Declare {
    Import,
    Export,
}

/// The writer of the types of all imports.
pub(super) struct ImportTypes<'a> {
    types: &'a TypeTable,
    /// Types that an import names, or that were written at the root.
    root: HashMap<TypeId, Named>,
    /// The types being written around the current one, outermost first.
    levels: Vec<Level>,
    import: String,
}

impl<'a> ImportTypes<'a> {
    pub(super) fn new(types: &'a TypeTable) -> Self {
        Self { types, root: HashMap::new(), levels: Vec::new(), import: String::new() }
    }

    /// Writes the type of an import, and returns how the import refers to it.
    pub(super) fn reference(
        &mut self,
        writer: &mut Writer,
        name: &str,
        item: &Item,
    ) -> Result<ComponentTypeRef, Unsupported> {
        name.clone_into(&mut self.import);
        self.item(writer, item)
    }

    /// Writes a type that gets another name at the root; nothing for a resource that has none yet.
    pub(super) fn renamed(&mut self, writer: &mut Writer, id: TypeId) -> Option<u32> {
        self.definition(writer, id).ok()
    }

    /// Whether any of the types that an item names is known: others may be written in terms of it.
    pub(super) fn knows(&self, item: &Item) -> bool {
        match &item.kind {
            ItemKind::Type(id) => self.root.contains_key(id),
            ItemKind::Instance(instance) => instance.exports.values().any(|item| self.knows(item)),
            ItemKind::Function(_) | ItemKind::Value(_) | ItemKind::Component(_) | ItemKind::CoreModule(_) => {
                false
            }
        }
    }

    /// Notes which types an import names, so that later ones can refer to them.
    pub(super) fn register(&mut self, item: &Item, index: u32) {
        self.note(item, Named::Index(index), &|_, _| true);
    }

    /// Notes the resource types of an item that has no name at the root, but for those that are known: all else is written from
    /// its parts.
    pub(super) fn register_resources(&mut self, item: &Item, index: u32) {
        self.note(item, Named::Index(index), &Self::is_new_resource);
    }

    fn is_new_resource(&self, mut id: TypeId) -> bool {
        while let (false, Definition::Alias(of)) = (self.root.contains_key(&id), self.types.get(id)) {
            id = *of;
        }
        !self.root.contains_key(&id) && matches!(self.types.get(id), Definition::Resource(_))
    }

    fn note(&mut self, item: &Item, place: Named, is_wanted: &dyn Fn(&Self, TypeId) -> bool) {
        match &item.kind {
            ItemKind::Type(id) if is_wanted(self, *id) => {
                self.root.insert(*id, place);
            }
            ItemKind::Instance(instance) => {
                for (name, item) in &instance.exports {
                    self.note(item, place.member(name), is_wanted);
                }
            }
            ItemKind::Type(_)
            | ItemKind::Function(_)
            | ItemKind::Value(_)
            | ItemKind::Component(_)
            | ItemKind::CoreModule(_) => {}
        }
    }

    fn unsupported(&self, what: &'static str) -> Unsupported {
        Unsupported { import: self.import.clone(), what }
    }

    /// The reference to an item's type at the current level; whatever it needs is written before.
    fn item(&mut self, writer: &mut Writer, item: &Item) -> Result<ComponentTypeRef, Unsupported> {
        Ok(match &item.kind {
            ItemKind::Function(function) => ComponentTypeRef::Func(self.function(writer, function)?),
            ItemKind::Value(value) => ComponentTypeRef::Value(self.value(writer, *value)?),
            ItemKind::Type(id) => ComponentTypeRef::Type(self.bounds(writer, *id)?),
            ItemKind::Instance(instance) => {
                self.open(Body::Instance(InstanceType::new()));
                self.members(writer, &instance.exports, Declare::Export)?;
                ComponentTypeRef::Instance(self.close(writer))
            }
            ItemKind::Component(component) => {
                self.open(Body::Component(ComponentType::new()));
                self.members(writer, &component.imports, Declare::Import)?;
                self.members(writer, &component.exports, Declare::Export)?;
                ComponentTypeRef::Component(self.close(writer))
            }
            ItemKind::CoreModule(module) => {
                let module =
                    module_type(module).ok_or_else(|| self.unsupported("a core module with GC types"))?;
                let index = match self.levels.last_mut() {
                    Some(level) => {
                        let index = level.body.counts().1;
                        level.body.core_type().module(&module);
                        index
                    }
                    None => {
                        let mut section = CoreTypeSection::new();
                        section.ty().module(&module);
                        writer.section(&section);
                        writer.take_core_type()
                    }
                };
                ComponentTypeRef::Module(index)
            }
        })
    }

    fn members(&mut self, writer: &mut Writer, items: &Items, declare: Declare) -> Result<(), Unsupported> {
        for (name, item) in items {
            let reference = self.item(writer, item)?;
            let name = ComponentExternName {
                name: name.as_str().into(),
                implements: item.implements.as_deref().map(Into::into),
                version_suffix: item.version_suffix.as_deref().map(Into::into),
                external_id: item.external_id.as_deref().map(Into::into),
            };
            let Some(level) = self.levels.last_mut() else { continue };
            let index = level.body.counts().0;
            match (&mut level.body, declare) {
                (Body::Component(body), Declare::Import) => {
                    body.import(name, reference);
                }
                (Body::Component(body), Declare::Export) => {
                    body.export(name, reference);
                }
                (Body::Instance(body), _) => {
                    body.export(name, reference);
                }
            }
            if let ItemKind::Type(id) = item.kind {
                level.known.insert(id, index);
            }
        }
        Ok(())
    }

    fn open(&mut self, body: Body) {
        self.levels.push(Level { body, known: HashMap::new() });
    }

    /// Ends the innermost type and writes it into the level around it.
    fn close(&mut self, writer: &mut Writer) -> u32 {
        let Some(Level { body, .. }) = self.levels.pop() else { return 0 };
        self.define(writer, |encoder| match &body {
            Body::Instance(body) => encoder.instance(body),
            Body::Component(body) => encoder.component(body),
        })
    }

    fn define(&mut self, writer: &mut Writer, define: impl FnOnce(ComponentTypeEncoder<'_>)) -> u32 {
        match self.levels.last_mut() {
            Some(level) => {
                let index = level.body.counts().0;
                define(level.body.ty());
                index
            }
            None => writer.define_type(|section| define(section.ty())),
        }
    }

    /// How a type that an item names is bound: a new resource, or equal to another type; one that is exported again stays
    /// what it is.
    fn bounds(&mut self, writer: &mut Writer, id: TypeId) -> Result<TypeBounds, Unsupported> {
        if self.root.contains_key(&id) {
            return self.index(writer, id).map(TypeBounds::Eq);
        }
        if let Definition::Resource(_) = self.types.get(id) {
            return Ok(TypeBounds::SubResource);
        }
        self.definition(writer, id).map(TypeBounds::Eq)
    }

    /// The index of a type at the current level.
    fn index(&mut self, writer: &mut Writer, id: TypeId) -> Result<u32, Unsupported> {
        if let Some(level) = self.levels.last()
            && let Some(index) = level.known.get(&id)
        {
            return Ok(*index);
        }
        let depth = self.levels.len();
        let around = self.levels.iter().rev().enumerate().skip(1);
        let outer = around.filter_map(|(count, level)| Some((count, *level.known.get(&id)?))).next();
        let outer = match outer {
            Some(outer) => Some(outer),
            None => self.at_root(writer, id).map(|index| (depth, index)),
        };
        let index = match outer {
            Some((0, index)) => return Ok(index),
            Some((count, index)) => self.alias_outer(u32::try_from(count).unwrap_or(u32::MAX), index),
            None => self.definition(writer, id)?,
        };
        match self.levels.last_mut() {
            Some(level) => {
                level.known.insert(id, index);
            }
            None => {
                self.root.insert(id, Named::Index(index));
            }
        }
        Ok(index)
    }

    fn alias_outer(&mut self, count: u32, index: u32) -> u32 {
        let Some(level) = self.levels.last_mut() else { return index };
        let new = level.body.counts().0;
        level.body.alias(Alias::Outer { kind: ComponentOuterAliasKind::Type, count, index });
        new
    }

    /// The index at the root of a type that an import named.
    fn at_root(&mut self, writer: &mut Writer, id: TypeId) -> Option<u32> {
        let (instance, way) = match self.root.get(&id)? {
            Named::Index(index) => return Some(*index),
            Named::Export(instance, way) => (*instance, way.clone()),
        };
        let (last, through) = way.split_last()?;
        let instance =
            through.iter().fold(instance, |at, name| writer.alias_export(at, Sort::Instance, name));
        let index = writer.alias_export(instance, Sort::Type, last);
        self.root.insert(id, Named::Index(index));
        Some(index)
    }

    fn function(&mut self, writer: &mut Writer, function: &FunctionType) -> Result<u32, Unsupported> {
        let parameters = function
            .parameters
            .iter()
            .map(|(name, value)| Ok((name.as_str(), self.value(writer, *value)?)))
            .collect::<Result<Vec<_>, Unsupported>>()?;
        let result = self.optional(writer, function.result)?;
        Ok(self.define(writer, |encoder| {
            encoder.function().async_(function.is_async).params(parameters).result(result);
        }))
    }

    fn optional(
        &mut self,
        writer: &mut Writer,
        value: Option<ValueType>,
    ) -> Result<Option<ComponentValType>, Unsupported> {
        value.map(|value| self.value(writer, value)).transpose()
    }

    fn value(&mut self, writer: &mut Writer, value: ValueType) -> Result<ComponentValType, Unsupported> {
        Ok(match value {
            ValueType::Primitive(primitive) => ComponentValType::Primitive(encode_primitive(primitive)),
            ValueType::Defined(id) => ComponentValType::Type(self.index(writer, id)?),
        })
    }

    fn definition(&mut self, writer: &mut Writer, id: TypeId) -> Result<u32, Unsupported> {
        let types = self.types;
        macro_rules! define {
            ($($call:tt)*) => { self.define(writer, |encoder| encoder.defined_type().$($call)*) };
        }
        Ok(match types.get(id) {
            Definition::Primitive(primitive) => define!(primitive(encode_primitive(*primitive))),
            Definition::Record(fields) => {
                let fields = self.named_values(writer, fields)?;
                define!(record(fields))
            }
            Definition::Variant(cases) => {
                let case =
                    |(name, value): &'a (String, _)| Ok((name.as_str(), self.optional(writer, *value)?));
                let cases = cases.iter().map(case).collect::<Result<Vec<_>, Unsupported>>()?;
                define!(variant(cases))
            }
            Definition::Tuple(elements) => {
                let element = |value: &ValueType| self.value(writer, *value);
                let elements = elements.iter().map(element).collect::<Result<Vec<_>, Unsupported>>()?;
                define!(tuple(elements))
            }
            Definition::Flags(names) => define!(flags(names.iter().map(String::as_str))),
            Definition::Enum(names) => define!(enum_type(names.iter().map(String::as_str))),
            Definition::List(element) => {
                let element = self.value(writer, *element)?;
                define!(list(element))
            }
            Definition::FixedLengthList(element, length) => {
                let element = self.value(writer, *element)?;
                define!(fixed_length_list(element, *length))
            }
            Definition::Map(key, value) => {
                let (key, value) = (self.value(writer, *key)?, self.value(writer, *value)?);
                define!(map(key, value))
            }
            Definition::Option(value) => {
                let value = self.value(writer, *value)?;
                define!(option(value))
            }
            Definition::Result { ok, err } => {
                let (ok, err) = (self.optional(writer, *ok)?, self.optional(writer, *err)?);
                define!(result(ok, err))
            }
            Definition::Own(resource) => {
                let resource = self.index(writer, *resource)?;
                define!(own(resource))
            }
            Definition::Borrow(resource) => {
                let resource = self.index(writer, *resource)?;
                define!(borrow(resource))
            }
            Definition::Future(payload) => {
                let payload = self.optional(writer, *payload)?;
                define!(future(payload))
            }
            Definition::Stream(payload) => {
                let payload = self.optional(writer, *payload)?;
                define!(stream(payload))
            }
            Definition::Alias(of) => self.index(writer, *of)?,
            Definition::Resource(_) => return Err(self.unsupported("a resource type that nothing names")),
            Definition::Opaque(what) => return Err(self.unsupported(what)),
        })
    }

    fn named_values(
        &mut self,
        writer: &mut Writer,
        values: &'a [(String, ValueType)],
    ) -> Result<Vec<(&'a str, ComponentValType)>, Unsupported> {
        values.iter().map(|(name, value)| Ok((name.as_str(), self.value(writer, *value)?))).collect()
    }
}

fn encode_primitive(primitive: Primitive) -> PrimitiveValType {
    match primitive {
        Primitive::Bool => PrimitiveValType::Bool,
        Primitive::S8 => PrimitiveValType::S8,
        Primitive::U8 => PrimitiveValType::U8,
        Primitive::S16 => PrimitiveValType::S16,
        Primitive::U16 => PrimitiveValType::U16,
        Primitive::S32 => PrimitiveValType::S32,
        Primitive::U32 => PrimitiveValType::U32,
        Primitive::S64 => PrimitiveValType::S64,
        Primitive::U64 => PrimitiveValType::U64,
        Primitive::F32 => PrimitiveValType::F32,
        Primitive::F64 => PrimitiveValType::F64,
        Primitive::Char => PrimitiveValType::Char,
        Primitive::String => PrimitiveValType::String,
        Primitive::ErrorContext => PrimitiveValType::ErrorContext,
    }
}
