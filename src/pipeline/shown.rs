//! Shows what there is: how a composition is put together, its WIT, what is known about hosts.
//!
//! Differs from `judged.rs`: here nothing is asked about power.

use std::path::Path;

use super::{finish, start, wanted, wired};
use crate::check::graph_of;
use crate::config::ALL_HOSTS;
use crate::config::{ComposeRequest, Composition, Request};
use crate::diag::{Run, escape};
use crate::emit::emit;
use crate::host;
use crate::link::plan;
use crate::load::{linked_text, load, package_text, read_back, wit_text};
use crate::report::{Answer, Outcome};
use crate::source::Files;

/// Shows how the compositions of `request` are put together: those of a manifest, and all components as one; a single
/// component is read back.
pub fn graph(request: &Request, flags: &ComposeRequest, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut graphs = Vec::new();
    let is_wired = flags.root.is_some() || !flags.chains.is_empty() || request.composition.is_some();
    let is_single = request.manifests.is_empty() && request.inputs.len() == 1;
    if is_single && !is_wired {
        let inputs = load(&Request { allow_wit: false, ..request.clone() }, files, &mut run);
        graphs.extend(inputs.components.iter().map(|component| read_back(component).graph));
    } else {
        for composition in wanted(request, flags, files, &mut run) {
            // What does not fit is reported, and shown all the same: a picture helps to mend it.
            let name = composition.name.as_str();
            let wired = run.within(Some(name), |run| wired(&composition, request, files, run));
            if let (Some((inputs, wiring)), _) = wired {
                graphs.push(graph_of(&inputs, &wiring, name));
            }
        }
    }
    outcome.answer = (!graphs.is_empty()).then_some(Answer::Graphs(graphs));
    finish(run, outcome)
}

/// Shows what is known about hosts: the one that `request` names, or all.
pub fn hosts(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let found = match request.host.as_deref() {
        None | Some(ALL_HOSTS) => Some(host::profiles().to_vec()),
        Some(id) => host::profile(id, None, Path::new(""), files, &mut run).map(|profile| vec![profile]),
    };
    outcome.answer = found.map(Answer::Hosts);
    finish(run, outcome)
}

/// Shows the WIT of the input of `request`, or of each of its compositions, under their names.
pub fn wit(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut texts = Vec::new();
    let compositions = Request { inputs: Vec::new(), ..request.clone() };
    let compositions = wanted(&compositions, &ComposeRequest::default(), files, &mut run);
    for composition in &compositions {
        let name = composition.name.as_str();
        let text = run.within(Some(name), |run| wit_of(composition, request, files, run));
        texts.extend(text.map(|text| match compositions.len() {
            1 => text,
            _ => format!("// {}\n{text}", escape(name)),
        }));
    }
    if request.manifests.is_empty() && run.diagnostics.error_count() > 0 {
        return finish(run, outcome); // the inputs are not meant as they are given
    }
    let inputs = load(request, files, &mut run);
    texts.extend(inputs.components.iter().map(|component| wit_text(component, &mut run)));
    texts.extend(inputs.wit.iter().filter_map(|package| package_text(package, &mut run)));
    outcome.answer = (!texts.is_empty()).then(|| Answer::Wit(texts.join("\n")));
    finish(run, outcome)
}

/// The WIT of what a composition would become: it is linked, and written nowhere.
fn wit_of(composition: &Composition, request: &Request, files: &dyn Files, run: &mut Run) -> Option<String> {
    let (Some((mut inputs, wiring)), true) = wired(composition, request, files, run) else { return None };
    let plan = plan(&mut inputs, &wiring, true, run)?;
    let artifact = emit(&mut inputs, &plan, None, run)?;
    Some(linked_text(artifact, composition.name.as_str(), run))
}
