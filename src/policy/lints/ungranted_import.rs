//! `policy/ungranted-import`: a component imports from the host what no grant of its allows.
//!
//! Differs from `forbidden_import.rs`: here a grant is missing, there none would help.

use std::sync::Arc;

use crate::diag::code;
use crate::policy::capability::{Capability, Import};
use crate::policy::context::Context;
use crate::policy::diagnostics::{Powers, UngrantedImport, Withheld};
use crate::policy::findings::Findings;
use crate::policy::grant::Section;
use crate::policy::paste;
use crate::policy::taxonomy::Entry;

/// Each import of which some function needs a grant and has none.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (instance, section) in context.sections() {
        let mut all: Vec<(Option<&Entry>, Vec<&Capability>)> = Vec::new();
        let withheld = |capability: &Capability| context.withholds(instance.id, capability);
        let mut found: Vec<(&Import, bool, Vec<&Capability>)> = Vec::new();
        for import in instance.host_imports() {
            let needing: Vec<&Capability> = import.capabilities.iter().filter(|it| it.needs_grant).collect();
            let mut missing = needing.clone();
            missing.retain(|capability| {
                let is_granted = section.rules().is_some() && withheld(capability).is_none();
                context.refusal(capability).is_none() && !is_granted
            });
            let is_whole = missing.len() == needing.len();
            missing.retain(|capability| !findings.accepts(code::UNGRANTED_IMPORT, instance, &[capability]));
            if !missing.is_empty() {
                all.push((import.entry, missing.clone()));
                found.push((import, is_whole, missing));
            }
        }
        let has_section = !matches!(section, Section::None);
        let help_for_all: Arc<str> = paste::allow_all(&instance.name, has_section, &all).into();
        let is_unruled = matches!(section, Section::None) && !found.is_empty();
        let parts = if is_unruled { findings.parts_with_rules(instance) } else { Vec::new() };
        for (import, is_whole, missing) in found {
            let first = missing[0];
            let limit = withheld(first).filter(|limit| limit.name.span.source != context.policy.source);
            let is_limited = limit.is_some() && context.grants_of(instance.id, first).next().is_some();
            let place = match (is_whole, first.path.parent()) {
                (true, Some(parent)) if !parent.steps.is_empty() => parent,
                _ => first.path.clone(),
            };
            findings.report_at(instance, &place, |span| UngrantedImport {
                component: instance.name.clone(),
                powers: Powers::of(&missing),
                is_whole,
                span,
                withheld: match (section, limit) {
                    (Section::None, _) => Withheld::NoRules(parts.clone()),
                    (Section::Rules(_), Some(limit)) if is_limited => Withheld::ByLimit(limit.name.span),
                    (Section::Rules(rules), _) => Withheld::ByRules(rules.name.span),
                    (Section::OtherPackage(rules), _) => {
                        let place = rules.package.as_ref().map_or(rules.name.span, |package| package.span);
                        Withheld::ByMatch(place, instance.exported_packages())
                    }
                },
                help: paste::allow(&instance.name, has_section, import.entry, &missing),
                help_for_all: Arc::clone(&help_for_all),
            });
        }
    }
}
