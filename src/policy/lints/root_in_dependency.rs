//! `policy/root-in-dependency`: a dependency takes something of the host by itself that it could be given.
//!
//! Differs from `transitive_capability.rs`: that is about what the whole can do, this about how components are written.

use crate::diag::code;
use crate::policy::capability::{Capability, Kind};
use crate::policy::context::Context;
use crate::policy::diagnostics::{Powers, RootInDependency};
use crate::policy::findings::Findings;
use crate::policy::taxonomy::Severity;

/// Each import of a dependency from the host with a function that needs no handle, yields one, and matters.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(root) = context.wiring.root else { return };
    for instance in context.instances.iter().filter(|it| it.id != root && !it.exports.is_empty()) {
        for import in instance.host_imports() {
            let opens = |capability: &&Capability| {
                capability.kind == Kind::Root
                    && capability.yields_handle()
                    && capability.rating.severity >= Severity::Medium
            };
            let opening: Vec<&Capability> = import.capabilities.iter().filter(opens).collect();
            let Some(first) = opening.first() else { continue };
            if !findings.accepts(code::ROOT_IN_DEPENDENCY, instance, &opening) {
                let place = first.path.clone();
                findings.report_at(instance, &place, |span| RootInDependency {
                    component: instance.name.clone(),
                    powers: Powers::of(&opening),
                    span,
                });
            }
        }
    }
}
