//! `policy/unused-export-capability`: a composition can do something only for exports that nobody in it uses.
//!
//! Differs from `unreachable_import.rs`: the component alone may need it, this composition does not.

use crate::diag::code;
use crate::policy::context::Context;
use crate::policy::diagnostics::UnusedExportCapability;
use crate::policy::findings::Findings;
use crate::policy::reach::Verdict;
use crate::policy::taxonomy::Severity;

/// Each import of which a function with an effect is called, and not for the exports of the whole.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(reach) = &context.reach else { return };
    for instance in &context.instances {
        for import in instance.host_imports() {
            let is_idle = |capability: &&crate::policy::capability::Capability| {
                let verdict = || reach.verdict(instance, capability);
                capability.rating.severity > Severity::None
                    && !reach.is_needed(instance, capability)
                    && matches!(verdict(), Verdict::Reachable | Verdict::Support(_))
            };
            let idle: Vec<_> = import.capabilities.iter().filter(is_idle).collect();
            if idle.is_empty() || findings.accepts(code::UNUSED_EXPORT_CAPABILITY, instance, &idle) {
                continue;
            }
            let roots = reach.roots_of(instance, idle[0], context.wiring).first;
            let is_whole = idle.len() == import.capabilities.len();
            findings.report_at(instance, &idle[0].path, |span| {
                UnusedExportCapability::of(instance, &idle, is_whole, roots, span)
            });
        }
    }
}
