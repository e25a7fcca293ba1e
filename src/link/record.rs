//! Writes down how an artifact is linked: the record that goes into it.
//!
//! Differs from `plan.rs`: nothing of this is needed to link; it is for whoever looks at the artifact later.

use rayon::prelude::*;

use crate::check::{Edge, Provider, Wiring};
use crate::load::{Inputs, digest};
use crate::model::{LinkRecord, RecordedInstance, RecordedWire};

/// The record of a wiring that is linked under a policy, given by its SHA-256.
pub fn record(inputs: &Inputs, wiring: &Wiring, policy: Option<String>) -> LinkRecord {
    let digests: Vec<String> =
        inputs.components.par_iter().map(|component| digest(&component.bytes)).collect();
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
