//! `witc hosts`: what is known about the hosts on which components run.
//!
//! Differs from `check.rs --host`, which holds an artifact against one of them.

use clap::Args;

use super::Ending;
use super::flags::{AnswerFlags, HOSTS};
use super::terminal::Terminal;
use crate::config::Request;
use crate::pipeline;
use crate::report::Answer;

/// List the hosts that are known, or show one of them in full
#[derive(Debug, Args)]
pub(super) struct Hosts {
    /// The id of a host, or the file of a profile of your own
    #[arg(value_parser = HOSTS, hide_possible_values = true)]
    id: Option<String>,
    #[command(flatten)]
    report: AnswerFlags,
}

impl Hosts {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        let report = self.report.report();
        let request = Request { host: self.id, levels: report.levels(), ..Request::default() };
        let outcome = terminal.watch("reading", |files| pipeline::hosts(&request, files));
        Ok(terminal.show(&outcome, &report, "", |outcome, look| {
            let Answer::Hosts(profiles) = outcome.answer.as_ref()? else { return None };
            Some(match (&request.host, profiles.as_slice()) {
                (Some(_), [profile]) => look.host(profile),
                _ => look.hosts(profiles),
            })
        }))
    }
}
