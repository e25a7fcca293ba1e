//! `witc compose`: links components into one.
//!
//! Differs from `check.rs`, which stops before anything is written.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::flags::{CompositionFlag, Format, ReportFlags, WitFlags, one_host};
use super::terminal::{Terminal, product_is_seen};
use super::{Ending, inputs, misuse};
use crate::config::{ComposeRequest, OutputPath, Request, is_binary_name, is_name_of_text, replaces_parts};
use crate::diag::{CLEAN, escape, quoted};
use crate::pipeline;

/// Link components into one
///
/// With PATHs, the whole set is wired. Without: the compositions of the nearest `witc.toml`.
#[derive(Debug, Args)]
pub(super) struct Compose {
    /// Components, core modules, or a `witc.toml`; `-` is standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Where to write the result; `-` is standard output
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// The component whose exports the result has, where there are several that no other one needs
    #[arg(long, value_name = "NAME")]
    root: Option<String>,
    #[command(flatten)]
    composition: CompositionFlag,
    /// Layers around an interface, the outermost first
    #[arg(long, value_name = "IFACE=a,b,c")]
    chain: Vec<String>,
    /// Another file for an instance: of a manifest, or of the one linked component that is given; `-` is standard input
    #[arg(long, value_name = "NAME=FILE")]
    replace: Vec<String>,
    /// The host that must be able to run it: an id of `witc hosts`, or a FILE.toml
    #[arg(long, value_name = "ID", value_parser = one_host(), hide_possible_values = true)]
    host: Option<String>,
    /// Judge by this policy
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Keep every copy of core modules and components that are equal byte for byte
    #[arg(long)]
    no_share: bool,
    /// Do not write down in the result what it was linked of
    #[arg(long)]
    no_record: bool,
    /// Do not validate function bodies: for inputs that were validated before
    #[arg(long)]
    no_validate_bodies: bool,
    /// Write the text format; what a manifest calls NAME.wasm then is NAME.wat
    #[arg(long)]
    wat: bool,
    /// Write a script that does the same, instead of the result: to OUT, or to standard output
    #[arg(long, value_enum, value_name = "LANGUAGE", conflicts_with = "wat")]
    emit: Option<Script>,
    /// Fail if a lock file is out of date
    #[arg(long)]
    locked: bool,
    #[command(flatten)]
    wit: WitFlags,
    #[command(flatten)]
    report: ReportFlags,
}

/// Whether the flags ask for what only linking anew can do.
fn asks_to_link_anew(composition: &ComposeRequest) -> bool {
    let is_wired = composition.root.is_some() || !composition.chains.is_empty();
    is_wired || composition.script || composition.no_record || composition.no_share
}

/// A language in which compositions are written out.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Script {
    /// That of `wac compose`
    Wac,
}

impl Compose {
    /// Refuses an output that the result does not fit into.
    fn refuse_unfit(&self, output: Option<&OutputPath>) -> Result<(), clap::Error> {
        let to_standard_output =
            output == Some(&OutputPath::StandardOutput) || (output.is_none() && self.emit.is_some());
        if to_standard_output {
            if self.report.format != Format::Human {
                return Err(misuse(
                    "the result and a report on standard output would mix: write the result to a file with `-o FILE`",
                ));
            }
            if !self.wat && self.emit.is_none() && product_is_seen() {
                return Err(misuse(
                    "a binary is not written to a terminal: use `-o FILE`, a pipe, or `--wat`",
                ));
            }
        }
        if let (false, None, Some(OutputPath::Path(path))) = (self.wat, self.emit, output)
            && path.extension().is_some_and(|extension| extension == "wat")
        {
            let path = quoted(&path.display().to_string());
            return Err(misuse(format!(
                "{path} is the name of a text, and a binary is written: add `--wat`"
            )));
        }
        let text = match (&self.emit, self.wat) {
            (Some(Script::Wac), _) => Some(("--emit wac", "wac")),
            (None, true) => Some(("--wat", "wat")),
            (None, false) => None,
        };
        if let Some(OutputPath::Path(path)) = output
            && is_name_of_text(path)
        {
            let path = quoted(&path.display().to_string());
            let extension = text.map_or("wasm", |(_, extension)| extension);
            return Err(misuse(format!(
                "{path} is the name of a text that witc reads: write to `-o NAME.{extension}`"
            )));
        }
        if let (Some((flag, extension)), Some(OutputPath::Path(path))) = (text, output)
            && is_binary_name(path)
        {
            let text = path.with_extension(extension).display().to_string();
            return Err(misuse(format!(
                "`{flag}` writes text, and {} is the name of a binary: write to `-o {}`",
                quoted(&path.display().to_string()),
                escape(&text)
            )));
        }
        Ok(())
    }

    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        let output = self.output.clone().map(inputs::output);
        self.refuse_unfit(output.as_ref())?;
        let mut request = Request {
            command: "witc compose",
            composition: self.composition.composition,
            host: self.host,
            policy: self.policy,
            locked: self.locked,
            levels: self.report.levels(),
            validate_bodies: !self.no_validate_bodies,
            ..Request::default()
        };
        self.wit.apply(&mut request);
        inputs::add_or_find(self.paths, &mut request)?;
        if !request.inputs.is_empty() && output.is_none() && self.emit.is_none() {
            return Err(misuse("where to write the result? Add `-o FILE`"));
        }
        let composition = ComposeRequest {
            root: self.root,
            chains: self.chain,
            replacements: self.replace,
            output,
            no_share: self.no_share,
            no_record: self.no_record,
            // A digest that is cut short proves nothing: the reports that show it show it whole.
            no_digest: !matches!(self.report.format, Format::Json | Format::Markdown),
            wat: self.wat,
            script: self.emit.is_some(),
        };
        if replaces_parts(&request, &composition) && (request.locked || asks_to_link_anew(&composition)) {
            return Err(misuse(
                "where a part is replaced, all else stays as it is: leave out `--chain`, `--emit`, `--locked`, `--no-record`, `--no-share` and `--root`",
            ));
        }
        let mut outcome = terminal.watch("linking", |files| pipeline::compose(&request, &composition, files));
        // What could not be written out is not said to be linked.
        let mut written = CLEAN;
        outcome.artifacts.retain(|artifact| {
            let status = match &artifact.content[..] {
                [] => CLEAN,
                text if composition.wat || composition.script => terminal.product(text),
                binary => terminal.artifact(binary),
            };
            written = written.max(status);
            status == CLEAN
        });
        let status = terminal.show(&outcome, &self.report, "linked", |_, _| None);
        Ok(if written == CLEAN { status } else { written })
    }
}
