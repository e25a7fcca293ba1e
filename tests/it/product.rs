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
    if file.ends_with(".tar.gz") {
        return Ok((format!("{file}.txt"), listing(&bytes).map_err(|error| format!("{file}: {error}"))?));
    }
    let text = String::from_utf8(bytes).map_err(|_| format!("{file}: neither a binary nor text"))?;
    Ok((file.to_owned(), text))
}

/// What is in an archive: paths, and which of them are components.
fn listing(bytes: &[u8]) -> anyhow::Result<String> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let mut listing = String::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut content)?;
        let kind = if wit(&content).is_some_and(|wit| wit.is_ok()) { "a component" } else { "text" };
        listing += &format!("{}: {kind}\n", entry.path()?.display());
    }
    Ok(listing)
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
