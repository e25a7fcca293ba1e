//! What lints find about the imports of components, as facts, and the words for it.
//!
//! Differs from `wires.rs`: here it does not matter how components are wired.

use std::sync::Arc;

use super::Powers;
use crate::diag::{Alike, Diagnostic, Label, code, list, quoted};
use crate::policy::paste;
use crate::policy::runtime::words;
use crate::source::Span;

/// A component imports what its policy does not allow.
pub(in crate::policy) struct UngrantedImport {
    pub(in crate::policy) component: String,
    pub(in crate::policy) powers: Powers,
    /// Whether nothing of the import is allowed.
    pub(in crate::policy) is_whole: bool,
    pub(in crate::policy) span: Span,
    pub(in crate::policy) withheld: Withheld,
    /// What to add to the rules of the component.
    pub(in crate::policy) help: String,
    /// The same for all that nothing allows of this component.
    pub(in crate::policy) help_for_all: Arc<str>,
}

/// Why nothing allows an import.
pub(in crate::policy) enum Withheld {
    /// There are no rules for the component; perhaps for some of its parts, named here.
    NoRules(Vec<String>),
    /// Its rules, named here, do not allow it.
    ByRules(Span),
    /// Its rules are for another package, which `match` names here; these are the packages of its exports.
    ByMatch(Span, Vec<String>),
    /// Its rules allow it, and those of a policy that this one builds on, named here, do not.
    ByLimit(Span),
}

impl From<UngrantedImport> for Diagnostic {
    fn from(found: UngrantedImport) -> Self {
        let component = quoted(&found.component);
        let subject = found.powers.subject(found.is_whole);
        let message = format!("{component} imports {subject}, which the policy does not allow");
        let of_many = format!("the policy does not allow {{count}} imports of {component}");
        let is_of_rules = matches!(found.withheld, Withheld::NoRules(_) | Withheld::ByRules(_));
        let help_for_all = is_of_rules.then_some(found.help_for_all);
        let diagnostic = Self::new(code::UNGRANTED_IMPORT, message)
            .label(Label::primary(found.span, found.powers.label()))
            .one_of_many(found.powers.alike(of_many, help_for_all));
        match found.withheld {
            Withheld::NoRules(parts) => {
                let none = format!("the policy has no rules for {component}, so that it may import nothing");
                let parts: Vec<String> = parts.iter().map(|part| quoted(part)).collect();
                let note = match parts.as_slice() {
                    [] => none,
                    parts => format!(
                        "{none}; it has rules for {}, which {component} was linked of, but a file is judged as a \
                         whole: a name within it grants nothing. Its parts are judged where they are linked: \
                         `witc lint` with the `witc.toml`, or with their files",
                        list(parts)
                    ),
                };
                diagnostic.note(note).help(found.help)
            }
            Withheld::ByRules(span) => {
                diagnostic.label(Label::secondary(span, "these rules do not allow it")).help(found.help)
            }
            Withheld::ByMatch(span, packages) => {
                let line = |package: &String| format!("match = {}", paste::string(package));
                let help = match packages.as_slice() {
                    [] => {
                        format!("it exports no package: take `match` out, if these rules are for {component}")
                    }
                    packages => format!(
                        "if these rules are for {component}, name a package that it exports:\n  {}",
                        packages.iter().map(line).collect::<Vec<_>>().join("\n  ")
                    ),
                };
                diagnostic.label(Label::secondary(span, "these rules are for another package")).help(help)
            }
            Withheld::ByLimit(span) => diagnostic
                .label(Label::secondary(span, "the policy builds on these rules, which do not allow it"))
                .help("take the grant out, or ask for it in the policy that this one builds on"),
        }
    }
}

/// A component imports what its composition refuses.
pub(in crate::policy) struct ForbiddenImport {
    pub(in crate::policy) component: String,
    pub(in crate::policy) powers: Powers,
    pub(in crate::policy) span: Span,
    /// The entry that forbids it, or the name of the composition whose ceiling it exceeds.
    pub(in crate::policy) rule: Span,
    /// What the rule is called, where it forbids something: `@net-out`.
    pub(in crate::policy) forbids: Option<String>,
    pub(in crate::policy) reason: Option<String>,
    /// What to add to a ceiling for all that exceeds it of this component.
    pub(in crate::policy) ceiling_for_all: Arc<str>,
}

impl From<ForbiddenImport> for Diagnostic {
    fn from(found: ForbiddenImport) -> Self {
        let (component, subject) =
            (quoted(&found.component), found.powers.subject(found.powers.functions.len() > 4));
        let (verb, of_many, rule, help, help_for_all) = match &found.forbids {
            None => (
                "is not among what the composition allows",
                format!("{component} has {{count}} imports that are not among what the composition allows"),
                "its `allow` does not have it",
                format!(
                    "if it may, add to `allow` of the composition: {}",
                    paste::string(&found.powers.import)
                ),
                Some(found.ceiling_for_all),
            ),
            Some(entry) => (
                "is forbidden in the composition",
                format!(
                    "{component} has {{count}} imports that {} forbids in the composition",
                    quoted(entry)
                ),
                "forbidden here; no grant can allow it",
                "take the import out of the component, or provide it by a component that does without"
                    .to_owned(),
                None,
            ),
        };
        let diagnostic =
            Self::new(code::FORBIDDEN_IMPORT, format!("{component} imports {subject}, which {verb}"))
                .label(Label::primary(found.span, found.powers.label()))
                .label(Label::secondary(found.rule, rule))
                .one_of_many(found.powers.alike(of_many, help_for_all))
                .help(help);
        match found.reason {
            Some(reason) => diagnostic.note(format!("the reason given: {}", crate::diag::escape(&reason))),
            None => diagnostic,
        }
    }
}

/// A grant allows what the taxonomy does not know.
pub(in crate::policy) struct UnclassifiedCapability {
    pub(in crate::policy) component: String,
    pub(in crate::policy) import: String,
    pub(in crate::policy) grant: Span,
    pub(in crate::policy) span: Span,
}

impl From<UnclassifiedCapability> for Diagnostic {
    fn from(found: UnclassifiedCapability) -> Self {
        let (component, import) = (quoted(&found.component), quoted(&found.import));
        let message = format!("{component} may use {import}, and what that does is not known");
        Self::new(code::UNCLASSIFIED_CAPABILITY, message)
            .label(Label::primary(found.grant, "allows it"))
            .label(Label::secondary(found.span, "the host provides it; the taxonomy has no entry for it"))
            .note("what is not known counts as medium")
            .help("link a component that provides it; or look at what the host does, and add an exception with the reason")
    }
}

/// Nobody can say what a component will do.
pub(in crate::policy) struct Unanalyzable {
    pub(in crate::policy) component: String,
    pub(in crate::policy) what: WhatIsUnknown,
    pub(in crate::policy) span: Span,
}

/// Why not.
pub(in crate::policy) enum WhatIsUnknown {
    /// Code is handed in under this name.
    Import(String),
    /// It starts threads.
    Threads,
    /// It is an engine that runs text.
    Engine(String),
}

impl From<Unanalyzable> for Diagnostic {
    fn from(found: Unanalyzable) -> Self {
        let component = quoted(&found.component);
        let (message, label, help) = match &found.what {
            WhatIsUnknown::Import(import) => (
                format!("what {component} can do with {} cannot be told", quoted(import)),
                "code that is handed in when the component is started",
                "import an interface instead: then its functions say what can be done".to_owned(),
            ),
            WhatIsUnknown::Threads => (
                format!("what {component} does cannot be told: it starts threads"),
                "all that its code mentions counts as used",
                "count on all that it imports".to_owned(),
            ),
            WhatIsUnknown::Engine(engine) => (
                format!(
                    "what {component} does cannot be told: it is text that a {} runs",
                    crate::diag::escape(engine)
                ),
                "the text can use all that the engine imports, and can run text that it makes",
                format!(
                    "build the engine with what is needed and no more; then say in `[component.{}]` that you know:\n\n\
                     runtime = {}",
                    paste::key(&found.component),
                    paste::list(words(engine).iter().map(String::as_str))
                ),
            ),
        };
        Self::new(code::UNANALYZABLE, message).label(Label::primary(found.span, label)).help(help)
    }
}

/// The code of a component cannot be followed to its end.
pub(in crate::policy) struct Unfollowed {
    pub(in crate::policy) component: String,
    pub(in crate::policy) obstacle: &'static str,
    pub(in crate::policy) span: Span,
}

impl From<Unfollowed> for Diagnostic {
    fn from(found: Unfollowed) -> Self {
        let component = quoted(&found.component);
        Self::new(code::UNANALYZABLE, format!("what the code of {component} calls cannot be told"))
            .label(Label::primary(found.span, "may call all that it imports"))
            .note(found.obstacle)
            .help("judge it by what it imports; nothing of that is proven to be out of reach")
    }
}

/// One component holds two capabilities that are dangerous together.
pub(in crate::policy) struct ToxicCombination {
    pub(in crate::policy) component: String,
    pub(in crate::policy) why: String,
    pub(in crate::policy) sides: [(Powers, Span); 2],
    /// What accepts this pair.
    pub(in crate::policy) exception: String,
    /// What accepts all pairs of the component.
    pub(in crate::policy) exception_from_all: Arc<str>,
}

impl From<ToxicCombination> for Diagnostic {
    fn from(found: ToxicCombination) -> Self {
        let [(one, one_span), (other, other_span)] = found.sides;
        let component = quoted(&found.component);
        let message = format!(
            "{component} has both {} and {}: {}",
            quoted(&one.import),
            quoted(&other.import),
            found.why
        );
        let alike = Alike {
            message: format!("{component} has {{count}} pairs of imports that are dangerous together"),
            row: format!("{} with {}: {}", quoted(&one.import), quoted(&other.import), found.why),
            help: Some(accept(&found.exception_from_all).into()),
            ..Alike::default()
        };
        Self::new(code::TOXIC_COMBINATION, message)
            .one_of_many(alike)
            .label(Label::primary(one_span, one.powers))
            .label(Label::secondary(other_span, other.powers))
            .help(accept(&found.exception))
    }
}

fn accept(exception: &str) -> String {
    format!(
        "give one of them to another component; or accept it, with the reason, and `expires = …` for an end:\n\n{exception}"
    )
}
