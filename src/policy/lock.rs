//! Makes a capability lock out of the facts: what there is to review, by composition and instance.
//!
//! Differs from `table.rs`, which shows the same facts to people at once; a lock is kept and compared.

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use super::capability::{Import, Instance, instances};
use super::route::behind;
use super::taxonomy::Severity;
use crate::check::{Provider, Wiring};
use crate::config::{CapabilityLock, LockedComposition, LockedInstance, LockedPower, LockedRating};
use crate::load::Inputs;
use crate::model::short_function_name;

/// What can be done in what is judged, as it stands in `witc.caps.lock`: everything that needs a grant. What only works on
/// handles that something else gives out is no power, and is left out.
pub fn lock(subjects: &[Subject<'_>]) -> CapabilityLock {
    let facts: Vec<_> = subjects.iter().map(|subject| instances(subject.inputs, subject.wiring)).collect();
    lock_of(subjects, &facts)
}

/// The same, where the facts are known: the instances of each subject.
pub(super) fn lock_of(subjects: &[Subject<'_>], facts: &[Vec<Instance>]) -> CapabilityLock {
    let mut lock = CapabilityLock::default();
    for (subject, instances) in subjects.iter().zip(facts) {
        let composition = lock.compositions.entry(subject.composition.map(str::to_owned)).or_default();
        composition.add(instances, subject.inputs, subject.wiring);
    }
    lock
}

impl LockedComposition {
    fn add(&mut self, instances: &[Instance], inputs: &Inputs, wiring: &Wiring) {
        for instance in instances {
            let mut powers: BTreeMap<_, _> = instance.host_imports().flat_map(imports).collect();
            let used = wiring.edges.iter().filter(|edge| edge.import.instance == instance.id);
            let peers: BTreeSet<_> = used
                .filter_map(|edge| match &edge.provider {
                    Provider::Export(export) => Some(export.instance),
                    Provider::Member { .. } | Provider::Host(_) => None,
                })
                .collect();
            for peer in peers {
                let behind = behind(wiring, peer).into_iter().map(|id| &instances[id.0]);
                for import in behind.flat_map(Instance::host_imports) {
                    powers.extend(via(&instances[peer.0].name, import));
                }
            }
            let sha256 = inputs.components[instance.component].sha256();
            let package = package(instance);
            let locked = LockedInstance { span: None, package, sha256, powers };
            self.instances.insert(instance.name.clone(), locked);
        }
    }
}

/// The package that an instance exports something of, with the version: that of its first interface.
fn package(instance: &Instance) -> Option<String> {
    let (_, interface) = instance.exports.first()?;
    let version = interface.version.as_ref().map_or(String::new(), |version| format!("@{version}"));
    Some(format!("{}{version}", interface.package))
}

fn imports(import: &Import) -> impl Iterator<Item = (LockedPower, LockedRating)> {
    let interface = import.name.to_string();
    import.capabilities.iter().filter(|capability| capability.needs_grant).map(move |capability| {
        let function = capability.name.function.as_deref();
        let function = function.map(|function| short_function_name(function).to_owned());
        let power = LockedPower::Import { interface: interface.clone(), function };
        let (class, severity) = (capability.rating.class, capability.rating.severity);
        (power, rating(class, severity))
    })
}

/// An import of a peer, or of one behind it, that matters.
fn via(peer: &str, import: &Import) -> Option<(LockedPower, LockedRating)> {
    let granted = import.capabilities.iter().filter(|capability| capability.needs_grant);
    let gravest = granted.map(|capability| capability.rating).max_by_key(|rating| rating.severity)?;
    let power = LockedPower::Via { peer: peer.to_owned(), interface: import.name.to_string() };
    (gravest.severity >= Severity::Medium).then(|| (power, rating(gravest.class, gravest.severity)))
}

fn rating(class: &str, severity: Severity) -> LockedRating {
    LockedRating { class: class.to_owned(), severity: severity.as_str().to_owned(), remark: None }
}
