//! Holds SARIF logs of judgements and of the command line against the schema that its authors publish, and against what GitHub is known to ask for.
//!
//! Differs from the snapshots of `fixtures.rs`: those show how a log looks, this says that others can read it. The schema is
//! in a published crate, which nothing compiles; `cargo metadata` knows where it is.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::case::Case;
use crate::fixtures;

/// The crate with the schema, and the schema in it.
const SCHEMA: (&str, &str) = ("serde-sarif", "src/schema.json");

pub(crate) fn tests() -> Vec<Trial> {
    vec![Trial::test("sarif::logs_conform_to_the_schema", || Ok(check()?))]
}

fn check() -> Result<(), String> {
    let schema = schema()?;
    let mut logs = 0;
    let is_looked_at = |name: &String| ["policy/", "cli/"].iter().any(|stage| name.starts_with(stage));
    for name in fixtures::cases().into_iter().filter(is_looked_at) {
        let folder = fixtures::folder(&name);
        let case = Case::read(&folder)?;
        let sandbox = fixtures::prepared(&folder, &case)?;
        for (arguments, _) in case.runs()? {
            if !["check", "compose", "lint"].contains(&arguments[0].as_str()) {
                sandbox.witc(&arguments, case.stdin.as_deref())?;
                continue;
            }
            let mut arguments: Vec<String> = arguments
                .into_iter()
                .map(|argument| if argument == "-" { "none.wasm".into() } else { argument })
                .collect();
            match arguments.iter().position(|argument| argument == "--format") {
                Some(format) => arguments[format + 1] = "sarif".to_owned(),
                None => arguments.extend(["--format".to_owned(), "sarif".to_owned()]),
            }
            let output = sandbox.witc(&arguments, None)?;
            if !output.stdout.starts_with(b"{") {
                continue; // a command line that makes no sense has no report
            }
            logs += 1;
            let told = |problem| format!("{name}: witc {}: {problem}", arguments.join(" "));
            let log: Value =
                serde_json::from_slice(&output.stdout).map_err(|error| told(error.to_string()))?;
            conform(&log, &schema, &schema, "").map_err(told)?;
            is_accepted(&log, sandbox.path()).map_err(told)?;
        }
    }
    if logs > 60 { Ok(()) } else { Err(format!("only {logs} logs were looked at")) }
}

/// The published schema.
fn schema() -> Result<Value, String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let command =
        command.args(["metadata", "--format-version", "1", "--locked", "--manifest-path"]).arg(manifest);
    let output = command.output().map_err(|error| format!("cargo metadata: {error}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)))?;
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let package =
        packages.find(|package| package["name"] == SCHEMA.0).ok_or("the crate of the schema is not there")?;
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap_or_default());
    let path = manifest.with_file_name(SCHEMA.1);
    let text = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

/// Holds a value against a schema of draft 7, with the words that this schema uses. A word that is not known here is a
/// failure, so that none is passed over.
fn conform(value: &Value, schema: &Value, root: &Value, place: &str) -> Result<(), String> {
    let fail = |what: String| Err(format!("{place}: {what}"));
    for (word, wanted) in schema.as_object().into_iter().flatten() {
        match word.as_str() {
            "$ref" => {
                let name = wanted.as_str().unwrap_or_default().trim_start_matches('#');
                conform(value, root.pointer(name).ok_or(format!("no {name}"))?, root, place)?;
            }
            "type" => {
                let names: Vec<&str> = wanted.as_array().map_or_else(
                    || wanted.as_str().into_iter().collect(),
                    |names| names.iter().filter_map(Value::as_str).collect(),
                );
                if !names.iter().any(|name| is_a(value, name)) {
                    return fail(format!("{value} is no {wanted}"));
                }
            }
            "enum" => {
                if !wanted.as_array().is_some_and(|choices| choices.contains(value)) {
                    return fail(format!("{value} is none of {wanted}"));
                }
            }
            "required" => {
                for key in wanted.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if value.as_object().is_some_and(|object| !object.contains_key(key)) {
                        return fail(format!("has no `{key}`"));
                    }
                }
            }
            "properties" | "additionalProperties" => members(value, schema, root, place)?,
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    conform(item, wanted, root, &format!("{place}/{at}"))?;
                }
            }
            "anyOf" | "oneOf" => {
                let choices = wanted.as_array().into_iter().flatten();
                if !choices.into_iter().any(|choice| conform(value, choice, root, place).is_ok()) {
                    return fail(format!("{value} fits no choice"));
                }
            }
            "minItems"
                if value
                    .as_array()
                    .is_some_and(|items| (items.len() as u64) < wanted.as_u64().unwrap_or(0)) =>
            {
                return fail(format!("has too few elements: {value}"));
            }
            "uniqueItems" => {
                let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
                if (1..items.len()).any(|at| items[..at].contains(&items[at])) {
                    return fail("has an element twice".to_owned());
                }
            }
            "minimum" if value.as_i64() < wanted.as_i64() => return fail(format!("{value} is too small")),
            "maximum" if value.as_i64() > wanted.as_i64() => return fail(format!("{value} is too large")),
            "pattern" => return fail(format!("{value}: no value with a pattern is written")),
            "format" | "minItems" | "minimum" | "maximum" | "description" | "default" | "title"
            | "definitions" | "$schema" | "$id" => {}
            unknown => return Err(format!("the schema says `{unknown}`, which this test does not know")),
        }
    }
    Ok(())
}

fn members(value: &Value, schema: &Value, root: &Value, place: &str) -> Result<(), String> {
    for (key, member) in value.as_object().into_iter().flatten() {
        let place = format!("{place}/{key}");
        match (schema["properties"].get(key), &schema["additionalProperties"]) {
            (Some(property), _) => conform(member, property, root, &place)?,
            (None, Value::Bool(false)) => return Err(format!("{place}: is not in the schema")),
            (None, others @ Value::Object(_)) => conform(member, others, root, &place)?,
            (None, _) => {}
        }
    }
    Ok(())
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

/// What code scanning of GitHub needs of each result: one place in a file that is in the repository, a rule, a text, a
/// fingerprint. Of a judgement, also what it is about, and how it comes about.
fn is_accepted(log: &Value, folder: &Path) -> Result<(), String> {
    let run = &log["runs"][0];
    for result in run["results"].as_array().into_iter().flatten() {
        let fail = |what: &str| Err(format!("{what}: {result}"));
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap_or_default();
        let is_policy = result["ruleId"].as_str().is_some_and(|rule| rule.starts_with("policy/"));
        let is_lost = is_policy && !folder.join(uri).exists();
        if uri.is_empty() || uri.contains(':') || uri.starts_with('/') || is_lost {
            return fail("the file of the result is not there");
        }
        if place["region"]["startLine"].as_u64().unwrap_or(0) == 0 || result["partialFingerprints"].is_null()
        {
            return fail("no line or no fingerprint");
        }
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap_or(u64::MAX) as usize];
        if rule["id"] != result["ruleId"]
            || rule["help"]["markdown"].as_str().is_none_or(|help| help.len() > 4000)
        {
            return fail("no such rule, or too much help");
        }
        let is_about_import =
            ["policy/ungranted-import", "policy/forbidden-import", "policy/toxic-combination"];
        let is_shown = result["suppressions"].is_null();
        if is_shown && is_about_import.iter().any(|rule| result["ruleId"] == *rule) {
            let way = &result["codeFlows"][0]["threadFlows"][0]["locations"];
            let name = &result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
            if way.as_array().is_none_or(Vec::is_empty) || name.as_str().is_none_or(str::is_empty) {
                return fail("a judgement about an import says neither what nor how");
            }
        }
    }
    Ok(())
}
