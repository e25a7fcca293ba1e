//! What witc wrote, as text for a snapshot: of a component its WIT, after it was validated.

use std::path::Path;

use wasmparser::{Validator, WasmFeatures};
use wit_component::{DecodedWasm, WitPrinter};

/// The name and text of the snapshot of `file` in `folder`.
pub(crate) fn text(folder: &Path, file: &str) -> Result<(String, String), String> {
    let bytes = std::fs::read(folder.join(file)).map_err(|error| format!("{file}: {error}"))?;
    if let Some(wit) = wit(&bytes) {
        let wit = wit.map_err(|error| format!("{file}: {error}"))?;
        return Ok((format!("{}.wit", file.trim_end_matches(".wasm")), wit));
    }
    if file.ends_with(".wat") {
        let bytes = wat::parse_bytes(&bytes).map_err(|error| format!("{file}: {error}"))?;
        let wit = wit(&bytes).unwrap_or_else(|| Err("assembles to no binary".into()));
        return Ok((
            format!("{}.wit", file.trim_end_matches(".wat")),
            wit.map_err(|error| format!("{file}: {error}"))?,
        ));
    }
    let text = String::from_utf8(bytes).map_err(|_| format!("{file}: neither a binary nor text"))?;
    Ok((file.to_owned(), text))
}

/// The WIT of a component, or nothing if `bytes` are no WebAssembly.
pub(crate) fn wit(bytes: &[u8]) -> Option<Result<String, String>> {
    bytes.starts_with(b"\0asm").then(|| print(bytes).map_err(|error| format!("{error:#}")))
}

fn print(bytes: &[u8]) -> anyhow::Result<String> {
    Validator::new_with_features(WasmFeatures::all()).validate_all(bytes)?;
    let decoded = wit_component::decode(bytes)?;
    let package = match &decoded {
        DecodedWasm::WitPackage(_, package) => *package,
        DecodedWasm::Component(resolve, world) => {
            resolve.worlds[*world].package.ok_or_else(|| anyhow::anyhow!("its world is in no package"))?
        }
    };
    let mut printer = WitPrinter::default();
    let others: Vec<_> =
        decoded.resolve().packages.iter().map(|(id, _)| id).filter(|id| *id != package).collect();
    printer.print(decoded.resolve(), package, &others)?;
    Ok(printer.output.to_string())
}
