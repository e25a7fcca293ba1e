//! `policy/wide-host`: a host provides more than the composition imports, and grants it by itself.
//!
//! Differs from `wide_grant.rs`: there the policy is wider than the component, here the host is.

use crate::host::Power;
use crate::policy::context::Context;
use crate::policy::diagnostics::WideHost;
use crate::policy::findings::Findings;

/// Each host of the composition, with the packages of which nothing is imported.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (rules, profile) in context.hosts() {
        let is_imported = |package: &str| {
            let imports = context.instances.iter().flat_map(|instance| instance.host_imports());
            imports.filter_map(|import| import.name.interface.as_ref()).any(|name| name.package == package)
        };
        let by_itself =
            profile.provides.iter().filter(|row| row.flag.is_none() && row.power == Power::Granted);
        let mut packages: Vec<String> = by_itself.map(|row| row.package.clone()).collect();
        packages.sort_unstable();
        packages.dedup();
        packages.retain(|package| !is_imported(package));
        if !packages.is_empty() {
            findings.report(WideHost {
                host: rules.name.value.clone(),
                profile: profile.id.clone(),
                packages,
                span: rules.profile.as_ref().map_or(rules.name.span, |id| id.span),
            });
        }
    }
}
