//! `witc graph`: how is this put together?
//!
//! Differs from `wit.rs`: it shows the instances inside and their wires, not what the whole offers.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::flags::{CompositionFlag, Format, LevelFlags, ReportFlags};
use super::terminal::Terminal;
use super::{Ending, inputs};
use crate::config::{ComposeRequest, Request};
use crate::pipeline;
use crate::report::{Answer, GraphFormat, write_graphs};

/// Show how a composition is put together
///
/// Of one component: the instances inside of it, whoever linked it. Of several components or a `witc.toml`: what `witc
/// compose` would make of them.
#[derive(Debug, Args)]
pub(super) struct Graph {
    /// A linked component, several components, or a `witc.toml`; `-` is standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The component whose exports the whole has, where there are several that no other one needs
    #[arg(long, value_name = "NAME")]
    root: Option<String>,
    /// Layers around an interface, the outermost first
    #[arg(long, value_name = "IFACE=a,b,c")]
    chain: Vec<String>,
    #[command(flatten)]
    composition: CompositionFlag,
    /// How to show it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Shape,
    /// Fail on warnings
    #[arg(long)]
    deny_warnings: bool,
    #[command(flatten)]
    levels: LevelFlags,
}

/// How a graph is shown.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Shape {
    /// Lines of text
    #[default]
    Text,
    /// For Graphviz
    Dot,
    /// For Mermaid, in Markdown pages
    Mermaid,
    /// One document, schema `witc/1`
    Json,
    /// A picture
    Svg,
    /// A page with the picture and a table
    Html,
}

impl Graph {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        let look = terminal.product_look();
        let (format, shape) = match self.format {
            Shape::Json => (Format::Json, GraphFormat::Text { width: look.width }),
            Shape::Text => (Format::Human, GraphFormat::Text { width: look.width }),
            Shape::Dot => (Format::Human, GraphFormat::Dot),
            Shape::Mermaid => (Format::Human, GraphFormat::Mermaid),
            Shape::Svg => (Format::Human, GraphFormat::Svg),
            Shape::Html => (Format::Human, GraphFormat::Html),
        };
        let report = ReportFlags { format, deny_warnings: self.deny_warnings, levels: self.levels };
        let mut request = Request {
            command: "witc graph",
            composition: self.composition.composition,
            levels: report.levels(),
            validate_bodies: true,
            ..Request::default()
        };
        inputs::add_or_find(self.paths, &mut request)?;
        let flags = ComposeRequest { root: self.root, chains: self.chain, ..ComposeRequest::default() };
        let outcome = terminal.watch("reading", |files| pipeline::graph(&request, &flags, files));
        Ok(terminal.show(&outcome, &report, "", |outcome, _| {
            let Answer::Graphs(graphs) = outcome.answer.as_ref()? else { return None };
            Some(write_graphs(graphs, shape))
        }))
    }
}
