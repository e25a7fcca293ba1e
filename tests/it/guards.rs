//! The rules of the house as tests; `cargo xtask tidy` runs the same functions.

use std::path::Path;

use libtest_mimic::Trial;
use xtask::guards::GUARDS;

/// One test a guard.
pub(crate) fn tests() -> Vec<Trial> {
    let test = |&(name, guard): &(&'static str, xtask::guards::Guard)| {
        Trial::test(format!("guards::{name}"), move || {
            let problems = guard(Path::new(env!("CARGO_MANIFEST_DIR")));
            if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
        })
    };
    GUARDS.iter().map(test).collect()
}
