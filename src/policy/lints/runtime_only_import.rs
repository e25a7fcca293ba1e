//! `policy/runtime-only-import`: likely only run-time support uses an import.
//!
//! Differs from `unreachable_import.rs`, which is proven: this rests on names and recorded lists.

use crate::diag::code;
use crate::policy::context::Context;
use crate::policy::diagnostics::RuntimeOnlyImport;
use crate::policy::findings::Findings;
use crate::policy::reach::Verdict;
use crate::policy::runtime::declares;

/// Each import that nothing but run-time support uses, with its cause and the way; not that which the policy says the
/// component is built with.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(reach) = &context.reach else { return };
    for (instance, import, _, used) in context.imports_that(|verdict| matches!(verdict, Verdict::Support(_)))
    {
        let verdicts = || import.capabilities.iter().map(|it| reach.verdict(instance, it));
        let is_meant = |verdict: Verdict| matches!(verdict, Verdict::Reachable | Verdict::Unanalyzable);
        let Verdict::Support(support) = reach.verdict(instance, used[0]) else { continue };
        let rules = context.sections[instance.id.0].rules();
        if verdicts().any(is_meant)
            || declares(rules, &support.cause)
            || findings.accepts(code::RUNTIME_ONLY_IMPORT, instance, &used)
        {
            continue;
        }
        let way = reach.witness(instance, used[0], context.wiring);
        findings.report_at(instance, &used[0].path, |span| {
            RuntimeOnlyImport::of(instance, &used, support, &way, span)
        });
    }
}
