//! `policy/unexercisable-import`: a component imports what needs a handle that it can never hold.
//!
//! Differs from `unreachable_import.rs`: that follows from code, this from types.

use crate::diag::code;
use crate::policy::context::Context;
use crate::policy::diagnostics::{DeadImport, Proof};
use crate::policy::findings::Findings;
use crate::policy::reach::Verdict;

/// Each import of which a function with an effect can never be called, although code leads to it.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (instance, _, is_whole, dead) in context.imports_that(|verdict| *verdict == Verdict::Unexercisable) {
        if !findings.accepts(code::UNEXERCISABLE_IMPORT, instance, &dead) {
            findings.report_at(instance, &dead[0].path, |span| {
                DeadImport::of(instance, &dead, is_whole, Proof::Types, span)
            });
        }
    }
}
