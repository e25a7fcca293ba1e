//! Writes a file with what is needed to reproduce a bug in witc: the command line, the version, the digests of all that was
//! read, and the text of manifests, policies and locks.
//!
//! Differs from `crash.rs`, which says on standard error that there is one.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::diag::{CodeRow, escape, find};
use crate::report::Outcome;
use crate::source::{Files, Origin, digest_of};

/// How many names are tried: a report never takes the place of another file.
const MOST: usize = 100;

/// Writes a report into `folder` under a name that is free, and returns where it is; `None` where nothing can be written.
///
/// `what` says what happened, `read` which files the run is known to have read. `save` writes a file that was not there before.
pub(super) fn write(
    folder: &Path,
    arguments: &[OsString],
    what: &str,
    read: &[PathBuf],
    files: &dyn Files,
    save: impl Fn(&Path, &[u8]) -> io::Result<()>,
) -> Option<PathBuf> {
    let text = text(arguments, what, read, files);
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

/// What the run found of a bug in witc, and all files that it read.
pub(super) fn of_outcome(outcome: &Outcome) -> Option<(String, Vec<PathBuf>)> {
    let bugs =
        outcome.diagnostics.iter().filter(|found| find(found.code.as_str()).is_some_and(CodeRow::is_bug));
    let told: Vec<String> =
        bugs.map(|bug| format!("{}: {}\n{}", bug.code, bug.message, bug.notes.join("\n"))).collect();
    let read = outcome.sources.iter().filter_map(|(_, source)| match &source.origin {
        Origin::File(path) => Some(path.clone()),
        Origin::StandardInput | Origin::CommandLine | Origin::BuiltIn | Origin::Printed { .. } => None,
    });
    (!told.is_empty()).then(|| (told.join("\n"), read.collect()))
}

/// The report. Of an input there is nothing in it but its name, its size and its digest; what people wrote for witc is there
/// whole, because without it nothing can be reproduced.
fn text(arguments: &[OsString], what: &str, read: &[PathBuf], files: &dyn Files) -> String {
    // Where witc lies on a machine is nobody's business.
    let program = arguments.first().map(|_| "witc".to_owned());
    let given = arguments.iter().skip(1).map(|it| escape(&it.to_string_lossy()));
    let shown: Vec<String> = program.into_iter().chain(given).collect();
    let mut text = format!(
        "A bug in witc {} on {} {}\n\n{}\n\ncommand line, an argument a line:\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH,
        std::env::consts::OS,
        lines(what, ""),
    );
    shown.iter().for_each(|argument| text.push_str(&format!("  {argument}\n")));
    text.push_str("\nfiles that it read, that it names, or that lie here:\n");
    // `NAME=FILE` names a file as well; without any, a manifest was found.
    let values = arguments.iter().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let values = values.map(|value| PathBuf::from(value.rsplit('=').next().unwrap_or_default()));
    let here = ["witc.toml", "witc-policy.toml", "witc.caps.lock"].map(PathBuf::from);
    let mut seen = BTreeSet::new();
    let mut written = String::new();
    for path in read.iter().cloned().chain(values).chain(here) {
        // A device or a pipe has no size, and to read it could take for ever.
        let is_file = files.size(&path).is_some();
        if !is_file || !seen.insert(path.clone()) {
            continue;
        }
        let Ok(bytes) = files.read(&path) else { continue };
        let name = escape(&path.to_string_lossy());
        text.push_str(&format!("  sha256 {}  {} bytes  {name}\n", digest_of(&bytes), bytes.len()));
        let is_for_witc = path.extension().is_some_and(|it| it == "toml" || it == "lock");
        if let (true, Ok(content)) = (is_for_witc, str::from_utf8(&bytes)) {
            written.push_str(&format!("\n{name}:\n{}\n", lines(content, "  ")));
        }
    }
    text + &written
}

/// A text with each line indented, and nothing in it that a terminal would take for a command.
fn lines(text: &str, indent: &str) -> String {
    text.lines().map(|line| format!("{indent}{}", escape(line))).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::config::{ComposeRequest, OutputPath, Request};
    use crate::diag::{Diagnostic, code};
    use crate::pipeline;
    use crate::source::MemoryFiles;

    fn arguments() -> Vec<OsString> {
        ["witc", "compose", "a.wasm", "b=c.wasm", "-o", "\u{1b}[2Jout.wasm"].map(OsString::from).to_vec()
    }

    #[test]
    fn a_report_names_what_is_needed() {
        let files = MemoryFiles::default().with("a.wasm", "abc").with("c.wasm", "").with("witc.toml", "x");
        let text = text(&arguments(), "panic at x.rs:1", &[], &files);
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
        let found = write(Path::new("here"), &arguments(), "what", &[], &MemoryFiles::default(), save);
        assert_eq!(found, expected.map(|name| Path::new("here").join(name)));
        assert_eq!(saved.into_inner(), found.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_report_never_takes_the_place_of_another_file() {
        check(&[], false, Some("witc-bug-1.txt"));
        check(&["witc-bug-1.txt", "witc-bug-2.txt"], false, Some("witc-bug-3.txt"));
        check(&[], true, None);
    }

    /// Links the composition of a manifest in memory.
    fn linked(files: &MemoryFiles) -> Outcome {
        let request =
            Request { manifests: vec!["shop/witc.toml".into()], validate_bodies: true, ..Request::default() };
        let output = Some(OutputPath::StandardOutput);
        pipeline::compose(&request, &ComposeRequest { output, ..ComposeRequest::default() }, files)
    }

    #[test]
    fn a_report_reproduces_what_contradicts_the_checker() {
        let text_of = "(component (import \"f\" (func)))";
        let manifest = "[composition.shop]\ncomponents = [\"app.wat\"]\n\n[composition.shop.wire]\napp = { f = \"host\" }\n";
        let files = MemoryFiles::default().with("shop/witc.toml", manifest).with("shop/app.wat", text_of);
        let mut outcome = linked(&files);
        let digests = |outcome: &Outcome| -> Vec<String> {
            outcome.artifacts.iter().filter_map(|artifact| artifact.sha256.clone()).collect()
        };
        let made = digests(&outcome);
        assert_eq!((made.len(), of_outcome(&outcome)), (1, None), "{:?}", outcome.diagnostics);
        // What would stand there if the validator contradicted the checker.
        let contradiction = Diagnostic::new(code::WRONG_ARTIFACT, "the artifact does not validate");
        outcome.diagnostics.push(contradiction.note("type mismatch at byte 7"));
        let (what, read) = of_outcome(&outcome).expect("there is a bug in it");
        assert!(what.contains("emit/wrong-artifact") && what.contains("byte 7"), "{what}");
        let arguments = ["witc", "compose", "shop"].map(OsString::from);
        let report = text(&arguments, &what, &read, &files);

        // Whoever has the report and files of these digests can do it again.
        let listed = |name: &str, content: &str| {
            let digest = digest_of(content.as_bytes());
            report.contains(&format!("sha256 {digest}  {} bytes  {name}\n", content.len()))
        };
        assert!(listed("shop/app.wat", text_of) && listed("shop/witc.toml", manifest), "{report}");
        let (_, written) = report.split_once("shop/witc.toml:\n").expect("the manifest is there whole");
        let written: Vec<&str> =
            written.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
        let again =
            MemoryFiles::default().with("shop/witc.toml", written.join("\n")).with("shop/app.wat", text_of);
        assert_eq!(digests(&linked(&again)), made);
    }
}
