//! `policy/transitive-capability`: the whole can do something that its root does not ask for, because of a dependency.
//!
//! Differs from `ungranted_import.rs`: the dependency may have its grant; this shows who brought it in.

use crate::check::InstanceId;
use crate::config::{ComponentRules, Labels, Selector};
use crate::diag::code;
use crate::model::{ItemPath, Side};
use crate::policy::capability::{Capability, Import, Instance};
use crate::policy::context::Context;
use crate::policy::diagnostics::{Powers, TransitiveCapability};
use crate::policy::findings::Findings;
use crate::policy::grant::{parts, speaks_of};
use crate::policy::paste;
use crate::policy::route::routes;
use crate::policy::taxonomy::Severity;

/// Each import of a dependency from the host, of medium severity or more, that the root does not have and does not
/// accept by its `via`.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(root) = context.wiring.root.map(|root| context.instance(root)) else { return };
    let routes = routes(context.wiring);
    let mut found: Vec<(&Instance, &Import, &[InstanceId], Vec<&Capability>)> = Vec::new();
    for instance in context.instances.iter().filter(|instance| instance.id != root.id) {
        let Some(route) = routes.get(&instance.id) else { continue };
        for import in
            instance.host_imports().filter(|import| !root.host_imports().any(|own| own.is_same(import)))
        {
            let is_grave = |capability: &&Capability| {
                capability.needs_grant
                    && capability.rating.severity >= Severity::Medium
                    && !is_accepted(context, root, route, capability)
            };
            let grave: Vec<&Capability> = import.capabilities.iter().filter(is_grave).collect();
            if !grave.is_empty() && !findings.accepts(code::TRANSITIVE_CAPABILITY, instance, &grave) {
                found.push((instance, import, route, grave));
            }
        }
    }
    for (instance, import, route, grave) in &found {
        let same_peer = found.iter().filter(|(.., other, _)| other.get(1) == route.get(1));
        let missing: Vec<String> =
            same_peer.map(|(.., capabilities)| paste::pattern(capabilities[0])).collect();
        let peer = route.get(1).map(|id| context.instance(*id).name.as_str()).unwrap_or_default();
        let via = findings.via(root, context.sections[root.id.0], peer, &missing);
        let place = ItemPath::item(Side::Import, &import.extern_name);
        findings.report_at(instance, &place, |span| TransitiveCapability {
            root: root.name.clone(),
            route: route.iter().map(|id| context.instance(*id).name.clone()).collect(),
            powers: Powers::of(grave),
            span,
            via,
        });
    }
}

/// Whether the root says that it uses a capability through the first peer on a route.
fn is_accepted(
    context: &Context<'_>,
    root: &Instance,
    route: &[InstanceId],
    capability: &Capability,
) -> bool {
    let accepts = |rules: &ComponentRules| {
        accepted(context, rules, route).any(|selector| is_about(context, selector, capability))
    };
    context.sections[root.id.0].rules().is_some_and(|rules| parts(rules).all(accepts))
}

/// What rules say about the first peer on a route.
fn accepted<'c>(
    context: &'c Context<'_>,
    rules: &'c ComponentRules,
    route: &[InstanceId],
) -> impl Iterator<Item = &'c Selector> {
    let peer = route.get(1).map(|id| context.instance(*id).name.as_str());
    let of_peer = rules.via.iter().filter(move |(name, _)| Some(name.as_str()) == peer);
    of_peer.flat_map(|(_, selectors)| selectors).map(|selector| &selector.value)
}

fn is_about(context: &Context<'_>, selector: &Selector, capability: &Capability) -> bool {
    speaks_of(context.policy, selector, &capability.name, capability.rating.class, Labels::All)
}
