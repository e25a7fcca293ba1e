//! What every lint looks at: the facts, the policy, and the day.
//!
//! Differs from `findings.rs`: that is where lints say what they found.

use std::collections::BTreeMap;

use super::Subject;
use super::capability::{Capability, Import, Instance, instances};
use super::grant::{Refusal, Section, composition_parts, grants, parts, refusal, speaks_of};
use super::handle::{Resources, given_by_export};
use super::index::{CapabilityIndex, EntryIndex, names};
use super::occasion::Occasion;
use super::passed_on::{PassedOn, passed_on};
use super::reach::{Reach, Verdict};
use super::taxonomy::Severity;
use crate::check::{InstanceId, Port, Provider, Wiring};
use crate::config::{ComponentRules, CompositionRules, Grant, HostRules, Labels, Policy};
use crate::host::HostProfile;
use crate::load::{Declared, Inputs};

/// The facts of one wiring under one policy. Changes nothing while lints run.
pub(super) struct Context<'a> {
    pub(super) policy: &'a Policy,
    pub(super) wiring: &'a Wiring,
    pub(super) occasion: &'a Occasion,
    /// In the order of the wiring.
    pub(super) instances: Vec<Instance>,
    /// By instance: the rules that hold for it.
    pub(super) sections: Vec<Section<'a>>,
    /// The rules for the composition as a whole.
    pub(super) composition: Option<&'a CompositionRules>,
    /// What the code can reach; `None` where nobody asks.
    pub(super) reach: Option<Reach>,
    /// By instance: the exports that are imports of its own.
    pub(super) passed_on: Vec<Vec<PassedOn>>,
    /// By export that another instance uses: the resources of which it gives handles; none are left out.
    pub(super) given: BTreeMap<Port, Resources>,
    /// The worlds that the components are built for.
    pub(super) declared: Option<&'a Declared>,
    /// By instance: the grants of each part of its rules, by what they can be about.
    by_capability: Vec<Vec<EntryIndex>>,
    /// By instance: what it can do, by what can speak of it.
    by_grant: Vec<CapabilityIndex>,
    /// The grants of each part of the rules for the composition.
    by_ceiling: Vec<EntryIndex>,
}

impl<'a> Context<'a> {
    /// Collects the facts.
    ///
    /// The code is read only if it is wanted and there is something that it could call.
    pub(super) fn new(
        subject: &Subject<'a>,
        policy: &'a Policy,
        occasion: &'a Occasion,
        with_code: bool,
    ) -> Self {
        let Subject { inputs, wiring, composition, declared } = subject;
        let instances = instances(inputs, wiring);
        let sections: Vec<Section<'a>> =
            instances.iter().map(|instance| Section::of(policy, instance)).collect();
        let composition =
            composition.and_then(|name| policy.compositions.iter().find(|rules| rules.name.value == name));
        let has_power = instances.iter().any(|instance| instance.capabilities().next().is_some());
        let reach = (with_code && has_power).then(|| Reach::of(inputs, wiring));
        let of_instance = |instance: &Instance| passed_on(&inputs.components[instance.component], instance);
        let passed_on = instances.iter().map(of_instance).collect();
        let indexed = |rules: &ComponentRules| EntryIndex::of_grants(policy, &rules.grants);
        let of_section =
            |section: &Section<'_>| section.rules().into_iter().flat_map(parts).map(indexed).collect();
        let ceiling = |rules: &CompositionRules| {
            EntryIndex::of_grants(policy, rules.allow.as_deref().unwrap_or_default())
        };
        Self {
            policy,
            wiring,
            occasion,
            by_capability: sections.iter().map(of_section).collect(),
            by_grant: instances.iter().map(CapabilityIndex::of).collect(),
            by_ceiling: composition_parts(composition).map(ceiling).collect(),
            instances,
            sections,
            composition,
            reach,
            passed_on,
            given: given(inputs, wiring),
            declared: *declared,
        }
    }

    /// The instance of an id.
    pub(super) fn instance(&self, id: InstanceId) -> &Instance {
        &self.instances[id.0]
    }

    /// The hosts that the composition is for, with their profiles; where one was asked for, only those that are such. Those
    /// without a profile are left to `not_judged`; that nobody knows a profile is reported where the policy is read.
    pub(super) fn hosts(&self) -> Vec<(&'a HostRules, &'a HostProfile)> {
        let names = self.composition.map(|rules| rules.hosts.as_slice()).unwrap_or_default();
        let is_used = |rules: &&HostRules| {
            names.iter().any(|name| name.value == rules.name.value) && self.is_judged(rules)
        };
        let row = |rules: &'a HostRules| Some((rules, self.occasion.named.get(&rules.name.value)?));
        self.policy.hosts.iter().filter(is_used).filter_map(row).collect()
    }

    /// Whether a host is one to judge by: any, unless one was asked for, and then such as that one.
    pub(super) fn is_judged(&self, rules: &HostRules) -> bool {
        let named = || self.occasion.named.get(&rules.name.value);
        let asked = self.occasion.asked.as_ref();
        asked.is_none_or(|asked| named().is_some_and(|profile| profile.id == asked.id))
    }

    /// Each import from the host of which some functions with an effect have such a verdict: whether all of it are
    /// meant, and which.
    pub(super) fn imports_that(
        &self,
        is_so: impl Fn(&Verdict) -> bool,
    ) -> Vec<(&Instance, &Import, bool, Vec<&Capability>)> {
        let Some(reach) = &self.reach else { return Vec::new() };
        let mut found = Vec::new();
        for instance in &self.instances {
            for import in instance.host_imports() {
                let is_meant = |capability: &&Capability| {
                    capability.rating.severity > Severity::None && is_so(&reach.verdict(instance, capability))
                };
                let meant: Vec<_> = import.capabilities.iter().filter(is_meant).collect();
                if !meant.is_empty() {
                    found.push((instance, import, meant.len() == import.capabilities.len(), meant));
                }
            }
        }
        found
    }

    /// Each instance with its section.
    pub(super) fn sections(&self) -> impl Iterator<Item = (&Instance, Section<'a>)> {
        self.instances.iter().zip(self.sections.iter().copied())
    }

    /// Each grant that counts, with its instance.
    pub(super) fn grants(&self) -> impl Iterator<Item = (&Instance, &'a Grant)> {
        self.sections()
            .flat_map(|(instance, section)| section.grants().iter().map(move |grant| (instance, grant)))
    }

    /// The same, with the grants of the policies that this one builds on: what limits one of them limits all.
    pub(super) fn limiting_grants(&self) -> impl Iterator<Item = (&Instance, &'a Grant)> {
        self.sections().flat_map(|(instance, section)| {
            let rules = section.rules().into_iter().flat_map(parts);
            rules.flat_map(|rules| &rules.grants).map(move |grant| (instance, grant))
        })
    }

    /// The grants of an instance that allow a capability.
    pub(super) fn grants_of(
        &self,
        id: InstanceId,
        capability: &Capability,
    ) -> impl Iterator<Item = &'a Grant> {
        let all = self.sections[id.0].grants();
        let about = self.by_capability[id.0].first().map(|index| index.about(Some(&capability.name)));
        let about = about.unwrap_or_default().into_iter().map(|at| &all[at]);
        about.filter(|grant| grants(self.policy, grant, capability))
    }

    /// The rules that keep an instance from a capability by having no grant for it: its own, or those of a policy that
    /// this one builds on. `None` if all have one, or there are no rules.
    pub(super) fn withholds(&self, id: InstanceId, capability: &Capability) -> Option<&'a ComponentRules> {
        let mut parts = self.parts(id);
        parts.find(|(rules, index)| !self.has_grant(rules, index, capability)).map(|(rules, _)| rules)
    }

    /// Whether an instance may use a capability of a peer: by a grant of its own, or by what it says about that peer.
    pub(super) fn covers(&self, user: InstanceId, peer: &str, capability: &Capability) -> bool {
        let covers = |(rules, index): (&ComponentRules, &EntryIndex)| {
            let mut via = rules.via.iter().filter(|(name, _)| name.as_str() == peer).flat_map(|(_, all)| all);
            via.any(|it| {
                speaks_of(self.policy, &it.value, &capability.name, capability.rating.class, Labels::All)
            }) || self.has_grant(rules, index, capability)
        };
        self.sections[user.0].rules().is_some() && self.parts(user).all(covers)
    }

    /// The rules of an instance and those that limit them, each with its grants by what they can be about.
    fn parts(&self, id: InstanceId) -> impl Iterator<Item = (&'a ComponentRules, &EntryIndex)> {
        let rules = self.sections[id.0].rules().into_iter().flat_map(parts);
        rules.zip(&self.by_capability[id.0])
    }

    fn has_grant(&self, rules: &ComponentRules, index: &EntryIndex, capability: &Capability) -> bool {
        let mut about = index.about(Some(&capability.name)).into_iter().map(|at| &rules.grants[at]);
        about.any(|grant| grants(self.policy, grant, capability))
    }

    /// What a grant allows an instance to do, of what it imports from the host.
    pub(super) fn granted<'i>(&self, instance: &'i Instance, grant: &Grant) -> Vec<&'i Capability> {
        let (index, selector) = (&self.by_grant[instance.id.0], (self.policy, &grant.cap.value));
        let about = index.about(selector, names(grant).as_deref(), instance);
        about.filter(|capability| grants(self.policy, grant, capability)).collect()
    }

    /// What the selector of a grant speaks of, and of one function if one is named, of what an instance imports from the host.
    pub(super) fn spoken_of<'i>(
        &self,
        instance: &'i Instance,
        grant: &Grant,
        function: Option<&str>,
    ) -> impl Iterator<Item = &'i Capability> {
        let (index, selector) = (&self.by_grant[instance.id.0], &grant.cap.value);
        let about =
            index.about((self.policy, selector), function.as_ref().map(std::slice::from_ref), instance);
        about.filter(move |it| speaks_of(self.policy, selector, &it.name, it.rating.class, Labels::Named))
    }

    /// Why the composition refuses a capability, if it does.
    pub(super) fn refusal(&self, capability: &Capability) -> Option<Refusal<'a>> {
        refusal(self.policy, (self.composition, &self.by_ceiling), capability)
    }
}

/// By export that another instance uses: the resources of which it gives handles.
fn given(inputs: &Inputs, wiring: &Wiring) -> BTreeMap<Port, Resources> {
    let ports = wiring.edges.iter().filter_map(|edge| match &edge.provider {
        Provider::Export(port) => Some(port),
        Provider::Member { .. } | Provider::Host(_) => None,
    });
    let given = |port: &Port| {
        let surface = &inputs.components[wiring.instance(port.instance).component].surface;
        (port.clone(), given_by_export(surface, &port.name))
    };
    ports.map(given).filter(|(_, given)| !given.is_empty()).collect()
}
