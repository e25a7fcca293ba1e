//! The machine's view of a run: `--format json`, and the diagnostics in it.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use serde::Deserialize;

use crate::sandbox::{Output, Sandbox};

/// The part of the JSON envelope that all commands share.
#[derive(Debug, Deserialize)]
pub(crate) struct Document {
    schema: String,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// One diagnostic of the envelope.
#[derive(Debug, Deserialize)]
pub(crate) struct Diagnostic {
    pub(crate) code: String,
    pub(crate) level: String,
}

/// `arguments` with `--format json`, where the command has that; a product goes to a file then.
pub(crate) fn arguments(arguments: &[String]) -> Vec<String> {
    let mut arguments = arguments.to_vec();
    if !has_json(&arguments) {
        return arguments;
    }
    if let Some(product) = arguments.windows(2).position(|pair| pair == ["-o", "-"]) {
        let is_text = arguments.iter().any(|argument| ["--wat", "--emit"].contains(&argument.as_str()));
        arguments[product + 1] = if is_text { "product.wat" } else { "product.wasm" }.to_owned();
    }
    match arguments.iter().position(|argument| argument == "--format") {
        Some(format) => arguments[format + 1] = "json".to_owned(),
        None => arguments.extend(["--format".to_owned(), "json".to_owned()]),
    }
    arguments
}

/// The codes that a run with [`arguments`] reports. A command without JSON heads its diagnostics with them, and so
/// does one whose command line is wrong.
pub(crate) fn codes(arguments: &[String], output: &Output) -> Result<Vec<String>, String> {
    match document(output)? {
        Some(document) => Ok(document.diagnostics.into_iter().map(|diagnostic| diagnostic.code).collect()),
        None if !has_json(arguments) || output.exit == 2 => {
            Ok(headings(&output.stderr, &["error[", "warning[", "note["]))
        }
        None => Err("printed no document".to_owned()),
    }
}

/// The codes of those diagnostics of a run with [`arguments`] that fail it.
pub(crate) fn errors(output: &Output) -> Result<Vec<String>, String> {
    let Some(document) = document(output)? else { return Ok(headings(&output.stderr, &["error["])) };
    let errors = document.diagnostics.into_iter().filter(|diagnostic| diagnostic.level == "error");
    Ok(errors.map(|diagnostic| diagnostic.code).collect())
}

/// The document that a run printed, if it printed one.
pub(crate) fn document(output: &Output) -> Result<Option<Document>, String> {
    if !output.stdout.starts_with(b"{") {
        return Ok(None);
    }
    let document: Document = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("standard output is not the envelope: {error}"))?;
    if document.schema != "witc/1" {
        return Err(format!("the schema is `{}`", document.schema));
    }
    Ok(Some(document))
}

/// The codes in the first lines of diagnostics in human form: `error[check/type-mismatch]: …`.
fn headings(stderr: &str, starts: &[&str]) -> Vec<String> {
    let heading = |line: &str| {
        let rest = starts.iter().find_map(|start| line.strip_prefix(start))?;
        rest.split_once(']').map(|(code, _)| code.to_owned())
    };
    stderr.lines().filter_map(heading).collect()
}

/// Whether the help of a command offers `--format json`.
fn has_json(arguments: &[String]) -> bool {
    static KNOWN: LazyLock<Mutex<BTreeMap<String, bool>>> = LazyLock::new(Mutex::default);
    let Some(command) = arguments.first() else { return false };
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    *known.entry(command.clone()).or_insert_with(|| {
        let help = Sandbox::new().witc(&[command.clone(), "--help".to_owned()], None);
        help.is_ok_and(|output| {
            let help = String::from_utf8_lossy(&output.stdout).into_owned();
            help.contains("--format") && help.contains("json")
        })
    })
}
