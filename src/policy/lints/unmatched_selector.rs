//! `policy/unmatched-selector`: rules are for a component that is not there.
//!
//! Differs from `unused_grant.rs`: there the component is there, and does not need the grant. A policy may speak of
//! components that one run does not look at: only what looks like a slip is reported.

use crate::diag::{closest, code};
use crate::policy::context::Context;
use crate::policy::diagnostics::UnmatchedSelector;
use crate::policy::findings::Findings;
use crate::policy::grant::Section;

/// Each section that almost has the name of a component without rules, and each whose `match` does not hold.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let without_rules = || {
        let bare = context.sections().filter(|(_, section)| matches!(section, Section::None));
        bare.map(|(instance, _)| instance.name.as_str())
    };
    for rules in &context.policy.components {
        let name = &rules.name.value;
        if context.instances.iter().any(|instance| instance.name == *name) {
            findings.uses(rules.name.span);
        } else if let Some(meant) = closest(name, without_rules()) {
            let (section, span, meant) = (name.clone(), rules.name.span, Some(meant.to_owned()));
            let slip = UnmatchedSelector { section, span, meant };
            findings.has_another_meaning(span, slip);
        }
    }
    for (instance, section) in context.sections() {
        if let Section::OtherPackage(rules) = section
            && !findings.accepts(code::UNMATCHED_SELECTOR, instance, &[])
        {
            let span = rules.package.as_ref().map_or(rules.name.span, |package| package.span);
            findings.report_for(
                instance,
                UnmatchedSelector { section: rules.name.value.clone(), span, meant: None },
            );
        }
    }
}
