//! `docs/architecture.md` is true: its import table is the one of `import_table.rs`, its modules are those of `src/`.

use std::collections::BTreeSet;
use std::path::Path;

use super::pages::sections_of;
use crate::import_table::LAYERS;
use crate::tree;

const PAGE: &str = "docs/architecture.md";

/// The page shows the import table that the guards use, and has a row for each module there is.
pub(super) fn page_is_true(root: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    let mut problems = Vec::new();
    let table: Vec<String> = LAYERS.iter().map(|line| line.join("  ")).collect();
    let table = format!("```text\n{}\n```", table.join("\n"));
    if !text.contains(&table) {
        problems.push(format!(
            "{PAGE}: does not hold the import table of xtask/src/import_table.rs; write\n{table}"
        ));
    }
    let (modules, rows) = (modules(root), rows(&text));
    let missing = modules.difference(&rows);
    problems.extend(
        missing.map(|module| format!("{PAGE}: no row for `{module}` in the table under `## Modules`")),
    );
    let extra = rows.difference(&modules);
    problems.extend(
        extra.map(|row| format!("{PAGE}: `{row}` is in the table under `## Modules` and not in src/")),
    );
    problems
}

/// The names directly in `src/`, as the page writes them: `load/`, `pipeline.rs`.
fn modules(root: &Path) -> BTreeSet<String> {
    let files = tree::files_in(root, "src/", ".rs").into_iter();
    let module = |file: String| match file["src/".len()..].split_once('/') {
        Some((folder, _)) => format!("{folder}/"),
        None => file["src/".len()..].to_owned(),
    };
    files.map(module).collect()
}

/// The first cells of the table of modules.
fn rows(text: &str) -> BTreeSet<String> {
    let sections = sections_of(text);
    let lines = sections.iter().filter(|(title, _)| *title == "Modules").flat_map(|(_, body)| body.lines());
    let cells = lines.filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    cells.map(|(name, _)| name.to_owned()).collect()
}
