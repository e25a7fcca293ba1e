//! `policy/type-only-import`: a component imports interfaces for their types alone.
//!
//! Differs from `unreachable_import.rs`: here there is no function that could be called.

use crate::diag::code;
use crate::model::{ItemPath, Side};
use crate::policy::context::Context;
use crate::policy::diagnostics::TypeOnlyImport;
use crate::policy::findings::Findings;

/// Each component, with all interfaces that it imports so and that a reader could take for power.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for instance in &context.instances {
        let has_functions = |entry: &crate::policy::taxonomy::Entry| entry.is_power();
        let only_types = instance.host_imports().filter(|import| import.capabilities.is_empty());
        let imports: Vec<_> = only_types.filter(|import| import.entry.is_some_and(has_functions)).collect();
        let Some(first) = imports.first() else { continue };
        if !findings.accepts(code::TYPE_ONLY_IMPORT, instance, &[]) {
            let place = ItemPath::item(Side::Import, &first.extern_name);
            findings.report_at(instance, &place, |span| TypeOnlyImport {
                component: instance.name.clone(),
                imports: imports.iter().map(|import| import.name.to_string()).collect(),
                span,
            });
        }
    }
}
