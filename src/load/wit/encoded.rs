//! WIT packages that are encoded as WebAssembly, as they may lie in `deps/`: read as the text that they stand for.
//!
//! Differs from `load/component.rs`: that loads a component to link, this a package to resolve names against.

use crate::diag::{Diagnostic, quoted};
use crate::load::component::{assemble, decode};
use crate::load::detect::{Format, detect};
use crate::load::diagnostics::{At, Fault};
use crate::load::validate::Bodies;
use crate::load::wit_text::decode_to_text;
use crate::source::{SourceId, Span};

use super::diagnostics::NotWitPackage;

/// The text of an encoded package, with what it uses of other packages nested in it.
pub(super) fn to_text(source: SourceId, name: &str, bytes: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    let fault =
        |fault: Fault| -> Box<Diagnostic> { Box::new(At { source, name: name.to_owned(), fault }.into()) };
    let binary = if detect(&bytes) == Format::WasmText {
        let text = String::from_utf8_lossy(&bytes);
        assemble(&text).map_err(|invalid| fault(Fault::InvalidWat(invalid)))?
    } else {
        bytes
    };
    let not_package = |reason: String| -> Box<Diagnostic> {
        let span = Span::start_of(source);
        Box::new(NotWitPackage { span, name: quoted(name), reason }.into())
    };
    if !wasmparser::Parser::is_component(&binary) {
        return Err(not_package("no component, as which WIT is encoded".to_owned()));
    }
    let decoded = decode(binary.into(), None, Bodies::None).map_err(fault)?;
    if !decoded.is_wit_package() {
        return Err(not_package("a component, not a package".to_owned()));
    }
    decode_to_text(&decoded.bytes, &decoded.surface).map_err(not_package)
}
