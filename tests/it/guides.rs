//! The README and the guides are tests: what they say that witc prints is what witc prints.
//!
//! Differs from `pages.rs`: a page of a code shows one code and its fix, a guide tells a story.
//!
//! - Lines of `console` blocks that start with `$ witc` are run, in order. The lines below a command are its standard error
//!   and then its standard output; a command without such lines shows nothing. `cargo xtask bless guides` rewrites them.
//! - Three commands beside witc are known: `echo $?` shows how the last command ended, `diff A B` how two files differ, and
//!   behind a report `| jq '.a[0].b'` one value of it. Other commands are for the reader.
//! - `wit file=world.wit`, `toml file=witc.toml` and so on: a file of that name, as it stands from here on.
//! - `toml make`: inputs that are no text, in the notation of `[make]` in `fixtures.rs`.

use std::path::Path;

use libtest_mimic::Trial;

use crate::sandbox::Sandbox;

/// The pages, and where each is played.
const GUIDES: [(&str, Folder); 9] = [
    ("README.md", Folder::Clone),
    ("docs/lint-in-ci.md", Folder::Clone),
    ("docs/pull-request.md", Folder::Clone),
    ("docs/deploy.md", Folder::Clone),
    ("docs/policy.md", Folder::Clone),
    ("docs/proofs.md", Folder::Clone),
    ("docs/near-misses.md", Folder::EachSection),
    ("docs/diff.md", Folder::EachSection),
    ("docs/host-profile.md", Folder::EachSection),
];
const DEMO: &str = "wit-fixtures/demo";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Folder {
    /// One for the whole page, with what a clone has of the demo.
    Clone,
    /// An empty one for each section (`##`).
    EachSection,
}

pub(crate) fn tests() -> Vec<Trial> {
    let test = |(page, folder): (&'static str, Folder)| {
        Trial::test(format!("guides::{page}"), move || Ok(check(page, folder)?))
    };
    GUIDES.into_iter().map(test).collect()
}

fn check(page: &str, folder: Folder) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(page);
    let read =
        |path: &Path| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let text = read(&path)?;
    let mut player = Player { sandbox: Sandbox::new(), folder, ended: 0 };
    if folder == Folder::Clone {
        for file in crate::sandbox::files(&root.join(DEMO)) {
            let content = read(&root.join(DEMO).join(&file))?;
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
    let diff = diff.unified_diff().header(page, "what witc prints").to_string();
    Err(format!("{diff}\nif the new wording is better: cargo xtask bless guides"))
}

/// Where a text is played, and how its last command ended.
struct Player {
    sandbox: Sandbox,
    folder: Folder,
    ended: i32,
}

impl Player {
    /// The text with what its commands print now.
    fn play(&mut self, text: &str) -> Result<String, String> {
        let mut played = String::new();
        let mut block: Option<(&str, String)> = None;
        let mut in_output = false;
        for line in text.lines() {
            let fence = line.strip_prefix("```");
            let in_console = fence.is_none() && block.as_ref().is_some_and(|(words, _)| *words == "console");
            in_output &= in_console && !line.starts_with("$ ");
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
                (None, None) if self.folder == Folder::EachSection && line.starts_with("## ") => {
                    self.sandbox = Sandbox::new();
                }
                (None, None) => {}
            }
            let command = line.strip_prefix("$ ").filter(|_| in_console);
            if let Some(output) = command.map(|command| self.run(command)).transpose()?.flatten() {
                let output = output.trim_end();
                played += output;
                played += if output.is_empty() { "" } else { "\n" };
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

    /// What a command prints; `None` for one that is not run.
    fn run(&mut self, command: &str) -> Result<Option<String>, String> {
        if command == "echo $?" {
            return Ok(Some(format!("{}\n", self.ended)));
        }
        if let Some((old, new)) = command.strip_prefix("diff ").and_then(|files| files.split_once(' ')) {
            let read = |name| {
                std::fs::read_to_string(self.sandbox.path().join(name))
                    .map_err(|error| format!("{name}: {error}"))
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
        let output = self.sandbox.witc(&arguments, None)?;
        self.ended = output.exit;
        let stdout = String::from_utf8_lossy(&output.stdout);
        let Some(query) = query else { return Ok(Some(output.stderr + &stdout)) };
        let report: serde_json::Value = serde_json::from_str(&stdout).map_err(|error| error.to_string())?;
        let path = query.trim_matches('\'').replace('[', ".").replace(']', "").replace('.', "/");
        let value = report.pointer(&path).ok_or(format!("{query}: there is no such value"))?;
        Ok(Some(format!("{}{value:#}\n", output.stderr)))
    }
}
