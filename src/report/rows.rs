//! Makes the plain tables of an outcome out of what the stages hand on.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{ArtifactRow, ExposedExport, MergedImport, Wire};
use crate::check::{Exposed, HostImport, Port, Provider, Wiring};
use crate::load::Inputs;
use crate::model::{Artifact, Graph, GraphEnd, GraphWire, Item, Items, Sort, Surface, Written};

impl ArtifactRow {
    /// The row of an artifact that was made of inputs as they are wired, and went to `path` or, without one, goes to
    /// standard output.
    pub fn new(
        name: &str,
        artifact: &Artifact,
        (inputs, wiring): (&Inputs, &Wiring),
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
            unused: Vec::new(),
            exports: names(&artifact.surface.exports),
            exposed: exposed(artifact, inputs, wiring),
            wires: wires(artifact, inputs, wiring),
            saved: artifact.saved,
            merged: merged(artifact, wiring),
            features: Vec::new(),
            is_script: false,
            content: written.content,
        }
    }
}

/// A name with the version that a canonical one leaves out.
fn full_name(items: &Items, name: &str) -> String {
    items.get(name).map_or_else(|| name.to_owned(), |item| item.full_name(name))
}

/// The name of an import in full.
fn import_name(port: &Port, inputs: &Inputs, wiring: &Wiring) -> String {
    let component = wiring.instance(port.instance).component;
    full_name(&inputs.components[component].surface.imports, &port.name)
}

/// The versions of one name that became one.
fn merged(artifact: &Artifact, wiring: &Wiring) -> Vec<MergedImport> {
    let merged = |import: &HostImport| {
        let into = full_name(&artifact.surface.imports, &import.name);
        (!import.merged.is_empty()).then(|| MergedImport { into, from: import.merged.clone() })
    };
    wiring.host.iter().filter_map(merged).collect()
}

impl ArtifactRow {
    /// The row of an artifact that was made by putting another part into one that was there.
    pub fn of_graph(graph: &Graph, surface: &Surface, path: Option<PathBuf>, written: Written) -> Self {
        let names =
            |items: &Items| items.iter().map(|(name, item): (_, &Item)| item.full_name(name)).collect();
        let wires = graph.root().map(|root| graph.wires(root)).unwrap_or_default();
        let instances = graph.root().map_or(&[][..], |root| &root.instances);
        let wire = |wire: GraphWire| match wire.user {
            GraphEnd::Instance(user) => Some(Wire {
                export: wire.alias.unwrap_or_else(|| wire.name.clone()),
                import: wire.name,
                provider: match wire.provider {
                    GraphEnd::Instance(at) => Some(instances[at].name.clone()),
                    GraphEnd::Own => Some(graph.name.clone()),
                    GraphEnd::Unknown => Some("not known".to_owned()),
                    GraphEnd::Outside => None,
                },
                user: instances[user].name.clone(),
            }),
            GraphEnd::Own | GraphEnd::Unknown | GraphEnd::Outside => None,
        };
        let exposed = |wire: &GraphWire| match (wire.user, wire.provider) {
            (GraphEnd::Outside, GraphEnd::Instance(at)) => Some(ExposedExport {
                name: wire.name.clone(),
                instance: instances[at].name.clone(),
                export: wire.alias.as_ref().unwrap_or(&wire.name).clone(),
            }),
            (GraphEnd::Instance(_) | GraphEnd::Own | GraphEnd::Unknown | GraphEnd::Outside, _) => None,
        };
        let from_outside = wires.iter().filter(|wire| wire.provider == GraphEnd::Outside);
        let used: BTreeSet<&str> =
            from_outside.map(|wire| wire.alias.as_deref().unwrap_or(&wire.name)).collect();
        let is_unused =
            |(name, item): &(&String, &Item)| item.kind.sort() != Sort::Type && !used.contains(name.as_str());
        let unused = surface.imports.iter().filter(is_unused).map(|(name, item)| item.full_name(name));
        Self {
            name: graph.name.clone(),
            path,
            bytes: written.size,
            sha256: written.sha256,
            imports: names(&surface.imports),
            unused: unused.collect(),
            exports: names(&surface.exports),
            exposed: wires.iter().filter_map(exposed).collect(),
            wires: wires.into_iter().filter_map(wire).collect(),
            saved: 0,
            merged: Vec::new(),
            features: Vec::new(),
            is_script: false,
            content: written.content,
        }
    }
}

fn exposed(artifact: &Artifact, inputs: &Inputs, wiring: &Wiring) -> Vec<ExposedExport> {
    let exposed = |exposed: &Exposed| {
        let instance = wiring.instance(exposed.export.instance);
        let exports = &inputs.components[instance.component].surface.exports;
        ExposedExport {
            name: full_name(&artifact.surface.exports, &exposed.name),
            instance: instance.name.clone(),
            export: full_name(exports, &exposed.export.name),
        }
    };
    wiring.exports.iter().map(exposed).collect()
}

fn wires(artifact: &Artifact, inputs: &Inputs, wiring: &Wiring) -> Vec<Wire> {
    let wire = |edge: &crate::check::Edge| {
        let (export, provider) = match &edge.provider {
            Provider::Export(port) => {
                let provider = wiring.instance(port.instance);
                let exports = &inputs.components[provider.component].surface.exports;
                (full_name(exports, &port.name), Some(provider.name.clone()))
            }
            // What the whole imports: perhaps a newer version than this user asks for.
            Provider::Host(at) => (full_name(&artifact.surface.imports, &wiring.host[*at].name), None),
            Provider::Member { .. } => return None, // shown with the import that it is a type of
        };
        let user = wiring.instance(edge.import.instance).name.clone();
        Some(Wire { import: import_name(&edge.import, inputs, wiring), export, provider, user })
    };
    wiring.edges.iter().filter_map(wire).collect()
}
