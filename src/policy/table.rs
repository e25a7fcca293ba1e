//! What instances can do, as plain tables that any report can show; needs no policy.
//!
//! Differs from `capability.rs`: those are the facts, this is how a reviewer reads them.

use std::cmp::Reverse;

use super::capability::{Import, Instance, instances};
use super::diagnostics::Powers;
use super::lints::toxic_combination;
use super::taxonomy::taxonomy;
use super::{Capabilities, CapabilityRow, InstanceCapabilities};
use crate::check::Wiring;
use crate::load::Inputs;

/// What each instance of a wiring imports from the host. `name` is that of the artifact.
pub fn capabilities(inputs: &Inputs, wiring: &Wiring, name: &str) -> Capabilities {
    let instances = instances(inputs, wiring);
    Capabilities {
        name: name.to_owned(),
        taxonomy: taxonomy().version.clone(),
        instances: instances.iter().map(instance).collect(),
    }
}

fn instance(instance: &Instance) -> InstanceCapabilities {
    let mut imports: Vec<&Import> = instance.host_imports().collect();
    imports.sort_by_key(|import| {
        (Reverse(import.severity()), import.capabilities.is_empty(), import.name.clone())
    });
    let is_toxic = |toxic: &&super::taxonomy::Toxic| toxic_combination::sides(instance, toxic).is_some();
    InstanceCapabilities {
        name: instance.name.clone(),
        rows: imports.into_iter().map(row).collect(),
        warnings: taxonomy().toxic.iter().filter(is_toxic).map(|toxic| toxic.why.clone()).collect(),
    }
}

fn row(import: &Import) -> CapabilityRow {
    let all: Vec<_> = import.capabilities.iter().collect();
    let powers = Powers::of(&all);
    let class = all.iter().max_by_key(|it| it.rating.severity).map(|it| it.rating.class);
    CapabilityRow {
        interface: import.name.to_string(),
        power: match import.entry {
            _ if !all.is_empty() => powers.powers,
            Some(_) | None => "nothing: only its types are used".to_owned(),
        },
        class: class.unwrap_or("types").to_owned(),
        severity: import.severity().as_str().to_owned(),
        functions: powers.functions,
        reached: reached(import),
    }
}

fn reached(import: &Import) -> String {
    let uncallable = import.capabilities.iter().filter(|it| !it.can_be_called).count();
    match (import.capabilities.len(), uncallable) {
        (0, _) => "types only".to_owned(),
        (_, 0) if !import.capabilities.iter().any(|it| it.needs_grant) => "through handles".to_owned(),
        (_, 0) => "imported".to_owned(),
        (all, none) if all == none => "cannot be called".to_owned(),
        (all, some) => format!("{some} of {all} cannot be called"),
    }
}
