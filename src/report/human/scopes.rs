//! The limits of a policy for people: who holds a component to each of them.
//!
//! Differs from `capabilities.rs`, which shows what a component can do at all.

use super::table::{Cell, Table};
use super::{BOLD, Look};
use crate::policy::{Enforced, ScopeRow};

impl Look {
    /// A table of limits; nothing where there are none.
    pub fn scopes(&self, rows: &[ScopeRow]) -> String {
        let mut table = Table::new(["limit", "of", "to", "enforced by"], 3);
        // Two grants of one component may have the same limit: here it stands once.
        let shown = |row: &ScopeRow| {
            (row.kind.clone(), row.component.clone(), row.values.clone(), row.enforced, row.by.clone())
        };
        let mut seen = Vec::new();
        for row in rows {
            if seen.contains(&shown(row)) {
                continue;
            }
            seen.push(shown(row));
            let by = match row.enforced {
                Enforced::Host => format!("the host {}", row.by.replace('`', "")),
                Enforced::Component => format!("the component {}, which is linked in between", row.by),
                Enforced::Accepted => format!("nobody, as accepted: {}", row.by),
                Enforced::Nobody => format!("nobody: {}", row.by),
            };
            let (kind, of) = (Cell::styled(&row.kind, BOLD), row.component.as_deref().unwrap_or("the whole"));
            table.row([kind, of.into(), row.values.join(", ").into(), by.into()]);
        }
        if table.is_empty() {
            return String::new();
        }
        let mut text = String::new();
        table.draw(self, &mut text);
        text.push('\n');
        text
    }
}
