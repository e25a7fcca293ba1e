//! The mistakes in how policies build on each other.
//!
//! Differs from `policy_diagnostics.rs`, which has the mistakes within one policy.

use std::io;

use super::diagnostics::unreadable;
use crate::diag::{Diagnostic, Label, code, escape, quoted};
use crate::source::Span;

/// A policy that another one builds on cannot be read.
pub(super) struct MissingBase {
    pub(super) path: String,
    pub(super) error: io::Error,
    pub(super) span: Span,
}

impl From<MissingBase> for Diagnostic {
    fn from(found: MissingBase) -> Self {
        let (path, reason) = (quoted(&found.path), unreadable(&found.error));
        Self::new(code::UNREADABLE_FILE, format!("{path} cannot be read: {reason}"))
            .label(Label::primary(found.span, "this policy builds on it"))
            .note("paths in a policy start at its own folder")
    }
}

/// A policy builds on itself.
pub(super) struct PolicyCircle {
    /// The files in a row; the last one leads back to the first.
    pub(super) way: Vec<String>,
    pub(super) span: Span,
}

impl From<PolicyCircle> for Diagnostic {
    fn from(found: PolicyCircle) -> Self {
        let mut way: Vec<_> = found.way.iter().map(|file| escape(file)).collect();
        let first = way.first().cloned().unwrap_or_default();
        way.push(first.clone());
        Self::new(code::POLICY_CIRCLE, format!("{} builds on itself: {}", quoted(&first), way.join(" -> ")))
            .label(Label::primary(found.span, "leads back"))
            .help("take this entry out")
    }
}

/// Too many policies build on each other in a row.
pub(super) struct DistantBase {
    pub(super) path: String,
    /// How many may.
    pub(super) most: usize,
    pub(super) span: Span,
}

impl From<DistantBase> for Diagnostic {
    fn from(found: DistantBase) -> Self {
        let (path, most) = (quoted(&found.path), found.most);
        let message = format!("{path} is too far away: {most} policies build on each other in a row");
        Self::new(code::WRONG_VALUE, message)
            .label(Label::primary(found.span, "one more"))
            .help("put the rules of several policies into one file")
    }
}

/// A policy that another one builds on is not the one that was meant.
pub(super) struct WrongDigest {
    pub(super) path: String,
    /// The one that it has.
    pub(super) digest: String,
    pub(super) span: Span,
}

impl From<WrongDigest> for Diagnostic {
    fn from(found: WrongDigest) -> Self {
        let path = quoted(&found.path);
        Self::new(code::WRONG_DIGEST, format!("{path} has another SHA-256 than the one given"))
            .label(Label::primary(found.span, "is not the digest of the file that is there"))
            .help(format!("read what changed in {path}; if it is right:\n\nsha256 = \"{}\"", found.digest))
    }
}

/// A policy loosens one that it builds on.
pub(super) struct LoosenedPolicy {
    pub(super) what: String,
    /// The path of the one that loosens, as it is written; `None` for the one that builds on the other.
    pub(super) by: Option<String>,
    /// The path as it is written.
    pub(super) base: String,
    pub(super) span: Span,
    pub(super) base_span: Span,
}

impl From<LoosenedPolicy> for Diagnostic {
    fn from(found: LoosenedPolicy) -> Self {
        let base = quoted(&found.base);
        let by = found.by.as_ref().map_or("this policy".to_owned(), |by| quoted(by));
        let message = format!("{by} loosens {}, which {base} sets", found.what);
        Self::new(code::LOOSENED_POLICY, message)
            .label(Label::primary(found.span, "looser than there"))
            .label(Label::secondary(found.base_span, "set here"))
            .help(format!(
                "take it out; or, if it is meant, say so beside the path of {base} in `extends`:\n\n\
                 override = true, reason = \"…\""
            ))
    }
}

/// A policy may loosen another one, and does not.
pub(super) struct UnusedOverride {
    /// The path as it is written.
    pub(super) base: String,
    pub(super) span: Span,
}

impl From<UnusedOverride> for Diagnostic {
    fn from(found: UnusedOverride) -> Self {
        Self::new(code::UNUSED_OVERRIDE, format!("nothing here loosens {}", quoted(&found.base)))
            .label(Label::primary(found.span, "of no use"))
            .help("take `override` and its reason out")
    }
}
