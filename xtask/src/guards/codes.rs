//! Three sets are equal: rows in the table of codes, pages in `docs/codes/`, codes seen in some fixture.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::code_table::{self, FILE, Row};
use crate::guards::pairs::{cases, stages};
use crate::import_table;
use crate::tree;

/// Each code has a page, and each page a code.
pub(super) fn have_pages(root: &Path) -> Vec<String> {
    let codes: BTreeSet<String> = code_table::rows(root).into_iter().map(|row| row.code).collect();
    if codes.is_empty() {
        return vec![format!(
            "{FILE}: no rows found; keep the form `NAME = \"stage/name\", KIND, \"summary\";`"
        )];
    }
    let pages: BTreeSet<String> = pages(root).into_iter().collect();
    let without_page = codes.difference(&pages).map(|code| {
        format!(
            "{FILE}: `{code}` has no page; write docs/codes/{code}.md, which `witc explain {code}` prints"
        )
    });
    let without_code = pages.difference(&codes).map(|page| {
        format!("docs/codes/{page}.md: no such code in {FILE}; take the page out or give the code its row")
    });
    without_page.chain(without_code).collect()
}

/// Each code is expected by a fixture, and fixtures expect no other. A bug of witc cannot be had from outside: a unit test of
/// the stage provokes it.
pub(super) fn are_seen(root: &Path) -> Vec<String> {
    let rows = code_table::rows(root);
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for case in cases(root) {
        for code in case.codes {
            seen.entry(code).or_insert_with(|| case.file.clone());
        }
    }
    let is_seen = |row: &Row| seen.contains_key(&row.code) || (row.is_bug() && is_tested(root, row));
    let unseen = rows.iter().filter(|row| !is_seen(row)).map(|row| {
        if row.is_bug() {
            let (code, stage) = (&row.code, row.stage());
            return format!(
                "{FILE}: the bug `{code}` is seen in no unit test; provoke it in one of src/{stage}/"
            );
        }
        format!(
            "{FILE}: `{}` is seen in no fixture; add wit-fixtures/{}/… whose case.toml expects it",
            row.code, row.code
        )
    });
    let unknown = seen.iter().filter(|(code, _)| !rows.iter().any(|row| row.code == **code));
    let unknown = unknown.map(|(code, file)| format!("{file}: expects `{code}`, which has no row in {FILE}"));
    unseen.chain(unknown).collect()
}

/// Whether a unit test of the stage names the code.
fn is_tested(root: &Path, row: &Row) -> bool {
    let name = format!("code::{}", row.constant);
    let files = tree::files_in(root, &format!("src/{}/", row.stage()), ".rs");
    files.iter().any(|file| {
        let text = tree::text(root, file);
        text.split_once("#[cfg(test)]").is_some_and(|(_, tests)| tests.contains(&name))
    })
}

/// A code begins with the module that reports it, is written once, and its constant is its name.
pub(super) fn belong_to_stages(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    let mut names = BTreeSet::new();
    for row in code_table::rows(root) {
        let name = row.code.split('/').nth(1).unwrap_or_default();
        if import_table::layer(row.stage()).is_none() {
            problems.push(format!(
                "{FILE}: `{}` begins with no module of src/; name the one that reports it",
                row.code
            ));
        }
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || !name.chars().all(is_name) {
            problems.push(format!("{FILE}: `{}` is not of the form `<stage>/<kebab-name>`", row.code));
        }
        if row.summary.ends_with('.') || row.summary.is_empty() {
            problems.push(format!("{FILE}: `{}` needs a summary of one line without a full stop", row.code));
        }
        if !names.insert(row.code.clone()) {
            problems.push(format!("{FILE}: `{}` has two rows; a code means one thing", row.code));
        }
    }
    problems.extend(stages(root).into_iter().filter(|stage| import_table::layer(stage).is_none()).map(|stage| {
        format!("wit-fixtures/{stage}: no module of src/ has this name; put its cases under the module they are about")
    }));
    problems
}

/// The codes that have a page.
fn pages(root: &Path) -> Vec<String> {
    let files = tree::files_in(root, "docs/codes/", ".md").into_iter();
    let codes = files.map(|file| file["docs/codes/".len()..].trim_end_matches(".md").to_owned());
    codes.filter(|code| code.contains('/')).collect()
}
