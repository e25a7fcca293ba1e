//! The way of all inputs of a run: read in parallel, judged in order, decoded in parallel, taken in in order.
//!
//! Differs from `component.rs`: this looks after all inputs, that after one.

use rayon::prelude::*;

use super::component::{Binary, Decoded, decode};
use super::detect::Format;
use super::diagnostics::{NotWebassembly, Unreadable};
use super::read::{Content, read};
use super::{Component, Inputs};
use crate::config::{ComponentInput, InputPath, Request};
use crate::diag::{Diagnostic, Run};
use crate::source::{Files, Origin, SourceId};

/// Loads all inputs of a request; each that cannot be loaded leaves a diagnostic.
pub fn load(request: &Request, files: &dyn Files, run: &mut Run) -> Inputs {
    let contents: Vec<_> = request.inputs.par_iter().map(|input| read(&input.path, files)).collect();
    let mut binaries = Vec::new();
    for (input, (at, content)) in request.inputs.iter().zip(contents.into_iter().enumerate()) {
        match content {
            Ok(content) => binaries.extend(recognise(input, content, run).map(|binary| (at, binary))),
            Err(reason) => {
                let (source, name) = add_source(&input.path, run);
                run.diagnostics.report(Unreadable { source, name, reason });
            }
        }
    }
    let decoded: Vec<(usize, SourceId, Result<Decoded, Diagnostic>)> = binaries
        .into_par_iter()
        .map(|(at, binary)| (at, binary.source, decode(binary, request.validate_bodies)))
        .collect();
    let mut inputs = Inputs::default();
    for (at, source, result) in decoded {
        match result {
            Ok(Decoded { bytes, surface }) => inputs.components.push(Component {
                input: at,
                name: name_of(&request.inputs[at]),
                source,
                bytes,
                surface,
                printed: None,
            }),
            Err(diagnostic) => run.diagnostics.report(diagnostic),
        }
    }
    inputs
}

/// A binary to decode, if the content is one.
fn recognise(input: &ComponentInput, content: Content, run: &mut Run) -> Option<Binary> {
    let (source, name) = add_source(&input.path, run);
    let (format, bytes) = match content {
        Content::File(format, bytes) => (format, bytes),
        Content::Folder => (Format::Unknown, Vec::new()),
    };
    match format {
        Format::Component | Format::CoreModule => {}
        Format::WasmText => run.sources.set_text(source, String::from_utf8_lossy(&bytes).into_owned()),
        _ => {
            run.diagnostics.report(NotWebassembly { source, name, format });
            return None;
        }
    }
    Some(Binary { source, name, format, bytes, metadata: None })
}

fn add_source(path: &InputPath, run: &mut Run) -> (SourceId, String) {
    let (name, origin) = match path {
        InputPath::StandardInput => ("<stdin>".to_owned(), Origin::StandardInput),
        InputPath::Path(path) => (path.display().to_string(), Origin::File(path.clone())),
    };
    (run.sources.add(name.clone(), origin, ""), name)
}

fn name_of(input: &ComponentInput) -> String {
    match (&input.name, &input.path) {
        (Some(name), _) => name.clone(),
        (None, InputPath::StandardInput) => "stdin".to_owned(),
        (None, InputPath::Path(path)) => {
            path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
        }
    }
}
