//! `witc policy`: writes policy files.
//!
//! Differs from `lint.rs`, which reads them.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::flags::{CompositionFlag, Format, ReportFlags};
use super::terminal::Terminal;
use super::{Ending, inputs, misuse};
use crate::config::{POLICY_NAME, Request};
use crate::diag::{CLEAN, quoted};
use crate::pipeline;
use crate::report::Answer;
use crate::source::{Disk, Files};

/// Write policy files
#[derive(Debug, Args)]
pub(super) struct Policy {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Init(Init),
}

/// Write a first policy, under which `witc lint` passes
///
/// Without a PATH: for the compositions of the nearest `witc.toml`.
#[derive(Debug, Args)]
struct Init {
    /// Components, core modules, or a `witc.toml`; `-` is standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    composition: CompositionFlag,
    /// Where to write it; `-` is standard output. Else beside the manifest, else in the current folder
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    report: ReportFlags,
}

impl Policy {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        match self.action {
            Action::Init(init) => init.run(terminal),
        }
    }
}

impl Init {
    fn run(self, terminal: &Terminal) -> Ending {
        let mut request = Request {
            composition: self.composition.composition,
            levels: self.report.levels(),
            validate_bodies: true,
            ..Request::default()
        };
        inputs::add_or_find(self.paths, &mut request)?;
        let output = self.output.unwrap_or_else(|| {
            let beside = request.manifests.first().and_then(|manifest| manifest.parent());
            beside.unwrap_or(Path::new("")).join(POLICY_NAME)
        });
        let shown = quoted(&output.display().to_string());
        let to_file = output.as_os_str() != "-";
        if to_file && !self.force && Disk.kind(&output).is_ok() {
            return Err(misuse(format!("{shown} is there already: add `--force` to write over it")));
        }
        let outcome = terminal.watch("reading", |files| pipeline::first_policy(&request, files));
        let status = terminal.show(&outcome, &self.report, "", |_, _| None);
        let Some(Answer::Policy(text)) = &outcome.answer else { return Ok(status) };
        if status != CLEAN {
            return Ok(status);
        }
        if !to_file {
            return Ok(terminal.product(text.as_bytes()));
        }
        match Disk.write(&output, &[text.as_bytes()]) {
            Ok(()) => {
                if !terminal.quiet && self.report.format == Format::Human {
                    terminal.say(&format!("wrote {shown}: read each entry, and say why it is needed\n"));
                }
                Ok(status)
            }
            Err(error) => Ok(terminal.cannot_write(&shown, &error)),
        }
    }
}
