//! What the user asked for: the request of the command line, `witc.toml` and `witc-policy.toml`.
//!
//! Files are read with spans and turned into checked forms, all mistakes at once; nothing here reads an artifact.

mod capability_lock;
mod composition;
mod diagnostics;
mod document;
mod instance_name;
mod levels;
mod loosened;
mod manifest;
mod pattern;
mod policy;
mod policy_base;
mod policy_base_diagnostics;
mod policy_diagnostics;
mod policy_file;
mod policy_names;
mod request;
mod spanned;
mod wanted;
mod without_effect;

pub use capability_lock::{
    CapabilityLock, LOCK_HEADER, LOCK_NAME, LockedComposition, LockedInstance, LockedPower, LockedRating,
    read_lock,
};
pub use composition::{
    Chain, Choice, CommandLine, Composition, ExportChoice, Flags, HOST, InstanceEntry, WireChoice,
    is_binary_name, is_name_of_text,
};
pub(crate) use document::{Section, Value, open, read};
pub use instance_name::instance_names;
pub use manifest::{MANIFEST_NAME, Manifest, find_manifest, read_manifest};
pub use pattern::{BUILT_IN_GROUPS, Labels, Pattern, Selector, Target, is_function};
pub use policy::{
    ComponentRules, CompositionRules, Exception, Extends, Forbid, Grant, Group, HostRules, POLICY_NAME,
    PackageMatch, Policy, ResourceLimits, Scope, TAXONOMY_VERSION,
};
pub use policy_base::{read_named_policy, read_policy};
pub use policy_file::policy_for;
pub use request::{
    ALL_HOSTS, ComponentInput, ComposeRequest, DeployRequest, EXAMPLE_REGISTRY, FIRST_VERSION, InputPath,
    OutputPath, Request, WitToEmbed, repeated,
};
pub use spanned::Spanned;
pub use wanted::compositions;
pub use wanted::{PartReplacement, part_replacements, replaces_parts};
pub use without_effect::WithoutEffect;
