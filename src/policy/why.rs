//! Answers why something is imported: the way from an export, through instances and functions, to the import.
//!
//! Differs from `table.rs`, which shows everything and no ways.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::SupportRow;
use super::capability::{Capability, Import, Instance, instances};
use super::diagnostics::UnknownCapability;
use super::question::{Meaning, is_known, meant};
use super::reach::{Leading, Reach, Verdict, WitnessStep};
use crate::check::Wiring;
use crate::diag::Run;
use crate::load::Inputs;
use crate::source::{Origin, Span};

/// Why something is imported.
#[derive(Clone, Debug, Default)]
pub struct Why {
    /// The artifact.
    pub name: String,
    /// What was asked about, as it was written.
    pub capability: String,
    /// One entry a function that is imported from the host and that the question is about, the most reached first.
    pub answers: Vec<WhyAnswer>,
    /// What the question is about and another instance provides: no power of the host.
    pub inside: Vec<Inside>,
    /// Whether there is an interface of that name, as far as witc knows.
    pub is_known: bool,
    /// What is called almost so, where nothing is called so.
    pub meant: Option<String>,
}

/// An import that another instance provides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inside {
    /// The instance that imports it.
    pub instance: String,
    /// The import on its track.
    pub interface: String,
    /// The instance that provides it.
    pub provider: String,
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
    /// The exports and other roots that lead to it, each with its instance; the first 64.
    pub from: Vec<(String, String)>,
    /// How many of them there are.
    pub roots: usize,
    /// The shortest way from one of them; empty where there is none.
    pub witness: Vec<WitnessStep>,
}

impl Why {
    /// Whether anything that the question is about is imported, be it from the host or from another instance.
    pub fn is_imported(&self) -> bool {
        !self.answers.is_empty() || !self.inside.is_empty()
    }

    /// Whether something that the question is about can be called.
    pub fn has_a_way(&self) -> bool {
        self.answers.iter().any(|answer| !answer.witness.is_empty())
    }
}

/// Why the instances of a wiring import what `wanted` speaks of, in any spelling. `name` is that of the artifact, and `outer`
/// the artifact itself, where the wiring is that of the parts of one: it may import what none of them does.
pub fn why(
    (inputs, wiring): (&Inputs, &Wiring),
    outer: Option<(&Inputs, &Wiring)>,
    name: &str,
    wanted: &str,
) -> Why {
    let mut instances = instances(inputs, wiring);
    let parts = instances.len();
    instances.extend(outer.into_iter().flat_map(|outer| of_no_part(outer, &instances)).collect::<Vec<_>>());
    let mut why = Why { name: name.to_owned(), capability: wanted.to_owned(), ..Why::default() };
    let Some(meaning) = Meaning::of(wanted, &instances) else {
        why.is_known = is_known(wanted);
        why.meant = meant(wanted, &instances).filter(|_| !why.is_known);
        return why;
    };
    why.is_known = true;
    let reach = Reach::of(inputs, wiring);
    let outer = outer.filter(|_| instances.len() > parts);
    let outer = outer.map(|(inputs, wiring)| (Reach::of(inputs, wiring), wiring));
    let mut answers: Vec<(u8, Reverse<super::taxonomy::Severity>, WhyAnswer)> = Vec::new();
    for (at, instance) in instances.iter().enumerate() {
        let (reach, wiring) = match &outer {
            Some((reach, wiring)) if at >= parts => (reach, *wiring),
            Some(_) | None => (&reach, wiring),
        };
        for import in &instance.imports {
            let about: Vec<&Capability> =
                import.capabilities.iter().filter(|it| meaning.is_about(it)).collect();
            if let Some(provider) = import.provider {
                if !about.is_empty() {
                    why.inside.push(Inside {
                        instance: instance.name.clone(),
                        interface: import.name.to_string(),
                        provider: wiring.instance(provider).name.clone(),
                    });
                }
                continue;
            }
            answers.extend(about.into_iter().map(|it| answer(reach, wiring, instance, import, it)));
            if meaning.is_about_types(import) {
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
    why.answers = answers.into_iter().map(|(.., answer)| answer).collect();
    why
}

/// Reports what is likely a slip, and says whether there is one: nowhere is anything called so, and something is called almost
/// so. `asked` is what it was asked of, as it was written. Codes: `policy/unknown-capability`.
pub fn report_slip(answers: &[Why], asked: &str, run: &mut Run) -> bool {
    let slip = answers.iter().find_map(|why| Some((why, why.meant.clone()?)));
    let (Some((why, meant)), true) = (slip, answers.iter().all(|why| !why.is_known)) else { return false };
    let text = format!("witc why {asked} {}", why.capability);
    let source = run.sources.add("<command line>", Origin::CommandLine, text.as_str());
    let span = Span::new(source, text.len() - why.capability.len(), text.len());
    let (artifact, name) = (why.name.clone(), why.capability.clone());
    run.diagnostics.report(UnknownCapability { artifact, name, meant, span });
    true
}

/// An artifact with what it imports and none of its parts does; nothing where there is no such thing.
fn of_no_part((inputs, wiring): (&Inputs, &Wiring), parts: &[Instance]) -> Vec<Instance> {
    let of_parts = || parts.iter().flat_map(Instance::host_imports);
    let had: BTreeSet<String> = of_parts().map(|import| import.name.to_string()).collect();
    let functions = of_parts().flat_map(|import| &import.capabilities);
    let functions: BTreeSet<String> = functions.map(|it| it.name.to_string()).collect();
    let mut outer = instances(inputs, wiring);
    for instance in &mut outer {
        for import in &mut instance.imports {
            import.capabilities.retain(|it| !functions.contains(&it.name.to_string()));
        }
        let is_left =
            |import: &Import| !import.capabilities.is_empty() || !had.contains(&import.name.to_string());
        instance.imports.retain(|import| import.is_from_host() && is_left(import));
    }
    outer.retain(|instance| !instance.imports.is_empty());
    outer
}

fn answer(
    reach: &Reach,
    wiring: &Wiring,
    instance: &Instance,
    import: &Import,
    capability: &Capability,
) -> (u8, Reverse<super::taxonomy::Severity>, WhyAnswer) {
    let verdict = reach.verdict(instance, capability);
    let support = if let Verdict::Support(it) = &verdict { Some(it.row()) } else { None };
    let Leading { first: from, count: roots } = reach.roots_of(instance, capability, wiring);
    let has_way = matches!(verdict, Verdict::Reachable | Verdict::Support(_) | Verdict::Unanalyzable);
    let answer = WhyAnswer {
        instance: instance.name.clone(),
        interface: import.name.to_string(),
        capability: capability.name.to_string(),
        severity: capability.rating.severity.as_str().to_owned(),
        verdict: verdict.as_str().to_owned(),
        support,
        is_needed: reach.is_needed(instance, capability),
        from: if has_way { from } else { Vec::new() },
        roots: if has_way { roots } else { 0 },
        witness: if has_way { reach.witness(instance, capability, wiring) } else { Vec::new() },
    };
    (verdict.rank(), Reverse(capability.rating.severity), answer)
}
