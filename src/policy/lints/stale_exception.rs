//! `policy/stale-exception`: an exception has ended, or silences nothing.
//!
//! Differs from `expired_grant.rs`, which is about grants.

use crate::policy::context::Context;
use crate::policy::diagnostics::StaleException;
use crate::policy::findings::{Findings, Stale};

/// Each exception about what is looked at that is of no use. All other lints must have judged.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (exception, stale) in findings.stale(&context.instances) {
        let has_ended = matches!(stale, Stale::Ended);
        findings.report(StaleException::of(exception, has_ended, context.today));
    }
}
