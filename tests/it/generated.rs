//! The generated pages of `docs/` are what the code says; `cargo xtask codegen` writes them.

use std::path::Path;

use libtest_mimic::Trial;
use xtask::codegen;

/// One test for all pages.
pub(crate) fn tests() -> Vec<Trial> {
    vec![Trial::test("generated::pages_are_fresh", || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let witc = Path::new(env!("CARGO_BIN_EXE_witc"));
        let write = std::env::var_os("WITC_BLESS").is_some();
        let problems = if write { codegen::write(root, witc) } else { codegen::stale(root, witc) };
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
    })]
}
