//! Holds what components can do against the capability lock: what came, what went, what weighs more or less.
//!
//! Differs from the lints: no policy is needed, and an allowed power that is new is news as well.

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use super::capability::{Instance, instances};
use super::diagnostics::{CapabilityDrift, Change};
use super::lock::lock_of;
use crate::config::{CapabilityLock, LockedComposition, LockedInstance, LockedPower};
use crate::diag::Run;
use crate::model::{ItemPath, Side};
use crate::source::Span;

/// Reports each component that can do something else than `old` says, and each that only one of both knows.
///
/// `is_whole` says that these are all compositions: then what is only in the lock is gone. Digests and versions are not
/// compared: another build that can do the same is no drift. `way_out` says what to do if it is meant. Codes:
/// `policy/capability-drift`.
pub fn drift(
    old: &CapabilityLock,
    file: Span,
    subjects: &mut [Subject<'_>],
    is_whole: bool,
    way_out: &str,
    run: &mut Run,
) {
    let facts: Vec<_> = subjects.iter().map(|subject| instances(subject.inputs, subject.wiring)).collect();
    let new = lock_of(subjects, &facts);
    for (name, composition) in &new.compositions {
        let before = old.compositions.get(name);
        let place = before.and_then(|before| before.span).unwrap_or(file);
        let none = LockedComposition::default();
        let before = before.unwrap_or(&none);
        let names: BTreeSet<&String> = if name.is_some() {
            composition.instances.keys().chain(before.instances.keys()).collect()
        } else {
            composition.instances.keys().collect() // nobody knows which others there are
        };
        let sides = |instance: &str| (before.instances.get(instance), composition.instances.get(instance));
        let all = names.into_iter().map(|instance| {
            let (was, is) = sides(instance);
            (instance, changes(was, is))
        });
        let all: BTreeMap<&String, Vec<Change>> = all.collect();
        for (instance, changes) in &all {
            let (was, is) = sides(instance);
            if was.is_some() == is.is_some() && changes.is_empty() {
                continue;
            }
            let imports = imports(subjects, &facts, name.as_deref(), instance, changes, run);
            run.diagnostics.report(CapabilityDrift {
                component: (*instance).clone(),
                composition: name.clone(),
                cause: cause(instance, &all),
                is_new: was.is_none(),
                is_gone: is.is_none(),
                changes: changes.clone(),
                span: was.and_then(|was| was.span).unwrap_or(place),
                imports,
                way_out: way_out.to_owned(),
            });
        }
    }
    for (name, composition) in
        old.compositions.iter().filter(|(name, _)| !new.compositions.contains_key(*name))
    {
        let Some(name) = name.as_ref().filter(|_| is_whole) else { continue };
        run.diagnostics.report(CapabilityDrift {
            component: name.clone(),
            composition: None,
            cause: None,
            is_new: false,
            is_gone: true,
            changes: Vec::new(),
            span: composition.span.unwrap_or(file),
            imports: Vec::new(),
            way_out: way_out.to_owned(),
        });
    }
}

/// Says of each finding about a power whether a lock has that power.
pub fn mark_known(lock: &CapabilityLock, run: &mut Run) {
    for finding in run.diagnostics.iter_mut() {
        let about = &finding.about;
        let (Some(component), Some(interface)) = (about.name("component"), about.name("interface")) else {
            continue;
        };
        let composition = lock.compositions.get(&about.name("composition").map(str::to_owned));
        let instance = composition.and_then(|composition| composition.instances.get(component));
        let is_it = |power: &LockedPower| match power {
            LockedPower::Import { interface: other, function } => {
                interface == other
                    && about.name("function").is_none_or(|name| Some(name) == function.as_deref())
            }
            LockedPower::Via { .. } => false,
        };
        let is_known = instance.is_some_and(|instance| instance.powers.keys().any(is_it));
        finding.about.is_known = Some(is_known);
    }
}

fn changes(was: Option<&LockedInstance>, is: Option<&LockedInstance>) -> Vec<Change> {
    let none = LockedInstance::default();
    let (was, is) = (&was.unwrap_or(&none).powers, &is.unwrap_or(&none).powers);
    let powers: BTreeSet<&LockedPower> = was.keys().chain(is.keys()).collect();
    let change = |power: &LockedPower| {
        let interface = power.interface().to_owned();
        let (sign, line) = match (was.get(power), is.get(power)) {
            (None, Some(rating)) => ('+', power.line(rating)),
            (Some(rating), None) => ('-', power.line(rating)),
            (Some(was), Some(is)) if (&was.class, &was.severity) != (&is.class, &is.severity) => {
                ('~', format!("{}, was {} {}", power.line(is), was.class, was.severity))
            }
            (Some(_), Some(_)) | (None, None) => return None,
        };
        let line = line.trim_start_matches("+ ").split_whitespace().collect::<Vec<_>>().join(" ");
        let peer = match power {
            LockedPower::Import { .. } => None,
            LockedPower::Via { peer, .. } => Some(peer.clone()),
        };
        Some(Change { sign, interface, line, peer })
    };
    powers.into_iter().filter_map(change).collect()
}

/// The component whose own imports changed, and with them what `instance` can do: itself, or the one behind all that it has
/// through peers. `None` where there is none, or more than one.
fn cause(instance: &String, all: &BTreeMap<&String, Vec<Change>>) -> Option<String> {
    let changes = &all[instance];
    if changes.iter().any(|change| change.peer.is_none()) {
        return Some(instance.clone());
    }
    let mut causes = BTreeSet::new();
    for change in changes {
        let behind = causes_of(instance, change, all);
        if behind.is_empty() {
            return None;
        }
        causes.extend(behind);
    }
    let cause = causes.pop_first()?;
    causes.is_empty().then(|| cause.clone())
}

/// The components behind the peers through which a change came whose own imports changed so.
fn causes_of<'a>(
    instance: &'a String,
    change: &Change,
    all: &'a BTreeMap<&String, Vec<Change>>,
) -> BTreeSet<&'a String> {
    let (mut causes, mut seen) = (BTreeSet::new(), BTreeSet::from([instance]));
    let mut left: Vec<&String> =
        change.peer.iter().filter_map(|peer| all.get_key_value(peer)).map(|(name, _)| *name).collect();
    while let Some(name) = left.pop() {
        if !seen.insert(name) {
            continue;
        }
        for same in all[name].iter().filter(|it| it.is_as(change)) {
            match &same.peer {
                Some(peer) => left.extend(all.get_key_value(peer).map(|(name, _)| *name)),
                None => {
                    causes.insert(name);
                }
            }
        }
    }
    causes
}

/// Where what came is imported.
fn imports(
    subjects: &mut [Subject<'_>],
    facts: &[Vec<Instance>],
    composition: Option<&str>,
    name: &str,
    changes: &[Change],
    run: &mut Run,
) -> Vec<Span> {
    let mut known = subjects.iter_mut().zip(facts);
    let Some((subject, instances)) = known.find(|(subject, _)| subject.composition == composition) else {
        return Vec::new();
    };
    let Some(instance) = instances.iter().find(|instance| instance.name == name) else { return Vec::new() };
    let is_new = |interface: &str| changes.iter().any(|it| it.sign == '+' && it.interface == interface);
    let imports = instance.host_imports().filter(|import| is_new(&import.name.to_string()));
    let component = &mut subject.inputs.components[instance.component];
    imports
        .map(|import| component.span(&mut run.sources, &ItemPath::item(Side::Import, &import.extern_name)))
        .collect()
}
