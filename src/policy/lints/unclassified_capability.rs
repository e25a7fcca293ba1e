//! `policy/unclassified-capability`: a grant allows something of which nobody has said what it does.
//!
//! Differs from `unanalyzable.rs`: here there are functions to look at.

use crate::diag::code;
use crate::model::{ItemPath, Side};
use crate::policy::capability::Capability;
use crate::policy::context::Context;
use crate::policy::diagnostics::UnclassifiedCapability;
use crate::policy::findings::Findings;
use crate::policy::taxonomy::UNCLASSIFIED;

/// Each import from the host that the taxonomy does not know and a grant allows.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for instance in &context.instances {
        for import in instance.host_imports() {
            let unknown: Vec<&Capability> =
                import.capabilities.iter().filter(|it| it.rating.class == UNCLASSIFIED).collect();
            let grant =
                unknown.iter().find_map(|capability| context.grants_of(instance.id, capability).next());
            let Some(grant) = grant else { continue };
            if findings.accepts(code::UNCLASSIFIED_CAPABILITY, instance, &unknown) {
                continue;
            }
            findings.report_at(instance, &ItemPath::item(Side::Import, &import.extern_name), |span| {
                UnclassifiedCapability {
                    component: instance.name.clone(),
                    import: import.name.to_string(),
                    grant: grant.cap.span,
                    span,
                }
            });
        }
    }
}
