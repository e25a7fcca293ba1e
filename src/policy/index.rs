//! Where to look for what a selector can speak of, so that thousands of entries are not held against thousands of functions.
//!
//! Differs from `grant.rs`, which decides: what is found here is all that can match, and more.

use std::collections::{BTreeSet, HashMap};

use super::capability::{Capability, Instance};
use crate::config::{BUILT_IN_GROUPS, Exception, Grant, Policy, Selector, Target};
use crate::model::{CapabilityName, short_function_name};

/// Entries of a policy, by what they can speak of.
#[derive(Debug, Default)]
pub(super) struct EntryIndex {
    by_key: HashMap<String, Vec<usize>>,
    /// Those that can speak of anything.
    open: Vec<usize>,
}

impl EntryIndex {
    pub(super) fn of_grants(policy: &Policy, grants: &[Grant]) -> Self {
        let keys = |grant: &Grant| keys_of(policy, &grant.cap.value, names(grant).as_deref());
        Self::of(grants.iter().map(keys))
    }

    /// Of exceptions; one that names no capability is about any.
    pub(super) fn of_exceptions(policy: &Policy) -> Self {
        let keys = |exception: &Exception| {
            let keys = exception.caps.iter().map(|cap| keys_of(policy, &cap.value, None));
            keys.collect::<Option<Vec<_>>>().map(|keys| keys.concat()).filter(|_| !exception.caps.is_empty())
        };
        Self::of(policy.exceptions.iter().map(keys))
    }

    fn of(keys: impl Iterator<Item = Option<Vec<String>>>) -> Self {
        let mut index = Self::default();
        for (at, keys) in keys.enumerate() {
            match keys {
                Some(keys) => keys.into_iter().for_each(|key| index.by_key.entry(key).or_default().push(at)),
                None => index.open.push(at),
            }
        }
        index
    }

    /// The entries that can be about a capability, or about anything; in order: places in the list.
    pub(super) fn about(&self, name: Option<&CapabilityName>) -> Vec<usize> {
        let mut found = self.open.clone();
        let keys = name.map(keys_of_name).unwrap_or_default();
        found.extend(keys.iter().filter_map(|key| self.by_key.get(key)).flatten());
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// What one instance can do through the host, by what can speak of it.
#[derive(Debug, Default)]
pub(super) struct CapabilityIndex {
    /// By place: of an import, and in it.
    places: Vec<(usize, usize)>,
    /// By key: into `places`.
    by_key: HashMap<String, Vec<usize>>,
}

impl CapabilityIndex {
    pub(super) fn of(instance: &Instance) -> Self {
        let mut index = Self::default();
        let from_host = instance.imports.iter().enumerate().filter(|(_, import)| import.is_from_host());
        for (at, import) in from_host {
            for (within, capability) in import.capabilities.iter().enumerate() {
                for key in keys_of_name(&capability.name) {
                    index.by_key.entry(key).or_default().push(index.places.len());
                }
                index.places.push((at, within));
            }
        }
        index
    }

    /// What a selector can be about, of such functions if there are any, in order.
    pub(super) fn about<'i>(
        &self,
        (policy, selector): (&Policy, &Selector),
        functions: Option<&[&str]>,
        instance: &'i Instance,
    ) -> impl Iterator<Item = &'i Capability> + use<'i> {
        let found: BTreeSet<usize> = match keys_of(policy, selector, functions) {
            Some(keys) => keys.iter().filter_map(|key| self.by_key.get(key)).flatten().copied().collect(),
            None => (0..self.places.len()).collect(),
        };
        let places: Vec<(usize, usize)> = found.into_iter().map(|at| self.places[at]).collect();
        places.into_iter().map(|(import, within)| &instance.imports[import].capabilities[within])
    }
}

/// The keys under which a capability is found: its package, its interface, its function in both spellings; or its own name.
fn keys_of_name(name: &CapabilityName) -> Vec<String> {
    let Some(interface) = &name.interface else { return name.label.iter().cloned().collect() };
    let path = interface.path();
    let mut keys = vec![interface.package.clone()];
    if let Some(function) = &name.function {
        let short = short_function_name(function);
        keys.push(format!("{path}#{short}"));
        if short != function {
            keys.push(format!("{path}#{function}"));
        }
    }
    keys.push(path);
    keys
}

/// The functions that a grant names.
pub(super) fn names(grant: &Grant) -> Option<Vec<&str>> {
    grant.functions.as_ref().map(|all| all.iter().map(|it| it.value.as_str()).collect())
}

/// The keys under which all is found that a selector can speak of; `None` for one that can speak of anything.
fn keys_of(policy: &Policy, selector: &Selector, functions: Option<&[&str]>) -> Option<Vec<String>> {
    match selector {
        Selector::Capability(pattern) => match (&pattern.target, &pattern.function, functions) {
            (Target::Any, ..) => None,
            (Target::Plain(name), ..) => Some(vec![name.clone()]),
            (Target::Package { package, interface: None, .. }, ..) => Some(vec![package.clone()]),
            (Target::Package { package, interface: Some(interface), .. }, function, functions) => {
                let path = format!("{package}/{interface}");
                Some(match (function, functions) {
                    (Some(function), _) => vec![format!("{path}#{function}")],
                    (None, Some(functions)) => functions.iter().map(|it| format!("{path}#{it}")).collect(),
                    (None, None) => vec![path],
                })
            }
        },
        Selector::Group(group) if BUILT_IN_GROUPS.contains(&group.as_str()) => None,
        Selector::Group(group) => {
            let group = policy.groups.iter().find(|own| own.name.value == *group);
            let members = group.into_iter().flat_map(|group| &group.members);
            let keys = members.map(|member| keys_of(policy, &member.value, functions));
            Some(keys.collect::<Option<Vec<_>>>()?.concat())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::side_by_side;
    use crate::diag::Run;
    use crate::policy::capability::instances;
    use crate::policy::grant::grants;
    use crate::policy::tests::{SHOP, loaded};
    use crate::source::Origin;

    fn policy(text: &str) -> Policy {
        let mut run = Run::default();
        let source = run.sources.add("witc-policy.toml", Origin::StandardInput, text);
        Policy::read(source, &mut run).expect("it is right")
    }

    #[test]
    fn all_that_matches_is_found() {
        let inputs = loaded(&[("shop", SHOP)], &mut Run::default());
        let instances = instances(&inputs, &side_by_side(&inputs));
        let shop = &instances[0];
        let policy = policy(
            r#"
            [policy]
            version = 1
            taxonomy = "2026.11"
            [groups]
            own = ["wasi:filesystem/types@0.2", "log"]
            [component.shop]
            allow = [
                "wasi:filesystem/types@0.2", "wasi:filesystem", "wasi:filesystem/types@0.2#descriptor.open-at", "@fs", "@own", { cap = "*", wildcard = true }, "log",
                "wasi:filesystem/types@0.2#[method]descriptor.open-at", "wasi:sockets/tcp@0.2", "log: wasi:filesystem/types@0.2",
                { cap = "wasi:filesystem/types@0.2", functions = ["descriptor.open-at", "nothing"] },
            ]
            "#,
        );
        let rules = &policy.components[0];
        assert_eq!(rules.grants.len(), 11);
        let index = CapabilityIndex::of(shop);
        let by_grant = EntryIndex::of_grants(&policy, &rules.grants);
        let mut found = 0;
        for (at, grant) in rules.grants.iter().enumerate() {
            let names = |all: Vec<&Capability>| all.iter().map(|it| it.name.to_string()).collect::<Vec<_>>();
            let matching = shop.capabilities().filter(|it| grants(&policy, grant, it)).collect();
            let about = index
                .about((&policy, &grant.cap.value), super::names(grant).as_deref(), shop)
                .filter(|it| grants(&policy, grant, it))
                .collect();
            assert_eq!(names(about), names(matching), "{}", grant.cap.value);
            for capability in shop.capabilities().filter(|it| grants(&policy, grant, it)) {
                assert!(by_grant.about(Some(&capability.name)).contains(&at), "{}", grant.cap.value);
                found += 1;
            }
        }
        assert!(found > 15, "{found}");
    }

    #[test]
    fn what_cannot_match_is_not_looked_at() {
        let inputs = loaded(&[("shop", SHOP)], &mut Run::default());
        let instances = instances(&inputs, &side_by_side(&inputs));
        let grants: Vec<String> = (0..500).map(|at| format!("\"acme:p/i{at}@0.1\"")).collect();
        let policy = policy(&format!(
            "[policy]\nversion = 1\ntaxonomy = \"2026.11\"\n[component.shop]\nallow = [{}]\n",
            grants.join(", ")
        ));
        let index = EntryIndex::of_grants(&policy, &policy.components[0].grants);
        let looked_at = instances[0].capabilities().map(|it| index.about(Some(&it.name)).len());
        assert_eq!(looked_at.sum::<usize>(), 0);
    }
}
