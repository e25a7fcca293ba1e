//! Capabilities and least privilege over a wiring: judges, and changes nothing.
//!
//! The gate is an allow-list on what each instance imports from the host, and the default is to deny. A component cannot
//! call what it does not import, so that the gate is sound without a look at the code.

mod capability;
mod context;
mod diagnostics;
mod findings;
mod grant;
mod handle;
mod init;
mod lints;
mod paste;
mod route;
mod table;
mod taxonomy;

pub use init::first_policy;
pub use table::capabilities;

use crate::check::Wiring;
use crate::config::Policy;
use crate::diag::Run;
use crate::load::Inputs;
use crate::model::Date;
use context::Context;
use findings::Findings;

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
    /// One row an import that the host is to provide, the gravest first.
    pub rows: Vec<CapabilityRow>,
    /// What the rows mean together: pairs that are dangerous in one component. Each a clause without a full stop.
    pub warnings: Vec<String>,
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

/// Judges a wiring by a policy, on a day.
///
/// `composition` is the name of the composition in the policy, if it is one. The levels that the policy sets count where
/// the run has not chosen any. Codes: all of `policy/`.
pub fn judge(
    inputs: &mut Inputs,
    wiring: &Wiring,
    composition: Option<&str>,
    policy: &Policy,
    today: Date,
    run: &mut Run,
) {
    for (code, level) in policy.levels.iter().rev() {
        run.diagnostics.levels.set_unless_chosen(code.value, *level);
    }
    let context = Context::new(inputs, wiring, composition, policy, today);
    let mut findings = Findings::new(inputs, run, policy, composition, today);
    for judge in lints::LINTS {
        judge(&context, &mut findings);
    }
}
