//! `policy/stale-exception`: an exception has ended, or silences nothing.
//!
//! Differs from `expired_grant.rs`, which is about grants.

use crate::policy::context::Context;
use crate::policy::diagnostics::StaleException;
use crate::policy::findings::Findings;

/// Each exception about what is looked at, unless something has a use for it.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (exception, has_ended) in findings.exceptions(&context.instances) {
        let stale = StaleException::of(exception, has_ended, context.occasion.today);
        findings.has_no_use_for(exception.rule.span, exception.span, None, stale);
    }
}
