//! The serialised types of limits: the key `scopes` of the format `witc/1`.
//!
//! Differs from `document.rs`, which has the document around them.

use serde::Serialize;

use crate::policy::{Enforced, ScopeRow};

/// One limit of a grant, and who enforces it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Scope"))]
pub(super) struct JsonScope<'o> {
    /// The composition; null for components side by side.
    composition: Option<&'o str>,
    /// The component that is granted something; null where the limit is of the composition as a whole.
    component: Option<&'o str>,
    /// What is granted, as the policy says.
    capability: &'o str,
    /// The kind of limit, such as `hosts`.
    kind: &'o str,
    /// The values, in the order of the policy.
    values: &'o [String],
    /// `host`, `component`, `nobody`, or `accepted`: nobody, and that was accepted.
    enforced: &'static str,
    /// By what, for people; of nobody, why.
    by: &'o str,
}

impl<'o> JsonScope<'o> {
    pub(super) fn of(row: &'o ScopeRow) -> Self {
        Self {
            composition: row.composition.as_deref(),
            component: row.component.as_deref(),
            capability: &row.capability,
            kind: &row.kind,
            values: &row.values,
            enforced: match row.enforced {
                Enforced::Host => "host",
                Enforced::Component => "component",
                Enforced::Accepted => "accepted",
                Enforced::Nobody => "nobody",
            },
            by: &row.by,
        }
    }
}
