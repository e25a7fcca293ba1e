//! `policy/unmatched-selector`: rules are for a component that is not there, or name an interface that nobody knows.
//!
//! Differs from `unused_grant.rs`: there the component is there, and does not need the grant. A policy may speak of
//! components that one run does not look at: only what looks like a slip is reported.

use crate::config::{Grant, Selector, Spanned};
use crate::diag::{closest, code};
use crate::policy::context::Context;
use crate::policy::diagnostics::{SlippedSelector, UnmatchedComposition, UnmatchedSelector};
use crate::policy::findings::Findings;
use crate::policy::grant::Section;
use crate::policy::slip::{Known, meant};

/// Each section that almost has the name of a component without rules, each whose `match` does not hold, and each entry that
/// refuses, limits or silences and almost names an interface.
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
    compositions(context, findings);
    slips(context, findings);
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

/// The first section for a composition, if none is for the one that is judged: a composition of bare paths is called after
/// the output, so that another output would evade its ceiling without a word.
fn compositions(context: &Context<'_>, findings: &mut Findings<'_>) {
    let (Some(name), None) = (findings.composition(), context.composition) else { return };
    if let Some(rules) = context.policy.compositions.first() {
        let (section, span, name) = (rules.name.value.clone(), rules.name.span, name.to_owned());
        findings.report(UnmatchedComposition { section, span, name });
    }
}

/// Each entry that is no grant, and names an interface which nobody knows and which is almost one that is known. A slip in a
/// grant is told as a grant that is not used; here nothing else would tell.
fn slips(context: &Context<'_>, findings: &mut Findings<'_>) {
    let policy = context.policy;
    let of_grants = |grants: &'_ [Grant]| grants.iter().map(|grant| grant.cap.clone()).collect::<Vec<_>>();
    let mut entries: Vec<Spanned<Selector>> = Vec::new();
    for rules in &policy.compositions {
        entries.extend(of_grants(rules.allow.as_deref().unwrap_or_default()));
        entries.extend(rules.forbid.iter().map(|forbid| forbid.cap.clone()));
    }
    entries.extend(policy.groups.iter().flat_map(|group| group.members.iter().cloned()));
    entries.extend(policy.exceptions.iter().flat_map(|exception| exception.caps.iter().cloned()));
    let known = Known::of(&context.instances);
    for entry in entries {
        match meant(&known, &entry.value) {
            Some(meant) => {
                let slip = SlippedSelector { entry: entry.value.to_string(), meant, span: entry.span };
                findings.has_another_meaning(entry.span, slip);
            }
            None => findings.uses(entry.span),
        }
    }
}
