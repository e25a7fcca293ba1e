//! When and for which hosts a policy is judged: what neither the policy nor the components say.
//!
//! Differs from `context.rs`, which has the facts of one wiring.

use std::collections::BTreeMap;

use crate::host::HostProfile;
use crate::model::Date;

/// The day, and what is known about hosts.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// The day that grants and exceptions must not have expired on.
    pub today: Date,
    /// The profiles of the hosts that the policy describes, by the names that it gives them.
    pub named: BTreeMap<String, HostProfile>,
    /// The host that was asked for: then it counts, and not those that the policy names for a composition.
    pub asked: Option<HostProfile>,
    /// The kinds of scope that nobody has to enforce.
    pub accepted: Vec<String>,
}

impl Occasion {
    /// A day, with nothing known about hosts.
    pub fn on(today: Date) -> Self {
        Self { today, named: BTreeMap::new(), asked: None, accepted: Vec::new() }
    }
}
