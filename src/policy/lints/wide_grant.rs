//! `policy/wide-grant`: a grant allows a whole interface, and what is not imported of it matters.
//!
//! Differs from `unused_grant.rs`: here some of the grant is used.

use crate::config::{Selector, Target};
use crate::diag::code;
use crate::policy::capability::Capability;
use crate::policy::context::Context;
use crate::policy::diagnostics::{Powers, WideGrant};
use crate::policy::findings::Findings;
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
        for import in instance.from_host() {
            let Some((entry, size)) = import.entry.and_then(|entry| Some((entry, entry.size?))) else {
                continue;
            };
            let granted: Vec<&Capability> = context
                .granted(instance, grant)
                .into_iter()
                .filter(|it| it.path.extern_name() == Some(&import.extern_name))
                .collect();
            let imported: Vec<&str> = granted.iter().filter_map(|it| it.name.function.as_deref()).collect();
            let is_wide = entry.gravest_beyond(&imported).is_some_and(|beyond| beyond >= Severity::Medium);
            if granted.is_empty() || !is_wide || findings.accepts(code::WIDE_GRANT, instance, &granted) {
                continue;
            }
            findings.report(WideGrant {
                component: instance.name.clone(),
                powers: Powers::of(&granted),
                size,
                span: grant.cap.span,
            });
        }
    }
}
