//! Validates a binary once: its structure in order, its function bodies in parallel.
//!
//! Differs from `surface.rs`: this asks whether the bytes are right, that asks what they offer and need.

use rayon::prelude::*;
use wasmparser::types::Types;
use wasmparser::{
    BinaryReader, BinaryReaderError, Chunk, FuncToValidate, FuncValidatorAllocations, FunctionBody, Parser,
    Payload, ValidPayload, Validator, ValidatorResources, WasmFeatures,
};

use super::Nested;
use super::diagnostics::{Fault, InvalidBinary, Truncated};
use super::locate::locate;
use super::nested::Nesting;
use crate::source::is_worth_threads;

/// Which function bodies are looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bodies {
    /// All of them.
    All,
    /// None: they are known to be valid, or are looked into elsewhere.
    None,
}

/// What validation leaves: the types, and the names at the root in order.
pub(super) struct Validated {
    pub(super) types: Types,
    pub(super) imports: Vec<String>,
    pub(super) exports: Vec<String>,
    pub(super) nested: Vec<Nested>,
}

/// What is not valid, and why.
pub(super) struct Invalid<'a> {
    pub(super) error: BinaryReaderError,
    /// The core module or the component that it lies in, innermost, where its bytes are in one piece; else the whole.
    pub(super) within: Option<&'a [u8]>,
}

/// Validates a component or a core module.
pub(super) fn validate(bytes: &[u8], bodies: Bodies) -> Result<Validated, Fault> {
    let read = read_parts(&[bytes], Reading::new(WasmFeatures::all(), bodies));
    read.map_err(|Invalid { error, .. }| match needed(bytes, error.offset()) {
        Some(needed) => Fault::Truncated(Truncated { actual: bytes.len() as u64, needed }),
        None => invalid(bytes, error.message(), error.offset()),
    })
}

/// What is wrong with a core module, its function bodies included.
pub(super) fn error_of(module: &[u8]) -> Option<BinaryReaderError> {
    let read = read_parts(&[module], Reading::new(WasmFeatures::all(), Bodies::All));
    read.err().map(|invalid| invalid.error)
}

/// A binary is not valid, as the byte at `offset` shows.
pub(super) fn invalid(bytes: &[u8], message: &str, offset: u64) -> Fault {
    let within = locate(bytes, offset);
    Fault::InvalidBinary(InvalidBinary { message: message.to_owned(), offset, within, from_text: false })
}

/// How many function bodies are gathered before they are validated, in parallel: enough that no thread waits, and few
/// enough that they take no memory to speak of.
const BATCH: usize = 4096;

/// Validates a binary where only these features are on. It may be in pieces, and is not put together first: no section
/// spans two pieces, but that the header of a nested component or module may end one and its content begin the next.
pub(super) fn validate_parts<'a>(
    parts: &[&'a [u8]],
    features: WasmFeatures,
    bodies: Bodies,
) -> Result<Validated, Invalid<'a>> {
    read_parts(parts, Reading::new(features, bodies))
}

fn read_parts<'a>(parts: &[&'a [u8]], mut reading: Reading<'a>) -> Result<Validated, Invalid<'a>> {
    let mut around = Around::default();
    match read_all(parts, &mut reading, &mut around).and_then(|()| reading.finish()) {
        Ok(validated) => Ok(validated),
        Err(error) => Err(Invalid { error, within: around.innermost() }),
    }
}

/// The components and core modules around the place that is being read, innermost last.
#[derive(Default)]
struct Around<'a>(Vec<Entered<'a>>);

/// A component or a core module that is being read.
struct Entered<'a> {
    /// Reads on after it.
    outer: Parser,
    /// The offset after it.
    end: u64,
    /// Its bytes, where they are in one piece.
    content: Option<&'a [u8]>,
}

impl<'a> Around<'a> {
    fn innermost(&self) -> Option<&'a [u8]> {
        self.0.last().and_then(|entered| entered.content)
    }

    /// Takes note of what starts in `rest`, and has `size` bytes.
    fn enter(&mut self, outer: Parser, end: u64, rest: &'a [u8], size: u64) {
        let content = usize::try_from(size).ok().and_then(|size| rest.get(..size));
        self.0.push(Entered { outer, end: end.min(self.end()), content });
    }

    fn leave(&mut self) -> Option<Parser> {
        self.0.pop().map(|entered| entered.outer)
    }

    fn end(&self) -> u64 {
        self.0.last().map_or(u64::MAX, |entered| entered.end)
    }
}

fn read_all<'a>(
    parts: &[&'a [u8]],
    reading: &mut Reading<'a>,
    around: &mut Around<'a>,
) -> Result<(), BinaryReaderError> {
    let mut parser = Parser::new(0);
    let mut parts = parts.iter().copied().peekable();
    let mut rest: &[u8] = parts.next().unwrap_or_default();
    loop {
        if rest.is_empty()
            && let Some(next) = parts.next()
        {
            rest = next;
        }
        let (consumed, payload) = match parser.parse(rest, parts.peek().is_none())? {
            Chunk::Parsed { consumed, payload } => (consumed, payload),
            Chunk::NeedMoreData(_) => {
                // Only a section that spans two pieces leads here; the parser says so once it is told that no more comes.
                rest = &[];
                continue;
            }
        };
        rest = &rest[consumed..];
        let mut inner = None;
        let mut skipped = None;
        if let Payload::ModuleSection { parser, unchecked_range }
        | Payload::ComponentSection { parser, unchecked_range } = &payload
        {
            inner = Some((parser.clone(), unchecked_range.clone()));
        } else if let Payload::CodeSectionStart { size, unchecked_range, .. } = &payload {
            let size = usize::try_from(*size).unwrap_or(usize::MAX);
            // What is cut off is for the parser to find.
            let is_whole = unchecked_range.end <= around.end() && size <= rest.len();
            skipped = (!reading.looks_into_bodies() && is_whole).then_some(size);
        }
        let is_end = matches!(payload, Payload::End(_));
        if let Some(size) = skipped {
            reading.skip(&payload)?;
            parser.skip_section();
            rest = &rest[size..];
        } else {
            reading.take(payload)?;
        }
        if let Some((inner, range)) = inner {
            let content = if rest.is_empty() { parts.peek().copied().unwrap_or_default() } else { rest };
            around.enter(
                std::mem::replace(&mut parser, inner),
                range.end,
                content,
                range.end.saturating_sub(range.start),
            );
        } else if is_end {
            match around.leave() {
                Some(outer) => parser = outer,
                None => return Ok(()),
            }
        }
    }
}

/// A validation on its way through the sections.
struct Reading<'a> {
    validator: Validator,
    wanted: Bodies,
    depth: usize,
    imports: Vec<String>,
    exports: Vec<String>,
    bodies: Vec<(FuncToValidate<ValidatorResources>, FunctionBody<'a>)>,
    types: Option<Types>,
    nesting: Nesting,
}

impl<'a> Reading<'a> {
    fn new(features: WasmFeatures, wanted: Bodies) -> Self {
        Self {
            validator: Validator::new_with_features(features),
            wanted,
            depth: 0,
            imports: Vec::new(),
            exports: Vec::new(),
            bodies: Vec::new(),
            types: None,
            nesting: Nesting::default(),
        }
    }

    fn looks_into_bodies(&self) -> bool {
        self.wanted == Bodies::All
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "most sections say nothing about this")]
    fn take(&mut self, payload: Payload<'a>) -> Result<(), BinaryReaderError> {
        match &payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => self.depth += 1,
            Payload::End(_) => self.depth = self.depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if self.depth == 0 => {
                for import in section.clone() {
                    self.imports.push(import?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if self.depth == 0 => {
                for export in section.clone() {
                    self.exports.push(export?.name.name.to_owned());
                }
            }
            _ => {}
        }
        self.nesting.take(&payload)?;
        match self.validator.payload(&payload)? {
            ValidPayload::Func(function, body) if self.looks_into_bodies() => {
                self.bodies.push((function, body));
                if self.bodies.len() == BATCH {
                    validate_bodies(&mut self.bodies)?;
                }
            }
            // The last one is that of the whole.
            ValidPayload::End(all) => self.types = Some(all),
            ValidPayload::Ok | ValidPayload::Func(..) | ValidPayload::Parser(_) => {}
        }
        Ok(())
    }

    /// A code section that is not looked into: the parser holds its count against that of the functions, and the validator
    /// has nothing to do with it but to copy its table of types for the bodies.
    fn skip(&mut self, payload: &Payload<'a>) -> Result<(), BinaryReaderError> {
        self.nesting.take(payload)
    }

    fn finish(mut self) -> Result<Validated, BinaryReaderError> {
        validate_bodies(&mut self.bodies)?;
        let types = self.types.expect("parsing goes on until an error or the end of the whole");
        let nested = self.nesting.finish();
        Ok(Validated { types, imports: self.imports, exports: self.exports, nested })
    }
}

/// Validates function bodies in parallel, and leaves none; the error of the first in the file is the one reported.
fn validate_bodies(
    bodies: &mut Vec<(FuncToValidate<ValidatorResources>, FunctionBody<'_>)>,
) -> Result<(), BinaryReaderError> {
    let check = |allocations: &mut FuncValidatorAllocations,
                 (function, body): (FuncToValidate<_>, FunctionBody<'_>)| {
        let mut validator = function.into_validator(std::mem::take(allocations));
        let result = validator.validate(&body);
        *allocations = validator.into_allocations();
        result.err()
    };
    let size: u64 = bodies.iter().map(|(_, body)| body.range().end - body.range().start).sum();
    if usize::try_from(size).is_ok_and(|size| !is_worth_threads(size)) {
        let mut allocations = FuncValidatorAllocations::default();
        let first = bodies.drain(..).find_map(|body| check(&mut allocations, body));
        return first.map_or(Ok(()), Err);
    }
    let first = bodies
        .par_drain(..)
        .map_init(FuncValidatorAllocations::default, check)
        .flatten()
        .min_by_key(BinaryReaderError::offset);
    first.map_or(Ok(()), Err)
}

/// How many bytes the sections of a binary need, if it ends within one of them, and is right up to there: the error,
/// whose offset is given, is in that last one.
fn needed(bytes: &[u8], error: u64) -> Option<u64> {
    let total = bytes.len() as u64;
    let mut start = 8_u64;
    while start < total && start <= error {
        let rest = bytes.get(usize::try_from(start).ok()?..)?;
        // The identifier of the section, one byte, then its size.
        let mut reader = BinaryReader::new(rest.get(1..)?, 1);
        let Ok(size) = reader.read_var_u32() else {
            return (rest.len() < 6).then_some(total + 1);
        };
        let end = start + reader.original_position() + u64::from(size);
        if end > total {
            return Some(end);
        }
        start = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::component::assemble;

    fn binary(text: &str) -> Vec<u8> {
        assemble(text).expect("the text is right")
    }

    #[track_caller]
    fn check_place(text: &str, expected: &[&str]) {
        match validate(&binary(text), Bodies::All) {
            Err(Fault::InvalidBinary(invalid)) => assert_eq!(invalid.within, expected, "{invalid:?}"),
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("it is valid"),
        }
    }

    #[test]
    fn a_mistake_is_placed_in_what_is_nested() {
        check_place("(module (func (result i32)))", &["function 0"]);
        check_place(
            r#"(component
                (core module)
                (component (core module (func)))
                (component (core module (import "a" "b" (func)) (func) (func $bad i32.add drop))))"#,
            &["component 1", "core module 0", "function 2 \"bad\""],
        );
        check_place(r#"(component (export "a" (func 3)))"#, &[]);
        check_place(r#"(component (component (export "a" (func 3))))"#, &["component 0"]);
    }

    #[test]
    fn a_wrong_size_is_not_taken_for_an_early_end() {
        let mut damaged = binary("(component (core module) (type u8) (type u16))");
        // The second section becomes unknown, and what follows it reads as one of a wrong size.
        let at = damaged.len() - 8;
        damaged[at..].copy_from_slice(&[0x70, 1, 0, 7, 0x7f, 1, 1, 1]);
        assert!(matches!(validate(&damaged, Bodies::All), Err(Fault::InvalidBinary(_))));
    }

    #[test]
    fn every_cut_of_a_binary_is_refused() {
        let whole = binary(
            r#"(component
                (core module $m (func (export "f")) (data "0123456789"))
                (core instance $i (instantiate $m))
                (func (export "f") (canon lift (core func $i "f"))))"#,
        );
        assert!(validate(&whole, Bodies::All).is_ok());
        for length in 9..whole.len() {
            match validate(&whole[..length], Bodies::All) {
                Err(Fault::Truncated(truncated)) => {
                    assert_eq!(truncated.actual, length as u64);
                    assert!(truncated.needed > length as u64 && truncated.needed <= whole.len() as u64);
                }
                Err(other) => panic!("{length}: {other:?}"),
                // Only between two sections at the root can it be cut without anyone seeing it.
                Ok(_) => assert_eq!(needed(&whole[..length], u64::MAX), None),
            }
        }
    }
}
