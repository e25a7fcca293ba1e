//! `policy/host-unprovided`: a composition needs what a host that it is for does not have.
//!
//! Differs from `check/host-unprovided`, which is about the host of the command line or the manifest: this is about the hosts
//! that the policy names.

use crate::diag::code;
use crate::model::{ItemPath, Side};
use crate::policy::context::Context;
use crate::policy::diagnostics::HostUnprovided;
use crate::policy::findings::Findings;

/// Each import that a host of the composition does not have.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (rules, profile) in context.hosts() {
        for instance in &context.instances {
            for import in instance.host_imports() {
                let Some(interface) = &import.name.interface else { continue };
                if profile.supply(interface).is_some() {
                    continue;
                }
                let capabilities: Vec<_> = import.capabilities.iter().collect();
                if findings.accepts(code::POLICY_HOST_UNPROVIDED, instance, &capabilities) {
                    continue;
                }
                let place = ItemPath::item(Side::Import, &import.extern_name);
                findings.report_at(instance, &place, |span| HostUnprovided {
                    component: instance.name.clone(),
                    import: import.extern_name.clone(),
                    host: rules.name.value.clone(),
                    profile: profile.id.clone(),
                    versions: profile.other_versions(interface),
                    span,
                    rule: rules.profile.as_ref().map_or(rules.name.span, |id| id.span),
                });
            }
        }
    }
}
