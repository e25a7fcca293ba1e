//! What the lints find that look at code, as facts, and the words for it. Each says whether it is proven or likely.
//!
//! Differs from `imports.rs`, which has the words of the lints that need no code.

use super::Powers;
use crate::diag::{Alike, Confidence, Diagnostic, Label, code, escape, quoted};
use crate::policy::SupportKind;
use crate::policy::capability::{Capability, Instance};
use crate::policy::paste;
use crate::policy::reach::{Support, WitnessStep};
use crate::policy::runtime::words;
use crate::policy::via::Via;
use crate::source::Span;

/// What all of them say about an import.
struct Subject {
    component: String,
    powers: Powers,
    is_whole: bool,
    span: Span,
}

impl Subject {
    fn of(instance: &Instance, capabilities: &[&Capability], is_whole: bool, span: Span) -> Self {
        Self { component: instance.name.clone(), powers: Powers::of(capabilities), is_whole, span }
    }

    /// The diagnostic with its message: the component, what it imports, and what holds for that.
    fn says(&self, code: crate::diag::Code, what_holds: &str) -> Diagnostic {
        let (component, subject) = (quoted(&self.component), self.powers.subject(self.is_whole));
        Diagnostic::new(code, format!("{component} imports {subject}{what_holds}"))
            .label(Label::primary(self.span, self.powers.label()))
    }
}

/// A component imports what it can never call.
pub(in crate::policy) struct DeadImport {
    subject: Subject,
    proof: Proof,
}

/// How it is proven.
#[derive(Clone, Copy)]
pub(in crate::policy) enum Proof {
    /// None of its code leads there.
    Code,
    /// It can never hold a handle for it.
    Types,
}

impl DeadImport {
    pub(in crate::policy) fn of(
        instance: &Instance,
        dead: &[&Capability],
        is_whole: bool,
        proof: Proof,
        span: Span,
    ) -> Self {
        Self { subject: Subject::of(instance, dead, is_whole, span), proof }
    }
}

impl From<DeadImport> for Diagnostic {
    fn from(found: DeadImport) -> Self {
        let (code, holds, how) = match found.proof {
            Proof::Code => (
                code::UNREACHABLE_IMPORT,
                ", and none of its code can call that",
                "proven: no export, start function or destructor leads there",
            ),
            Proof::Types => (
                code::UNEXERCISABLE_IMPORT,
                ", and can never hold a handle for that",
                "proven by types: no import that it can call and no caller gives it such a handle",
            ),
        };
        let help =
            "take it out of the world that the component is built for, and its grant out of the policy";
        let component = quoted(&found.subject.component);
        let of_many = match found.proof {
            Proof::Code => format!("none of the code of {component} can call {{count}} of its imports"),
            Proof::Types => format!("{component} can never hold a handle for {{count}} of its imports"),
        };
        let alike = found.subject.powers.alike(of_many, None);
        found.subject.says(code, holds).note(how).help(help).one_of_many(alike)
    }
}

/// Likely only run-time support uses an import.
pub(in crate::policy) struct RuntimeOnlyImport {
    subject: Subject,
    support: Support,
    way: Vec<String>,
}

impl RuntimeOnlyImport {
    pub(in crate::policy) fn of(
        instance: &Instance,
        used: &[&Capability],
        support: Support,
        way: &[WitnessStep],
        span: Span,
    ) -> Self {
        let is_named = |step: &&WitnessStep| step.kind != "table" && step.kind != "reference";
        let mut way: Vec<String> = way.iter().filter(is_named).map(|step| step.name.clone()).collect();
        way.dedup();
        Self { subject: Subject::of(instance, used, true, span), support, way }
    }
}

impl From<RuntimeOnlyImport> for Diagnostic {
    fn from(found: RuntimeOnlyImport) -> Self {
        let cause = escape(&found.support.cause);
        let (holds, how) = match found.support.kind {
            SupportKind::Engine => {
                (format!(", as every program of the {cause} does"), "not seen, and not proven")
            }
            SupportKind::EmptyProgram => {
                (format!(", as an empty program with the {cause} does"), "not seen, and not proven")
            }
            SupportKind::Likely => (format!(", likely only because of: {cause}"), "likely, not proven"),
        };
        let way: Vec<_> = found.way.iter().map(|name| escape(name)).collect();
        let component = &found.subject.component;
        let known = format!(
            "if it is known, add to `[component.{}]`:\n\nruntime = {}",
            paste::key(component),
            paste::list(words(&found.support.cause).iter().map(String::as_str))
        );
        let of_many = match found.support.kind {
            SupportKind::Engine => format!("are those of every program of the {cause}"),
            SupportKind::EmptyProgram => format!("are those of an empty program with the {cause}"),
            SupportKind::Likely => format!("are likely only for: {cause}"),
        };
        let of_many = format!("{{count}} imports of {} {of_many}", quoted(component));
        let alike = found.subject.powers.alike(of_many, None);
        found
            .subject
            .says(code::RUNTIME_ONLY_IMPORT, &holds)
            .note(format!("{how}: {}", found.support.evidence))
            .note(format!("one way: {}", way.join(" -> ")))
            .help(found.support.fix)
            .help(known)
            .one_of_many(alike)
    }
}

/// A component imports interfaces for their types alone.
pub(in crate::policy) struct TypeOnlyImport {
    pub(in crate::policy) component: String,
    pub(in crate::policy) imports: Vec<String>,
    pub(in crate::policy) span: Span,
}

impl From<TypeOnlyImport> for Diagnostic {
    fn from(found: TypeOnlyImport) -> Self {
        let imports: Vec<_> = found.imports.iter().map(|import| quoted(import)).collect();
        let (component, imports) = (quoted(&found.component), imports.join(", "));
        Self::new(code::TYPE_ONLY_IMPORT, format!("{component} imports {imports} for types alone"))
            .label(Label::primary(found.span, "no function of it is imported"))
            .note("proven: there is nothing to call, so that it is no power and needs no grant")
    }
}

/// A grant is for what the component never uses, or only its run-time support.
pub(in crate::policy) struct UnneededGrant {
    pub(in crate::policy) component: String,
    pub(in crate::policy) entry: String,
    /// The run-time support that uses some of it.
    pub(in crate::policy) cause: Option<String>,
    pub(in crate::policy) span: Span,
}

impl From<UnneededGrant> for Diagnostic {
    fn from(found: UnneededGrant) -> Self {
        let (component, entry) = (quoted(&found.component), quoted(&found.entry));
        let (holds, how) = match &found.cause {
            Some(cause) => (
                format!("is likely only for run-time support: {}", escape(cause)),
                "likely, not proven: no other code of the component leads to what it allows",
            ),
            None => (
                "is for what the component never uses".to_owned(),
                "proven: what it allows is imported, and is never called",
            ),
        };
        let sure = if found.cause.is_some() { Confidence::Likely } else { Confidence::Proven };
        let message = format!("the grant {entry} of {component} {holds}");
        let of_many = match &found.cause {
            Some(cause) => {
                format!(
                    "{{count}} grants of {component} are likely only for run-time support: {}",
                    escape(cause)
                )
            }
            None => format!("{{count}} grants of {component} are for what the component never uses"),
        };
        let alike = Alike { message: of_many, row: entry.clone(), ..Alike::default() };
        Self { confidence: Some(sure), ..Self::new(code::UNNEEDED_GRANT, message) }
            .one_of_many(alike)
            .label(Label::primary(found.span, "allows nothing that is needed"))
            .note(how)
            .help("build the component without these imports, then take the grant out")
    }
}

/// A composition can do something only for exports that nobody in it uses.
pub(in crate::policy) struct UnusedExportCapability {
    subject: Subject,
    /// The exports that lead to it.
    exports: Vec<String>,
}

impl UnusedExportCapability {
    pub(in crate::policy) fn of(
        instance: &Instance,
        idle: &[&Capability],
        is_whole: bool,
        roots: Vec<(String, String)>,
        span: Span,
    ) -> Self {
        let exports = roots.into_iter().map(|(_, name)| name).collect();
        Self { subject: Subject::of(instance, idle, is_whole, span), exports }
    }
}

impl From<UnusedExportCapability> for Diagnostic {
    fn from(found: UnusedExportCapability) -> Self {
        let exports: Vec<_> = found.exports.iter().take(4).map(|name| quoted(name)).collect();
        found
            .subject
            .says(code::UNUSED_EXPORT_CAPABILITY, " only for exports that nobody uses")
            .note(format!(
                "proven: the exports of the whole do not lead there; what does: {}",
                exports.join(", ")
            ))
            .help("build the component without these exports, or link one that has only what is used")
    }
}

/// A component can do through another one what it has no grant for.
pub(in crate::policy) struct UngrantedEffective {
    pub(in crate::policy) component: String,
    pub(in crate::policy) peer: String,
    /// The instance that has the import.
    pub(in crate::policy) other: String,
    pub(in crate::policy) powers: Powers,
    /// All that it would have to accept through this peer.
    pub(in crate::policy) via: Via,
    pub(in crate::policy) span: Span,
}

impl From<UngrantedEffective> for Diagnostic {
    fn from(found: UngrantedEffective) -> Self {
        let (component, peer) = (quoted(&found.component), quoted(&found.peer));
        let subject = found.powers.subject(false);
        let message = format!("{component} can use {subject} through {peer}, and has no grant for it");
        let of_many = format!(
            "{component} can use {{count}} imports of others through {peer}, and has no grant for them"
        );
        Self::new(code::UNGRANTED_EFFECTIVE, message)
            .one_of_many(found.powers.alike(of_many, None))
            .label(Label::primary(found.span, format!("leads to what {} imports", quoted(&found.other))))
            .note("the code behind this import can call it; what cannot be decided in code counts as called")
            .help(found.via.help("if it is meant to"))
    }
}
