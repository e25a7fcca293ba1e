//! `policy/forbidden-import`: a component imports what its composition forbids, or does not have in its ceiling.
//!
//! Differs from `ungranted_import.rs`: here no grant of the component would help.

use crate::diag::code;
use crate::policy::capability::Capability;
use crate::policy::context::Context;
use crate::policy::diagnostics::{ForbiddenImport, Powers};
use crate::policy::findings::Findings;
use crate::policy::grant::Refusal;
use crate::source::Span;

/// Each import of which some function is refused, once for each rule that refuses.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for instance in &context.instances {
        for import in instance.host_imports() {
            let mut refused: Vec<(Span, Refusal<'_>, Vec<&Capability>)> = Vec::new();
            for capability in &import.capabilities {
                let Some(refusal) = context.refusal(capability) else { continue };
                if findings.accepts(code::FORBIDDEN_IMPORT, instance, &[capability]) {
                    continue;
                }
                let rule = match refusal {
                    Refusal::Forbidden(forbid) => forbid.cap.span,
                    Refusal::AboveCeiling(composition) => composition.name.span,
                };
                match refused.iter_mut().find(|(span, ..)| *span == rule) {
                    Some((.., capabilities)) => capabilities.push(capability),
                    None => refused.push((rule, refusal, vec![capability])),
                }
            }
            for (rule, refusal, capabilities) in refused {
                let place = &capabilities[0].path;
                findings.report_at(instance, place, |span| ForbiddenImport {
                    component: instance.name.clone(),
                    powers: Powers::of(&capabilities),
                    span,
                    rule,
                    is_ceiling: matches!(refusal, Refusal::AboveCeiling(_)),
                    reason: match refusal {
                        Refusal::Forbidden(forbid) => {
                            forbid.reason.as_ref().map(|reason| reason.value.clone())
                        }
                        Refusal::AboveCeiling(_) => None,
                    },
                });
            }
        }
    }
}
