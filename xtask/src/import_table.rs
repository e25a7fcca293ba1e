//! Who may import whom: the one table behind the guards of `guards/imports.rs` and the page `docs/architecture.md`.

/// The modules of `src/`, from the top to the bottom. A module imports only from lines below its own.
pub const LAYERS: &[&[&str]] = &[
    &["cli"],
    &["pipeline"],
    &["emit", "report"],
    &["deploy"],
    &["link", "policy"],
    &["check"],
    &["load"],
    &["host"],
    &["config"],
    &["model", "diag"],
    &["source"],
];

/// A crate (or a part of the standard library) and the files of `src/` in which it may be named.
pub struct Confinement {
    /// The path as it starts in Rust: `wit_parser`, `std::fs`.
    pub path: &'static str,
    /// Folders (ending in `/`) and files, under `src/`.
    pub allowed: &'static [&'static str],
}

const JSON_WRITERS: &[&str] = &[
    "report/json.rs",
    "report/json/",
    "report/sarif.rs",
    "report/gitlab.rs",
    "model/record.rs",
    "deploy/value.rs",
];

/// Where third-party crates may be named, so that an upgrade of one touches one place.
pub const CONFINED: &[Confinement] = &[
    Confinement { path: "wit_parser", allowed: &["load/"] },
    Confinement { path: "wit_component", allowed: &["load/"] },
    Confinement { path: "wasmparser", allowed: &["load/"] },
    Confinement { path: "wast", allowed: &["load/"] },
    Confinement { path: "wasm_encoder", allowed: &["emit/"] },
    Confinement { path: "wasmprinter", allowed: &["emit/output.rs"] },
    Confinement { path: "miette", allowed: &["report/human/drawing.rs"] },
    Confinement { path: "serde_json", allowed: JSON_WRITERS },
    Confinement { path: "serde_saphyr", allowed: &["deploy/value.rs"] },
    Confinement { path: "tar", allowed: &["deploy/package.rs"] },
    Confinement { path: "flate2", allowed: &["deploy/package.rs", "check/on_host/compressed.rs"] },
    Confinement { path: "clap", allowed: &["cli/"] },
    Confinement { path: "clap_complete", allowed: &["cli/"] },
    Confinement { path: "anstream", allowed: &["cli/"] },
    Confinement { path: "std::fs", allowed: &["source/disk.rs", "source/mapped.rs", "source/room.rs"] },
    Confinement { path: "memmap2", allowed: &["source/mapped.rs"] },
    Confinement { path: "rustix", allowed: &["source/room.rs"] },
    Confinement { path: "tempfile", allowed: &["source/disk.rs", "source/mapped.rs", "source/cache.rs"] },
];

/// The line of a module in [`LAYERS`], counted from the top.
pub fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|line| line.contains(&module))
}

/// All modules of the table, from the top to the bottom.
pub fn modules() -> impl Iterator<Item = &'static str> {
    LAYERS.iter().flat_map(|line| line.iter().copied())
}
