//! The README is a test: what it says that witc prints is what witc prints.
//!
//! Lines of `console` blocks that start with `$ witc` are run, in order, in a folder that has what a clone has of
//! `wit-fixtures/demo`. The lines below a command are its standard error and then its standard output; a command
//! without such lines shows nothing. `cargo xtask bless readme` rewrites them.

use std::path::Path;

use libtest_mimic::Trial;

use crate::sandbox::Sandbox;

const README: &str = "README.md";
const DEMO: &str = "wit-fixtures/demo";

pub(crate) fn tests() -> Vec<Trial> {
    vec![Trial::test("readme::session", || Ok(check()?))]
}

fn check() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(README);
    let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let sandbox = Sandbox::new();
    for file in crate::sandbox::files(&root.join(DEMO)) {
        let content =
            std::fs::read_to_string(root.join(DEMO).join(&file)).map_err(|error| error.to_string())?;
        sandbox.write(&format!("{DEMO}/{}", file.display()), &content)?;
    }
    let played = play(&text, &sandbox)?;
    if played == text {
        return Ok(());
    }
    if std::env::var_os("WITC_BLESS").is_some() {
        return std::fs::write(path, played).map_err(|error| error.to_string());
    }
    let diff = similar::TextDiff::from_lines(&text, &played);
    let diff = diff.unified_diff().header(README, "what witc prints").to_string();
    Err(format!("{diff}\nif the new wording is better: cargo xtask bless readme"))
}

/// The text with what its commands print now.
fn play(text: &str, sandbox: &Sandbox) -> Result<String, String> {
    let mut played = String::new();
    let mut in_console = false;
    let mut in_output = false;
    for line in text.lines() {
        let is_fence = line.starts_with("```");
        if is_fence {
            in_console = line == "```console";
        }
        in_output &= in_console && !line.starts_with("$ ");
        if in_output {
            continue; // what it printed when it was last blessed
        }
        played += line;
        played.push('\n');
        if let (true, Some(command)) = (in_console, command(line)) {
            let output = sandbox.witc(&command, None)?;
            played += &output.stderr;
            played += &String::from_utf8_lossy(&output.stdout);
            if !played.ends_with('\n') {
                played.push('\n');
            }
            while played.ends_with("\n\n") {
                played.pop();
            }
            in_output = true;
        }
    }
    Ok(played)
}

/// The arguments of a line that runs witc, as installed or out of the clone.
fn command(line: &str) -> Option<Vec<String>> {
    let line = line.strip_prefix("$ ")?;
    let arguments = line.strip_prefix("witc ").or_else(|| line.strip_prefix("cargo run --quiet -- "))?;
    Some(arguments.split_whitespace().map(str::to_owned).collect())
}
