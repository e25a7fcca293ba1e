//! Finds out which features of WebAssembly and of the component model a binary needs, and how large it is.
//!
//! Differs from `validate.rs`, which takes every feature for granted: here validation is asked what fails without one.

use wasmparser::WasmFeatures;

use super::validate::{Bodies, Invalid, Validated, validate_parts};
use super::{Component, Nested};
use crate::model::{Feature, Needs};

/// What not every engine has: features of the component model, then those of core modules beyond WebAssembly 2.0.
const CANDIDATES: &[(&str, WasmFeatures)] = &[
    ("async", WasmFeatures::CM_ASYNC),
    ("async-stackful", WasmFeatures::CM_ASYNC_STACKFUL),
    ("more-async-builtins", WasmFeatures::CM_MORE_ASYNC_BUILTINS),
    ("threading", WasmFeatures::CM_THREADING),
    ("error-context", WasmFeatures::CM_ERROR_CONTEXT),
    ("fixed-length-lists", WasmFeatures::CM_FIXED_LENGTH_LISTS),
    ("map", WasmFeatures::CM_MAP),
    ("implements", WasmFeatures::CM_IMPLEMENTS),
    ("nested-names", WasmFeatures::CM_NESTED_NAMES),
    ("values", WasmFeatures::CM_VALUES),
    ("cm-gc", WasmFeatures::CM_GC),
    ("cm-memory64", WasmFeatures::CM64),
    ("forward", WasmFeatures::CM_FORWARD),
    ("accessors", WasmFeatures::CM_ACCESSORS),
    ("memory64", WasmFeatures::MEMORY64),
    ("multi-memory", WasmFeatures::MULTI_MEMORY),
    ("gc", WasmFeatures::GC),
    ("function-references", WasmFeatures::FUNCTION_REFERENCES),
    ("exceptions", WasmFeatures::EXCEPTIONS),
    ("legacy-exceptions", WasmFeatures::LEGACY_EXCEPTIONS),
    ("threads", WasmFeatures::THREADS),
    ("tail-call", WasmFeatures::TAIL_CALL),
    ("relaxed-simd", WasmFeatures::RELAXED_SIMD),
    ("extended-const", WasmFeatures::EXTENDED_CONST),
    ("custom-page-sizes", WasmFeatures::CUSTOM_PAGE_SIZES),
    ("wide-arithmetic", WasmFeatures::WIDE_ARITHMETIC),
    ("stack-switching", WasmFeatures::STACK_SWITCHING),
];

/// What a component asks of an engine.
pub fn needs(component: &Component) -> Needs {
    let (components, modules) = count(&component.nested);
    Needs {
        features: least(&[&component.bytes], Bodies::All).map(|(_, features)| features).unwrap_or_default(),
        bytes: component.bytes.len() as u64,
        modules,
        components,
        depth: depth(&component.nested),
    }
}

/// The features that show in the structure of a component: all of the component model, and of core modules those that
/// need no look at function bodies. Finding the others takes as long as validation; [`needs`] does that.
pub fn structural_features(component: &Component) -> Vec<Feature> {
    least(&[&component.bytes], Bodies::None).map(|(_, features)| features).unwrap_or_default()
}

/// What nearly all engines have on.
fn base() -> WasmFeatures {
    WasmFeatures::WASM2 | WasmFeatures::COMPONENT_MODEL | WasmFeatures::GC_TYPES
}

/// Reads a binary with as few features on as it can be read with, and says which of them not every engine has: those without
/// which it is not valid. Most binaries need none, which one pass tells.
pub(super) fn least<'a>(
    parts: &[&'a [u8]],
    bodies: Bodies,
) -> Result<(Validated, Vec<Feature>), Invalid<'a>> {
    let mut found = WasmFeatures::empty();
    loop {
        let invalid = match validate_parts(parts, base() | found, bodies) {
            Ok(validated) => return Ok((validated, names(found))),
            Err(invalid) => invalid,
        };
        // What the smallest piece needs, the whole needs; a piece that refers to what lies around it is not valid by itself.
        let within = invalid.within.map(|within| [within]);
        let of_piece = within.as_ref().map_or(WasmFeatures::empty(), |piece| needed(piece, bodies));
        let more = if of_piece.is_empty() { needed(parts, bodies) } else { of_piece };
        if found.contains(more) {
            // It needs what has no name here, or is not valid at all.
            let validated = validate_parts(parts, WasmFeatures::all(), bodies)?;
            return Ok((validated, names(found)));
        }
        found |= more;
    }
}

fn names(features: WasmFeatures) -> Vec<Feature> {
    let found = CANDIDATES.iter().filter(|(_, one)| features.contains(*one));
    found.filter_map(|(name, _)| Feature::find(name)).collect()
}

/// The candidates without which something is not valid; none if it is not valid at all.
fn needed(parts: &[&[u8]], bodies: Bodies) -> WasmFeatures {
    let is_valid = |features| validate_parts(parts, features, bodies).is_ok();
    if is_valid(WasmFeatures::all()) { search(CANDIDATES, &is_valid) } else { WasmFeatures::empty() }
}

/// Those of the candidates without which it is not valid. It is tried without many at once, and by halves where that fails:
/// few are needed at all, and each try takes as long as a validation.
fn search(candidates: &[(&str, WasmFeatures)], is_valid: &dyn Fn(WasmFeatures) -> bool) -> WasmFeatures {
    let own = candidates.iter().fold(WasmFeatures::empty(), |all, (_, one)| all | *one);
    match candidates {
        _ if is_valid(WasmFeatures::all() - own) => WasmFeatures::empty(),
        [_] => own,
        _ => {
            let (first, second) = candidates.split_at(candidates.len() / 2);
            search(first, is_valid) | search(second, is_valid)
        }
    }
}

fn count(nested: &[Nested]) -> (usize, usize) {
    nested.iter().fold((0, 0), |(components, modules), it| {
        let within = count(&it.nested);
        let own = if it.is_component { (1, 0) } else { (0, 1) };
        (components + within.0 + own.0, modules + within.1 + own.1)
    })
}

fn depth(nested: &[Nested]) -> usize {
    nested.iter().filter(|it| it.is_component).map(|it| 1 + depth(&it.nested)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::component::assemble;
    use crate::model::FEATURES;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let binary = assemble(text).expect("the text is right");
        let (_, features) = least(&[&binary], Bodies::All).ok().expect("the text is valid");
        let found: Vec<_> = features.into_iter().map(Feature::name).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn only_what_is_used_is_needed() {
        check("(component (core module (func (result i32) i32.const 1)))", &[]);
        check("(component (core module (memory i64 1)))", &["memory64"]);
        check("(component (core module (memory 1) (memory 1)))", &["multi-memory"]);
        check("(component (core module (func $f return_call $f)))", &["tail-call"]);
        check("(component (core module (type (struct (field i32)))))", &["gc"]);
        check("(component (core module (tag)))", &["exceptions"]);
        check("(component (type (list u8 4)))", &["fixed-length-lists"]);
        check("(component (type (map string u8)))", &["map"]);
        check("(component (type (stream u8)))", &["async"]);
        check("(component (type error-context))", &["error-context"]);
        check(r#"(component (import "main" (implements "a:b/c") (instance)))"#, &["implements"]);
        check(
            "(component (type (future)) (component (core module (memory i64 1) (memory 1))))",
            &["async", "memory64", "multi-memory"],
        );
    }

    #[test]
    fn every_feature_is_looked_for() {
        let names: Vec<&str> = CANDIDATES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, FEATURES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }
}
