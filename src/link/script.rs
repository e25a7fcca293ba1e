//! Tells what a script of another linker does not have of a composition.
//!
//! Differs from `names.rs`, which looks for names that an artifact cannot have.

use std::collections::BTreeMap;

use super::diagnostics::{InputNotInScript, NameNotInScript, TypeInScript};
use crate::check::{Edge, Provider, Wiring};
use crate::config::{Choice, Composition, InputPath, WitToEmbed};
use crate::diag::Run;
use crate::load::Inputs;
use crate::model::{InterfaceName, Item, ItemPath, Side, print};

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

/// The name in full of an import that is left to the host under a name with a version suffix, which wac refuses.
pub fn name_in_full(edge: &Edge, (inputs, wiring): (&Inputs, &Wiring)) -> Option<String> {
    let Provider::Host(at) = edge.provider else { return None };
    let item = import_of(edge, (inputs, wiring))?;
    item.version_suffix.as_ref().filter(|_| item.implements.is_none())?;
    let name = &wiring.host.get(at)?.name;
    let is_full = InterfaceName::parse(name).is_some_and(|name| name.version.is_some());
    Some(if is_full { name.clone() } else { item.full_name(&edge.import.name) })
}

fn import_of<'i>(edge: &Edge, (inputs, wiring): (&'i Inputs, &Wiring)) -> Option<&'i Item> {
    let component = wiring.instance(edge.import.instance).component;
    inputs.components[component].surface.imports.get(&edge.import.name)
}

/// The type of an import as a script has to write it: the interface in a package that stands for any version, or WIT.
fn written_type(edge: &Edge, (inputs, wiring): (&Inputs, &Wiring)) -> TypeInScript {
    let import = &edge.import;
    let interface = import_of(edge, (inputs, wiring)).and_then(|item| item.interface(&import.name));
    if let Some(interface) = interface {
        return TypeInScript::Interface { package: interface.package.clone(), path: interface.path() };
    }
    let surface = &inputs.components[wiring.instance(import.instance).component].surface;
    let printed = print(surface);
    let text = printed.item(&ItemPath::item(Side::Import, &import.name));
    let of_function = text.strip_prefix(&format!("{}: ", import.name)).filter(|text| text.contains("func("));
    TypeInScript::Text(of_function.unwrap_or("interface { … }").to_owned())
}

/// The components that are in no file which a script of wac could name, which is reported; each with the WIT and the world
/// that the manifest names for it.
/// Codes: `link/input-not-in-script`.
pub fn inputs_not_in_script(
    composition: &Composition,
    (inputs, wiring): (&Inputs, &Wiring),
    run: &mut Run,
) -> BTreeMap<usize, Option<WitToEmbed>> {
    let mut found = BTreeMap::new();
    for instance in &wiring.instances {
        let component = &inputs.components[instance.component];
        let input = &composition.inputs[component.input];
        let form = match input.path {
            InputPath::StandardInput => Some("comes from standard input"),
            InputPath::Path(_) => component.given_as,
        };
        let entry = composition.instances.iter().find(|entry| entry.name.value == instance.name);
        let (Some(form), Some(entry)) = (form, entry) else { continue };
        if found.insert(instance.component, input.wit.clone()).is_none() {
            let span = entry.component_span;
            run.diagnostics.report(InputNotInScript { name: &component.name, form, span });
        }
    }
    found
}

/// Reports the names of imports that a script of wac cannot have: those that the user chose, and those with a version
/// suffix. Codes: `link/name-not-in-script`.
pub fn names_not_in_script(composition: &Composition, graph: (&Inputs, &Wiring), run: &mut Run) {
    let (_, wiring) = graph;
    let mut chosen: BTreeMap<(&str, &str), Vec<&Edge>> = BTreeMap::new();
    let mut in_full: BTreeMap<&str, Vec<(&Edge, String)>> = BTreeMap::new();
    for edge in &wiring.edges {
        let user = wiring.instance(edge.import.instance).name.as_str();
        if let Some(name) = chosen_name(edge, wiring) {
            chosen.entry((user, name)).or_default().push(edge);
        } else if let Some(name) = name_in_full(edge, graph) {
            in_full.entry(user).or_default().push((edge, name));
        }
    }
    for wire in &composition.wires {
        let Choice::Host { import: Some(name), .. } = &wire.provider else { continue };
        let user = wire.user.as_str();
        for edge in chosen.remove(&(user, name.as_str())).unwrap_or_default() {
            let ty = written_type(edge, graph);
            let import = &edge.import.name;
            run.diagnostics.report(NameNotInScript {
                user,
                import,
                name: name.as_str(),
                is_chosen: true,
                ty,
                span: name.span,
            });
        }
    }
    for instance in &composition.instances {
        let user = instance.name.as_str();
        for (edge, name) in in_full.remove(user).unwrap_or_default() {
            let ty = written_type(edge, graph);
            let (import, name, span) = (&edge.import.name, name.as_str(), instance.component_span);
            run.diagnostics.report(NameNotInScript { user, import, name, is_chosen: false, ty, span });
        }
    }
}
