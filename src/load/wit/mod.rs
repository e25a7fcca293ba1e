//! Loads WIT text: files, folders with their `deps/`, standard input.
//!
//! Differs from the files above: those read binaries, this reads text, and reports all mistakes in it at once.

mod built_in;

use std::path::Path;

use wit_parser::{Resolve, WorldId};

use super::WitPackage;
use crate::config::{InputPath, Request};
use crate::diag::Run;
use crate::source::Files;

/// To come.
pub(super) fn load(_: &InputPath, _: &Request, _: &dyn Files, _: &mut Run) -> Option<WitPackage> {
    None
}

/// To come.
pub(super) fn resolve_world(
    path: &Path,
    world: Option<&str>,
    _: &Request,
    _: &dyn Files,
    _: &mut Run,
) -> Option<(Resolve, WorldId)> {
    let mut resolve = Resolve::default();
    resolve.all_features = true;
    let (package, _) = resolve.push_path(path).expect("stub");
    let world = resolve.select_world(&[package], world).expect("stub");
    Some((resolve, world))
}
