//! Holds each manifest that the cases of `deploy/` write against what its platform takes: for Pods and for wadm the types that
//! their platforms publish read them; for the others there is a shape with all that their schemas say.
//!
//! Differs from the snapshots, which show what is written, right or wrong. The schemas of SpinKube, wasmCloud, Spin and wassette
//! are in no package that could be had here, and are not part of this repository: their facts (which keys there are, which of
//! them must be there, and of which form) stand here in words of our own, with what was read and when.

mod files;
mod kubernetes;
mod published;
mod shape;

use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::sandbox::files as files_below;
use shape::Shape;

/// What takes a manifest.
#[derive(Clone, Copy)]
enum Taker {
    /// A shape of ours, and the rules that no shape says.
    Ours(fn() -> Shape, fn(&Value) -> Option<String>),
    /// The types that the platform publishes.
    Theirs(fn(&str) -> Option<String>),
}

use Taker::{Ours, Theirs};

fn nothing(_: &Value) -> Option<String> {
    None
}

const TAKERS: [(&str, Taker); 11] = [
    ("workload.yaml", Ours(kubernetes::workload, kubernetes::has_one_route)),
    ("spinapp.yaml", Ours(kubernetes::spin_app, nothing)),
    ("spin.toml", Ours(files::spin, nothing)),
    ("wadm.yaml", Theirs(published::wadm)),
    ("policy.yaml", Ours(files::permissions, nothing)),
    ("fastly.toml", Ours(files::fastly, nothing)),
    ("pod.yaml", Theirs(published::pod)),
    ("application.json", Ours(files::unit_application, nothing)),
    ("listener.json", Ours(files::unit_listener, nothing)),
    ("wasmtime.toml", Ours(files::wasmtime, nothing)),
    ("package.json", Ours(files::package, nothing)),
];

pub(crate) fn tests() -> Vec<Trial> {
    let test = |(name, taker): (&'static str, Taker)| {
        Trial::test(format!("manifests::{name}"), move || Ok(check(name, taker)?))
    };
    TAKERS.into_iter().map(test).collect()
}

/// All manifests of a name are taken, there is one at least, and one with a key too many is refused.
fn check(name: &str, taker: Taker) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/deploy");
    let found = files_below(&root).into_iter();
    let found: Vec<PathBuf> = found.filter(|path| path.file_name().is_some_and(|it| it == name)).collect();
    if found.is_empty() {
        return Err(format!("no case of deploy/ writes a {name}"));
    }
    for path in found {
        let text = std::fs::read_to_string(root.join(&path)).map_err(|error| error.to_string())?;
        let refusal = match taker {
            Ours(shape, rules) => {
                let (shape, value) = (shape(), parse(name, &text)?);
                let refusal = shape.refuse(&value, "").or_else(|| rules(&value));
                refusal.or_else(|| shape.is_loose(&value))
            }
            Theirs(refuse) => refuse(&text).or_else(|| {
                let more = text.replace("\nspec:\n", "\nspec:\n  no-such-key: true\n");
                refuse(&more).is_none().then(|| "a key that nobody knows is not refused".to_owned())
            }),
        };
        if let Some(refusal) = refusal {
            return Err(format!("snapshots/deploy/{}: {refusal}", path.display()));
        }
    }
    Ok(())
}

fn parse(name: &str, text: &str) -> Result<Value, String> {
    match name.rsplit('.').next() {
        Some("yaml") => serde_saphyr::from_str(text).map_err(|error| error.to_string()),
        Some("toml") => toml::from_str(text).map_err(|error| error.to_string()),
        _ => serde_json::from_str(text).map_err(|error| error.to_string()),
    }
}
