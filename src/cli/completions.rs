//! `witc completions`: what a shell needs to complete the command line.
//!
//! Differs from the help texts, which are for people.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::terminal::Terminal;
use super::{Arguments, Ending};

/// Print shell completions
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "witc", &mut text);
        Ok(terminal.product(&text))
    }
}
