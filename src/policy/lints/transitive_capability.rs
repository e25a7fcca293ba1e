//! `policy/transitive-capability`: the whole can do something that its root does not ask for, because of a dependency.
//!
//! Differs from `ungranted_import.rs`: the dependency may have its grant; this shows who brought it in.

use crate::check::InstanceId;
use crate::config::Labels;
use crate::diag::code;
use crate::model::{ItemPath, Side};
use crate::policy::capability::Capability;
use crate::policy::context::Context;
use crate::policy::diagnostics::{Powers, TransitiveCapability};
use crate::policy::findings::Findings;
use crate::policy::grant::speaks_of;
use crate::policy::route::routes;
use crate::policy::taxonomy::Severity;

/// Each import of a dependency from the host, of medium severity or more, that the root does not have and does not
/// accept by its `via`.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(root) = context.wiring.root else { return };
    let routes = routes(context.wiring);
    for instance in context.instances.iter().filter(|instance| instance.id != root) {
        let Some(path) = routes.get(&instance.id) else { continue };
        for import in instance.from_host() {
            let own = context.instance(root).from_host().any(|of_root| of_root.name == import.name);
            let grave: Vec<&Capability> = import
                .capabilities
                .iter()
                .filter(|capability| capability.needs_grant && capability.rating.severity >= Severity::Medium)
                .filter(|capability| !is_accepted(context, root, path, capability))
                .collect();
            if grave.is_empty() || own || findings.accepts(code::TRANSITIVE_CAPABILITY, instance, &grave) {
                continue;
            }
            let place = ItemPath::item(Side::Import, &import.extern_name);
            findings.report_at(instance, &place, |span| TransitiveCapability {
                root: context.instance(root).name.clone(),
                path: path.iter().map(|id| context.instance(*id).name.clone()).collect(),
                powers: Powers::of(&grave),
                span,
            });
        }
    }
}

/// Whether the root says that it uses a capability through the first peer on the path.
fn is_accepted(
    context: &Context<'_>,
    root: InstanceId,
    path: &[InstanceId],
    capability: &Capability,
) -> bool {
    let Some(peer) = path.get(1).map(|id| context.instance(*id).name.as_str()) else { return false };
    let rules = context.sections[root.0].rules();
    let via = rules.into_iter().flat_map(|rules| &rules.via).filter(|(name, _)| name.value == peer);
    via.flat_map(|(_, selectors)| selectors).any(|selector| {
        let (name, class) = (&capability.name, capability.rating.class);
        speaks_of(context.policy, &selector.value, name, class, Labels::All)
    })
}
