//! `policy/unenforced-scope`: a grant has limits that nobody holds, or has none although they would be held.
//!
//! Differs from `wide_grant.rs`: there the policy allows more than is used, here the host does more than the policy says.

use crate::config::{Grant, HostRules};
use crate::diag::code;
use crate::policy::capability::{Capability, Instance};
use crate::policy::context::Context;
use crate::policy::diagnostics::{UnenforcedScope, UnscopedGrant};
use crate::policy::enforcement::{Enforced, is_limited_elsewhere, limits, search};
use crate::policy::findings::Findings;
use crate::policy::misplaced_scope;
use crate::policy::taxonomy::{Severity, taxonomy};
use crate::policy::unknown_scope;

/// The kinds of limit, and the built-in groups that they are about: the one to propose, and another one that is as good.
const KINDS: &[(&str, &str, &str)] = &[
    ("hosts", "hosts", "net-out"),
    ("paths", "paths", "fs"),
    ("env-keys", "config-keys", "env"),
    ("stores", "stores", "kv"),
];

/// Each kind of limit of a grant that neither all hosts nor a component enforces; and each grant of high severity without
/// one that they all would.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    declared(context, findings);
    let hosts = hosts(context);
    for (instance, grant) in context.grants() {
        open(context, &hosts, instance, grant, findings);
    }
}

/// Each kind of limit that neither all hosts nor a component enforces.
pub(in crate::policy) fn declared(context: &Context<'_>, findings: &mut Findings<'_>) {
    unknown_scope::report(context, findings);
    misplaced_scope::report(context, findings);
    for (instance, grant, scope) in limits(context) {
        let found = search(context, instance, grant, scope.kind.as_str());
        let is_excused = |instance, findings: &mut Findings<'_>| {
            findings.accepts(code::UNENFORCED_SCOPE, instance, &context.granted(instance, grant))
        };
        let is_slip = unknown_scope::is_slip(context, scope.kind.as_str());
        if is_slip
            || found.enforced != Enforced::Nobody
            || instance.is_some_and(|it| is_excused(it, findings))
        {
            continue;
        }
        let finding = UnenforcedScope {
            component: instance.map(|instance| instance.name.clone()),
            entry: grant.cap.value.to_string(),
            kind: scope.kind.value.clone(),
            span: scope.kind.span,
            composition: findings.composition().map(str::to_owned),
            host: found.lacking,
        };
        match instance {
            Some(instance) => findings.report_for(instance, finding),
            None => findings.report(finding),
        }
    }
}

/// A grave grant without a kind of limit that all hosts would enforce.
fn open(
    context: &Context<'_>,
    hosts: &[&HostRules],
    instance: &Instance,
    grant: &Grant,
    findings: &mut Findings<'_>,
) {
    for (kind, other, group) in KINDS {
        let is_offered = !hosts.is_empty() && hosts.iter().all(|host| enforces(context, host, kind));
        let is_limited = grant
            .scope
            .iter()
            .any(|scope| [kind, other].iter().any(|kind| is_kind(scope.kind.as_str(), kind)));
        let is_limited = is_limited
            || [kind, other].iter().any(|kind| is_limited_elsewhere(context, instance, grant, kind));
        if !is_offered || is_limited {
            continue;
        }
        let is_grave = |it: &&Capability| {
            it.rating.severity >= Severity::High && taxonomy().is_in_group(it.rating.class, group)
        };
        let grave: Vec<&Capability> = context.granted(instance, grant).into_iter().filter(is_grave).collect();
        if !grave.is_empty() && !findings.accepts(code::UNENFORCED_SCOPE, instance, &grave) {
            findings.report_for(
                instance,
                UnscopedGrant {
                    component: instance.name.clone(),
                    entry: grant.cap.value.to_string(),
                    kind,
                    span: grant.cap.span,
                    hosts: hosts.iter().map(|host| host.name.value.clone()).collect(),
                },
            );
        }
    }
}

/// The hosts that the composition is for, as far as they are judged.
fn hosts<'c>(context: &Context<'c>) -> Vec<&'c HostRules> {
    let names = context.composition.map(|composition| composition.hosts.as_slice()).unwrap_or_default();
    let rules = |name: &str| context.policy.hosts.iter().find(|host| host.name.value == name);
    names.iter().filter_map(|name| rules(name.as_str())).filter(|rules| context.is_judged(rules)).collect()
}

/// Whether a host enforces limits of a kind: because the policy says that it does, or its profile.
fn enforces(context: &Context<'_>, host: &HostRules, kind: &str) -> bool {
    let by_profile = context
        .hosts()
        .into_iter()
        .any(|(rules, profile)| rules.name.value == host.name.value && profile.enforces(kind).is_some());
    by_profile || host.scopes.iter().any(|enforced| is_kind(enforced.as_str(), kind))
}

/// Whether two words are the same kind: `hosts` is what a host may call `net-hosts`.
fn is_kind(one: &str, other: &str) -> bool {
    let ends = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|start| start.ends_with('-'));
    one == other || ends(one, other) || ends(other, one)
}
