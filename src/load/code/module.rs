//! Reads the sections of one core module, all but its function bodies.
//!
//! Differs from `body.rs`: these are few bytes, read in order.

use wasmparser::{
    BinaryReaderError, CompositeInnerType, ConstExpr, CustomSectionReader, Element, ElementItems,
    ElementKind, ExternalKind, KnownCustom, Name, Operator, Payload, SubType, Table, TableInit, TypeRef,
};

use super::body::as_constant;
use super::{Body, CoreSort, ModuleCode, Segment, Signature};
use crate::load::surface::core_value;
use crate::model::{CoreHeapType, CoreValueType};

type Result<T> = std::result::Result<T, BinaryReaderError>;

impl ModuleCode {
    /// Takes note of one section.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most sections say nothing about calls")]
    pub(super) fn take(&mut self, payload: &Payload<'_>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section.clone() {
                    let group = group?;
                    let is_alone = group.types().len() == 1;
                    self.types.extend(group.types().map(|ty| signature(ty).filter(|_| is_alone)));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports() {
                    let import = import?;
                    let sort = match import.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                            self.functions.push(ty);
                            self.imported_functions += 1;
                            CoreSort::Function
                        }
                        TypeRef::Table(_) => CoreSort::Table,
                        TypeRef::Memory(_) => CoreSort::Memory,
                        TypeRef::Global(_) => CoreSort::Global,
                        TypeRef::Tag(_) => CoreSort::Tag,
                    };
                    self.imports.push((import.module.to_owned(), import.name.to_owned(), sort));
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section.clone() {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for table in section.clone() {
                    self.table(&table?)?;
                }
            }
            Payload::GlobalSection(section) => {
                for global in section.clone() {
                    let taken = references(&global?.init_expr)?.functions;
                    self.taken.extend(taken);
                }
            }
            Payload::ExportSection(section) => {
                for export in section.clone() {
                    let export = export?;
                    self.exports.push((export.name.to_owned(), core_sort(export.kind), export.index));
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(*func),
            Payload::ElementSection(section) => {
                for element in section.clone() {
                    self.element(element?)?;
                }
            }
            Payload::CustomSection(section) => self.names(section),
            _ => {}
        }
        Ok(())
    }

    /// Whether all that is called, referred to and changed is there.
    pub(super) fn is_within_itself(&self) -> bool {
        let imported = self.imports.iter().filter(|(_, _, sort)| *sort == CoreSort::Table).count();
        let tables = imported + self.tables as usize;
        let is_function = |index: &u32| (*index as usize) < self.functions.len();
        let is_table = |index: &u32| (*index as usize) < tables;
        let is_type = |index: &u32| (*index as usize) < self.types.len();
        let body = |body: &Body| {
            body.calls.iter().chain(&body.taken).all(is_function)
                && body.reads.iter().chain(&body.writes).all(is_table)
                && body.indirect.iter().all(|call| is_table(&call.table) && is_type(&call.ty))
                && body.by_reference.iter().flatten().all(is_type)
        };
        let segment = |segment: &Segment| {
            is_table(&segment.table) && segment.functions.iter().flatten().all(is_function)
        };
        self.functions.len() == self.imported_functions as usize + self.bodies.len()
            && self.functions.iter().all(is_type)
            && self.taken.iter().chain(&self.start).all(is_function)
            && self.bodies.iter().all(body)
            && self.segments.iter().all(segment)
    }

    fn table(&mut self, table: &Table<'_>) -> Result<()> {
        let imported = self.imports.iter().filter(|(_, _, sort)| *sort == CoreSort::Table).count();
        let imported = u32::try_from(imported).expect("the validator bounds the number of imports");
        if let TableInit::Expr(expression) = &table.init {
            let found = references(expression)?;
            // Every element is this one, so that no offset says where it is.
            self.segments.push(Segment {
                table: imported + self.tables,
                offset: None,
                functions: found.functions.iter().copied().map(Some).collect(),
                has_unknown: found.has_unknown,
            });
            self.taken.extend(found.functions);
        }
        self.tables += 1;
        Ok(())
    }

    fn element(&mut self, element: Element<'_>) -> Result<()> {
        let mut segment = Segment::default();
        match element.items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    segment.functions.push(Some(function?));
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions {
                    let found = references(&expression?)?;
                    segment.has_unknown |= found.has_unknown || found.functions.len() > 1;
                    segment.functions.push(found.functions.first().copied());
                    self.taken.extend(found.functions.iter().skip(1));
                }
            }
        }
        match element.kind {
            ElementKind::Active { table_index, offset_expr } => {
                segment.table = table_index.unwrap_or(0);
                segment.offset = constant(&offset_expr)?;
                self.segments.push(segment);
            }
            ElementKind::Passive => self.taken.extend(segment.functions.into_iter().flatten()),
            // It lets bodies make references, which are counted there; its elements are gone before anything runs.
            ElementKind::Declared => {}
        }
        Ok(())
    }

    /// Names are only shown, and damaged ones are no reason to fail.
    fn names(&mut self, section: &CustomSectionReader<'_>) {
        let KnownCustom::Name(names) = section.as_known() else { return };
        for name in names.into_iter().map_while(std::result::Result::ok) {
            match name {
                Name::Module { name, .. } => self.name = Some(name.to_owned()),
                Name::Function(functions) => {
                    let functions = functions.into_iter().map_while(std::result::Result::ok);
                    self.names = functions.map(|naming| (naming.index, naming.name.to_owned())).collect();
                    self.names.sort_by_key(|(index, _)| *index);
                    self.names.dedup_by_key(|(index, _)| *index);
                }
                Name::Local(_)
                | Name::Label(_)
                | Name::Type(_)
                | Name::Table(_)
                | Name::Memory(_)
                | Name::Global(_)
                | Name::Element(_)
                | Name::Data(_)
                | Name::Field(_)
                | Name::Tag(_)
                | Name::Parameter(_)
                | Name::TagParameter(_)
                | Name::Unknown { .. } => {}
            }
        }
    }
}

/// The sort of a core item.
pub(super) fn core_sort(kind: ExternalKind) -> CoreSort {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => CoreSort::Function,
        ExternalKind::Table => CoreSort::Table,
        ExternalKind::Memory => CoreSort::Memory,
        ExternalKind::Global => CoreSort::Global,
        ExternalKind::Tag => CoreSort::Tag,
    }
}

/// The signature of a type that is nothing but one: final, without parents, of types that can be told apart.
fn signature(ty: &SubType) -> Option<Signature> {
    let composite = &ty.composite_type;
    let is_plain = ty.is_final
        && ty.supertype_idxs.is_empty()
        && !composite.shared
        && composite.descriptor_idx.is_none()
        && composite.describes_idx.is_none();
    let CompositeInnerType::Func(function) = &composite.inner else { return None };
    let parameters: Vec<_> = function.params().iter().copied().map(core_value).collect();
    let results: Vec<_> = function.results().iter().copied().map(core_value).collect();
    let is_other =
        |ty: &CoreValueType| matches!(ty, CoreValueType::Reference { heap: CoreHeapType::Other, .. });
    (is_plain && !parameters.iter().chain(&results).any(is_other))
        .then_some(Signature { parameters, results })
}

/// What a constant expression refers to.
#[derive(Default)]
struct References {
    functions: Vec<u32>,
    /// Whether it takes a value from elsewhere.
    has_unknown: bool,
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the other constants make no reference")]
fn references(expression: &ConstExpr<'_>) -> Result<References> {
    let mut found = References::default();
    for operator in expression.get_operators_reader() {
        match operator? {
            Operator::RefFunc { function_index } => found.functions.push(function_index),
            Operator::RefNull { .. } | Operator::End => {}
            Operator::I32Const { .. } | Operator::I64Const { .. } => {}
            _ => found.has_unknown = true,
        }
    }
    Ok(found)
}

/// The value of an expression that is one constant.
fn constant(expression: &ConstExpr<'_>) -> Result<Option<u64>> {
    let mut operators = expression.get_operators_reader();
    let first = as_constant(&operators.read()?);
    Ok(first.filter(|_| matches!(operators.read(), Ok(Operator::End))))
}
