//! `policy/unanalyzable`: nobody can say what a component will do: code is handed to it, starts threads, is text that an
//! engine runs, or cannot be followed.
//!
//! Differs from `unclassified_capability.rs`: there it is the host of which nobody can say what it does.

use crate::diag::code;
use crate::model::{ItemPath, Side};
use crate::policy::capability::{Instance, Kind};
use crate::policy::context::Context;
use crate::policy::diagnostics::{Unanalyzable, Unfollowed, WhatIsUnknown};
use crate::policy::findings::Findings;
use crate::policy::reach::{Obstacle, Reach};
use crate::policy::runtime::declares;

/// Each import of code, and each instance whose own code does not tell.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for instance in &context.instances {
        for capability in instance.capabilities().filter(|capability| capability.kind == Kind::HandedIn) {
            if !findings.accepts(code::UNANALYZABLE, instance, &[capability]) {
                findings.report_at(instance, &capability.path, |span| Unanalyzable {
                    component: instance.name.clone(),
                    what: WhatIsUnknown::Import(capability.name.to_string()),
                    span,
                });
            }
        }
        if let Some(reach) = &context.reach {
            code_of(context, reach, instance, findings);
        }
    }
}

/// What in the code of an instance nobody can follow, the first of it.
fn code_of(context: &Context<'_>, reach: &Reach, instance: &Instance, findings: &mut Findings<'_>) {
    let Some(first) = instance.capabilities().next() else { return };
    let component = instance.name.clone();
    let rules = context.sections[instance.id.0].rules();
    let engine = reach.engine(instance).filter(|engine| !declares(rules, engine));
    let obstacle = reach.obstacle(instance.id).filter(|obstacle| *obstacle != Obstacle::HandedIn);
    // It is about all of the component, and none of its imports.
    let whole = ItemPath { side: Side::Import, steps: Vec::new() };
    let what = match (obstacle, engine) {
        (None, None) if !reach.starts_threads(instance) => return,
        _ if findings.accepts(code::UNANALYZABLE, instance, &[]) => return,
        (Some(obstacle), _) => {
            let (obstacle, span) = (obstacle.as_str(), findings.place(instance, &whole));
            findings.report_at(instance, &first.path, |_| Unfollowed { component, obstacle, span });
            return;
        }
        (None, Some(engine)) => WhatIsUnknown::Engine(engine.to_owned()),
        (None, None) => WhatIsUnknown::Threads,
    };
    let place = ItemPath::item(Side::Import, first.path.extern_name().unwrap_or_default());
    let span = findings.place(instance, &whole);
    findings.report_at(instance, &place, |_| Unanalyzable { component, what, span });
}
