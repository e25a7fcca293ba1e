//! `policy/world-overdeclares`: the world that a component is built for imports what the component never does.
//!
//! Differs from `wide_grant.rs`: there the policy is wider than the component, here its own source is.

use std::collections::BTreeSet;

use crate::diag::code;
use crate::load::World;
use crate::model::{CapabilityName, Item, ItemKind, ItemPath, Side, Sort};
use crate::policy::capability::Instance;
use crate::policy::context::Context;
use crate::policy::diagnostics::{Declaration, WorldOverdeclares};
use crate::policy::findings::Findings;
use crate::policy::taxonomy::taxonomy;
use crate::source::Span;

/// Each component with a world beside it, and all that the world imports in vain and that could do something.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for instance in &context.instances {
        let Some(world) = context.declared.and_then(|declared| declared.of(instance.component)) else {
            continue;
        };
        let declared = world.surface.imports.iter().filter_map(|(name, item)| {
            let (span, included) = written(world, Side::Import, name)?;
            Some((Declaration { name: name.clone(), shown: shown(name, item), span, included }, item))
        });
        let (used, in_vain): (Vec<_>, Vec<_>) =
            declared.partition(|(it, _)| is_imported(instance, &it.shown));
        let in_vain = in_vain.into_iter().filter(|(it, item)| is_power(&it.name, item)).map(|(it, _)| it);
        let (in_vain, used): (Vec<_>, Vec<_>) =
            (in_vain.collect(), used.into_iter().map(|(it, _)| it).collect());
        if in_vain.is_empty() || findings.accepts(code::WORLD_OVERDECLARES, instance, &[]) {
            continue;
        }
        let instead = instead_of_includes(world, &in_vain, &used);
        let (component, world) = (instance.name.clone(), world.name.clone());
        findings.report_for(instance, WorldOverdeclares { component, world, in_vain, instead });
    }
}

/// Where an import or an export is written: the place in the world, and the one that an `include` brings in. `None` for what
/// is there only because of types that something else uses.
fn written(world: &World, side: Side, name: &str) -> Option<(Span, Option<Span>)> {
    let path = ItemPath::item(side, name);
    let span = world.span(&path);
    (span != world.span).then(|| (span, world.included(&path)))
}

/// What to write in place of the `include`s of which something is in vain.
fn instead_of_includes(world: &World, in_vain: &[Declaration], used: &[Declaration]) -> Vec<String> {
    let spans: BTreeSet<Span> = in_vain.iter().filter(|it| it.included.is_some()).map(|it| it.span).collect();
    let is_of_them = |span: &Span| spans.contains(span);
    let imports = used.iter().filter(|it| it.included.is_some() && is_of_them(&it.span));
    // A name without a package has its type in the world that is included.
    let line = |side: &str, name: &str| {
        if name.contains(':') {
            format!("{side} {name};")
        } else {
            format!("// {side} {name}: as it is written there")
        }
    };
    let mut lines: Vec<String> = imports.map(|it| line("import", &it.name)).collect();
    let exports = world.surface.exports.keys().filter(|name| {
        written(world, Side::Export, name)
            .is_some_and(|(span, included)| included.is_some() && is_of_them(&span))
    });
    lines.extend(exports.map(|name| line("export", name)));
    lines
}

/// An import as a policy names it.
fn shown(name: &str, item: &Item) -> String {
    let interface = item.interface(name);
    let label = (item.implements.is_some() || interface.is_none()).then(|| name.to_owned());
    CapabilityName { label, interface, function: None }.to_string()
}

/// Whether an import has functions that do something.
fn is_power(name: &str, item: &Item) -> bool {
    let has_functions = match &item.kind {
        ItemKind::Instance(instance) => instance.exports.values().any(|it| it.kind.sort() == Sort::Function),
        ItemKind::Function(_) => true,
        ItemKind::Value(_) | ItemKind::Type(_) | ItemKind::Component(_) | ItemKind::CoreModule(_) => false,
    };
    let interface = item.interface(name);
    let entry = interface.as_ref().and_then(|interface| taxonomy().entry(interface));
    has_functions && entry.is_none_or(|entry| entry.is_power())
}

fn is_imported(instance: &Instance, shown: &str) -> bool {
    instance.imports.iter().any(|import| import.name.to_string() == shown)
}
