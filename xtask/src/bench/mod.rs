//! `cargo xtask bench`: links generated sets with witc and its peers, in turns, and prints medians and ratios.
//!
//! The peers are the commands `wac` and `wasm-tools` of this machine; one that is not there has no column. `cp` is the
//! floor: the inputs, concatenated.

mod inputs;
mod measure;
mod table;
mod tools;

use std::io;
use std::path::Path;

use measure::{Figures, measure};
use tools::{Set, Tool};

/// How often each command is run; the medians are shown.
const RUNS: usize = 5;

/// Measures every set with every tool, and returns the table as Markdown.
///
/// `witc` is the program to measure; with `large`, the sets of hundreds of megabytes are measured as well.
///
/// # Errors
/// Any error of the file system, or of starting a command.
pub fn run(witc: &Path, large: bool, say: &mut dyn FnMut(&str)) -> io::Result<String> {
    let folder = tempfile::tempdir()?;
    let tools: Vec<Tool> = tools::ALL.iter().copied().filter(|tool| tool.is_here(witc)).collect();
    let mut rows = Vec::new();
    for shape in inputs::SHAPES.iter().filter(|shape| large || !shape.is_large()) {
        say(&format!("{shape}"));
        let set = Set::make(*shape, folder.path())?;
        rows.push((*shape, row(&tools, &set, witc)?));
        set.remove()?;
    }
    Ok(table::markdown(&tools, &rows))
}

/// One figure a tool: its runs are taken in turns, so that a machine whose speed drifts harms no one tool.
fn row(tools: &[Tool], set: &Set, witc: &Path) -> io::Result<Vec<Option<Figures>>> {
    let mut runs: Vec<Vec<Option<Figures>>> = vec![Vec::new(); tools.len()];
    for round in 0..=RUNS {
        for (at, tool) in tools.iter().enumerate() {
            if runs[at].last() == Some(&None) || tool.is_hopeless(set) {
                runs[at].push(None);
                continue;
            }
            let figures = measure(&mut tool.commands(set, witc))?;
            if round > 0 || figures.is_none() {
                runs[at].push(figures); // the first round only warms up
            }
        }
    }
    Ok(runs.into_iter().map(|runs| Figures::median(&runs)).collect())
}
