//! Deploys a composition: the same checks and the same artifact as `compose`, in the form that a host takes.
//!
//! Differs from `mod.rs`, which writes the artifact alone.

use std::path::PathBuf;

use super::gates::{let_through, name_of, policy_path};
use super::rules::Rules;
use super::{finish, start, wanted, wired};
use crate::check::{Wiring, on_host, whole_needs};
use crate::config::{
    ComposeRequest, Composition, DeployRequest, FIRST_VERSION, OutputPath, POLICY_NAME, Policy, Request,
};
use crate::deploy::{self, Content, Deployment, archive};
use crate::diag::{CODES, Code, Kind, Level, Run, code};
use crate::emit::{NewFile, emit, write_folder};
use crate::host::Asked;
use crate::link::{plan, record};
use crate::load::{Inputs, are_untouched, structural_features};
use crate::model::{Artifact, Part};
use crate::policy;
use crate::report::{Answer, DeployedFile, DeploymentRow, Outcome};
use crate::source::{Files, digest_of};

/// Makes what the one composition of `request` needs on its host, and writes it where the flags say.
pub fn deploy(request: &Request, flags: &DeployRequest, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    // The flags are written down: nobody has to give them.
    run.diagnostics.levels.set_unless_chosen(code::HOST_FLAG, Level::Allow);
    let compose = ComposeRequest { root: flags.root.clone(), ..ComposeRequest::default() };
    let mut compositions = wanted(request, &compose, files, &mut run);
    if compositions.len() > 1 {
        let names: Vec<&str> = compositions.iter().map(|composition| composition.name.as_str()).collect();
        deploy::several(&names, &mut run);
        return finish(run, outcome);
    }
    if let Some(composition) = compositions.pop() {
        outcome.answer =
            deployed(&composition, request, flags, files, &mut outcome, &mut run).map(Answer::Deployment);
    }
    finish(run, outcome)
}

fn deployed(
    composition: &Composition,
    request: &Request,
    flags: &DeployRequest,
    files: &dyn Files,
    outcome: &mut Outcome,
    run: &mut Run,
) -> Option<DeploymentRow> {
    let mut rules = Rules::new(request, files);
    let profile = rules.profile(run)?;
    let (Some((mut inputs, wiring)), true) = wired(composition, request, files, run) else { return None };
    let policy = match policy_path(composition, request) {
        Some(path) => Some(rules.policy(&path, composition.place_of_policy(&path), run)?),
        None => None,
    };
    // A limit that nobody enforces would be left out of a deployment without a word.
    let is_chosen =
        |policy: &Policy| policy.levels.iter().any(|(code, _)| code.value == code::UNENFORCED_SCOPE);
    if !policy.as_deref().is_some_and(is_chosen) {
        run.diagnostics.levels.set_unless_chosen(code::UNENFORCED_SCOPE, Level::Deny);
    }
    leave_to_lint(policy.as_deref(), run);
    let is_let_through = let_through(composition, &mut inputs, &wiring, &mut rules, run);
    let mut scopes = Vec::new();
    if let Some(policy) = &policy {
        let asked = Asked { profiles: vec![profile.clone()], is_survey: false };
        let occasion = rules.occasion(policy, Some(&asked), run);
        let composition = Some(composition.name.as_str());
        let subject = policy::Subject { inputs: &mut inputs, wiring: &wiring, composition, declared: None };
        outcome.scopes = policy::scopes(&subject, policy, &occasion);
        scopes = policy::held_scopes(&subject, policy, &occasion);
    }
    if !is_let_through {
        return None;
    }
    // From here on it links on the host, and the policy allows it.
    let name = name_of(composition, request, &wiring);
    let fit = on_host(&name, &inputs, &wiring, &whole_needs(&inputs, &wiring), &profile, files);
    let mut subject = deploy::Subject {
        name: &name,
        composition: composition.name.as_str(),
        inputs: &mut inputs,
        wiring: &wiring,
        fit: &fit,
        profile: &profile,
        policy: policy.as_deref(),
        init: request.init_command(),
        unread_policy: Some(request.beside_manifest(POLICY_NAME)).filter(|path| files.kind(path).is_ok()),
        scopes: &scopes,
        as_graph: flags.as_graph,
        registry: &flags.registry,
        tag: flags.tag.as_deref().unwrap_or(FIRST_VERSION),
    };
    let deployment = deploy::deploy(&mut subject, run)?;
    // From here on the form can say all that is needed.
    let artifact = match flags.as_graph {
        true => None,
        false => Some(linked(&mut inputs, &wiring, policy.as_deref(), run)?),
    };
    let made = contents(deployment, artifact.as_ref(), &inputs, flags, run)?;
    if !are_untouched(run) {
        return None;
    }
    // From here on the inputs are those of which all of it was made.
    place(made, flags, files, run)
}

/// What is deployed: one component as it is, so that what was tested and signed is what runs; several linked.
fn linked(inputs: &mut Inputs, wiring: &Wiring, policy: Option<&Policy>, run: &mut Run) -> Option<Artifact> {
    if let Some(at) = wiring.one_as_it_is(inputs) {
        let component = &inputs.components[at];
        let (bytes, surface) = (component.bytes.clone(), component.surface.clone());
        let (size, features) = (bytes.len() as u64, structural_features(component));
        let parts = vec![Part::Copied { range: 0..bytes.len(), bytes }];
        return Some(Artifact { parts, size, saved: 0, surface, features });
    }
    let plan = plan(inputs, wiring, true, run)?;
    let digest = policy.map(|policy| policy.digest.clone());
    let record = |inputs: &Inputs| record(inputs, wiring, digest.clone());
    emit(inputs, &plan, Some(&record), run)
}

/// Leaves what a policy only warns of, or notes, to `witc lint`, unless somebody asked for it: here it would stand before all that a
/// deployment is about, each time.
fn leave_to_lint(policy: Option<&Policy>, run: &mut Run) {
    let levels = &mut run.diagnostics.levels;
    if levels.deny_warnings {
        return;
    }
    let is_chosen = |code: Code| {
        policy.is_some_and(|policy| policy.levels.iter().any(|(chosen, _)| chosen.value == code))
    };
    let of_policy = CODES.iter().filter(|row| row.code.as_str().starts_with("policy/"));
    for row in of_policy
        .filter(|row| matches!(row.kind, Kind::Lint(Level::Warn | Level::Note)) && !is_chosen(row.code))
    {
        levels.set_unless_chosen(row.code, Level::Allow);
    }
}

/// A deployment with the bytes of its files.
struct Contents {
    deployment: Deployment,
    bytes: Vec<Vec<u8>>,
}

/// The bytes of all files that are wanted.
fn contents(
    mut deployment: Deployment,
    artifact: Option<&Artifact>,
    inputs: &Inputs,
    flags: &DeployRequest,
    run: &mut Run,
) -> Option<Contents> {
    if let Some(only) = &flags.only {
        let paths: Vec<String> = deployment.files.iter().map(|file| file.path.clone()).collect();
        deployment.files.retain(|file| file.path == *only);
        if deployment.files.is_empty() {
            deploy::no_such_file(only, &paths, run);
            return None;
        }
    }
    let artifact: Vec<u8> = artifact.map(whole).unwrap_or_default();
    let bytes = |content: &Content| match content {
        Content::Text(text) => text.clone().into_bytes(),
        Content::Artifact => artifact.clone(),
        Content::Component(at) => inputs.components[*at].bytes.to_vec(),
        Content::Package { artifact: path, texts } => {
            let binary = std::iter::once((path.clone(), artifact.as_slice()));
            let texts = texts.iter().map(|(path, text)| (path.clone(), text.as_bytes()));
            archive(&binary.chain(texts).collect::<Vec<_>>()).expect("memory takes all, and paths are short")
        }
    };
    let bytes = deployment.files.iter().map(|file| bytes(&file.content)).collect();
    Some(Contents { deployment, bytes })
}

fn whole(artifact: &Artifact) -> Vec<u8> {
    artifact.parts.iter().map(Part::as_slice).collect::<Vec<_>>().concat()
}

/// Writes the files into the folder, or keeps what goes to standard output.
fn place(made: Contents, flags: &DeployRequest, files: &dyn Files, run: &mut Run) -> Option<DeploymentRow> {
    let Contents { deployment, bytes } = made;
    let mut content = Vec::new();
    let folder: Option<PathBuf> = match &flags.output {
        Some(OutputPath::Path(folder)) => {
            let new = deployment.files.iter().zip(&bytes);
            let new: Vec<NewFile<'_>> =
                new.map(|(file, bytes)| NewFile { path: file.relative_path(), content: bytes }).collect();
            write_folder(folder, &new, flags.force, files, run)?;
            Some(folder.clone())
        }
        Some(OutputPath::StandardOutput) => {
            let one = one_text(&deployment, flags.only.is_some(), run)?;
            content.clone_from(&bytes[one]);
            None
        }
        None => None,
    };
    let row = |(file, bytes): (deploy::DeploymentFile, &Vec<u8>)| DeployedFile {
        path: file.path,
        what: file.what,
        bytes: bytes.len() as u64,
        sha256: digest_of(bytes),
        text: match file.content {
            Content::Text(text) => Some(text),
            Content::Artifact | Content::Component(_) | Content::Package { .. } => None,
        },
    };
    Some(DeploymentRow {
        host: deployment.host,
        name: deployment.name,
        is_graph: deployment.is_graph,
        to_standard_output: flags.output == Some(OutputPath::StandardOutput),
        folder,
        files: deployment.files.into_iter().zip(&bytes).map(row).collect(),
        commands: deployment.commands,
        secrets: deployment.secrets,
        content,
    })
}

/// The file that goes to standard output: the one that was asked for, or the only text.
fn one_text(deployment: &Deployment, is_chosen: bool, run: &mut Run) -> Option<usize> {
    let is_wanted = |file: &deploy::DeploymentFile| is_chosen || matches!(file.content, Content::Text(_));
    let wanted: Vec<usize> =
        (0..deployment.files.len()).filter(|at| is_wanted(&deployment.files[*at])).collect();
    match wanted.as_slice() {
        [one] => Some(*one),
        several => {
            let paths: Vec<String> = several.iter().map(|at| deployment.files[*at].path.clone()).collect();
            deploy::several_files(&paths, run);
            None
        }
    }
}
