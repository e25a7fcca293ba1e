//! Makes what a new lint of `policy` consists of; the tests fail until each piece says what it has to.
//!
//! Differs from `guards/lints.rs`, which holds the same pieces against each other.

use std::fs;
use std::path::Path;

use crate::code_table;
use crate::guards::lints::LIST;
use crate::guards::pages::SECTIONS;
use crate::guards::unfinished::TO_WRITE;

/// The row after which that of a new lint comes is the last one that starts like this.
const ROW_OF_A_LINT: &str = " = \"policy/";

/// Makes the file, the page, a bad and an ok case of the lint `policy/NAME`, and adds its lines to both lists.
pub fn new_lint(root: &Path, name: &str) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(is_name) || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return vec![format!(
            "`{name}`: a lint has a name such as `unused-grant`, which reads well after \"allow\""
        )];
    }
    if code_table::rows(root).iter().any(|row| row.code == format!("policy/{name}")) {
        return vec![format!("{}: has `policy/{name}` already", code_table::FILE)];
    }
    match make(root, name) {
        Ok(()) => Vec::new(),
        Err(problem) => vec![problem],
    }
}

fn make(root: &Path, name: &str) -> Result<(), String> {
    let module = name.replace('-', "_");
    let codes = with_row(&read(root, code_table::FILE)?, name)?;
    let list = with_entries(&read(root, LIST)?, &module)?;
    let bad = format!("wit-fixtures/policy/{name}");
    let ok = format!("{bad}-ok");
    let files = [
        (code_table::FILE.to_owned(), codes),
        (LIST.to_owned(), list),
        (format!("src/policy/lints/{module}.rs"), lint(name)),
        (format!("docs/codes/policy/{name}.md"), page(name)),
        (
            format!("{bad}/case.toml"),
            case(&format!("what `policy/{name}` is about"), &format!("\"policy/{name}\"")),
        ),
        (format!("{bad}/parts.wit"), WIT.to_owned()),
        (format!("{bad}/witc-policy.toml"), POLICY.to_owned()),
        (format!("{ok}/case.toml"), case(&format!("what is just no `policy/{name}`"), "")),
        (format!("{ok}/parts.wit"), WIT.to_owned()),
        (format!("{ok}/witc-policy.toml"), POLICY.to_owned()),
    ];
    files.iter().try_for_each(|(file, text)| write(root, file, text))
}

fn lint(name: &str) -> String {
    format!(
        "//! `policy/{name}`: what is wrong, in a sentence {TO_WRITE}.
//!
//! Differs from the lint with which it could be confused {TO_WRITE}.

use crate::policy::context::Context;
use crate::policy::findings::Findings;

/// Each … {TO_WRITE}. The words go into a struct in `policy/diagnostics/`.
pub(super) fn judge(_context: &Context<'_>, _findings: &mut Findings<'_>) {{}}
"
    )
}

fn page(name: &str) -> String {
    let mut page = format!("# policy/{name}\n");
    for section in SECTIONS {
        let body = match *section {
            "Example" => format!("`wit-fixtures/policy/{name}`"),
            "Report" => "```text\n```".to_owned(),
            "How to fix" => {
                format!("{TO_WRITE}: the mended file, as a block `toml file=witc-policy.toml`")
            }
            "Sources" => "`docs/policy.md`".to_owned(),
            _ => TO_WRITE.to_owned(),
        };
        page += &format!("\n## {section}\n\n{body}\n");
    }
    page
}

fn case(why: &str, codes: &str) -> String {
    format!(
        "why = \"{why} {TO_WRITE}\"
run = [\"lint\", \"shop.wasm\", \"--today\", \"2026-11-22\"]
exit = 0
codes = [{codes}]

[make]
\"shop.wasm\" = {{ wit = \"parts.wit\", world = \"shop\" }}
"
    )
}

const WIT: &str = "package acme:shop;

world shop {
  import wasi:clocks/monotonic-clock@0.2.12;
}

package wasi:clocks@0.2.12 {
  interface monotonic-clock {
    now: func() -> u64;
  }
}
";

const POLICY: &str = "[policy]
version = 1
taxonomy = \"2026.11\"

[component.shop]
allow = [\"wasi:clocks/monotonic-clock@0.2\"]
";

/// The table of codes with a row after the last lint.
fn with_row(codes: &str, name: &str) -> Result<String, String> {
    let constant = name.replace('-', "_").to_uppercase();
    let row = format!("    {constant} = \"policy/{name}\", WARN, \"{TO_WRITE}\";");
    let mut lines: Vec<&str> = codes.lines().collect();
    let last = lines.iter().rposition(|line| line.contains(ROW_OF_A_LINT));
    let last = last.ok_or_else(|| format!("{}: has no row of a lint to come after", code_table::FILE))?;
    lines.insert(last + 1, &row);
    Ok(lines.join("\n") + "\n")
}

/// The list of lints with the module, by name, and its judge, before the last: that is for what looks at exceptions.
fn with_entries(list: &str, module: &str) -> Result<String, String> {
    let declaration = format!("mod {module};");
    let entry = format!("    {module}::judge,");
    let mut lines: Vec<&str> = list.lines().collect();
    let missing = |what: &str| format!("{LIST}: has no {what} to come after");
    let name_of = |line: &str| Some(line.strip_suffix(';')?.split_once("mod ")?.1.to_owned());
    let modules: Vec<usize> = (0..lines.len()).filter(|&at| name_of(lines[at]).is_some()).collect();
    let after = modules.iter().copied().find(|&at| name_of(lines[at]).as_deref() > Some(module));
    let place = after.or(modules.last().map(|at| at + 1)).ok_or_else(|| missing("module"))?;
    lines.insert(place, &declaration);
    let last =
        lines.iter().rposition(|line| line.trim().ends_with("::judge,")).ok_or_else(|| missing("judge"))?;
    lines.insert(last, &entry);
    Ok(lines.join("\n") + "\n")
}

fn read(root: &Path, file: &str) -> Result<String, String> {
    fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))
}

fn write(root: &Path, file: &str, text: &str) -> Result<(), String> {
    let path = root.join(file);
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, text))
        .map_err(|error| format!("{file}: {error}"))
}
