//! What witc proves about a component: which imported functions no run of it can call.
//!
//! Differs from `traced.rs`, which runs it and sees what it calls.

use std::collections::{BTreeMap, BTreeSet};

use witc::config::{ComponentInput, ComposeRequest, OutputPath, Request};
use witc::diag::{self, Diagnostic};
use witc::model::{CapabilityName, Item, ItemKind, Items};
use witc::policy::Capabilities;
use witc::report::{Answer, Outcome};
use witc::source::{Files, MemoryFiles};
use witc::{load, pipeline};

use crate::traced::Imported;

/// What witc says about the imported functions of a component.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// All that it imports.
    pub imported: BTreeSet<Imported>,
    /// Those that it proves to be out of reach, by code or by types.
    pub proven: BTreeSet<Imported>,
}

/// Asks witc about a component in binary form.
///
/// # Errors
/// What it has against it.
pub fn verdicts(bytes: &[u8]) -> Result<Verdicts, String> {
    let files = MemoryFiles::default().with("it.wasm", bytes);
    let request = Request {
        inputs: vec![ComponentInput::bare("it.wasm")],
        validate_bodies: true,
        ..Request::default()
    };
    let capabilities = capabilities(pipeline::capabilities(&request, &files))?;
    on(imported_by(bytes)?, &capabilities)
}

/// Links what a request asks for; what witc proves about the parts, said of the imports of the whole.
///
/// # Errors
/// What it has against it.
pub fn linked(request: &Request, files: &dyn Files) -> Result<(Vec<u8>, Verdicts), String> {
    let to_memory = ComposeRequest { output: Some(OutputPath::StandardOutput), ..ComposeRequest::default() };
    let mut outcome = pipeline::compose(request, &to_memory, files);
    let [artifact] = outcome.artifacts.as_mut_slice() else { return Err(problems(&outcome.diagnostics)) };
    let bytes = std::mem::take(&mut artifact.content);
    let capabilities = capabilities(pipeline::capabilities(request, files))?;
    let verdicts = on(imported_by(&bytes)?, &capabilities)?;
    Ok((bytes, verdicts))
}

/// What one component or composition can do.
fn capabilities(outcome: Outcome) -> Result<Capabilities, String> {
    match outcome.answer {
        Some(Answer::Capabilities(mut found)) if found.len() == 1 => Ok(found.remove(0)),
        _ => Err(problems(&outcome.diagnostics)),
    }
}

fn problems(found: &[Diagnostic]) -> String {
    let found: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
    if found.is_empty() { "no answer".to_owned() } else { found.join("\n") }
}

/// What a component imports, as witc reads it.
fn imported_by(bytes: &[u8]) -> Result<Vec<(Imported, CapabilityName)>, String> {
    let files = MemoryFiles::default().with("it.wasm", bytes);
    let request = Request { inputs: vec![ComponentInput::bare("it.wasm")], ..Request::default() };
    let mut run = diag::Run::default();
    let inputs = load::load(&request, &files, &mut run);
    let [component] = inputs.components.as_slice() else {
        return Err(problems(&run.diagnostics.into_sorted()));
    };
    let mut functions = Vec::new();
    imported(&component.surface.imports, &mut functions);
    Ok(functions)
}

/// What is said of the imports of instances, said of the imports of the whole.
fn on(functions: Vec<(Imported, CapabilityName)>, capabilities: &Capabilities) -> Result<Verdicts, String> {
    // By import on its track and function without its bracket: whether some instance can call it.
    let mut reached: BTreeMap<(String, String), bool> = BTreeMap::new();
    for row in capabilities.instances.iter().flat_map(|instance| &instance.rows) {
        for used in &row.uses {
            let is_told = used.verdict != "unanalyzable";
            // Three proofs: by code, by types, and by what the exports of the whole lead to.
            let is_proven = !used.is_reachable || !used.is_exercisable || !used.is_needed;
            if is_told
                && is_proven
                    != (matches!(used.verdict.as_str(), "unreachable" | "never exercisable")
                        || !used.is_needed)
            {
                return Err(format!("{} says one thing and shows another: {used:?}", used.function));
            }
            let key = (row.interface.clone(), used.function.clone());
            *reached.entry(key).or_default() |= !(is_told && is_proven);
        }
    }
    let mut verdicts = Verdicts::default();
    for (imported, name) in functions {
        let interface = name.without_function().to_string();
        let function = match &name.function {
            Some(function) => witc::model::short_function_name(function).to_owned(),
            None => name.to_string(),
        };
        match reached.get(&(interface, function)) {
            Some(true) => {}
            Some(false) => drop(verdicts.proven.insert(imported.clone())),
            None => return Err(format!("{imported:?} is imported, and no instance has it")),
        }
        verdicts.imported.insert(imported);
    }
    Ok(verdicts)
}

/// The functions among imports, each as Wasmtime knows it and as witc does.
fn imported(items: &Items, found: &mut Vec<(Imported, CapabilityName)>) {
    for (extern_name, item) in items {
        let interface = item.interface(extern_name);
        let label = (item.implements.is_some() || interface.is_none()).then(|| extern_name.clone());
        let name = CapabilityName { label, interface, function: None };
        within(extern_name, "", item, &name, found);
    }
}

fn within(
    import: &str,
    path: &str,
    item: &Item,
    name: &CapabilityName,
    found: &mut Vec<(Imported, CapabilityName)>,
) {
    if let ItemKind::Function(_) = item.kind {
        let function = (!path.is_empty()).then(|| path.to_owned());
        found.push(((import.to_owned(), path.to_owned()), CapabilityName { function, ..name.clone() }));
    } else if let ItemKind::Instance(instance) = &item.kind {
        for (inner, item) in &instance.exports {
            let path = if path.is_empty() { inner.clone() } else { format!("{path}/{inner}") };
            within(import, &path, item, name, found);
        }
    }
}
