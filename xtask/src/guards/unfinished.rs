//! What only looks finished: code that panics on purpose, tests that never run, a README that says something else.

use std::path::Path;

use crate::tree;

/// What must not stand in `src/`, and what to do instead.
const UNFINISHED: &[(&str, &str)] = &[
    ("todo!(", "write it"),
    ("unimplemented!(", "write it"),
    ("dbg!(", "take it out"),
    ("#[ignore", "mend the test, or take it out"),
    (".unwrap()", "report a diagnostic, or say with `expect` why it cannot fail"),
];

/// What `cargo xtask new-lint` writes where a person has to.
pub const TO_WRITE: &str = concat!("(to be", " written)");

/// Nothing in `src/` panics because somebody was not done; no file that was made still waits for its words.
pub(super) fn nothing_is_unfinished(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for file in tree::files(root) {
        let text = std::fs::read_to_string(root.join(&file)).unwrap_or_default();
        for (index, _) in text.lines().enumerate().filter(|(_, line)| line.contains(TO_WRITE)) {
            problems.push(format!("{file}:{}: says \"{TO_WRITE}\"; write it", index + 1));
        }
    }
    for file in tree::files_in(root, "src/", ".rs") {
        for (index, line) in tree::text(root, &file).lines().enumerate() {
            for (mark, way_out) in UNFINISHED.iter().filter(|(mark, _)| line.contains(mark)) {
                problems.push(format!("{file}:{}: `{mark}` is not allowed here; {way_out}", index + 1));
            }
        }
    }
    problems
}

/// `tests/it` lists its tests itself (`harness = false`), so that a `#[test]` in it would never run.
pub(super) fn integration_tests_run(root: &Path) -> Vec<String> {
    let mark = concat!("#[", "test]");
    let mut problems = Vec::new();
    for file in tree::files_in(root, "tests/it/", ".rs") {
        for (index, _) in tree::text(root, &file).lines().enumerate().filter(|(_, line)| line.trim() == mark)
        {
            problems.push(format!(
                "{file}:{}: `{mark}` never runs here; return a `Trial` from the `tests` function of the file",
                index + 1
            ));
        }
    }
    problems
}

/// `.ci/run` starts with the test command that the README names, so that nobody is told less than CI runs.
pub(super) fn ci_starts_with_the_readme(root: &Path) -> Vec<String> {
    let command = "cargo test --workspace";
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap_or_default();
    let mut problems = Vec::new();
    if !read("README.md").contains(command) {
        problems.push(format!("README.md: does not say `{command}`; it is the command that runs every test"));
    }
    let script = read(".ci/run");
    let first = script.lines().find(|line| line.starts_with("cargo "));
    if first != Some(command) {
        problems.push(format!(".ci/run: its first cargo command is not `{command}`; put that first"));
    }
    problems
}
