//! What lints find about who provides what to whom, as facts, and the words for it.
//!
//! Differs from `imports.rs`: one component alone cannot have these.

use super::Powers;
use crate::diag::{Diagnostic, Label, code, quoted};
use crate::policy::paste;
use crate::source::Span;

/// An import goes to the host although a component exports almost the same.
pub(in crate::policy) struct SilentFallthrough {
    pub(in crate::policy) component: String,
    pub(in crate::policy) import: String,
    pub(in crate::policy) span: Span,
    pub(in crate::policy) peer: String,
    pub(in crate::policy) export: String,
    pub(in crate::policy) export_span: Span,
}

impl From<SilentFallthrough> for Diagnostic {
    fn from(found: SilentFallthrough) -> Self {
        let (peer, import, export) = (quoted(&found.peer), quoted(&found.import), quoted(&found.export));
        let component = quoted(&found.component);
        let message = format!("{component} imports {import} from the host, although {peer} exports {export}");
        Self::new(code::SILENT_FALLTHROUGH, message)
            .label(Label::primary(found.span, "goes to the host: no export has this name and track"))
            .label(Label::secondary(found.export_span, "this is not used for it"))
            .help(format!("give both the same version and label, or take {peer} out if the host is meant"))
    }
}

/// The whole can do something only because of a dependency.
pub(in crate::policy) struct TransitiveCapability {
    pub(in crate::policy) root: String,
    /// The instances from the root to the one that imports it.
    pub(in crate::policy) route: Vec<String>,
    pub(in crate::policy) powers: Powers,
    pub(in crate::policy) span: Span,
    /// All that the root would have to accept through the first peer of the route.
    pub(in crate::policy) via: Vec<String>,
}

impl From<TransitiveCapability> for Diagnostic {
    fn from(found: TransitiveCapability) -> Self {
        let (root, import) = (quoted(&found.root), quoted(&found.powers.import));
        let user = found.route.last().map(|user| quoted(user)).unwrap_or_default();
        let message = format!("the whole imports {import} only because of {user}");
        let mut path: Vec<_> = found.route.iter().map(|name| crate::diag::escape(name)).collect();
        if let Some(first) = path.first_mut() {
            first.push_str(" (root)");
        }
        path.push(format!("{} (host)", crate::diag::escape(&found.powers.import)));
        let peer = found.route.get(1).map(String::as_str).unwrap_or_default();
        let via = format!("via.{} = {}", paste::key(peer), paste::list(found.via.iter().map(String::as_str)));
        let section = paste::key(&found.root);
        Self::new(code::TRANSITIVE_CAPABILITY, message)
            .label(Label::primary(found.span, found.powers.label()))
            .note(format!("{root} does not import it: {}", path.join(" -> ")))
            .help(format!("if {root} is meant to do this, add to `[component.{section}]`:\n\n{via}"))
    }
}

/// A component provides an interface of the host without being allowed to.
pub(in crate::policy) struct UndeclaredInterposition {
    pub(in crate::policy) component: String,
    pub(in crate::policy) interface: String,
    pub(in crate::policy) users: Vec<String>,
    pub(in crate::policy) span: Span,
    pub(in crate::policy) section: Option<Span>,
}

impl From<UndeclaredInterposition> for Diagnostic {
    fn from(found: UndeclaredInterposition) -> Self {
        let (component, interface) = (quoted(&found.component), quoted(&found.interface));
        let users: Vec<_> = found.users.iter().map(|user| quoted(user)).collect();
        let users = users.join(", ");
        let message = format!("{component} stands between {users} and the host for {interface}");
        let interpose = format!("interpose = [{}]", paste::string(&found.interface));
        let section = paste::key(&found.component);
        let diagnostic = Self::new(code::UNDECLARED_INTERPOSITION, message)
            .label(Label::primary(found.span, format!("{users} gets this instead of what the host provides")))
            .help(format!("if it is meant to, add to the policy:\n\n[component.{section}]\n{interpose}"));
        match found.section {
            Some(span) => diagnostic.label(Label::secondary(span, "these rules do not allow it")),
            None => diagnostic,
        }
    }
}
