//! Writes down how an artifact is linked: the record that goes into it.
//!
//! Differs from `plan.rs`: nothing of this is needed to link; it is for whoever looks at the artifact later.

use crate::check::{Edge, Provider, Wiring};
use crate::load::{Component, Inputs};
use crate::model::{Graph, LinkRecord, RecordedInstance, RecordedWire};

/// A record after parts were replaced, under a policy: the digests are those of what is there now.
pub fn renewed(record: LinkRecord, graph: &Graph, policy: Option<String>) -> LinkRecord {
    let instances = graph.root().map_or(&[][..], |root| &root.instances);
    let renew = |recorded: RecordedInstance| {
        let instance = instances.iter().find(|instance| instance.name == recorded.name);
        let component = instance.and_then(|it| graph.components.get(it.component?));
        let sha256 = component.and_then(|it| it.sha256.clone()).unwrap_or(recorded.sha256);
        RecordedInstance { name: recorded.name, sha256 }
    };
    LinkRecord {
        witc: env!("CARGO_PKG_VERSION").to_owned(),
        policy,
        instances: record.instances.into_iter().map(renew).collect(),
        wires: record.wires,
    }
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
