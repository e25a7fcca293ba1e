//! The tools that are measured, and how each is asked to link a set.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::inputs::{Form, Shape};

/// A way to link a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    /// The inputs, concatenated: the floor.
    Cp,
    /// witc without validation of function bodies.
    WitcCopied,
    /// witc with a cache that knows the inputs.
    WitcCached,
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
pub(super) const ALL: &[Tool] = &[
    Tool::Cp,
    Tool::WitcCopied,
    Tool::WitcCached,
    Tool::Witc,
    Tool::WacCompose,
    Tool::WacPlug,
    Tool::WasmCompose,
];

/// A set of components on disk.
pub(super) struct Set {
    pub(super) shape: Shape,
    folder: PathBuf,
    files: Vec<PathBuf>,
}

impl Set {
    /// Makes a set in `folder`; what it needs of real components lies in `real`.
    ///
    /// The components are made in a process of their own: the system counts the largest memory that this process ever had
    /// as that of the programs that it starts.
    pub(super) fn make(shape: Shape, real: &Path, folder: &Path) -> io::Result<Self> {
        let folder = folder.join("set");
        fs::create_dir_all(&folder)?;
        let made = Command::new(std::env::current_exe()?)
            .args(["bench-set", &shape.to_text()])
            .args([real, &folder])
            .stdout(Stdio::null())
            .status()?;
        if !made.success() {
            return Err(io::Error::other(format!("the components of `{shape}` cannot be made")));
        }
        let files = (0..shape.count).map(|at| folder.join(file_name(at))).collect();
        let set = Self { shape, folder, files };
        fs::write(set.folder.join("set.wac"), set.script())?;
        fs::write(set.folder.join("set.yml"), set.configuration())?;
        Ok(set)
    }

    pub(super) fn remove(self) -> io::Result<()> {
        fs::remove_dir_all(self.folder)
    }

    /// How many bytes all components have.
    pub(super) fn size(&self) -> io::Result<u64> {
        self.files.iter().map(|file| Ok(fs::metadata(file)?.len())).sum()
    }

    /// Where a tool writes what it makes of the set: none writes over what another one made.
    pub(super) fn out(&self, tool: Tool) -> PathBuf {
        self.folder.join(format!("out-{}.wasm", tool.name().replace([' ', ','], "-")))
    }

    /// Waits until the disk has what a tool wrote: it is not to be paid for by the one that comes next.
    pub(super) fn settle(&self, tool: Tool) -> io::Result<()> {
        let written = (0..2).map(|at| self.plugged(at)).chain([self.out(tool)]);
        written.filter(|path| path.exists()).try_for_each(|path| fs::File::open(path)?.sync_all())
    }

    /// What comes out between two plugs.
    fn plugged(&self, at: usize) -> PathBuf {
        self.folder.join(format!("plugged{}.wasm", at % 2))
    }

    fn script(&self) -> String {
        let mut script = "package bench:all;\n".to_owned();
        for at in 0..self.shape.count {
            let given: Vec<String> = self.shape.imports(at).map(|place| self.argument(place)).collect();
            let rest = if let Form::Real(_) = self.shape.form { "..." } else { "" };
            let comma = if given.is_empty() || rest.is_empty() { "" } else { ", " };
            let _ = writeln!(script, "let c{at} = new bench:c{at} {{ {}{comma}{rest} }};", given.join(", "));
        }
        let _ = writeln!(script, "export c{}...;", self.shape.count - 1);
        script
    }

    fn argument(&self, place: usize) -> String {
        let name = self.shape.link(place);
        format!("\"{name}\": c{place}[\"{name}\"]")
    }

    fn configuration(&self) -> String {
        let mut text = "dependencies:\n".to_owned();
        for (at, file) in self.files.iter().enumerate() {
            let _ = writeln!(text, "  {}:\n    path: {}", self.shape.link(at), file.display());
        }
        text
    }
}

/// Makes the components of a set, in `folder`.
pub(super) fn make_components(shape: Shape, real: &Path, folder: &Path) -> io::Result<()> {
    (0..shape.count).try_for_each(|at| fs::write(folder.join(file_name(at)), shape.component(at, real)?))
}

fn file_name(at: usize) -> String {
    format!("c{at}.wasm")
}

impl Tool {
    /// What the column is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cp => "cp",
            Self::WitcCopied => "witc, bodies not validated",
            Self::WitcCached => "witc, inputs known",
            Self::Witc => "witc",
            Self::WacCompose => "wac compose",
            Self::WacPlug => "wac plug",
            Self::WasmCompose => "wasm-tools compose",
        }
    }

    /// Whether it is a tool that others made.
    pub(super) fn is_peer(self) -> bool {
        matches!(self, Self::WacCompose | Self::WacPlug | Self::WasmCompose)
    }

    /// Whether its program can be started.
    pub(super) fn is_here(self, witc: &Path) -> bool {
        let program = match self {
            Self::Cp => Path::new("cat"),
            Self::Witc | Self::WitcCopied | Self::WitcCached => witc,
            Self::WacCompose | Self::WacPlug => Path::new("wac"),
            Self::WasmCompose => Path::new("wasm-tools"),
        };
        let mut command = Command::new(program);
        command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok()
    }

    /// Whether it would take minutes, or cannot be asked: a peer that makes one process for each plug, over a growing file;
    /// any peer on a made set that no artifact can hold; and plugs do not satisfy each other.
    pub(super) fn is_hopeless(self, set: &Set) -> bool {
        let is_real = matches!(set.shape.form, Form::Real(_));
        let is_stepwise = self == Self::WacPlug && set.shape.form == Form::Chain;
        is_stepwise && set.shape.count > 100
            || self == Self::WacPlug && is_real
            || self.is_peer() && set.shape.is_too_large() && !is_real
    }

    /// The exit code with which it links a set: witc refuses what no artifact can hold, and that is what is measured.
    pub(super) fn expected(self, set: &Set) -> i32 {
        i32::from(set.shape.is_too_large() && self != Self::Cp)
    }

    /// The commands that link a set, to be run one after the other.
    pub(super) fn commands(self, set: &Set, witc: &Path) -> Vec<Command> {
        let (out, last) = (set.out(self), &set.files[set.files.len() - 1]);
        let mut command = Command::new(match self {
            Self::Cp => Path::new("sh"),
            Self::Witc | Self::WitcCopied | Self::WitcCached => witc,
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
            Self::Witc | Self::WitcCopied | Self::WitcCached => {
                command.arg("compose").args(&set.files).arg("-o").arg(out);
                command.env("XDG_CACHE_HOME", set.folder.join("cache"));
                if self == Self::WitcCopied {
                    command.arg("--no-validate-bodies");
                } else if self == Self::Witc {
                    command.arg("--no-cache");
                }
            }
            Self::WacCompose => {
                command.arg("compose").arg(set.folder.join("set.wac")).arg("-o").arg(out);
                for (at, file) in set.files.iter().enumerate() {
                    command.arg("-d").arg(format!("bench:c{at}={}", file.display()));
                }
            }
            Self::WacPlug if set.shape.form == Form::Chain => return plugs(set),
            Self::WacPlug => {
                command.arg("plug");
                for file in &set.files[..set.files.len() - 1] {
                    command.arg("--plug").arg(file);
                }
                command.arg(last).arg("-o").arg(out);
            }
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
        let out = if at == 0 { set.out(Tool::WacPlug) } else { set.plugged(at) };
        let mut command = Command::new("wac");
        command.args(["plug", "--plug"]).arg(plug).arg(&socket).arg("-o").arg(&out);
        commands.push(command);
        socket = out;
    }
    commands
}
