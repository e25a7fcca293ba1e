//! `witc.toml`: the compositions of a project.
//!
//! Differs from `composition.rs`, which is the form that this file is read into.

use std::path::PathBuf;

use super::{Composition, Spanned};
use crate::diag::{Code, Level};
use crate::source::SourceId;

/// The name of the file that commands look for, in the current folder and upwards.
pub const MANIFEST_NAME: &str = "witc.toml";

/// A checked `witc.toml`: every instance that it names exists, paths are relative to the current folder.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file, as it was found.
    pub path: PathBuf,
    /// Its text.
    pub source: SourceId,
    /// The compositions, in the order of the file.
    pub compositions: Vec<Composition>,
    /// The levels that it sets for lints, in the order of the file.
    pub levels: Vec<(Spanned<Code>, Level)>,
}
