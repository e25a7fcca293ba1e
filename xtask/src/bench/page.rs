//! The page `docs/benchmarks.md`: what was measured and how, the tables, and the aims.
//!
//! Differs from `table.rs`, which writes the tables of linking.

use std::fmt::Write;
use std::process::Command;
use std::thread::available_parallelism;

use super::reading::Reading;
use super::sharing::Compiled;
use super::table::{memory, tables, time};
use super::tools::Tool;
use super::{Row, aims};

const INTRODUCTION: &str = "\
# Benchmarks

How long witc takes beside other linkers, and beside copying: `cp` stands for reading all inputs and writing them one after the
other. All figures of a table come from one run, in which the programs took turns, each with an output of its own and with nothing left to
write of the one before; each is a median, with the ratio to witc behind it. What takes longer than four seconds was run once.";

const COLUMNS: &str = "\
- **witc** validates every function body once. **Inputs known** is a run whose inputs are in the cache of valid inputs
  (`docs/inputs.md`). **Bodies not validated** is `--no-validate-bodies`.
- **Chain**: each component needs the one before it. **Fan**: the last one needs all others. **Real**: copies of a component that a
  toolchain made, each with an interface of its own, with one component that provides what they need and one that needs them
  all; they share the interfaces of WASI.
- A dash: the tool fails on the set, or was not asked. *Invalid*: what it makes is not valid for current engines.
- From 1,000 components on, and for the 450 real ones, no artifact can hold the set (the limit of engines is 1,000 modules and
  components): what is measured there is the time until witc has wired and checked it and says so; nothing is written.";

/// The whole page.
pub(super) fn markdown(
    tools: &[Tool],
    rows: &[Row],
    reading: Option<&Reading>,
    shared: Option<&[Compiled; 2]>,
) -> String {
    let cores = available_parallelism().map_or(1, usize::from);
    let versions = ["wac", "wasm-tools"].map(version).join(" and ");
    let mut text = format!(
        "{INTRODUCTION} `cargo xtask bench --large` measures again,\nwith `wac` and `wasm-tools` on the path; here they \
         were {versions}, on {cores} cores.\n\n{COLUMNS}\n\n"
    );
    text.push_str(&tables(tools, rows));
    if let Some(shared) = shared {
        text.push_str("## One copy of what is equal: ten Python components\n\n");
        text.push_str(
            "| made by | size | compile time in Wasmtime, all cores | memory for it |\n|---|---|---|---|\n",
        );
        for Compiled { tool, size, compile } in shared {
            let compiled = compile.as_ref().map(|it| (time(it.processor), memory(it.memory)));
            let (compiled, peak) = compiled.unwrap_or_else(|| ("–".to_owned(), "–".to_owned()));
            let _ = writeln!(text, "| {} | {} | {compiled} | {peak} |", tool.name(), memory(*size));
        }
        text.push('\n');
    }
    if let Some(Reading { of, size, rows }) = reading {
        let _ = writeln!(text, "## Reading a linked component: {of}, {}\n", memory(*size));
        text.push_str(
            "| command | time | of the processor | MB a second | memory |\n|---|---|---|---|---|\n",
        );
        for (command, figures) in rows.iter().filter_map(|(command, it)| Some((command, it.as_ref()?))) {
            let speed = megabytes(*size) / figures.wall.as_secs_f64();
            let (wall, processor) = (time(figures.wall), time(figures.processor));
            let peak = memory(figures.memory);
            let _ = writeln!(text, "| `witc {command}` | {wall} | {processor} | {speed:.0} | {peak} |");
        }
        text.push('\n');
    }
    text.push_str("## Against the aims\n\n");
    text.push_str(&aims::lines(tools, rows, reading, shared).join("\n"));
    text.push('\n');
    text
}

#[expect(clippy::cast_precision_loss, reason = "a size in bytes, shown in megabytes")]
fn megabytes(size: u64) -> f64 {
    size as f64 / 1e6
}

/// What a tool says that it is: `wac 0.12.0`.
fn version(program: &str) -> String {
    let output = Command::new(program).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    if let [_, version] = words[..] {
        format!("{program} {}", version.trim_start_matches('v'))
    } else {
        format!("no {program}")
    }
}
