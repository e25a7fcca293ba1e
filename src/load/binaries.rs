//! Finds the components in a folder, for a user who named the folder: components are named one by one.
//!
//! Differs from `wit/folder.rs`: a folder of WIT is an input.

use std::path::{Path, PathBuf};

use crate::diag::{list, quoted};
use crate::source::{Files, PathKind};

/// What to name instead of a folder: the binary in it, or a pattern where there are several; else those of the folders right in it.
pub(super) fn binaries_in(folder: &Path, files: &dyn Files) -> Vec<String> {
    let here = right_in(folder, files);
    if here.is_some() {
        return here.into_iter().collect();
    }
    let mut entries = files.list(folder).unwrap_or_default();
    entries.retain(|entry| files.kind(entry).is_ok_and(|kind| kind == PathKind::Folder));
    entries.iter().filter_map(|entry| right_in(entry, files)).collect()
}

fn right_in(folder: &Path, files: &dyn Files) -> Option<String> {
    let is_binary = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "wasm");
    let mut binaries = files.list(folder).unwrap_or_default().into_iter().filter(is_binary);
    let first = binaries.next()?;
    let named = if binaries.next().is_some() { folder.join("*.wasm") } else { first };
    Some(named.to_string_lossy().into_owned())
}

/// The advice to name what [`binaries_in`] found; `None` if that is nothing.
pub(super) fn name_them(binaries: &[String]) -> Option<String> {
    let named: Vec<String> = binaries.iter().map(|binary| quoted(binary)).collect();
    match binaries {
        [] => None,
        [one] if !one.ends_with("*.wasm") => Some(format!("name the component in it: {}", quoted(one))),
        _ => Some(format!("name the components in it one by one: {}", list(&named))),
    }
}
