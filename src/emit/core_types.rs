//! Writes the type of a core module, for an import that is one.

use wasm_encoder::{
    AbstractHeapType, EntityType, GlobalType, HeapType, MemoryType, ModuleType, RefType, TableType, TagKind,
    TagType, ValType,
};

use crate::model::{CoreExtern, CoreHeapType, CoreModuleType, CoreValueType};

/// The type; `None` if it has parts that witc does not tell apart.
pub(super) fn module_type(module: &CoreModuleType) -> Option<ModuleType> {
    let mut written = ModuleType::new();
    for (module, name, ty) in &module.imports {
        let ty = entity(&mut written, ty)?;
        written.import(module, name, ty);
    }
    for (name, ty) in &module.exports {
        let ty = entity(&mut written, ty)?;
        written.export(name, ty);
    }
    Some(written)
}

fn entity(module: &mut ModuleType, ty: &CoreExtern) -> Option<EntityType> {
    Some(match ty {
        CoreExtern::Function { parameters, results } => {
            EntityType::Function(function(module, parameters, results)?)
        }
        CoreExtern::Tag { parameters } => {
            let func_type_idx = function(module, parameters, &[])?;
            EntityType::Tag(TagType { kind: TagKind::Exception, func_type_idx })
        }
        CoreExtern::Table { element, limits } => {
            let ValType::Ref(element_type) = value(*element)? else { return None };
            EntityType::Table(TableType {
                element_type,
                table64: limits.is_64,
                minimum: limits.minimum,
                maximum: limits.maximum,
                shared: limits.is_shared,
            })
        }
        CoreExtern::Memory { limits, page_size_log2 } => EntityType::Memory(MemoryType {
            minimum: limits.minimum,
            maximum: limits.maximum,
            memory64: limits.is_64,
            shared: limits.is_shared,
            page_size_log2: *page_size_log2,
        }),
        CoreExtern::Global { content, mutable, shared } => {
            EntityType::Global(GlobalType { val_type: value(*content)?, mutable: *mutable, shared: *shared })
        }
    })
}

fn function(module: &mut ModuleType, parameters: &[CoreValueType], results: &[CoreValueType]) -> Option<u32> {
    let values = |types: &[CoreValueType]| types.iter().copied().map(value).collect::<Option<Vec<_>>>();
    let (parameters, results) = (values(parameters)?, values(results)?);
    let index = module.type_count();
    module.ty().function(parameters, results);
    Some(index)
}

fn value(ty: CoreValueType) -> Option<ValType> {
    Some(match ty {
        CoreValueType::I32 => ValType::I32,
        CoreValueType::I64 => ValType::I64,
        CoreValueType::F32 => ValType::F32,
        CoreValueType::F64 => ValType::F64,
        CoreValueType::V128 => ValType::V128,
        CoreValueType::Reference { nullable, heap } => {
            let ty = match heap {
                CoreHeapType::Func => AbstractHeapType::Func,
                CoreHeapType::Extern => AbstractHeapType::Extern,
                CoreHeapType::Exception => AbstractHeapType::Exn,
                CoreHeapType::Other => return None,
            };
            ValType::Ref(RefType { nullable, heap_type: HeapType::Abstract { shared: false, ty } })
        }
    })
}
