//! Makes a component of a core module that carries WIT metadata, with the WASI preview 1 adapter it needs.
//!
//! Differs from `component.rs`: that takes components as they are, this makes them.

use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER,
    WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

/// The component of a core module; `None` if it has no metadata that says what world it is for.
///
/// `metadata` is the section to add first.
pub(super) fn componentise(
    mut module: Vec<u8>,
    metadata: Option<Vec<u8>>,
) -> Result<Option<Vec<u8>>, String> {
    if let Some(section) = metadata {
        module.extend(section);
    }
    let needs = Needs::of(&module);
    if !needs.has_metadata {
        return Ok(None);
    }
    encode(&module, &needs).map(Some).map_err(|error| format!("{error:#}"))
}

fn encode(module: &[u8], needs: &Needs) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let mut encoder = ComponentEncoder::default();
    encoder.validate(false).module(module)?;
    if needs.preview1 {
        let adapter = match needs.has_start {
            true => WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER,
            false => WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
        };
        encoder.adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, adapter)?;
    }
    Ok(encoder.encode()?)
}

/// What a core module asks of its component.
#[derive(Debug, Default)]
struct Needs {
    has_metadata: bool,
    preview1: bool,
    has_start: bool,
}

impl Needs {
    fn of(module: &[u8]) -> Self {
        let mut needs = Self::default();
        for payload in Parser::new(0).parse_all(module).map_while(Result::ok) {
            match payload {
                Payload::CustomSection(section) if section.name().starts_with("component-type") => {
                    needs.has_metadata = true;
                }
                Payload::ImportSection(imports) => {
                    let mut imports = imports.into_imports().map_while(Result::ok);
                    needs.preview1 |=
                        imports.any(|import| import.module == WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME);
                }
                Payload::ExportSection(exports) => {
                    needs.has_start |=
                        exports.into_iter().map_while(Result::ok).any(|it| it.name == "_start");
                }
                _ => {}
            }
        }
        needs
    }
}
