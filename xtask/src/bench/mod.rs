//! `cargo xtask bench`: links generated sets with witc and its peers, in turns, and prints medians and ratios.
//!
//! The peers are the commands `wac` and `wasm-tools` of this machine; one that is not there has no column. `cp` is the
//! floor: the inputs, concatenated.

mod inputs;
mod measure;
mod table;
mod tools;

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use inputs::{SHAPES, Shape};
use measure::{Figures, measure};
use tools::{Set, Tool};

/// What to measure.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The program to measure.
    pub witc: PathBuf,
    /// Whether the sets of a hundred megabytes and more are measured as well.
    pub large: bool,
    /// A component that imports WASI and exports `company:gateway/charge`: 150 and 450 copies of it are a set each.
    pub real: Option<PathBuf>,
    /// How often each command is run; the medians are shown.
    pub runs: usize,
    /// Only sets whose name contains this are measured.
    pub filter: String,
}

/// Measures every set with every tool, and returns the table as Markdown.
///
/// # Errors
/// Any error of the file system, or of starting a command.
pub fn run(bench: &Bench, say: &mut dyn FnMut(&str)) -> io::Result<String> {
    let folder = tempfile::tempdir()?;
    let tools: Vec<Tool> = tools::ALL.iter().copied().filter(|tool| tool.is_here(&bench.witc)).collect();
    let real = bench.real.as_ref().map(std::fs::read).transpose()?;
    let mut shapes: Vec<Shape> = SHAPES.to_vec();
    shapes.extend(real.iter().flat_map(|component| [150, 450].map(|count| Shape::real(count, component))));
    shapes.retain(|shape| (bench.large || !shape.is_large()) && shape.to_string().contains(&bench.filter));
    let mut rows = Vec::new();
    for shape in shapes {
        say(&format!("{shape}"));
        let set = Set::make(shape, real.as_deref().unwrap_or_default(), folder.path())?;
        rows.push((shape, row(&tools, &set, bench)?));
        set.remove()?;
    }
    Ok(table::markdown(&tools, &rows))
}

/// One figure a tool: its runs are taken in turns, so that a machine whose speed drifts harms no one tool.
fn row(tools: &[Tool], set: &Set, bench: &Bench) -> io::Result<Vec<Option<Figures>>> {
    let mut runs: Vec<Vec<Option<Figures>>> = vec![Vec::new(); tools.len()];
    for round in 0..=bench.runs {
        for (at, tool) in tools.iter().enumerate() {
            if runs[at].last() == Some(&None) || tool.is_hopeless(set) {
                runs[at].push(None);
                continue;
            }
            let figures = measure(&mut tool.commands(set, &bench.witc), tool.expected(set))?;
            let is_first = round == 0; // it only warms up, and shows whether the tool works at all
            let figures = figures.filter(|_| !(is_first && tool.is_peer()) || is_valid(&set.out()));
            if !is_first || figures.is_none() {
                runs[at].push(figures);
            }
        }
    }
    Ok(runs.into_iter().map(|runs| Figures::median(&runs)).collect())
}

/// Whether what a peer wrote is a component that an engine takes; without wasm-tools nobody knows.
fn is_valid(out: &Path) -> bool {
    let validated = Command::new("wasm-tools").args(["validate", "--features", "all"]).arg(out).output();
    validated.is_ok_and(|output| output.status.success())
}
