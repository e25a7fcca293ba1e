//! The wires between components, as a host needs them that links by itself.
//!
//! Differs from `check`, which decides on them.

use crate::check::{Provider, Wiring};

/// A wire between two instances: who imports what, and who exports it.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    /// The place of the user in the wiring.
    pub(super) user: usize,
    /// What it imports.
    pub(super) import: String,
    /// The place of the provider.
    pub(super) provider: usize,
    /// What it exports for that.
    pub(super) export: String,
}

/// All wires between instances, by user.
pub(super) fn wires(wiring: &Wiring) -> Vec<Wire> {
    let wire = |edge: &crate::check::Edge| match &edge.provider {
        Provider::Export(export) => Some(Wire {
            user: edge.import.instance.0,
            import: edge.import.name.clone(),
            provider: export.instance.0,
            export: export.name.clone(),
        }),
        Provider::Member { .. } | Provider::Host(_) => None,
    };
    wiring.edges.iter().filter_map(wire).collect()
}
