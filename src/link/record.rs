//! Writes down how an artifact is linked: the record that goes into it.
//!
//! Differs from `plan.rs`: nothing of this is needed to link; it is for whoever looks at the artifact later.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Edge, Provider, Wiring};
use crate::load::{Component, Inputs};
use crate::model::{Graph, GraphInstance, GraphSource, LinkRecord, RecordedInstance, RecordedWire, Sort};

/// A record after parts were replaced, under a policy: of these parts, the digests and the wires are those of what is there now.
/// Of all others it says what it said: what was not true of them before is not made true by it.
pub fn renewed(
    record: LinkRecord,
    graph: &Graph,
    parts: &BTreeSet<&str>,
    policy: Option<String>,
) -> LinkRecord {
    let instances = graph.root().map_or(&[][..], |root| &root.instances);
    let renew = |recorded: &RecordedInstance| {
        if !parts.contains(recorded.name.as_str()) {
            return recorded.clone();
        }
        let instance = instances.iter().find(|instance| instance.name == recorded.name);
        let component = instance.and_then(|it| graph.components.get(it.component?));
        let sha256 = component.and_then(|it| it.sha256.clone()).unwrap_or_else(|| recorded.sha256.clone());
        RecordedInstance { name: recorded.name.clone(), sha256 }
    };
    LinkRecord {
        witc: env!("CARGO_PKG_VERSION").to_owned(),
        policy,
        instances: record.instances.iter().map(renew).collect(),
        wires: renewed_wires(&record, graph, parts),
    }
}

/// The wires of a record, those of the parts as they are now; what others take from them can have another name there.
fn renewed_wires(record: &LinkRecord, graph: &Graph, parts: &BTreeSet<&str>) -> Vec<RecordedWire> {
    let now = wires_now(record, graph);
    let by_end: BTreeMap<(usize, &str, Option<usize>), &RecordedWire> =
        now.iter().map(|wire| ((wire.user, wire.import.as_str(), wire.provider), wire)).collect();
    let is_part = |at: usize| record.instances.get(at).is_some_and(|it| parts.contains(it.name.as_str()));
    let kept = |wire: &RecordedWire| {
        let renewed = by_end.get(&(wire.user, wire.import.as_str(), wire.provider));
        let renewed = renewed.filter(|_| wire.provider.is_some_and(is_part));
        renewed.map_or_else(|| wire.clone(), |renewed| (*renewed).clone())
    };
    let of_parts = now.iter().filter(|wire| is_part(wire.user)).cloned();
    let of_others = record.wires.iter().filter(|wire| !is_part(wire.user)).map(kept);
    let mut wires: Vec<RecordedWire> = of_parts.chain(of_others).collect();
    wires.sort_by_key(|wire| wire.user);
    wires
}

/// The wires of the instances that a record has, by user as it has them.
fn wires_now(record: &LinkRecord, graph: &Graph) -> Vec<RecordedWire> {
    let instances = graph.root().map_or(&[][..], |root| &root.instances);
    let by_name: BTreeMap<&str, &GraphInstance> = instances.iter().map(|it| (it.name.as_str(), it)).collect();
    let recorded = record.instances.iter().enumerate();
    let places: BTreeMap<&str, usize> = recorded.map(|(at, it)| (it.name.as_str(), at)).collect();
    let of_types: BTreeMap<(usize, &str), &RecordedWire> =
        record.wires.iter().map(|wire| ((wire.user, wire.import.as_str()), wire)).collect();
    let mut wires = Vec::new();
    for (user, recorded) in record.instances.iter().enumerate() {
        let Some(instance) = by_name.get(recorded.name.as_str()) else { continue };
        let component = instance.component.and_then(|at| graph.components.get(at));
        let imports: BTreeSet<&String> = component.into_iter().flat_map(|it| &it.imports).collect();
        for argument in instance.arguments.iter().filter(|argument| imports.contains(&argument.name)) {
            let (provider, way) = match &argument.from {
                _ if argument.sort == Sort::Type => {
                    let wire = of_types.get(&(user, argument.name.as_str()));
                    wires.extend(wire.map(|wire| (*wire).clone()));
                    continue;
                }
                GraphSource::Import(way) => (None, way),
                GraphSource::Instance(at, way) => (places.get(instances[*at].name.as_str()).copied(), way),
                GraphSource::Bundle(_) | GraphSource::Own | GraphSource::Unknown => continue,
            };
            let Some(export) = way.first().cloned() else { continue };
            wires.push(RecordedWire { user, import: argument.name.clone(), provider, export });
        }
    }
    wires
}

/// The record of a wiring that is linked under a policy, given by its SHA-256.
pub fn record(inputs: &Inputs, wiring: &Wiring, policy: Option<String>) -> LinkRecord {
    let digests: Vec<String> = inputs.components.iter().map(Component::sha256).collect();
    let instance = |instance: &crate::check::Instance| RecordedInstance {
        name: instance.name.clone(),
        sha256: digests[instance.component].clone(),
    };
    let wire = |edge: &Edge| {
        let (provider, export) = match &edge.provider {
            Provider::Export(port) => (Some(port.instance.0), port.name.clone()),
            Provider::Host(at) => (None, wiring.host[*at].name.clone()),
            Provider::Member { .. } => return None, // it goes with the import that it is a type of
        };
        let (user, import) = (edge.import.instance.0, edge.import.name.clone());
        Some(RecordedWire { user, import, provider, export })
    };
    LinkRecord {
        witc: env!("CARGO_PKG_VERSION").to_owned(),
        policy,
        instances: wiring.instances.iter().map(instance).collect(),
        wires: wiring.edges.iter().filter_map(wire).collect(),
    }
}
