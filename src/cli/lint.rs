//! `witc lint`: does a component or a composition have more power than its policy grants?
//!
//! Differs from `caps.rs`, which shows the same power and judges nothing.

use std::path::PathBuf;

use clap::Args;

use super::flags::{CompositionFlag, ReportFlags, WitFlags, one_host, parse_day};
use super::terminal::Terminal;
use super::{Ending, inputs};
use crate::config::Request;
use crate::diag::{CLEAN, Diagnostic};
use crate::model::Date;
use crate::pipeline;

/// Judge components or a composition against a policy
///
/// Without a PATH: the compositions of the nearest `witc.toml`.
#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Components, core modules, or a `witc.toml`; `-` is standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The policy; without it `witc-policy.toml`
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The host that must be able to run it: an id of `witc hosts`, or a FILE.toml
    #[arg(long, value_name = "ID", value_parser = one_host(), hide_possible_values = true)]
    host: Option<String>,
    #[command(flatten)]
    composition: CompositionFlag,
    /// The day that grants and exceptions must not have expired on
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    today: Option<Date>,
    /// Kinds of limits, such as `hosts`, that nobody has to enforce
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    accept: Vec<String>,
    /// Fail if the capability lock is out of date
    #[arg(long)]
    locked: bool,
    /// Mend the policy where nothing must be decided: take out what is dead, name functions
    #[arg(long)]
    fix: bool,
    #[command(flatten)]
    wit: WitFlags,
    #[command(flatten)]
    report: ReportFlags,
}

impl Lint {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        let mut request = Request {
            command: "witc lint",
            composition: self.composition.composition,
            host: self.host,
            policy: self.policy,
            today: self.today,
            locked: self.locked,
            accepted: self.accept,
            levels: self.report.levels(),
            validate_bodies: true,
            ..Request::default()
        };
        self.wit.apply(&mut request);
        inputs::add_or_find(self.paths, &mut request)?;
        if !self.fix {
            let outcome = terminal.watch("judging", |files| pipeline::lint(&request, files));
            return Ok(terminal.show(&outcome, &self.report, "judged", |_, _| None));
        }
        inputs::refuse_standard_input(&request, "--fix")?;
        let mut mended = terminal.watch("judging", |files| pipeline::mend(&request, &[], files));
        let is_sound = mended.outcome.diagnostics.iter().all(Diagnostic::is_judgement);
        let written =
            if is_sound { terminal.write_mended(&mut mended, None, "mended", &self.report) } else { CLEAN };
        let status = terminal.show(&mended.outcome, &self.report, "judged", |_, _| None);
        Ok(if written == CLEAN { status } else { written })
    }
}
