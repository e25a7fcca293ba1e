//! `policy/forbidden-import`: a component imports what its composition forbids, or does not have in its ceiling.
//!
//! Differs from `ungranted_import.rs`: here no grant of the component would help.

use std::sync::Arc;

use crate::diag::code;
use crate::policy::capability::Capability;
use crate::policy::context::Context;
use crate::policy::diagnostics::{ForbiddenImport, Powers};
use crate::policy::findings::Findings;
use crate::policy::grant::Refusal;
use crate::policy::paste;
use crate::source::Span;

/// Each import of which some function is refused, once for each rule that refuses.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for instance in &context.instances {
        let mut found: Vec<(Span, Refusal<'_>, Vec<&Capability>)> = Vec::new();
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
            found.extend(refused);
        }
        let above = found.iter().filter(|(_, refusal, _)| matches!(refusal, Refusal::AboveCeiling(_)));
        let above: Vec<String> = above.map(|(.., capabilities)| paste::pattern(capabilities[0])).collect();
        let above = above.iter().map(|pattern| format!("\n  {},", paste::string(pattern)));
        let ceiling_for_all: Arc<str> =
            format!("if they may, add to `allow` of the composition:{}", above.collect::<String>()).into();
        for (rule, refusal, capabilities) in found {
            let forbid = if let Refusal::Forbidden(forbid) = refusal { Some(forbid) } else { None };
            findings.report_at(instance, &capabilities[0].path, |span| ForbiddenImport {
                component: instance.name.clone(),
                powers: Powers::of(&capabilities),
                span,
                rule,
                forbids: forbid.map(|forbid| forbid.cap.value.to_string()),
                reason: forbid.and_then(|forbid| forbid.reason.as_ref()).map(|reason| reason.value.clone()),
                ceiling_for_all: Arc::clone(&ceiling_for_all),
            });
        }
    }
}
