//! `policy/unanalyzable`: a component imports a component or a core module, or its code cannot be followed, so that nobody can
//! say what it will do.
//!
//! Differs from `unclassified_capability.rs`: here there are no functions to look at.

use crate::diag::code;
use crate::policy::capability::Kind;
use crate::policy::context::Context;
use crate::policy::diagnostics::{Unanalyzable, Unfollowed};
use crate::policy::findings::Findings;
use crate::policy::reach::Obstacle;

/// Each import of code, and each instance of which the code could not be followed for another reason.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for instance in &context.instances {
        let obstacle = context.reach.as_ref().and_then(|reach| reach.obstacle(instance.id));
        if let Some(obstacle) = obstacle.filter(|obstacle| *obstacle != Obstacle::HandedIn)
            && let Some(first) = instance.capabilities().next()
            && !findings.accepts(code::UNANALYZABLE, instance, &[])
        {
            findings.report_at(instance, &first.path, |span| Unfollowed {
                component: instance.name.clone(),
                obstacle: obstacle.as_str(),
                span,
            });
        }
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
