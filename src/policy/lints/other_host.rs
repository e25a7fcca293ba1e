//! `policy/other-host`: something is for a host, and the policy names others for it.
//!
//! Differs from `host_unprovided.rs`, which asks whether the hosts of the policy have what is needed.

use std::collections::BTreeSet;

use crate::config::Spanned;
use crate::policy::context::Context;
use crate::policy::diagnostics::OtherHost;
use crate::policy::findings::Findings;

/// The host that was asked for, where none of those that the policy names is such a one. One without a profile may be.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let (Some(composition), Some(asked)) = (context.composition, &context.occasion.asked) else { return };
    let Some(first) = composition.hosts.first() else { return };
    let is_other =
        |name: &str| context.occasion.named.get(name).is_some_and(|profile| profile.id != asked.id);
    if composition.hosts.iter().all(|name| is_other(name.as_str())) {
        let id = |name: &Spanned<String>| Some(context.occasion.named.get(&name.value)?.id.clone());
        let ids: BTreeSet<String> = composition.hosts.iter().filter_map(id).collect();
        findings.report(OtherHost {
            composition: composition.name.value.clone(),
            hosts: composition.hosts.iter().map(|name| name.value.clone()).collect(),
            asked: asked.id.clone(),
            ids: ids.into_iter().collect(),
            span: first.span,
        });
    }
}
