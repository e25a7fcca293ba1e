//! `policy/unenforced-scope`: a grant has limits that nobody holds.
//!
//! Differs from `wide_grant.rs`: there the policy allows more than is used, here the host does more than the policy says.

use crate::config::{HostRules, Scope};
use crate::diag::code;
use crate::policy::context::Context;
use crate::policy::diagnostics::UnenforcedScope;
use crate::policy::findings::Findings;

/// Each kind of limit of a grant that not all hosts of the composition say that they enforce.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let hosts = hosts(context);
    for (instance, grant) in context.grants() {
        for scope in &grant.scope {
            let lacking = hosts.iter().find(|host| !enforces(host, scope));
            if (lacking.is_none() && !hosts.is_empty())
                || findings.accepts(code::UNENFORCED_SCOPE, instance, &context.granted(instance, grant))
            {
                continue;
            }
            findings.report_for(
                instance,
                UnenforcedScope {
                    component: instance.name.clone(),
                    entry: grant.cap.value.to_string(),
                    kind: scope.kind.value.clone(),
                    span: scope.kind.span,
                    host: lacking.map(|host| (host.name.value.clone(), host.name.span)),
                },
            );
        }
    }
}

/// The hosts that the composition is for.
fn hosts<'c>(context: &Context<'c>) -> Vec<&'c HostRules> {
    let names = context.composition.map(|composition| composition.hosts.as_slice()).unwrap_or_default();
    let rules = |name: &str| context.policy.hosts.iter().find(|host| host.name.value == name);
    names.iter().filter_map(|name| rules(name.as_str())).collect()
}

/// Whether a host enforces limits of a kind: `hosts` is what a host calls `net-hosts`.
fn enforces(host: &HostRules, scope: &Scope) -> bool {
    let kind = scope.kind.as_str();
    host.scopes.iter().any(|enforced| {
        let enforced = enforced.as_str();
        enforced == kind || enforced.strip_suffix(kind).is_some_and(|group| group.ends_with('-'))
    })
}
