//! Two guides about CI are tests: what they say that witc prints is what witc prints.
//!
//! Differs from `guides.rs`: here one folder lasts for the whole page, as a repository does.
//!
//! Lines of `console` blocks that start with `$ witc` are run, in order, in a folder that has what a clone has of
//! `wit-fixtures/demo`. The lines below a command are its standard error and then its standard output; a command
//! without such lines shows nothing. `cargo xtask bless stories` rewrites them.
//!
//! A block `toml file=witc.toml`, or with another name, is written to that file when the reader comes to it. Three commands
//! beside witc are known: `echo $?` shows how the last command ended, `diff A B` how two files differ, and behind a report
//! `| jq '.a[0].b'` one value of it.

use std::path::Path;

use libtest_mimic::Trial;

use crate::sandbox::Sandbox;

const PAGES: &[&str] = &["docs/lint-in-ci.md", "docs/pull-request.md"];
const DEMO: &str = "wit-fixtures/demo";

pub(crate) fn tests() -> Vec<Trial> {
    let test = |page: &&'static str| {
        let page = *page;
        let name = page.trim_start_matches("docs/").trim_end_matches(".md").to_lowercase();
        Trial::test(format!("stories::{name}"), move || Ok(check(page)?))
    };
    PAGES.iter().map(test).collect()
}

fn check(page: &str) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(page);
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
    let diff = diff.unified_diff().header(page, "what witc prints").to_string();
    Err(format!("{diff}\nif the new wording is better: cargo xtask bless stories"))
}

/// The text with what its commands print now.
fn play(text: &str, sandbox: &Sandbox) -> Result<String, String> {
    let mut played = String::new();
    let mut block: Option<&str> = None;
    let mut file = String::new();
    let mut in_output = false;
    let mut ended = 0;
    for line in text.lines() {
        if let Some(words) = line.strip_prefix("```") {
            let closed = block.take();
            if let Some(name) = closed.and_then(file_of) {
                sandbox.write(name, &std::mem::take(&mut file))?;
            } else if closed.is_none() {
                block = Some(words);
            }
        } else if block.and_then(file_of).is_some() {
            file += line;
            file.push('\n');
        }
        let in_console = block == Some("console");
        in_output &= in_console && !line.starts_with("$ ");
        if in_output {
            continue; // what it printed when it was last blessed
        }
        played += line;
        played.push('\n');
        let command = line.strip_prefix("$ ").filter(|_| in_console);
        if let Some(output) = command.map(|command| run(command, sandbox, &mut ended)).transpose()?.flatten()
        {
            played += &output;
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

/// The file that a block is written to, by the words behind its fence.
fn file_of(words: &str) -> Option<&str> {
    words.split_whitespace().find_map(|word| word.strip_prefix("file="))
}

/// What a command prints; `None` for one that is not run.
fn run(command: &str, sandbox: &Sandbox, ended: &mut i32) -> Result<Option<String>, String> {
    if command == "echo $?" {
        return Ok(Some(format!("{ended}\n")));
    }
    if let Some((old, new)) = command.strip_prefix("diff ").and_then(|files| files.split_once(' ')) {
        let read = |name| {
            std::fs::read_to_string(sandbox.path().join(name)).map_err(|error| format!("{name}: {error}"))
        };
        let (old, new) = (read(old)?, read(new)?);
        let diff = similar::TextDiff::from_lines(&old, &new);
        let lines = diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal);
        return Ok(Some(lines.map(|change| format!("{}{change}", change.tag())).collect()));
    }
    let Some(arguments) =
        command.strip_prefix("witc ").or_else(|| command.strip_prefix("cargo run --quiet -- "))
    else {
        return Ok(None);
    };
    let (arguments, query) = arguments
        .split_once(" | jq ")
        .map_or((arguments, None), |(arguments, query)| (arguments, Some(query)));
    let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
    let output = sandbox.witc(&arguments, None)?;
    *ended = output.exit;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let Some(query) = query else { return Ok(Some(output.stderr + &stdout)) };
    let report: serde_json::Value = serde_json::from_str(&stdout).map_err(|error| error.to_string())?;
    let path = query.trim_matches('\'').replace('[', ".").replace(']', "").replace('.', "/");
    let value = report.pointer(&path).ok_or(format!("{query}: there is no such value"))?;
    Ok(Some(format!("{}{value:#}\n", output.stderr)))
}
