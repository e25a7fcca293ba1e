//! Guards that can fail: each gets a small tree with one thing wrong, and the same tree with that mended.
//!
//! Differs from `tests/it/guards.rs`, which runs the guards over the project itself.

use std::path::Path;

use xtask::guards::GUARDS;

/// Runs the guard `name` over `files` and expects one problem that contains `expected`; none, if that is empty.
#[track_caller]
fn check(name: &str, files: &[(&str, &str)], expected: &str) {
    let root = tempfile::tempdir().expect("a temporary folder can be made");
    for (file, text) in files {
        let path = root.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    }
    let (_, guard) = GUARDS.iter().find(|(other, _)| *other == name).expect("there is a guard of this name");
    let problems = guard(root.path());
    if expected.is_empty() {
        assert_eq!(problems, Vec::<String>::new());
    } else {
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(problems[0].contains(expected), "{problems:#?}");
    }
}

const CODES: &str = "codes! {\n    A = \"load/a\", INPUT, \"something\";\n}\n";
const PAGE: &str = "# load/a\n\n## What is wrong\n\nX.\n\n## Why it matters\n\nX.\n\n## Example\n\n```text\n## No title\n```\n\n\
    ## Report\n\nX.\n\n## How to fix\n\nX.\n\n## Settings\n\nX.\n\n## Sources\n\nX.\n";

#[test]
fn imports() {
    let guard = "modules_import_downwards_only";
    check(
        guard,
        &[("src/load/mod.rs", "fn f() {\n    crate::check::g();\n}\n")],
        "src/load/mod.rs:2: `load` imports",
    );
    check(
        guard,
        &[("src/check/a.rs", "use crate::{policy::P, diag::D};\n")],
        "`check` imports from `policy`",
    );
    check(guard, &[("src/link/a/b.rs", "use super::super::super::emit::E;\n")], "`link` imports from `emit`");
    check(guard, &[("src/model/a.rs", "use crate::diag::Code;\n")], "`model` imports from `diag`");
    check(guard, &[("src/cli/mod.rs", "use crate::Outcome;\n")], "`crate::Outcome` is not in a module");
    check(guard, &[("src/main.rs", "use witc::pipeline;\n")], "src/main.rs:1:");
    check(guard, &[("src/check/mod.rs", "use crate::load::Inputs;\nuse self::a::B;\n")], "");
    check(guard, &[("src/main.rs", "fn main() { witc::cli::run() }\n")], "");

    let guard = "modules_keep_their_sub_modules";
    check(guard, &[("src/load/mod.rs", "pub(crate) mod surface;\n")], "src/load/mod.rs:1:");
    check(guard, &[("src/load/mod.rs", "mod surface;\n")], "");

    check("modules_are_in_the_import_table", &[("src/utilities.rs", "")], "src/utilities");
    check("modules_are_in_the_import_table", &[("src/pipeline.rs", ""), ("src/load/mod.rs", "")], "");
}

#[test]
fn architecture() {
    let guard = "architecture_page_is_true";
    let table: Vec<String> = xtask::import_table::LAYERS.iter().map(|line| line.join("  ")).collect();
    let page = format!("```text\n{}\n```\n## Modules\n\n| `load/` | Bytes. |\n", table.join("\n"));
    let module = ("src/load/mod.rs", "");
    check(guard, &[module, ("docs/architecture.md", &page.replace("report", "reports"))], "the import table");
    check(guard, &[module, ("src/a.rs", ""), ("docs/architecture.md", &page)], "no row for `a.rs`");
    check(guard, &[("docs/architecture.md", &page)], "`load/` is in the table");
    check(guard, &[module, ("docs/architecture.md", &page)], "");
}

#[test]
fn confinement() {
    let guard = "crates_are_confined";
    check(guard, &[("src/policy/a.rs", "use wasmparser::Parser;\n")], "`wasmparser` may be named only in");
    check(guard, &[("src/check/a.rs", "fn f(_: wit_parser::Type) {}\n")], "src/check/a.rs:1: `wit_parser`");
    check(
        guard,
        &[("src/load/a.rs", "use std::{fs, io};\n")],
        "`std::fs` may be named only in source/disk.rs",
    );
    check(
        guard,
        &[("src/source/disk.rs", "use std::fs;\n"), ("src/load/a.rs", "use wasmparser as w;\n")],
        "",
    );
}

#[test]
fn words() {
    check("files_say_what_they_are_for", &[("tests/a.rs", "use std::io;\n")], "tests/a.rs:1:");
    check("files_say_what_they_are_for", &[("tests/a.rs", "//! Tests.\n")], "");
    check("files_have_names_of_the_domain", &[("src/load/helpers.rs", "")], "src/load/helpers.rs");
    let path = ["", "home", "me", "witc"].join("/");
    check("files_name_no_machine", &[("docs/a.md", &format!("Open\n{path}.\n"))], "docs/a.md:2:");
    check("files_name_no_machine", &[("docs/a.md", "Open ./home/me.\n")], "");
}

#[test]
fn budgets() {
    let long = "//! Long.\n".repeat(801);
    check("files_are_within_budget", &[("src/a.rs", &long)], "src/a.rs: 801 lines");
    check(
        "files_are_within_budget",
        &[("src/policy/lints/a.rs", &"\n".repeat(251))],
        "251 lines, the limit is 250",
    );
    let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "fn f() {}\n".repeat(900));
    check("files_are_within_budget", &[("src/a.rs", &tests), ("src/diag/codes.rs", &long)], "");
    let function = format!("fn f() {{\n{}}}\n", "    g();\n".repeat(81));
    check("files_are_within_budget", &[("src/a.rs", "fn f() { \"")], "src/a.rs: cannot be read as Rust");
    check("functions_are_within_budget", &[("src/a.rs", &function)], "src/a.rs:1: `f` has 81 lines");
    check("functions_are_within_budget", &[("src/a.rs", &function.replace("g();", "// why"))], "");
}

#[test]
fn unfinished() {
    let guard = "nothing_is_unfinished";
    check(guard, &[("src/a.rs", concat!("fn f() { to", "do!() }\n"))], "src/a.rs:1:");
    check(guard, &[("src/a.rs", "fn f() { g().expect(\"it is there\") }\n")], "");
    check("integration_tests_run", &[("tests/it/a.rs", "#[test]\nfn f() {}\n")], "tests/it/a.rs:1:");
    let readme = ("README.md", "cargo test --workspace");
    let guard = "ci_starts_with_the_readme";
    check(guard, &[readme, (".ci/run", "cargo fmt\ncargo test --workspace\n")], ".ci/run:");
    check(guard, &[readme, (".ci/run", "# CI\ncargo test --workspace\n")], "");
}

#[test]
fn codes() {
    let codes = ("src/diag/codes.rs", CODES);
    let page = ("docs/codes/load/a.md", PAGE);
    let case = ("wit-fixtures/load/a/case.toml", "codes = [\"load/a\"]\n");
    check("codes_have_pages", &[codes], "`load/a` has no page");
    check(
        "codes_have_pages",
        &[codes, page, ("docs/codes/load/b.md", "")],
        "docs/codes/load/b.md: no such code",
    );
    check("codes_have_pages", &[codes, page], "");
    check("codes_are_seen_in_fixtures", &[codes], "`load/a` is seen in no fixture");
    check(
        "codes_are_seen_in_fixtures",
        &[("src/diag/codes.rs", ""), case],
        "expects `load/a`, which has no row",
    );
    check("codes_are_seen_in_fixtures", &[codes, case], "");
    let unknown = CODES.replace("load/a", "loading/a");
    check("codes_belong_to_stages", &[("src/diag/codes.rs", &unknown)], "begins with no module");
    let twice = CODES.replace("}\n", "    B = \"load/a\", INPUT, \"other\";\n}\n");
    check("codes_belong_to_stages", &[("src/diag/codes.rs", &twice)], "`load/a` has two rows");
    check("codes_belong_to_stages", &[codes], "");

    let guard = "code_pages_have_their_sections";
    check(
        guard,
        &[codes, ("docs/codes/load/a.md", &PAGE.replace("# load/a\n", "# load/b\n"))],
        "a.md:1: the title",
    );
    check(
        guard,
        &[codes, ("docs/codes/load/a.md", &PAGE.replace("## Settings\n\nX.\n\n", ""))],
        "has the sections",
    );
    check(
        guard,
        &[codes, ("docs/codes/load/a.md", &PAGE.replace("Settings\n\nX.", "Settings\n\n"))],
        "is empty",
    );
    check(guard, &[codes, page], "");
}

#[test]
fn lints() {
    let codes = ("src/diag/codes.rs", "codes! {\n    A_B = \"policy/a-b\", WARN, \"something\";\n}\n");
    let list = ("src/policy/lints/mod.rs", "mod a_b;\nconst LINTS: &[Judge] = &[\n    a_b::judge,\n];\n");
    let file = ("src/policy/lints/a_b.rs", "");
    check("lints_are_whole", &[codes, list], "src/policy/lints/a_b.rs: missing");
    check("lints_are_whole", &[codes, file], "`a_b::judge` is not in the list");
    check("lints_are_whole", &[("src/diag/codes.rs", ""), list, file], "no row for the lint `policy/a-b`");
    check("lints_are_whole", &[codes, list, file], "");
}

#[test]
fn a_new_lint_is_whole_and_waits_for_its_words() {
    let root = tempfile::tempdir().expect("a temporary folder can be made");
    let root = root.path();
    let codes =
        "codes! {\n    A_B = \"policy/a-b\", WARN, \"something\";\n    C = \"report/c\", WARN, \"x\";\n}\n";
    let list = "mod a_b;\nmod z;\n\nconst LINTS: &[Judge] = &[\n    a_b::judge,\n    z::judge,\n];\n";
    for (file, text) in [("src/diag/codes.rs", codes), ("src/policy/lints/mod.rs", list)] {
        std::fs::create_dir_all(root.join(file).parent().unwrap_or(root)).expect("a folder can be made");
        std::fs::write(root.join(file), text).expect("a file can be written");
    }
    assert_eq!(xtask::new_lint::new_lint(root, "long-grant"), Vec::<String>::new());
    assert_eq!(xtask::new_lint::new_lint(root, "long-grant").len(), 1, "a lint is made once");
    assert_eq!(xtask::new_lint::new_lint(root, "Long").len(), 1, "a name has a form");

    let read = |file: &str| std::fs::read_to_string(root.join(file)).expect("the file is there");
    assert!(read("src/policy/lints/mod.rs").starts_with("mod a_b;\nmod long_grant;\nmod z;\n"));
    assert!(
        read("src/policy/lints/mod.rs").contains("    a_b::judge,\n    long_grant::judge,\n    z::judge,\n")
    );
    let problems = |name: &str| {
        let guard = GUARDS.iter().find(|(other, _)| *other == name).expect("there is a guard of this name").1;
        guard(root).into_iter().filter(|problem| problem.contains("long")).collect::<Vec<_>>()
    };
    for guard in ["lints_are_whole", "codes_have_pages", "codes_are_seen_in_fixtures", "fixtures_have_cases"]
    {
        assert_eq!(problems(guard), Vec::<String>::new(), "{guard}");
    }
    assert_eq!(problems("code_pages_have_their_sections"), Vec::<String>::new());
    assert_ne!(problems("nothing_is_unfinished"), Vec::<String>::new());
}

#[test]
fn pairs() {
    let case = ("wit-fixtures/load/a/case.toml", "exit = 0\n");
    check(
        "fixtures_have_cases",
        &[("wit-fixtures/load/a/world.wit", "")],
        "wit-fixtures/load/a/case.toml: missing",
    );
    check("fixtures_have_cases", &[case, ("wit-fixtures/load/world.wit", "")], "lies in no case");
    check("fixtures_have_cases", &[case], "");
    let snapshot = |name| (name, "text");
    check("snapshots_have_fixtures", &[case, snapshot("snapshots/load/b/stderr.txt")], "snapshots/load/b");
    check("snapshots_have_fixtures", &[case, snapshot("snapshots/load/a/stderr.txt")], "");
}

#[test]
fn dependencies() {
    let guard = "dependencies_have_reasons";
    check(guard, &[("Cargo.toml", "[dependencies]\nserde = \"1\"\n")], "Cargo.toml:2:");
    check(guard, &[("Cargo.toml", "[package]\nname = \"a\"\n[dependencies]\nserde = \"1\" # JSON\n")], "");
}
