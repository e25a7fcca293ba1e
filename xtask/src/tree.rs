//! Walks the files of the repository: all but what git ignores at the root.

use std::fs;
use std::path::{Path, PathBuf};

/// Every file under `root` that belongs to the project, sorted, as paths relative to `root` with `/` between names.
pub fn files(root: &Path) -> Vec<String> {
    let ignored = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    let ignored: Vec<&str> = ignored.lines().map(|line| line.trim_matches('/')).collect();
    let mut found = Vec::new();
    walk(root, "", &ignored, &mut found);
    found.sort();
    found
}

/// The files of [`files`] that lie under `folder` and end in `ending`.
pub fn files_in(root: &Path, folder: &str, ending: &str) -> Vec<String> {
    let mut all = files(root);
    all.retain(|file| file.starts_with(folder) && file.ends_with(ending));
    all
}

/// The text of a file of the project.
///
/// # Panics
/// If the file is gone or is no text: a guard cannot go on then.
pub fn text(root: &Path, file: &str) -> String {
    fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file} cannot be read: {error}"))
}

/// The names of the folders directly in `folder`, sorted; none if `folder` does not exist.
pub fn folders(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.map(|entry| entry.path()).filter(|path| path.is_dir());
    let mut names: Vec<String> = folders.map(|path| name(&path)).collect();
    names.sort();
    names
}

fn walk(folder: &Path, prefix: &str, ignored: &[&str], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let relative = format!("{prefix}{}", name(&path));
        if relative == ".git" || ignored.contains(&relative.as_str()) {
            continue;
        }
        if path.is_dir() && !path.is_symlink() {
            walk(&path, &format!("{relative}/"), ignored, found);
        } else {
            found.push(relative);
        }
    }
}

fn name(path: &Path) -> String {
    PathBuf::from(path.file_name().unwrap_or_default()).to_string_lossy().into_owned()
}
