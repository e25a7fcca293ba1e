//! What the command line asked for, as plain data: no clap types, so that an embedder can ask for the same.

use std::path::PathBuf;

use crate::diag::Levels;

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
    /// WIT to embed first: for a core module without metadata. A file or folder, and the world, if there are several.
    pub wit: Option<(PathBuf, Option<String>)>,
}

impl ComponentInput {
    /// A component at a path, with nothing said about it.
    pub fn bare(path: impl Into<PathBuf>) -> Self {
        Self { name: None, path: InputPath::Path(path.into()), wit: None }
    }
}

/// What one run is asked to do, whatever the command.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The inputs, in command-line order.
    pub inputs: Vec<ComponentInput>,
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
}
