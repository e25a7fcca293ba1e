//! What lints find about who provides what to whom, as facts, and the words for it.
//!
//! Differs from `imports.rs`: one component alone cannot have these.

use super::Powers;
use crate::diag::{Diagnostic, Label, code, quoted};
use crate::policy::paste;
use crate::policy::via::Via;
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
    pub(in crate::policy) via: Via,
}

impl From<TransitiveCapability> for Diagnostic {
    fn from(found: TransitiveCapability) -> Self {
        let (root, import) = (quoted(&found.root), quoted(&found.powers.import));
        let user = found.route.last().map(|user| quoted(user)).unwrap_or_default();
        let message = format!("the whole imports {import} because of {user}");
        let mut path: Vec<_> = found.route.iter().map(|name| crate::diag::escape(name)).collect();
        if let Some(first) = path.first_mut() {
            first.push_str(" (root)");
        }
        path.push(format!("{} (host)", crate::diag::escape(&found.powers.import)));
        let of_many = format!("the whole has {{count}} imports because of {user}");
        let alike = found.powers.alike(of_many, None);
        Self::new(code::TRANSITIVE_CAPABILITY, message)
            .one_of_many(alike)
            .label(Label::primary(found.span, found.powers.label()))
            .note(format!("{root} does not import it: {}", path.join(" -> ")))
            .help(found.via.help(&format!("if {root} is meant to do this")))
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

/// A dependency exports something in vain.
pub(in crate::policy) struct UnusedExport {
    pub(in crate::policy) component: String,
    pub(in crate::policy) interface: String,
    pub(in crate::policy) span: Span,
}

impl From<UnusedExport> for Diagnostic {
    fn from(found: UnusedExport) -> Self {
        let (component, interface) = (quoted(&found.component), quoted(&found.interface));
        Self::new(code::UNUSED_EXPORT, format!("nothing in the composition uses {interface} of {component}"))
            .label(Label::primary(found.span, "is exported in vain"))
            .help("build the component for a world without it: what only this needs goes with it")
    }
}

/// Components of two owners use one instance of the host.
pub(in crate::policy) struct SharedHostInstance {
    pub(in crate::policy) import: String,
    /// Each with its owner.
    pub(in crate::policy) users: [(String, String); 2],
    pub(in crate::policy) span: Span,
}

impl From<SharedHostInstance> for Diagnostic {
    fn from(found: SharedHostInstance) -> Self {
        let import = quoted(&found.import);
        let [(one, one_owner), (other, other_owner)] =
            found.users.map(|(user, owner)| (quoted(&user), quoted(&owner)));
        let message =
            format!("{one} of {one_owner} and {other} of {other_owner} share one {import} of the host");
        Self::new(code::SHARED_HOST_INSTANCE, message)
            .label(Label::primary(found.span, "has no label, so that the host cannot tell them apart"))
            .help("import it under a label of its own in each, and grant each label: `LABEL: INTERFACE`")
    }
}

/// A dependency takes from the host what it could be given.
pub(in crate::policy) struct RootInDependency {
    pub(in crate::policy) component: String,
    pub(in crate::policy) powers: Powers,
    pub(in crate::policy) span: Span,
}

impl From<RootInDependency> for Diagnostic {
    fn from(found: RootInDependency) -> Self {
        let (component, subject) = (quoted(&found.component), found.powers.subject(false));
        let message =
            format!("the dependency {component} calls {subject} itself, and could be given the handle");
        Self::new(code::ROOT_IN_DEPENDENCY, message)
            .label(Label::primary(found.span, found.powers.label()))
            .note("by its types: the function needs no handle and gives one. Whether that fits the component, its authors know")
            .help("let an export take the handle: then who calls it decides what it can reach")
    }
}
