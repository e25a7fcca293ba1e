//! Makes the plain tables of an outcome out of what the stages hand on.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{ArtifactRow, MergedImport, Wire};
use crate::check::{HostImport, Provider, Wiring};
use crate::model::{Artifact, Graph, GraphComponent, GraphEnd, GraphWire, Item, Items, Surface, Written};

impl ArtifactRow {
    /// The row of an artifact that was made of `wiring`, and went to `path` or, without one, goes to standard output.
    pub fn new(
        name: &str,
        artifact: &Artifact,
        wiring: &Wiring,
        path: Option<PathBuf>,
        written: Written,
    ) -> Self {
        let names =
            |items: &Items| items.iter().map(|(name, item): (_, &Item)| item.full_name(name)).collect();
        Self {
            name: name.to_owned(),
            path,
            bytes: written.size,
            sha256: written.sha256,
            imports: names(&artifact.surface.imports),
            exports: names(&artifact.surface.exports),
            wires: wires(wiring),
            saved: artifact.saved,
            merged: merged(wiring),
            features: Vec::new(),
            content: written.content,
        }
    }
}

/// The versions of one name that became one. A name that the user chose is another name, not another version.
fn merged(wiring: &Wiring) -> Vec<MergedImport> {
    let path = |name: &str| name.split_once('@').map(|(path, _)| path.to_owned());
    let merged = |import: &HostImport| {
        let into = path(&import.name);
        let is_version = |name: &&String| **name != import.name && into.is_some() && path(name) == into;
        let others = import.users.iter().map(|port| &port.name).filter(is_version);
        let from: BTreeSet<&String> = others.collect();
        let from: Vec<String> = from.into_iter().cloned().collect();
        (!from.is_empty()).then(|| MergedImport { into: import.name.clone(), from })
    };
    wiring.host.iter().filter_map(merged).collect()
}

impl ArtifactRow {
    /// The row of an artifact that was made by putting another part into one that was there.
    pub fn of_graph(graph: &Graph, surface: &Surface, path: Option<PathBuf>, written: Written) -> Self {
        let names =
            |items: &Items| items.iter().map(|(name, item): (_, &Item)| item.full_name(name)).collect();
        let wires = graph.root().map(GraphComponent::wires).unwrap_or_default();
        let instances = graph.root().map_or(&[][..], |root| &root.instances);
        let wire = |wire: GraphWire| match wire.user {
            GraphEnd::Instance(user) => Some(Wire {
                item: wire.name,
                provider: match wire.provider {
                    GraphEnd::Instance(at) => Some(instances[at].name.clone()),
                    GraphEnd::Own => Some(graph.name.clone()),
                    GraphEnd::Outside => None,
                },
                user: instances[user].name.clone(),
            }),
            GraphEnd::Own | GraphEnd::Outside => None,
        };
        Self {
            name: graph.name.clone(),
            path,
            bytes: written.size,
            sha256: written.sha256,
            imports: names(&surface.imports),
            exports: names(&surface.exports),
            wires: wires.into_iter().filter_map(wire).collect(),
            saved: 0,
            merged: Vec::new(),
            features: Vec::new(),
            content: written.content,
        }
    }
}

fn wires(wiring: &Wiring) -> Vec<Wire> {
    let wire = |edge: &crate::check::Edge| {
        let (item, provider) = match &edge.provider {
            Provider::Export(port) => (&edge.import.name, Some(wiring.instance(port.instance).name.clone())),
            // What the whole imports: perhaps a newer version than this user asks for.
            Provider::Host(at) => (&wiring.host[*at].name, None),
            Provider::Member { .. } => return None, // shown with the import that it is a type of
        };
        let user = wiring.instance(edge.import.instance).name.clone();
        Some(Wire { item: item.clone(), provider, user })
    };
    wiring.edges.iter().filter_map(wire).collect()
}
