//! Writes a file with what is needed to reproduce a bug in witc: the command line, the versions, the digests of the inputs.
//!
//! Differs from `crash.rs`, which says on standard error that there is one.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::diag::escape;
use crate::load::digest;
use crate::source::Files;

/// How many names are tried: a report never takes the place of another file.
const MOST: usize = 100;

/// Writes a report into `folder` under a name that is free, and returns where it is; `None` where nothing can be written.
///
/// `what` says what happened. `save` writes a file that was not there before.
pub(super) fn write(
    folder: &Path,
    arguments: &[OsString],
    what: &str,
    files: &dyn Files,
    save: impl Fn(&Path, &[u8]) -> io::Result<()>,
) -> Option<PathBuf> {
    let text = text(arguments, what, files);
    for number in 1..=MOST {
        let path = folder.join(format!("witc-bug-{number}.txt"));
        match save(&path, text.as_bytes()) {
            Ok(()) => return Some(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(_) => return None,
        }
    }
    None
}

/// The report. Nothing of an input is in it but its name, its size and its digest: it may be shared.
fn text(arguments: &[OsString], what: &str, files: &dyn Files) -> String {
    let shown: Vec<String> = arguments.iter().map(|it| escape(&it.to_string_lossy())).collect();
    let mut text = format!(
        "A bug in witc {} on {} {}\n\n{what}\n\ncommand line, an argument a line:\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH,
        std::env::consts::OS,
    );
    shown.iter().for_each(|argument| text.push_str(&format!("  {argument}\n")));
    text.push_str("\nfiles that it names, or that lie here:\n");
    // `NAME=FILE` names a file as well; without any, a manifest was found.
    let values = arguments.iter().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let values = values.map(|value| value.rsplit('=').next().unwrap_or_default().to_owned());
    for path in values.chain(["witc.toml".to_owned(), "witc-policy.toml".to_owned()]) {
        // A device or a pipe has no size, and to read it could take for ever.
        let is_file = files.size(path.as_ref()).is_some();
        if let (true, Ok(bytes)) = (is_file, files.read(path.as_ref())) {
            text.push_str(&format!(
                "  sha256 {}  {} bytes  {}\n",
                digest(&bytes),
                bytes.len(),
                escape(&path)
            ));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::source::MemoryFiles;

    fn arguments() -> Vec<OsString> {
        ["witc", "compose", "a.wasm", "b=c.wasm", "-o", "\u{1b}[2Jout.wasm"].map(OsString::from).to_vec()
    }

    #[test]
    fn a_report_names_what_is_needed() {
        let files = MemoryFiles::default().with("a.wasm", "abc").with("c.wasm", "").with("witc.toml", "x");
        let text = text(&arguments(), "panic at x.rs:1", &files);
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(text.contains(&format!("sha256 {digest}  3 bytes  a.wasm\n")), "{text}");
        assert!(text.contains("0 bytes  c.wasm\n") && text.contains("1 bytes  witc.toml\n"), "{text}");
        assert!(text.contains("panic at x.rs:1") && !text.contains('\u{1b}'), "{text}");
    }

    /// Names that are taken, then what becomes of a report.
    #[track_caller]
    fn check(taken: &[&str], failing: bool, expected: Option<&str>) {
        let saved = RefCell::new(Vec::new());
        let save = |path: &Path, _: &[u8]| {
            if failing {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            if taken.iter().any(|name| path.ends_with(name)) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            saved.borrow_mut().push(path.to_path_buf());
            Ok(())
        };
        let found = write(Path::new("here"), &arguments(), "what", &MemoryFiles::default(), save);
        assert_eq!(found, expected.map(|name| Path::new("here").join(name)));
        assert_eq!(saved.into_inner(), found.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_report_never_takes_the_place_of_another_file() {
        check(&[], false, Some("witc-bug-1.txt"));
        check(&["witc-bug-1.txt", "witc-bug-2.txt"], false, Some("witc-bug-3.txt"));
        check(&[], true, None);
    }
}
