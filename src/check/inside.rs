//! What a linked component has inside and keeps to itself: an instance that exports an interface which the whole does not.
//!
//! Differs from `near/`: what lies inside can never be wired, only be exposed by whoever links that component.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::InstanceId;
use super::set::Set;
use crate::load::read_back;
use crate::model::InterfaceName;

/// The interfaces that lie inside of components, found out once for each component: the name of the instance that exports
/// it, and its name there.
#[derive(Debug, Default)]
pub(super) struct Insides(RefCell<BTreeMap<usize, Rc<Kept>>>);

type Kept = Vec<(String, InterfaceName)>;

/// An instance inside of a component that exports an interface.
pub(super) struct KeptInside {
    /// Its name there.
    pub(super) instance: String,
    /// The interface as it is called there.
    pub(super) interface: String,
}

/// The instance inside of `id` that exports an interface which may stand for `wanted`.
pub(super) fn kept_inside(set: &Set<'_>, id: InstanceId, wanted: &str) -> Option<KeptInside> {
    let wanted = InterfaceName::parse(wanted)?;
    let at = set.component(id);
    let known = set.insides.0.borrow().get(&at).cloned();
    let kept = known.unwrap_or_else(|| {
        let kept = Rc::new(read(set, at));
        set.insides.0.borrow_mut().insert(at, kept.clone());
        kept
    });
    let found = kept.iter().find(|(_, interface)| interface.stands_for(&wanted))?;
    Some(KeptInside { instance: found.0.clone(), interface: found.1.to_string() })
}

/// All interfaces that the parts of a component export; none of one that is not composed.
fn read(set: &Set<'_>, at: usize) -> Kept {
    let component = &set.inputs.components[at];
    if !component.nested.iter().any(|nested| nested.is_component) {
        return Vec::new();
    }
    let graph = read_back(component).graph;
    let instances = graph.root().map_or(&[][..], |root| &root.instances);
    let mut kept = Vec::new();
    for instance in instances {
        let component = instance.component.and_then(|inner| graph.components.get(inner));
        let exports = component.map_or(&[][..], |component| &component.exports);
        let named = exports.iter().filter_map(|export| InterfaceName::parse(&export.name));
        kept.extend(named.map(|interface| (instance.name.clone(), interface)));
    }
    kept
}
