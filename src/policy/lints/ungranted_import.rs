//! `policy/ungranted-import`: a component imports from the host what no grant of its allows.
//!
//! Differs from `forbidden_import.rs`: here a grant is missing, there none would help.

use crate::diag::code;
use crate::policy::capability::Capability;
use crate::policy::context::Context;
use crate::policy::diagnostics::{Powers, UngrantedImport};
use crate::policy::findings::Findings;
use crate::policy::grant::Section;
use crate::policy::paste;

/// Each import of which some function needs a grant and has none.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (instance, section) in context.sections() {
        for import in instance.host_imports() {
            let needing: Vec<&Capability> = import.capabilities.iter().filter(|it| it.needs_grant).collect();
            let mut missing = needing.clone();
            missing.retain(|capability| {
                context.refusal(capability).is_none()
                    && context.grants_of(instance.id, capability).next().is_none()
            });
            let is_whole = missing.len() == needing.len();
            missing.retain(|capability| !findings.accepts(code::UNGRANTED_IMPORT, instance, &[capability]));
            let Some(first) = missing.first() else { continue };
            let place = match (is_whole, first.path.parent()) {
                (true, Some(parent)) if !parent.steps.is_empty() => parent,
                _ => first.path.clone(),
            };
            findings.report_at(instance, &place, |span| UngrantedImport {
                component: instance.name.clone(),
                powers: Powers::of(&missing),
                is_whole,
                span,
                section: match section {
                    Section::None => None,
                    Section::Rules(rules) => Some((rules.name.span, false)),
                    Section::OtherPackage(rules) => Some((rules.name.span, true)),
                },
                help: paste::allow(&instance.name, !matches!(section, Section::None), import.entry, &missing),
            });
        }
    }
}
