//! `policy/silent-fallthrough`: an import goes to the host although a component of the composition exports the same
//! interface, on another track or under another label.
//!
//! Differs from `check/type-mismatch`: there name and track agree and the types do not, which no choice can make right.

use crate::diag::code;
use crate::model::{ItemPath, Side};
use crate::policy::capability::{Capability, Import, Instance};
use crate::policy::context::Context;
use crate::policy::diagnostics::SilentFallthrough;
use crate::policy::findings::Findings;

/// Each import from the host for which another instance has an export that almost fits.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for instance in &context.instances {
        for import in instance.host_imports().filter(|import| !import.capabilities.is_empty()) {
            let Some((peer, export)) = almost(context, instance, import) else { continue };
            let capabilities: Vec<&Capability> = import.capabilities.iter().collect();
            if findings.accepts(code::SILENT_FALLTHROUGH, instance, &capabilities) {
                continue;
            }
            let export_span = findings.place(peer, &ItemPath::item(Side::Export, export));
            findings.report_at(instance, &ItemPath::item(Side::Import, &import.extern_name), |span| {
                SilentFallthrough {
                    component: instance.name.clone(),
                    import: import.extern_name.clone(),
                    span,
                    peer: peer.name.clone(),
                    export: export.to_owned(),
                    export_span,
                }
            });
        }
    }
}

/// Another instance, and its export of the same interface on another track or under another label. One on the same track
/// and under the same label is left aside by choice of the user only, who has said so.
fn almost<'c>(context: &'c Context<'_>, user: &Instance, import: &Import) -> Option<(&'c Instance, &'c str)> {
    let wanted = import.name.interface.as_ref()?;
    let peers = context.instances.iter().filter(|peer| peer.id != user.id);
    peers.into_iter().find_map(|peer| {
        let export = peer.exports.iter().find(|(name, interface)| {
            let has_label = crate::model::InterfaceName::parse(name).is_none();
            let label = has_label.then_some(name);
            interface.path() == wanted.path()
                && (interface.track != wanted.track || label != import.name.label.as_ref())
        })?;
        Some((peer, export.0.as_str()))
    })
}
