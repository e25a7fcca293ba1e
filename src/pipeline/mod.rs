//! Calls the stages in order, and decides where to stop; the only module that does.
//!
//! Differs from `cli`, which asks for a run: here it is done. This file checks and links; beside it `compared.rs` asks what
//! changed, `judged.rs` what inputs can and may do, `shown.rs` shows them, `replaced.rs` exchanges a part, and `gates.rs`
//! holds what is linked against a policy, a lock and a host. `deployed.rs` makes the files of a deployment.

mod compared;
mod deployed;
mod gates;
mod judged;
mod replaced;
mod shown;

use std::path::{Path, PathBuf};

pub use self::compared::compare;
pub use self::deployed::deploy;
use self::gates::{Limited, asked_host, host_of, let_through, on_hosts, policy_digest, policy_path};
pub use self::judged::{Mended, MendedFile, capabilities, first_policy, lint, lint_for, mend, snapshot, why};
use self::replaced::replaced;
pub use self::shown::{graph, hosts, wit};
use crate::check::{Wiring, by_itself, fit_against, whole_needs, wire};
use crate::config::{
    ComponentInput, ComposeRequest, Composition, OutputPath, Request, compositions, replaces_parts,
};
use crate::diag::Run;
use crate::emit::{Destination, Record, emit, emit_to, write};
use crate::link::{names_not_in_script, plan, record};
use crate::load::{Inputs, load};
use crate::model::Part;
use crate::report::{Answer, ArtifactRow, Looked, NeedsRow, Outcome, wac_script};
use crate::source::Files;

/// Checks inputs each for itself, and compositions as a whole.
pub fn check(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut fits = Vec::new();
    let compositions = Request { inputs: Vec::new(), ..request.clone() };
    for composition in wanted(&compositions, &ComposeRequest::default(), files, &mut run) {
        outcome.looked_at.push(Looked { noun: "composition", name: composition.name.value.clone() });
        if let (Some((mut inputs, wiring)), true) = wired(&composition, request, files, &mut run) {
            plan(&mut inputs, &wiring, true, &mut run);
            let name = composition.name.value.clone();
            let needs = whole_needs(&inputs, &wiring);
            outcome.needs.push(NeedsRow { artifact: name.clone(), needs });
            let asked = host_of(&composition, request, files, &mut run);
            if let Some(asked) = &asked {
                let path = policy_path(&composition, request);
                let limited = Limited { composition: Some(&name), path: path.as_deref(), asked };
                outcome.scopes.extend(limited.enforced(request, &mut inputs, &wiring, files, &mut run));
            }
            fits.extend(on_hosts(&name, asked.as_ref(), &mut inputs, &wiring, files, &mut run));
        }
    }
    let mut inputs = load(request, files, &mut run);
    // From here on each input is right in itself.
    if let Some(target) = &request.against {
        let errors = run.diagnostics.error_count();
        let mut targets = load(&targets(target, request, files), files, &mut run);
        if run.diagnostics.error_count() == errors {
            fit_against(&mut inputs, target, &mut targets, &mut run);
        }
    }
    outcome.looked_at.extend(looked_at(&inputs));
    let asked = asked_host(request, files, &mut run);
    for at in 0..inputs.components.len() {
        let (name, alone) = (inputs.components[at].name.clone(), by_itself(&inputs, at));
        outcome.needs.push(NeedsRow { artifact: name.clone(), needs: whole_needs(&inputs, &alone) });
        if let Some(asked) = &asked {
            let limited = Limited { composition: None, path: request.policy.as_deref(), asked };
            outcome.scopes.extend(limited.enforced(request, &mut inputs, &alone, files, &mut run));
        }
        fits.extend(on_hosts(&name, asked.as_ref(), &mut inputs, &alone, files, &mut run));
    }
    outcome.answer = (!fits.is_empty()).then_some(Answer::Fits(fits));
    finish(run, outcome)
}

/// Where the target may be that inputs are checked against: in the file of that name, or else in the WIT beside them.
fn targets(target: &str, request: &Request, files: &dyn Files) -> Request {
    let is_path = files.kind(Path::new(target)).is_ok();
    let paths = if is_path { vec![PathBuf::from(target)] } else { request.wit.clone() };
    let inputs = paths.into_iter().map(ComponentInput::bare).collect();
    Request { inputs, allow_wit: true, ..request.clone() }
}

/// Links each composition, and writes what it becomes.
pub fn compose(request: &Request, flags: &ComposeRequest, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    if replaces_parts(request, flags) {
        outcome.artifacts.extend(replaced(request, flags, files, &mut run));
        return finish(run, outcome);
    }
    for composition in wanted(request, flags, files, &mut run) {
        outcome.artifacts.extend(linked(&composition, request, flags, files, &mut run));
    }
    finish(run, outcome)
}

/// One composition from its inputs to the artifact that was written; `None` if something is wrong, which is reported.
fn linked(
    composition: &Composition,
    request: &Request,
    flags: &ComposeRequest,
    files: &dyn Files,
    run: &mut Run,
) -> Option<ArtifactRow> {
    let is_elsewhere = flags.output.is_some() || flags.script;
    if !is_elsewhere && !composition.may_be_written(run) {
        return None;
    }
    let (Some((mut inputs, wiring)), true) = wired(composition, request, files, run) else { return None };
    // From here on the composition is accepted: every import has a provider that fits, every resource one origin.
    if !let_through(composition, request, &mut inputs, &wiring, files, run) {
        return None;
    }
    // From here on the policy allows it, the host has what it imports, and it can do what the capability lock says: as far as
    // there is a policy, a host or a lock to go by.
    let plan = plan(&mut inputs, &wiring, !flags.no_share, run)?;
    let policy = if flags.no_record { None } else { policy_digest(composition, request, files) };
    let record = |inputs: &Inputs| record(inputs, &wiring, policy.clone());
    let record: Option<Record<'_>> = if flags.no_record { None } else { Some(&record) };
    // From here on all steps are in order, and only their encoding is open.
    let path = match &flags.output {
        Some(OutputPath::StandardOutput) => None,
        Some(OutputPath::Path(path)) => Some(path.clone()),
        None if flags.script => None,
        None => composition.output.as_ref().map(|path| path.value.clone()),
    };
    let to = Destination { path, with_digest: !flags.no_digest };
    let (artifact, written) = if flags.script || flags.wat {
        let mut artifact = emit(&mut inputs, &plan, record, run)?;
        if flags.script {
            names_not_in_script(composition, &wiring, run);
            let name = composition.name.as_str();
            let script = wac_script(&inputs, &wiring, name, to.path.as_deref(), &run.sources);
            artifact.parts = vec![Part::Written(script.into_bytes())];
            artifact.saved = 0; // a script copies nothing
        }
        let written = write(&artifact, &to, flags.wat, files, run)?;
        (artifact, written)
    } else {
        emit_to(&to, &mut inputs, &plan, record, files, run)?
    };
    // From here on the artifact is in its place: it is whole, validates, and offers and needs what was planned.
    Some(ArtifactRow {
        features: artifact.features.clone(),
        ..ArtifactRow::new(composition.name.as_str(), &artifact, (&inputs, &wiring), to.path, written)
    })
}

/// The inputs of a composition and their wiring, and whether that may be linked: nothing is wrong with it.
fn wired(
    composition: &Composition,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> (Option<(Inputs, Wiring)>, bool) {
    let errors = run.diagnostics.error_count();
    let wit = composition.wit.iter().map(|path| path.value.clone());
    let request = Request {
        inputs: composition.inputs.clone(),
        wit: wit.chain(request.wit.iter().cloned()).collect(),
        allow_wit: false,
        ..request.clone()
    };
    let mut inputs = load(&request, files, run);
    // From here on every input that is there is valid, and its surface is known.
    let wiring = wire(&mut inputs, composition, run);
    (wiring.map(|wiring| (inputs, wiring)), run.diagnostics.error_count() == errors)
}

fn wanted(request: &Request, flags: &ComposeRequest, files: &dyn Files, run: &mut Run) -> Vec<Composition> {
    compositions(request, flags, files, run).unwrap_or_default()
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

fn finish(run: Run, outcome: Outcome) -> Outcome {
    let mut diagnostics = run.diagnostics;
    let accepted = std::mem::take(&mut diagnostics.accepted);
    Outcome { sources: run.sources, diagnostics: diagnostics.into_sorted(), accepted, ..outcome }
}
