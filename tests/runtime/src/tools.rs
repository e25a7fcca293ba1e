//! The programs of other hosts: packages of Node.js, OpenVINO, a browser, WasmEdge, wassette and wasmCloud's `wash`.
//! `.ci/host-tools` installs them, the browser for the machine, all others into a folder.
//!
//! Differs from `host.rs`, the host that this package has in itself.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What to do where they are not installed.
pub const HOW_TO_INSTALL: &str = "needs `.ci/host-tools`";

/// Why a test in a browser is left out: who is not root cannot install one.
pub const NO_BROWSER: &str = "`.ci/host-tools` found no Chromium";

/// Why a test of WasmEdge is left out: only Debian's unstable release has the version of its row.
pub const NO_WASMEDGE: &str = "`.ci/host-tools` found no WasmEdge";

/// Why a test of wassette is left out: it needs a newer C library than many machines have.
pub const NO_WASSETTE: &str = "`.ci/host-tools` found nothing to run wassette with";

/// The folder with the programs.
#[derive(Clone, Debug)]
pub struct Tools {
    folder: PathBuf,
}

impl Tools {
    /// Those that `WITC_HOST_TOOLS` names, or else those in the usual folder, if they are there.
    ///
    /// Where the variable is set, nobody asks whether they are there: what needs them then fails.
    pub fn find() -> Option<Self> {
        if let Some(folder) = std::env::var_os("WITC_HOST_TOOLS") {
            return Some(Self { folder: folder.into() });
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/host-tools");
        folder.join("installed").is_file().then_some(Self { folder })
    }

    /// A program of a package of Node.js: `jco`.
    pub fn node(&self, program: &str) -> Command {
        Command::new(self.packages().join(".bin").join(program))
    }

    /// Where the packages of Node.js are.
    pub fn packages(&self) -> PathBuf {
        self.folder.join("node_modules")
    }

    /// A browser that can run without a window, if there is one: Chromium, by the name that Debian gives it.
    pub fn browser(&self) -> Option<Command> {
        let path = std::env::var_os("PATH")?;
        let programs = std::env::split_paths(&path).map(|folder| folder.join("chromium"));
        programs.into_iter().find(|program| program.is_file()).map(Command::new)
    }

    /// WasmEdge, if it could be had.
    pub fn wasmedge(&self) -> Option<Command> {
        let program = self.folder.join("wasmedge/run");
        program.is_file().then(|| Command::new(program))
    }

    /// wassette, if it can run.
    pub fn wassette(&self) -> Option<Command> {
        let program = self.folder.join("wassette/run");
        program.is_file().then(|| Command::new(program))
    }

    /// `wash`, with which wasmCloud's host runs on one's own machine.
    pub fn wash(&self) -> Command {
        Command::new(self.folder.join("wash/wash"))
    }

    /// The folder of the libraries of OpenVINO.
    pub fn openvino(&self) -> PathBuf {
        self.folder.join("openvino/libs")
    }
}
