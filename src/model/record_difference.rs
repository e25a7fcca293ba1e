//! Holds a link record against the composition that it is in.
//!
//! Differs from `record.rs`, which is the record alone: tools that change a component seldom know that it has one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, GraphComponent, GraphEnd, GraphInstance, LinkRecord, RecordedWire, Sort};

/// Something that a record says otherwise than it is; all texts are untrusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordDifference {
    /// The name of the instance that it is about.
    pub instance: String,
    /// What differs.
    pub what: RecordedFact,
}

/// A fact that a record has about an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordedFact {
    /// That there is such an instance.
    Presence {
        /// Whether it is in the composition; else it is in the record only.
        is_there: bool,
    },
    /// The SHA-256 of its component.
    Digest {
        /// In the record.
        recorded: String,
        /// In truth; `None` where it [uses types that lie around it](GraphComponent::uses_types_around): no record can be
        /// true of it.
        found: Option<String>,
    },
    /// Who provides what it imports.
    Wire {
        /// The name of the import.
        import: String,
        /// In the record; nobody if it has no such wire.
        recorded: Providers,
        /// In truth; nobody if there is no such wire.
        found: Providers,
    },
}

/// Those who provide one thing.
pub type Providers = BTreeSet<RecordedProvider>;

/// Who provides one thing; a record knows hosts and instances only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordedProvider {
    /// The host.
    Host {
        /// The name of the import of the whole.
        import: String,
    },
    /// An instance.
    Instance {
        /// Its name.
        name: String,
        /// The name of its export.
        export: String,
    },
    /// The code of the whole itself.
    Own,
    /// It cannot be told.
    Unknown,
}

/// By name of the instance and of its import: who provides it.
type Wires = BTreeMap<(String, String), Providers>;

impl Graph {
    /// What its record says otherwise than it is, by instance; nothing if it has none.
    pub fn record_differences(&self) -> Vec<RecordDifference> {
        let (Some(record), Some(whole)) = (&self.record, self.root()) else { return Vec::new() };
        let there: BTreeMap<&str, &GraphInstance> =
            whole.instances.iter().map(|instance| (instance.name.as_str(), instance)).collect();
        let recorded: BTreeMap<&str, &str> =
            record.instances.iter().map(|it| (it.name.as_str(), it.sha256.as_str())).collect();
        let names: BTreeSet<&str> = there.keys().chain(recorded.keys()).copied().collect();
        let mut differences = Vec::new();
        let mut differs = |instance: &str, what| {
            differences.push(RecordDifference { instance: instance.to_owned(), what });
        };
        for name in names {
            match (there.get(name), recorded.get(name)) {
                (Some(instance), Some(digest)) => {
                    let component = instance.component.and_then(|at| self.components.get(at));
                    let found = component.and_then(|component| component.sha256.as_deref());
                    let is_no_file = component.is_none_or(|component| component.uses_types_around);
                    if found.map_or(is_no_file, |found| found != *digest) {
                        let (recorded, found) = ((*digest).to_owned(), found.map(str::to_owned));
                        differs(name, RecordedFact::Digest { recorded, found });
                    }
                }
                (is_there, _) => differs(name, RecordedFact::Presence { is_there: is_there.is_some() }),
            }
        }
        let (said, true_now) = (record.by_import(), self.by_import());
        let types = types(whole);
        for (instance, import) in said.keys().chain(true_now.keys()).collect::<BTreeSet<_>>() {
            let is_known = there.contains_key(instance.as_str()) && recorded.contains_key(instance.as_str());
            let of =
                |wires: &Wires| wires.get(&(instance.clone(), import.clone())).cloned().unwrap_or_default();
            let (recorded, found) = (of(&said), of(&true_now));
            if is_known && recorded != found && !types.contains(&(instance.as_str(), import.as_str())) {
                differs(instance, RecordedFact::Wire { import: import.clone(), recorded, found });
            }
        }
        differences
    }

    /// Who provides what to the instances of the whole.
    fn by_import(&self) -> Wires {
        let mut wires = Wires::new();
        let Some(whole) = self.root() else { return wires };
        for wire in self.wires(whole) {
            let GraphEnd::Instance(user) = wire.user else { continue };
            let key = (whole.instances[user].name.clone(), wire.name.clone());
            let there = wire.alias.unwrap_or(wire.name);
            let provider = match wire.provider {
                GraphEnd::Instance(at) => {
                    RecordedProvider::Instance { name: whole.instances[at].name.clone(), export: there }
                }
                GraphEnd::Outside => RecordedProvider::Host { import: there },
                GraphEnd::Own => RecordedProvider::Own,
                GraphEnd::Unknown => RecordedProvider::Unknown,
            };
            wires.entry(key).or_default().insert(provider);
        }
        wires
    }
}

impl LinkRecord {
    /// Who provides what to the instances that it has; a wire of an instance that it does not have is passed over.
    fn by_import(&self) -> Wires {
        let mut wires = Wires::new();
        let name = |at: usize| self.instances.get(at).map(|instance| instance.name.clone());
        for RecordedWire { user, import, provider, export } in &self.wires {
            let Some(user) = name(*user) else { continue };
            let export = export.clone();
            let provider = match provider {
                Some(at) => RecordedProvider::Instance { name: name(*at).unwrap_or_default(), export },
                None => RecordedProvider::Host { import: export },
            };
            wires.entry((user, import.clone())).or_default().insert(provider);
        }
        wires
    }
}

/// The imports of types, by instance and name: they come with the interfaces that have them, and a record need not say so.
fn types(whole: &GraphComponent) -> BTreeSet<(&str, &str)> {
    let arguments = whole.instances.iter().flat_map(|it| it.arguments.iter().map(move |given| (it, given)));
    let types = arguments.filter(|(_, argument)| argument.sort == Sort::Type);
    types.map(|(instance, argument)| (instance.name.as_str(), argument.name.as_str())).collect()
}
