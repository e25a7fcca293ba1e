//! `policy/unanalyzable`: a component imports a component or a core module, so that nobody can say what it will do.
//!
//! Differs from `unclassified_capability.rs`: here there are no functions to look at.

use crate::diag::code;
use crate::policy::capability::Kind;
use crate::policy::context::Context;
use crate::policy::diagnostics::Unanalyzable;
use crate::policy::findings::Findings;

/// Each import of code.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for instance in &context.instances {
        for capability in instance.capabilities().filter(|capability| capability.kind == Kind::HandedIn) {
            if !findings.accepts(code::UNANALYZABLE, instance, &[capability]) {
                findings.report_at(instance, &capability.path, |span| Unanalyzable {
                    component: instance.name.clone(),
                    import: capability.name.to_string(),
                    span,
                });
            }
        }
    }
}
