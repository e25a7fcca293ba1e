//! What a policy lets each instance do: which entries speak of which capabilities.
//!
//! Differs from `capability.rs`: that is what a component can do. Nothing is judged here.

use super::capability::{Capability, Instance};
use super::index::EntryIndex;
use super::taxonomy::{Severity, taxonomy};
use crate::config::{
    BUILT_IN_GROUPS, ComponentRules, CompositionRules, Forbid, Grant, Labels, PackageMatch, Policy, Selector,
    Target, is_function,
};
use crate::model::CapabilityName;

/// Whether an entry of a policy speaks of a capability.
pub(super) fn speaks_of(
    policy: &Policy,
    selector: &Selector,
    name: &CapabilityName,
    class: &str,
    labels: Labels,
) -> bool {
    match selector {
        Selector::Capability(pattern) => pattern.matches(name, labels),
        Selector::Group(group) if BUILT_IN_GROUPS.contains(&group.as_str()) => {
            taxonomy().is_in_group(class, group)
        }
        Selector::Group(group) => {
            let group = policy.groups.iter().find(|own| own.name.value == *group);
            let members = group.into_iter().flat_map(|group| &group.members);
            members.into_iter().any(|member| speaks_of(policy, &member.value, name, class, labels))
        }
    }
}

/// Whether a grant lets a component use a capability.
pub(super) fn grants(policy: &Policy, grant: &Grant, capability: &Capability) -> bool {
    let function = match (&grant.functions, &capability.name.function) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(wanted), Some(function)) => wanted.iter().any(|wanted| is_function(wanted.as_str(), function)),
    };
    let (name, class) = (&capability.name, capability.rating.class);
    function && speaks_of(policy, &grant.cap.value, name, class, Labels::Named)
}

/// Whether an entry of `forbid` is about a capability.
pub(super) fn forbids(policy: &Policy, forbid: &Forbid, capability: &Capability) -> bool {
    speaks_of(policy, &forbid.cap.value, &capability.name, capability.rating.class, Labels::All)
}

/// The rules that hold for one instance.
#[derive(Clone, Copy, Debug)]
pub(super) enum Section<'p> {
    /// The policy has none: nothing may be imported.
    None,
    /// These.
    Rules(&'p ComponentRules),
    /// There are rules under this name, for another package: they do not count.
    OtherPackage(&'p ComponentRules),
}

impl<'p> Section<'p> {
    /// The section for an instance.
    pub(super) fn of(policy: &'p Policy, instance: &Instance) -> Self {
        let rules = policy.components.iter().find(|rules| rules.name.value == instance.name);
        match rules {
            None => Self::None,
            Some(rules) => {
                let is_other = |rules: &&ComponentRules| {
                    rules.package.as_ref().is_some_and(|package| !is_package(&package.value, instance))
                };
                parts(rules).find(is_other).map_or(Self::Rules(rules), Self::OtherPackage)
            }
        }
    }

    /// The rules that count.
    pub(super) fn rules(self) -> Option<&'p ComponentRules> {
        match self {
            Self::Rules(rules) => Some(rules),
            Self::None | Self::OtherPackage(_) => None,
        }
    }

    /// The grants that count.
    pub(super) fn grants(self) -> &'p [Grant] {
        self.rules().map(|rules| rules.grants.as_slice()).unwrap_or_default()
    }
}

/// The rules of a component, and those of the policies that this one builds on: all of them hold.
pub(super) fn parts(rules: &ComponentRules) -> impl Iterator<Item = &ComponentRules> {
    std::iter::once(rules).chain(&rules.limits)
}

/// Whether an instance exports something of a package, in a version that will do.
fn is_package(wanted: &PackageMatch, instance: &Instance) -> bool {
    instance.exports.iter().any(|(_, interface)| {
        interface.package == wanted.package
            && match (&wanted.version, &interface.version) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(wanted), Some(version)) => wanted.matches(version),
            }
    })
}

/// Why nobody in a composition may use a capability.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refusal<'p> {
    /// It is forbidden.
    Forbidden(&'p Forbid),
    /// It is not among what the composition allows.
    AboveCeiling(&'p CompositionRules),
}

/// Why a composition refuses a capability, if it does; with the grants of its ceilings by what they can be about.
pub(super) fn refusal<'p>(
    policy: &'p Policy,
    (composition, ceilings): (Option<&'p CompositionRules>, &[EntryIndex]),
    capability: &Capability,
) -> Option<Refusal<'p>> {
    let mut forbidden = forbidden(composition);
    if let Some(forbid) = forbidden.find(|forbid| forbids(policy, forbid, capability)) {
        return Some(Refusal::Forbidden(forbid));
    }
    let is_above = |(rules, index): &(&CompositionRules, &EntryIndex)| {
        let is_in = |ceiling: &Vec<Grant>| {
            index.about(Some(&capability.name)).into_iter().any(|at| grants(policy, &ceiling[at], capability))
        };
        capability.needs_grant && !rules.allow.as_ref().is_none_or(is_in)
    };
    let mut parts = composition_parts(composition).zip(ceilings);
    parts.find(is_above).map(|(rules, _)| Refusal::AboveCeiling(rules))
}

/// Everything that is forbidden in a composition.
pub(super) fn forbidden(composition: Option<&CompositionRules>) -> impl Iterator<Item = &Forbid> {
    composition_parts(composition).flat_map(|rules| &rules.forbid)
}

/// The rules of a composition, and those of the policies that this one builds on: all of them hold.
pub(super) fn composition_parts(
    composition: Option<&CompositionRules>,
) -> impl Iterator<Item = &CompositionRules> {
    composition.into_iter().flat_map(|rules| std::iter::once(rules).chain(&rules.limits))
}

/// What a grant leaves open; `None` for one that names what it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Openness {
    /// All interfaces there are.
    Everything,
    /// All interfaces of a package.
    Package(String),
    /// All tracks of an interface that has versions.
    Tracks(String),
    /// A group that holds something grave.
    Group(String),
}

/// What a selector leaves open. `has_versions` says whether what it stands for has versions.
pub(super) fn openness(policy: &Policy, selector: &Selector, has_versions: bool) -> Option<Openness> {
    match selector {
        Selector::Capability(pattern) => match &pattern.target {
            Target::Any => Some(Openness::Everything),
            Target::Plain(_) => None,
            Target::Package { package, interface: None, .. } => Some(Openness::Package(package.clone())),
            Target::Package { track: None, .. } if has_versions => {
                Some(Openness::Tracks(pattern.to_string()))
            }
            Target::Package { .. } => None,
        },
        Selector::Group(group) if BUILT_IN_GROUPS.contains(&group.as_str()) => {
            let is_grave = taxonomy().gravest_of_group(group) >= Severity::High;
            is_grave.then(|| Openness::Group(group.clone()))
        }
        Selector::Group(group) => {
            let group = policy.groups.iter().find(|own| own.name.value == *group);
            let members = group.into_iter().flat_map(|group| &group.members);
            members.into_iter().find_map(|member| openness(policy, &member.value, has_versions))
        }
    }
}
