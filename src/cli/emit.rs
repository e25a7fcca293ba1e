//! `witc emit`: the files and flags with which a composition is deployed on a host.
//!
//! Differs from `compose.rs`, which makes the artifact alone.

use std::path::PathBuf;

use clap::Args;

use super::flags::{CompositionFlag, Format, ReportFlags, WitFlags, one_host};
use super::terminal::{Terminal, product_is_seen};
use super::{Ending, inputs, misuse};
use crate::config::{DeployRequest, EXAMPLE_REGISTRY, FIRST_VERSION, OutputPath, Request};
use crate::diag::CLEAN;
use crate::pipeline;
use crate::report::Answer;

/// Write what a deployment on a host needs: manifests, configuration, and the artifact
///
/// Without a PATH: for a composition of the nearest `witc.toml`. Without `-o` the files are shown, and nothing is written.
#[derive(Debug, Args)]
pub(super) struct Emit {
    /// Components, core modules, or a `witc.toml`; `-` is standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The host: an id of `witc hosts`, or a FILE.toml that names its `form`
    #[arg(long, value_name = "ID", value_parser = one_host(), hide_possible_values = true)]
    host: String,
    /// The folder to write into, which is made if it is not there; `-` writes one file to standard output
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Only this file of the deployment, by its path in the folder
    #[arg(long, value_name = "FILE")]
    only: Option<String>,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
    /// Deploy the components one by one, and let the host link them
    #[arg(long)]
    graph: bool,
    /// Where images are pushed to and pulled from
    #[arg(long, value_name = "PREFIX", default_value = EXAMPLE_REGISTRY, value_parser = parse_registry)]
    registry: String,
    /// The tag of images: the version of what is deployed
    #[arg(long, value_name = "TAG", default_value = FIRST_VERSION, value_parser = parse_tag)]
    tag: String,
    /// The component whose exports the whole has, where there are several that no other one needs
    #[arg(long, value_name = "NAME")]
    root: Option<String>,
    #[command(flatten)]
    composition: CompositionFlag,
    /// What is granted; without it the policy that the manifest names
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Kinds of limits, such as `hosts`, that nobody has to enforce
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    accept: Vec<String>,
    /// Fail if a lock file is out of date
    #[arg(long)]
    locked: bool,
    #[command(flatten)]
    wit: WitFlags,
    #[command(flatten)]
    report: ReportFlags,
}

impl Emit {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        let output = self.output.map(inputs::output);
        let is_human = self.report.format == Format::Human;
        if output == Some(OutputPath::StandardOutput) && !is_human {
            return Err(misuse(
                "the file and a report on standard output would mix: write into a folder with `-o FOLDER`",
            ));
        }
        let mut request = Request {
            command: "witc emit",
            composition: self.composition.composition,
            host: Some(self.host),
            policy: self.policy,
            locked: self.locked,
            accepted: self.accept,
            levels: self.report.levels(),
            validate_bodies: true,
            ..Request::default()
        };
        self.wit.apply(&mut request);
        inputs::add_or_find(self.paths, &mut request)?;
        let flags = DeployRequest {
            root: self.root,
            output,
            only: self.only,
            force: self.force,
            as_graph: self.graph,
            registry: self.registry,
            tag: Some(self.tag),
        };
        let outcome = terminal.watch("deploying", |files| pipeline::deploy(&request, &flags, files));
        let status = terminal.show(&outcome, &self.report, "", |outcome, look| {
            let Answer::Deployment(row) = outcome.answer.as_ref()? else { return None };
            let is_shown = row.folder.is_none() && !row.to_standard_output;
            is_shown.then(|| look.deployment_texts(row))
        });
        let Some(Answer::Deployment(row)) = &outcome.answer else { return Ok(status) };
        if is_human && !terminal.quiet && !row.to_standard_output {
            terminal.say(&terminal.look().deployment(row));
        }
        if row.content.is_empty() {
            return Ok(status);
        }
        if product_is_seen() && row.files.iter().all(|file| file.text.is_none()) {
            return Err(misuse("a binary is not written to a terminal: use a pipe, or `-o FOLDER`"));
        }
        let is_text = row.files.iter().any(|file| file.text.is_some());
        let written = if is_text { terminal.product(&row.content) } else { terminal.artifact(&row.content) };
        Ok(if written == CLEAN { status } else { written })
    }
}

/// `1.2.0`: what a registry takes for a tag.
fn parse_tag(text: &str) -> Result<String, String> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_first = text.bytes().next().is_some_and(is_word);
    let is_right =
        is_first && text.len() <= 128 && text.bytes().all(|byte| is_word(byte) || b".-".contains(&byte));
    is_right.then(|| text.to_owned()).ok_or_else(|| "no such tag of an image, such as `1.2.0`".to_owned())
}

/// `ghcr.io/company`: no spaces, no tag, no end in `/`.
fn parse_registry(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_/:".contains(&byte);
    let text = text.trim_end_matches('/');
    let is_right = !text.is_empty() && text.bytes().all(is_plain);
    is_right
        .then(|| text.to_owned())
        .ok_or_else(|| "no such prefix of images, such as `ghcr.io/company`".to_owned())
}
