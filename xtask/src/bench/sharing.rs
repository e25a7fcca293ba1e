//! What one copy of what is equal saves: the size of artifacts of components with one interpreter, and how long Wasmtime
//! compiles them.
//!
//! Differs from the rows of linking: here it is what comes out that is measured.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use super::Bench;
use super::measure::{Figures, measure};
use super::tools::{Set, Tool};

/// An artifact of the same set.
pub(super) struct Compiled {
    /// Who made it.
    pub(super) tool: Tool,
    /// Its size: bytes.
    pub(super) size: u64,
    /// What compiling it took, if that was measured.
    pub(super) compile: Option<Figures>,
}

/// Links a set with witc and with wac, and measures what comes out; `None` if one of them cannot do it.
pub(super) fn measure_sharing(set: &Set, bench: &Bench) -> io::Result<Option<[Compiled; 2]>> {
    let compiled = |tool: Tool| -> io::Result<Option<Compiled>> {
        if !tool.is_here(&bench.witc) || measure(&mut tool.commands(set, &bench.witc), &[0])?.is_none() {
            return Ok(None);
        }
        let out = set.out(tool);
        Ok(Some(Compiled { tool, size: fs::metadata(&out)?.len(), compile: compile(&out, bench)? }))
    };
    let (ours, theirs) = (compiled(Tool::Witc)?, compiled(Tool::WacCompose)?);
    Ok(ours.zip(theirs).map(|(ours, theirs)| [ours, theirs]))
}

fn compile(artifact: &Path, bench: &Bench) -> io::Result<Option<Figures>> {
    let Some((program, arguments)) = bench.compile.split_first() else { return Ok(None) };
    let mut command = Command::new(program);
    command.args(arguments).arg(artifact);
    measure(&mut [command], &[0])
}
