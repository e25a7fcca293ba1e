//! Reads how components are put together, and all function bodies within, in one parallel pass.
//!
//! Differs from `module.rs`: this knows index spaces of components and what is nested, that one core module.

use rayon::prelude::*;
use wasmparser::{
    BinaryReaderError, CanonicalFunction, CanonicalOption, ComponentAlias, ComponentExternalKind,
    ComponentInstance, ComponentOuterAliasKind, ComponentType, CustomSectionReader, FunctionBody, Instance,
    KnownCustom, Parser, Payload,
};

use super::body::body;
use super::module::core_sort;
use super::{Body, Code, CodeDefinition, ComponentCode, ModuleCode, Starts};
use crate::load::Component;
use crate::model::Sort;

type Result<T> = std::result::Result<T, BinaryReaderError>;

/// Reads the code of a component; `None` if it cannot be read, and then anything may be called.
pub fn read_code(component: &Component) -> Option<Code> {
    code(&component.bytes).ok().flatten()
}

fn code(bytes: &[u8]) -> Result<Option<Code>> {
    let mut reading = Reading::default();
    for payload in Parser::new(0).parse_all(bytes) {
        reading.take(payload?)?;
    }
    let Reading { mut code, bodies, .. } = reading;
    let scan = |(module, function): (usize, FunctionBody<'_>)| Ok((module, body(&function)?));
    let bodies: Vec<(usize, Body)> = bodies.into_par_iter().map(scan).collect::<Result<_>>()?;
    for (module, body) in bodies {
        code.modules[module].bodies.push(body);
    }
    // What is known to be valid is not validated again, and what is known may be wrong.
    match code.modules.iter().all(ModuleCode::is_within_itself) {
        true => Ok(Some(code)),
        false => Ok(None),
    }
}

/// What is being read: a component or a core module.
#[derive(Clone, Copy)]
enum Place {
    Component(usize),
    Module(usize),
}

#[derive(Default)]
struct Reading<'a> {
    code: Code,
    around: Vec<Place>,
    /// Set by the header of a nested section: what the next version header is of.
    next: Option<Place>,
    bodies: Vec<(usize, FunctionBody<'a>)>,
}

impl<'a> Reading<'a> {
    fn take(&mut self, payload: Payload<'a>) -> Result<()> {
        match (&payload, self.around.last().copied()) {
            (Payload::Version { .. }, _) => {
                let place = self.next.take().unwrap_or_else(|| self.new_component());
                self.around.push(place);
            }
            (Payload::End(_), _) => {
                self.around.pop();
            }
            (Payload::ModuleSection { .. }, Some(Place::Component(component))) => {
                self.code.modules.push(ModuleCode::default());
                let module = self.code.modules.len() - 1;
                self.next = Some(Place::Module(module));
                self.define(component, CodeDefinition::CoreModule(module));
            }
            (Payload::ComponentSection { .. }, Some(Place::Component(component))) => {
                let nested = self.new_component();
                self.next = Some(nested);
                if let Place::Component(nested) = nested {
                    self.define(component, CodeDefinition::Component(nested));
                }
            }
            (Payload::CodeSectionEntry(body), Some(Place::Module(module))) => {
                self.bodies.push((module, body.clone()));
            }
            (payload, Some(Place::Module(module))) => {
                if let Payload::CustomSection(section) = payload {
                    let tools = self.tools(section);
                    self.code.modules[module].tools.extend(tools);
                }
                self.code.modules[module].take(payload)?;
            }
            (payload, Some(Place::Component(component))) => self.section(component, payload)?,
            (_, None) => {}
        }
        Ok(())
    }

    fn new_component(&mut self) -> Place {
        self.code.components.push(ComponentCode::default());
        Place::Component(self.code.components.len() - 1)
    }

    fn define(&mut self, component: usize, definition: CodeDefinition) {
        self.code.components[component].definitions.push(definition);
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "most sections say nothing about calls")]
    fn section(&mut self, component: usize, payload: &Payload<'a>) -> Result<()> {
        let definitions = &mut self.code.components[component].definitions;
        match payload {
            Payload::InstanceSection(section) => {
                for instance in section.clone() {
                    definitions.push(core_instance(instance?));
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section.clone() {
                    definitions.push(component_instance(instance?));
                }
            }
            Payload::ComponentAliasSection(section) => {
                for it in section.clone() {
                    definitions.extend(alias(&it?));
                }
            }
            Payload::ComponentTypeSection(section) => {
                for ty in section.clone() {
                    if let ComponentType::Resource { dtor: Some(function), .. } = ty? {
                        definitions.push(CodeDefinition::Destructor(function));
                    }
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for function in section.clone() {
                    definitions.push(canonical(&function?));
                }
            }
            Payload::ComponentStartSection { start, .. } => {
                definitions.push(CodeDefinition::Start(start.func_index));
            }
            Payload::ComponentImportSection(section) => {
                for import in section.clone() {
                    let import = import?;
                    let name = import.name.name.to_owned();
                    definitions.push(CodeDefinition::Import { name, sort: sort(import.ty.kind()) });
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.clone() {
                    let export = export?;
                    let (name, index) = (export.name.name.to_owned(), export.index);
                    definitions.push(CodeDefinition::Export { name, sort: sort(export.kind), index });
                }
            }
            Payload::CustomSection(section) => {
                self.tools(section);
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes note of the tools that a section names, and gives their names. Who made it is only shown, and a damaged note is
    /// no reason to fail.
    fn tools(&mut self, section: &CustomSectionReader<'_>) -> Vec<String> {
        let KnownCustom::Producers(fields) = section.as_known() else { return Vec::new() };
        let mut names = Vec::new();
        for field in fields.into_iter().map_while(std::result::Result::ok) {
            if field.name == "processed-by" {
                for value in field.values.into_iter().map_while(std::result::Result::ok) {
                    names.push(value.name.to_owned());
                    self.code.tools.insert(value.name.to_owned());
                }
            }
        }
        names
    }
}

fn core_instance(instance: Instance<'_>) -> CodeDefinition {
    match instance {
        Instance::Instantiate { module_index, args } => CodeDefinition::CoreInstance {
            module: module_index,
            arguments: args.iter().map(|argument| (argument.name.to_owned(), argument.index)).collect(),
        },
        Instance::FromExports(parts) => CodeDefinition::CoreBundle(
            parts.iter().map(|part| (part.name.to_owned(), core_sort(part.kind), part.index)).collect(),
        ),
    }
}

fn component_instance(instance: ComponentInstance<'_>) -> CodeDefinition {
    match instance {
        ComponentInstance::Instantiate { component_index, args } => CodeDefinition::Instance {
            component: component_index,
            arguments: args.iter().map(|it| (it.name.to_owned(), sort(it.kind), it.index)).collect(),
        },
        ComponentInstance::FromExports(parts) => CodeDefinition::Bundle(
            parts.iter().map(|part| (part.name.name.to_owned(), sort(part.kind), part.index)).collect(),
        ),
    }
}

/// `None` for an alias of a type.
fn alias(alias: &ComponentAlias<'_>) -> Option<CodeDefinition> {
    Some(match alias {
        ComponentAlias::InstanceExport { kind, instance_index, name } => {
            CodeDefinition::Alias { instance: *instance_index, name: (*name).to_owned(), sort: sort(*kind) }
        }
        ComponentAlias::CoreInstanceExport { kind, instance_index, name } => CodeDefinition::CoreAlias {
            instance: *instance_index,
            name: (*name).to_owned(),
            sort: core_sort(*kind),
        },
        ComponentAlias::Outer { kind, count, index } => {
            let sort = match kind {
                ComponentOuterAliasKind::CoreModule => Sort::CoreModule,
                ComponentOuterAliasKind::Component => Sort::Component,
                ComponentOuterAliasKind::CoreType | ComponentOuterAliasKind::Type => return None,
            };
            CodeDefinition::OuterAlias { count: *count, sort, index: *index }
        }
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the rest of the canonical ABI calls nothing of the component"
)]
fn canonical(function: &CanonicalFunction) -> CodeDefinition {
    let built_in = |options: &[CanonicalOption], starts| CodeDefinition::BuiltIn {
        options: functions_of(options),
        starts,
    };
    match function {
        CanonicalFunction::Lift { core_func_index, options, .. } => {
            CodeDefinition::Lift { function: *core_func_index, options: functions_of(options) }
        }
        CanonicalFunction::Lower { func_index, options } => {
            CodeDefinition::Lower { function: *func_index, options: functions_of(options) }
        }
        CanonicalFunction::ThreadSpawnRef { .. } => built_in(&[], Starts::ByReference),
        CanonicalFunction::ThreadSpawnIndirect { table_index, .. }
        | CanonicalFunction::ThreadNewIndirect { table_index, .. } => {
            built_in(&[], Starts::FromTable(*table_index))
        }
        CanonicalFunction::TaskReturn { options, .. }
        | CanonicalFunction::StreamRead { options, .. }
        | CanonicalFunction::StreamWrite { options, .. }
        | CanonicalFunction::FutureRead { options, .. }
        | CanonicalFunction::FutureWrite { options, .. }
        | CanonicalFunction::ErrorContextNew { options }
        | CanonicalFunction::ErrorContextDebugMessage { options } => built_in(options, Starts::Nothing),
        _ => built_in(&[], Starts::Nothing),
    }
}

/// The core functions among the options of a function.
fn functions_of(options: &[CanonicalOption]) -> Vec<u32> {
    let function = |option: &CanonicalOption| match option {
        CanonicalOption::Realloc(index)
        | CanonicalOption::PostReturn(index)
        | CanonicalOption::Callback(index) => Some(*index),
        CanonicalOption::UTF8
        | CanonicalOption::UTF16
        | CanonicalOption::CompactUTF16
        | CanonicalOption::Memory(_)
        | CanonicalOption::Async
        | CanonicalOption::CoreType(_)
        | CanonicalOption::Gc => None,
    };
    options.iter().filter_map(function).collect()
}

fn sort(kind: ComponentExternalKind) -> Sort {
    match kind {
        ComponentExternalKind::Module => Sort::CoreModule,
        ComponentExternalKind::Func => Sort::Function,
        ComponentExternalKind::Value => Sort::Value,
        ComponentExternalKind::Type => Sort::Type,
        ComponentExternalKind::Instance => Sort::Instance,
        ComponentExternalKind::Component => Sort::Component,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::code::{CoreSort, IndirectCall};
    use crate::load::component::assemble;

    fn read(text: &str) -> Code {
        code(&assemble(text).expect("the text is right")).expect("it is valid").expect("it is whole")
    }

    #[test]
    fn bodies_say_what_they_call() {
        let code = read(
            r#"(component (core module
                (type $t (func))
                (import "a" "b" (func $b))
                (import "a" "t" (table $t 1 funcref))
                (table $own 3 funcref)
                (func $f call $b call $g call $b)
                (func $g (call_indirect $own (type $t) (i32.const 2)))
                (func $h (param i32) (call_indirect $t (type $t) (local.get 0)) (table.set $own (i32.const 0) (ref.func $f)))
                (elem (table $own) (i32.const 1) func $g $h)
                (elem declare func $f)
                (start $f)))"#,
        );
        let module = &code.modules[0];
        assert_eq!(module.bodies[0].calls, [0, 2]);
        assert_eq!(module.bodies[1].indirect, [IndirectCall { table: 1, ty: 0, element: Some(2) }]);
        assert_eq!(module.bodies[2].indirect, [IndirectCall { table: 0, ty: 0, element: None }]);
        assert_eq!(
            (module.bodies[2].writes.as_slice(), module.bodies[2].taken.as_slice()),
            (&[1][..], &[1][..])
        );
        assert_eq!(module.segments[0].offset, Some(1));
        // What is only declared is no reference yet.
        assert_eq!((module.taken.as_slice(), module.start), (&[][..], Some(1)));
        assert_eq!(module.function_name(2), Some("g"));
    }

    #[test]
    fn any_number_of_tools_is_read_in_the_time_that_it_takes_to_read_them() {
        // Were each held against those before it, this would be twenty thousand million comparisons.
        const COUNT: usize = 200_000;
        let tools = (0..COUNT).map(|at| format!("(processed-by \"t{at:06}\" \"1\")"));
        let code = read(&format!("(component (@producers {}))", tools.collect::<String>()));
        assert_eq!(code.tools.len(), COUNT);
    }

    #[test]
    fn nested_components_are_read_in_order() {
        let code = read(
            r#"(component
                (core module $m (func (export "f")))
                (component $c (core module (func (export "g"))))
                (core instance $i (instantiate $m))
                (func $f (canon lift (core func $i "f")))
                (instance $n (instantiate $c))
                (export "f" (func $f)))"#,
        );
        assert_eq!((code.components.len(), code.modules.len()), (2, 2));
        let kinds: Vec<_> = code.components[0].definitions.iter().map(|it| format!("{it:?}")).collect();
        assert!(kinds[0].starts_with("CoreModule(0)") && kinds[1].starts_with("Component(1)"), "{kinds:?}");
        assert!(matches!(code.components[0].definitions.last(), Some(CodeDefinition::Export { .. })));
        assert_eq!(code.modules[0].exports, [("f".to_owned(), CoreSort::Function, 0)]);
    }
}
