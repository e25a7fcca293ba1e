//! `policy/not-judged`: the policy says something that this witc reads and does not judge by.
//!
//! Differs from `config/unknown-key`: these keys are right, and will count one day.

use crate::config::HostRules;
use crate::policy::context::Context;
use crate::policy::diagnostics::NotJudged;
use crate::policy::findings::Findings;
use crate::source::Span;

/// Each such key, where it counts for what is looked at.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut found: Vec<(&'static str, &'static str, Span)> = Vec::new();
    let hosts = context.composition.map(|composition| composition.hosts.as_slice()).unwrap_or_default();
    let is_used =
        |host: &&HostRules| host.profile.is_none() && hosts.iter().any(|name| name.value == host.name.value);
    for host in context.policy.hosts.iter().filter(is_used) {
        found.push((
            "host",
            "without a profile, whether this host provides it is not looked at",
            host.name.span,
        ));
    }
    for (what, effect, span) in found {
        findings.report(NotJudged { what, effect, span });
    }
}
