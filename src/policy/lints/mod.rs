//! The list of all lints: one file each, named as its code.
//!
//! A lint has its code, meaning and default level in the table of codes; here it has what decides.

mod contradictory_rules;
mod expired_grant;
mod forbidden_import;
mod host_unprovided;
mod laundered_capability;
mod missing_reason;
mod not_judged;
mod other_host;
mod root_in_dependency;
mod runtime_only_import;
mod shared_host_instance;
mod silent_fallthrough;
mod stale_exception;
pub(super) mod toxic_combination;
mod transitive_capability;
mod type_only_import;
mod unanalyzable;
mod unclassified_capability;
mod undeclared_interposition;
mod unenforced_scope;
mod unexercisable_import;
mod ungranted_effective;
mod ungranted_import;
mod unmatched_selector;
mod unneeded_grant;
mod unpinned_input;
mod unreachable_import;
mod unused_export;
mod unused_export_capability;
mod unused_grant;
mod wide_grant;
mod wide_host;
mod wildcard_grant;
mod world_overdeclares;

use super::context::Context;
use super::findings::Findings;
use crate::diag::{Code, code};

pub(super) use unenforced_scope::declared;

/// Looks at the facts and says what is wrong with them.
pub(super) type Judge = fn(&Context<'_>, &mut Findings<'_>);

/// The lints for which code must be read.
pub(super) const ABOUT_CODE: &[Code] = &[
    code::UNREACHABLE_IMPORT,
    code::UNEXERCISABLE_IMPORT,
    code::RUNTIME_ONLY_IMPORT,
    code::UNNEEDED_GRANT,
    code::UNUSED_EXPORT_CAPABILITY,
    code::UNGRANTED_EFFECTIVE,
    code::UNANALYZABLE,
];

/// All lints, in the order in which they judge.
pub(super) const LINTS: &[Judge] = &[
    ungranted_import::judge,
    forbidden_import::judge,
    unused_grant::judge,
    wildcard_grant::judge,
    wide_grant::judge,
    host_unprovided::judge,
    other_host::judge,
    wide_host::judge,
    expired_grant::judge,
    missing_reason::judge,
    contradictory_rules::judge,
    silent_fallthrough::judge,
    undeclared_interposition::judge,
    transitive_capability::judge,
    toxic_combination::judge,
    unclassified_capability::judge,
    unreachable_import::judge,
    unexercisable_import::judge,
    runtime_only_import::judge,
    type_only_import::judge,
    unneeded_grant::judge,
    unused_export_capability::judge,
    laundered_capability::judge,
    world_overdeclares::judge,
    ungranted_effective::judge,
    unanalyzable::judge,
    unenforced_scope::judge,
    unused_export::judge,
    shared_host_instance::judge,
    unpinned_input::judge,
    root_in_dependency::judge,
    unmatched_selector::judge,
    not_judged::judge,
    stale_exception::judge,
];
