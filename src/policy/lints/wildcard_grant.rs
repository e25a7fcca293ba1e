//! `policy/wildcard-grant`: a grant says `*`, a bare package, no track, or a group that holds grave things.
//!
//! Differs from `wide_grant.rs`: here the policy does not even name the interface.

use crate::diag::code;
use crate::policy::context::Context;
use crate::policy::diagnostics::WildcardGrant;
use crate::policy::findings::Findings;
use crate::policy::grant::openness;
use crate::policy::paste;

/// Each grant that leaves open what it allows.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (instance, grant) in context.grants() {
        let granted = context.granted(instance, grant);
        let is_versioned = granted.iter().any(|capability| {
            capability
                .name
                .interface
                .as_ref()
                .is_some_and(|interface| interface.track != crate::model::Track::Unversioned)
        });
        let Some(openness) = openness(context.policy, &grant.cap.value, is_versioned) else { continue };
        if findings.accepts(code::WILDCARD_GRANT, instance, &granted) {
            continue;
        }
        let needing = granted.iter().filter(|capability| capability.needs_grant);
        let mut instead: Vec<String> = needing.map(|capability| paste::pattern(capability)).collect();
        instead.dedup();
        findings.report_for(
            instance,
            WildcardGrant {
                component: instance.name.clone(),
                entry: grant.cap.value.to_string(),
                openness,
                span: grant.cap.span,
                instead,
            },
        );
    }
}
