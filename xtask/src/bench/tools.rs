//! The tools that are measured, and how each is asked to link a set.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::inputs::{Shape, link};

/// A way to link a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    /// The inputs, concatenated: the floor.
    Cp,
    /// witc without validation of function bodies.
    WitcCopied,
    /// witc.
    Witc,
    /// `wac compose` with a script.
    WacCompose,
    /// `wac plug`, one plug after the other.
    WacPlug,
    /// `wasm-tools compose` with a configuration.
    WasmCompose,
}

/// All tools, in the order of the columns.
pub(super) const ALL: &[Tool] =
    &[Tool::Cp, Tool::WitcCopied, Tool::Witc, Tool::WacCompose, Tool::WacPlug, Tool::WasmCompose];

/// A set of components on disk.
pub(super) struct Set {
    pub(super) shape: Shape,
    folder: PathBuf,
    files: Vec<PathBuf>,
}

impl Set {
    pub(super) fn make(shape: Shape, folder: &Path) -> io::Result<Self> {
        let folder = folder.join(format!("{}x{}", shape.count, shape.size));
        fs::create_dir_all(&folder)?;
        let files: Vec<PathBuf> = (0..shape.count).map(|at| folder.join(format!("c{at}.wasm"))).collect();
        for (at, file) in files.iter().enumerate() {
            fs::write(file, shape.component(at))?;
        }
        let set = Self { shape, folder, files };
        fs::write(set.folder.join("set.wac"), set.script())?;
        fs::write(set.folder.join("set.yml"), set.configuration())?;
        Ok(set)
    }

    pub(super) fn remove(self) -> io::Result<()> {
        fs::remove_dir_all(self.folder)
    }

    fn script(&self) -> String {
        let mut script = "package bench:all;\n".to_owned();
        for at in 0..self.shape.count {
            let argument = if at == 0 {
                String::new()
            } else {
                let before = link(at - 1);
                format!(" \"{before}\": c{}[\"{before}\"] ", at - 1)
            };
            let _ = writeln!(script, "let c{at} = new bench:c{at} {{{argument}}};");
        }
        let _ = writeln!(script, "export c{}...;", self.shape.count - 1);
        script
    }

    fn configuration(&self) -> String {
        let mut text = "dependencies:\n".to_owned();
        for (at, file) in self.files.iter().enumerate() {
            let _ = writeln!(text, "  {}:\n    path: {}", link(at), file.display());
        }
        text
    }
}

impl Tool {
    /// What the column is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cp => "cp",
            Self::WitcCopied => "witc, bodies not validated",
            Self::Witc => "witc",
            Self::WacCompose => "wac compose",
            Self::WacPlug => "wac plug",
            Self::WasmCompose => "wasm-tools compose",
        }
    }

    /// Whether its program can be started.
    pub(super) fn is_here(self, witc: &Path) -> bool {
        let program = match self {
            Self::Cp => Path::new("cat"),
            Self::Witc | Self::WitcCopied => witc,
            Self::WacCompose | Self::WacPlug => Path::new("wac"),
            Self::WasmCompose => Path::new("wasm-tools"),
        };
        let mut command = Command::new(program);
        command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok()
    }

    /// Whether it would take minutes: one process for each plug, over a growing file.
    pub(super) fn is_hopeless(self, set: &Set) -> bool {
        self == Self::WacPlug && set.shape.count > 100
    }

    /// The commands that link a set, to be run one after the other.
    pub(super) fn commands(self, set: &Set, witc: &Path) -> Vec<Command> {
        let (out, last) = (set.folder.join("out.wasm"), &set.files[set.files.len() - 1]);
        let mut command = Command::new(match self {
            Self::Cp => Path::new("sh"),
            Self::Witc | Self::WitcCopied => witc,
            Self::WacCompose | Self::WacPlug => Path::new("wac"),
            Self::WasmCompose => Path::new("wasm-tools"),
        });
        match self {
            Self::Cp => {
                command
                    .args(["-c", "out=$1; shift; exec cat \"$@\" > \"$out\"", "sh"])
                    .arg(out)
                    .args(&set.files);
            }
            Self::Witc => {
                command.arg("compose").args(&set.files).arg("-o").arg(out);
            }
            Self::WitcCopied => {
                command.args(["compose", "--no-validate-bodies"]).args(&set.files).arg("-o").arg(out);
            }
            Self::WacCompose => {
                command.arg("compose").arg(set.folder.join("set.wac")).arg("-o").arg(out);
                for (at, file) in set.files.iter().enumerate() {
                    command.arg("-d").arg(format!("bench:c{at}={}", file.display()));
                }
            }
            Self::WacPlug => return plugs(set),
            Self::WasmCompose => {
                command.args(["compose", "-c"]).arg(set.folder.join("set.yml")).arg(last).arg("-o").arg(out);
            }
        }
        vec![command]
    }
}

/// From the last component down: what came out is plugged with the component before.
fn plugs(set: &Set) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut socket = set.files[set.files.len() - 1].clone();
    for (at, plug) in set.files.iter().enumerate().rev().skip(1) {
        let out = set.folder.join(format!("plugged{}.wasm", at % 2));
        let mut command = Command::new("wac");
        command.args(["plug", "--plug"]).arg(plug).arg(&socket).arg("-o").arg(&out);
        commands.push(command);
        socket = out;
    }
    commands
}
