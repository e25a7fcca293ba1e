//! The serialised types of what came of holding artifacts against hosts: the key `fit` of the format `witc/1`.
//!
//! Differs from `hosts.rs`, which has what is known about a host, whatever runs there.

use serde::Serialize;

use crate::check::{HostFit, ImportFit, Verdict};
use crate::host::Power;
use crate::model::Needs;
use crate::report::NeedsRow;

/// What came of holding an artifact against a host.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Fit"))]
pub(super) struct JsonFit<'o> {
    /// The component or the composition.
    artifact: &'o str,
    /// The id of the host.
    host: &'o str,
    /// Whether it links there and can be started.
    links: bool,
    /// The flags that it needs.
    flags: Vec<String>,
    /// The features that it needs, of which it is not known whether the host has them.
    unknown_features: Vec<&'static str>,
    /// What keeps it from running, apart from imports.
    obstacles: Vec<String>,
    /// What became of each import.
    imports: Vec<JsonImportFit<'o>>,
}

/// What became of one import.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "ImportFit"))]
struct JsonImportFit<'o> {
    /// Its name.
    import: &'o str,
    /// `provided`, `other-versions`, `other-types`, `absent`, or `nothing` for a type that needs no host.
    verdict: &'static str,
    /// The names under which the host has it.
    provided: Vec<&'o str>,
    /// The flag without which it does not link; null where none is needed.
    flag: Option<&'o str>,
    /// Whether it may then be used: `yes`, `asked` or `no`; null where it does not link.
    power: Option<&'static str>,
    /// The flag or the line of a manifest that lets it be used.
    grant: Option<&'o str>,
    /// Whether types were compared; else only name and version were.
    by_type: bool,
}

/// What an artifact asks of an engine.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Needs"))]
pub(super) struct JsonNeeds<'o> {
    /// The component or the composition.
    artifact: &'o str,
    /// The features beyond WebAssembly 2.0 and the first component model.
    features: Vec<&'static str>,
    /// Its size; of a composition that of its components.
    bytes: u64,
    /// How many core modules lie in it.
    modules: usize,
    /// How many components lie in it.
    components: usize,
    /// How deep components lie in each other.
    depth: usize,
}

impl<'o> JsonFit<'o> {
    pub(super) fn of(fit: &'o HostFit) -> Self {
        Self {
            artifact: &fit.artifact,
            host: &fit.host,
            links: fit.links(),
            flags: fit.flags(),
            unknown_features: fit.unknown_features.iter().map(|feature| feature.name()).collect(),
            obstacles: fit.obstacles.iter().map(crate::report::obstacle_words).collect(),
            imports: fit.imports.iter().map(JsonImportFit::of).collect(),
        }
    }
}

impl<'o> JsonImportFit<'o> {
    fn of(import: &'o ImportFit) -> Self {
        let mut row = Self {
            import: &import.name,
            verdict: "absent",
            provided: Vec::new(),
            flag: None,
            power: None,
            grant: None,
            by_type: false,
        };
        match &import.verdict {
            Verdict::Provided { name, flag, power, by_type, .. } => {
                row.verdict = "provided";
                row.provided.push(name);
                row.flag = flag.as_deref();
                row.by_type = *by_type;
                (row.power, row.grant) = match power {
                    Power::Granted => (Some("yes"), None),
                    Power::Asked(grant) => (Some("asked"), Some(grant.as_str())),
                    Power::Never => (Some("no"), None),
                };
            }
            Verdict::OtherVersions(versions) => {
                row.verdict = "other-versions";
                row.provided = versions.iter().map(String::as_str).collect();
            }
            Verdict::OtherTypes { name, .. } => {
                row.verdict = "other-types";
                row.provided.push(name);
                row.by_type = true;
            }
            Verdict::Absent => {}
            Verdict::Nothing => row.verdict = "nothing",
        }
        row
    }
}

impl<'o> JsonNeeds<'o> {
    pub(super) fn of(row: &'o NeedsRow) -> Self {
        let Needs { features, bytes, modules, components, depth } = &row.needs;
        Self {
            artifact: &row.artifact,
            features: features.iter().map(|feature| feature.name()).collect(),
            bytes: *bytes,
            modules: *modules,
            components: *components,
            depth: *depth,
        }
    }
}
