//! Components around random core modules of wasm-smith: what a module imports is imported, what it exports is exported, as far
//! as that can be said in WIT.
//!
//! Differs from `chance.rs`: these have every instruction, and come from people who want to break runtimes.

use arbitrary::Unstructured;
use wasm_smith::{Config, Module};
use wasmparser::{CompositeInnerType, ExternalKind, FuncType, Parser, Payload, SubType, TypeRef, ValType};

use crate::chance::Chance;

/// How many bytes of chance a module is made of.
const CHANCE: usize = 1 << 13;

/// One in so many of the functions that a module exports is exported by the component.
const EXPORTED: usize = 8;

/// What the modules may import, each with a type that WIT has.
const OFFERED: &str = r#"(module
    (import "x" "a" (func)) (import "x" "b" (func)) (import "x" "c" (func (param i32)))
    (import "x" "d" (func (result i32))) (import "x" "e" (func (param i64) (result i64)))
    (import "x" "f" (func (param f32 f64))))"#;

/// The component of a seed; `None` where chance makes none.
pub fn component(seed: u64) -> Option<Vec<u8>> {
    let chance = Chance::new(seed).bytes(CHANCE);
    let mut source = Unstructured::new(&chance);
    let config = Config {
        available_imports: Some(wat::parse_str(OFFERED).ok()?),
        min_imports: 3,
        max_imports: 8,
        min_funcs: 6,
        max_funcs: 24,
        max_instructions: 40,
        min_tables: 1,
        max_tables: 3,
        max_table_elements: 64,
        min_element_segments: 2,
        max_element_segments: 6,
        min_exports: 4,
        export_everything: true,
        max_memories: 1,
        max_memory32_bytes: 1 << 16,
        memory64_enabled: false,
        threads_enabled: false,
        custom_descriptors_enabled: false,
        shared_everything_threads_enabled: false,
        compact_imports_enabled: false,
        relaxed_simd_enabled: false,
        gc_enabled: seed.is_multiple_of(2),
        exceptions_enabled: seed.is_multiple_of(2),
        ..Config::default()
    };
    let module = Module::new(config, &mut source).ok()?.to_bytes();
    let (imports, exports) = outside(&module)?;
    // Where everything is exported, everything can be reached.
    let mut chance = Chance::new(seed);
    let exports: Functions =
        exports.into_iter().filter(|(_, ty)| signature(ty).is_some() && chance.once_in(EXPORTED)).collect();
    let text = wasmprinter::print_bytes(&module).expect("wasm-smith makes valid modules");
    let text = text.trim_end().strip_prefix("(module").expect("a module begins so");
    Some(wat::parse_str(around(text, &imports, &exports)).expect("the text is right"))
}

type Functions = Vec<(String, FuncType)>;

/// The functions that a module imports and exports; `None` if it wants anything else.
#[expect(clippy::wildcard_enum_match_arm, reason = "most sections have no functions")]
fn outside(module: &[u8]) -> Option<(Functions, Functions)> {
    let (mut types, mut functions, mut imports, mut exports) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload.ok()? {
            Payload::TypeSection(section) => {
                for group in section {
                    let group = group.ok()?;
                    let is_alone = group.types().len() == 1;
                    // What is lifted and lowered has a type that is nothing but its signature.
                    let plain = |ty: &SubType| {
                        let CompositeInnerType::Func(function) = &ty.composite_type.inner else {
                            return None;
                        };
                        let is_plain = is_alone && ty.is_final && ty.supertype_idxs.is_empty();
                        is_plain.then(|| function.clone())
                    };
                    types.extend(group.types().map(plain));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.ok()?;
                    let TypeRef::Func(ty) = import.ty else { return None };
                    functions.push(ty);
                    imports.push((import.name.to_owned(), types.get(ty as usize)?.clone()?));
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    functions.push(ty.ok()?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.ok()?;
                    if export.kind == ExternalKind::Func {
                        let ty = *functions.get(export.index as usize)?;
                        let ty = types.get(ty as usize)?.clone();
                        exports.extend(ty.map(|ty| (export.name.to_owned(), ty)));
                    }
                }
            }
            _ => {}
        }
    }
    Some((imports, exports))
}

/// The component around a module, of which all but the first word is given.
fn around(module: &str, imports: &Functions, exports: &Functions) -> String {
    let mut names: Vec<&str> = imports.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut text = String::from("(component (import \"x:y/z\" (instance $z");
    for name in &names {
        let ty = imports.iter().find(|(it, _)| it == name).and_then(|(_, ty)| signature(ty));
        text.push_str(&format!(" (export \"{name}\" (func{}))", ty.unwrap_or_default()));
    }
    text.push_str("))\n");
    for name in &names {
        text.push_str(&format!(
            "(alias export $z \"{name}\" (func ${name})) (core func ${name} (canon lower (func ${name})))\n"
        ));
    }
    let given: String = names.iter().map(|name| format!(" (export \"{name}\" (func ${name}))")).collect();
    text.push_str(&format!("(core module $m {module}\n(core instance $x{given})\n"));
    text.push_str("(core instance $i (instantiate $m (with \"x\" (instance $x))))\n");
    for (at, (name, ty)) in exports.iter().enumerate() {
        let signature = signature(ty).unwrap_or_default();
        let name: String = name.bytes().map(|byte| format!("\\{byte:02x}")).collect();
        text.push_str(&format!(
            "(func (export \"run{at}\"){signature} (canon lift (core func $i \"{name}\")))\n"
        ));
    }
    text.push(')');
    text
}

/// The type of a function as WIT has it; `None` if it cannot be said there.
fn signature(ty: &FuncType) -> Option<String> {
    let value = |ty: &ValType| match ty {
        ValType::I32 => Some("s32"),
        ValType::I64 => Some("s64"),
        ValType::F32 => Some("f32"),
        ValType::F64 => Some("f64"),
        ValType::V128 | ValType::Ref(_) => None,
    };
    if ty.params().len() > 16 || ty.results().len() > 1 {
        return None;
    }
    let mut text = String::new();
    for (at, parameter) in ty.params().iter().enumerate() {
        text.push_str(&format!(" (param \"p{at}\" {})", value(parameter)?));
    }
    for result in ty.results() {
        text.push_str(&format!(" (result {})", value(result)?));
    }
    Some(text)
}
