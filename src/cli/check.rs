//! `witc check`: are these WIT files, components and compositions right?
//!
//! Differs from `lint.rs`, which judges what is right already.

use std::path::PathBuf;

use clap::Args;

use super::flags::{CompositionFlag, HOSTS, ReportFlags, WitFlags};
use super::terminal::Terminal;
use super::{Ending, inputs};
use crate::config::Request;
use crate::pipeline;
use crate::report::Answer;

/// Check WIT, components, core modules and compositions
///
/// Without a PATH: the compositions of the nearest `witc.toml`, else the folder `wit`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// WIT files and folders, components, core modules, a `witc.toml`; `-` is standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    composition: CompositionFlag,
    /// The world to look at, where there are several
    #[arg(long, value_name = "NAME")]
    world: Option<String>,
    /// The host that must be able to run it: an id of `witc hosts`, a FILE.toml, or `all` for a table of hosts
    #[arg(long, value_name = "ID", value_parser = HOSTS, hide_possible_values = true)]
    host: Option<String>,
    /// The policy whose limits the host must enforce; without it the one that the manifest names
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Kinds of limits, such as `hosts`, that nobody has to enforce
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    accept: Vec<String>,
    /// A world or a component that each input must fit
    #[arg(long, value_name = "WORLD-OR-COMPONENT")]
    against: Option<String>,
    #[command(flatten)]
    wit: WitFlags,
    #[command(flatten)]
    report: ReportFlags,
}

impl Check {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        let mut request = Request {
            command: "witc check",
            composition: self.composition.composition,
            world: self.world,
            host: self.host,
            policy: self.policy,
            accepted: self.accept,
            against: self.against,
            levels: self.report.levels(),
            validate_bodies: true,
            allow_wit: true,
            ..Request::default()
        };
        self.wit.apply(&mut request);
        inputs::add_or_find(self.paths, &mut request)?;
        let outcome = terminal.watch("checking", |files| pipeline::check(&request, files));
        Ok(terminal.show(&outcome, &self.report, "checked", |outcome, look| {
            let needs = if terminal.quiet { String::new() } else { look.needs(&outcome.needs) };
            match &outcome.answer {
                Some(Answer::Fits(fits)) => Some(needs + &look.fits(fits)),
                _ => Some(needs),
            }
        }))
    }
}
