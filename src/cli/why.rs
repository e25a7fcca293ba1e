//! `witc why`: which way leads from an export to what a component imports?
//!
//! Differs from `caps.rs`, which shows everything that is imported, and no ways.

use std::path::PathBuf;

use clap::Args;

use super::flags::{AnswerFlags, AnswerFormat, CompositionFlag};
use super::terminal::Terminal;
use super::{Ending, inputs};
use crate::config::Request;
use crate::diag::{CLEAN, FINDINGS};
use crate::pipeline;
use crate::policy::understood;
use crate::report::Answer;

/// Show how a component reaches a capability
///
/// Of a `witc.toml`: how each of its compositions does, or the one named with `-c`. Ends with 0 if there is a way, and with 1 if there is none: it is not imported, or nothing that can run calls it. A name
/// that is likely misspelt ends with 2.
#[derive(Debug, Args)]
pub(super) struct Why {
    /// A component, a core module, or a `witc.toml`; `-` is standard input
    path: PathBuf,
    /// A package, an interface, a function, or a group of them, with a version or without: `wasi:filesystem`,
    /// `wasi:cli/environment@0.2#get-environment`, `descriptor.open-at`, `@net-out`
    #[arg(value_parser = understood)]
    capability: String,
    #[command(flatten)]
    composition: CompositionFlag,
    /// The same as `--format json`
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    report: AnswerFlags,
}

impl Why {
    pub(super) fn run(mut self, terminal: &Terminal) -> Ending {
        if self.json {
            self.report.format = AnswerFormat::Json;
        }
        let report = self.report.report();
        let mut request = Request {
            command: "witc why",
            composition: self.composition.composition,
            levels: report.levels(),
            validate_bodies: true,
            ..Request::default()
        };
        inputs::add(vec![self.path], &mut request)?;
        let outcome = terminal.watch("reading", |files| pipeline::why(&request, &self.capability, files));
        let has_way = matches!(&outcome.answer, Some(Answer::Why(answers)) if answers.iter().any(|why| why.has_a_way()));
        let status = terminal.show(&outcome, &report, "", |outcome, look| {
            let Answer::Why(answers) = outcome.answer.as_ref()? else { return None };
            Some(look.why(answers))
        });
        Ok(if status == CLEAN && !has_way { FINDINGS } else { status })
    }
}
