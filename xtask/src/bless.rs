//! Lets the tests write what they would compare: the wording in `snapshots/` and on pages, the generated pages.
//!
//! What a run means (`exit`, `codes` in case.toml) stays written by hand.

use std::path::Path;
use std::process::Command;

/// Rewrites `snapshots/` and the reports on pages; `filter` picks tests by name.
pub fn bless(root: &Path, filter: Option<&str>) -> Vec<String> {
    match filter {
        Some(filter) => test(root, &[filter], true),
        None => test(root, &["--skip", "guards::", "--skip", "laws::"], true),
    }
}

/// Makes the generated pages, or says which of them are stale.
pub fn codegen(root: &Path, only_check: bool) -> Vec<String> {
    let mut problems = test(root, &["generated::"], !only_check);
    // The types of the JSON report are private, so that its schema is made within the library.
    problems.extend(run(root, &["--lib", "generated"], !only_check));
    problems
}

fn test(root: &Path, arguments: &[&str], write: bool) -> Vec<String> {
    let arguments: Vec<&str> = ["--test", "it", "--"].iter().chain(arguments).copied().collect();
    run(root, &arguments, write)
}

fn run(root: &Path, arguments: &[&str], write: bool) -> Vec<String> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).args(["test", "--package", "witc"]).args(arguments);
    if write {
        cargo.env("WITC_BLESS", "1");
    }
    match cargo.status() {
        Ok(status) if status.success() => Vec::new(),
        Ok(_) => vec!["see above: something is wrong beyond what can be rewritten".to_owned()],
        Err(error) => vec![format!("cargo does not start: {error}")],
    }
}
