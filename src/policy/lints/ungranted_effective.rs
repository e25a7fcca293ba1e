//! `policy/ungranted-effective`: a component can do through another one what it has no grant for.
//!
//! Differs from `transitive_capability.rs`: that is about the root and what is linked in, this about any component and what
//! the code behind its imports can call.

use crate::diag::code;
use crate::model::{ItemPath, Side};
use crate::policy::capability::Capability;
use crate::policy::context::Context;
use crate::policy::diagnostics::{Powers, UngrantedEffective};
use crate::policy::effective::effective;
use crate::policy::findings::Findings;
use crate::policy::paste;

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
            let is_covered = |capability: &Capability| context.covers(user.id, peer, capability);
            let mut found = effective(&context.instances, reach, user, import, is_covered);
            found.retain(|(_, effective)| !findings.accepts(code::UNGRANTED_EFFECTIVE, user, effective));
            let mut via_for_all: Vec<String> =
                found.iter().map(|(_, effective)| paste::pattern(effective[0])).collect();
            via_for_all.dedup();
            for (other, effective) in found {
                let place = ItemPath::item(Side::Import, &import.extern_name);
                findings.report_at(user, &place, |span| UngrantedEffective {
                    component: user.name.clone(),
                    peer: peer.clone(),
                    other: other.name.clone(),
                    powers: Powers::of(&effective),
                    via: paste::pattern(effective[0]),
                    via_for_all: via_for_all.clone(),
                    span,
                });
            }
        }
    }
}
