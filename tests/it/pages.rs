//! Runs the examples on the pages of the codes: a test `pages::<stage>::<name>` for each row of the table of codes.
//!
//! Differs from `fixtures.rs`: a case shows what witc does, a page tells a user what to do, and must be right about it.
//!
//! The section **Example** either names a case (`wit-fixtures/<stage>/<case>`), or holds its files and commands as blocks:
//!
//! - `wit file=world.wit`, `toml file=witc-policy.toml` and so on: a file of that name;
//! - `toml make`: inputs that are no text, in the notation of `[make]` in `fixtures.rs`;
//! - `console`: lines `$ witc check world.wit`, which are run one after the other. Other lines are for the reader.
//!
//! The commands must report the code of the page, and no other error.
//!
//! A page about a bug of witc may say that a unit test provokes it, instead.
//!
//! The section **Report**, where it has a `text` block, shows what the commands write to standard error;
//! `cargo xtask bless pages::` rewrites the block.
//!
//! The section **How to fix** may hold blocks of the same kinds: files that replace or join those of the example, commands
//! that replace its commands. Then the code must be gone, and there must be no error. A lint of `policy` must have it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use xtask::code_table;
use xtask::guards::pages::sections_of;

use crate::case::Case;
use crate::fixtures;
use crate::json;
use crate::make::Make;
use crate::sandbox::Sandbox;

/// One test a code.
pub(crate) fn tests() -> Vec<Trial> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let test = |row: code_table::Row| {
        Trial::test(format!("pages::{}", row.code.replace('/', "::")), move || Ok(check(&row)?))
    };
    code_table::rows(root).into_iter().map(test).collect()
}

/// What a section asks to be run.
#[derive(Default)]
struct Example {
    /// The case whose files are there before those of the blocks.
    case: Option<PathBuf>,
    files: BTreeMap<String, String>,
    make: BTreeMap<String, Make>,
    commands: Vec<Vec<String>>,
    stdin: Option<String>,
}

/// What came out.
#[derive(Default)]
struct Findings {
    codes: Vec<String>,
    errors: Vec<String>,
    stderr: String,
}

/// A fenced block: the words after the fence, and the text.
struct Block {
    words: Vec<String>,
    text: String,
}

fn check(row: &code_table::Row) -> Result<(), String> {
    let code = row.code.as_str();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/codes/{code}.md"));
    let page = std::fs::read_to_string(&path).map_err(|error| format!("docs/codes/{code}.md: {error}"))?;
    let sections: BTreeMap<&str, String> = sections_of(&page).into_iter().collect();
    let section = |title: &str| sections.get(title).map(String::as_str).unwrap_or_default();

    if row.is_bug() && section("Example").contains("unit test") {
        return Ok(()); // a bug cannot be had from outside; a guard asks for the unit test
    }
    let example = Example::of(section("Example"))?;
    let findings = example.run()?;
    if !findings.codes.iter().any(|found| found == code) {
        return Err(format!("the example reports {:?}, not `{code}`:\n{}", findings.codes, findings.stderr));
    }
    if let Some(other) = findings.errors.iter().find(|found| *found != code) {
        return Err(format!("the example also reports the error `{other}`:\n{}", findings.stderr));
    }
    check_report(&path, &page, section("Report"), &findings.stderr)?;

    let fix = section("How to fix");
    if blocks(fix).iter().any(Block::is_run) {
        let fixed = example.with(fix)?.run()?;
        if fixed.codes.iter().any(|found| found == code) || !fixed.errors.is_empty() {
            return Err(format!("after the fix witc still reports {:?}:\n{}", fixed.codes, fixed.stderr));
        }
    } else if code.starts_with("policy/") {
        return Err("the section How to fix has no block that is run; show what the lint accepts".to_owned());
    }
    Ok(())
}

/// The block of the section Report is what the example prints.
fn check_report(path: &Path, page: &str, section: &str, stderr: &str) -> Result<(), String> {
    let blocks = blocks(section);
    let Some(shown) = blocks.iter().find(|block| block.words == ["text"]) else { return Ok(()) };
    let stderr = stderr.trim_end();
    if shown.text.trim_end() == stderr {
        return Ok(());
    }
    if std::env::var_os("WITC_BLESS").is_some() {
        let page =
            page.replacen(&format!("```text\n{}```", shown.text), &format!("```text\n{stderr}\n```"), 1);
        return std::fs::write(path, page).map_err(|error| error.to_string());
    }
    let diff = similar::TextDiff::from_lines(shown.text.trim_end(), stderr);
    let diff = diff.unified_diff().header("section Report", "what witc prints").to_string();
    Err(format!("{diff}\nif the new wording is better: cargo xtask bless pages::"))
}

impl Example {
    fn of(section: &str) -> Result<Self, String> {
        let mut example = Self::default().with(section)?;
        if !example.commands.is_empty() {
            return Ok(example);
        }
        let name = section.split('`').find_map(|words| words.strip_prefix("wit-fixtures/"));
        let name = name.ok_or("the section Example has neither a command nor the name of a case")?;
        let folder = fixtures::folder(name.trim_end_matches('/'));
        let case = Case::read(&folder)?;
        example.commands = case.runs()?.into_iter().map(|(arguments, _)| arguments).collect();
        example.stdin = case.stdin;
        example.make.extend(case.make);
        example.case = Some(folder);
        Ok(example)
    }

    /// The example with the blocks of `section` on top.
    fn with(mut self, section: &str) -> Result<Self, String> {
        let mut commands = Vec::new();
        for block in blocks(section) {
            if let Some(name) = block.words.iter().find_map(|word| word.strip_prefix("file=")) {
                self.files.insert(name.to_owned(), block.text);
            } else if block.words == ["toml", "make"] {
                let made: BTreeMap<String, Make> =
                    toml::from_str(&block.text).map_err(|error| error.to_string())?;
                self.make.extend(made);
            } else if block.words == ["console"] {
                let lines = block.text.lines().filter_map(|line| line.strip_prefix("$ witc "));
                commands.extend(lines.map(|line| line.split_whitespace().map(str::to_owned).collect()));
            }
        }
        if !commands.is_empty() {
            self.commands = commands;
        }
        Ok(self)
    }

    fn run(&self) -> Result<Findings, String> {
        let mut findings = Findings::default();
        let (human, machine) = (self.sandbox()?, self.sandbox()?);
        for arguments in &self.commands {
            findings.stderr += &human.witc(arguments, self.stdin.as_deref())?.stderr;
            let arguments = json::arguments(arguments);
            let output = machine.witc(&arguments, self.stdin.as_deref())?;
            findings.codes.extend(json::codes(&arguments, &output)?);
            findings.errors.extend(json::errors(&output)?);
        }
        Ok(findings)
    }

    fn sandbox(&self) -> Result<Sandbox, String> {
        let mut sandbox = Sandbox::new();
        if let Some(case) = &self.case {
            sandbox.copy(case)?;
        }
        sandbox.may_have_bug = true; // what is reported is compared with the page, code by code
        self.files.iter().try_for_each(|(name, text)| sandbox.write(name, text))?;
        sandbox.make(&self.make)?;
        Ok(sandbox)
    }
}

impl Block {
    /// Whether the block changes what is run.
    fn is_run(&self) -> bool {
        self.words == ["console"]
            || self.words == ["toml", "make"]
            || self.words.iter().any(|word| word.starts_with("file="))
    }
}

fn blocks(section: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut in_code = false;
    for line in section.lines() {
        if let Some(words) = line.strip_prefix("```") {
            in_code = !in_code;
            if in_code {
                let words = words.split_whitespace().map(str::to_owned).collect();
                blocks.push(Block { words, text: String::new() });
            }
        } else if let (true, Some(block)) = (in_code, blocks.last_mut()) {
            block.text += line;
            block.text.push('\n');
        }
    }
    blocks
}
