//! What stands between a composition that fits and its artifact: a policy, a capability lock, a host.
//!
//! Differs from the stages `policy` and `host`: they judge, here is decided who judges what; `rules.rs` reads what they judge by.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::rules::Rules;
use crate::check::{self, HostFit, Wiring, opened, side_by_side, side_by_side_within, whole_needs};
use crate::config::{CapabilityLock, Composition, LOCK_NAME, MANIFEST_NAME, Request, read_lock};
use crate::diag::{Level, Run, code, quoted};
use crate::host::Asked;
use crate::load::Inputs;
use crate::model::Date;
use crate::policy::{self, ScopeRow};
use crate::source::{Files, Span};

/// Whether a composition may become an artifact, by the policy, the host and the capability lock that it is held against; all
/// that stands against it is reported.
pub(super) fn let_through(
    composition: &Composition,
    inputs: &mut Inputs,
    wiring: &Wiring,
    rules: &mut Rules<'_>,
    run: &mut Run,
) -> bool {
    let (request, files) = (rules.request, rules.files);
    let errors = run.diagnostics.error_count();
    let asked = rules.asked_for(composition, run);
    grant(composition, asked.as_ref(), inputs, wiring, rules, run);
    let name = name_of(composition, request, wiring);
    on_hosts(&name, asked.as_ref(), inputs, wiring, files, run);
    if request.locked {
        // The lock is one for all of them, and what is told of it names the composition.
        run.within(None, |run| hold_linked_to_lock(composition, request, inputs, wiring, files, run));
    }
    run.diagnostics.error_count() == errors && rules.are_in_order(Some(composition), run)
}

/// The name of the manifest; for bare paths, that of the component that the composition is for.
pub(super) fn name_of(composition: &Composition, request: &Request, wiring: &Wiring) -> String {
    match (request.manifests.is_empty(), wiring.root) {
        (true, Some(root)) => wiring.instance(root).name.clone(),
        (true, None) | (false, _) => composition.name.value.clone(),
    }
}

/// Judges a composition by the policy that was asked for, if any.
fn grant(
    composition: &Composition,
    asked: Option<&Asked>,
    inputs: &mut Inputs,
    wiring: &Wiring,
    rules: &mut Rules<'_>,
    run: &mut Run,
) {
    if let Some(policy) = rules.policy_of(composition, run) {
        let composition = Some(composition.name.as_str());
        let occasion = rules.occasion(&policy, asked, run);
        let subject = policy::Subject { inputs, wiring, composition, declared: None };
        policy::permit(subject, &policy, &occasion, run);
    }
}

/// Whether a linked component may be what it is, by the policy and the host that it is held against.
pub(super) fn permitted(inputs: &mut Inputs, rules: &mut Rules<'_>, run: &mut Run) -> bool {
    let (request, files) = (rules.request, rules.files);
    let errors = run.diagnostics.error_count();
    let wiring = side_by_side(inputs);
    let asked = rules.asked(run);
    if let Some(policy) = request.policy.as_ref().and_then(|path| rules.policy(path, None, run)) {
        // The rules are for its parts, as when it was linked.
        let mut parts = opened(inputs, &wiring);
        let (inputs, wiring) = match &mut parts {
            Some((parts, wiring)) => (parts, &*wiring),
            None => (&mut *inputs, &wiring),
        };
        let occasion = rules.occasion(&policy, asked.as_ref(), run);
        let subject = policy::Subject { inputs, wiring, composition: None, declared: None };
        policy::permit(subject, &policy, &occasion, run);
    }
    let name = inputs.components.first().map(|component| component.name.clone()).unwrap_or_default();
    on_hosts(&name, asked.as_ref(), inputs, &wiring, files, run);
    run.diagnostics.error_count() == errors && rules.are_in_order(None, run)
}

/// What is to be held to the limits of a policy, on the hosts that were asked for.
pub(super) struct Limited<'l> {
    pub(super) composition: Option<&'l Composition>,
    /// The policy, if there is one.
    pub(super) path: Option<&'l Path>,
    pub(super) asked: &'l Asked,
}

impl Limited<'_> {
    /// Each limit with who enforces it. Those that nobody enforces are reported, unless all hosts were asked for.
    pub(super) fn enforced(
        &self,
        inputs: &mut Inputs,
        wiring: &Wiring,
        rules: &mut Rules<'_>,
        run: &mut Run,
    ) -> Vec<ScopeRow> {
        let place = self.path.and_then(|path| self.composition?.place_of_policy(path));
        let Some(policy) = self.path.and_then(|path| rules.policy(path, place, run)) else {
            return Vec::new();
        };
        let occasion = rules.occasion(&policy, Some(self.asked), run);
        let composition = self.composition.map(|composition| composition.name.as_str());
        let mut subject = policy::Subject { inputs, wiring, composition, declared: None };
        match self.asked.is_survey {
            true => policy::scopes(&subject, &policy, &occasion),
            false => policy::enforced(&mut subject, &policy, &occasion, run),
        }
    }
}

/// The policy that was asked for, if any.
pub(super) fn policy_path(composition: &Composition, request: &Request) -> Option<PathBuf> {
    request.policy.clone().or_else(|| composition.policy.as_ref().map(|path| path.value.clone()))
}

/// Holds what a wiring makes against the hosts that were asked for; where all were, nothing is reported.
pub(super) fn on_hosts(
    name: &str,
    asked: Option<&Asked>,
    inputs: &mut Inputs,
    wiring: &Wiring,
    files: &dyn Files,
    run: &mut Run,
) -> Vec<HostFit> {
    let Some(Asked { profiles, is_survey }) = asked else { return Vec::new() };
    if *is_survey {
        let needs = whole_needs(inputs, wiring);
        let on_host = |profile| check::on_host(name, inputs, wiring, &needs, profile, files);
        return profiles.iter().map(on_host).collect();
    }
    profiles.iter().map(|profile| check::hold(name, inputs, wiring, profile, files, run)).collect()
}

/// Holds what can be done against the capability lock, where there is one or one is asked for. `is_whole` says that these
/// are all compositions of the manifest.
pub(super) fn hold_to_lock(
    subjects: &mut [policy::Subject<'_>],
    is_whole: bool,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> Option<CapabilityLock> {
    let (lock, place) = lock_for(request, files, run)?;
    policy::drift(&lock, place, subjects, is_whole, &anew(request), run);
    Some(lock)
}

/// Holds a composition that is linked against the capability lock. One of bare paths stands there under its name, or its
/// components do, side by side: `witc policy snapshot` of the same paths knows no more. What the composition takes from the
/// host where they have it from each other, the lock must have as well.
fn hold_linked_to_lock(
    composition: &Composition,
    request: &Request,
    inputs: &mut Inputs,
    wiring: &Wiring,
    files: &dyn Files,
    run: &mut Run,
) {
    let Some((lock, place)) = lock_for(request, files, run) else { return };
    let name = composition.name.as_str();
    let is_bare = request.manifests.is_empty() && !lock.compositions.contains_key(&Some(name.to_owned()));
    let alone = is_bare.then(|| side_by_side_within(inputs, wiring));
    let composition = (!is_bare).then_some(name);
    // What no lock of these paths says.
    let has_more = alone.as_ref().is_some_and(|it| it.host.len() > side_by_side(inputs).host.len());
    let way_out = match has_more {
        true => format!("name the composition in a `{MANIFEST_NAME}`, where the lock has its wires"),
        false => anew(request),
    };
    let subject =
        policy::Subject { inputs, wiring: alone.as_ref().unwrap_or(wiring), composition, declared: None };
    policy::drift(&lock, place, &mut [subject], false, &way_out, run);
}

/// The capability lock with its place, where there is one; that there is none is reported where one is asked for.
fn lock_for(request: &Request, files: &dyn Files, run: &mut Run) -> Option<(CapabilityLock, Span)> {
    if request.locked {
        run.diagnostics.levels.set(code::CAPABILITY_DRIFT, Level::Deny);
    }
    let path = request.beside_manifest(LOCK_NAME);
    if files.kind(&path).is_ok() {
        return read_lock(&path, files, run);
    }
    if request.locked {
        policy::without_lock(&path, &snapshot_command(request), run);
    }
    None
}

/// What to do about a lock that is out of date.
fn anew(request: &Request) -> String {
    format!("write the lock anew: {}", quoted(&snapshot_command(request)))
}

/// The command that writes the capability lock of a request.
fn snapshot_command(request: &Request) -> String {
    request.command_for_same("witc policy snapshot")
}

/// The day to judge by: the one that was asked for, or that of the clock.
pub(super) fn today(request: &Request) -> Date {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let first = || Date::from_unix_seconds(0).expect("1970 began on a day");
    request.today.unwrap_or_else(|| Date::from_unix_seconds(now()).unwrap_or_else(first))
}
