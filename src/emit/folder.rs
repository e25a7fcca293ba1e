//! Writes the files of a deployment into a folder: all of them, or as far as a file system allows none.
//!
//! Differs from `output.rs`, which writes one artifact, and over what is there.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::diagnostics::{AlreadyThere, OverInput, Unwritable};
use crate::diag::Run;
use crate::source::{Files, PathKind};

/// A file to write.
#[derive(Clone, Debug)]
pub struct NewFile<'c> {
    /// Its path in the folder.
    pub path: PathBuf,
    /// What is to be in it.
    pub content: &'c [u8],
}

/// Writes files into `folder`, which is made if it is not there. A file that has its content already is left alone.
///
/// `None` if that failed, which is reported: a file is there with another content and `force` is not set, was read in this run,
/// or cannot be written.
pub fn write_folder(
    folder: &Path,
    new: &[NewFile<'_>],
    force: bool,
    files: &dyn Files,
    run: &mut Run,
) -> Option<()> {
    let place = |file: &NewFile<'_>| folder.join(&file.path);
    let differs = |file: &&NewFile<'_>| files.read(&place(file)).ok().as_deref() != Some(file.content);
    let new: Vec<&NewFile<'_>> = new.iter().filter(differs).collect();
    for file in &new {
        let path = place(file);
        if let Some(read) = run.sources.read_from(&path, files) {
            let input = read.name.clone();
            run.diagnostics.report(OverInput { path, input });
            return None;
        }
    }
    let there: Vec<PathBuf> =
        new.iter().map(|file| place(file)).filter(|path| files.kind(path).is_ok()).collect();
    if !force && !there.is_empty() {
        run.diagnostics.report(AlreadyThere { paths: there });
        return None;
    }
    let new: Vec<(PathBuf, &[u8])> = new.into_iter().map(|file| (file.path.clone(), file.content)).collect();
    if new.is_empty() {
        return Some(());
    }
    let is_file = files.kind(folder).is_ok_and(|kind| kind == PathKind::File);
    let written = if is_file { Err(ErrorKind::NotADirectory.into()) } else { files.write_all(folder, &new) };
    match written {
        Ok(()) => Some(()),
        Err(error) => {
            run.diagnostics.report(Unwritable { path: folder.to_owned(), error });
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryFiles, Origin};

    #[track_caller]
    fn check(files: &MemoryFiles, force: bool, expected: &[&str]) {
        let mut run = Run::default();
        run.sources.add("in.wasm", Origin::File("out/in.wasm".into()), "");
        let new = |path: &str, content| NewFile { path: path.into(), content };
        let new = [new("a", b"new".as_slice()), new("b/c", b"same"), new("in.wasm", b"read")];
        let written =
            write_folder(Path::new("out"), &new[..if force { 3 } else { 2 }], force, files, &mut run);
        let found: Vec<&str> = run.diagnostics.iter().map(|found| found.code.as_str()).collect();
        assert_eq!(found, expected);
        assert_eq!(written.is_some(), expected.is_empty());
    }

    #[test]
    fn what_is_there_stays() {
        check(&MemoryFiles::default(), false, &[]);
        check(&MemoryFiles::default().with("out/b/c", "same"), false, &[]);
        check(&MemoryFiles::default().with("out/a", "old"), false, &["emit/already-there"]);
        check(&MemoryFiles::default().with("out/in.wasm", "input"), true, &["emit/over-input"]);
        let files = MemoryFiles::default();
        check(&files, false, &[]);
        assert_eq!(files.read(Path::new("out/b/c")).ok().as_deref(), Some(b"same".as_slice()));
        check(&files, false, &[]);
    }
}
