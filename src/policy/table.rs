//! What instances can do, as plain tables that any report can show; needs no policy.
//!
//! Differs from `capability.rs`: those are the facts, this is how a reviewer reads them.

use std::cmp::Reverse;

use super::capability::{Capability, Import, Instance, instances};
use super::diagnostics::Powers;
use super::lints::toxic_combination;
use super::reach::{Reach, Verdict};
use super::taxonomy::{Toxic, taxonomy};
use super::whole::whole;
use super::{Capabilities, CapabilityRow, InstanceCapabilities, SupportKind, SupportRow, UseRow};
use crate::check::Wiring;
use crate::load::Inputs;
use crate::model::short_function_name;

/// What each instance of a wiring imports from the host, and how its code reaches it. `name` is that of the artifact, and
/// `outer` the artifact itself, where the wiring is that of the parts of one.
pub fn capabilities(
    (inputs, wiring): (&Inputs, &Wiring),
    outer: Option<(&Inputs, &Wiring)>,
    name: &str,
) -> Capabilities {
    let outer = outer.map(|(inputs, wiring)| instances(inputs, wiring)).unwrap_or_default();
    let instances = instances(inputs, wiring);
    let whole = whole(&instances, &outer);
    let facts = Facts { reach: Reach::of(inputs, wiring) };
    Capabilities {
        name: name.to_owned(),
        taxonomy: taxonomy().version.clone(),
        instances: instances.iter().map(|instance| facts.instance(instance)).collect(),
        whole,
    }
}

struct Facts {
    reach: Reach,
}

impl Facts {
    fn instance(&self, instance: &Instance) -> InstanceCapabilities {
        let mut imports: Vec<&Import> = instance.host_imports().collect();
        imports.sort_by_key(|import| {
            (Reverse(import.severity()), import.capabilities.is_empty(), import.name.clone())
        });
        let mut support = Vec::new();
        let rows = imports.into_iter().map(|import| self.row(instance, import, &mut support)).collect();
        InstanceCapabilities {
            name: instance.name.clone(),
            rows,
            obstacle: self.reach.obstacle(instance.id).map(|it| it.as_str().to_owned()),
            warnings: taxonomy().toxic.iter().filter_map(|toxic| self.warning(instance, toxic)).collect(),
            support,
        }
    }

    /// What a dangerous pair means, and how sure it is that both sides of it are used.
    fn warning(&self, instance: &Instance, toxic: &Toxic) -> Option<String> {
        let sides = toxic_combination::sides(instance, toxic)?;
        let most = sides.map(|side| {
            let verdicts = side.iter().map(|it| self.reach.verdict(instance, it));
            verdicts.min_by_key(Verdict::rank).unwrap_or(Verdict::Unreachable)
        });
        let least = most.into_iter().max_by_key(Verdict::rank)?;
        let how = match &least {
            Verdict::Reachable | Verdict::Unanalyzable => String::new(),
            Verdict::Support(support) => match support.kind {
                SupportKind::Engine => format!(", if its program uses what the {} has", support.cause),
                SupportKind::EmptyProgram => {
                    format!("; one of the two comes with the {}, used or not", support.cause)
                }
                SupportKind::Likely => format!("; of one, likely only: {}", support.cause),
            },
            Verdict::Unexercisable | Verdict::Unreachable => {
                "; but it is proven that it never uses one of the two".to_owned()
            }
        };
        Some(format!("{}{how}", toxic.why))
    }

    fn use_row(
        &self,
        instance: &Instance,
        capability: &Capability,
        verdict: &Verdict,
        is_needed: bool,
    ) -> UseRow {
        let name = &capability.name;
        let function = name.function.as_deref().map(|it| short_function_name(it).to_owned());
        UseRow {
            function: function.unwrap_or_else(|| name.to_string()),
            severity: capability.rating.severity.as_str().to_owned(),
            verdict: verdict.as_str().to_owned(),
            cause: if let Verdict::Support(support) = verdict { Some(support.cause.clone()) } else { None },
            is_lowered: self.reach.is_lowered(instance, capability),
            is_exercisable: capability.can_be_called,
            is_reachable: self.reach.is_reachable(instance, capability),
            is_direct: self.reach.is_direct(instance, capability),
            is_needed,
        }
    }

    fn row(&self, instance: &Instance, import: &Import, support: &mut Vec<SupportRow>) -> CapabilityRow {
        let all: Vec<_> = import.capabilities.iter().collect();
        let powers = Powers::of(&all);
        let class = all.iter().max_by_key(|it| it.rating.severity).map(|it| it.rating.class);
        let verdicts: Vec<Verdict> = all.iter().map(|it| self.reach.verdict(instance, it)).collect();
        let is_needed: Vec<bool> = all.iter().map(|it| self.reach.is_needed(instance, it)).collect();
        for verdict in &verdicts {
            if let Verdict::Support(it) = verdict {
                let row = it.row();
                if !support.contains(&row) {
                    support.push(row);
                }
            }
        }
        let most = verdicts.iter().min_by_key(|verdict| verdict.rank());
        let uses = all.iter().zip(&verdicts).zip(&is_needed);
        CapabilityRow {
            interface: import.name.to_string(),
            power: if all.is_empty() { "nothing: only its types are used".to_owned() } else { powers.powers },
            class: class.unwrap_or("types").to_owned(),
            severity: import.severity().as_str().to_owned(),
            functions: powers.functions,
            reached: reached(&all, &verdicts, &is_needed),
            verdict: most.map_or("type-only", Verdict::as_str).to_owned(),
            uses: uses
                .map(|((it, verdict), is_needed)| self.use_row(instance, it, verdict, *is_needed))
                .collect(),
        }
    }
}

/// How the functions of one import are reached, in a few words: the one that is reached the most, and how many are so.
fn reached(capabilities: &[&Capability], verdicts: &[Verdict], is_needed: &[bool]) -> String {
    let Some(most) = verdicts.iter().min_by_key(|verdict| verdict.rank()) else {
        return "only its types".to_owned();
    };
    let alike = || verdicts.iter().filter(|verdict| verdict.rank() == most.rank()).count();
    let words = match most {
        Verdict::Reachable if !is_needed.contains(&true) => "only by exports that nobody uses".to_owned(),
        Verdict::Reachable if !capabilities.iter().any(|it| it.needs_grant) => "through handles".to_owned(),
        Verdict::Reachable => "reachable".to_owned(),
        Verdict::Support(support) => match support.kind {
            SupportKind::Engine | SupportKind::EmptyProgram => {
                format!("by the {}, used or not", support.cause)
            }
            SupportKind::Likely => format!("likely only: {}", support.cause),
        },
        Verdict::Unexercisable => "proven: no handle for it".to_owned(),
        Verdict::Unreachable => "proven unreachable".to_owned(),
        Verdict::Unanalyzable => "unanalyzable".to_owned(),
    };
    if alike() == verdicts.len() { words } else { format!("{words} ({} of {})", alike(), verdicts.len()) }
}
