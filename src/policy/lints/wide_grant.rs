//! `policy/wide-grant`: a grant allows a whole interface, and what is not imported of it matters.
//!
//! Differs from `unused_grant.rs`: here some of the grant is used.

use std::collections::BTreeMap;

use crate::config::{Selector, Target};
use crate::diag::code;
use crate::policy::capability::Capability;
use crate::policy::context::Context;
use crate::policy::diagnostics::{Powers, WideGrant};
use crate::policy::findings::Findings;
use crate::policy::paste;
use crate::policy::taxonomy::Severity;

/// Each grant of one interface, without functions, that allows something of medium severity or more that is not imported.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (instance, grant) in context.grants() {
        let names_functions = grant.functions.is_some()
            || match &grant.cap.value {
                Selector::Group(_) => true,
                Selector::Capability(pattern) => {
                    pattern.function.is_some()
                        || !matches!(pattern.target, Target::Package { interface: Some(_), .. })
                }
            };
        if names_functions {
            continue;
        }
        let mut of_import: BTreeMap<Option<&str>, Vec<&Capability>> = BTreeMap::new();
        for capability in context.granted(instance, grant) {
            of_import.entry(capability.path.extern_name()).or_default().push(capability);
        }
        for import in instance.host_imports() {
            let Some((entry, size)) = import.entry.and_then(|entry| Some((entry, entry.size?))) else {
                continue;
            };
            let Some(granted) = of_import.get(&Some(import.extern_name.as_str())) else { continue };
            let imported: Vec<&str> = granted.iter().filter_map(|it| it.name.function.as_deref()).collect();
            let is_wide = entry.gravest_beyond(&imported).is_some_and(|beyond| beyond >= Severity::Medium);
            if !is_wide || findings.accepts(code::WIDE_GRANT, instance, granted) {
                continue;
            }
            let powers = Powers::of(granted);
            let functions = paste::list(powers.functions.iter().map(String::as_str));
            let finding = WideGrant { component: instance.name.clone(), powers, size, span: grant.cap.span };
            // With one list of functions for two imports, nobody could say what is meant.
            if of_import.len() == 1 {
                findings.report_narrowed(instance, grant, &functions, finding);
            } else {
                findings.report_for(instance, finding);
            }
        }
    }
}
