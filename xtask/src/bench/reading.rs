//! What it takes to ask a linked component what it can do, and to judge it: `witc caps` and `witc lint` on a large one.
//!
//! Differs from the rows of linking: there is no peer for this.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use super::Bench;
use super::measure::{Figures, measure};

/// What was read, and what each command needed for it.
pub(super) struct Reading {
    /// What the artifact was linked of.
    pub(super) of: String,
    /// Its size: bytes.
    pub(super) size: u64,
    /// By command.
    pub(super) rows: Vec<(&'static str, Option<Figures>)>,
}

/// The parts of what is read, in the folder of real components: an adapter in JavaScript, and a processor in Python.
const PARTS: [&str; 2] = ["js/http-adapter.wasm", "python/processor.wasm"];

/// Links the parts, and measures what reads them; `None` if they cannot be linked.
pub(super) fn measure_reading(real: &Path, folder: &Path, bench: &Bench) -> io::Result<Option<Reading>> {
    let artifact = folder.join("read.wasm");
    let mut link = Command::new(&bench.witc);
    link.arg("compose").args(PARTS.map(|part| real.join(part))).arg("-o").arg(&artifact);
    if measure(&mut [link], &[0])?.is_none() {
        return Ok(None);
    }
    let policy = folder.join("witc-policy.toml");
    let mut write_policy = Command::new(&bench.witc);
    write_policy.args(["policy", "init"]).arg(&artifact).arg("-o").arg(&policy);
    if measure(&mut [write_policy], &[0])?.is_none() {
        return Ok(None);
    }
    let mut rows = Vec::new();
    for command in ["caps", "lint"] {
        let mut runs = Vec::new();
        for round in 0..=bench.runs {
            let mut command_line = Command::new(&bench.witc);
            command_line.arg(command).arg(&artifact).arg("--no-cache");
            if command == "lint" {
                command_line.arg("--policy").arg(&policy);
            }
            // What it finds is not the question here.
            let figures = measure(&mut [command_line], &[0, 1])?;
            if round > 0 {
                runs.push(figures);
            }
        }
        rows.push((command, Figures::median(&runs)));
    }
    let size = fs::metadata(&artifact)?.len();
    fs::remove_file(&artifact)?;
    fs::remove_file(&policy)?;
    Ok(Some(Reading { of: "JavaScript and Python".to_owned(), size, rows }))
}
