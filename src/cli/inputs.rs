//! Turns the paths of a command line into inputs, and finds the inputs where no path is given.
//!
//! Differs from `flags.rs`: that is how a run is done, this is on what.

use std::path::{Path, PathBuf};

use crate::config::{ComponentInput, InputPath, MANIFEST_NAME, OutputPath, Request, find_manifest};
use crate::source::{Disk, Files, PathKind};

/// The folder of WIT that is looked at where nothing else is found.
const WIT_FOLDER: &str = "wit";

/// Puts `paths` into `request`: components, WIT and `-` as inputs; a `witc.toml`, or a folder with one, as a manifest.
pub(super) fn add(paths: Vec<PathBuf>, request: &mut Request) {
    for path in paths {
        match as_manifest(&path) {
            Some(manifest) => request.manifests.push(manifest),
            None => request.inputs.push(input(path)),
        }
    }
}

/// The same; without paths, the nearest `witc.toml` in the current folder and upwards, else the folder `wit`.
pub(super) fn add_or_find(paths: Vec<PathBuf>, request: &mut Request) -> Result<(), clap::Error> {
    if paths.is_empty() {
        let found = find_manifest(Path::new(""), &Disk).or_else(|| {
            let folder = PathBuf::from(WIT_FOLDER);
            (Disk.kind(&folder).ok() == Some(PathKind::Folder)).then_some(folder)
        });
        let found = found.ok_or_else(|| {
            super::misuse(format!("no PATH given, and no `{MANIFEST_NAME}` or folder `{WIT_FOLDER}` found"))
        })?;
        add(vec![found], request);
    } else {
        add(paths, request);
    }
    Ok(())
}

/// One component by its path.
pub(super) fn input(path: PathBuf) -> ComponentInput {
    let path = if path.as_os_str() == "-" { InputPath::StandardInput } else { InputPath::Path(path) };
    ComponentInput { name: None, path, wit: None }
}

/// Where a product goes, by its path: `-` is standard output, as it is standard input above.
pub(super) fn output(path: PathBuf) -> OutputPath {
    if path.as_os_str() == "-" { OutputPath::StandardOutput } else { OutputPath::Path(path) }
}

/// Refuses standard input, which can be read once only.
pub(super) fn refuse_standard_input(request: &Request, by: &str) -> Result<(), clap::Error> {
    let is_used = request.inputs.iter().any(|input| input.path == InputPath::StandardInput);
    if is_used {
        Err(super::misuse(format!("`{by}` looks at inputs more than once: give a file, not `-`")))
    } else {
        Ok(())
    }
}

/// The manifest that a path means, if it means one.
fn as_manifest(path: &Path) -> Option<PathBuf> {
    if path.file_name().is_some_and(|name| name == MANIFEST_NAME) {
        return Some(path.to_path_buf());
    }
    let inside = path.join(MANIFEST_NAME);
    (Disk.kind(&inside).ok() == Some(PathKind::File)).then_some(inside)
}
