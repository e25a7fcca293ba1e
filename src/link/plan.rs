//! The one entry of this stage: from a wiring to the plan.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::diagnostics::PrivateType;
use super::imports::Imports;
use super::shared::shared;
use super::{Argument, ItemSource, LinkPlan, PlannedExport, PlannedInstance, limits, names};
use crate::check::{Edge, Exposed, InstanceId, Origin, Port, Provider, Wiring};
use crate::diag::Run;
use crate::load::Inputs;
use crate::model::{Definition, Item, ItemKind, ItemPath, ResourceId, Side, Step, Surface};
use crate::source::{ByContent, Content};

/// Plans a wiring that `check` accepted; `None` if it cannot be written, which is reported.
///
/// With `share`, what lies in several places of the inputs becomes one copy.
pub fn plan(inputs: &mut Inputs, wiring: &Wiring, share: bool, run: &mut Run) -> Option<LinkPlan> {
    let mut imports = Imports::new(inputs, wiring);
    let gathered = imports.gather();
    let (imports, import_names) = imports.finish();
    if let Err(problem) = gathered {
        problem.report(inputs, wiring, run);
        return None;
    }
    let (components, places) = distinct_components(inputs, wiring);
    let mut edges = wiring.edges.iter().peekable();
    let mut instances = Vec::new();
    for (at, instance) in wiring.instances.iter().enumerate() {
        let mut sources: HashMap<&str, ItemSource> = HashMap::new();
        let surface = &inputs.components[instance.component].surface;
        let mut arguments = Vec::new();
        while let Some(Edge { import, provider }) = edges.next_if(|edge| edge.import.instance.0 == at) {
            let Some(item) = surface.imports.get(&import.name) else { continue };
            let from = match provider {
                Provider::Host(at) => ItemSource::Import(import_names[*at].clone()),
                Provider::Export(_) | Provider::Member { .. }
                    if let Some((import, steps)) = host_resource(surface, item, &wiring.origins[at]) =>
                {
                    member_of(&ItemSource::Import(import_names[import].clone()), steps)
                }
                Provider::Export(port) => export_of(port),
                Provider::Member { import, steps } => match sources.get(import.as_str()) {
                    Some(source) => member_of(source, steps),
                    None => continue,
                },
            };
            sources.insert(&import.name, from.clone());
            arguments.push(Argument { name: import.name.clone(), sort: item.kind.sort(), from });
        }
        instances.push(PlannedInstance { name: instance.name.clone(), component: places[at], arguments });
    }
    let exports = exports(inputs, wiring);
    private_types(inputs, wiring, run);
    let shared = if share { shared(components.iter().map(|at| &inputs.components[*at])) } else { Vec::new() };
    let plan = LinkPlan { imports, shared, components, instances, exports };
    let errors = run.diagnostics.error_count();
    names::check(inputs, wiring, run);
    limits::check(inputs, &plan, run);
    (run.diagnostics.error_count() == errors).then_some(plan)
}

/// For an import that is a resource of the host and nothing else: where an import of the whole names it, so that exports
/// which use it need no other name for it.
fn host_resource<'w>(surface: &Surface, item: &Item, origins: &'w [Origin]) -> Option<(usize, &'w [Step])> {
    let ItemKind::Type(id) = item.kind else { return None };
    match &origins[surface.types.resource(id)?.0 as usize] {
        Origin::Host { import, steps } => Some((*import, steps)),
        Origin::Instance(_) => None,
    }
}

fn export_of(port: &Port) -> ItemSource {
    ItemSource::Export { instance: port.instance.0, name: port.name.clone() }
}

/// What a way leads to within an instance.
fn member_of(source: &ItemSource, steps: &[Step]) -> ItemSource {
    let names = steps.iter().filter_map(|step| {
        let Step::Item(name) = step else { return None };
        Some(name.clone())
    });
    names.fold(source.clone(), |of, name| ItemSource::Member { of: Box::new(of), name })
}

/// The components of equal bytes once, and for each instance its place among them.
fn distinct_components(inputs: &Inputs, wiring: &Wiring) -> (Vec<usize>, Vec<usize>) {
    let mut known: ByContent<'_, usize> = ByContent::default();
    let (mut components, mut places) = (Vec::new(), Vec::new());
    for instance in &wiring.instances {
        let place =
            *known.entry(Content(&inputs.components[instance.component].bytes)).or_insert_with(|| {
                components.push(instance.component);
                components.len() - 1
            });
        places.push(place);
    }
    (components, places)
}

fn exports(inputs: &Inputs, wiring: &Wiring) -> Vec<PlannedExport> {
    let planned = |exposed: &Exposed| {
        let instance = wiring.instance(exposed.export.instance);
        let item = inputs.components[instance.component].surface.exports.get(&exposed.export.name)?;
        let item = item.clone().renamed(&exposed.export.name, &exposed.name);
        Some(PlannedExport {
            name: exposed.name.clone(),
            implements: item.implements,
            version_suffix: item.version_suffix,
            external_id: item.external_id,
            sort: item.kind.sort(),
            from: export_of(&exposed.export),
        })
    };
    wiring.exports.iter().filter_map(planned).collect()
}

/// Tells of each interface whose resources the exports of the whole use, and which the whole keeps to itself.
fn private_types(inputs: &mut Inputs, wiring: &Wiring, run: &mut Run) {
    let exported: BTreeSet<&Port> = wiring.exports.iter().map(|exposed| &exposed.export).collect();
    let provided = wiring.edges.iter().filter_map(|edge| match &edge.provider {
        Provider::Export(port) => Some((&edge.import, port)),
        Provider::Member { .. } | Provider::Host(_) => None,
    });
    let provided: BTreeMap<&Port, &Port> = provided.collect();
    let public: BTreeSet<_> =
        wiring.exports.iter().flat_map(|exposed| made_inside(inputs, wiring, exposed)).collect();
    for exposed in &wiring.exports {
        let instance = wiring.instance(exposed.export.instance);
        let mut private: BTreeMap<&Port, Vec<(String, ItemPath)>> = BTreeMap::new();
        for Used { name, path, import, resource } in
            used_resources(&inputs.components[instance.component].surface, exposed)
        {
            let import = Port { instance: exposed.export.instance, name: import };
            let Some(port) = provided.get(&import).filter(|port| !exported.contains(*port)) else { continue };
            // What the host makes is the same for all, and so is what the whole exports in this interface of another instance.
            let Some(maker) = maker(wiring, exposed, resource) else { continue };
            if !public.contains(&(port.name.clone(), name.clone(), maker)) {
                private.entry(port).or_default().push((name, path));
            }
        }
        for (port, resources) in private {
            let component = &mut inputs.components[instance.component];
            let place = |(name, path)| (name, component.span(&mut run.sources, &path));
            let resources = resources.into_iter().map(place).collect();
            let provider = wiring.instance(port.instance).name.clone();
            let (export, interface) = (exposed.name.clone(), port.name.clone());
            run.diagnostics.report(PrivateType { resources, export, provider, interface });
        }
    }
}

/// The instance that makes a resource of the instance that an export comes from; `None` if that is the host.
fn maker(wiring: &Wiring, exposed: &Exposed, resource: ResourceId) -> Option<InstanceId> {
    match wiring.origins[exposed.export.instance.0][resource.0 as usize] {
        Origin::Instance(maker) => Some(maker),
        Origin::Host { .. } => None,
    }
}

/// The resources in an export of the whole that an instance makes: the names of the export and of the resource, and its maker.
fn made_inside(inputs: &Inputs, wiring: &Wiring, exposed: &Exposed) -> Vec<(String, String, InstanceId)> {
    let surface = &inputs.components[wiring.instance(exposed.export.instance).component].surface;
    let Some(ItemKind::Instance(members)) = surface.exports.get(&exposed.export.name).map(|item| &item.kind)
    else {
        return Vec::new();
    };
    let made = |(name, item): (&String, &Item)| {
        let ItemKind::Type(id) = item.kind else { return None };
        let maker = maker(wiring, exposed, surface.types.resource(id)?)?;
        Some((exposed.name.clone(), name.clone(), maker))
    };
    members.exports.iter().filter_map(made).collect()
}

/// A resource that an export takes from an import.
struct Used {
    name: String,
    /// Its place in the export.
    path: ItemPath,
    import: String,
    resource: ResourceId,
}

fn used_resources(surface: &Surface, exposed: &Exposed) -> Vec<Used> {
    let export = &exposed.export.name;
    let Some(ItemKind::Instance(members)) = surface.exports.get(export).map(|item| &item.kind) else {
        return Vec::new();
    };
    let used = |(name, item): (&String, &Item)| {
        let ItemKind::Type(id) = item.kind else { return None };
        let resource = surface.types.resource(id)?;
        let Definition::Alias(of) = surface.types.get(id) else { return None };
        let origin = surface.types.name(*of).filter(|path| path.side == Side::Import)?;
        let path = ItemPath::item(Side::Export, export).then(Step::Item(name.clone()));
        Some(Used { name: name.clone(), path, import: origin.extern_name()?.to_owned(), resource })
    };
    members.exports.iter().filter_map(used).collect()
}
