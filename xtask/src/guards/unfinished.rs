//! Code that only looks finished: places that panic on purpose, tests that never run.

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

/// Nothing in `src/` panics because somebody was not done.
pub(super) fn nothing_is_unfinished(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
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
