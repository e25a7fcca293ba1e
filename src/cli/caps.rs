//! `witc caps`: what can this component do?
//!
//! Differs from `lint.rs`: it needs no policy and judges nothing.

use std::path::PathBuf;

use clap::Args;

use super::flags::{AnswerFlags, AnswerFormat, CompositionFlag};
use super::terminal::Terminal;
use super::{Ending, inputs};
use crate::config::Request;
use crate::pipeline;
use crate::report::Answer;

/// Show what a component can do
///
/// Of a `witc.toml`: what each of its compositions can do, or the one named with `-c`.
#[derive(Debug, Args)]
pub(super) struct Caps {
    /// A component, a core module, or a `witc.toml`; `-` is standard input
    path: PathBuf,
    #[command(flatten)]
    composition: CompositionFlag,
    /// The same as `--format json`
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    report: AnswerFlags,
}

impl Caps {
    pub(super) fn run(mut self, terminal: &Terminal) -> Ending {
        if self.json {
            self.report.format = AnswerFormat::Json;
        }
        let report = self.report.report();
        let mut request = Request {
            command: "witc caps",
            composition: self.composition.composition,
            levels: report.levels(),
            validate_bodies: true,
            ..Request::default()
        };
        inputs::add(vec![self.path], &mut request)?;
        let outcome = terminal.watch("reading", |files| pipeline::capabilities(&request, files));
        Ok(terminal.show(&outcome, &report, "", |outcome, look| {
            let Answer::Capabilities(capabilities) = outcome.answer.as_ref()? else { return None };
            Some(look.all_capabilities(capabilities))
        }))
    }
}
