//! Findings about the hosts that a composition is for.

use crate::diag::{Diagnostic, Label, code, escape, list, quoted};
use crate::policy::paste;
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

/// Something is for a host, and the policy names others for it.
pub(in crate::policy) struct OtherHost {
    pub(in crate::policy) composition: String,
    /// The names of the policy's hosts.
    pub(in crate::policy) hosts: Vec<String>,
    /// The ids of what they are.
    pub(in crate::policy) ids: Vec<String>,
    /// The id of the host that was asked for.
    pub(in crate::policy) asked: String,
    pub(in crate::policy) span: Span,
}

impl From<OtherHost> for Diagnostic {
    fn from(found: OtherHost) -> Self {
        let (composition, asked) = (quoted(&found.composition), quoted(&found.asked));
        let hosts: Vec<String> = found.hosts.iter().map(|host| quoted(host)).collect();
        let message =
            format!("{composition} is judged for the host {asked}, and the policy is for {}", list(&hosts));
        let ids: Vec<String> = found.ids.iter().map(|id| format!("`--host {}`", escape(id))).collect();
        let all = found.hosts.iter().chain([&found.asked]).map(String::as_str);
        let block = paste::hosts(&found.composition, all, &found.asked, &found.asked);
        Self::new(code::OTHER_HOST, message)
            .label(Label::primary(found.span, format!("none of these is {asked}")))
            .note("what the policy asks of its own hosts was not looked at")
            .help(format!("ask for a host of the policy: {}, or `host` of the manifest", ids.join(" or ")))
            .help(format!("or let the policy name it:\n\n{block}"))
    }
}

/// A kind of limit that is a slip of the keyboard, or that nothing has.
pub(in crate::policy) struct UnknownScope {
    pub(in crate::policy) word: String,
    /// Where it is written; nothing for an argument.
    pub(in crate::policy) span: Option<Span>,
    pub(in crate::policy) meant: Option<String>,
    /// The kinds that some host enforces.
    pub(in crate::policy) known: Vec<String>,
}

impl From<UnknownScope> for Diagnostic {
    fn from(found: UnknownScope) -> Self {
        let text = match &found.meant {
            Some(meant) => format!("did you mean {}?", quoted(meant)),
            None => "no limit of the policy is of this kind, and no host knows it".to_owned(),
        };
        let message = format!("there is no kind of limit {}", quoted(&found.word));
        let diagnostic = Self::new(code::UNKNOWN_SCOPE, message);
        let diagnostic = match found.span {
            Some(span) => diagnostic.label(Label::primary(span, text)),
            None => diagnostic.note(text),
        };
        let known: Vec<String> = found.known.iter().map(|kind| quoted(kind)).collect();
        diagnostic.note(format!("hosts enforce {}", known.join(", ")))
    }
}

/// A limit of a grant is of a kind that says nothing about what the grant allows.
pub(in crate::policy) struct MisplacedScope {
    pub(in crate::policy) kind: String,
    /// What is granted, as the policy says.
    pub(in crate::policy) entry: String,
    /// What is imported that the kind is about.
    pub(in crate::policy) places: Vec<String>,
    pub(in crate::policy) span: Span,
}

impl From<MisplacedScope> for Diagnostic {
    fn from(found: MisplacedScope) -> Self {
        let (kind, entry) = (quoted(&found.kind), quoted(&found.entry));
        let places: Vec<String> = found.places.iter().map(|place| quoted(place)).collect();
        let help = match places.is_empty() {
            true => "take it out: nothing is imported that it could limit".to_owned(),
            false => format!("write it in the grant of {}, if that is what it is to limit", list(&places)),
        };
        Self::new(code::MISPLACED_SCOPE, format!("{kind} says nothing about {entry}"))
            .label(Label::primary(found.span, "limits nothing that this grant allows"))
            .help(help)
    }
}
