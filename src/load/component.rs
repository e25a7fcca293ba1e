//! From the bytes of one binary input to a validated component with its surface.
//!
//! Differs from `componentise.rs`: this takes what is there, that makes a component of a core module first.

use std::sync::Arc;

use super::detect::Format;
use super::diagnostics::{CannotComponentise, InvalidBinary, InvalidWat, PlainCoreModule};
use super::{componentise, surface, validate};
use crate::diag::Diagnostic;
use crate::model::Surface;
use crate::source::{Bytes, SourceId};

/// A component without its name.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) bytes: Bytes,
    pub(super) surface: Surface,
}

/// One binary input, read and recognised.
pub(super) struct Binary {
    /// The source that diagnostics point at.
    pub(super) source: SourceId,
    /// The name that reports show.
    pub(super) name: String,
    /// What its first bytes say.
    pub(super) format: Format,
    /// All its bytes.
    pub(super) bytes: Vec<u8>,
    /// The encoded world to embed first, for a core module without metadata.
    pub(super) metadata: Option<Vec<u8>>,
}

/// Decodes one input; the error is ready to be reported.
pub(super) fn decode(binary: Binary, with_bodies: bool) -> Result<Decoded, Diagnostic> {
    let Binary { source, name, format, bytes, metadata } = binary;
    let bytes = if format == Format::WasmText { assemble(source, &name, &bytes)? } else { bytes };
    let bytes = if wasmparser::Parser::is_component(&bytes) {
        bytes
    } else {
        // A module that is not valid is said to be so, rather than what the encoder makes of it.
        let invalid = |invalid| InvalidBinary { source, name: name.clone(), invalid };
        validate::validate(&bytes, with_bodies).map_err(invalid)?;
        match componentise::componentise(bytes, metadata) {
            Ok(Some(component)) => component,
            Ok(None) => return Err(PlainCoreModule { source, name }.into()),
            Err(reason) => return Err(CannotComponentise { source, name, reason }.into()),
        }
    };
    let invalid = |invalid| InvalidBinary { source, name: name.clone(), invalid };
    let validated = validate::validate(&bytes, with_bodies).map_err(invalid)?;
    let surface = surface::surface(&validated);
    Ok(Decoded { bytes: Arc::new(bytes), surface })
}

/// Assembles the text format.
fn assemble(source: SourceId, name: &str, text: &[u8]) -> Result<Vec<u8>, Diagnostic> {
    let invalid = |message: String| InvalidWat { source, name: name.to_owned(), message, offset: 0 };
    let text = std::str::from_utf8(text).map_err(|_| invalid("it is not UTF-8".to_owned()))?;
    let binary = wat::parse_str(text.trim_start_matches('\u{feff}'));
    Ok(binary.map_err(|error| invalid(error.to_string()))?)
}
