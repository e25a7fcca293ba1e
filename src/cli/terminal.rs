//! The terminal: who may have colour, how wide it is, and the one way out to standard output and standard error.
//!
//! Differs from `report`, which makes the text and knows no stream.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use supports_unicode::Stream;

use super::flags::{Color, Format, GlobalFlags, ReportFlags};
use super::{bug_report, crash};
use crate::config::OutputPath;
use crate::diag::{
    CLEAN, Diagnostic, INPUT, code, escape, exit_status, more_urgent, quoted, reason, way_out,
};
use crate::pipeline::{Mended, MendedFile};
use crate::report::{
    Done, Look, MendedRow, Outcome, write_github, write_gitlab, write_json, write_junit, write_markdown,
    write_sarif,
};
use crate::source::{Disk, Files, SourceMap};

/// The width of lines that no terminal shows.
const WIDTH: usize = 100;
pub(super) const STANDARD_OUTPUT: &str = "standard output";

/// The streams of this process and how to write to them.
#[derive(Debug)]
pub(super) struct Terminal {
    color: ColorChoice,
    /// Whether only what must be looked at is said.
    pub(super) quiet: bool,
    /// Whether what earlier runs found out may be used.
    pub(super) cache: bool,
    width: usize,
}

impl Terminal {
    pub(super) fn new(flags: &GlobalFlags) -> Self {
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self {
            color: match flags.color {
                Color::Auto => ColorChoice::Auto,
                Color::Always => ColorChoice::Always,
                Color::Never => ColorChoice::Never,
            },
            quiet: flags.quiet,
            cache: !flags.no_cache,
            width: columns.filter(|width| *width > 0).or_else(terminal).unwrap_or(WIDTH).max(40),
        }
    }

    /// How text on standard error looks.
    pub(super) fn look(&self) -> Look {
        let choice = self.choice(AutoStream::choice(&io::stderr()));
        Look {
            colour: choice != ColorChoice::Never,
            unicode: supports_unicode::on(Stream::Stderr),
            width: self.width,
        }
    }

    /// How text on standard output looks.
    pub(super) fn product_look(&self) -> Look {
        let choice = self.choice(AutoStream::choice(&io::stdout()));
        Look {
            colour: choice != ColorChoice::Never,
            unicode: supports_unicode::on(Stream::Stdout),
            width: self.width,
        }
    }

    fn choice(&self, detected: ColorChoice) -> ColorChoice {
        if self.color == ColorChoice::Auto { detected } else { self.color }
    }

    /// Shows an outcome in the format that was asked for, and says how the run ends.
    ///
    /// `done` says what was done: `checked`. `answer` makes the text of the answer for people.
    pub(super) fn show(
        &self,
        outcome: &Outcome,
        flags: &ReportFlags,
        done: impl Into<Done>,
        answer: impl FnOnce(&Outcome, &Look) -> Option<String>,
    ) -> u8 {
        let status = exit_status(&outcome.diagnostics);
        let write = match flags.format {
            Format::Human => {
                self.tell(outcome, done.into());
                self.report_bug(outcome);
                let text = answer(outcome, &self.product_look()).unwrap_or_default();
                return self.end(product(text.as_bytes()), status);
            }
            Format::Json => write_json,
            Format::Sarif => write_sarif,
            Format::Github => write_github,
            Format::Markdown => write_markdown,
            Format::Gitlab => write_gitlab,
            Format::Junit => write_junit,
        };
        self.report_bug(outcome);
        let mut text = Vec::new();
        self.end(write(outcome, &mut text).and_then(|()| product(&text)), status)
    }

    /// Where witc itself is wrong, writes down what is needed to do it again, and says where.
    fn report_bug(&self, outcome: &Outcome) {
        let Some((what, read)) = bug_report::of_outcome(outcome) else { return };
        let arguments: Vec<_> = std::env::args_os().collect();
        if let Some(path) = crash::report(&arguments, &what, &read) {
            let path = escape(&path.to_string_lossy());
            self.say(&format!("what is needed to report it is in {path}\n"));
        }
    }

    /// How a run ends that wrote to standard output, and would else end with `status`.
    fn end(&self, written: io::Result<()>, status: u8) -> u8 {
        match written {
            Ok(()) => status,
            Err(error) => more_urgent(self.cannot_write(STANDARD_OUTPUT, &error), status),
        }
    }

    /// Diagnostics, artifacts and the closing lines, on standard error.
    fn tell(&self, outcome: &Outcome, done: Done) {
        let look = self.look();
        let told = outcome.told(self.quiet);
        let mut text = look.diagnostics(&told, &outcome.sources);
        if self.quiet {
            text.push_str(&look.tally(&told, &outcome.sources));
        } else {
            text.push_str(&look.scopes(&outcome.scopes));
            text.push_str(&look.artifacts(&outcome.artifacts));
            text.push_str(&look.not_linked(outcome));
            text.push_str(&look.closing(&told, &outcome.sources, &outcome.looked_at, done));
        }
        self.say(&text);
    }

    /// Text for people, on standard error.
    pub(super) fn say(&self, text: &str) {
        let mut stream = AutoStream::new(io::stderr().lock(), self.choice(AutoStream::choice(&io::stderr())));
        let _ = stream.write_all(text.as_bytes()); // standard error is gone: there is nobody to tell
        let _ = stream.flush();
    }

    /// Writes a product to standard output, and says how the run ends.
    pub(super) fn product(&self, bytes: &[u8]) -> u8 {
        self.end(product(bytes), CLEAN)
    }

    /// Writes an artifact to standard output, and says how the run ends: who has read a part of it has none.
    pub(super) fn artifact(&self, bytes: &[u8]) -> u8 {
        self.end(put_out(bytes), CLEAN)
    }

    /// Writes the files that were mended, each to its place, or to `output` where there is one and one file, says what was done,
    /// and how that ended. The outcome then has what was written.
    pub(super) fn write_mended(
        &self,
        mended: &mut Mended,
        output: Option<&OutputPath>,
        verb: &str,
        flags: &ReportFlags,
    ) -> u8 {
        for file in &mended.files {
            let path = match output {
                None => &file.path,
                Some(OutputPath::Path(path)) => path,
                Some(OutputPath::StandardOutput) => {
                    let written = self.product(&file.content);
                    if written != CLEAN {
                        return written;
                    }
                    self.say_mended(file, None, verb, flags);
                    continue;
                }
            };
            let shown = quoted(&path.display().to_string());
            if let Err(error) = Disk.write(path, &[&file.content]) {
                return self.cannot_write(&shown, &error);
            }
            self.say_mended(file, output.map(|_| shown.as_str()), verb, flags);
            let row = MendedRow { path: path.clone(), messages: file.messages.clone() };
            mended.outcome.mended.push(row);
        }
        CLEAN
    }

    /// Says what was mended in a file, and where it was written instead, if that is a file as well.
    fn say_mended(&self, file: &MendedFile, elsewhere: Option<&str>, verb: &str, flags: &ReportFlags) {
        if self.quiet || flags.format != Format::Human {
            return;
        }
        let from = quoted(&file.path.display().to_string());
        let text = match elsewhere {
            Some(shown) if file.messages.is_empty() => format!("wrote {shown}: all of {from}\n\n"),
            _ if file.messages.is_empty() => String::new(),
            _ => {
                let rest =
                    elsewhere.map_or_else(String::new, |shown| format!(", and wrote the rest to {shown}"));
                let lines = file.messages.iter().map(|message| format!("  {message}\n"));
                format!("{verb} {from}{rest}:\n{}\n", lines.collect::<String>())
            }
        };
        self.say(&text);
    }

    /// Says that `place` could not be written, and how the run ends for that.
    pub(super) fn cannot_write(&self, place: &str, error: &io::Error) -> u8 {
        let message = format!("{place} cannot be written");
        let way = way_out(error).map_or_else(String::new, |way| format!("{way}, or "));
        let help = format!("{way}send the output elsewhere");
        let diagnostic = Diagnostic::new(code::UNWRITABLE, message).note(reason(error)).help(help);
        self.say(&self.look().diagnostics(&[diagnostic], &SourceMap::default()));
        INPUT
    }
}

/// Whether standard output is a terminal, where bytes of a binary would do harm.
pub(super) fn product_is_seen() -> bool {
    io::stdout().is_terminal()
}

fn put_out(bytes: &[u8]) -> io::Result<()> {
    let mut stream = io::stdout().lock();
    stream.write_all(bytes).and_then(|()| stream.flush())
}

/// Writes to standard output. A reader that has read enough is no error.
fn product(bytes: &[u8]) -> io::Result<()> {
    match put_out(bytes) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
