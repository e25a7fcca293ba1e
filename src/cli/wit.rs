//! `witc wit`: the WIT of a component, or of a composition before it is linked.
//!
//! Differs from `caps.rs`: it shows the interfaces, not what they allow.

use std::path::PathBuf;

use clap::Args;

use super::flags::{CompositionFlag, ReportFlags, WitFlags};
use super::terminal::Terminal;
use super::{Ending, inputs};
use crate::config::Request;
use crate::pipeline;
use crate::report::Answer;

/// Show the WIT of a component or a composition
#[derive(Debug, Args)]
pub(super) struct Wit {
    /// A component, a core module, WIT, or a `witc.toml`; `-` is standard input
    path: PathBuf,
    #[command(flatten)]
    composition: CompositionFlag,
    #[command(flatten)]
    wit: WitFlags,
    #[command(flatten)]
    report: ReportFlags,
}

impl Wit {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        let mut request = Request {
            command: "witc wit",
            composition: self.composition.composition,
            levels: self.report.levels(),
            allow_wit: true,
            ..Request::default()
        };
        self.wit.apply(&mut request);
        inputs::add(vec![self.path], &mut request)?;
        let outcome = terminal.watch("reading", |files| pipeline::wit(&request, files));
        Ok(terminal.show(&outcome, &self.report, "", |outcome, _| {
            let Answer::Wit(text) = outcome.answer.as_ref()? else { return None };
            Some(text.clone())
        }))
    }
}
