//! `policy/unused-grant`: a grant, or one function of it, matches nothing that the component imports from the host; an
//! entry of `via` or `interpose` matches nothing that it uses or provides.
//!
//! Differs from `wide_grant.rs`: here nothing of the grant is used.

use crate::config::{Labels, Selector, Spanned, is_function};
use crate::diag::{code, quoted};
use crate::model::CapabilityName;
use crate::policy::capability::{Capability, Instance};
use crate::policy::context::Context;
use crate::policy::diagnostics::{UnusedEntry, UnusedGrant};
use crate::policy::findings::Findings;
use crate::policy::grant::{grants, speaks_of};
use crate::policy::route::behind;

/// Each grant without a match; of the others, each function without one.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    via(context, findings);
    interpose(context, findings);
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
            findings.has_no_use_for(grant.cap.span, grant.span, Some(instance), unused(None));
            continue;
        }
        for function in grant.functions.iter().flatten() {
            let is_it = |name: &String| is_function(function.as_str(), name);
            if matched().any(|capability| capability.name.function.as_ref().is_some_and(is_it)) {
                findings.uses(function.span);
            } else if !findings.accepts(code::UNUSED_GRANT, instance, &[]) {
                findings.has_no_use_for(function.span, function.span, Some(instance), unused(Some(function)));
            }
        }
    }
}

/// Each entry of `via` about a peer that is there, and behind which nothing matches.
fn via(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (instance, section) in context.sections() {
        let entries = section.rules().into_iter().flat_map(|rules| &rules.via);
        for (peer, selectors) in entries {
            let Some(provider) = context.instances.iter().find(|it| it.name == peer.value) else { continue };
            let behind = behind(context.wiring, provider.id);
            for selector in selectors {
                let speaks = |it: &Capability| {
                    speaks_of(context.policy, &selector.value, &it.name, it.rating.class, Labels::All)
                };
                let is_used = behind.iter().any(|id| context.instance(*id).capabilities().any(speaks));
                let why = format!("nothing behind {} matches it", quoted(&peer.value));
                report(instance, selector, is_used, why, findings);
            }
        }
    }
}

/// Each entry of `interpose`, in a composition, that matches nothing which the instance provides to others.
fn interpose(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.wiring.exports.is_empty() {
        return; // components side by side may be put together in another way
    }
    for (instance, section) in context.sections() {
        for selector in section.rules().into_iter().flat_map(|rules| &rules.interpose) {
            let provided = context.instances.iter().flat_map(|user| &user.imports);
            let mut provided = provided.filter(|import| import.provider == Some(instance.id));
            let is_used = provided.any(|import| {
                let name = CapabilityName { label: None, ..import.name.clone() };
                let class = import.capabilities.first().map_or("", |it| it.rating.class);
                speaks_of(context.policy, &selector.value, &name, class, Labels::All)
            });
            report(
                instance,
                selector,
                is_used,
                "it provides no such interface to others".to_owned(),
                findings,
            );
        }
    }
}

fn report(
    instance: &Instance,
    selector: &Spanned<Selector>,
    is_used: bool,
    why: String,
    findings: &mut Findings<'_>,
) {
    if is_used {
        findings.uses(selector.span);
    } else if !findings.accepts(code::UNUSED_GRANT, instance, &[]) {
        let (component, entry) = (instance.name.clone(), selector.value.to_string());
        let dead = UnusedEntry { component, entry, why, span: selector.span };
        findings.has_no_use_for(selector.span, selector.span, Some(instance), dead);
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
