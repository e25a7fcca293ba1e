//! Calls the stages in order, and decides where to stop; the only module that does.
//!
//! Differs from `cli`, which asks for a run: here it is done. This file checks, `against.rs` what is held against a target; beside it `compared.rs` asks what
//! changed, `judged.rs` what inputs can and may do, `shown.rs` shows them, `linked.rs` links, `replaced.rs` exchanges a part,
//! and `gates.rs` holds what is linked against a policy, a lock and a host, which `rules.rs` reads. `deployed.rs` makes the files of a deployment.

mod against;
mod compared;
mod deployed;
mod gates;
mod judged;
mod linked;
mod replaced;
mod rules;
mod shown;

use std::cmp::Reverse;

pub use self::compared::compare;
pub use self::deployed::deploy;
use self::gates::{Limited, on_hosts, policy_path};
pub use self::judged::{
    Mended, MendedFile, capabilities, first_policy, is_policy_shared, lint, lint_for, mend, snapshot, why,
};
use self::linked::linked;
use self::replaced::replaced;
use self::rules::Rules;
pub use self::shown::{graph, hosts, wit};
use crate::check::{HostFit, Wiring, by_itself, whole_needs, wire};
use crate::config::{ComposeRequest, Composition, Request, WithoutEffect, compositions, replaces_parts};
use crate::diag::Run;
use crate::host::Asked;
use crate::link::plan;
use crate::load::{Inputs, are_untouched, load};
use crate::report::{Answer, Looked, NeedsRow, Outcome};
use crate::source::Files;

/// Checks inputs each for itself, and compositions as a whole.
pub fn check(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut fits = Vec::new();
    let mut has_host = request.host.is_some();
    let mut rules = Rules::new(request, files);
    let compositions = Request { inputs: Vec::new(), ..request.clone() };
    for composition in wanted(&compositions, &ComposeRequest::default(), files, &mut run) {
        has_host |= composition.host.is_some();
        let name = composition.name.value.clone();
        let checked = |run: &mut Run| checked(&composition, &mut rules, &mut outcome, run);
        fits.extend(run.within(Some(&name), checked));
        outcome.looked_at.push(Looked { noun: "composition", name });
    }
    let mut inputs = load(request, files, &mut run);
    // From here on each input is right in itself.
    if let Some(target) = &request.against {
        against::hold(&mut inputs, request, target, files, &mut run);
    }
    outcome.looked_at.extend(looked_at(&inputs));
    let asked = rules.asked(&mut run);
    for at in 0..inputs.components.len() {
        let (name, alone) = (inputs.components[at].name.clone(), by_itself(&inputs, at));
        outcome.needs.push(NeedsRow { artifact: name.clone(), needs: whole_needs(&inputs, &alone) });
        if let Some(asked) = &asked {
            let limited = Limited { composition: None, path: request.policy.as_deref(), asked };
            outcome.scopes.extend(limited.enforced(&mut inputs, &alone, &mut rules, &mut run));
        }
        fits.extend(on_hosts(&name, asked.as_ref(), &mut inputs, &alone, files, &mut run));
    }
    fits.extend(worlds_on_hosts(&inputs, asked.as_ref(), files, &mut run));
    outcome.answer = (!fits.is_empty()).then_some(Answer::Fits(fits));
    if run.diagnostics.error_count() == 0 {
        refuse_without_effect(request, has_host, !inputs.wit.is_empty(), &mut run);
    }
    finish(run, outcome)
}

/// Checks a composition as a whole, also on the hosts that were asked for.
fn checked(
    composition: &Composition,
    rules: &mut Rules<'_>,
    outcome: &mut Outcome,
    run: &mut Run,
) -> Vec<HostFit> {
    let (request, files) = (rules.request, rules.files);
    // Asked for first, so that a host that nobody knows is told beside what else is wrong.
    let asked = rules.asked_for(composition, run);
    rules.policy_of(composition, run); // what is wrong with it is told whether or not a host asks for it
    let (Some((mut inputs, wiring)), true) = wired(composition, request, files, run) else {
        return Vec::new();
    };
    plan(&mut inputs, &wiring, true, run);
    let name = composition.name.as_str();
    let needs = whole_needs(&inputs, &wiring);
    outcome.needs.push(NeedsRow { artifact: name.to_owned(), needs });
    if let Some(asked) = &asked {
        let path = policy_path(composition, request);
        let limited = Limited { composition: Some(composition), path: path.as_deref(), asked };
        outcome.scopes.extend(limited.enforced(&mut inputs, &wiring, rules, run));
    }
    on_hosts(name, asked.as_ref(), &mut inputs, &wiring, files, run)
}

/// Holds the worlds among the inputs against the hosts that were asked for: whether a program of such a world links there.
fn worlds_on_hosts(inputs: &Inputs, asked: Option<&Asked>, files: &dyn Files, run: &mut Run) -> Vec<HostFit> {
    let mut fits = Vec::new();
    for world in inputs.wit.iter().flat_map(|package| &package.worlds) {
        let mut program = Inputs { components: vec![world.without_code()], wit: Vec::new() };
        let alone = by_itself(&program, 0);
        fits.extend(on_hosts(&world.name, asked, &mut program, &alone, files, run));
    }
    fits
}

/// Reports the flags of `check` that changed nothing.
fn refuse_without_effect(request: &Request, has_host: bool, has_wit: bool, run: &mut Run) {
    let add_host = "add `--host ID`; `witc hosts` lists them, and `witc lint` judges without one";
    if let (Some(policy), false) = (&request.policy, has_host) {
        let (value, why) =
            (policy.display().to_string(), "says what the host must enforce, and none is named");
        WithoutEffect { flag: "--policy", value: &value, why, help: add_host }.report(request, run);
    }
    if let ([kind, ..], false) = (request.accepted.as_slice(), has_host) {
        let why = "says what the host need not enforce, and none is named";
        WithoutEffect { flag: "--accept", value: kind, why, help: add_host }.report(request, run);
    }
    if let (Some(world), None, false) = (&request.world, &request.against, has_wit) {
        let why = "chooses a world of WIT, and no input is WIT";
        let help =
            "leave it out: a component is checked whole; a world that it must fit is given with `--against`";
        WithoutEffect { flag: "--world", value: world, why, help }.report(request, run);
    }
}

/// Links each composition, and writes what it becomes.
pub fn compose(request: &Request, flags: &ComposeRequest, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut rules = Rules::new(request, files);
    if replaces_parts(request, flags) {
        outcome.artifacts.extend(replaced(flags, &mut rules, &mut run));
        return finish(run, outcome);
    }
    for composition in wanted(request, flags, files, &mut run) {
        let name = composition.name.as_str();
        match run.within(Some(name), |run| linked(&composition, flags, &mut rules, run)) {
            Some(artifact) => outcome.artifacts.push(artifact),
            None => outcome.not_linked.push(name.to_owned()),
        }
    }
    finish(run, outcome)
}

/// The inputs of a composition and their wiring, and whether that may be linked: nothing is wrong with it.
fn wired(
    composition: &Composition,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> (Option<(Inputs, Wiring)>, bool) {
    let errors = run.diagnostics.error_count();
    let mut inputs = load(&inputs_of(composition, request), files, run);
    // From here on every input that is there is valid, and its surface is known.
    let wiring = wire(&mut inputs, composition, run);
    (wiring.map(|wiring| (inputs, wiring)), run.diagnostics.error_count() == errors)
}

/// What is to be loaded for a composition.
fn inputs_of(composition: &Composition, request: &Request) -> Request {
    let wit = composition.wit.iter().map(|path| path.value.clone());
    Request {
        inputs: composition.inputs.clone(),
        wit: wit.chain(request.wit.iter().cloned()).collect(),
        places: composition.places(),
        allow_wit: false,
        ..request.clone()
    }
}

fn wanted(request: &Request, flags: &ComposeRequest, files: &dyn Files, run: &mut Run) -> Vec<Composition> {
    let wanted = compositions(request, flags, files, run).unwrap_or_default();
    run.diagnostics.compositions = wanted.len();
    wanted
}

fn start(request: &Request) -> (Run, Outcome) {
    let mut run = Run::default();
    run.diagnostics.levels = request.levels.clone();
    (run, Outcome::default())
}

fn looked_at(inputs: &Inputs) -> Vec<Looked> {
    let mut looked_at = Vec::new();
    for package in &inputs.wit {
        let worlds = package.worlds.iter();
        looked_at.extend(worlds.map(|world| Looked { noun: "world", name: world.name.clone() }));
        if package.worlds.is_empty() {
            looked_at.push(Looked { noun: "package", name: package.name.clone() });
        }
    }
    let components = inputs.components.iter();
    looked_at.extend(components.map(|it| Looked { noun: "component", name: it.name.clone() }));
    looked_at
}

fn finish(mut run: Run, outcome: Outcome) -> Outcome {
    // What was made already was made of what was there then.
    let outcome = match are_untouched(&mut run) {
        true => outcome,
        false => {
            let Outcome { artifacts, not_linked, mended, .. } = outcome;
            Outcome { artifacts, not_linked, mended, ..Outcome::default() }
        }
    };
    let mut diagnostics = run.diagnostics;
    let accepted = std::mem::take(&mut diagnostics.accepted);
    let mut diagnostics = diagnostics.into_sorted();
    // What fails the run is read first, whatever the command.
    diagnostics.sort_by_key(|found| Reverse(found.severity));
    Outcome { sources: run.sources, diagnostics, accepted, ..outcome }
}
