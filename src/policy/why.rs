//! Answers why something is imported: the way from an export, through instances and functions, to the import.
//!
//! Differs from `table.rs`, which shows everything and no ways.

use std::cmp::Reverse;

use super::SupportRow;
use super::capability::{Capability, Import, Instance, instances};
use super::grant::matches_without_policy;
use super::reach::{Reach, Verdict, WitnessStep};
use crate::check::Wiring;
use crate::config::Selector;
use crate::load::Inputs;

/// Why something is imported.
#[derive(Clone, Debug, Default)]
pub struct Why {
    /// The artifact.
    pub name: String,
    /// What was asked about, as it was written.
    pub capability: String,
    /// One entry a function that is imported from the host and that the question is about, the most reached first.
    pub answers: Vec<WhyAnswer>,
}

/// Why one function is imported.
#[derive(Clone, Debug, Default)]
pub struct WhyAnswer {
    /// The instance that imports it.
    pub instance: String,
    /// The import on its track, without the function.
    pub interface: String,
    /// The function, with its interface on its track.
    pub capability: String,
    /// `none`, `low`, `medium`, `high` or `critical`.
    pub severity: String,
    /// `reachable`, `run-time support` (likely), `unanalyzable`, `never exercisable` (proven), `unreachable` (proven) or
    /// `type-only`.
    pub verdict: String,
    /// Of run-time support: which, how we know, and how to be rid of it.
    pub support: Option<SupportRow>,
    /// Whether the exports of the whole lead to it.
    pub is_needed: bool,
    /// The exports and other roots that lead to it, each with its instance.
    pub from: Vec<(String, String)>,
    /// The shortest way from one of them; empty where there is none.
    pub witness: Vec<WitnessStep>,
}

impl Why {
    /// Whether something that the question is about can be called.
    pub fn has_a_way(&self) -> bool {
        self.answers.iter().any(|answer| !answer.witness.is_empty())
    }
}

/// Why the instances of a wiring import what `wanted` speaks of. `name` is that of the artifact.
pub fn why(inputs: &Inputs, wiring: &Wiring, name: &str, wanted: &Selector) -> Why {
    let instances = instances(inputs, wiring);
    let reach = Reach::of(inputs, wiring);
    let mut answers: Vec<(u8, Reverse<super::taxonomy::Severity>, WhyAnswer)> = Vec::new();
    for instance in &instances {
        for import in instance.host_imports() {
            let about = import.capabilities.iter().filter(|it| matches_without_policy(wanted, it));
            answers.extend(about.map(|it| answer(&reach, wiring, instance, import, it)));
            if import.capabilities.is_empty() && is_types_of(wanted_interface(wanted), import) {
                let interface = import.name.to_string();
                let answer = WhyAnswer {
                    instance: instance.name.clone(),
                    capability: interface.clone(),
                    interface,
                    severity: "none".to_owned(),
                    verdict: "type-only".to_owned(),
                    ..WhyAnswer::default()
                };
                answers.push((u8::MAX, Reverse(import.severity()), answer));
            }
        }
    }
    answers.sort_by_key(|(rank, severity, _)| (*rank, *severity));
    let answers = answers.into_iter().map(|(.., answer)| answer).collect();
    Why { name: name.to_owned(), capability: wanted.to_string(), answers }
}

fn answer(
    reach: &Reach,
    wiring: &Wiring,
    instance: &Instance,
    import: &Import,
    capability: &Capability,
) -> (u8, Reverse<super::taxonomy::Severity>, WhyAnswer) {
    let verdict = reach.verdict(instance, capability, wiring);
    let support = if let Verdict::Support(it) = &verdict {
        Some(SupportRow { cause: it.cause.clone(), evidence: it.evidence.clone(), fix: it.fix.clone() })
    } else {
        None
    };
    let has_way = matches!(verdict, Verdict::Reachable | Verdict::Support(_) | Verdict::Unanalyzable);
    let answer = WhyAnswer {
        instance: instance.name.clone(),
        interface: import.name.to_string(),
        capability: capability.name.to_string(),
        severity: capability.rating.severity.as_str().to_owned(),
        verdict: verdict.as_str().to_owned(),
        support,
        is_needed: reach.is_needed(instance, capability),
        from: if has_way { reach.roots_of(instance, capability, wiring) } else { Vec::new() },
        witness: if has_way { reach.witness(instance, capability, wiring) } else { Vec::new() },
    };
    (verdict.rank(), Reverse(capability.rating.severity), answer)
}

/// The pattern of a question that is about no function.
fn wanted_interface(wanted: &Selector) -> Option<&crate::config::Pattern> {
    match wanted {
        Selector::Capability(pattern) if pattern.function.is_none() => Some(pattern),
        Selector::Capability(_) | Selector::Group(_) => None,
    }
}

fn is_types_of(wanted: Option<&crate::config::Pattern>, import: &Import) -> bool {
    wanted.is_some_and(|pattern| pattern.matches(&import.name, crate::config::Labels::All))
}
