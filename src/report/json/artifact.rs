//! The key `artifacts` of the format `witc/1`; the comments are the descriptions in its schema.
//!
//! Differs from `document.rs`, which has the keys of all commands.

use serde::Serialize;

use crate::report::{ArtifactRow, ExposedExport, Wire};

/// An export of the whole, and the export of an instance that it is.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "ExposedExport"))]
struct JsonExposed<'o> {
    /// The name under which the whole exports it.
    name: &'o str,
    /// The instance that it comes from.
    instance: &'o str,
    /// What that instance calls it.
    export: &'o str,
}

/// A component that was linked.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Artifact"))]
pub(super) struct JsonArtifact<'o> {
    /// The name of the composition.
    name: &'o str,
    /// Where it was written; null for standard output.
    path: Option<String>,
    /// Its size.
    bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'o str>,
    /// The names of its imports, in order.
    imports: &'o [String],
    /// Those of them that no part of it uses any more: a part was replaced by one that does not import them.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    unused: &'o [String],
    /// The names of its exports, in order.
    exports: &'o [String],
    /// Which instance each of its exports comes from.
    exposed: Vec<JsonExposed<'o>>,
    /// Who provides what to whom.
    wires: Vec<JsonWire<'o>>,
    /// How many bytes it would have more if what lies in several inputs kept all its copies.
    saved: u64,
    /// The imports that were made of several versions of one interface.
    merged: Vec<JsonMerged<'o>>,
    /// What an engine must have to run it, as far as that shows without a look at function bodies.
    features: Vec<&'static str>,
}

/// An import that stands for several versions of one interface.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Merged"))]
struct JsonMerged<'o> {
    /// What the artifact imports.
    into: &'o str,
    /// The other names under which instances import it.
    from: &'o [String],
}

/// Who provides one import of one instance.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Wire"))]
struct JsonWire<'o> {
    /// The name of the wire: that of the import, or for the host that of the import of the whole.
    item: &'o str,
    /// The name that the user imports.
    import: &'o str,
    /// The name that the provider exports, or for the host the one that the whole imports.
    export: &'o str,
    /// The instance that provides it; null for the host.
    provider: Option<&'o str>,
    /// The instance that imports it.
    user: &'o str,
}

impl<'o> JsonArtifact<'o> {
    pub(super) fn of(row: &'o ArtifactRow) -> Self {
        Self {
            name: &row.name,
            path: row.path.as_ref().map(|path| path.display().to_string()),
            bytes: row.bytes,
            sha256: row.sha256.as_deref(),
            imports: &row.imports,
            unused: &row.unused,
            exports: &row.exports,
            exposed: row.exposed.iter().map(JsonExposed::of).collect(),
            wires: row.wires.iter().map(JsonWire::of).collect(),
            saved: row.saved,
            merged: row.merged.iter().map(|it| JsonMerged { into: &it.into, from: &it.from }).collect(),
            features: row.features.iter().map(|feature| feature.name()).collect(),
        }
    }
}

impl<'o> JsonExposed<'o> {
    fn of(it: &'o ExposedExport) -> Self {
        Self { name: &it.name, instance: &it.instance, export: &it.export }
    }
}

impl<'o> JsonWire<'o> {
    fn of(wire: &'o Wire) -> Self {
        Self {
            item: wire.item(),
            import: &wire.import,
            export: &wire.export,
            provider: wire.provider.as_deref(),
            user: &wire.user,
        }
    }
}
