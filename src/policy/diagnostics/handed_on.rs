//! What is found about what components hand on to others, and about the worlds that they are built for, as facts, and the
//! words for it.
//!
//! Differs from `wires.rs`: those follow from the wires alone.

use super::Powers;
use crate::diag::{Confidence, Diagnostic, Label, code, list, quoted};
use crate::model::{InterfaceName, short_function_name};
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
            paste::string(&on_track(export))
        ),
        (LaunderedHow::Alias | LaunderedHow::Handle, Some(via)) => via.help("if it is meant to"),
        (LaunderedHow::Alias | LaunderedHow::Handle, None) => format!(
            "if it is there to stand in for the host, add to `[component.{section}]`:\n\ninterpose = {}",
            paste::list([on_track(export).as_str()])
        ),
    }
}

/// An export, or a function of one, as a policy names it.
fn on_track(export: &str) -> String {
    let (name, function) = export.split_once('#').map_or((export, None), |(it, rest)| (it, Some(rest)));
    let name = InterfaceName::parse(name).map_or(name.to_owned(), |interface| interface.on_track());
    function.map_or(name.clone(), |function| format!("{name}#{}", short_function_name(function)))
}

/// A world imports what the component that is built for it never does.
pub(in crate::policy) struct WorldOverdeclares {
    pub(in crate::policy) component: String,
    pub(in crate::policy) world: String,
    pub(in crate::policy) in_vain: Vec<Declaration>,
    /// What to write in place of the `include`s that bring in something in vain.
    pub(in crate::policy) instead: Vec<String>,
}

/// One import that a world declares.
pub(in crate::policy) struct Declaration {
    pub(in crate::policy) name: String,
    /// As a policy names it.
    pub(in crate::policy) shown: String,
    /// Where the world has it: the statement, or the `include` that brings it in.
    pub(in crate::policy) span: Span,
    /// Where it is written out, if an `include` brings it in.
    pub(in crate::policy) included: Option<Span>,
}

impl From<WorldOverdeclares> for Diagnostic {
    fn from(found: WorldOverdeclares) -> Self {
        let (component, world) = (quoted(&found.component), quoted(&found.world));
        let imports: Vec<String> = found.in_vain.iter().map(|it| quoted(&it.shown)).collect();
        let message =
            format!("the world {world} imports {}, and {component} imports nothing of it", list(&imports));
        let mut diagnostic = Self::new(code::WORLD_OVERDECLARES, message);
        let mut places: Vec<Span> = found.in_vain.iter().map(|it| it.span).collect();
        places.sort();
        places.dedup();
        for (at, place) in places.into_iter().enumerate() {
            let here = || found.in_vain.iter().filter(|it| it.span == place);
            let included: Vec<(String, Span)> =
                here().filter_map(|it| Some((quoted(&it.shown), it.included?))).collect();
            let text = if included.is_empty() {
                "the toolchain left it out: no code uses it".to_owned()
            } else {
                let names: Vec<String> = included.iter().map(|(name, _)| name.clone()).collect();
                format!("brings in {}, which no code uses", list(&names))
            };
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
            if let Some((name, written)) = included.first() {
                diagnostic = diagnostic.label(Label::secondary(*written, format!("{name} is written here")));
            }
        }
        if imports.len() > 6 {
            let names = found.in_vain.iter().map(|it| crate::diag::escape(&it.shown));
            let names = names.collect::<Vec<_>>().join("\n  ");
            diagnostic = diagnostic.note(format!("all of them:\n\n  {names}"));
        }
        if found.in_vain.iter().any(|it| it.included.is_none()) {
            diagnostic = diagnostic.help(
                "take it out of the world: then nobody who builds the component can use it without asking",
            );
        }
        if found.in_vain.iter().any(|it| it.included.is_some()) {
            let lines: Vec<String> = found.instead.iter().map(|line| crate::diag::escape(line)).collect();
            diagnostic = diagnostic.help(if lines.is_empty() {
                "write what the component uses in place of the `include`: then nobody who builds it can use the rest without asking".to_owned()
            } else {
                format!(
                    "write what the component uses in place of the `include`, so that nobody who builds it can use the rest without asking:\n\n  {}",
                    lines.join("\n  ")
                )
            });
        }
        diagnostic
    }
}
