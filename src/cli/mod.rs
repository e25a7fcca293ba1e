//! The command line: one file a command; turns arguments into a request and an outcome into an exit code.
//!
//! Differs from `pipeline/`, which does the work and knows no arguments and no terminal.

mod bug_report;
mod caps;
mod check;
mod completions;
mod compose;
mod crash;
mod diff;
mod emit;
mod explain;
mod flags;
mod graph;
mod hosts;
mod inputs;
mod lint;
mod policy;
mod progress;
mod refusal;
mod terminal;
mod why;
mod wit;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use flags::GlobalFlags;
use terminal::Terminal;

/// The linker for WebAssembly components: checks, links and judges them.
#[derive(Debug, Parser)]
#[command(
    name = "witc",
    version,
    propagate_version = true,
    max_term_width = 100,
    arg_required_else_help = true
)]
struct Arguments {
    #[command(flatten)]
    global: GlobalFlags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
    Compose(compose::Compose),
    Lint(lint::Lint),
    Diff(diff::Diff),
    Caps(caps::Caps),
    Why(why::Why),
    Policy(policy::Policy),
    Graph(graph::Graph),
    Wit(wit::Wit),
    Hosts(hosts::Hosts),
    Emit(emit::Emit),
    Explain(explain::Explain),
    Completions(completions::Completions),
}

/// How a command ends: an exit code, or a command line that makes no sense.
type Ending = Result<u8, clap::Error>;

/// Runs witc with `arguments`, the name of the program first, and says how the process should end.
///
/// Standard output, standard error, the environment and the files of this machine are used.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    crash::guard(&arguments, || {
        let ending = Arguments::try_parse_from(&arguments).and_then(|arguments| {
            let terminal = Terminal::new(&arguments.global);
            arguments.command.run(&terminal)
        });
        ending.unwrap_or_else(|error| refusal::tell(&arguments, &error))
    })
}

impl Command {
    fn run(self, terminal: &Terminal) -> Ending {
        match self {
            Self::Check(command) => command.run(terminal),
            Self::Compose(command) => command.run(terminal),
            Self::Lint(command) => command.run(terminal),
            Self::Diff(command) => command.run(terminal),
            Self::Caps(command) => command.run(terminal),
            Self::Why(command) => command.run(terminal),
            Self::Policy(command) => command.run(terminal),
            Self::Graph(command) => command.run(terminal),
            Self::Hosts(command) => command.run(terminal),
            Self::Emit(command) => command.run(terminal),
            Self::Wit(command) => command.run(terminal),
            Self::Explain(command) => command.run(terminal),
            Self::Completions(command) => command.run(terminal),
        }
    }
}

/// A command line that clap accepts and we do not.
fn misuse(message: impl std::fmt::Display) -> clap::Error {
    clap::Error::raw(ErrorKind::ValueValidation, format!("{message}\n"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
