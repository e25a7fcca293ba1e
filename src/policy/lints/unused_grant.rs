//! `policy/unused-grant`: a grant, or one function of it, matches nothing that the component imports from the host.
//!
//! Differs from `wide_grant.rs`: here nothing of the grant is used.

use crate::config::{Labels, is_function};
use crate::diag::code;
use crate::policy::capability::Instance;
use crate::policy::context::Context;
use crate::policy::diagnostics::UnusedGrant;
use crate::policy::findings::Findings;
use crate::policy::grant::{grants, speaks_of};

/// Each grant without a match; of the others, each function without one.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (instance, grant) in context.grants() {
        let matched = || {
            instance.capabilities().filter(|capability| {
                let (name, class) = (&capability.name, capability.rating.class);
                speaks_of(context.policy, &grant.cap.value, name, class, Labels::Named)
            })
        };
        let unused = |function: Option<&crate::config::Spanned<String>>| UnusedGrant {
            component: instance.name.clone(),
            entry: grant.cap.value.to_string(),
            function: function.map(|function| function.value.clone()),
            span: function.map_or(grant.cap.span, |function| function.span),
            peer: peer(context, instance, grant),
        };
        if matched().next().is_some() {
            findings.uses(grant.cap.span);
        } else if !findings.accepts(code::UNUSED_GRANT, instance, &[]) {
            findings.has_no_use_for(grant.cap.span, unused(None));
            continue;
        }
        for function in grant.functions.iter().flatten() {
            let is_it = |name: &String| is_function(function.as_str(), name);
            if matched().any(|capability| capability.name.function.as_ref().is_some_and(is_it)) {
                findings.uses(function.span);
            } else if !findings.accepts(code::UNUSED_GRANT, instance, &[]) {
                findings.has_no_use_for(function.span, unused(Some(function)));
            }
        }
    }
}

/// Who provides what the grant is about, if it is not the host.
fn peer(context: &Context<'_>, instance: &Instance, grant: &crate::config::Grant) -> Option<String> {
    let is_granted = |import: &&crate::policy::capability::Import| {
        import.capabilities.iter().any(|capability| grants(context.policy, grant, capability))
    };
    let import = instance.imports.iter().filter(|import| !import.is_from_host()).find(is_granted)?;
    Some(context.instance(import.provider?).name.clone())
}
