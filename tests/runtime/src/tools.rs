//! The programs of other hosts: packages of Node.js, and OpenVINO. `.ci/host-tools` installs them into a folder.
//!
//! Differs from `host.rs`, the host that this package has in itself.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What to do where they are not installed.
pub const HOW_TO_INSTALL: &str = "needs `.ci/host-tools`";

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

    /// The folder of the libraries of OpenVINO.
    pub fn openvino(&self) -> PathBuf {
        self.folder.join("openvino/libs")
    }
}
