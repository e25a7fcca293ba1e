//! The mistakes that only a policy file can hold.
//!
//! Differs from `diagnostics.rs`, which has the mistakes of any TOML file.

use std::path::PathBuf;

use crate::diag::{Diagnostic, Label, closest, code, quoted, shell_word};
use crate::source::Span;

/// A policy that is named is not there.
pub(super) struct MissingPolicy {
    pub(super) path: PathBuf,
    /// Where it is named: in a manifest; else where it would be.
    pub(super) span: Span,
    pub(super) is_in_manifest: bool,
    /// The command that writes a first one.
    pub(super) init: String,
}

impl From<MissingPolicy> for Diagnostic {
    fn from(found: MissingPolicy) -> Self {
        let path = quoted(&found.path.to_string_lossy());
        let text = if found.is_in_manifest { "the policy is named here" } else { "needed here" };
        Self::new(code::UNREADABLE_FILE, format!("{path} cannot be read: there is no such file"))
            .label(Label::primary(found.span, text))
            .help(format!(
                "name the policy that is there, or write a first one: {}",
                quoted(&format!("{} -o {}", found.init, shell_word(&found.path.to_string_lossy())))
            ))
    }
}

/// There is no policy to judge by.
pub(super) struct NoPolicy {
    /// Where one was looked for.
    pub(super) path: PathBuf,
    /// The command that writes a first one.
    pub(super) init: String,
}

impl From<NoPolicy> for Diagnostic {
    fn from(found: NoPolicy) -> Self {
        let path = quoted(&found.path.display().to_string());
        Self::new(code::NO_POLICY, format!("there is no policy to judge by: {path} does not exist"))
            .help(format!("write a first one with {}, or name one with `--policy FILE`", quoted(&found.init)))
    }
}

/// A text that does not name a capability.
pub(super) struct BadCapability {
    pub(super) text: String,
    /// What it must be.
    pub(super) reason: String,
    pub(super) span: Span,
}

impl From<BadCapability> for Diagnostic {
    fn from(found: BadCapability) -> Self {
        let message = format!("{} cannot be used as a capability here", quoted(&found.text));
        let reason = crate::diag::escape(&found.reason);
        Self::new(code::BAD_CAPABILITY, message)
            .label(Label::primary(found.span, format!("must be {reason}")))
    }
}

/// `@NAME` with no group of that name.
pub(super) struct UnknownGroup {
    pub(super) name: String,
    pub(super) known: Vec<String>,
    pub(super) span: Span,
}

impl From<UnknownGroup> for Diagnostic {
    fn from(found: UnknownGroup) -> Self {
        let meant = closest(&found.name, found.known.iter().map(String::as_str));
        let text = match meant {
            Some(meant) => format!("did you mean {}?", quoted(&format!("@{meant}"))),
            None => "no group has this name".to_owned(),
        };
        let known: Vec<_> = found.known.iter().map(|name| quoted(&format!("@{name}"))).collect();
        let message = format!("unknown group {}", quoted(&format!("@{}", found.name)));
        Self::new(code::UNKNOWN_GROUP, message)
            .label(Label::primary(found.span, text))
            .note(format!("the groups are {}", known.join(", ")))
    }
}

/// A group that has itself as a member.
pub(super) struct CircularGroup {
    pub(super) name: String,
    pub(super) span: Span,
}

impl From<CircularGroup> for Diagnostic {
    fn from(found: CircularGroup) -> Self {
        let name = quoted(&format!("@{}", found.name));
        Self::new(code::CIRCULAR_GROUP, format!("the group {name} is a member of itself"))
            .label(Label::primary(found.span, "its members lead back to it"))
    }
}

/// A host that no `[host.NAME]` describes.
pub(super) struct UnknownHost {
    pub(super) name: String,
    pub(super) known: Vec<String>,
    pub(super) span: Span,
}

impl From<UnknownHost> for Diagnostic {
    fn from(found: UnknownHost) -> Self {
        let text = match closest(&found.name, found.known.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean {}?", quoted(meant)),
            None => "this policy has no table for it".to_owned(),
        };
        let name = crate::diag::escape(&found.name);
        Self::new(
            code::UNKNOWN_HOST,
            format!("this policy says nothing about the host {}", quoted(&found.name)),
        )
        .label(Label::primary(found.span, text))
        .help(format!("add a table that names its profile:\n\n[host.{name}]\nprofile = \"…\""))
    }
}

/// A group with the name of a built-in one.
pub(super) struct TakenGroup {
    pub(super) name: String,
    pub(super) span: Span,
}

impl From<TakenGroup> for Diagnostic {
    fn from(found: TakenGroup) -> Self {
        let name = quoted(&format!("@{}", found.name));
        Self::new(code::TAKEN_GROUP, format!("the group {name} is built in and cannot be defined again"))
            .label(Label::primary(found.span, "needs another name"))
    }
}

/// `functions` beside a `cap` that leaves no room for it.
pub(super) struct TwiceNamedFunctions {
    pub(super) cap_span: Span,
    pub(super) span: Span,
    pub(super) why: &'static str,
}

impl From<TwiceNamedFunctions> for Diagnostic {
    fn from(found: TwiceNamedFunctions) -> Self {
        let message = format!("`functions` cannot stand beside this `cap`: {}", found.why);
        Self::new(code::CONFLICTING_KEYS, message)
            .label(Label::primary(found.span, "take this away"))
            .label(Label::secondary(found.cap_span, "or name one whole interface here"))
    }
}

/// A file is not the capability lock that its name says.
pub(super) struct MalformedLock {
    pub(super) span: Span,
}

impl From<MalformedLock> for Diagnostic {
    fn from(found: MalformedLock) -> Self {
        let message = "this is not a capability lock that this witc can read";
        Self::new(code::MALFORMED_LOCK, message)
            .label(Label::primary(found.span, "means nothing here"))
            .help("write it anew with `witc policy snapshot --force`, and look at what changes")
    }
}
