//! Turns the paths of a command line into inputs, and finds the inputs where no path is given.
//!
//! Differs from `flags.rs`: that is how a run is done, this is on what.

use std::path::{Path, PathBuf};

use super::misuse;
use crate::config::{ComponentInput, InputPath, MANIFEST_NAME, OutputPath, Request, find_manifest};
use crate::diag::quoted;
use crate::source::{Disk, Files, PathKind};

/// The folder of WIT that is looked at where nothing else is found.
const WIT_FOLDER: &str = "wit";

/// Puts `paths` into `request`: components, WIT and `-` as inputs; a `witc.toml`, or a folder with one, as a manifest. Where WIT
/// makes sense, the WIT right in such a folder is an input as well.
pub(super) fn add(paths: Vec<PathBuf>, request: &mut Request) -> Result<(), clap::Error> {
    for path in paths {
        refuse_other_files(&path)?;
        let inside = path.join(MANIFEST_NAME);
        if path.file_name().is_some_and(|name| name == MANIFEST_NAME) {
            request.manifests.push(path);
        } else if Disk.kind(&inside).ok() == Some(PathKind::File) {
            request.manifests.push(inside);
            if request.allow_wit && has_wit(&path) {
                request.inputs.push(ComponentInput::given(path));
            }
        } else {
            request.inputs.push(ComponentInput::given(path));
        }
    }
    Ok(())
}

/// The same; without paths, the nearest `witc.toml` in the current folder and upwards, else, where WIT makes sense, the folder
/// `wit`.
pub(super) fn add_or_find(paths: Vec<PathBuf>, request: &mut Request) -> Result<(), clap::Error> {
    if !paths.is_empty() {
        return add(paths, request);
    }
    let found = find_manifest(Path::new(""), &Disk).or_else(|| {
        let folder = PathBuf::from(WIT_FOLDER);
        (request.allow_wit && Disk.kind(&folder).ok() == Some(PathKind::Folder)).then_some(folder)
    });
    let or_wit = if request.allow_wit { format!(" or folder `{WIT_FOLDER}`") } else { String::new() };
    let none = || misuse(format!("no PATH given, and no `{MANIFEST_NAME}`{or_wit} found"));
    let found = found.ok_or_else(none)?;
    add(vec![found], request)
}

/// Whether WIT lies right in a folder.
fn has_wit(folder: &Path) -> bool {
    let is_wit = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "wit");
    Disk.list(folder).unwrap_or_default().iter().any(is_wit)
}

/// Refuses a file that is TOML by its name, and no `witc.toml`; and a script of wac.
fn refuse_other_files(path: &Path) -> Result<(), clap::Error> {
    if path.extension().is_some_and(|extension| extension == "wac") {
        return Err(misuse(format!(
            "{} is a script of wac, which witc writes and does not read: write what it does into a `{MANIFEST_NAME}`, with \
             `components`, `wire` and `exports` for `let`, `new` and `export`",
            quoted(&path.display().to_string())
        )));
    }
    let is_toml = path.extension().is_some_and(|extension| extension == "toml");
    let is_other = is_toml && path.file_name().is_some_and(|name| name != MANIFEST_NAME);
    if !is_other || Disk.kind(path).ok() != Some(PathKind::File) {
        return Ok(());
    }
    Err(misuse(format!(
        "{} is no input: a manifest must be called `{MANIFEST_NAME}`, and a policy is given with `--policy FILE`",
        quoted(&path.display().to_string())
    )))
}

/// Where a product goes, by its path: `-` is standard output, as it is standard input above.
pub(super) fn output(path: PathBuf) -> OutputPath {
    let is_standard = path.as_os_str() == "-" || path == Path::new("/dev/stdout");
    if is_standard { OutputPath::StandardOutput } else { OutputPath::Path(path) }
}

/// Refuses standard input, which can be read once only.
pub(super) fn refuse_standard_input(request: &Request, by: &str) -> Result<(), clap::Error> {
    let is_used = request.inputs.iter().any(|input| input.path == InputPath::StandardInput);
    if is_used {
        Err(misuse(format!("`{by}` looks at inputs more than once: give a file, not `-`")))
    } else {
        Ok(())
    }
}
