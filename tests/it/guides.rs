//! The README and the guides are tests: what they say that witc prints is what witc prints.
//!
//! Differs from `pages.rs`: a page of a code shows one code and its fix, a guide tells a story.
//!
//! - Lines of `console` blocks that start with `$ witc` are run, in order. The lines below a command are its standard error
//!   and then its standard output; a command without such lines shows nothing. `cargo xtask bless guides` rewrites them.
//! - `wit file=world.wit`, `toml file=witc.toml` and so on: a file of that name, as it stands from here on.
//! - `toml make`: inputs that are no text, in the notation of `[make]` in `fixtures.rs`.
//!
//! The README is played in a folder that has what a clone has of `wit-fixtures/demo`. In a guide each section (`##`) starts
//! in an empty folder.

use std::path::Path;

use libtest_mimic::Trial;

use crate::sandbox::Sandbox;

const README: &str = "README.md";
const DEMO: &str = "wit-fixtures/demo";
const GUIDES: [&str; 1] = ["docs/near-misses.md"];

pub(crate) fn tests() -> Vec<Trial> {
    let test = |file: &'static str| Trial::test(format!("guides::{file}"), move || Ok(check(file)?));
    std::iter::once(README).chain(GUIDES).map(test).collect()
}

fn check(file: &str) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(file);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
    let mut player = Player { sandbox: Sandbox::new(), is_guide: file != README };
    if !player.is_guide {
        for file in crate::sandbox::files(&root.join(DEMO)) {
            let content =
                std::fs::read_to_string(root.join(DEMO).join(&file)).map_err(|error| error.to_string())?;
            player.sandbox.write(&format!("{DEMO}/{}", file.display()), &content)?;
        }
    }
    let played = player.play(&text)?;
    if played == text {
        return Ok(());
    }
    if std::env::var_os("WITC_BLESS").is_some() {
        return std::fs::write(path, played).map_err(|error| error.to_string());
    }
    let diff = similar::TextDiff::from_lines(&text, &played);
    let diff = diff.unified_diff().header(file, "what witc prints").to_string();
    Err(format!("{diff}\nif the new wording is better: cargo xtask bless guides"))
}

/// Where a text is played.
struct Player {
    sandbox: Sandbox,
    is_guide: bool,
}

impl Player {
    /// The text with what its commands print now.
    fn play(&mut self, text: &str) -> Result<String, String> {
        let mut played = String::new();
        let mut block: Option<(&str, String)> = None;
        let mut in_output = false;
        for line in text.lines() {
            let fence = line.strip_prefix("```");
            let in_console = block.as_ref().is_some_and(|(words, _)| *words == "console");
            in_output &= in_console && fence.is_none() && !line.starts_with("$ ");
            if in_output {
                continue; // what it printed when it was last blessed
            }
            played += line;
            played.push('\n');
            match (fence, &mut block) {
                (Some(_), Some((words, content))) => {
                    self.lay_out(words, content)?;
                    block = None;
                }
                (Some(words), None) => block = Some((words, String::new())),
                (None, Some((_, content))) => {
                    *content += line;
                    content.push('\n');
                }
                (None, None) if self.is_guide && line.starts_with("## ") => self.sandbox = Sandbox::new(),
                (None, None) => {}
            }
            if let (true, Some(command)) = (in_console, command(line)) {
                played += &self.printed(&command)?;
                in_output = true;
            }
        }
        Ok(played)
    }

    /// Makes what a block that has just ended describes.
    fn lay_out(&self, words: &str, content: &str) -> Result<(), String> {
        if words == "toml make" {
            return self.sandbox.make(&toml::from_str(content).map_err(|error| error.to_string())?);
        }
        match words.split_whitespace().find_map(|word| word.strip_prefix("file=")) {
            Some(name) => self.sandbox.write(name, content),
            None => Ok(()),
        }
    }

    fn printed(&self, command: &[String]) -> Result<String, String> {
        let output = self.sandbox.witc(command, None)?;
        let text = format!("{}{}", output.stderr, String::from_utf8_lossy(&output.stdout));
        let text = text.trim_end();
        Ok(if text.is_empty() { String::new() } else { format!("{text}\n") })
    }
}

/// The arguments of a line that runs witc, as installed or out of the clone.
fn command(line: &str) -> Option<Vec<String>> {
    let line = line.strip_prefix("$ ")?;
    let arguments = line.strip_prefix("witc ").or_else(|| line.strip_prefix("cargo run --quiet -- "))?;
    Some(arguments.split_whitespace().map(str::to_owned).collect())
}
