//! What of an artifact a host starts: the exports that it wants, and the functions that it calls by name.
//!
//! Differs from `mod.rs`, which holds the whole against a host, and judges what is imported.

use super::supply::SupplyWit;
use super::{HostFit, Obstacle};
use crate::check::compare::{Operand, compare};
use crate::check::{Difference, Mismatch, Port, Wiring};
use crate::host::{CalledFunctions, HostProfile};
use crate::load::Inputs;
use crate::model::{FunctionType, InterfaceName, Item, ItemKind, ItemPath, Side};
use crate::source::Files;

/// Adds what stands against the exports.
pub(super) fn exports(
    inputs: &Inputs,
    wiring: &Wiring,
    profile: &HostProfile,
    files: &dyn Files,
    fit: &mut HostFit,
) {
    let wanted = &profile.exports;
    let surface = |port: &Port| &inputs.components[wiring.instance(port.instance).component].surface;
    // The host sees the names of the whole, not those that its instances know.
    let known = wiring.exports.iter().filter_map(|exposed| {
        let (port, surface) = (&exposed.export, surface(&exposed.export));
        let item = surface.exports.get(&port.name)?;
        Some((port, Operand { surface, item }, item.interface_as(&port.name, &exposed.name)))
    });
    let known: Vec<(&Port, Operand<'_>, Option<InterfaceName>)> = known.collect();
    let mut started = Vec::new();
    for (port, operand, name) in &known {
        if let Some(name) = name.as_ref().filter(|name| wanted.one_of.iter().any(|one| one.stands_for(name)))
        {
            started.push((*port, *operand, name));
        }
    }
    let by_function = known.iter().any(|(_, operand, _)| calls(wanted.functions, operand));
    let otherwise = wanted.otherwise.is_some() && !known.is_empty();
    for group in &wanted.exclusive {
        let is_of_group = |name: &InterfaceName| group.iter().any(|one| one.stands_for(name));
        let of_group = started.iter().filter(|(_, _, name)| is_of_group(name));
        let several: Vec<Port> = of_group.map(|(port, ..)| (*port).clone()).collect();
        if several.len() > 1 {
            fit.obstacles.push(Obstacle::SeveralExports(several));
        }
    }
    if started.is_empty() && !by_function && !otherwise {
        fit.obstacles.push(Obstacle::NoExport);
    }
    // One that fits is enough: the host starts that.
    let mut misfits = Vec::new();
    for (port, operand, name) in started {
        let mismatches = export_mismatches(&port.name, name, operand, profile, files);
        if mismatches.is_empty() {
            return;
        }
        misfits.push(Obstacle::ExportTypes { port: port.clone(), mismatches });
    }
    fit.obstacles.extend(misfits);
}

/// In what an export differs from the interface that the host calls, where the WIT of that is known.
fn export_mismatches(
    name: &str,
    interface: &InterfaceName,
    export: Operand<'_>,
    profile: &HostProfile,
    files: &dyn Files,
) -> Vec<Mismatch> {
    let wit = SupplyWit::read(profile, std::slice::from_ref(interface), files);
    let called = interface.to_string();
    let Some(surface) = wit.surface(interface) else { return Vec::new() };
    let Some(item) = surface.imports.get(&called) else { return Vec::new() };
    let (there, here) = (ItemPath::item(Side::Import, &called), ItemPath::item(Side::Export, name));
    let mut mismatches = compare(Operand { surface, item }, there, export, here).mismatches;
    mismatches.retain(|mismatch| !is_no_matter(&mismatch.difference));
    mismatches
}

/// Whether a host that calls a function does not mind: types are asked of nobody, and parameters are known by their places.
fn is_no_matter(difference: &Difference) -> bool {
    match difference {
        Difference::Missing { noun } => *noun == "type",
        Difference::Names { noun, expected, found } => *noun == "parameters" && expected.len() == found.len(),
        Difference::Kind { .. }
        | Difference::Type { .. }
        | Difference::Async { .. }
        | Difference::ExternalId { .. }
        | Difference::Result { .. } => false,
    }
}

/// Whether a host that calls functions by name finds one in an export.
fn calls(called: CalledFunctions, export: &Operand<'_>) -> bool {
    // Whoever calls by name has no handles to give: values come as text.
    let can_be_called = |function: &FunctionType| {
        !function.parameters.iter().any(|(_, value)| export.surface.types.holds_handle(*value))
    };
    match &export.item.kind {
        ItemKind::Function(function) => called != CalledFunctions::None && can_be_called(function),
        ItemKind::Instance(instance) => {
            // A method has no name that could be said on a command line.
            let has_name = |(name, item): (&String, &Item)| match &item.kind {
                ItemKind::Function(function) => !name.starts_with('[') && can_be_called(function),
                ItemKind::Value(_)
                | ItemKind::Type(_)
                | ItemKind::Instance(_)
                | ItemKind::Component(_)
                | ItemKind::CoreModule(_) => false,
            };
            called == CalledFunctions::Anywhere && instance.exports.iter().any(has_name)
        }
        ItemKind::Value(_) | ItemKind::Type(_) | ItemKind::Component(_) | ItemKind::CoreModule(_) => false,
    }
}
