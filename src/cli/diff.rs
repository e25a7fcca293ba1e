//! `witc diff`: what changed, and whom does it break?
//!
//! Differs from `check.rs`, whose `--against` asks whether one thing fits another.

use std::path::PathBuf;

use clap::Args;

use super::flags::{ReportFlags, WitFlags};
use super::terminal::Terminal;
use super::{Ending, misuse};
use crate::config::{ComponentInput, InputPath, Request};
use crate::pipeline;
use crate::report::Answer;

/// Show what changed between two WIT packages, worlds or components
///
/// Says of each change whom it breaks, which capabilities came or went, and which step of version that needs. Ends with 1 if
/// a change breaks somebody and no version says so.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// What there was: a component, or WIT; `-` is standard input
    old: PathBuf,
    /// What there is now
    new: PathBuf,
    /// Look at this world only
    #[arg(long, value_name = "NAME")]
    world: Option<String>,
    #[command(flatten)]
    wit: WitFlags,
    #[command(flatten)]
    report: ReportFlags,
}

impl Diff {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        let (old, new) = (ComponentInput::given(self.old), ComponentInput::given(self.new));
        if old.path == InputPath::StandardInput && new.path == InputPath::StandardInput {
            return Err(misuse("standard input can be one of the two, not both"));
        }
        let mut request = Request {
            command: "witc diff",
            inputs: vec![new],
            world: self.world,
            levels: self.report.levels(),
            validate_bodies: true,
            ..Request::default()
        };
        self.wit.apply(&mut request);
        let outcome = terminal.watch("comparing", |files| pipeline::compare(&request, &old, files));
        Ok(terminal.show(&outcome, &self.report, "", |outcome, look| {
            let Answer::Changes(changes, powers) = outcome.answer.as_ref()? else { return None };
            Some(look.changes(changes, powers))
        }))
    }
}
