//! Capabilities and least privilege over a wiring: judges, and changes nothing.

/// What an artifact can do, by instance.
#[derive(Clone, Debug, Default)]
pub struct Capabilities {
    /// The artifact.
    pub name: String,
    /// The version of the taxonomy that the severities come from.
    pub taxonomy: String,
    /// One entry an instance; a component that is not composed has one.
    pub instances: Vec<InstanceCapabilities>,
}

/// What one instance can do.
#[derive(Clone, Debug, Default)]
pub struct InstanceCapabilities {
    /// Its name.
    pub name: String,
    /// One row an imported interface, the gravest first.
    pub rows: Vec<CapabilityRow>,
}

/// What one imported interface allows.
#[derive(Clone, Debug, Default)]
pub struct CapabilityRow {
    /// The interface on its track, with its label if it has one: `wasi:http/outgoing-handler@0.2`.
    pub interface: String,
    /// What it means in a few words for a reviewer: `sends HTTP requests to any host`.
    pub power: String,
    /// The class of the taxonomy: `net-out`; `unclassified` where it knows nothing.
    pub class: String,
    /// `none`, `low`, `medium`, `high` or `critical`.
    pub severity: String,
    /// The functions that are imported.
    pub functions: Vec<String>,
    /// How sure, and how it is reached: `imported`, `types only`, …
    pub reached: String,
}
