//! Holds the names in a policy against each other: groups and hosts that it speaks of must be defined.
//!
//! Differs from `policy_file.rs`: that reads one entry after the other, this needs them all.

use super::document::Section;
use super::pattern::BUILT_IN_GROUPS;
use super::policy::{Grant, Policy};
use super::policy_diagnostics::{CircularGroup, TakenGroup, UnknownGroup, UnknownHost};
use super::{Selector, Spanned};

/// Reports each name that leads nowhere. The names of the policies that this one builds on are known to it.
pub(super) fn check(policy: &Policy, bases: &[&Policy], file: &Section<'_>) {
    let inherited = bases.iter().flat_map(|base| &base.groups);
    let own: Vec<&str> = policy.groups.iter().chain(inherited).map(|group| group.name.as_str()).collect();
    for selector in selectors(policy) {
        if let Selector::Group(name) = &selector.value
            && !BUILT_IN_GROUPS.contains(&name.as_str())
            && !own.contains(&name.as_str())
        {
            let known = own.iter().copied().chain(BUILT_IN_GROUPS.iter().copied());
            let known = known.map(str::to_owned).collect();
            file.mistake(UnknownGroup { name: name.clone(), known, span: selector.span });
        }
    }
    for group in &policy.groups {
        if BUILT_IN_GROUPS.contains(&group.name.value.as_str()) {
            file.mistake(TakenGroup { name: group.name.value.clone(), span: group.name.span });
        }
        if leads_to(policy, &group.name.value, &group.name.value, policy.groups.len()) {
            file.mistake(CircularGroup { name: group.name.value.clone(), span: group.name.span });
        }
    }
    let hosts = || policy.hosts.iter().chain(bases.iter().flat_map(|base| &base.hosts));
    for host in policy.compositions.iter().flat_map(|composition| &composition.hosts) {
        if !hosts().any(|rules| rules.name.value == host.value) {
            let known = hosts().map(|rules| rules.name.value.clone()).collect();
            file.mistake(UnknownHost { name: host.value.clone(), known, span: host.span });
        }
    }
}

/// Whether the members of the group `from` lead to `target`, in at most `steps` steps.
fn leads_to(policy: &Policy, from: &str, target: &str, steps: usize) -> bool {
    let group = policy.groups.iter().find(|group| group.name.value == from);
    let members = group.into_iter().flat_map(|group| &group.members);
    members.into_iter().any(|member| match &member.value {
        Selector::Group(name) => {
            name == target || (steps > 0 && name != from && leads_to(policy, name, target, steps - 1))
        }
        Selector::Capability(_) => false,
    })
}

/// Everything in the policy that names capabilities.
fn selectors(policy: &Policy) -> impl Iterator<Item = &Spanned<Selector>> {
    let compositions = policy.compositions.iter().flat_map(|composition| {
        let allow = caps(composition.allow.as_deref().unwrap_or_default());
        allow.chain(composition.forbid.iter().map(|forbid| &forbid.cap))
    });
    let components = policy.components.iter().flat_map(|component| {
        let via = component.via.iter().flat_map(|(_, selectors)| selectors);
        caps(&component.grants).chain(via).chain(&component.interpose)
    });
    let groups = policy.groups.iter().flat_map(|group| &group.members);
    let exceptions = policy.exceptions.iter().flat_map(|exception| &exception.caps);
    groups.chain(compositions).chain(components).chain(exceptions)
}

fn caps(grants: &[Grant]) -> impl Iterator<Item = &Spanned<Selector>> {
    grants.iter().map(|grant| &grant.cap)
}
