//! Worlds of WASI as hosts, and the function behind `wasm-tools component targets --semver-compatible`.

use std::panic::AssertUnwindSafe;
use wit_parser::{Resolve, WorldId};

use witc::check::{HostFit, Obstacle, Verdict};

use super::inputs::{Failure, wit_of};

/// A host of witc, and the world of WASI 0.2 that describes it.
pub(super) struct World {
    pub(super) host: &'static str,
    /// Whether it says what must be exported too; `wasmtime run` starts more than one interface.
    has_exports: bool,
    resolve: Resolve,
    world: WorldId,
}

/// The hosts that a world describes, as far as it goes.
pub(super) fn worlds() -> Result<Vec<World>, Failure> {
    let world = |host, has_exports, text: &str| -> Result<World, Failure> {
        let mut resolve = wit_of("wasip2", "wit")?;
        let package = resolve.push_str("host.wit", &format!("package test:host; world host {{ {text} }}"))?;
        let world = resolve.select_world(&[package], Some("host"))?;
        Ok(World { host, has_exports, resolve, world })
    };
    Ok(vec![
        world(
            "wasmtime-run",
            false,
            "include wasi:cli/imports@0.2.12; import wasi:http/outgoing-handler@0.2.12;",
        )?,
        world("wasmtime-serve", true, "include wasi:http/proxy@0.2.12; include wasi:cli/imports@0.2.12;")?,
    ])
}

impl World {
    /// Whether `targets` can say anything about an artifact of which witc says this: it knows of nothing but WASI 0.2.
    pub(super) fn can_say(&self, fit: &HostFit) -> bool {
        fit.imports.iter().all(|import| match &import.verdict {
            Verdict::Provided { name, .. } => is_wasi_0_2(name),
            Verdict::Nothing | Verdict::OtherVersions(_) | Verdict::OtherTypes { .. } | Verdict::Absent => {
                true
            }
        })
    }

    /// What witc says of what the world is about.
    pub(super) fn said(&self, fit: &HostFit) -> bool {
        let starts =
            !fit.obstacles.iter().any(|it| matches!(it, Obstacle::NoExport | Obstacle::ExportTypes { .. }));
        let has_imports = fit
            .imports
            .iter()
            .all(|import| matches!(import.verdict, Verdict::Provided { .. } | Verdict::Nothing));
        has_imports && (starts || !self.has_exports)
    }

    /// Whether a component fits the world, and why not; nothing where the function panics instead of answering.
    pub(super) fn takes(&self, bytes: &[u8]) -> Option<anyhow::Result<()>> {
        let answer = || wit_component::targets(&self.resolve, self.world, bytes, true);
        std::panic::catch_unwind(AssertUnwindSafe(answer)).ok()
    }
}

/// Whether this is an interface of WASI 0.2 as it is released: `wasi:cli/exit@0.2.12`, and not `wasi:nn/graph@0.2.0-rc…`.
fn is_wasi_0_2(name: &str) -> bool {
    name.rsplit_once('@').is_some_and(|(_, version)| version.starts_with("0.2.") && !version.contains('-'))
}
