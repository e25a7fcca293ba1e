//! Makes the pages of `docs/` that follow from the code: the index of codes, the reference of the command line.
//!
//! The tests call this, because they have witc built: `cargo xtask codegen` lets them write where they would compare.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::code_table::{self, Row};
use crate::tree;

const NOTICE: &str = "<!-- Made by `cargo xtask codegen`; change what it is made from. -->\n\n";

const POLICY: &str = "docs/policy.md";

/// A page as it should be.
pub struct Page {
    /// Its path, relative to the root.
    pub path: &'static str,
    /// Its text.
    pub text: String,
}

/// Writes all pages; `witc` is the program whose help texts are shown.
pub fn write(root: &Path, witc: &Path) -> Vec<String> {
    let write = |page: Page| std::fs::write(root.join(page.path), page.text).err();
    let problems = pages(root, witc).map(|pages| pages.into_iter().filter_map(write).collect::<Vec<_>>());
    match problems {
        Ok(problems) => problems.iter().map(ToString::to_string).collect(),
        Err(problem) => vec![problem],
    }
}

/// The pages that are not as they should be.
pub fn stale(root: &Path, witc: &Path) -> Vec<String> {
    let pages = match pages(root, witc) {
        Ok(pages) => pages,
        Err(problem) => return vec![problem],
    };
    let is_stale =
        |page: &Page| std::fs::read_to_string(root.join(page.path)).ok().as_ref() != Some(&page.text);
    let stale = pages.into_iter().filter(is_stale);
    stale.map(|page| format!("{}: not what the code says; run `cargo xtask codegen`", page.path)).collect()
}

fn pages(root: &Path, witc: &Path) -> Result<Vec<Page>, String> {
    Ok(vec![
        Page { path: "docs/codes/README.md", text: index_of_codes(root) },
        Page { path: "docs/cli.md", text: command_line(root, witc)? },
        Page { path: "docs/hosts.md", text: hosts(witc)? },
        Page { path: POLICY, text: policy(root)? },
    ])
}

/// `docs/codes/README.md`: every code, by stage.
fn index_of_codes(root: &Path) -> String {
    let rows = code_table::rows(root);
    let mut text = format!("{NOTICE}# Codes\n\n");
    text +=
        "Every diagnostic of witc has a code, and every code a page, which `witc explain CODE` prints.\n\n";
    text += "An *error* always fails the run. A *lint* has a level: where it says \"lint\", the level is the one it has \
             unless you\nset another with `-A`, `-N`, `-W`, `-D` or in `witc-policy.toml`.\n";
    let mut stages: Vec<&str> = Vec::new();
    for stage in rows.iter().map(Row::stage) {
        if !stages.contains(&stage) {
            stages.push(stage);
        }
    }
    for stage in stages {
        let _ = write!(text, "\n## {stage}\n\n| code | kind | meaning |\n|---|---|---|\n");
        for row in rows.iter().filter(|row| row.stage() == stage) {
            let _ = writeln!(text, "| [`{0}`]({0}.md) | {1} | {2} |", row.code, kind(row), row.summary);
        }
    }
    text
}

fn kind(row: &Row) -> String {
    match row.kind.as_str() {
        "ERROR" => "error".to_owned(),
        "INPUT" => "error, exit code 3".to_owned(),
        "USAGE" => "error, exit code 2".to_owned(),
        "LOCK" => "lint, warn; with `--locked` an error, exit code 4".to_owned(),
        "BUG" => "bug in witc, exit code 70".to_owned(),
        level => format!("lint, {}", level.to_lowercase()),
    }
}

/// `docs/policy.md`, which people write, with the table of the rules in its place.
fn policy(root: &Path) -> Result<String, String> {
    const START: &str = "<!-- rules: made by `cargo xtask codegen` -->\n";
    const END: &str = "<!-- end of rules -->";
    let page = tree::text(root, POLICY);
    let (before, rest) = page.split_once(START).ok_or(format!("{POLICY}: has no place for the rules"))?;
    let (_, after) = rest.split_once(END).ok_or(format!("{POLICY}: its rules do not end"))?;
    let is_rule = |row: &Row| row.stage() == "policy" && row.kind != "USAGE";
    let mut rules: Vec<Row> = code_table::rows(root).into_iter().filter(is_rule).collect();
    rules.sort_by_key(|row| match row.kind.as_str() {
        "DENY" => 0,
        "LOCK" | "WARN" => 1,
        _ => 2,
    });
    let mut table = "\n| rule | level | sure | says |\n|---|---|---|---|\n".to_owned();
    for row in &rules {
        let name = row.code.trim_start_matches("policy/");
        let level = if row.kind == "LOCK" {
            "warn; an error with `--locked`".to_owned()
        } else {
            row.kind.to_lowercase()
        };
        let sure = confidence(root, row);
        let _ =
            writeln!(table, "| [`{name}`](codes/policy/{name}.md) | {level} | {sure} | {} |", row.summary);
    }
    Ok(format!("{before}{START}{table}\n{END}{after}"))
}

/// How sure a rule is, by the rows of `NOT_EXACT` in src/diag/confidence.rs.
fn confidence(root: &Path, row: &Row) -> String {
    let source = tree::text(root, "src/diag/confidence.rs");
    let start = format!("(code::{}, Confidence::", row.constant);
    let named = source.split_once(&start).and_then(|(_, rest)| rest.split_once(')'));
    named.map_or("exact".to_owned(), |(name, _)| name.to_lowercase())
}

/// `docs/cli.md`: the exit codes, and the help of each command.
fn command_line(root: &Path, witc: &Path) -> Result<String, String> {
    let mut text = format!("{NOTICE}# The command line\n\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
    for (code, meaning) in exit_codes(root) {
        let _ = writeln!(text, "| {code} | {meaning} |");
    }
    let mut commands = vec![Vec::new()];
    while let Some(command) = commands.pop() {
        let help = help(witc, &command)?;
        let _ = write!(text, "\n## `witc{}`\n\n```text\n{}\n```\n", joined(&command), help.trim_end());
        let names = subcommands(&help);
        commands.extend(names.into_iter().rev().map(|name| [command.as_slice(), &[name]].concat()));
    }
    Ok(text)
}

/// `docs/hosts.md`: the profiles of hosts.
fn hosts(witc: &Path) -> Result<String, String> {
    let output = output(witc, &["hosts", "--format", "markdown"])?;
    Ok(format!(
        "{NOTICE}# Hosts\n\nWhat witc knows about the hosts on which components run: what `--host ID` holds an artifact against. Each row is \
         dated, and says\nwhere it is from; what nobody looked up there is marked as unverified. A profile of your own is a file\n\
         (`--host FILE.toml`): [host-profile.md](host-profile.md).\n{output}"
    ))
}

/// The rows of `EXIT_CODES` in src/diag/exit.rs, with their numbers.
fn exit_codes(root: &Path) -> Vec<(String, String)> {
    let source = tree::text(root, "src/diag/exit.rs");
    let number = |name: &str| {
        let value = source.split_once(&format!("pub const {name}: u8 = "))?.1;
        value.split_once(';').map(|(value, _)| value.to_owned())
    };
    let rows = source.lines().filter_map(|line| line.trim().strip_prefix('(')?.strip_suffix("\"),"));
    let rows = rows.filter_map(|row| row.split_once(", \""));
    rows.filter_map(|(name, meaning)| Some((number(name)?, meaning.to_owned()))).collect()
}

fn joined(command: &[String]) -> String {
    command.iter().map(|name| format!(" {name}")).collect()
}

fn help(witc: &Path, command: &[String]) -> Result<String, String> {
    let arguments: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
    Ok(output(witc, &arguments)?.lines().map(|line| line.trim_end().to_owned() + "\n").collect())
}

/// What witc writes to standard output.
fn output(witc: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut program = Command::new(witc);
    program.args(arguments).env_clear().env("COLUMNS", "100").env("NO_COLOR", "1");
    let output = program.output().map_err(|error| format!("witc does not start: {error}"))?;
    if !output.status.success() {
        let problem = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("witc {} fails: {problem}", arguments.join(" ")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The names under `Commands:` in a help text, but `help` itself.
fn subcommands(help: &str) -> Vec<String> {
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names =
        lines.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().map(str::to_owned));
    let is_name = |name: &String| name != "help" && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    names.filter(is_name).collect()
}
