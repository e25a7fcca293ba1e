//! Which dependencies may come in: under licences that deny.toml allows, each with the reason it is there.

use std::path::Path;
use std::process::Command;

use crate::tree;

/// Every package of the build for this machine has a licence that deny.toml allows. Asks cargo, without the network.
pub(super) fn allowed(root: &Path) -> Vec<String> {
    let packages = match packages(root) {
        Ok(packages) => packages,
        Err(problem) => return vec![problem],
    };
    let allowed = allowed_licences(root);
    let mut problems = Vec::new();
    for package in packages.as_array().into_iter().flatten() {
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        let expression = text("license").replace('/', " OR ");
        let fits = spdx::Expression::parse(&expression).is_ok_and(|expression| {
            expression.evaluate(|requirement| allowed.contains(&requirement.to_string()))
        });
        if !fits {
            problems.push(format!(
                "Cargo.lock: `{} {}` has the licence `{}`, which deny.toml does not allow; choose another crate, or \
                 allow the licence with a reason",
                text("name"),
                text("version"),
                text("license")
            ));
        }
    }
    problems
}

/// Every dependency in a Cargo.toml has a comment on its line: why it is there.
pub(super) fn reasons(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for file in tree::files_in(root, "", "Cargo.toml") {
        let mut in_dependencies = false;
        for (index, line) in tree::text(root, &file).lines().enumerate() {
            if line.starts_with('[') {
                in_dependencies = line.contains("dependencies");
            }
            let is_entry = in_dependencies && line.starts_with(|first: char| first.is_ascii_alphabetic());
            if is_entry && !line.contains('#') {
                problems.push(format!(
                    "{file}:{}: a dependency without a reason; say why after a `#`",
                    index + 1
                ));
            }
        }
    }
    problems
}

/// The `packages` of `cargo metadata`, for this machine only: cargo has fetched no others.
fn packages(root: &Path) -> Result<serde_json::Value, String> {
    let host = Command::new("rustc")
        .arg("-vV")
        .output()
        .map_err(|error| format!("rustc does not start: {error}"))?;
    let host = String::from_utf8_lossy(&host.stdout);
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).args([
        "metadata",
        "--format-version=1",
        "--locked",
        "--offline",
        "--filter-platform",
        host,
    ]);
    let output = cargo.output().map_err(|error| format!("cargo does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "Cargo.lock: cargo metadata fails: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ));
    }
    let mut all: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata is no JSON: {error}"))?;
    Ok(all["packages"].take())
}

fn allowed_licences(root: &Path) -> Vec<String> {
    let deny: toml::Table = tree::text(root, "deny.toml").parse().unwrap_or_default();
    let licences = deny.get("licenses").and_then(|table| table.get("allow")).and_then(toml::Value::as_array);
    licences.into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned).collect()
}
