//! `policy/ungranted-effective`: a component can do through another one what it has no grant for.
//!
//! Differs from `transitive_capability.rs`: that is about the root and what is linked in, this about any component and what
//! the code behind its imports can call.

use crate::config::{Labels, Selector};
use crate::diag::code;
use crate::model::{ItemPath, Side};
use crate::policy::capability::{Capability, Import, Instance};
use crate::policy::context::Context;
use crate::policy::diagnostics::Powers;
use crate::policy::diagnostics::UngrantedEffective;
use crate::policy::findings::Findings;
use crate::policy::grant::{grants, speaks_of};
use crate::policy::paste;
use crate::policy::reach::Reach;
use crate::policy::taxonomy::Severity;

/// Each component with rules, but the root, each of its imports that another one provides, and each import of the host that
/// this leads to, of medium severity or more, that neither its grants nor its `via` cover.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(reach) = &context.reach else { return };
    for (user, section) in context.sections() {
        if section.rules().is_none() || context.wiring.root == Some(user.id) {
            continue;
        }
        for import in &user.imports {
            let Some(peer) = import.provider else { continue };
            let peer = &context.instance(peer).name;
            for (other, effective) in effective(context, reach, user, import, peer) {
                if findings.accepts(code::UNGRANTED_EFFECTIVE, user, &effective) {
                    continue;
                }
                let place = ItemPath::item(Side::Import, &import.extern_name);
                findings.report_at(user, &place, |span| UngrantedEffective {
                    component: user.name.clone(),
                    peer: peer.clone(),
                    other: other.name.clone(),
                    powers: Powers::of(&effective),
                    via: paste::pattern(effective[0]),
                    span,
                });
            }
        }
    }
}

/// What an import of a component leads to and is not granted: by instance and import.
fn effective<'c>(
    context: &'c Context<'_>,
    reach: &Reach,
    user: &Instance,
    import: &Import,
    peer: &str,
) -> Vec<(&'c Instance, Vec<&'c Capability>)> {
    let beyond = reach.beyond(user, import);
    let mut found = Vec::new();
    for other in context.instances.iter().filter(|other| other.id != user.id) {
        for of_host in other.host_imports() {
            let is_open = |capability: &&Capability| {
                capability.needs_grant
                    && capability.can_be_called
                    && capability.rating.severity >= Severity::Medium
                    && reach.leads_to(&beyond, other, capability)
                    && !is_covered(context, user, peer, capability)
            };
            let open: Vec<&Capability> = of_host.capabilities.iter().filter(is_open).collect();
            if !open.is_empty() {
                found.push((other, open));
            }
        }
    }
    found
}

fn is_covered(context: &Context<'_>, user: &Instance, peer: &str, capability: &Capability) -> bool {
    let section = context.sections[user.id.0];
    let via = section.rules().into_iter().flat_map(|rules| &rules.via);
    let of_peer = via.filter(|(name, _)| name.as_str() == peer).flat_map(|(_, selectors)| selectors);
    let is_about = |selector: &Selector| {
        speaks_of(context.policy, selector, &capability.name, capability.rating.class, Labels::All)
    };
    of_peer.into_iter().any(|selector| is_about(&selector.value))
        || section.grants().iter().any(|grant| grants(context.policy, grant, capability))
}
