//! Runs every folder `wit-fixtures/<stage>/<case>/` as a test called `fixtures::<stage>::<case>`.
//!
//! A case **must** have a `case.toml`, written by hand. It says what a run means:
//!
//! | key | value |
//! |---|---|
//! | `why` | what the case shows: text |
//! | `run` | one command, without `witc`: `["check", "world.wit"]` |
//! | `runs` | instead of `run`: several commands, run one after the other in the same folder |
//! | `exit` | the exit code of the last command, the others end with 0; or a list with one for each |
//! | `codes` | the codes that all commands together report, one entry for each diagnostic, in any order |
//!
//! It **may** have
//!
//! | key | value |
//! |---|---|
//! | `stdin` | the file that standard input is read from; without it, standard input is empty |
//! | `produces` | the files that the commands write. Where all of them fail: files that must not be there |
//! | `normalise` | a table: text that differs from machine to machine = what stands for it in the snapshot |
//! | `[make]` | inputs that are no text, by file name, see below |
//!
//! and any text files: they are copied into a temporary folder, where the commands run with an empty environment, 100
//! columns and no colour. A line of `[make]` is `"NAME" = { … }` with
//!
//! | keys | makes |
//! |---|---|
//! | `bytes = "00 61 73 6d"` | these bytes, in hexadecimal |
//! | `zeros = 1000` | so many zero bytes |
//! | `text = "…"` | a file whose name promises something else |
//! | `folder = true` | an empty folder |
//! | `link = "…"` | a symbolic link; to itself, it is a file that nobody can read |
//! | `wat = "x.wat"` | a component or core module of text, assembled |
//! | `wit = "w.wit"`, `world = "w"` | a component of that world whose functions do nothing; `wit` may be a folder with `deps/` |
//! | `wit`, `world`, `core = "m.wat"` | a core module of text with that world embedded as metadata |
//!
//! `keep = 40` beside any content keeps the first 40 bytes only.
//!
//! A case **produces** what `snapshots/<stage>/<case>/` holds; `cargo xtask bless` rewrites it: `stdout.txt` and `stderr.txt`
//! (none for an empty stream; several commands each after a line `$ witc …`; without sizes and digests), and for each file of `produces` its text, of
//! a component its WIT as `NAME.wit`. What holds for every case: a file that is not in `produces` is neither written,
//! changed nor removed; a component that is written is valid; `--format json` reports the codes of `codes` under
//! the same exit code.

use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use xtask::guards::pairs::folders_of_cases;

use crate::case::Case;
use crate::json;
use crate::product;
use crate::sandbox::{Output, Sandbox};
use crate::snapshot::{self, Texts};

/// One test a case.
pub(crate) fn tests() -> Vec<Trial> {
    let test = |case: String| {
        Trial::test(format!("fixtures::{}", case.replace('/', "::")), move || Ok(check(&case)?))
    };
    cases().into_iter().map(test).collect()
}

/// All cases: `<stage>/<case>`.
pub(crate) fn cases() -> Vec<String> {
    folders_of_cases(root(), "wit-fixtures")
}

/// The folder with the inputs of a case.
pub(crate) fn folder(case: &str) -> PathBuf {
    root().join("wit-fixtures").join(case)
}

/// A fresh folder with the inputs of a case.
pub(crate) fn prepared(folder: &Path, case: &Case) -> Result<Sandbox, String> {
    let mut sandbox = Sandbox::new();
    sandbox.copy(folder)?;
    sandbox.make(&case.make)?;
    sandbox.seal();
    Ok(sandbox)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn check(name: &str) -> Result<(), String> {
    let folder = folder(name);
    let case = Case::read(&folder)?;
    let told = |problem: String| format!("{problem}\n\n{name} shows: {}", case.why.trim());
    let texts = check_human(&folder, &case).map_err(told)?;
    check_json(&folder, &case).map_err(told)?;
    snapshot::compare(&root().join("snapshots").join(name), &texts).map_err(told)
}

/// The runs as a person sees them: exit codes, files, and the texts for the snapshot.
fn check_human(folder: &Path, case: &Case) -> Result<Texts, String> {
    let sandbox = prepared(folder, case)?;
    let runs = case.runs()?;
    let mut texts = Texts::new();
    for (arguments, exit) in &runs {
        let output = sandbox.witc(arguments, case.stdin.as_deref())?;
        expect_exit(arguments, *exit, &output)?;
        let heading =
            if runs.len() > 1 { format!("$ witc {}\n", arguments.join(" ")) } else { String::new() };
        let (name, stdout) = match product::wit(&output.stdout) {
            Some(wit) => ("stdout.wit", wit?),
            None => ("stdout.txt", sandbox.without_folder(&String::from_utf8_lossy(&output.stdout))),
        };
        for (name, text) in [(name, stdout), ("stderr.txt", output.stderr)] {
            if !text.is_empty() {
                texts.entry(name.to_owned()).or_default().push_str(&(heading.clone() + &text));
            }
        }
    }
    // A run that finds a bug in witc writes down what is needed to report it.
    let is_expected = |file: &&String| !case.fails() || file.starts_with("witc-bug-");
    let expected: Vec<String> = case.produces.iter().filter(is_expected).cloned().collect();
    let expected = sorted(&expected);
    let written = sandbox.written();
    if written != expected {
        return Err(format!("the files written, changed or removed are {written:?}, not {expected:?}"));
    }
    for file in expected {
        let (name, text) = product::text(sandbox.path(), &file)?;
        texts.insert(name, text);
    }
    for text in texts.values_mut() {
        *text = normalised(text, case);
    }
    Ok(texts)
}

/// The same runs for machines: the codes.
fn check_json(folder: &Path, case: &Case) -> Result<(), String> {
    let sandbox = prepared(folder, case)?;
    let mut found = Vec::new();
    for (arguments, exit) in case.runs()? {
        let arguments = json::arguments(&arguments);
        let output = sandbox.witc(&arguments, case.stdin.as_deref())?;
        expect_exit(&arguments, exit, &output)?;
        let codes = json::codes(&arguments, &output);
        found.extend(codes.map_err(|error| format!("witc {}: {error}", arguments.join(" ")))?);
    }
    let (found, expected) = (sorted(&found), sorted(&case.codes));
    if found == expected { Ok(()) } else { Err(format!("reports the codes {found:?}, not {expected:?}")) }
}

fn expect_exit(arguments: &[String], expected: i32, output: &Output) -> Result<(), String> {
    if output.exit == expected {
        return Ok(());
    }
    let command = arguments.join(" ");
    Err(format!("witc {command}: ends with {}, not {expected}; it says:\n{}", output.exit, output.stderr))
}

/// `text` as it goes into a snapshot: no version of witc, no size of an artifact, nothing that `normalise` names.
fn normalised(text: &str, case: &Case) -> String {
    let machine = format!(" on {} {}", std::env::consts::ARCH, std::env::consts::OS);
    let text = text
        .replace(concat!("witc ", env!("CARGO_PKG_VERSION")), "witc <version>")
        .replace(&machine, " on <machine>")
        .replace(concat!("\"witc\" \"", env!("CARGO_PKG_VERSION")), "\"witc\" \"<version>")
        .replace(concat!("\\22witc\\22:\\22", env!("CARGO_PKG_VERSION")), "\\22witc\\22:\\22<version>");
    let mut text: String = text.split_inclusive('\n').map(without_size).collect();
    for (from, to) in &case.normalise {
        text = text.replace(from, to);
    }
    text
}

/// The line with the place of an artifact, without its size: that changes with the version of witc.
fn without_size(line: &str) -> String {
    let is_size = |rest: &str| {
        let rest = rest.trim_end();
        rest.starts_with(|first: char| first.is_ascii_digit())
            && rest.contains(" bytes")
            && !rest.contains("  ")
    };
    match line.strip_prefix("  ").and_then(|rest| rest.split_once("  ")) {
        Some((place, rest)) if is_size(rest) => format!("  {place}  <size>\n"),
        _ => line.to_owned(),
    }
}

fn sorted(texts: &[String]) -> Vec<String> {
    let mut texts = texts.to_vec();
    texts.sort();
    texts
}
