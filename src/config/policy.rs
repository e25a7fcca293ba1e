//! `witc-policy.toml` in its checked form: what each component may use, and who said why.
//!
//! Differs from `policy_file.rs`, which reads a file into this form, and from `crate::policy`, which judges by it.

use super::{Pattern, Selector, Spanned};
use crate::diag::{Code, Level};
use crate::model::Date;
use crate::source::{SourceId, Span};

/// The name of the file that commands look for.
pub const POLICY_NAME: &str = "witc-policy.toml";

/// The version of the taxonomy that this witc carries, and that a policy must name.
pub const TAXONOMY_VERSION: &str = "2026.11";

/// A checked policy: every capability can be read, every group and every rule that it names exists.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The file.
    pub source: SourceId,
    /// The SHA-256 of what it says, as 64 lower-case hexadecimal digits: of its text; where it builds on others, of its digest
    /// and theirs, one a line.
    pub digest: String,
    /// The policies that this one builds on. What they say is in the fields below.
    pub extends: Vec<Extends>,
    /// The levels that are set for lints: those of policies that this one builds on, then its own, single lints after
    /// groups.
    pub levels: Vec<(Spanned<Code>, Level)>,
    /// The groups that it defines.
    pub groups: Vec<Group>,
    /// What is said about hosts.
    pub hosts: Vec<HostRules>,
    /// What is said about whole compositions.
    pub compositions: Vec<CompositionRules>,
    /// What is said about components.
    pub components: Vec<ComponentRules>,
    /// Findings that are accepted.
    pub exceptions: Vec<Exception>,
}

/// A policy that another one builds on.
#[derive(Clone, Debug)]
pub struct Extends {
    /// Its file, relative to the file that names it.
    pub path: Spanned<String>,
    /// The SHA-256 that its file must have.
    pub sha256: Option<Spanned<String>>,
    /// The SHA-256 that its file has; empty where it was not read.
    pub digest: String,
    /// `override`, where it is true: this file may loosen what that one says.
    pub may_loosen: Option<Span>,
    /// Why it may.
    pub reason: Option<Spanned<String>>,
}

/// `NAME = […]` in `[groups]`.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name, without `@`.
    pub name: Spanned<String>,
    /// What belongs to it.
    pub members: Vec<Spanned<Selector>>,
}

/// `[host.NAME]`.
#[derive(Clone, Debug)]
pub struct HostRules {
    /// Its name.
    pub name: Spanned<String>,
    /// The id of its profile.
    pub profile: Option<Spanned<String>>,
    /// The kinds of scope that this deployment enforces.
    pub scopes: Vec<Spanned<String>>,
    /// What a deployment there may use at most.
    pub limits: ResourceLimits,
}

/// `[host.NAME.limits]`.
#[derive(Clone, Debug, Default)]
pub struct ResourceLimits {
    /// How large a memory may become, in bytes.
    pub memory: Option<Spanned<u64>>,
    /// How many instructions may be executed, about.
    pub fuel: Option<Spanned<u64>>,
    /// How long a run may take: `5s`, `100ms`.
    pub timeout: Option<Spanned<String>>,
}

impl ResourceLimits {
    /// Whether something is allowed more than by others, which limit it too.
    pub(super) fn are_looser_than(&self, others: &Self) -> bool {
        let is_more = |own: &Option<Spanned<u64>>, other: &Option<Spanned<u64>>| matches!((own, other), (Some(own), Some(other)) if own.value > other.value);
        let is_longer = matches!((&self.timeout, &others.timeout), (Some(own), Some(other))
            if own.value != other.value && duration(&own.value) > duration(&other.value));
        is_more(&self.memory, &others.memory) || is_more(&self.fuel, &others.fuel) || is_longer
    }

    /// Takes over the limits of others where it has none.
    pub(super) fn keep(&mut self, others: &Self) {
        self.memory = self.memory.take().or_else(|| others.memory.clone());
        self.fuel = self.fuel.take().or_else(|| others.fuel.clone());
        self.timeout = self.timeout.take().or_else(|| others.timeout.clone());
    }
}

/// A time in nanoseconds, of a text such as `5s` or `100ms`.
pub(super) fn duration(text: &str) -> Option<u128> {
    let number = text.trim_end_matches(|character: char| character.is_ascii_lowercase());
    let unit = match &text[number.len()..] {
        "s" => 1_000_000_000,
        "ms" => 1_000_000,
        "us" => 1_000,
        "ns" => 1,
        _ => return None,
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        Some(number.parse::<u64>().map_or(u128::MAX, |number| u128::from(number) * unit))
    } else {
        None
    }
}

/// `[composition.NAME]`: the ceiling for everything inside.
#[derive(Clone, Debug)]
pub struct CompositionRules {
    /// The name of the composition.
    pub name: Spanned<String>,
    /// The hosts that it is for: names of [`HostRules`].
    pub hosts: Vec<Spanned<String>>,
    /// What may be used at all; `None` where nothing is said.
    pub allow: Option<Vec<Grant>>,
    /// What nobody may use.
    pub forbid: Vec<Forbid>,
    /// What the policies that this one builds on say about the same composition: it holds beside this.
    pub limits: Vec<CompositionRules>,
}

/// An entry of `forbid`.
#[derive(Clone, Debug)]
pub struct Forbid {
    /// What nobody may use.
    pub cap: Spanned<Selector>,
    /// Why.
    pub reason: Option<Spanned<String>>,
}

/// `[component.NAME]`.
#[derive(Clone, Debug)]
pub struct ComponentRules {
    /// The name of the instance, or the stem of the file.
    pub name: Spanned<String>,
    /// The package that the component must export something of.
    pub package: Option<Spanned<PackageMatch>>,
    /// What it may use.
    pub grants: Vec<Grant>,
    /// The run-time support that it is built with.
    pub runtime: Vec<Spanned<String>>,
    /// What it may use through a peer, by the name of the peer.
    pub via: Vec<(Spanned<String>, Vec<Spanned<Selector>>)>,
    /// The exports that may reach its grants: none of them where the list is empty. All where there is no list.
    pub only_for: Option<Spanned<Vec<Spanned<Pattern>>>>,
    /// The interfaces of a host that it may provide to its peers.
    pub interpose: Vec<Spanned<Selector>>,
    /// What the policies that this one builds on say about the same component: it may use what all of them allow.
    pub limits: Vec<ComponentRules>,
}

/// A package with the versions that will do: `acme:payments@^2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageMatch {
    /// `namespace:package`.
    pub package: String,
    /// The versions; any without.
    pub version: Option<semver::VersionReq>,
}

/// One entry of an `allow`, or one `[[component.NAME.grant]]`.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The whole entry; of a table `[[…]]` its header.
    pub span: Span,
    /// What may be used.
    pub cap: Spanned<Selector>,
    /// The functions of it; all without.
    pub functions: Option<Vec<Spanned<String>>>,
    /// Whether a `*` in it is meant.
    pub wildcard: bool,
    /// The limits within which it may be used.
    pub scope: Vec<Scope>,
    /// Why.
    pub reason: Option<Spanned<String>>,
    /// Who answers for it.
    pub owner: Option<Spanned<String>>,
    /// The last day on which it holds.
    pub expires: Option<Spanned<Date>>,
}

/// One kind of limit: `hosts = ["https://api.stripe.com"]`.
#[derive(Clone, Debug)]
pub struct Scope {
    /// What is limited.
    pub kind: Spanned<String>,
    /// To what.
    pub values: Vec<Spanned<String>>,
}

/// `[[exception]]`: findings that are accepted for a while.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Where it starts.
    pub span: Span,
    /// The rule that it silences.
    pub rule: Spanned<Code>,
    /// The component that it is about.
    pub component: Option<Spanned<String>>,
    /// The composition that it is about.
    pub composition: Option<Spanned<String>>,
    /// The capabilities that it is about; all without.
    pub caps: Vec<Spanned<Selector>>,
    /// Why it is accepted.
    pub reason: Spanned<String>,
    /// Who answers for it.
    pub owner: Option<Spanned<String>>,
    /// The last day on which it holds.
    pub expires: Option<Spanned<Date>>,
}
