//! The JSON report: one document, schema `witc/1`.
//!
//! Has its own serialised types, so that the inside of witc may change while `witc/1` may not.

mod artifact;
mod changes;
mod deployment;
mod document;
mod fit;
mod hosts;
mod scopes;
pub(super) mod text;
mod why;

use std::io;

use super::Outcome;
use document::Document;

/// The name of the format.
pub const SCHEMA: &str = "witc/1";

/// Writes the report of `outcome`, with a line feed at its end.
///
/// # Errors
/// Any error of `out`.
pub fn write(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    text::write(&Document::of(outcome), out)
}

/// The value of a JSON text, for tests of all formats.
#[cfg(test)]
pub(super) fn parsed(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("it is JSON")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use schemars::generate::SchemaSettings;
    use serde_json::Value;

    use super::*;
    use crate::diag::{Diagnostic, Label, code};
    use crate::model::Feature;
    use crate::policy::{
        Capabilities, CapabilityRow, Enforced, InstanceCapabilities, ScopeRow, SupportRow, UseRow, Whole,
        WholeRow,
    };
    use crate::policy::{Why, WhyAnswer, WitnessStep};
    use crate::report::{
        Answer, ArtifactRow, DeployedFile, DeploymentRow, ExposedExport, MendedRow, MergedImport, Wire,
    };
    use crate::source::{Disk, Files, Origin, Span};

    fn schema() -> Value {
        let settings = SchemaSettings::draft2020_12().for_serialize();
        let mut schema = settings.into_generator().into_root_schema_for::<Document<'static>>();
        schema.insert("title".to_owned(), "A report of witc, format witc/1".into());
        serde_json::to_value(schema).expect("a schema is JSON")
    }

    /// A document of its own kind that has every key.
    fn everything() -> Outcome {
        let mut outcome = Outcome::default();
        let source = outcome.sources.add("a.wit", Origin::StandardInput, "one\ntwo\n");
        let label = Label::primary(Span::new(source, 4, 7), "here");
        outcome.diagnostics.push(Diagnostic::new(code::UNREADABLE, "x").label(label).note("y").help("z"));
        outcome.artifacts.push(ArtifactRow {
            name: "a".to_owned(),
            path: Some("a.wasm".into()),
            bytes: 8,
            sha256: Some("00".to_owned()),
            imports: vec!["i".to_owned()],
            unused: vec!["i".to_owned()],
            exports: vec!["e".to_owned()],
            exposed: vec![ExposedExport {
                name: "e".to_owned(),
                instance: "a".to_owned(),
                export: "e".to_owned(),
            }],
            wires: vec![Wire {
                import: "h".to_owned(),
                export: "i".to_owned(),
                provider: None,
                user: "a".to_owned(),
            }],
            saved: 3,
            merged: vec![MergedImport { into: "i".to_owned(), from: vec!["h".to_owned()] }],
            features: Feature::find("async").into_iter().collect(),
            is_script: false,
            content: Vec::new(),
        });
        outcome.mended.push(MendedRow { path: "p.toml".into(), messages: vec!["m".to_owned()] });
        let uses = vec![UseRow { cause: Some("c".to_owned()), ..UseRow::default() }];
        let row = CapabilityRow { functions: vec!["f".to_owned()], uses, ..CapabilityRow::default() };
        let support = vec![SupportRow::default()];
        let instance = InstanceCapabilities {
            rows: vec![row],
            warnings: vec!["w".to_owned()],
            support,
            ..Default::default()
        };
        let whole = Whole {
            rows: vec![WholeRow { parts: vec!["a".to_owned()], ..WholeRow::default() }],
            warnings: vec!["w".to_owned()],
        };
        let capabilities =
            Capabilities { instances: vec![instance], whole: Some(whole), ..Capabilities::default() };
        outcome.scopes.push(ScopeRow {
            composition: Some("c".to_owned()),
            component: Some("a".to_owned()),
            capability: "i".to_owned(),
            kind: "hosts".to_owned(),
            values: vec!["h".to_owned()],
            enforced: Enforced::Host,
            by: "f".to_owned(),
        });
        outcome.answer = Some(Answer::Capabilities(vec![capabilities]));
        outcome
    }

    /// The same for `why`, which is another answer.
    fn with_why() -> Outcome {
        let answer = WhyAnswer {
            support: Some(SupportRow::default()),
            from: vec![("a".to_owned(), "e".to_owned())],
            witness: vec![WitnessStep {
                instance: "a".to_owned(),
                kind: "function",
                name: "f".to_owned(),
                module: "m".to_owned(),
            }],
            ..WhyAnswer::default()
        };
        let why = Why { answers: vec![answer], ..Why::default() };
        Outcome { answer: Some(Answer::Why(vec![why])), ..Outcome::default() }
    }

    /// The same for a deployment.
    fn with_deployment() -> Outcome {
        let file = DeployedFile { text: Some("t".to_owned()), ..DeployedFile::default() };
        let row = DeploymentRow {
            files: vec![file],
            commands: vec!["c".to_owned()],
            secrets: vec!["S".to_owned()],
            folder: Some("out".into()),
            ..DeploymentRow::default()
        };
        Outcome { answer: Some(Answer::Deployment(row)), ..Outcome::default() }
    }

    /// Holds `value` against a schema that has no more than our own types make: keys, kinds, references.
    fn conform(value: &Value, schema: &Value, root: &Value) -> Result<(), String> {
        if let Some(reference) = schema["$ref"].as_str() {
            let place = root.pointer(reference.trim_start_matches('#'));
            return conform(value, place.ok_or(format!("no {reference}"))?, root);
        }
        if let Some(choices) = schema["anyOf"].as_array() {
            let fits = choices.iter().any(|choice| conform(value, choice, root).is_ok());
            return if fits { Ok(()) } else { Err(format!("{value} fits no choice")) };
        }
        if let Some(items) = value.as_array() {
            return items.iter().try_for_each(|item| conform(item, &schema["items"], root));
        }
        let Some(object) = value.as_object() else { return Ok(()) };
        for (key, value) in object {
            let property = schema["properties"].get(key).ok_or(format!("`{key}` is not in the schema"))?;
            conform(value, property, root)?;
        }
        let mut required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        required
            .find(|key| !object.contains_key(*key))
            .map_or(Ok(()), |key| Err(format!("`{key}` is missing")))
    }

    #[test]
    fn documents_conform_to_the_schema() {
        let schema = schema();
        for outcome in [everything(), with_why(), with_deployment(), Outcome::default()] {
            let mut text = Vec::new();
            write(&outcome, &mut text).expect("memory takes all");
            let value = serde_json::from_slice(&text).expect("a report is JSON");
            assert_eq!(conform(&value, &schema, &schema), Ok(()));
        }
    }

    /// `cargo xtask codegen` rewrites the file.
    #[test]
    fn generated_schema_is_fresh() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/witc-1.json");
        let text = format!("{:#}\n", schema());
        if std::env::var_os("WITC_BLESS").is_some() {
            Disk.write(&path, &[text.as_bytes()]).expect("the schema can be written");
        }
        let there = Disk.read(&path).unwrap_or_default();
        assert!(there == text.as_bytes(), "docs/schema/witc-1.json is stale: run `cargo xtask codegen`");
    }
}
