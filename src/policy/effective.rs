//! What an instance can have done for it: the imports of the host to which the code behind its own imports leads.
//!
//! Differs from `route.rs`, which follows wires alone.

use super::capability::{Capability, Import, Instance};
use super::reach::Reach;
use super::taxonomy::Severity;

/// What the code behind an import of `user` can call of the host, of medium severity or more, and is not covered: by
/// instance, import by import.
pub(super) fn effective<'i>(
    instances: &'i [Instance],
    reach: &Reach,
    user: &Instance,
    import: &Import,
    is_covered: impl Fn(&Capability) -> bool,
) -> Vec<(&'i Instance, Vec<&'i Capability>)> {
    let beyond = reach.beyond(user, import);
    let mut found = Vec::new();
    for other in instances.iter().filter(|other| other.id != user.id) {
        for of_host in other.host_imports() {
            let is_open = |capability: &&Capability| {
                capability.needs_grant
                    && capability.can_be_called
                    && capability.rating.severity >= Severity::Medium
                    && reach.leads_to(&beyond, other, capability)
                    && !is_covered(capability)
            };
            let open: Vec<&Capability> = of_host.capabilities.iter().filter(is_open).collect();
            if !open.is_empty() {
                found.push((other, open));
            }
        }
    }
    found
}
