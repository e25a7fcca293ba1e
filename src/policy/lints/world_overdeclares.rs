//! `policy/world-overdeclares`: the world that a component is built for imports what the component never does.
//!
//! Differs from `wide_grant.rs`: there the policy is wider than the component, here its own source is.

use crate::diag::code;
use crate::load::World;
use crate::model::{CapabilityName, Item, ItemKind, ItemPath, Side, Sort};
use crate::policy::capability::Instance;
use crate::policy::context::Context;
use crate::policy::diagnostics::WorldOverdeclares;
use crate::policy::findings::Findings;
use crate::policy::taxonomy::taxonomy;

/// Each component with a world beside it, and all that the world imports in vain and that could do something.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for instance in &context.instances {
        let Some(world) = context.declared.and_then(|declared| declared.of(instance.component)) else {
            continue;
        };
        let in_vain: Vec<(&String, String)> = world
            .surface
            .imports
            .iter()
            .filter_map(|(name, item)| Some((name, power(name, item)?)))
            .filter(|(name, shown)| !is_imported(instance, shown) && is_written(world, name))
            .collect();
        let Some((first, _)) = in_vain.first() else { continue };
        if findings.accepts(code::WORLD_OVERDECLARES, instance, &[]) {
            continue;
        }
        let span = world.span(&ItemPath::item(Side::Import, first.as_str()));
        let (component, world) = (instance.name.clone(), world.name.clone());
        let imports = in_vain.into_iter().map(|(_, shown)| shown).collect();
        findings.report_for(instance, WorldOverdeclares { component, world, imports, span });
    }
}

/// An import as a policy names it, if it has functions that do something.
fn power(name: &str, item: &Item) -> Option<String> {
    let has_functions = match &item.kind {
        ItemKind::Instance(instance) => instance.exports.values().any(|it| it.kind.sort() == Sort::Function),
        ItemKind::Function(_) => true,
        ItemKind::Value(_) | ItemKind::Type(_) | ItemKind::Component(_) | ItemKind::CoreModule(_) => false,
    };
    let interface = item.interface(name);
    let entry = interface.as_ref().and_then(|interface| taxonomy().entry(interface));
    let label = (item.implements.is_some() || interface.is_none()).then(|| name.to_owned());
    let shown = CapabilityName { label, interface, function: None }.to_string();
    (has_functions && entry.is_none_or(|entry| entry.is_power())).then_some(shown)
}

/// Whether an import is written out in the world: another one is there because of types that something else uses.
fn is_written(world: &World, name: &str) -> bool {
    world.span(&ItemPath::item(Side::Import, name)) != world.span
}

fn is_imported(instance: &Instance, shown: &str) -> bool {
    instance.imports.iter().any(|import| import.name.to_string() == shown)
}
