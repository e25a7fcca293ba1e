//! Rewrites the wording that the tests expect; what a run means (`exit`, `codes` in case.toml) stays written by hand.

use std::path::Path;
use std::process::Command;

/// Runs the fixture tests so that they write `snapshots/` where they would compare; `filter` picks cases by name.
pub fn bless(root: &Path, filter: Option<&str>) -> Vec<String> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).env("WITC_BLESS", "1");
    cargo.args(["test", "--package", "witc", "--test", "it", "--"]);
    match filter {
        Some(filter) => cargo.arg(filter),
        None => cargo.args(["--skip", "guards::", "--skip", "laws::"]),
    };
    match cargo.status() {
        Ok(status) if status.success() => Vec::new(),
        Ok(_) => {
            vec!["not everything was blessed: some runs fail in more than their wording, see above".into()]
        }
        Err(error) => vec![format!("cargo does not start: {error}")],
    }
}
