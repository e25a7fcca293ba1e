//! What files say and how they are called: module pages, file names, no word about the machine they were made on.

use std::path::Path;

use crate::tree;

/// Names that say nothing about the domain, so that everything ends up in them.
const EMPTY_NAMES: &[&str] =
    &["utils.rs", "util.rs", "helpers.rs", "common.rs", "types.rs", "errors.rs", "misc.rs"];

/// Folders that exist on a developer's machine only, without the slashes around them.
const MACHINE_FOLDERS: &[&str] = &["tmp", "root", "work", "home", "Users"];

/// Every Rust file starts with `//!`: what it is for.
pub(super) fn module_pages(root: &Path) -> Vec<String> {
    let mut files = tree::files_in(root, "", ".rs");
    files.retain(|file| !tree::text(root, file).starts_with("//! "));
    let problem = |file| {
        format!(
            "{file}:1: the file does not say what it is for; begin its first line with `//! ` and one sentence"
        )
    };
    files.into_iter().map(problem).collect()
}

/// No file is called after nothing.
pub(super) fn file_names(root: &Path) -> Vec<String> {
    let mut files = tree::files_in(root, "", ".rs");
    files.retain(|file| EMPTY_NAMES.contains(&file.rsplit('/').next().unwrap_or_default()));
    let problem =
        |file| format!("{file}: the name says nothing; call the file after the one thing that it is about");
    files.into_iter().map(problem).collect()
}

/// No tracked text names a path of the machine on which it was written.
pub(super) fn machine_paths(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for file in tree::files(root) {
        let Ok(text) = std::fs::read_to_string(root.join(&file)) else { continue };
        for (index, line) in text.lines().enumerate() {
            if let Some(folder) = MACHINE_FOLDERS.iter().find(|folder| names_folder(line, folder)) {
                problems.push(format!(
                    "{file}:{}: names a path under /{folder}, which others do not have; use a path relative to the project",
                    index + 1
                ));
            }
        }
    }
    problems
}

/// Whether `line` has `/folder/` where a path begins: not after a character of a name.
fn names_folder(line: &str, folder: &str) -> bool {
    let path = format!("/{folder}/");
    let starts_path = |at: usize| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|character| !character.is_alphanumeric() && !"_-.*~".contains(character))
    };
    line.match_indices(&path).any(|(at, _)| starts_path(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: bool) {
        assert_eq!(names_folder(line, "work"), expected, "{line}");
    }

    #[test]
    fn paths_begin_outside_of_names() {
        let slash = '/';
        check(&format!("cd {slash}work/main"), true);
        check(&format!("{slash}work/main"), true);
        check(&format!("see ..{slash}work/main and example.com{slash}work/main"), false);
    }
}
