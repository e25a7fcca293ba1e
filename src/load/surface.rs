//! Turns the types of a validated component into a [`Surface`].
//!
//! Differs from `validate.rs`: that asks whether the bytes are right, this asks what they offer and need.

use std::collections::HashMap;

use wasmparser::component_types::{
    AliasableResourceId, ComponentAnyTypeId, ComponentCoreModuleTypeId, ComponentDefinedType,
    ComponentDefinedTypeId, ComponentEntityType, ComponentFuncTypeId, ComponentItem, ComponentValType,
    ResourceId as WasmResourceId,
};
use wasmparser::types::{EntityType, TypesRef};
use wasmparser::{AbstractHeapType, CompositeInnerType, HeapType, PrimitiveValType, RefType, ValType};

use super::validate::Validated;
use crate::model::{
    ComponentType, CoreExtern, CoreHeapType, CoreModuleType, CoreValueType, Definition, FunctionType,
    InstanceType, Item, ItemKind, ItemPath, Items, Limits, Primitive, ResourceId, Side, Step, Surface,
    TypeId, TypeTable, ValueType,
};

/// How much a surface may take, written out: in bytes, about.
///
/// The validator bounds the depth of types (100) and their size written out (a million pieces), so that nothing here
/// runs for long or deep; but each of the million can have a path of long names.
const LARGEST: usize = 32 << 20;

/// What one item takes beside its names.
const ITEM: usize = 128;

/// The surface of a validated component; `None` if it is too large, written out.
pub(super) fn surface(validated: &Validated) -> Option<Surface> {
    let types = validated.types.as_ref();
    let imports =
        validated.imports.iter().filter_map(|name| Some((name, types.component_item_for_import(name)?)));
    let exports =
        validated.exports.iter().filter_map(|name| Some((name, types.component_item_for_export(name)?)));
    Converter::new(types).surface(imports, exports)
}

/// The world that an encoded WIT package or the metadata of a core module describes: its name, and what it imports and
/// exports.
///
/// `None` if the binary is of another form, or too large: an exported type of a component that exports that of a world.
pub(super) fn world(validated: &Validated) -> Option<(String, Surface)> {
    let types = validated.types.as_ref();
    let outer = types.component_item_for_export(validated.exports.first()?)?;
    let ComponentEntityType::Type { created: ComponentAnyTypeId::Component(outer), .. } = outer.ty else {
        return None;
    };
    let (name, world) = types[outer].exports.iter().next()?;
    let ComponentEntityType::Component(world) = world.ty else { return None };
    let component = &types[world];
    let surface = Converter::new(types).surface(&component.imports, &component.exports)?;
    Some((name.clone(), surface))
}

struct Converter<'a> {
    types: TypesRef<'a>,
    table: TypeTable,
    ids: HashMap<ComponentAnyTypeId, TypeId>,
    resources: HashMap<WasmResourceId, ResourceId>,
    /// What is left of [`LARGEST`]; at 0 nothing more is converted.
    left: usize,
}

impl<'a> Converter<'a> {
    fn new(types: TypesRef<'a>) -> Self {
        let table = TypeTable::default();
        Self { types, table, ids: HashMap::new(), resources: HashMap::new(), left: LARGEST }
    }

    fn surface<'i>(
        mut self,
        imports: impl IntoIterator<Item = (&'i String, &'i ComponentItem)>,
        exports: impl IntoIterator<Item = (&'i String, &'i ComponentItem)>,
    ) -> Option<Surface> {
        let imports = self.side(imports, Side::Import);
        let exports = self.side(exports, Side::Export);
        (self.left > 0).then_some(Surface { imports, exports, types: self.table })
    }

    fn side<'i>(
        &mut self,
        items: impl IntoIterator<Item = (&'i String, &'i ComponentItem)>,
        side: Side,
    ) -> Items {
        let convert = |(name, item): (&'i String, &'i ComponentItem)| {
            (name.clone(), self.item(item, &ItemPath::item(side, name.clone())))
        };
        items.into_iter().map(convert).collect()
    }

    fn item(&mut self, item: &ComponentItem, path: &ItemPath) -> Item {
        self.charge(path, 1 + self.pieces(item.ty));
        Item {
            kind: self.kind(item.ty, path),
            implements: item.implements.clone(),
            version_suffix: item.version_suffix.clone(),
            external_id: item.external_id.clone(),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only four types have named pieces")]
    /// How many named pieces an item has beside nested items, each of which has a path of its own in a report.
    fn pieces(&self, entity: ComponentEntityType) -> usize {
        match entity {
            ComponentEntityType::Func(id) => self.types[id].params.len(),
            ComponentEntityType::Type { created: ComponentAnyTypeId::Defined(id), .. } => {
                match &self.types[id] {
                    ComponentDefinedType::Record(record) => record.fields.len(),
                    ComponentDefinedType::Variant(variant) => variant.cases.len(),
                    ComponentDefinedType::Flags(names) | ComponentDefinedType::Enum(names) => names.len(),
                    _ => 0,
                }
            }
            ComponentEntityType::Module(id) => {
                self.types[id].imports.len().saturating_add(self.types[id].exports.len())
            }
            ComponentEntityType::Type { .. }
            | ComponentEntityType::Value(_)
            | ComponentEntityType::Instance(_)
            | ComponentEntityType::Component(_) => 0,
        }
    }

    /// Counts `pieces` things at a path: each can come to hold the path.
    fn charge(&mut self, path: &ItemPath, pieces: usize) {
        let name = |step: &Step| if let Step::Item(name) = step { name.len() } else { 0 };
        let names: usize = path.steps.iter().map(name).sum();
        let cost = (ITEM + names).saturating_mul(pieces);
        self.left = self.left.saturating_sub(cost);
    }

    fn kind(&mut self, entity: ComponentEntityType, path: &ItemPath) -> ItemKind {
        match entity {
            ComponentEntityType::Module(id) => ItemKind::CoreModule(self.core_module(id)),
            ComponentEntityType::Func(id) => ItemKind::Function(self.function(id)),
            ComponentEntityType::Value(value) => ItemKind::Value(self.value(value)),
            ComponentEntityType::Type { created, .. } => {
                let id = self.any(created);
                self.table.set_name(id, path.clone());
                ItemKind::Type(id)
            }
            ComponentEntityType::Instance(id) => {
                let types = self.types;
                ItemKind::Instance(InstanceType { exports: self.items(&types[id].exports, path) })
            }
            ComponentEntityType::Component(id) => {
                let types = self.types;
                let imports = self.items(&types[id].imports, path);
                let exports = self.items(&types[id].exports, path);
                ItemKind::Component(ComponentType { imports, exports })
            }
        }
    }

    fn items<'i>(
        &mut self,
        items: impl IntoIterator<Item = (&'i String, &'i ComponentItem)>,
        path: &ItemPath,
    ) -> Items {
        let mut converted = Items::new();
        for (name, item) in items {
            if self.left == 0 {
                break;
            }
            converted.insert(name.clone(), self.item(item, &path.then(Step::Item(name.clone()))));
        }
        converted
    }

    fn function(&mut self, id: ComponentFuncTypeId) -> FunctionType {
        let types = self.types;
        let function = &types[id];
        FunctionType {
            is_async: function.async_,
            parameters: function
                .params
                .iter()
                .map(|(name, ty)| (name.to_string(), self.value(*ty)))
                .collect(),
            result: function.result.map(|ty| self.value(ty)),
        }
    }

    fn value(&mut self, value: ComponentValType) -> ValueType {
        match value {
            ComponentValType::Primitive(primitive) => ValueType::Primitive(convert_primitive(primitive)),
            ComponentValType::Type(id) => ValueType::Defined(self.any(ComponentAnyTypeId::Defined(id))),
        }
    }

    fn any(&mut self, id: ComponentAnyTypeId) -> TypeId {
        // A chain of aliases can be as long as the binary, so it is followed in a loop.
        let (mut at, mut aliases) = (id, Vec::new());
        let mut known = loop {
            if let Some(known) = self.ids.get(&at) {
                break *known;
            }
            let Some(of) = self.types.peel_alias(at) else {
                let definition = self.definition(at);
                break self.add(at, definition);
            };
            aliases.push(at);
            at = of;
        };
        for alias in aliases.into_iter().rev() {
            known = self.add(alias, Definition::Alias(known));
        }
        known
    }

    fn add(&mut self, id: ComponentAnyTypeId, definition: Definition) -> TypeId {
        let known = self.table.add(definition);
        self.ids.insert(id, known);
        known
    }

    fn definition(&mut self, id: ComponentAnyTypeId) -> Definition {
        match id {
            ComponentAnyTypeId::Resource(resource) => self.resource(resource),
            ComponentAnyTypeId::Defined(defined) => self.defined(defined),
            ComponentAnyTypeId::Func(_) => Definition::Opaque("function type"),
            ComponentAnyTypeId::Instance(_) => Definition::Opaque("instance type"),
            ComponentAnyTypeId::Component(_) => Definition::Opaque("component type"),
        }
    }

    fn resource(&mut self, id: AliasableResourceId) -> Definition {
        let table = &mut self.table;
        Definition::Resource(*self.resources.entry(id.resource()).or_insert_with(|| table.add_resource()))
    }

    fn handle(&mut self, id: AliasableResourceId) -> TypeId {
        self.any(ComponentAnyTypeId::Resource(id))
    }

    fn defined(&mut self, id: ComponentDefinedTypeId) -> Definition {
        let optional = |this: &mut Self, ty: Option<ComponentValType>| ty.map(|ty| this.value(ty));
        let types = self.types;
        match &types[id] {
            ComponentDefinedType::Primitive(primitive) => {
                Definition::Primitive(convert_primitive(*primitive))
            }
            ComponentDefinedType::Record(record) => Definition::Record(
                record.fields.iter().map(|(name, ty)| (name.to_string(), self.value(*ty))).collect(),
            ),
            ComponentDefinedType::Variant(variant) => {
                let cases = variant.cases.iter();
                Definition::Variant(
                    cases.map(|(name, case)| (name.to_string(), optional(self, case.ty))).collect(),
                )
            }
            ComponentDefinedType::List { element, .. } => Definition::List(self.value(*element)),
            ComponentDefinedType::Map { key, value, .. } => {
                Definition::Map(self.value(*key), self.value(*value))
            }
            ComponentDefinedType::FixedLengthList { element, length, .. } => {
                Definition::FixedLengthList(self.value(*element), *length)
            }
            ComponentDefinedType::Tuple(tuple) => {
                Definition::Tuple(tuple.types.iter().map(|ty| self.value(*ty)).collect())
            }
            ComponentDefinedType::Flags(names) => {
                Definition::Flags(names.iter().map(ToString::to_string).collect())
            }
            ComponentDefinedType::Enum(names) => {
                Definition::Enum(names.iter().map(ToString::to_string).collect())
            }
            ComponentDefinedType::Option { ty, .. } => Definition::Option(self.value(*ty)),
            ComponentDefinedType::Result { ok, err, .. } => {
                Definition::Result { ok: optional(self, *ok), err: optional(self, *err) }
            }
            ComponentDefinedType::Own(resource) => Definition::Own(self.handle(*resource)),
            ComponentDefinedType::Borrow(resource) => Definition::Borrow(self.handle(*resource)),
            ComponentDefinedType::Future { ty, .. } => Definition::Future(optional(self, *ty)),
            ComponentDefinedType::Stream { ty, .. } => Definition::Stream(optional(self, *ty)),
        }
    }

    fn core_module(&mut self, id: ComponentCoreModuleTypeId) -> CoreModuleType {
        let module = &self.types[id];
        let import = |((module, name), ty): (&(String, String), &EntityType)| {
            (module.clone(), name.clone(), self.core_extern(*ty))
        };
        let export = |(name, ty): (&String, &EntityType)| (name.clone(), self.core_extern(*ty));
        CoreModuleType {
            imports: module.imports.iter().map(import).collect(),
            exports: module.exports.iter().map(export).collect(),
        }
    }

    fn core_extern(&self, ty: EntityType) -> CoreExtern {
        match ty {
            EntityType::Func(id) | EntityType::FuncExact(id) => {
                let (parameters, results) = self.core_function(id);
                CoreExtern::Function { parameters, results }
            }
            EntityType::Tag(id) => CoreExtern::Tag { parameters: self.core_function(id).0 },
            EntityType::Table(table) => CoreExtern::Table {
                element: convert_reference(table.element_type),
                limits: Limits {
                    minimum: table.initial,
                    maximum: table.maximum,
                    is_64: table.table64,
                    is_shared: table.shared,
                },
            },
            EntityType::Memory(memory) => CoreExtern::Memory {
                limits: Limits {
                    minimum: memory.initial,
                    maximum: memory.maximum,
                    is_64: memory.memory64,
                    is_shared: memory.shared,
                },
                page_size_log2: memory.page_size_log2,
            },
            EntityType::Global(global) => CoreExtern::Global {
                content: core_value(global.content_type),
                mutable: global.mutable,
                shared: global.shared,
            },
        }
    }

    fn core_function(&self, id: wasmparser::types::CoreTypeId) -> (Vec<CoreValueType>, Vec<CoreValueType>) {
        match &self.types[id].composite_type.inner {
            CompositeInnerType::Func(function) => (
                function.params().iter().copied().map(core_value).collect(),
                function.results().iter().copied().map(core_value).collect(),
            ),
            CompositeInnerType::Array(_) | CompositeInnerType::Struct(_) | CompositeInnerType::Cont(_) => {
                (Vec::new(), Vec::new())
            }
        }
    }
}

fn convert_primitive(primitive: PrimitiveValType) -> Primitive {
    match primitive {
        PrimitiveValType::Bool => Primitive::Bool,
        PrimitiveValType::S8 => Primitive::S8,
        PrimitiveValType::U8 => Primitive::U8,
        PrimitiveValType::S16 => Primitive::S16,
        PrimitiveValType::U16 => Primitive::U16,
        PrimitiveValType::S32 => Primitive::S32,
        PrimitiveValType::U32 => Primitive::U32,
        PrimitiveValType::S64 => Primitive::S64,
        PrimitiveValType::U64 => Primitive::U64,
        PrimitiveValType::F32 => Primitive::F32,
        PrimitiveValType::F64 => Primitive::F64,
        PrimitiveValType::Char => Primitive::Char,
        PrimitiveValType::String => Primitive::String,
        PrimitiveValType::ErrorContext => Primitive::ErrorContext,
    }
}

/// The type of a core value.
pub(super) fn core_value(ty: ValType) -> CoreValueType {
    match ty {
        ValType::I32 => CoreValueType::I32,
        ValType::I64 => CoreValueType::I64,
        ValType::F32 => CoreValueType::F32,
        ValType::F64 => CoreValueType::F64,
        ValType::V128 => CoreValueType::V128,
        ValType::Ref(reference) => convert_reference(reference),
    }
}

fn convert_reference(reference: RefType) -> CoreValueType {
    let heap = match reference.heap_type() {
        HeapType::Abstract { shared: false, ty: AbstractHeapType::Func } => CoreHeapType::Func,
        HeapType::Abstract { shared: false, ty: AbstractHeapType::Extern } => CoreHeapType::Extern,
        HeapType::Abstract { shared: false, ty: AbstractHeapType::Exn } => CoreHeapType::Exception,
        HeapType::Abstract { .. } | HeapType::Concrete(_) | HeapType::Exact(_) => CoreHeapType::Other,
    };
    CoreValueType::Reference { nullable: reference.is_nullable(), heap }
}
