//! From the bytes of one binary input to a validated component with its surface.
//!
//! Differs from `inputs.rs`: that looks after all inputs and their order, this after one, on any thread.

use wasmparser::Parser;

use super::diagnostics::{CannotComponentise, Fault, InvalidWat, PlainCoreModule, TooLargeSurface};
use super::validate::{Bodies, Validated, validate};
use super::{Nested, componentise, surface};
use crate::model::{Definition, ItemKind, Surface};
use crate::source::Bytes;

/// A component without its name.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) bytes: Bytes,
    pub(super) surface: Surface,
    pub(super) nested: Vec<Nested>,
}

/// Decodes one binary: a component, or a core module of which one is made.
///
/// `metadata` is a custom section to add first, to a core module that has none.
pub(super) fn decode(bytes: Bytes, metadata: Option<&[u8]>, bodies: Bodies) -> Result<Decoded, Fault> {
    if Parser::is_component(&bytes) {
        let validated = validate(&bytes, bodies)?;
        return finish(bytes, validated);
    }
    // The module first: what is wrong with it is better said in its own terms than in those of the encoder.
    validate(&bytes, bodies)?;
    let component = match componentise::componentise(bytes.into_vec(), metadata) {
        Ok(Some(component)) => component,
        Ok(None) => return Err(Fault::PlainCoreModule(PlainCoreModule)),
        Err(reason) => return Err(Fault::CannotComponentise(reason)),
    };
    let invalid = |_| Fault::CannotComponentise(CannotComponentise::not_valid());
    let validated = validate(&component, Bodies::None).map_err(invalid)?;
    finish(component.into(), validated)
}

fn finish(bytes: Bytes, validated: Validated) -> Result<Decoded, Fault> {
    let surface = surface::surface(&validated).ok_or(Fault::TooLargeSurface(TooLargeSurface))?;
    Ok(Decoded { bytes, surface, nested: validated.nested })
}

impl Decoded {
    /// Whether this is a WIT package in binary form: it exports the types of components, and nothing else at all.
    pub(super) fn is_wit_package(&self) -> bool {
        let Surface { imports, exports, types } = &self.surface;
        let is_component_type = |kind: &ItemKind| match kind {
            ItemKind::Type(id) => *types.resolve(*id) == Definition::Opaque("component type"),
            ItemKind::Function(_)
            | ItemKind::Value(_)
            | ItemKind::Instance(_)
            | ItemKind::Component(_)
            | ItemKind::CoreModule(_) => false,
        };
        imports.is_empty()
            && self.nested.is_empty()
            && !exports.is_empty()
            && exports.values().all(|item| is_component_type(&item.kind))
    }
}

/// Assembles the text format; the error knows its place in `text`.
pub(super) fn assemble(text: &str) -> Result<Vec<u8>, InvalidWat> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let invalid = |error: wast::Error| InvalidWat {
        message: error.message(),
        offset: start + error.span().offset().min(text.len() - start),
    };
    let buffer = wast::parser::ParseBuffer::new(&text[start..]).map_err(invalid)?;
    let mut parsed = wast::parser::parse::<wast::Wat<'_>>(&buffer).map_err(invalid)?;
    parsed.encode().map_err(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_wat(text: &str, expected: Result<(), (usize, &str)>) {
        let found = assemble(text).map(drop);
        let found = found.as_ref().map_err(|error| (error.offset, error.message.as_str()));
        match (found, expected) {
            (Ok(()), Ok(())) => {}
            (Err((at, message)), Err((offset, words))) => {
                assert_eq!(at, offset, "{message}");
                assert!(message.contains(words), "{message}");
            }
            (found, expected) => panic!("expected {expected:?}, found {found:?}"),
        }
    }

    #[test]
    fn a_mistake_in_text_has_its_place() {
        check_wat("(component)", Ok(()));
        check_wat("\u{feff}(module)", Ok(()));
        check_wat("(component (hello))", Err((12, "expected valid component field")));
        check_wat("(module (func $a) (func $a))", Err((24, "duplicate")));
        check_wat("(module (func call $b))", Err((19, "unknown func")));
        check_wat("\u{feff}(module", Err((10, "expected")));
        check_wat(&"(".repeat(100_000), Err((1, "expected")));
        check_wat(&"(component ".repeat(100_000), Err((1101, "nesting too deep")));
    }

    #[track_caller]
    fn check_package(text: &str, expected: bool) {
        let binary = assemble(text).expect("the text is right");
        let decoded = decode(binary.into(), None, Bodies::All).expect("the component is valid");
        assert_eq!(decoded.is_wit_package(), expected);
    }

    #[test]
    fn wit_in_binary_form_is_told_apart() {
        check_package("(component)", false);
        check_package(r#"(component (type (component)) (export "a" (type 0)))"#, true);
        check_package(r#"(component (type (instance)) (export "a" (type 0)))"#, false);
        check_package(r#"(component (import "b" (func)) (type (component)) (export "a" (type 0)))"#, false);
    }
}
