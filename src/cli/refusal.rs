//! Tells of a command line that makes no sense; and shows the help, which clap takes for an error as well.
//!
//! Differs from `terminal.rs`, which shows what came of a run: here there was none.

use std::ffi::OsString;
use std::io::ErrorKind;

use super::flags::{Format, GlobalFlags, LevelFlags, ReportFlags};
use super::terminal::{STANDARD_OUTPUT, Terminal};
use crate::diag::{CLEAN, Diagnostic, USAGE, code, escape};
use crate::report::Outcome;

/// Shows what clap has to say, and says how the process ends.
pub(super) fn tell(arguments: &[OsString], error: &clap::Error) -> u8 {
    let terminal = Terminal::new(&GlobalFlags::default());
    if error.use_stderr() && asks_for_json(arguments) {
        let outcome = Outcome { diagnostics: vec![as_diagnostic(error)], ..Outcome::default() };
        let report =
            ReportFlags { format: Format::Json, deny_warnings: false, levels: LevelFlags::default() };
        return terminal.show(&outcome, &report, "", |_, _| None);
    }
    let shown = error.print();
    match shown {
        _ if error.use_stderr() => USAGE, // if standard error is gone, there is nobody to tell
        Ok(()) => CLEAN,
        Err(reason) if reason.kind() == ErrorKind::BrokenPipe => CLEAN,
        Err(reason) => terminal.cannot_write(STANDARD_OUTPUT, &reason),
    }
}

/// Whether a program reads the report: the last word on it counts. The command line could not be understood as a whole: this
/// much can.
fn asks_for_json(arguments: &[OsString]) -> bool {
    let mut is_asked = false;
    let mut before = None;
    for argument in arguments.iter().map(|argument| argument.to_str()) {
        match argument {
            Some("--json") => is_asked = true,
            Some(format) if before == Some("--format") => is_asked = format == "json",
            Some(argument) if argument.starts_with("--format=") => is_asked = argument == "--format=json",
            Some(_) | None => {}
        }
        before = argument;
    }
    is_asked
}

/// The words of clap, in the form of all findings: the paragraphs of its text are what is wrong, tips, and the usage.
fn as_diagnostic(error: &clap::Error) -> Diagnostic {
    let text = error.render().to_string();
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut paragraphs = text.trim().split("\n\n").map(line);
    let message = paragraphs.next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    paragraphs.fold(Diagnostic::new(code::COMMAND_LINE, escape(message)), |diagnostic, paragraph| {
        match paragraph.strip_prefix("tip: ") {
            Some(tip) => diagnostic.help(escape(tip)),
            None => diagnostic.note(escape(&paragraph)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arguments: &[&str], expected: bool) {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        assert_eq!(asks_for_json(&arguments), expected);
    }

    #[test]
    fn a_program_asks_for_json_in_three_ways() {
        check(&["witc", "check", "--format", "json"], true);
        check(&["witc", "check", "--format=json", "--nonsense"], true);
        check(&["witc", "caps", "--json"], true);
        check(&["witc", "check", "--format", "json", "--format=sarif"], false);
        check(&["witc", "check", "json"], false);
        check(&["witc", "check", "--format"], false);
    }

    #[test]
    fn the_words_of_clap_become_a_finding() {
        let error = crate::cli::misuse("no `a`, no `b`\n\ntip: add `a`");
        let found = as_diagnostic(&error);
        assert_eq!((found.message.as_str(), found.help[0].as_str()), ("no `a`, no `b`", "add `a`"));
        let error = clap::Command::new("witc").try_get_matches_from(["witc", "--nonsense"]);
        let found = as_diagnostic(&error.expect_err("there is no such flag"));
        assert_eq!(found.message, "unexpected argument '--nonsense' found");
        assert_eq!(found.notes[0], "Usage: witc");
    }
}
