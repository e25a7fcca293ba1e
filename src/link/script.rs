//! Tells what a script of another linker does not have of a composition.
//!
//! Differs from `names.rs`, which looks for names that an artifact cannot have.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::diagnostics::{InputNotInScript, NameNotInScript};
use crate::check::{Edge, Port, Provider, Wiring};
use crate::config::{Choice, Composition};
use crate::diag::Run;
use crate::load::{Inputs, other_form};
use crate::model::InterfaceName;
use crate::source::Files;

/// The name that was chosen for an import of the whole, if that is more than another version of the name that it has.
pub fn chosen_name<'w>(edge: &Edge, wiring: &'w Wiring) -> Option<&'w str> {
    let Provider::Host(at) = edge.provider else { return None };
    let (own, name) = (&edge.import.name, &wiring.host.get(at)?.name);
    let is_same = match (InterfaceName::parse(name), InterfaceName::parse(own)) {
        (Some(one), Some(other)) => one.stands_for(&other),
        (None, None) => name == own,
        (Some(_), None) | (None, Some(_)) => false,
    };
    (!is_same).then_some(name.as_str())
}

/// The components that are in no file which a script of wac could name, which is reported; each with the WIT and the world
/// that the manifest names for it.
/// Codes: `link/input-not-in-script`.
pub fn inputs_not_in_script(
    composition: &Composition,
    (inputs, wiring): (&Inputs, &Wiring),
    files: &dyn Files,
    run: &mut Run,
) -> BTreeMap<usize, Option<(PathBuf, Option<String>)>> {
    let mut found = BTreeMap::new();
    for instance in &wiring.instances {
        let component = &inputs.components[instance.component];
        let input = &composition.inputs[component.input];
        let form = other_form(&input.path, files);
        let entry = composition.instances.iter().find(|entry| entry.name.value == instance.name);
        let (Some(form), Some(entry)) = (form, entry) else { continue };
        if found.insert(instance.component, input.wit.clone()).is_none() {
            let span = entry.component_span;
            run.diagnostics.report(InputNotInScript { name: &component.name, form, span });
        }
    }
    found
}

/// Reports the names that the user chose for imports and that a script of wac does not have. Codes:
/// `link/name-not-in-script`.
pub fn names_not_in_script(composition: &Composition, wiring: &Wiring, run: &mut Run) {
    let named = wiring.edges.iter().filter_map(|edge| Some((&edge.import, chosen_name(edge, wiring)?)));
    let mut ports: BTreeMap<(&str, &str), Vec<&Port>> = BTreeMap::new();
    for (port, name) in named {
        ports.entry((&wiring.instance(port.instance).name, name)).or_default().push(port);
    }
    for wire in &composition.wires {
        let Choice::Host { import: Some(name), .. } = &wire.provider else { continue };
        let ports = ports.remove(&(wire.user.as_str(), name.as_str())).unwrap_or_default();
        for port in ports {
            run.diagnostics.report(NameNotInScript { user: wire.user.as_str(), import: &port.name, name });
        }
    }
}
