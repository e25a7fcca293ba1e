//! `policy/unused-grant`: a grant, or one function of it, matches nothing that the component imports from the host; an
//! entry of `via` or `interpose` matches nothing that it uses or provides.
//!
//! Differs from `wide_grant.rs`: here nothing of the grant is used.

use std::collections::BTreeSet;

use super::laundered_capability::{exported, is_meant};
use crate::config::{Labels, Spanned, is_function};
use crate::diag::{closest, code, list, quoted};
use crate::model::{CapabilityName, short_function_name};
use crate::policy::capability::{Capability, Instance};
use crate::policy::context::Context;
use crate::policy::diagnostics::{UnusedEntry, UnusedGrant};
use crate::policy::findings::Findings;
use crate::policy::grant::{grants, speaks_of};
use crate::policy::reach::{Reach, Verdict};
use crate::policy::route::behind;
use crate::policy::runtime::{Unknown, means, mistake, words};
use crate::policy::slip::{Known, meant, meant_export};

/// Each grant without a match; of the others, each function without one.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let known = Known::of(&context.instances);
    via(context, &known, findings);
    interpose(context, &known, findings);
    of_code(context, findings);
    for (instance, grant) in context.grants() {
        let unused = |function: Option<&Spanned<String>>, meant: Option<String>| UnusedGrant {
            component: instance.name.clone(),
            entry: grant.cap.value.to_string(),
            function: function.map(|function| function.value.clone()),
            span: function.map_or(grant.cap.span, |function| function.span),
            peer: peer(context, instance, grant),
            meant,
        };
        if context.spoken_of(instance, grant, None).next().is_some() {
            findings.uses(grant.cap.span);
        } else if !findings.accepts(code::UNUSED_GRANT, instance, &[]) {
            match meant(&known, &grant.cap.value) {
                None => {
                    findings.has_no_use_for(grant.cap.span, grant.span, Some(instance), unused(None, None))
                }
                meant => findings.has_another_meaning(grant.cap.span, unused(None, meant)),
            }
            continue;
        }
        for function in grant.functions.iter().flatten() {
            let is_it = |name: &String| is_function(function.as_str(), name);
            let mut matched = context.spoken_of(instance, grant, Some(function.as_str()));
            if matched.any(|capability| capability.name.function.as_ref().is_some_and(is_it)) {
                findings.uses(function.span);
                continue;
            }
            if findings.accepts(code::UNUSED_GRANT, instance, &[]) {
                continue;
            }
            let named =
                |name: &str| grant.functions.iter().flatten().any(|it| is_function(it.as_str(), name));
            let there = context.spoken_of(instance, grant, None);
            let there = there.filter_map(|it| it.name.function.as_deref()).filter(|name| !named(name));
            match closest(function.as_str(), there.map(short_function_name)) {
                None => {
                    let dead = unused(Some(function), None);
                    findings.has_no_use_for(function.span, function.span, Some(instance), dead);
                }
                Some(meant) => {
                    let slip = unused(Some(function), Some(meant.to_owned()));
                    findings.has_another_meaning(function.span, slip);
                }
            }
        }
    }
}

/// Each entry of `via` about a peer that is there, and behind which nothing matches.
fn via(context: &Context<'_>, known: &Known, findings: &mut Findings<'_>) {
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
                let why = || Unknown {
                    why: format!("nothing behind {} matches it", quoted(&peer.value)),
                    meant: meant(known, &selector.value),
                };
                report(instance, selector, is_used, why, findings);
            }
        }
    }
}

/// Each entry of `interpose`, in a composition, that matches nothing which the instance provides to others.
fn interpose(context: &Context<'_>, known: &Known, findings: &mut Findings<'_>) {
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
            let why = || Unknown {
                why: "it provides no such interface to others".to_owned(),
                meant: meant(known, &selector.value),
            };
            report(instance, selector, is_used, why, findings);
        }
    }
}

/// Each entry of `only-for` that is no export of the instance, and each of `runtime` that is not in it.
fn of_code(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(reach) = &context.reach else { return };
    for (instance, section) in context.sections() {
        let Some(rules) = section.rules() else { continue };
        for entry in rules.only_for.iter().flat_map(|list| &list.value) {
            let exports = || reach.exports(instance.id);
            let why = || Unknown {
                why: "it exports nothing of this name".to_owned(),
                meant: meant_export(&entry.value, exports().filter_map(exported)),
            };
            report(instance, entry, exports().any(|path| is_meant(&entry.value, path)), why, findings);
        }
        let found = || runtime_of(reach, instance);
        for entry in &rules.runtime {
            let is_used = found().iter().any(|word| means(&entry.value, word));
            let why = || {
                let there: Vec<String> = found().iter().map(|word| quoted(word)).collect();
                let there = if there.is_empty() { "no such thing".to_owned() } else { list(&there) };
                let not_there = Unknown { why: format!("its code shows {there}"), meant: None };
                mistake(&entry.value).unwrap_or(not_there)
            };
            report(instance, entry, is_used, why, findings);
        }
    }
}

/// The run-time support that is found in an instance, as a policy names it.
fn runtime_of(reach: &Reach, instance: &Instance) -> BTreeSet<String> {
    let verdicts = instance.capabilities().map(|it| reach.verdict(instance, it));
    let causes = verdicts.filter_map(|it| if let Verdict::Support(it) = it { Some(it.cause) } else { None });
    causes.chain(reach.engine(instance).map(str::to_owned)).flat_map(|cause| words(&cause)).collect()
}

fn report<T: std::fmt::Display>(
    instance: &Instance,
    selector: &Spanned<T>,
    is_used: bool,
    why: impl FnOnce() -> Unknown,
    findings: &mut Findings<'_>,
) {
    if is_used {
        findings.uses(selector.span);
    } else if !findings.accepts(code::UNUSED_GRANT, instance, &[]) {
        let (component, entry) = (instance.name.clone(), selector.value.to_string());
        let Unknown { why, meant } = why();
        let is_slip = meant.is_some();
        let entry = UnusedEntry { component, entry, why, meant, span: selector.span };
        if is_slip {
            findings.has_another_meaning(selector.span, entry);
        } else {
            findings.has_no_use_for(selector.span, selector.span, Some(instance), entry);
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
