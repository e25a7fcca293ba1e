//! `policy/unpinned-input`: a policy builds on a file that others can change.
//!
//! Differs from `config/wrong-digest`: there it has changed.

use std::path::{Component, Path};

use crate::policy::context::Context;
use crate::policy::diagnostics::UnpinnedInput;
use crate::policy::findings::Findings;

/// Each policy to build on that lies outside of the folder of the one that names it, and has no digest there.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    for extends in &context.policy.extends {
        let path = extends.path.as_str();
        let leads_out = matches!(
            Path::new(path).components().next(),
            Some(Component::ParentDir | Component::RootDir | Component::Prefix(_))
        );
        if leads_out && extends.sha256.is_none() {
            findings.report(UnpinnedInput {
                path: path.to_owned(),
                digest: extends.digest.clone(),
                span: extends.path.span,
            });
        }
    }
}
