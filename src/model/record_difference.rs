//! Holds a link record against the composition that it is in.
//!
//! Differs from `record.rs`, which is the record alone: tools that change a component seldom know that it has one.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Graph, GraphComponent, GraphEnd, GraphInstance, GraphItem, GraphSource, LinkRecord, RecordedWire, Sort,
};

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
        /// In truth.
        found: String,
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

/// Those who provide one thing: the name of the instance, or none for the host, and the name there.
pub type Providers = BTreeSet<(Option<String>, String)>;

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
                    if let Some(found) = found.filter(|found| found != digest) {
                        let (recorded, found) = ((*digest).to_owned(), found.to_owned());
                        differs(name, RecordedFact::Digest { recorded, found });
                    }
                }
                (is_there, _) => differs(name, RecordedFact::Presence { is_there: is_there.is_some() }),
            }
        }
        let (said, true_now) = (record.by_import(), self.by_import());
        let unrecorded = unrecorded(whole);
        for (instance, import) in said.keys().chain(true_now.keys()).collect::<BTreeSet<_>>() {
            let is_known = there.contains_key(instance.as_str()) && recorded.contains_key(instance.as_str());
            let of =
                |wires: &Wires| wires.get(&(instance.clone(), import.clone())).cloned().unwrap_or_default();
            let (recorded, found) = (of(&said), of(&true_now));
            if is_known && recorded != found && !unrecorded.contains(&(instance.as_str(), import.as_str())) {
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
            let provider = match wire.provider {
                GraphEnd::Instance(at) => Some(whole.instances[at].name.clone()),
                GraphEnd::Outside => None,
                GraphEnd::Own | GraphEnd::Unknown => continue,
            };
            let key = (whole.instances[user].name.clone(), wire.name.clone());
            wires.entry(key).or_default().insert((provider, wire.alias.unwrap_or(wire.name)));
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
            let provider = provider.map(|at| name(at).unwrap_or_default());
            wires.entry((user, import.clone())).or_default().insert((provider, export.clone()));
        }
        wires
    }
}

/// What no record is about: types, which come with the interfaces that have them, and what cannot be told. By instance, the
/// name of the import.
fn unrecorded(whole: &GraphComponent) -> BTreeSet<(&str, &str)> {
    let arguments = whole.instances.iter().flat_map(|it| it.arguments.iter().map(move |given| (it, given)));
    let is_unrecorded = |argument: &GraphItem| {
        argument.sort == Sort::Type || matches!(argument.from, GraphSource::Own | GraphSource::Unknown)
    };
    let found = arguments.filter(|(_, argument)| is_unrecorded(argument));
    found.map(|(instance, argument)| (instance.name.as_str(), argument.name.as_str())).collect()
}
