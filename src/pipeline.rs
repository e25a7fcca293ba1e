//! Calls the stages in order, and decides where to stop; the only file that does.
//!
//! Differs from `cli`, which asks for a run: here it is done.

use crate::check::{Wiring, wire};
use crate::config::{ComposeRequest, Composition, OutputPath, Request, compositions};
use crate::diag::Run;
use crate::emit::{emit, write};
use crate::link::plan;
use crate::load::{Inputs, load, wit_text};
use crate::report::{Answer, ArtifactRow, Looked, Outcome};
use crate::source::Files;

/// Checks inputs each for itself, and compositions as a whole.
pub fn check(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let compositions = Request { inputs: Vec::new(), ..request.clone() };
    for composition in wanted(&compositions, &ComposeRequest::default(), files, &mut run) {
        outcome.looked_at.push(Looked { noun: "composition", name: composition.name.value.clone() });
        if let (Some((mut inputs, wiring)), true) = wired(&composition, request, files, &mut run) {
            plan(&mut inputs, &wiring, true, &mut run);
        }
    }
    let inputs = load(request, files, &mut run);
    outcome.looked_at.extend(looked_at(&inputs));
    finish(run, outcome)
}

/// Links each composition, and writes what it becomes.
pub fn compose(request: &Request, flags: &ComposeRequest, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
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
    let (Some((mut inputs, wiring)), true) = wired(composition, request, files, run) else { return None };
    // From here on the composition is accepted: every import has a provider that fits, every resource one origin.
    let plan = plan(&mut inputs, &wiring, !flags.no_share, run)?;
    // From here on all steps are in order, and only their encoding is open.
    let artifact = emit(&inputs, &plan, run)?;
    // From here on the artifact is whole, validates, and offers and needs what was planned.
    let path = match &flags.output {
        Some(OutputPath::StandardOutput) => None,
        Some(OutputPath::Path(path)) => Some(path.clone()),
        None => composition.output.as_ref().map(|path| path.value.clone()),
    };
    let content = write(&artifact, path.as_deref(), flags.wat, files, run)?;
    Some(ArtifactRow::new(composition.name.as_str(), &artifact, &wiring, path, content))
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

/// Judges compositions, and inputs as one, against a policy.
pub fn lint(request: &Request, files: &dyn Files) -> Outcome {
    check(request, files)
}

/// Says what the input of `request` can do.
pub fn capabilities(request: &Request, files: &dyn Files) -> Outcome {
    check(request, files)
}

/// Makes a first policy under which the inputs of `request` pass.
pub fn first_policy(request: &Request, files: &dyn Files) -> Outcome {
    check(request, files)
}

/// Shows the WIT of the input of `request`.
pub fn wit(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let inputs = load(request, files, &mut run);
    let texts: Vec<String> =
        inputs.components.iter().map(|component| wit_text(component, &mut run)).collect();
    outcome.answer = (!texts.is_empty()).then(|| Answer::Wit(texts.join("\n")));
    finish(run, outcome)
}

fn start(request: &Request) -> (Run, Outcome) {
    let mut run = Run::default();
    run.diagnostics.levels = request.levels.clone();
    (run, Outcome::default())
}

fn looked_at(inputs: &Inputs) -> Vec<Looked> {
    let worlds = inputs.wit.iter().flat_map(|package| &package.worlds);
    let worlds = worlds.map(|world| Looked { noun: "world", name: world.name.clone() });
    let components = inputs.components.iter();
    worlds.chain(components.map(|it| Looked { noun: "component", name: it.name.clone() })).collect()
}

fn finish(run: Run, outcome: Outcome) -> Outcome {
    Outcome { sources: run.sources, diagnostics: run.diagnostics.into_sorted(), ..outcome }
}
