//! `cargo xtask bench`: links sets with witc and its peers, in turns, and prints medians, ratios and what the aims say to them.
//!
//! The peers are the commands `wac` and `wasm-tools` of this machine; one that is not there has no column. `cp` is the
//! floor: the inputs, concatenated.

mod aims;
mod inputs;
mod measure;
mod page;
mod reading;
mod sharing;
mod table;
mod tools;

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use inputs::{Real, SHAPES, Shape};
use measure::{Figures, measure};
use tools::{Set, Tool};

/// What to measure.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The program to measure.
    pub witc: PathBuf,
    /// Whether the sets of fifty megabytes and more are measured as well.
    pub large: bool,
    /// The folder of real components, if there is one: each toolchain a folder in it.
    pub real: Option<PathBuf>,
    /// The command that compiles the files it is given with Wasmtime, if that is to be measured: the program first.
    pub compile: Vec<String>,
    /// How often each command is run; the medians are shown.
    pub runs: usize,
    /// Only sets whose name contains this are measured.
    pub filter: String,
}

/// A set, and what each tool needed for it.
struct Row {
    shape: Shape,
    /// The size of all inputs: bytes.
    size: u64,
    figures: Vec<Option<Figures>>,
}

/// Measures every set with every tool, and returns the page as Markdown.
///
/// # Errors
/// Any error of the file system, or of starting a command.
pub fn run(bench: &Bench, say: &mut dyn FnMut(&str)) -> io::Result<String> {
    let folder = tempfile::tempdir()?;
    let tools: Vec<Tool> = tools::ALL.iter().copied().filter(|tool| tool.is_here(&bench.witc)).collect();
    let (real, mut shapes) = (bench.real.clone().unwrap_or_default(), SHAPES.to_vec());
    if bench.real.is_some() {
        for (kind, count) in [(Real::C, 150), (Real::C, 450), (Real::Python, 10)] {
            let size = std::fs::metadata(real.join(kind.path()))?.len();
            shapes.push(Shape::real(kind, count, usize::try_from(size).unwrap_or(usize::MAX)));
        }
    }
    shapes.retain(|shape| (bench.large || !shape.is_large()) && shape.to_string().contains(&bench.filter));
    let (mut rows, mut shared) = (Vec::new(), None);
    for shape in shapes {
        say(&format!("{shape}"));
        let set = Set::make(shape, &real, folder.path())?;
        rows.push(Row { shape, size: set.size()?, figures: row(&tools, &set, bench)? });
        if shape.is_python() {
            say("one copy of what is equal");
            shared = sharing::measure_sharing(&set, bench)?;
        }
        set.remove()?;
    }
    let reading = match &bench.real {
        Some(real) if bench.large && "caps lint".contains(&bench.filter) => {
            say("caps and lint");
            reading::measure_reading(real, folder.path(), bench)?
        }
        Some(_) | None => None,
    };
    Ok(page::markdown(&tools, &rows, reading.as_ref(), shared.as_ref()))
}

/// Makes the components of a set in `folder`: what [`run`] starts a process for. `shape` is a text that it made.
///
/// # Errors
/// Any error of the file system; `InvalidInput` for another text.
pub fn make_set(shape: &str, real: &Path, folder: &Path) -> io::Result<()> {
    let shape = Shape::from_text(shape).ok_or(io::ErrorKind::InvalidInput)?;
    tools::make_components(shape, real, folder)
}

/// What takes longer than this is measured once, and not for a median: seconds.
const LONG: u64 = 4;

/// One figure a tool: its runs are taken in turns, so that a machine whose speed drifts harms no one tool.
fn row(tools: &[Tool], set: &Set, bench: &Bench) -> io::Result<Vec<Option<Figures>>> {
    let mut runs: Vec<Vec<Option<Figures>>> = vec![Vec::new(); tools.len()];
    let mut is_done = vec![false; tools.len()];
    for round in 0..=bench.runs {
        for (at, tool) in tools.iter().enumerate() {
            if is_done[at] || tool.is_hopeless(set) {
                continue;
            }
            let mut figures = measure(&mut tool.commands(set, &bench.witc), &[tool.expected(set)])?;
            set.settle(*tool)?;
            let is_first = round == 0; // it only warms up, and shows whether the tool works at all
            if let (true, true, Some(figures)) = (is_first, tool.is_peer(), &mut figures) {
                figures.is_valid = is_valid(&set.out(*tool));
            }
            let is_long = figures.is_some_and(|figures| figures.wall.as_secs() >= LONG);
            is_done[at] = is_long || figures.is_none_or(|figures| !figures.is_valid);
            if !is_first || is_done[at] {
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
