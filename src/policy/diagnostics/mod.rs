//! What lints find, as facts, and the words for it: one file for each thing that a finding can be about.
//!
//! Differs from `lints/`: they decide, this says.

mod drift;
mod entries;
mod grants;
mod handed_on;
mod hosts;
mod imports;
mod reached;
mod wires;

use std::sync::Arc;

use std::cmp::Reverse;

use super::capability::Capability;
use super::paste;
use super::taxonomy::Severity;
use crate::diag::{Alike, quoted};

pub(super) use drift::{CapabilityDrift, Change, MissingLock};
pub(super) use entries::{
    NotJudged, SlippedSelector, StaleException, UnknownCapability, UnmatchedComposition, UnmatchedSelector,
    UnpinnedInput, UnusedEntry,
};
pub(super) use grants::{
    ContradictoryRules, ExpiredGrant, MissingReason, UnenforcedScope, UnscopedGrant, UnusedGrant, WideGrant,
    WildcardGrant,
};
pub(super) use handed_on::{Declaration, Laundered, LaunderedHow, WorldOverdeclares};
pub(super) use hosts::{HostUnprovided, MisplacedScope, OtherHost, UnknownScope, WideHost};
pub(super) use imports::{
    ForbiddenImport, ToxicCombination, Unanalyzable, UnclassifiedCapability, Unfollowed, UngrantedImport,
    WhatIsUnknown, Withheld,
};
pub(super) use reached::{
    DeadImport, Proof, RuntimeOnlyImport, TypeOnlyImport, UngrantedEffective, UnneededGrant,
    UnusedExportCapability,
};
pub(super) use wires::{
    RootInDependency, SharedHostInstance, SilentFallthrough, TransitiveCapability, UndeclaredInterposition,
    UnusedExport,
};

/// Capabilities of one import, as reports show them.
pub(in crate::policy) struct Powers {
    /// The import with its track.
    pub(in crate::policy) import: String,
    /// The functions without brackets; empty for an import that is not an instance.
    pub(in crate::policy) functions: Vec<String>,
    /// What they let a component do.
    pub(in crate::policy) powers: String,
    /// The gravest severity, as a word.
    pub(in crate::policy) severity: &'static str,
    weight: u8,
}

impl Powers {
    /// Of capabilities that belong to one import.
    pub(in crate::policy) fn of(capabilities: &[&Capability]) -> Self {
        let import =
            capabilities.first().map(|it| it.name.without_function().to_string()).unwrap_or_default();
        let mut ratings: Vec<_> = capabilities.iter().map(|capability| capability.rating).collect();
        ratings.sort_by_key(|rating| (Reverse(rating.severity), rating.power));
        let gravest = ratings.first().map(|rating| rating.severity).unwrap_or_default();
        // What adds nothing to a handle is worth no word beside what does.
        ratings.retain(|rating| rating.severity > Severity::None || gravest == Severity::None);
        let mut powers: Vec<&str> = Vec::new();
        for rating in ratings {
            if !powers.contains(&rating.power) {
                powers.push(rating.power);
            }
        }
        let severity = gravest.as_str();
        let functions = paste::functions(capabilities).into_iter().map(str::to_owned).collect();
        Self { import, functions, powers: powers.join("; "), severity, weight: gravest as u8 }
    }

    /// The functions, a few of them by name.
    fn named(&self) -> String {
        let shown: Vec<_> = self.functions.iter().take(4).map(|name| quoted(name)).collect();
        match self.functions.len().saturating_sub(shown.len()) {
            0 => shown.join(", "),
            more => format!("{} and {more} more", shown.join(", ")),
        }
    }

    /// What is imported: the whole, or some functions of it.
    pub(super) fn subject(&self, is_whole: bool) -> String {
        if is_whole || self.functions.is_empty() {
            quoted(&self.import)
        } else {
            format!("{} of {}", self.named(), quoted(&self.import))
        }
    }

    /// One line about it, among others like it.
    pub(super) fn row(&self) -> String {
        format!("{}: {}, {}", self.severity, self.subject(true), self.powers)
    }

    pub(super) fn alike(&self, message: String, help: Option<Arc<str>>) -> Alike {
        Alike { message, row: self.row(), weight: self.weight, help, ..Alike::default() }
    }

    pub(super) fn label(&self) -> String {
        format!("{} ({})", self.powers, self.severity)
    }
}
