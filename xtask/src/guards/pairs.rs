//! Fixtures and snapshots come in pairs: a folder of `wit-fixtures/` is a case, a folder of `snapshots/` its wording.

use std::path::Path;

use crate::tree;

/// The README's demo lies beside the stages: it is no case of one, and `tests/runtime` runs what is linked from it.
const DEMO: &str = "demo";

/// What the guards need of a case.toml; the tests read the whole of it.
pub(super) struct Case {
    /// The file, relative to the root.
    pub(super) file: String,
    /// The codes that the case expects.
    pub(super) codes: Vec<String>,
}

/// The stages that have fixtures.
pub(super) fn stages(root: &Path) -> Vec<String> {
    stages_in(&root.join("wit-fixtures"))
}

fn stages_in(top: &Path) -> Vec<String> {
    let mut stages = tree::folders(top);
    stages.retain(|stage| stage != DEMO);
    stages
}

/// All cases that can be read.
pub(super) fn cases(root: &Path) -> Vec<Case> {
    let read = |folder: String| {
        let file = format!("wit-fixtures/{folder}/case.toml");
        let table: toml::Table = std::fs::read_to_string(root.join(&file)).ok()?.parse().ok()?;
        let codes = table.get("codes").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let codes = codes.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect();
        Some(Case { file, codes })
    };
    folders_of_cases(root, "wit-fixtures").into_iter().filter_map(read).collect()
}

/// Each folder `wit-fixtures/<stage>/<case>` has its case.toml, and no file lies beside the folders.
pub(super) fn fixtures_have_cases(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for folder in folders_of_cases(root, "wit-fixtures") {
        let file = format!("wit-fixtures/{folder}/case.toml");
        match std::fs::read_to_string(root.join(&file)) {
            Ok(text) => {
                if let Err(error) = text.parse::<toml::Table>() {
                    problems.push(format!("{file}: not TOML: {}", error.message()));
                }
            }
            Err(_) => problems.push(format!("{file}: missing; tests/it/fixtures.rs says what it holds")),
        }
    }
    let files = tree::files_in(root, "wit-fixtures/", "").into_iter();
    let in_demo = format!("wit-fixtures/{DEMO}/");
    let strays = files.filter(|file| file.split('/').count() < 4 && !file.starts_with(&in_demo));
    problems.extend(
        strays.map(|file| format!("{file}: lies in no case; move it to wit-fixtures/<stage>/<case>/")),
    );
    problems
}

/// Each folder of `snapshots/` belongs to a case; the tests themselves hold its files against what a run gives.
pub(super) fn snapshots_have_fixtures(root: &Path) -> Vec<String> {
    let mut orphans = folders_of_cases(root, "snapshots");
    orphans.retain(|folder| !root.join("wit-fixtures").join(folder).is_dir());
    let problem = |folder| {
        format!("snapshots/{folder}: no wit-fixtures/{folder}; remove it, or rename it with its case")
    };
    orphans.into_iter().map(problem).collect()
}

/// `<stage>/<case>` of each folder two levels below `top`, which is `wit-fixtures` or `snapshots`.
pub fn folders_of_cases(root: &Path, top: &str) -> Vec<String> {
    let top = root.join(top);
    let stages = stages_in(&top).into_iter();
    let cases = stages.flat_map(|stage| {
        let cases = tree::folders(&top.join(&stage));
        cases.into_iter().map(move |case| format!("{stage}/{case}")).collect::<Vec<_>>()
    });
    cases.collect()
}
