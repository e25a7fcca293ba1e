//! The serialised types of host profiles: the key `hosts` of the format `witc/1`.
//!
//! Differs from `document.rs`, which has the document around them.

use serde::Serialize;

use crate::host::{HostProfile, MatchRule, Power, Provided};

/// What is known about one host.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Host"))]
pub(super) struct JsonHost<'o> {
    /// Its id.
    id: &'o str,
    /// What people call it.
    name: &'o str,
    /// The version that this is about.
    version: &'o str,
    /// The day of which this is the state, as `YYYY-MM-DD`.
    date: String,
    /// How it runs components: `yes`, `transpiled`, `import-free and flat only` or `no`.
    components: &'static str,
    /// What must be known about it.
    notes: &'o [String],
    /// Where the facts are from.
    sources: Vec<JsonFact<'o>>,
    /// The interfaces of which an artifact must export one, with their tracks.
    exports: Vec<String>,
    /// Those of them of which an artifact must export no two: a group for each way in which the host starts something.
    exclusive: Vec<Vec<String>>,
    /// What it provides.
    provides: Vec<JsonProvided<'o>>,
    /// The kinds of scope that it enforces.
    scopes: Vec<JsonScope<'o>>,
    /// The features that it lacks, or has only by a flag.
    lacks: Vec<JsonFeature<'o>>,
    /// Whether it is known which these are; else none is named.
    features_known: bool,
    /// The size of the largest artifact that it takes, in bytes; null where none is known.
    bytes: Option<u64>,
    /// The same after compression with gzip.
    compressed_bytes: Option<u64>,
    /// How deep components may lie in each other; null where no limit is known.
    depth: Option<usize>,
    /// How a graph of components is deployed there; null where only one artifact is.
    graph: Option<&'o str>,
}

/// Where a fact is from.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "HostFact"))]
struct JsonFact<'o> {
    /// What it is about.
    about: &'o str,
    /// The document or the source file.
    from: &'o str,
    /// Whether it was looked up there.
    verified: bool,
}

/// Interfaces of one package that a host provides in the same way.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Provided"))]
struct JsonProvided<'o> {
    /// The package without a version.
    package: &'o str,
    /// Its versions.
    versions: Vec<String>,
    /// Its interfaces; all of them where none is named.
    interfaces: &'o [String],
    /// Which versions these provide for: `track` or `exact`.
    matching: &'static str,
    /// The flag without which they are not linked; null where none is needed.
    flag: Option<&'o str>,
    /// Whether they may be used: `yes`, `asked` or `no`.
    power: &'static str,
    /// The flag or the line of a manifest that lets them be used.
    grant: Option<&'o str>,
    /// What must be known about them.
    note: Option<&'o str>,
}

/// A kind of scope that a host enforces.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "EnforcedScope"))]
struct JsonScope<'o> {
    /// The kind, as a policy names it.
    kind: &'o str,
    /// By what.
    by: &'o str,
}

/// A feature that a host lacks.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "LackingFeature"))]
struct JsonFeature<'o> {
    /// Its name.
    feature: &'static str,
    /// The flag that turns it on; null where there is none.
    flag: Option<&'o str>,
}

impl<'o> JsonHost<'o> {
    pub(super) fn of(profile: &'o HostProfile) -> Self {
        let fact = |fact: &'o crate::host::Fact| JsonFact {
            about: &fact.about,
            from: &fact.from,
            verified: fact.is_verified,
        };
        let scope = |scope: &'o crate::host::EnforcedScope| JsonScope { kind: &scope.kind, by: &scope.by };
        let names =
            |names: &Vec<crate::model::InterfaceName>| names.iter().map(ToString::to_string).collect();
        let feature = |rule: &'o crate::host::FeatureRule| JsonFeature {
            feature: rule.feature.name(),
            flag: rule.flag.as_deref(),
        };
        Self {
            id: &profile.id,
            name: &profile.name,
            version: &profile.version,
            date: profile.date.to_string(),
            components: profile.components.words(),
            notes: &profile.notes,
            sources: profile.sources.iter().map(fact).collect(),
            exports: names(&profile.exports.one_of),
            exclusive: profile.exports.exclusive.iter().map(names).collect(),
            provides: profile.provides.iter().map(JsonProvided::of).collect(),
            scopes: profile.scopes.iter().map(scope).collect(),
            lacks: profile.features.iter().flatten().map(feature).collect(),
            features_known: profile.features.is_some(),
            bytes: profile.limits.bytes,
            compressed_bytes: profile.limits.compressed_bytes,
            depth: profile.limits.depth,
            graph: profile.graph.as_deref(),
        }
    }
}

impl<'o> JsonProvided<'o> {
    fn of(row: &'o Provided) -> Self {
        let (power, grant) = match &row.power {
            Power::Granted => ("yes", None),
            Power::Asked(grant) => ("asked", Some(grant.as_str())),
            Power::Never => ("no", None),
        };
        Self {
            package: &row.package,
            versions: row.versions.iter().map(ToString::to_string).collect(),
            interfaces: &row.interfaces,
            matching: match row.rule {
                MatchRule::Track => "track",
                MatchRule::Exact => "exact",
            },
            flag: row.flag.as_deref(),
            power,
            grant,
            note: row.note.as_deref(),
        }
    }
}
