//! Knows before anything is encoded whether an artifact can be held by today's engines, and says so.
//!
//! Source of the limits: `wasmparser`'s `limits.rs`, which Wasmtime and jco use: at most 1,000 modules and components in
//! one artifact, nested ones included, and at most 4,096 instances in one component.

use std::collections::BTreeSet;

use super::diagnostics::TooManyParts;
use super::{ItemSource, LinkPlan};
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
    let instances = instances(plan);
    if instances > INSTANCES {
        run.diagnostics.report(TooManyParts {
            noun: "instances",
            total: instances,
            limit: INSTANCES,
            largest: Vec::new(),
        });
    }
}

/// How many instances the artifact has: what is imported and what is made, and an alias for each one that is taken out of
/// another, which engines count as well; so they do with exports.
fn instances(plan: &LinkPlan) -> usize {
    let imported = plan.imports.imports.values().filter(|item| item.kind.sort() == Sort::Instance).count();
    let exports = plan.exports.iter().filter(|export| export.sort == Sort::Instance).count();
    let arguments = plan.instances.iter().flat_map(|instance| &instance.arguments);
    let arguments = arguments.map(|argument| (&argument.from, argument.sort));
    let mut taken = BTreeSet::new();
    for (source, sort) in arguments.chain(plan.exports.iter().map(|export| (&export.from, export.sort))) {
        take(source, sort, &mut taken);
    }
    imported + plan.instances.len() + taken.len() + exports
}

/// Adds the instances that are taken out of others to get at an item.
fn take<'p>(source: &'p ItemSource, sort: Sort, taken: &mut BTreeSet<&'p ItemSource>) {
    let is_taken = match source {
        ItemSource::Import(_) => false,
        ItemSource::Export { .. } | ItemSource::Member { .. } => sort == Sort::Instance,
    };
    if is_taken {
        taken.insert(source);
    }
    if let ItemSource::Member { of, .. } = source {
        take(of, Sort::Instance, taken);
    }
}

/// How many modules and components are defined within something; what is shared is defined elsewhere.
fn parts(bytes: &[u8], nested: &[Nested], shared: &ByContent<'_, ()>) -> usize {
    let own = nested.iter().filter(|part| !shared.contains_key(&Content(&bytes[part.content.clone()])));
    own.map(|part| 1 + parts(bytes, &part.nested, shared)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{Argument, PlannedExport, PlannedInstance};

    #[test]
    fn every_alias_of_an_instance_counts_once() {
        let from = ItemSource::Export { instance: 0, name: "a:b/c".to_owned() };
        let member = ItemSource::Member { of: Box::new(from.clone()), name: "inner".to_owned() };
        let argument = |sort, from: &ItemSource| Argument { name: "x".to_owned(), sort, from: from.clone() };
        let arguments = vec![argument(Sort::Instance, &from), argument(Sort::Function, &member)];
        let instance = PlannedInstance { name: "i".to_owned(), component: 0, arguments };
        let export = PlannedExport {
            name: "y".to_owned(),
            implements: None,
            version_suffix: None,
            external_id: None,
            sort: Sort::Instance,
            from,
        };
        let plan = LinkPlan {
            instances: vec![instance.clone(), instance],
            exports: vec![export],
            ..LinkPlan::default()
        };
        // Two instances, the one that is taken out of the first, and the export.
        assert_eq!(instances(&plan), 4);
    }
}
