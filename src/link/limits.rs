//! Knows before anything is encoded whether an artifact can be held by today's engines, and says so.
//!
//! Source of the limits: `wasmparser`'s `limits.rs`, which Wasmtime and jco use: at most 1,000 modules and components in
//! one artifact, nested ones included, and at most 4,096 instances in one component.

use super::LinkPlan;
use super::diagnostics::TooManyParts;
use crate::diag::Run;
use crate::load::{Inputs, Nested};
use crate::model::Sort;
use crate::source::{ByContent, Content};

/// How many core modules and components one artifact may hold, itself included.
const PARTS: usize = 1_000;
/// How many instances one component may have.
const INSTANCES: usize = 4_096;

/// Reports a plan that no engine would take.
pub(super) fn check(inputs: &Inputs, plan: &LinkPlan, run: &mut Run) {
    let shared: ByContent<'_, ()> =
        plan.shared.iter().map(|shared| (Content(&shared.bytes[shared.content.clone()]), ())).collect();
    let mut by_component: Vec<(usize, &str)> = Vec::new();
    for at in &plan.components {
        let component = &inputs.components[*at];
        let own = usize::from(!shared.contains_key(&Content(&component.bytes)));
        let count = own + parts(&component.bytes, &component.nested, &shared);
        by_component.push((count, &component.name));
    }
    let within_shared = plan.shared.iter().map(|it| 1 + parts(&it.bytes, &it.nested, &shared));
    let total = 1 + within_shared.sum::<usize>() + by_component.iter().map(|(count, _)| count).sum::<usize>();
    if total > PARTS {
        by_component.sort_by(|a, b| b.cmp(a));
        let largest = by_component.iter().take(5).map(|(count, name)| (*count, (*name).to_owned())).collect();
        run.diagnostics.report(TooManyParts { noun: "modules and components", total, limit: PARTS, largest });
    }
    let imported = plan.imports.imports.values().filter(|item| item.kind.sort() == Sort::Instance).count();
    let instances = imported + plan.instances.len();
    if instances > INSTANCES {
        run.diagnostics.report(TooManyParts {
            noun: "instances",
            total: instances,
            limit: INSTANCES,
            largest: Vec::new(),
        });
    }
}

/// How many modules and components are defined within something; what is shared is defined elsewhere.
fn parts(bytes: &[u8], nested: &[Nested], shared: &ByContent<'_, ()>) -> usize {
    let own = nested.iter().filter(|part| !shared.contains_key(&Content(&bytes[part.content.clone()])));
    own.map(|part| 1 + parts(bytes, &part.nested, shared)).sum()
}
