//! Who holds a component to a limit of a grant: the host, a component that is linked in, or nobody.
//!
//! Differs from `lints/unenforced_scope.rs`, which reports those that nobody enforces: here all of them are told apart.

use super::Subject;
use super::capability::{Import, Instance};
use super::context::Context;
use super::grant::{composition_parts, parts, speaks_of};
use super::misplaced_scope::is_misplaced;
use super::occasion::Occasion;
use super::taxonomy::UNKNOWN;
use crate::config::{Grant, HostRules, Labels, Policy, Scope, Spanned};
use crate::diag::list;
use crate::host::HostProfile;
use crate::source::Span;

/// One limit of a grant, and who enforces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRow {
    /// The composition, if it is one.
    pub composition: Option<String>,
    /// The component that is granted something; `None` where the limit is of the composition as a whole.
    pub component: Option<String>,
    /// What is granted, as the policy says.
    pub capability: String,
    /// The kind of limit: `hosts`.
    pub kind: String,
    /// The values, in the order of the policy.
    pub values: Vec<String>,
    /// Who enforces it.
    pub enforced: Enforced,
    /// By what: a flag, a line of a manifest, the name of the component; of nobody, why.
    pub by: String,
}

/// Who enforces a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enforced {
    /// The host, or all hosts that the composition is for.
    Host,
    /// A component that is linked in between.
    Component,
    /// Nobody, and that is accepted.
    Accepted,
    /// Nobody.
    Nobody,
}

/// What came of looking for somebody who enforces a limit.
pub(super) struct Search {
    pub(super) enforced: Enforced,
    pub(super) by: String,
    /// A host that does not enforce it, and where the policy speaks of it.
    pub(super) lacking: Option<(String, Option<Span>)>,
}

/// The limits of all grants of a policy that counts for a subject, each with who enforces it; those of the composition as a
/// whole come last.
pub fn scopes(subject: &Subject<'_>, policy: &Policy, occasion: &Occasion) -> Vec<ScopeRow> {
    let context = Context::new(subject, policy, occasion, false);
    let mut rows: Vec<ScopeRow> = Vec::new();
    for limit in limits(&context) {
        let (instance, grant, scope) = limit;
        let found = search(&context, instance, grant, &scope.kind.value);
        let row = ScopeRow {
            composition: subject.composition.map(str::to_owned),
            component: instance.map(|instance| instance.name.clone()),
            capability: grant.cap.value.to_string(),
            kind: scope.kind.value.clone(),
            values: held(&context, limit).0.into_iter().map(|value| value.value.clone()).collect(),
            enforced: found.enforced,
            by: found.by,
        };
        // A policy and one that it builds on often say the same.
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows
}

/// A limit of what an instance, or the composition as a whole, is granted of the host.
#[derive(Clone, Debug)]
pub struct HeldScope {
    /// The name of the instance; `None` where the limit is of the whole.
    pub instance: Option<String>,
    /// The kind of limit: `hosts`.
    pub kind: String,
    /// The values that the policy and all that it builds on allow.
    pub values: Vec<Spanned<String>>,
    /// The values of the policy that one of the others does not allow.
    pub beyond: Vec<Spanned<String>>,
}

/// The limits of what instances and the composition are granted of the host.
pub fn held_scopes(subject: &Subject<'_>, policy: &Policy, occasion: &Occasion) -> Vec<HeldScope> {
    let context = Context::new(subject, policy, occasion, false);
    let held = |limit: Limit<'_>| {
        let (instance, grant, scope) = limit;
        let (values, mut beyond) = held(&context, limit);
        // What a base allows and this policy does not is tightened, as it should be.
        beyond.retain(|_| grant.span.source == policy.source);
        HeldScope {
            instance: instance.map(|instance| instance.name.clone()),
            kind: scope.kind.value.clone(),
            values: values.into_iter().cloned().collect(),
            beyond: beyond.into_iter().cloned().collect(),
        }
    };
    limits(&context).into_iter().map(held).collect()
}

/// The values of a limit that all policies allow that say anything of it, and those that one of them does not.
fn held<'l>(context: &Context<'_>, limit: Limit<'l>) -> (Vec<&'l Spanned<String>>, Vec<&'l Spanned<String>>) {
    let (instance, grant, scope) = limit;
    let others = of_others(context, instance, grant, &scope.kind.value);
    let is_allowed =
        |value: &&Spanned<String>| others.iter().all(|allowed| allowed.contains(&value.value.as_str()));
    scope.values.iter().partition(is_allowed)
}

/// Whether another policy than that of a grant, which holds too, limits the same to values of a kind.
pub(super) fn is_limited_elsewhere(
    context: &Context<'_>,
    instance: &Instance,
    grant: &Grant,
    kind: &str,
) -> bool {
    !of_others(context, Some(instance), grant, kind).is_empty()
}

/// What each of the other policies allows, of those that limit the same in the same way.
fn of_others<'c>(
    context: &'c Context<'_>,
    instance: Option<&Instance>,
    grant: &Grant,
    kind: &str,
) -> Vec<Vec<&'c str>> {
    let has_grant = |grants: &[Grant]| grants.iter().any(|other| std::ptr::eq(other, grant));
    let values = |grants: &'c [Grant], is_about: &dyn Fn(&Grant) -> bool| {
        let about = grants.iter().filter(|other| is_about(other));
        let scopes = about.flat_map(|other| &other.scope).filter(|other| other.kind.value == kind);
        let values: Vec<&str> = scopes.flat_map(|other| &other.values).map(Spanned::as_str).collect();
        (!values.is_empty()).then_some(values)
    };
    let Some(instance) = instance else {
        let rules = composition_parts(context.composition).filter_map(|rules| rules.allow.as_deref());
        return rules
            .filter(|allow| !has_grant(allow))
            .filter_map(|allow| values(allow, &|_| true))
            .collect();
    };
    let granted = context.granted(instance, grant);
    let is_about = |other: &Grant| {
        let spoken_of = context.spoken_of(instance, other, None);
        other.cap.value == grant.cap.value
            || spoken_of.into_iter().any(|it| granted.iter().any(|granted| granted.name == it.name))
    };
    let rules = context.sections[instance.id.0].rules().into_iter().flat_map(parts);
    let others = rules.map(|rules| rules.grants.as_slice()).filter(|grants| !has_grant(grants));
    others.filter_map(|grants| values(grants, &is_about)).collect()
}

/// One limit: of a grant to an instance, or of what a composition may use as a whole.
pub(super) type Limit<'l> = (Option<&'l Instance>, &'l Grant, &'l Scope);

/// All limits that count: those of a kind that is about what they limit.
pub(super) fn limits<'l>(context: &'l Context<'_>) -> Vec<Limit<'l>> {
    every_limit(context).into_iter().filter(|limit| !is_misplaced(context, *limit)).collect()
}

/// All limits. One of a grant that speaks of nothing that the host provides limits nothing.
pub(super) fn every_limit<'l>(context: &'l Context<'_>) -> Vec<Limit<'l>> {
    let of_host = |(instance, grant): &(&Instance, &Grant)| is_of_host(context, instance, grant);
    let of_instances = context.limiting_grants().filter(of_host);
    let of_instances = of_instances.map(|(instance, grant)| (Some(instance), grant));
    let rules = composition_parts(context.composition);
    let of_whole = rules.flat_map(|rules| rules.allow.iter().flatten()).map(|grant| (None, grant));
    let grants = of_instances.chain(of_whole);
    grants
        .flat_map(|(instance, grant)| grant.scope.iter().map(move |scope| (instance, grant, scope)))
        .collect()
}

/// Whether a grant speaks of something that the host provides, types alone included.
fn is_of_host(context: &Context<'_>, instance: &Instance, grant: &Grant) -> bool {
    !context.granted(instance, grant).is_empty() || of_types(context, instance, grant).next().is_some()
}

/// The imports for types alone that a grant speaks of.
pub(super) fn of_types<'i>(
    context: &'i Context<'_>,
    instance: &'i Instance,
    grant: &'i Grant,
) -> impl Iterator<Item = &'i Import> {
    instance.host_imports().filter(|import| {
        let class = import.entry.map_or(UNKNOWN.class, |entry| entry.rate("", false).class);
        let selector = &grant.cap.value;
        import.capabilities.is_empty()
            && speaks_of(context.policy, selector, &import.name, class, Labels::Named)
    })
}

/// Looks for somebody who enforces a kind of limit of a grant: to an instance, or to the whole.
pub(super) fn search(
    context: &Context<'_>,
    instance: Option<&Instance>,
    grant: &Grant,
    kind: &str,
) -> Search {
    if let Some(by) = instance.and_then(|instance| interposed(context, instance, grant)) {
        return Search { enforced: Enforced::Component, by, lacking: None };
    }
    let hosts = hosts(context);
    let lacking = hosts.iter().find(|host| host.enforces(kind).is_none());
    if let (None, false) = (lacking, hosts.is_empty()) {
        let by = |host: &Host<'_>| format!("{}: {}", host.name, host.enforces(kind).unwrap_or_default());
        let by: Vec<String> = hosts.iter().map(by).collect();
        return Search { enforced: Enforced::Host, by: list(&by), lacking: None };
    }
    let by = match lacking {
        Some(host) => format!("{} has nothing for it", host.name),
        None => "no host is named".to_owned(),
    };
    let lacking = lacking.map(|host| match host.rules {
        Some(rules) => (rules.name.value.clone(), Some(rules.name.span)),
        None => (host.name.to_owned(), None),
    });
    let is_accepted = context.occasion.accepted.iter().any(|accepted| is_word_for(accepted, kind));
    let enforced = if is_accepted { Enforced::Accepted } else { Enforced::Nobody };
    Search { enforced, by, lacking }
}

/// The component that stands between by its job: one that the policy lets provide this very interface to its peers.
fn interposed(context: &Context<'_>, instance: &Instance, grant: &Grant) -> Option<String> {
    let rules = context.sections[instance.id.0].rules()?;
    let granted = context.granted(instance, grant);
    let is_provided = |capability: &&super::capability::Capability| {
        let interface = capability.name.interface.as_ref();
        let exports = |(_, export): &(String, crate::model::InterfaceName)| {
            interface.is_some_and(|interface| interface.stands_for(export) || export.stands_for(interface))
        };
        let name = crate::model::CapabilityName { label: None, function: None, ..capability.name.clone() };
        let class = capability.rating.class;
        let declares = |rules: &crate::config::ComponentRules| {
            let mut declared = rules.interpose.iter();
            declared.any(|selector| speaks_of(context.policy, &selector.value, &name, class, Labels::All))
        };
        instance.exports.iter().any(exports) && parts(rules).all(declares)
    };
    let stands_between = !granted.is_empty() && granted.iter().all(is_provided);
    stands_between.then(|| instance.name.clone())
}

/// A host that a subject is for.
struct Host<'c> {
    name: &'c str,
    rules: Option<&'c HostRules>,
    profile: Option<&'c HostProfile>,
}

impl Host<'_> {
    /// By what it enforces a kind of limit: what the policy says about this very deployment, or what is known about such hosts.
    fn enforces(&self, kind: &str) -> Option<String> {
        let profile = || self.profile?.enforces(kind).map(|scope| scope.by.clone());
        let is_said = self.rules.is_some_and(|rules| says(rules, kind));
        if is_said { Some("`scopes` of the policy".to_owned()) } else { profile() }
    }
}

/// Whether the rules of a host name a kind.
fn says(rules: &HostRules, kind: &str) -> bool {
    rules.scopes.iter().any(|enforced| is_word_for(enforced.as_str(), kind))
}

/// Whether a word means a kind: `hosts` is also called `net-hosts`.
pub(super) fn is_word_for(word: &str, kind: &str) -> bool {
    word == kind || word.strip_suffix(kind).is_some_and(|group| group.ends_with('-'))
}

/// The host that was asked for, else those of the composition.
fn hosts<'c>(context: &'c Context<'_>) -> Vec<Host<'c>> {
    let names = context.composition.map(|composition| composition.hosts.as_slice()).unwrap_or_default();
    let rules =
        names.iter().filter_map(|name| context.policy.hosts.iter().find(|it| it.name.value == name.value));
    let named = |rules: &'c HostRules| Host {
        name: rules.name.as_str(),
        rules: Some(rules),
        profile: context.occasion.named.get(&rules.name.value),
    };
    let named: Vec<Host<'c>> = rules.map(named).collect();
    let Some(asked) = &context.occasion.asked else { return named };
    let same = named.into_iter().find(|host| host.profile.is_some_and(|profile| profile.id == asked.id));
    vec![Host { name: &asked.id, rules: same.and_then(|host| host.rules), profile: Some(asked) }]
}
