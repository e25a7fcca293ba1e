//! `policy/expired-grant`: the last day of a grant is over.
//!
//! Differs from `stale_exception.rs`, which is about exceptions.

use crate::diag::code;
use crate::policy::context::Context;
use crate::policy::diagnostics::ExpiredGrant;
use crate::policy::findings::Findings;

/// Each grant whose last day is before today. What it allows is not reported as well: that would be the same news twice.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (instance, grant) in context.grants() {
        let Some(last) = grant.expires.as_ref().filter(|last| last.value < context.occasion.today) else {
            continue;
        };
        if !findings.accepts(code::EXPIRED_GRANT, instance, &context.granted(instance, grant)) {
            findings.report_for(
                instance,
                ExpiredGrant {
                    component: instance.name.clone(),
                    entry: grant.cap.value.to_string(),
                    last: last.value,
                    today: context.occasion.today,
                    span: last.span,
                    owner: grant.owner.as_ref().map(|owner| owner.value.clone()),
                },
            );
        }
    }
}
