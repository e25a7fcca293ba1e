//! Findings about the hosts that a composition is for.

use crate::diag::{Diagnostic, Label, code, list, quoted};
use crate::source::Span;

/// A composition needs what a host that its policy names does not have.
pub(in crate::policy) struct HostUnprovided {
    pub(in crate::policy) component: String,
    pub(in crate::policy) import: String,
    pub(in crate::policy) host: String,
    pub(in crate::policy) profile: String,
    /// The versions in which the host has it.
    pub(in crate::policy) versions: Vec<String>,
    pub(in crate::policy) span: Span,
    pub(in crate::policy) rule: Span,
}

impl From<HostUnprovided> for Diagnostic {
    fn from(found: HostUnprovided) -> Self {
        let (component, import, host) =
            (quoted(&found.component), quoted(&found.import), quoted(&found.host));
        let message = format!("{component} imports {import}, which the host {host} does not have");
        let diagnostic = Self::new(code::POLICY_HOST_UNPROVIDED, message)
            .label(Label::primary(found.span, "nobody provides it there"))
            .label(Label::secondary(found.rule, format!("what {host} is")));
        let versions: Vec<String> = found.versions.iter().map(|name| quoted(name)).collect();
        let diagnostic = match versions.is_empty() {
            true => diagnostic,
            false => diagnostic.note(format!("it has {}", list(&versions))),
        };
        diagnostic.help(format!(
            "link in a component that provides it, or take {host} from `hosts` of the composition; \
             `witc check --host {}` says more",
            found.profile
        ))
    }
}

/// A host grants more by itself than the composition imports.
pub(in crate::policy) struct WideHost {
    pub(in crate::policy) host: String,
    pub(in crate::policy) profile: String,
    pub(in crate::policy) packages: Vec<String>,
    pub(in crate::policy) span: Span,
}

impl From<WideHost> for Diagnostic {
    fn from(found: WideHost) -> Self {
        let packages: Vec<String> = found.packages.iter().map(|package| quoted(package)).collect();
        let host = quoted(&found.host);
        let message =
            format!("the host {host} also grants {}, of which nothing is imported", list(&packages));
        Self::new(code::WIDE_HOST, message)
            .label(Label::primary(found.span, "grants it by itself"))
            .note("an update of a component could use it, and only the policy would say so")
            .help(format!(
                "a narrower host would refuse it too: `witc hosts {}` shows what this one has",
                found.profile
            ))
    }
}
