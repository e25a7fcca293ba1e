//! `policy/missing-reason`: a grant of high severity or more does not say why.
//!
//! Differs from `wildcard_grant.rs`, which is about what a grant says, not about why.

use crate::diag::code;
use crate::policy::capability::Capability;
use crate::policy::context::Context;
use crate::policy::diagnostics::{MissingReason, Powers};
use crate::policy::findings::Findings;
use crate::policy::paste;
use crate::policy::taxonomy::Severity;

/// Each grant without a reason that allows something grave.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (instance, grant) in context.grants() {
        let is_grave = |capability: &&Capability| capability.rating.severity >= Severity::High;
        let granted = context.granted(instance, grant);
        let grave: Vec<&Capability> = granted.into_iter().filter(is_grave).collect();
        let has_reason = grant.reason.as_ref().is_some_and(|reason| !reason.value.trim().is_empty());
        if grave.is_empty() || has_reason || findings.accepts(code::MISSING_REASON, instance, &grave) {
            continue;
        }
        let first = grave[0].path.extern_name();
        let of_first: Vec<&Capability> =
            grave.iter().copied().filter(|it| it.path.extern_name() == first).collect();
        let lines = paste::grant(&instance.name, &of_first, "…");
        findings.report_for(
            instance,
            MissingReason {
                component: instance.name.clone(),
                powers: Powers::of(&grave),
                entry: grant.cap.value.to_string(),
                span: grant.cap.span,
                help: format!("say why, in a grant of its own:\n\n{lines}"),
            },
        );
    }
}
