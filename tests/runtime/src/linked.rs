//! Links compositions in memory, through the library, as a program does that embeds witc.
//!
//! Differs from `host.rs`, which runs them.

use std::path::Path;

use witc::config::{ComposeRequest, OutputPath, Request};
use witc::pipeline;
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
    let to_memory = ComposeRequest { output: Some(OutputPath::StandardOutput), ..ComposeRequest::default() };
    let outcome = pipeline::compose(&request, &to_memory, &Disk);
    let problems: Vec<_> =
        outcome.diagnostics.iter().map(|problem| (problem.code.as_str(), problem.message.as_str())).collect();
    assert_eq!(problems, [], "in `{name}` of {manifest}");
    let [artifact] = &outcome.artifacts[..] else { panic!("`{name}` of {manifest} is not one artifact") };
    artifact.content.clone()
}
