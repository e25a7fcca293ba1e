//! `policy/unused-export`: a dependency exports something that nothing in the composition uses.
//!
//! Differs from `check/unused-component`: there nothing of the component is used.

use std::collections::BTreeSet;

use crate::check::{Port, Provider};
use crate::diag::code;
use crate::model::{ItemPath, Side};
use crate::policy::context::Context;
use crate::policy::diagnostics::UnusedExport;
use crate::policy::findings::Findings;

/// Each interface with functions that a dependency exports, and that neither another instance nor the whole uses.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let wiring = context.wiring;
    let Some(root) = wiring.root.filter(|_| !wiring.exports.is_empty()) else { return };
    let wired = wiring.edges.iter().filter_map(|edge| match &edge.provider {
        Provider::Export(port) => Some(port),
        Provider::Member { .. } | Provider::Host(_) => None,
    });
    let used: BTreeSet<&Port> = wired.chain(wiring.exports.iter().map(|exposed| &exposed.export)).collect();
    for instance in context.instances.iter().filter(|instance| instance.id != root) {
        for (name, interface) in &instance.exports {
            let port = Port { instance: instance.id, name: name.clone() };
            let is_idle = instance.types_only.contains(name) || used.contains(&port);
            if is_idle || findings.accepts(code::UNUSED_EXPORT, instance, &[]) {
                continue;
            }
            findings.report_at(instance, &ItemPath::item(Side::Export, name), |span| UnusedExport {
                component: instance.name.clone(),
                interface: interface.on_track(),
                span,
            });
        }
    }
}
