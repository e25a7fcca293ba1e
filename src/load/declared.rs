//! The worlds that components say they are built for: those of the WIT that lies beside them.
//!
//! Differs from `written.rs`, which looks for single pieces in that WIT, whatever world they belong to.

use std::collections::BTreeSet;

use super::{Component, Inputs, World, wit};
use crate::config::{InputPath, Request, WitToEmbed};
use crate::diag::Run;
use crate::model::{Items, LinkName};
use crate::source::Files;

/// The worlds of some inputs.
#[derive(Debug, Default)]
pub struct Declared {
    worlds: Vec<World>,
    /// By component of the inputs: a place in `worlds`.
    places: Vec<Option<usize>>,
}

impl Declared {
    /// The world of a component; `None` where there is none, or nobody can tell which.
    pub fn of(&self, component: usize) -> Option<&World> {
        self.places.get(component).copied().flatten().map(|at| &self.worlds[at])
    }
}

/// Finds the world of each component: the one that the manifest names, else the only one of `--wit` whose exports it has.
/// Mistakes in the WIT were told when the inputs were loaded.
pub fn declared(inputs: &Inputs, request: &Request, files: &dyn Files, run: &mut Run) -> Declared {
    let mut found = Declared::default();
    let mut aside = Run { sources: std::mem::take(&mut run.sources), ..Run::default() };
    let mut worlds = |path: &std::path::Path, world: Option<&String>| -> Vec<World> {
        let request = Request { world: world.cloned(), ..request.clone() };
        let package = wit::load(&InputPath::Path(path.to_path_buf()), &request, files, &mut aside);
        package.map(|package| package.worlds).unwrap_or_default()
    };
    let shared: Vec<World> = request.wit.iter().flat_map(|path| worlds(path, None)).collect();
    let count = shared.len();
    found.worlds = shared;
    for component in &inputs.components {
        let named = request.inputs.get(component.input).and_then(|input| input.wit.as_ref());
        let place = match named {
            Some(WitToEmbed { path, world }) => {
                let mut own = worlds(&path.value, world.as_ref().map(|world| &world.value)).into_iter();
                match (own.next(), own.next()) {
                    (Some(only), None) => {
                        found.worlds.push(only);
                        Some(found.worlds.len() - 1)
                    }
                    _ => None,
                }
            }
            None => only_one_of(&found.worlds[..count], component),
        };
        found.places.push(place);
    }
    run.sources = aside.sources;
    found
}

/// The only world all of whose exports a component has.
fn only_one_of(worlds: &[World], component: &Component) -> Option<usize> {
    let exports = names(&component.surface.exports);
    let fits = |world: &World| {
        let wanted = names(&world.surface.exports);
        !wanted.is_empty() && wanted.is_subset(&exports)
    };
    let mut fitting = (0..worlds.len()).filter(|at| fits(&worlds[*at]));
    fitting.next().filter(|_| fitting.next().is_none())
}

fn names(items: &Items) -> BTreeSet<LinkName> {
    items.iter().map(|(name, item)| item.link_name(name)).collect()
}
