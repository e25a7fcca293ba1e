//! `policy/unreachable-import`: a component imports what none of its code can call.
//!
//! Differs from `unexercisable_import.rs`: that follows from types, this from code.

use crate::diag::code;
use crate::policy::context::Context;
use crate::policy::diagnostics::{DeadImport, Proof};
use crate::policy::findings::Findings;
use crate::policy::reach::Verdict;

/// Each import of which a function with an effect is never called.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (instance, _, is_whole, dead) in context.imports_that(|verdict| *verdict == Verdict::Unreachable) {
        if !findings.accepts(code::UNREACHABLE_IMPORT, instance, &dead) {
            findings.report_at(instance, &dead[0].path, |span| {
                DeadImport::of(instance, &dead, is_whole, Proof::Code, span)
            });
        }
    }
}
