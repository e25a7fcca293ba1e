//! `policy/unneeded-grant`: a grant is for what the component never uses, or only its run-time support.
//!
//! Differs from `unused_grant.rs`: there nothing of the grant is imported.

use crate::diag::code;
use crate::policy::context::Context;
use crate::policy::diagnostics::UnneededGrant;
use crate::policy::findings::Findings;
use crate::policy::reach::Verdict;
use crate::policy::runtime::declares;

/// Each grant of which nothing is used by code that anyone may have meant.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(reach) = &context.reach else { return };
    for (instance, grant) in context.grants() {
        let mut granted = context.granted(instance, grant);
        granted.retain(|capability| capability.needs_grant);
        let verdicts: Vec<Verdict> = granted.iter().map(|it| reach.verdict(instance, it)).collect();
        let is_used = |verdict: &Verdict| matches!(verdict, Verdict::Reachable | Verdict::Unanalyzable);
        if granted.is_empty() || verdicts.iter().any(is_used) {
            continue;
        }
        let cause = verdicts.iter().find_map(|verdict| match verdict {
            Verdict::Support(support) => Some(support.cause.clone()),
            Verdict::Reachable | Verdict::Unexercisable | Verdict::Unreachable | Verdict::Unanalyzable => {
                None
            }
        });
        let rules = context.sections[instance.id.0].rules();
        if cause.as_ref().is_some_and(|cause| declares(rules, cause)) {
            continue;
        }
        if !findings.accepts(code::UNNEEDED_GRANT, instance, &granted) {
            findings.report_for(
                instance,
                UnneededGrant {
                    component: instance.name.clone(),
                    entry: grant.cap.value.to_string(),
                    cause,
                    span: grant.cap.span,
                },
            );
        }
    }
}
