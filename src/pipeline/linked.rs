//! One composition on its way from the inputs to the artifact.
//!
//! Differs from `replaced.rs`, where a linked component stays as it is but for a part.

use super::gates::let_through;
use super::inputs_of;
use super::rules::Rules;
use crate::check::{Wiring, wire};
use crate::config::{ComposeRequest, Composition, OutputPath};
use crate::diag::Run;
use crate::emit::{Destination, Ready, Record, as_text, emit, emit_to, write};
use crate::link::{inputs_not_in_script, names_not_in_script, plan, record};
use crate::load::{Inputs, are_untouched, load_unproven};
use crate::model::{Artifact, Part};
use crate::report::{ArtifactRow, wac_script};

/// One composition from its inputs to the artifact that was written; `None` if something is wrong, which is reported.
pub(super) fn linked(
    composition: &Composition,
    flags: &ComposeRequest,
    rules: &mut Rules<'_>,
    run: &mut Run,
) -> Option<ArtifactRow> {
    let (request, files) = (rules.request, rules.files);
    let to = destination(composition, flags);
    let is_elsewhere = flags.output.is_some() || flags.script;
    if !is_elsewhere && !composition.may_be_written(run) {
        return None;
    }
    let errors = run.diagnostics.error_count();
    let (mut inputs, unproven) = load_unproven(&inputs_of(composition, request), files, run);
    // From here on the surface of every input that is there is known, and its function bodies are taken for valid.
    let path = to.path.clone();
    let work = || {
        let wiring = wire(&mut inputs, composition, run)?;
        if run.diagnostics.error_count() > errors {
            return None;
        }
        // From here on the composition is accepted: every import has a provider that fits, every resource one origin.
        let ready = ready(composition, flags, (&mut inputs, &wiring), to, rules, run)?;
        Some((wiring, ready))
    };
    let (done, proof) = unproven.prove_beside(work);
    let is_valid = proof.settle(files, run) & are_untouched(run);
    let (wiring, ready) = done.filter(|_| is_valid)?;
    // From here on all that was taken for valid is, and the inputs are those that were checked.
    let (artifact, written) = ready.publish(run)?;
    // From here on the artifact is in its place: it is whole, validates, and offers and needs what was planned.
    Some(ArtifactRow {
        features: artifact.features.clone(),
        is_script: flags.script,
        ..ArtifactRow::new(composition.name.as_str(), &artifact, (&inputs, &wiring), path, written)
    })
}

fn destination(composition: &Composition, flags: &ComposeRequest) -> Destination {
    let path = match &flags.output {
        Some(OutputPath::StandardOutput) => None,
        Some(OutputPath::Path(path)) => Some(path.clone()),
        None if flags.script => None,
        None => composition.output.as_ref().map(|path| path.value.clone()),
    };
    Destination { path, with_digest: !flags.no_digest }
}

/// The artifact of a composition that fits, written and not yet in its place.
fn ready<'f>(
    composition: &Composition,
    flags: &ComposeRequest,
    (inputs, wiring): (&mut Inputs, &Wiring),
    to: Destination,
    rules: &mut Rules<'f>,
    run: &mut Run,
) -> Option<Ready<'f>> {
    let files = rules.files;
    if !let_through(composition, inputs, wiring, rules, run) {
        return None;
    }
    // From here on the policy allows it, the host has what it imports, and it can do what the capability lock says: as far as
    // there is a policy, a host or a lock to go by.
    let plan = plan(inputs, wiring, !flags.no_share, run)?;
    let policy = rules.policy_of(composition, run).map(|policy| policy.digest.clone());
    let record = |inputs: &Inputs| record(inputs, wiring, policy.clone());
    let record: Option<Record<'_>> = if flags.no_record { None } else { Some(&record) };
    // From here on all steps are in order, and only their encoding is open.
    if !flags.script && !flags.wat {
        return emit_to(to, inputs, &plan, record, files, run);
    }
    let artifact = emit(inputs, &plan, record, run)?;
    let text = if flags.script {
        names_not_in_script(composition, (inputs, wiring), run);
        let others = inputs_not_in_script(composition, (inputs, wiring), run);
        let name = composition.name.as_str();
        let script = wac_script((inputs, wiring), name, to.path.as_deref(), &others, &run.sources);
        // A script copies nothing.
        Artifact { parts: vec![Part::Written(script.into_bytes())], saved: 0, ..artifact }
    } else {
        as_text(artifact, run)?
    };
    write(text, to, files, run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ComponentInput;
    use crate::config::Request;
    use crate::pipeline::compose;
    use crate::source::{Files, MemoryFiles};
    use std::path::Path;

    /// What is reported of a component that has so many bytes of data, and a function of this body; and whether it is linked.
    #[track_caller]
    fn check(data: usize, body: &str, codes: &[&str]) {
        let text = format!(
            r#"(component
                (core module $m
                    (memory 9) (data (i32.const 0) "{}")
                    (func (export "f") (result i32) {body}))
                (core instance $i (instantiate $m))
                (func (export "f") (result u32) (canon lift (core func $i "f"))))"#,
            "x".repeat(data)
        );
        let files = MemoryFiles::default().with("a.wat", text);
        let inputs = vec![ComponentInput::bare("a.wat")];
        let request = Request { inputs, validate_bodies: true, ..Request::default() };
        let output = Some(OutputPath::Path("out.wasm".into()));
        let outcome = compose(&request, &ComposeRequest { output, ..ComposeRequest::default() }, &files);
        let found: Vec<&str> = outcome.diagnostics.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(found, codes);
        assert_eq!(files.read(Path::new("out.wasm")).is_ok(), codes.is_empty());
    }

    #[test]
    fn nothing_is_published_on_a_belief() {
        for data in [1, 200_000] {
            check(data, "i32.const 1", &[]);
            check(data, "i64.const 1", &["load/invalid-binary"]);
        }
    }
}
