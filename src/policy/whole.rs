//! What an artifact of several parts can do as a whole: what `lint` judges where it is given that artifact alone.
//!
//! Differs from `table.rs`, which says the same part by part, and how the code of each reaches it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::capability::{Capability, Instance};
use super::diagnostics::Powers;
use super::taxonomy::{Severity, Toxic, taxonomy};
use crate::diag::{list, quoted};

/// What an artifact of several parts can do as a whole.
#[derive(Clone, Debug, Default)]
pub struct Whole {
    /// One row an interface that the host is to provide, the gravest first.
    pub rows: Vec<WholeRow>,
    /// The dangerous pairs of which no part has both sides. Each a clause without a full stop.
    pub warnings: Vec<String>,
}

/// One interface that an artifact imports.
#[derive(Clone, Debug, Default)]
pub struct WholeRow {
    /// The interface on its track, with its label if it has one.
    pub interface: String,
    /// What it means, for people.
    pub power: String,
    /// How grave it is: `none` to `critical`.
    pub severity: String,
    /// The parts that import it; empty where the artifact does and none of them.
    pub parts: Vec<String>,
}

/// The sum of parts; `outer` is the artifact itself, where it is one already. `None` where there is one part that imports
/// all that the artifact does.
pub(super) fn whole(parts: &[Instance], outer: &[Instance]) -> Option<Whole> {
    let mut found: BTreeMap<Key, (Vec<&Capability>, Vec<String>)> = BTreeMap::new();
    for instance in parts {
        for import in instance.host_imports() {
            let (all, names) = found.entry((import.name.to_string(), Users::Parts)).or_default();
            all.extend(&import.capabilities);
            if names.last() != Some(&instance.name) {
                names.push(instance.name.clone());
            }
        }
    }
    // What the artifact imports weighs what it weighs for `lint`, which sees no parts.
    let of_parts = parts.iter().flat_map(Instance::host_imports).flat_map(|import| &import.capabilities);
    let had: BTreeSet<String> = of_parts.map(|it| it.name.to_string()).collect();
    for import in outer.iter().flat_map(Instance::host_imports) {
        let name = import.name.to_string();
        let (used, unused): (Vec<_>, Vec<_>) =
            import.capabilities.iter().partition(|it| had.contains(&it.name.to_string()));
        match found.get_mut(&(name.clone(), Users::Parts)) {
            Some((all, _)) => *all = used,
            None if unused.is_empty() => _ = found.insert((name.clone(), Users::Nobody), Default::default()),
            None => {}
        }
        if !unused.is_empty() {
            found.insert((name, Users::Nobody), (unused, Vec::new()));
        }
    }
    if parts.len() < 2 && found.values().all(|(_, names)| !names.is_empty()) {
        return None;
    }
    let mut rows: Vec<(Severity, WholeRow)> = found
        .into_iter()
        .map(|((interface, _), (all, parts))| {
            let severity = all.iter().map(|it| it.rating.severity).max().unwrap_or_default();
            let power = if all.is_empty() { String::new() } else { Powers::of(&all).powers };
            (severity, WholeRow { interface, power, severity: severity.as_str().to_owned(), parts })
        })
        .collect();
    rows.sort_by_key(|(severity, _)| Reverse(*severity));
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    let warnings = taxonomy().toxic.iter().filter_map(|toxic| between(parts, toxic)).collect();
    Some(Whole { rows, warnings })
}

/// An interface, and who uses these functions of it.
type Key = (String, Users);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Users {
    Parts,
    Nobody,
}

/// What a dangerous pair means of which one part has one side and another part the other.
fn between(parts: &[Instance], toxic: &Toxic) -> Option<String> {
    let has = |part: &Instance, classes: &[String]| {
        part.capabilities().any(|capability| classes.iter().any(|class| class == capability.rating.class))
    };
    let holders = |classes: &[String]| -> Vec<String> {
        let holders = parts.iter().filter(|part| has(part, classes));
        holders.map(|part| quoted(&part.name)).collect()
    };
    if parts.iter().any(|part| has(part, &toxic.one) && has(part, &toxic.other)) {
        return None;
    }
    let (one, other) = (holders(&toxic.one), holders(&toxic.other));
    (!one.is_empty() && !other.is_empty())
        .then(|| format!("{}, the one through {}, the other through {}", toxic.why, list(&one), list(&other)))
}
