//! `policy/contradictory-rules`: a grant is for something that the composition forbids.
//!
//! Differs from `forbidden_import.rs`: that is about what a component imports, this about the policy itself.

use crate::config::{Forbid, Grant, Selector};
use crate::diag::code;
use crate::policy::capability::Instance;
use crate::policy::context::Context;
use crate::policy::diagnostics::ContradictoryRules;
use crate::policy::findings::Findings;
use crate::policy::grant::{forbidden, forbids};

/// Each grant of which everything is forbidden.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (instance, grant) in context.grants() {
        let contradicts = |forbid: &&Forbid| contradicts(context, instance, grant, forbid);
        let Some(forbid) = forbidden(context.composition).find(contradicts) else { continue };
        if !findings.accepts(code::CONTRADICTORY_RULES, instance, &context.granted(instance, grant)) {
            findings.report_for(instance, ContradictoryRules::of(&instance.name, grant, forbid.cap.span));
        }
    }
}

fn contradicts(context: &Context<'_>, instance: &Instance, grant: &Grant, forbid: &Forbid) -> bool {
    match (&grant.cap.value, &forbid.cap.value) {
        (Selector::Capability(granted), Selector::Capability(forbidden)) if forbidden.covers(granted) => true,
        (Selector::Group(granted), Selector::Group(forbidden)) if granted == forbidden => true,
        _ => {
            let granted = context.granted(instance, grant);
            !granted.is_empty()
                && granted.iter().all(|capability| forbids(context.policy, forbid, capability))
        }
    }
}
