//! Holds what a case gave against `snapshots/`, or writes it there when the snapshots are blessed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use similar::TextDiff;

use crate::sandbox::files;

/// The files that a case should have in its snapshot folder, by name; an empty text has no file.
pub(crate) type Texts = BTreeMap<String, String>;

/// Compares `texts` with the files of `folder`; with `WITC_BLESS=1` makes them equal instead.
pub(crate) fn compare(folder: &Path, texts: &Texts) -> Result<(), String> {
    if std::env::var_os("WITC_BLESS").is_some() {
        return bless(folder, texts).map_err(|error| format!("{}: {error}", folder.display()));
    }
    let mut expected: Texts = BTreeMap::new();
    for file in files(folder) {
        let text =
            fs::read_to_string(folder.join(&file)).map_err(|error| format!("{}: {error}", file.display()))?;
        expected.insert(file.display().to_string(), text);
    }
    let names = expected.keys().chain(texts.keys().filter(|name| !expected.contains_key(*name)));
    let problems: Vec<String> =
        names.filter_map(|name| difference(name, expected.get(name), texts.get(name))).collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(format!("{}\nif the new wording is better: cargo xtask bless", problems.join("\n")))
}

fn difference(name: &str, expected: Option<&String>, found: Option<&String>) -> Option<String> {
    let empty = String::new();
    let (expected, found) = (expected.unwrap_or(&empty), found.unwrap_or(&empty));
    if expected == found {
        return None;
    }
    let diff = TextDiff::from_lines(expected, found);
    Some(
        diff.unified_diff()
            .context_radius(3)
            .header(&format!("expected {name}"), &format!("found {name}"))
            .to_string(),
    )
}

fn bless(folder: &Path, texts: &Texts) -> std::io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    for (name, text) in texts {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    Ok(())
}
