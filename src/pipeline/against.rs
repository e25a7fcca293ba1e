//! The target that inputs are checked against: a component, or a world, wherever it is to be found.
//!
//! Differs from `compared.rs`, where two things are compared and none of them is the measure.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::check::fit_against;
use crate::config::{ComponentInput, Request, instance_names};
use crate::diag::{Diagnostic, Diagnostics, Run};
use crate::load::{Inputs, built_in_world, load, packages_in};
use crate::source::{Files, SourceMap};

/// Holds `inputs`, which are those of `request`, against the `target` that it names; where there are mistakes in the target, they
/// are reported instead.
pub(super) fn hold(inputs: &mut Inputs, request: &Request, target: &str, files: &dyn Files, run: &mut Run) {
    let asked = targets(target, request, files);
    let before = without_reports(run);
    let mut targets = load(&asked, files, run);
    if files.kind(Path::new(target)).is_err() && !has_world(&targets, target) {
        let built_in = built_in_world(target, request, run);
        targets = built_in.map_or(targets, |package| Inputs { wit: vec![package], ..Inputs::default() });
    }
    let found = std::mem::replace(&mut run.diagnostics, before);
    report_new(&found, run);
    tell_apart(inputs, request, (&mut targets, &asked));
    if found.error_count() == 0 {
        fit_against(inputs, target, &mut targets, run);
    }
}

fn has_world(inputs: &Inputs, name: &str) -> bool {
    inputs.wit.iter().flat_map(|package| &package.worlds).any(|world| world.is_named(name))
}

/// Where the target may be: in the file or folder of that name, or else in the WIT beside the inputs.
fn targets(target: &str, request: &Request, files: &dyn Files) -> Request {
    let is_path = files.kind(Path::new(target)).is_ok();
    let paths = if is_path { vec![PathBuf::from(target)] } else { request.wit.clone() };
    let inside = |path: PathBuf| match packages_in(&path, files).as_slice() {
        [] => vec![path],
        packages => packages.to_vec(),
    };
    let inputs = paths.into_iter().flat_map(inside).map(ComponentInput::bare).collect();
    Request { inputs, allow_wit: true, ..request.clone() }
}

/// Takes away what was reported, with the levels left; the result is what was.
fn without_reports(run: &mut Run) -> Diagnostics {
    let mut fresh = Diagnostics::default();
    fresh.levels = run.diagnostics.levels.clone();
    std::mem::replace(&mut run.diagnostics, fresh)
}

/// Reports what was not said before: WIT beside the inputs was read with them as well.
fn report_new(found: &Diagnostics, run: &mut Run) {
    let mut told: BTreeSet<_> = run.diagnostics.iter().map(|it| words(it, &run.sources)).collect();
    let new: Vec<&Diagnostic> = found.iter().filter(|it| told.insert(words(it, &run.sources))).collect();
    new.into_iter().for_each(|it| run.diagnostics.report(it.clone()));
}

/// What makes a finding the same as another: its words and its place, whichever time the file was read.
fn words(found: &Diagnostic, sources: &SourceMap) -> (String, Option<(String, usize)>) {
    let place = found.place().map(|span| (sources.get(span.source).name.clone(), span.start));
    (found.message.clone(), place)
}

/// Names the targets as inputs behind those under test, which keep their names, so that no two are called the same.
fn tell_apart(ours: &Inputs, request: &Request, theirs: (&mut Inputs, &Request)) {
    let (targets, asked) = theirs;
    let names = {
        let given = [(ours, request), (&*targets, asked)].into_iter().flat_map(|(inputs, request)| {
            inputs.components.iter().filter_map(|component| request.inputs.get(component.input))
        });
        instance_names(given)
    };
    for (component, name) in targets.components.iter_mut().zip(names.into_iter().skip(ours.components.len()))
    {
        component.name = name;
    }
}
