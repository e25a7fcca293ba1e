//! Validates a binary once: its structure in order, its function bodies in parallel.
//!
//! Differs from `surface.rs`: this asks whether the bytes are right, that asks what they offer and need.

use rayon::prelude::*;
use wasmparser::types::Types;
use wasmparser::{
    BinaryReaderError, FuncToValidate, FuncValidatorAllocations, FunctionBody, Parser, Payload, ValidPayload,
    Validator, ValidatorResources, WasmFeatures,
};

/// What validation leaves: the types, and the names at the root in order.
pub(super) struct Validated {
    pub(super) types: Types,
    pub(super) imports: Vec<String>,
    pub(super) exports: Vec<String>,
}

/// Why a binary is not valid.
#[derive(Debug)]
pub(super) struct Invalid {
    /// The words of the validator, in one line.
    pub(super) message: String,
    /// Where in the binary: a 0-based byte offset.
    pub(super) offset: u64,
}

impl From<BinaryReaderError> for Invalid {
    fn from(error: BinaryReaderError) -> Self {
        Self { message: error.message().to_owned(), offset: error.offset() }
    }
}

/// Validates a component or a core module.
pub(super) fn validate(bytes: &[u8], with_bodies: bool) -> Result<Validated, Invalid> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut bodies: Vec<(FuncToValidate<ValidatorResources>, FunctionBody<'_>)> = Vec::new();
    let mut types = None;
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        match &payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section.clone() {
                    imports.push(import?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section.clone() {
                    exports.push(export?.name.name.to_owned());
                }
            }
            _ => {}
        }
        match validator.payload(&payload)? {
            ValidPayload::Func(function, body) if with_bodies => bodies.push((function, body)),
            ValidPayload::End(all) => types = Some(all),
            ValidPayload::Ok | ValidPayload::Func(..) | ValidPayload::Parser(_) => {}
        }
    }
    validate_bodies(bodies)?;
    let ends_early = || Invalid { message: "the binary ends early".to_owned(), offset: bytes.len() as u64 };
    let types = types.ok_or_else(ends_early)?;
    Ok(Validated { types, imports, exports })
}

/// The bodies of all functions, in parallel; the error of the first in the file is the one reported.
fn validate_bodies(
    bodies: Vec<(FuncToValidate<ValidatorResources>, FunctionBody<'_>)>,
) -> Result<(), BinaryReaderError> {
    let check = |allocations: &mut FuncValidatorAllocations,
                 (function, body): (FuncToValidate<_>, FunctionBody<'_>)| {
        let mut validator = function.into_validator(std::mem::take(allocations));
        let result = validator.validate(&body);
        *allocations = validator.into_allocations();
        result.err()
    };
    let first = bodies
        .into_par_iter()
        .map_init(FuncValidatorAllocations::default, check)
        .flatten()
        .min_by_key(BinaryReaderError::offset);
    first.map_or(Ok(()), Err)
}
