//! Runs the script of the GitHub Action, as a runner of GitHub would.
//!
//! Differs from `guides.rs`, which plays what people type.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;

use crate::sandbox::Sandbox;

pub(crate) fn tests() -> Vec<Trial> {
    let hooks = Trial::test("action::hooks_judge", || Ok(check_hooks()?));
    if cfg!(unix) { vec![Trial::test("action::judges", || Ok(check()?)), hooks] } else { vec![hooks] }
}

fn check() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let action = std::fs::read_to_string(root.join("action.yml")).map_err(|error| error.to_string())?;
    let script = script(&action, "Judge").ok_or("action.yml has no step `Judge` with a script")?;
    if script.contains("${{") {
        return Err("an input is part of the script: it could be a command".to_owned());
    }
    let sandbox = Sandbox::new();
    sandbox.write(
        "shop.wat",
        "(component (import \"wasi:cli/exit@0.2.12\" (instance (export \"exit\" (func)))))",
    )?;
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for line in ["policy init shop.wat", "policy snapshot shop.wat"] {
        sandbox.witc(&words(line), None)?;
    }
    expect(&sandbox, &script, "shop.wat\n", 0)?;
    let read =
        |name| std::fs::read_to_string(sandbox.path().join(name)).map_err(|error| format!("{name}: {error}"));
    if !read("witc.sarif")?.contains("\"version\": \"2.1.0\"") || !read("summary.md")?.contains("### witc") {
        return Err("the action leaves no SARIF log or no summary".to_owned());
    }
    sandbox.write("witc.caps.lock", "# witc capability lock v1\n")?;
    expect(&sandbox, &script, "shop.wat", 4)?;
    expect(&sandbox, &script, "--policy=x\n$(touch harmed).wasm\n`touch harmed`", 3)?;
    if sandbox.path().join("harmed").exists() {
        Err("a path was run as a command".to_owned())
    } else {
        Ok(())
    }
}

/// Runs the hooks for pre-commit, as it does: the entry without names of files, in the root of a repository.
fn check_hooks() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let hooks =
        std::fs::read_to_string(root.join(".pre-commit-hooks.yaml")).map_err(|error| error.to_string())?;
    let entries: Vec<&str> =
        hooks.lines().filter_map(|line| line.trim().strip_prefix("entry: witc ")).collect();
    if entries.len() != 2 || hooks.matches("pass_filenames: false").count() != 2 {
        return Err(format!("there are other hooks than those that are looked at: {entries:?}"));
    }
    let sandbox = Sandbox::new();
    sandbox.write("witc.toml", "[composition.shop]\nroot = \"shop\"\noutput = \"out.wasm\"\n[composition.shop.components]\nshop = \"shop.wat\"\n")?;
    sandbox.write(
        "shop.wat",
        "(component (import \"wasi:cli/exit@0.2.12\" (instance (export \"exit\" (func)))))",
    )?;
    let run = |line: &str, expected: i32| -> Result<(), String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let output = sandbox.witc(&words, None)?;
        if output.exit == expected {
            Ok(())
        } else {
            Err(format!("witc {line} ends with {}, not {expected}:\n{}", output.exit, output.stderr))
        }
    };
    run("policy init", 0)?;
    run("policy snapshot", 0)?;
    entries.iter().try_for_each(|entry| run(entry, 0))?;
    sandbox.write("witc.caps.lock", "# witc capability lock v1\n")?;
    entries.iter().try_for_each(|entry| run(entry, if entry.starts_with("lint") { 4 } else { 0 }))
}

fn expect(sandbox: &Sandbox, script: &str, paths: &str, exit: i32) -> Result<(), String> {
    let witc = Path::new(env!("CARGO_BIN_EXE_witc")).parent().unwrap_or(Path::new(".")).display().to_string();
    let output = Command::new("bash")
        .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script])
        .current_dir(sandbox.path())
        .env_clear()
        .env("PATH", format!("{witc}:/usr/bin:/bin"))
        .envs([
            ("WITC_PATHS", paths),
            ("WITC_POLICY", ""),
            ("WITC_LOCKED", "true"),
            ("WITC_SARIF", "witc.sarif"),
        ])
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .output()
        .map_err(|error| format!("bash does not start: {error}"))?;
    if output.status.code() == Some(exit) {
        return Ok(());
    }
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    Err(format!("the action ends with {}, not {exit}, for {paths:?}:\n{said}", output.status))
}

/// The script of a step: the lines below `run: |`, without their indentation.
fn script(action: &str, step: &str) -> Option<String> {
    let (_, step) = action.split_once(&format!("- name: {step}\n"))?;
    let (before, body) = step.split_once("run: |\n")?;
    let indent = before.rsplit('\n').next()?.len() + 2;
    let lines = body.lines().take_while(|line| line.len() >= indent && line[..indent].trim().is_empty());
    Some(lines.map(|line| format!("{}\n", &line[indent..])).collect())
}
