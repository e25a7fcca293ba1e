//! The pieces of a lint agree: its code, its file, its lines in the list of lints.
//!
//! Differs from `codes.rs`, which is about all codes, and from `tests/it/pages.rs`, which runs the bad and the ok example.

use std::collections::BTreeSet;
use std::path::Path;

use crate::code_table;
use crate::tree;

/// The list of lints.
pub const LIST: &str = "src/policy/lints/mod.rs";

/// Each lint of `policy` has a file of its name, which is declared and judges.
pub(super) fn agree(root: &Path) -> Vec<String> {
    let is_lint = |row: &code_table::Row| {
        row.stage() == "policy" && ["DENY", "WARN", "NOTE", "ALLOW"].contains(&row.kind.as_str())
    };
    let rows = code_table::rows(root).into_iter().filter(is_lint);
    let rows: BTreeSet<String> =
        rows.map(|row| row.code.trim_start_matches("policy/").replace('-', "_")).collect();
    let list = std::fs::read_to_string(root.join(LIST)).unwrap_or_default();
    let judges: BTreeSet<String> =
        list.lines().filter_map(|line| line.trim().strip_suffix("::judge,").map(str::to_owned)).collect();
    let files = tree::files_in(root, "src/policy/lints/", ".rs").into_iter();
    let files = files.map(|file| file["src/policy/lints/".len()..].trim_end_matches(".rs").to_owned());
    let files: BTreeSet<String> = files.filter(|name| name != "mod").collect();

    let mut problems = Vec::new();
    for name in rows.union(&files).collect::<BTreeSet<_>>().union(&judges.iter().collect()) {
        let code = format!("policy/{}", name.replace('_', "-"));
        if !rows.contains(*name) {
            problems.push(format!("{}: no row for the lint `{code}`", code_table::FILE));
        }
        if !files.contains(*name) {
            problems
                .push(format!("src/policy/lints/{name}.rs: missing; it is the file of the lint `{code}`"));
        }
        if !judges.contains(*name) {
            problems
                .push(format!("{LIST}: `{name}::judge` is not in the list, so that `{code}` never judges"));
        }
    }
    problems
}
