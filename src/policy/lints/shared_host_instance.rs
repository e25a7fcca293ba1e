//! `policy/shared-host-instance`: components of two owners use one instance of a host interface.
//!
//! Differs from `transitive_capability.rs`: here each of them has its grant, and nobody says that they share.

use std::collections::BTreeMap;

use crate::diag::code;
use crate::model::{InterfaceName, ItemPath, Side};
use crate::policy::capability::{Capability, Import, Instance};
use crate::policy::context::Context;
use crate::policy::diagnostics::SharedHostInstance;
use crate::policy::findings::Findings;
use crate::policy::taxonomy::Severity;

/// Each import of the whole, without a label and of medium severity or more, that components use whose grants name
/// different owners.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for host in context.wiring.host.iter().filter(|host| InterfaceName::parse(&host.name).is_some()) {
        let mut owners: BTreeMap<&str, (&Instance, &Import)> = BTreeMap::new();
        for port in &host.users {
            let instance = context.instance(port.instance);
            let import = instance.imports.iter().find(|import| import.extern_name == port.name);
            let Some(import) = import.filter(|import| import.severity() >= Severity::Medium) else {
                continue;
            };
            for capability in &import.capabilities {
                let grants = context.grants_of(instance.id, capability);
                for owner in grants.filter_map(|grant| grant.owner.as_ref()) {
                    owners.entry(owner.as_str()).or_insert((instance, import));
                }
            }
        }
        let mut users = owners.iter();
        let (Some((one, (first, _))), Some((other, (second, import)))) = (users.next(), users.next()) else {
            continue;
        };
        let capabilities: Vec<&Capability> = import.capabilities.iter().collect();
        if first.id == second.id || findings.accepts(code::SHARED_HOST_INSTANCE, second, &capabilities) {
            continue;
        }
        findings.report_at(second, &ItemPath::item(Side::Import, &import.extern_name), |span| {
            SharedHostInstance {
                import: import.name.to_string(),
                users: [(first.name.clone(), (*one).to_owned()), (second.name.clone(), (*other).to_owned())],
                span,
            }
        });
    }
}
