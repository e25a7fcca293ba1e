//! What is found about what components hand on to others, and about the worlds that they are built for, as facts, and the
//! words for it.
//!
//! Differs from `wires.rs`: those follow from the wires alone.

use super::Powers;
use crate::diag::{Confidence, Diagnostic, Label, code, list, quoted};
use crate::policy::paste;
use crate::policy::via::Via;
use crate::source::Span;

/// A component lets others have what the host gave to it.
pub(in crate::policy) struct Laundered {
    pub(in crate::policy) component: String,
    pub(in crate::policy) export: String,
    pub(in crate::policy) powers: Powers,
    pub(in crate::policy) how: LaunderedHow,
    /// Those who get it without a grant; empty where anyone may.
    pub(in crate::policy) users: Vec<String>,
    /// What the first of them would have to accept.
    pub(in crate::policy) via: Option<Via>,
    pub(in crate::policy) span: Span,
    /// The entry of the policy that says otherwise.
    pub(in crate::policy) rule: Option<Span>,
}

/// How others get it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) enum LaunderedHow {
    /// The export is the import.
    Alias,
    /// The export gives a handle.
    Handle,
    /// The export is not among those that may use it.
    OtherExport,
}

impl From<Laundered> for Diagnostic {
    fn from(found: Laundered) -> Self {
        let (component, export, subject) =
            (quoted(&found.component), quoted(&found.export), found.powers.subject(false));
        let users: Vec<String> = found.users.iter().map(|user| quoted(user)).collect();
        let users = list(&users);
        let has = if found.users.len() == 1 { "has" } else { "have" };
        let message = match found.how {
            LaunderedHow::Alias if found.users.is_empty() => {
                format!("{component} exports {export}, and that is {subject} of the host itself")
            }
            LaunderedHow::Alias => {
                format!("{component} passes {subject} of the host on to {users}, which {has} no grant for it")
            }
            LaunderedHow::Handle => {
                format!("{component} gives {users} a handle of the host, which {has} no grant for {subject}")
            }
            LaunderedHow::OtherExport => {
                format!("{component} uses {subject} for {export}, and may only for other exports")
            }
        };
        let label = match found.how {
            LaunderedHow::Alias => "no code of the component stands between".to_owned(),
            LaunderedHow::Handle => "hands it out".to_owned(),
            LaunderedHow::OtherExport => format!("leads there: {}", found.powers.label()),
        };
        let how = match found.how {
            LaunderedHow::Alias => "an import of the component is exported as it is",
            LaunderedHow::Handle => "by its types: the handle is of a resource of the host that this makes",
            LaunderedHow::OtherExport => {
                "proven by code: the export leads there; what cannot be decided in code counts as called"
            }
        };
        let mut diagnostic = Self::new(code::LAUNDERED_CAPABILITY, message)
            .label(Label::primary(found.span, label))
            .note(how)
            .help(help(&found.component, &found.export, found.how, found.via.as_ref()));
        if let Some(rule) = found.rule {
            diagnostic = diagnostic.label(Label::secondary(rule, "its grants are for these exports"));
            diagnostic.confidence = Some(Confidence::Proven);
        }
        diagnostic
    }
}

fn help(component: &str, export: &str, how: LaunderedHow, via: Option<&Via>) -> String {
    let section = paste::key(component);
    match (how, via) {
        (LaunderedHow::OtherExport, _) => format!(
            "if it is meant to, add to `only-for` of `[component.{section}]`: {}",
            paste::string(export)
        ),
        (LaunderedHow::Alias | LaunderedHow::Handle, Some(via)) => via.help("if it is meant to"),
        (LaunderedHow::Alias | LaunderedHow::Handle, None) => format!(
            "if it is there to stand in for the host, add to `[component.{section}]`:\n\ninterpose = {}",
            paste::list([on_track(export).as_str()])
        ),
    }
}

/// An export as a policy names it.
fn on_track(export: &str) -> String {
    crate::model::InterfaceName::parse(export).map_or(export.to_owned(), |interface| interface.on_track())
}

/// A world imports what the component that is built for it never does.
pub(in crate::policy) struct WorldOverdeclares {
    pub(in crate::policy) component: String,
    pub(in crate::policy) world: String,
    pub(in crate::policy) imports: Vec<String>,
    pub(in crate::policy) span: Span,
}

impl From<WorldOverdeclares> for Diagnostic {
    fn from(found: WorldOverdeclares) -> Self {
        let (component, world) = (quoted(&found.component), quoted(&found.world));
        let imports: Vec<String> = found.imports.iter().map(|import| quoted(import)).collect();
        let message =
            format!("the world {world} imports {}, and {component} imports nothing of it", list(&imports));
        let mut diagnostic = Self::new(code::WORLD_OVERDECLARES, message)
            .label(Label::primary(found.span, "the toolchain left it out: no code uses it"));
        if imports.len() > 6 {
            diagnostic = diagnostic.note(format!(
                "all of them:\n\n  {}",
                found.imports.iter().map(|it| crate::diag::escape(it)).collect::<Vec<_>>().join("\n  ")
            ));
        }
        diagnostic
            .help("take it out of the world: then nobody who builds the component can use it without asking")
    }
}
