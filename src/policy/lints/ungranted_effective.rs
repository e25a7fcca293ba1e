//! `policy/ungranted-effective`: a component can do through another one what it has no grant for.
//!
//! Differs from `transitive_capability.rs`: that is about the root and what is linked in, this about any component and what
//! the code behind its imports can call.

use std::collections::BTreeMap;

use crate::diag::code;
use crate::model::{ItemPath, Side};
use crate::policy::capability::{Capability, Import, Instance};
use crate::policy::context::Context;
use crate::policy::diagnostics::{Powers, UngrantedEffective};
use crate::policy::effective::effective;
use crate::policy::findings::Findings;
use crate::policy::paste;

/// An import, the instance to which it leads, and what that can do.
type Led<'i> = (&'i Import, &'i Instance, Vec<&'i Capability>);

/// Each component with rules, but the root, each of its imports that another one provides, and each import of the host that
/// this leads to, of medium severity or more, that neither its grants nor its `via` cover.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(reach) = &context.reach else { return };
    for (user, section) in context.sections() {
        if section.rules().is_none() || context.wiring.root == Some(user.id) {
            continue;
        }
        let mut by_peer: BTreeMap<&str, Vec<Led<'_>>> = BTreeMap::new();
        for import in &user.imports {
            let Some(peer) = import.provider else { continue };
            let peer = context.instance(peer).name.as_str();
            let is_covered = |capability: &Capability| context.covers(user.id, peer, capability);
            let mut found = effective(&context.instances, reach, user, import, is_covered);
            found.retain(|(_, effective)| !findings.accepts(code::UNGRANTED_EFFECTIVE, user, effective));
            let found = found.into_iter().map(|(other, effective)| (import, other, effective));
            by_peer.entry(peer).or_default().extend(found);
        }
        for (peer, found) in by_peer {
            // Whoever adds what is missing adds all of it: a key can stand there once.
            let missing: Vec<String> =
                found.iter().map(|(.., effective)| paste::pattern(effective[0])).collect();
            for (import, other, effective) in found {
                let via = findings.via(user, section, peer, &missing);
                let place = ItemPath::item(Side::Import, &import.extern_name);
                findings.report_at(user, &place, |span| UngrantedEffective {
                    component: user.name.clone(),
                    peer: peer.to_owned(),
                    other: other.name.clone(),
                    powers: Powers::of(&effective),
                    via,
                    span,
                });
            }
        }
    }
}
