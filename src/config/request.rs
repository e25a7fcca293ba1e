//! What the command line asked for, as plain data: no clap types, so that an embedder can ask for the same.

use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use super::{MANIFEST_NAME, Spanned};
use crate::diag::{Levels, shell_word};
use crate::model::Date;
use crate::source::Span;

/// Where an input is to be found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InputPath {
    /// `-`: standard input.
    StandardInput,
    /// A path, as the user wrote it.
    Path(PathBuf),
}

/// One component to load.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ComponentInput {
    /// The name of its instance in a composition; without one, the stem of the file.
    pub name: Option<String>,
    /// Where its bytes are.
    pub path: InputPath,
    /// WIT to embed first: for a core module without metadata.
    pub wit: Option<WitToEmbed>,
}

/// WIT that a manifest names for a core module; equal to any that names the same, wherever it is written.
#[derive(Clone, Debug)]
pub struct WitToEmbed {
    /// A file or folder.
    pub path: Spanned<PathBuf>,
    /// The world, if there are several.
    pub world: Option<Spanned<String>>,
}

impl WitToEmbed {
    /// What is named, wherever it is.
    fn named(&self) -> (&Path, Option<&str>) {
        (&self.path.value, self.world.as_ref().map(Spanned::as_str))
    }
}

impl PartialEq for WitToEmbed {
    fn eq(&self, other: &Self) -> bool {
        self.named() == other.named()
    }
}

impl Eq for WitToEmbed {}

impl Hash for WitToEmbed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.named().hash(state);
    }
}

impl ComponentInput {
    /// A component at a path, with nothing said about it.
    pub fn bare(path: impl Into<PathBuf>) -> Self {
        Self { name: None, path: InputPath::Path(path.into()), wit: None }
    }

    /// A component as a command line names it: `-` is standard input.
    pub fn given(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let path = if path.as_os_str() == "-" { InputPath::StandardInput } else { InputPath::Path(path) };
        Self { name: None, path, wit: None }
    }
}

/// Which inputs are the same as one before: a path again, under the same name if it has one.
pub fn repeated(inputs: &[ComponentInput]) -> Vec<bool> {
    let mut seen = HashSet::new();
    inputs.iter().map(|input| !seen.insert((&input.name, input.path.without_dot(), &input.wit))).collect()
}

impl fmt::Display for InputPath {
    /// As it is written on a command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StandardInput => f.write_str("-"),
            Self::Path(path) => write!(f, "{}", path.display()),
        }
    }
}

impl InputPath {
    /// The path without a `.` at its start, so that `./a.wasm` and `a.wasm` are one; other `.` steps make no difference to
    /// a path. Nothing for standard input.
    fn without_dot(&self) -> Option<&Path> {
        match self {
            Self::StandardInput => None,
            Self::Path(path) => Some(path.strip_prefix(".").unwrap_or(path)),
        }
    }
}

/// What one run is asked to do, whatever the command.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What was asked to do this, as diagnostics show it before the arguments: `witc compose`; just `witc` if it is empty.
    pub command: &'static str,
    /// The inputs, in command-line order.
    pub inputs: Vec<ComponentInput>,
    /// Where a manifest names files, for reports of those that cannot be read.
    pub places: Vec<(PathBuf, Span)>,
    /// Folders or files with more WIT to resolve against.
    pub wit: Vec<PathBuf>,
    /// The world to look at, where an input has several.
    pub world: Option<String>,
    /// The gates of `@unstable` that are open.
    pub features: Vec<String>,
    /// Whether all gates are open.
    pub all_features: bool,
    /// Whether function bodies are validated; off for inputs that were validated before.
    pub validate_bodies: bool,
    /// Whether an input may be WIT, a text or a folder; off for commands that need a component.
    pub allow_wit: bool,
    /// The levels of lints.
    pub levels: Levels,
    /// The manifests that were named or found: `witc.toml` files.
    pub manifests: Vec<PathBuf>,
    /// The composition of the manifest to look at; all of them without a name.
    pub composition: Option<String>,
    /// The id of the host profile.
    pub host: Option<String>,
    /// A world or a component that each input must fit: its name, or its file.
    pub against: Option<String>,
    /// The policy file; without one, that of the manifest, else `witc-policy.toml` if it is there.
    pub policy: Option<PathBuf>,
    /// The day to judge expiry by; without one, the day of the run.
    pub today: Option<Date>,
    /// Whether an outdated lock file fails the run.
    pub locked: bool,
    /// The kinds of scope that nobody has to enforce.
    pub accepted: Vec<String>,
}

impl Request {
    /// How the command line begins in diagnostics.
    pub(super) fn command(&self) -> &'static str {
        if self.command.is_empty() { "witc" } else { self.command }
    }

    /// Another command for the same inputs: `witc policy init a.wasm b.wasm`.
    pub fn command_for_same(&self, command: &str) -> String {
        // Without a PATH, a command finds the manifest here by itself.
        let manifests = self.manifests.iter().filter(|path| path.as_os_str() != MANIFEST_NAME);
        let manifests = manifests.map(|path| path.display().to_string());
        let inputs = self.inputs.iter().map(|input| input.path.to_string());
        let paths = manifests.chain(inputs).map(|path| format!(" {}", shell_word(&path)));
        format!("{command}{}", paths.collect::<String>())
    }

    /// The command that writes a first policy for the same inputs.
    pub fn init_command(&self) -> String {
        self.command_for_same("witc policy init")
    }

    /// A file that lies beside the manifest; without a manifest, in the current folder.
    pub fn beside_manifest(&self, name: &str) -> PathBuf {
        let folder = self.manifests.first().and_then(|manifest| manifest.parent());
        folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name))
    }
}

/// What `compose` is asked beside the [`Request`].
#[derive(Clone, Debug, Default)]
pub struct ComposeRequest {
    /// The instance whose exports the whole has.
    pub root: Option<String>,
    /// Layers around an interface, each as the user wrote it: `IFACE=a,b,c`.
    pub chains: Vec<String>,
    /// Instances of the manifest that take another file, each as the user wrote it: `NAME=FILE`.
    pub replacements: Vec<String>,
    /// Where the artifact goes; without one, where the manifest says.
    pub output: Option<OutputPath>,
    /// Whether what lies in several inputs, byte for byte, keeps all its copies.
    pub no_share: bool,
    /// Whether the artifact says nothing about how it was linked.
    pub no_record: bool,
    /// Whether nobody wants the digest of the artifact, which takes as long as to write it.
    pub no_digest: bool,
    /// Whether the artifact is written as text.
    pub wat: bool,
    /// Whether nothing is linked, and a script of wac is written that does the same.
    pub script: bool,
}

/// What `emit` is asked beside the [`Request`], whose `host` is the one to deploy on.
#[derive(Clone, Debug, Default)]
pub struct DeployRequest {
    /// The instance whose exports the whole has.
    pub root: Option<String>,
    /// The folder for the files, or standard output for one of them; without one, nothing is written.
    pub output: Option<OutputPath>,
    /// The one file that is wanted, by its path in the folder.
    pub only: Option<String>,
    /// Whether files that are there are written over.
    pub force: bool,
    /// Whether the host links the components.
    pub as_graph: bool,
    /// Where images are pushed to and pulled from: `ghcr.io/company`.
    pub registry: String,
    /// The tag of images, which is the version of what is deployed; without one, [`FIRST_VERSION`].
    pub tag: Option<String>,
}

/// The version of a deployment that nobody gave one.
pub const FIRST_VERSION: &str = "0.1.0";

/// A registry that stands for one's own.
pub const EXAMPLE_REGISTRY: &str = "ghcr.io/example";

/// The word that means every host, where an id is asked for.
pub const ALL_HOSTS: &str = "all";

/// Where an artifact goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputPath {
    /// `-`: standard output.
    StandardOutput,
    /// A path, as the user wrote it.
    Path(PathBuf),
}
