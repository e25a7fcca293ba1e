//! `policy/toxic-combination`: one component holds two capabilities that are dangerous together.
//!
//! Differs from all rules about grants: each of both may have its grant and its reason.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::Pattern;
use crate::diag::code;
use crate::policy::capability::{Capability, Instance};
use crate::policy::context::Context;
use crate::policy::diagnostics::{Powers, ToxicCombination};
use crate::policy::findings::Findings;
use crate::policy::paste;
use crate::policy::taxonomy::{Toxic, taxonomy};

/// Each instance and each pair of which it has both sides.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for instance in &context.instances {
        let mut found = Vec::new();
        for toxic in &taxonomy().toxic {
            let Some(sides) = sides(instance, toxic) else { continue };
            if !findings.accepts(code::TOXIC_COMBINATION, instance, &sides.concat()) {
                found.push((toxic, sides));
            }
        }
        let of_all = found.iter().flat_map(|(_, sides)| sides.iter().flatten().copied());
        let exception_from_all: Arc<str> = exception(instance, of_all).into();
        for (toxic, [one, other]) in found {
            let exception = exception(instance, one.iter().chain(&other).copied());
            let (one, other) = (of_first_import(one), of_first_import(other));
            let other_span = findings.place(instance, &other[0].path);
            findings.report_at(instance, &one[0].path, |span| ToxicCombination {
                component: instance.name.clone(),
                why: toxic.why.clone(),
                sides: [(Powers::of(&one), span), (Powers::of(&other), other_span)],
                exception,
                exception_from_all: Arc::clone(&exception_from_all),
            });
        }
    }
}

/// What accepts that an instance has these capabilities together, and no others.
fn exception<'c>(instance: &Instance, capabilities: impl Iterator<Item = &'c Capability>) -> String {
    let caps: BTreeSet<String> = capabilities.map(|it| Pattern::exactly(&it.name).to_string()).collect();
    paste::exception("toxic-combination", &instance.name, &caps)
}

/// What an instance has of both sides of a pair, the gravest first; `None` if it has not both.
pub(in crate::policy) fn sides<'i>(
    instance: &'i Instance,
    toxic: &Toxic,
) -> Option<[Vec<&'i Capability>; 2]> {
    let side = |classes: &[String]| {
        let of_class =
            |capability: &&Capability| classes.iter().any(|class| class == capability.rating.class);
        let mut found: Vec<_> = instance.capabilities().filter(of_class).collect();
        found.sort_by_key(|capability| std::cmp::Reverse(capability.rating.severity));
        (!found.is_empty()).then_some(found)
    };
    Some([side(&toxic.one)?, side(&toxic.other)?])
}

fn of_first_import(mut capabilities: Vec<&Capability>) -> Vec<&Capability> {
    let first = capabilities.first().map(|capability| capability.path.extern_name());
    capabilities.retain(|capability| Some(capability.path.extern_name()) == first);
    capabilities
}
