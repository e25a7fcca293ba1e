//! Which classes of capabilities came or went from one surface to another.
//!
//! Differs from `drift.rs`, which holds what there is against a lock that somebody looked at.

use std::collections::BTreeMap;

use super::capability::import;
use super::taxonomy::{Severity, UNCLASSIFIED};
use crate::model::Surface;

/// A class of capabilities that only one of two things has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerChange {
    /// The class, such as `net-out`.
    pub class: String,
    /// How grave it is: `low` to `critical`.
    pub severity: &'static str,
    /// Whether it came; else it went.
    pub is_gained: bool,
    /// The imports that bring it, or brought it.
    pub imports: Vec<String>,
}

/// The classes that `old` and `new` do not share, the gravest first. What no table knows has no class.
pub fn power_changes(old: &[&Surface], new: &[&Surface]) -> Vec<PowerChange> {
    let (before, after) = (classes(old), classes(new));
    let only = |these: &Classes, others: &Classes, is_gained: bool| -> Vec<(Severity, PowerChange)> {
        let these = these.iter().filter(|(class, _)| !others.contains_key(*class));
        these
            .map(|(class, (severity, imports))| {
                let (class, imports) = ((*class).to_owned(), imports.clone());
                (*severity, PowerChange { class, severity: severity.as_str(), is_gained, imports })
            })
            .collect()
    };
    let mut changes = only(&after, &before, true);
    changes.extend(only(&before, &after, false));
    changes.sort_by_key(|(severity, change)| (!change.is_gained, std::cmp::Reverse(*severity)));
    changes.into_iter().map(|(_, change)| change).collect()
}

type Classes = BTreeMap<&'static str, (Severity, Vec<String>)>;

fn classes(surfaces: &[&Surface]) -> Classes {
    let mut classes = Classes::new();
    for surface in surfaces {
        for (name, item) in &surface.imports {
            let Some(import) = import(surface, (name, name), item, false) else { continue };
            for capability in &import.capabilities {
                let rating = capability.rating;
                if rating.severity == Severity::None || rating.class == UNCLASSIFIED {
                    continue;
                }
                let (severity, imports) = classes.entry(rating.class).or_default();
                *severity = rating.severity.max(*severity);
                let name = item.full_name(name);
                if !imports.contains(&name) {
                    imports.push(name);
                }
            }
        }
    }
    classes
}
