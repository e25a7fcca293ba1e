//! Which compositions a request is about: those of its manifests, and the one that its bare inputs make up.
//!
//! Differs from `composition/`, which knows one composition: this finds all of them.

use super::{ComposeRequest, Composition, Flags, OutputPath, Request, Spanned, read_manifest};
use crate::diag::Run;
use crate::source::{Files, Origin, Span};

/// The compositions that a request is about, in order; `None` if one of them is described wrongly, which is reported.
///
/// The levels that a manifest sets hold from here on, but for those that the request itself sets.
pub fn compositions(
    request: &Request,
    flags: &ComposeRequest,
    files: &dyn Files,
    run: &mut Run,
) -> Option<Vec<Composition>> {
    let mut found = Vec::new();
    let mut is_complete = true;
    for path in &request.manifests {
        let Some(manifest) = read_manifest(path, files, run) else {
            is_complete = false;
            continue;
        };
        for (code, level) in &manifest.levels {
            run.diagnostics.levels.set_unless_chosen(code.value, *level);
        }
        let name = request.composition.as_ref().map(|name| {
            let source = run.sources.add("<command line>", Origin::CommandLine, format!("-c {name}"));
            Spanned::new(name.clone(), Span::new(source, 3, 3 + name.len()))
        });
        match manifest.choose(name.as_slice(), run) {
            Some(chosen) => found.extend(chosen.into_iter().cloned()),
            None => is_complete = false,
        }
    }
    if !request.inputs.is_empty() {
        let output = match &flags.output {
            Some(OutputPath::Path(path)) => Some(path.clone()),
            Some(OutputPath::StandardOutput) | None => None,
        };
        let flags = Flags {
            paths: request.inputs.iter().map(|input| input.path.clone()).collect(),
            root: flags.root.clone(),
            chains: flags.chains.clone(),
            output,
            policy: request.policy.clone(),
            host: request.host.clone(),
            wit: request.wit.clone(),
        };
        match flags.into_composition("witc compose", run) {
            Some(composition) => found.push(composition),
            None => is_complete = false,
        }
    }
    is_complete.then_some(found)
}
