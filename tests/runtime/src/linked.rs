//! Links compositions in memory, through the library, as a program does that embeds witc.
//!
//! Differs from `host.rs`, which runs them.

use std::path::{Path, PathBuf};

use witc::config::{ComponentInput, ComposeRequest, DeployRequest, OutputPath, Request};
use witc::pipeline;
use witc::report::Outcome;
use witc::source::Disk;

/// The bytes that witc links for a composition of a manifest; its path is relative to the root of the project.
///
/// # Panics
/// If witc finds anything to say about the composition.
pub fn composition(manifest: &str, name: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let request = Request {
        manifests: vec![root.join(manifest)],
        composition: Some(name.into()),
        validate_bodies: true,
        ..Request::default()
    };
    let problems = |outcome: &Outcome| -> Vec<String> {
        outcome
            .diagnostics
            .iter()
            .map(|problem| format!("{}: {}", problem.code.as_str(), problem.message))
            .collect()
    };
    let (outcome, content) = linked(&request);
    assert_eq!(problems(&outcome), Vec::<String>::new(), "in `{name}` of {manifest}");
    content.unwrap_or_else(|| panic!("`{name}` of {manifest} is not one artifact"))
}

/// The bytes that witc links of these files, whatever it warns of.
///
/// # Errors
/// What is wrong with the set, one line for each error.
pub fn set(paths: &[PathBuf]) -> Result<Vec<u8>, String> {
    let inputs = paths.iter().map(ComponentInput::bare).collect();
    let request = Request { inputs, validate_bodies: true, ..Request::default() };
    let (outcome, content) = linked(&request);
    let problems: Vec<&str> = outcome.diagnostics.iter().map(|problem| problem.message.as_str()).collect();
    content.ok_or_else(|| problems.join("\n"))
}

/// The same for inputs whose function bodies were validated before. The result is read back: its structure is valid, and it
/// imports and exports what was planned.
///
/// # Errors
/// What is wrong with the set, one line for each error.
pub fn valid_set(paths: &[PathBuf]) -> Result<(), String> {
    let inputs = paths.iter().map(ComponentInput::bare).collect();
    let request = Request { inputs, validate_bodies: false, ..Request::default() };
    let (outcome, content) = linked(&request);
    let problems: Vec<&str> = outcome.diagnostics.iter().map(|problem| problem.message.as_str()).collect();
    content.map(drop).ok_or_else(|| problems.join("\n"))
}

/// Writes what a composition of a manifest needs on a host into a folder, linked or as a graph of components.
///
/// # Errors
/// What is wrong, one line for each problem.
pub fn deployment(
    manifest: &str,
    name: &str,
    host: &str,
    as_graph: bool,
    folder: &Path,
) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let request = Request {
        manifests: vec![root.join(manifest)],
        composition: Some(name.into()),
        host: Some(host.into()),
        validate_bodies: true,
        ..Request::default()
    };
    deployed(&request, as_graph, folder)
}

/// Writes what a component needs on a host into a folder, under a policy if there is one.
///
/// # Errors
/// What is wrong, one line for each problem.
pub fn deployment_of(
    component: &Path,
    host: &str,
    policy: Option<&Path>,
    folder: &Path,
) -> Result<(), String> {
    let request = Request {
        inputs: vec![ComponentInput::bare(component)],
        host: Some(host.into()),
        policy: policy.map(Path::to_owned),
        validate_bodies: true,
        ..Request::default()
    };
    deployed(&request, false, folder)
}

fn deployed(request: &Request, as_graph: bool, folder: &Path) -> Result<(), String> {
    let output = Some(OutputPath::Path(folder.to_owned()));
    let flags =
        DeployRequest { output, as_graph, registry: "registry.example".into(), ..DeployRequest::default() };
    let outcome = pipeline::deploy(request, &flags, &Disk);
    let problems: Vec<&str> = outcome.diagnostics.iter().map(|problem| problem.message.as_str()).collect();
    match outcome.answer {
        Some(_) => Ok(()),
        None => Err(problems.join("\n")),
    }
}

fn linked(request: &Request) -> (Outcome, Option<Vec<u8>>) {
    let to_memory = ComposeRequest { output: Some(OutputPath::StandardOutput), ..ComposeRequest::default() };
    let mut outcome = pipeline::compose(request, &to_memory, &Disk);
    let content = match outcome.artifacts.as_mut_slice() {
        [artifact] => Some(std::mem::take(&mut artifact.content)),
        _ => None,
    };
    (outcome, content)
}
