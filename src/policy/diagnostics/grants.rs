//! What lints find about the grants of a policy, as facts, and the words for it.
//!
//! Differs from `entries.rs`, which has what is found about all other entries.

use super::Powers;
use crate::config::Grant;
use crate::diag::{Alike, Diagnostic, Label, code, escape, list, quoted};
use crate::host::profiles;
use crate::model::Date;
use crate::policy::grant::Openness;
use crate::policy::paste;
use crate::source::Span;

/// A grant, or a function of one, matches nothing.
pub(in crate::policy) struct UnusedGrant {
    pub(in crate::policy) component: String,
    /// The entry as it is written, and the function of it that is meant.
    pub(in crate::policy) entry: String,
    pub(in crate::policy) function: Option<String>,
    pub(in crate::policy) span: Span,
    /// Who provides it instead of the host.
    pub(in crate::policy) peer: Option<String>,
    /// What was probably meant.
    pub(in crate::policy) meant: Option<String>,
}

impl From<UnusedGrant> for Diagnostic {
    fn from(found: UnusedGrant) -> Self {
        let (component, entry) = (quoted(&found.component), quoted(&found.entry));
        let (message, text) = match &found.function {
            Some(function) => (
                format!("{component} does not import {} of {entry}", quoted(function)),
                "take this function out",
            ),
            None => (format!("{component} imports nothing that {entry} allows"), "take this grant out"),
        };
        let meant = found.meant.map(|meant| format!("did you mean {}?", quoted(&meant)));
        let is_slip = meant.is_some();
        let text = meant.unwrap_or_else(|| text.to_owned());
        let function =
            found.function.as_ref().map_or(String::new(), |function| format!(" {}", quoted(function)));
        let of_many =
            format!("{component} has {{count}} grants, or functions of grants, for what it does not import");
        let alike = Alike { message: of_many, row: format!("{entry}{function}"), ..Alike::default() };
        let mut diagnostic =
            Self::new(code::UNUSED_GRANT, message).label(Label::primary(found.span, text)).one_of_many(alike);
        if is_slip {
            diagnostic.alike = None; // each has something of its own to say
        }
        match found.peer {
            Some(peer) => diagnostic
                .note(format!("{} provides it; a grant is for what the host provides", quoted(&peer))),
            None => diagnostic,
        }
    }
}

/// A grant leaves open what it allows.
pub(in crate::policy) struct WildcardGrant {
    pub(in crate::policy) component: String,
    pub(in crate::policy) entry: String,
    pub(in crate::policy) openness: Openness,
    pub(in crate::policy) span: Span,
    /// What the component imports of it, as it is to be pasted.
    pub(in crate::policy) instead: Vec<String>,
}

impl From<WildcardGrant> for Diagnostic {
    fn from(found: WildcardGrant) -> Self {
        let text = match &found.openness {
            Openness::Everything => "allows everything that there is".to_owned(),
            Openness::Package(package) => format!("allows every interface of {}", quoted(package)),
            Openness::Tracks(interface) => format!("allows {} in every version to come", quoted(interface)),
            Openness::Group(group) => {
                format!(
                    "allows everything in the group {}, which holds grave things",
                    quoted(&format!("@{group}"))
                )
            }
        };
        let (entry, component) = (quoted(&found.entry), quoted(&found.component));
        let message = format!("the grant {entry} of {component} allows more than anyone has looked at");
        let diagnostic = Self::new(code::WILDCARD_GRANT, message).label(Label::primary(found.span, text));
        if found.instead.is_empty() {
            diagnostic.help("take it out: the component imports nothing of it")
        } else {
            let instead = found.instead.iter().map(|pattern| format!("{},", paste::string(pattern)));
            let instead: Vec<_> = instead.collect();
            diagnostic.help(format!("name what the component imports:\n\n{}", instead.join("\n")))
        }
    }
}

/// A grant allows a whole interface of which few functions are imported.
pub(in crate::policy) struct WideGrant {
    pub(in crate::policy) component: String,
    pub(in crate::policy) powers: Powers,
    pub(in crate::policy) size: usize,
    pub(in crate::policy) span: Span,
}

impl From<WideGrant> for Diagnostic {
    fn from(found: WideGrant) -> Self {
        let (used, import) = (found.powers.functions.len(), quoted(&found.powers.import));
        let message = format!(
            "{} may use all {} functions of {import} and imports {used}",
            quoted(&found.component),
            found.size
        );
        let functions = paste::list(found.powers.functions.iter().map(String::as_str));
        let import = paste::string(&found.powers.import);
        Self::new(code::WIDE_GRANT, message)
            .label(Label::primary(found.span, "allows the whole interface"))
            .help(format!("name the functions: {{ cap = {import}, functions = {functions} }}"))
    }
}

/// A grant has ended.
pub(in crate::policy) struct ExpiredGrant {
    pub(in crate::policy) component: String,
    pub(in crate::policy) entry: String,
    pub(in crate::policy) last: Date,
    pub(in crate::policy) today: Date,
    pub(in crate::policy) span: Span,
    pub(in crate::policy) owner: Option<String>,
}

impl From<ExpiredGrant> for Diagnostic {
    fn from(found: ExpiredGrant) -> Self {
        let (entry, component) = (quoted(&found.entry), quoted(&found.component));
        let message = format!("the grant of {entry} to {component} ended on {}", found.last);
        let diagnostic = Self::new(code::EXPIRED_GRANT, message)
            .label(Label::primary(found.span, format!("this was its last day; today is {}", found.today)))
            .help("take the grant out, or decide anew until when it holds");
        match found.owner {
            Some(owner) => diagnostic.note(format!("its owner is {}", quoted(&owner))),
            None => diagnostic,
        }
    }
}

/// A grave grant has no reason.
pub(in crate::policy) struct MissingReason {
    pub(in crate::policy) component: String,
    pub(in crate::policy) powers: Powers,
    pub(in crate::policy) entry: String,
    pub(in crate::policy) span: Span,
    pub(in crate::policy) help: String,
}

impl From<MissingReason> for Diagnostic {
    fn from(found: MissingReason) -> Self {
        let (component, entry) = (quoted(&found.component), quoted(&found.entry));
        let severity = found.powers.severity;
        let message =
            format!("the grant of {entry} to {component} is of {severity} severity and has no reason");
        Self::new(code::MISSING_REASON, message)
            .label(Label::primary(found.span, found.powers.powers))
            .help(found.help)
    }
}

/// A policy allows what it forbids.
pub(in crate::policy) struct ContradictoryRules {
    pub(in crate::policy) component: String,
    pub(in crate::policy) entry: String,
    pub(in crate::policy) grant: Span,
    pub(in crate::policy) forbid: Span,
}

impl ContradictoryRules {
    /// Of a grant and what forbids it.
    pub(in crate::policy) fn of(component: &str, grant: &Grant, forbid: Span) -> Self {
        let (component, entry) = (component.to_owned(), grant.cap.value.to_string());
        Self { component, entry, grant: grant.cap.span, forbid }
    }
}

impl From<ContradictoryRules> for Diagnostic {
    fn from(found: ContradictoryRules) -> Self {
        let (component, entry) = (quoted(&found.component), quoted(&found.entry));
        let message = format!("the policy allows {component} to use {entry}, and forbids it");
        let of_many = format!("the policy has {{count}} grants of {component} for what it forbids");
        Self::new(code::CONTRADICTORY_RULES, message)
            .one_of_many(Alike { message: of_many, row: entry, ..Alike::default() })
            .label(Label::primary(found.grant, "allows it, in vain"))
            .label(Label::secondary(found.forbid, "forbids it, and wins"))
            .help("take one of both out")
    }
}

/// A grave grant has no limits, although the hosts would enforce some.
pub(in crate::policy) struct UnscopedGrant {
    pub(in crate::policy) component: String,
    pub(in crate::policy) entry: String,
    pub(in crate::policy) kind: &'static str,
    pub(in crate::policy) span: Span,
    /// The hosts of the composition.
    pub(in crate::policy) hosts: Vec<String>,
}

impl From<UnscopedGrant> for Diagnostic {
    fn from(found: UnscopedGrant) -> Self {
        let (component, entry) = (quoted(&found.component), quoted(&found.entry));
        let hosts: Vec<String> = found.hosts.iter().map(|host| quoted(host)).collect();
        let message = format!(
            "the grant {entry} of {component} has no limits, and {} could enforce some",
            list(&hosts)
        );
        Self::new(code::UNENFORCED_SCOPE, message)
            .label(Label::primary(found.span, "allows all that there is behind it"))
            .help(format!("say what it is for, in the grant:\n\nscope = {{ {} = [\"…\"] }}", found.kind))
    }
}

/// The known hosts that enforce a kind of limit, in brackets.
fn enforcing(kind: &str) -> String {
    let enforces = profiles().iter().filter(|profile| profile.enforces(kind).is_some());
    let ids: Vec<String> = enforces.map(|profile| quoted(&profile.id)).collect();
    if ids.is_empty() { String::new() } else { format!(" ({})", ids.join(", ")) }
}

/// A grant has limits that nobody enforces.
pub(in crate::policy) struct UnenforcedScope {
    /// Without one, the limit is of the composition as a whole.
    pub(in crate::policy) component: Option<String>,
    pub(in crate::policy) entry: String,
    /// What is limited.
    pub(in crate::policy) kind: String,
    pub(in crate::policy) span: Span,
    /// The composition that is judged, if it is one.
    pub(in crate::policy) composition: Option<String>,
    /// A host that does not enforce it, and where the policy speaks of it; without one, no host is named.
    pub(in crate::policy) host: Option<(String, Option<Span>)>,
}

impl From<UnenforcedScope> for Diagnostic {
    fn from(found: UnenforcedScope) -> Self {
        let (entry, kind) = (quoted(&found.entry), quoted(&found.kind));
        let to = match &found.component {
            Some(component) => format!("the grant {entry} to {}", quoted(component)),
            None => format!("{entry}, which the composition may use"),
        };
        let message = format!("nobody enforces the scope {kind} of {to}");
        let diagnostic = Self::new(code::UNENFORCED_SCOPE, message)
            .label(Label::primary(found.span, "a declaration, and nothing more"));
        let scopes = format!("scopes = {}", paste::list([found.kind.as_str()]));
        let accept = format!("or accept it: `--accept {}`", found.kind);
        match found.host {
            Some((host, Some(span))) => diagnostic
                .label(Label::secondary(span, "has nothing for it"))
                .help(format!("if it does enforce it, add to `[host.{}]`:\n\n{scopes}", paste::key(&host)))
                .help(accept),
            Some((host, None)) => diagnostic
                .note(format!("{} has nothing for it", quoted(&host)))
                .help(format!(
                    "deploy on a host that enforces it{}, or link in a component that does",
                    enforcing(&found.kind)
                ))
                .help(accept),
            None => {
                let host = profiles().iter().find(|profile| profile.enforces(&found.kind).is_some());
                let id = host.map_or("ID", |host| host.id.as_str());
                let by_policy = found.composition.map(|name| {
                    let block = paste::hosts(&name, [id], id, id);
                    format!(
                        "or `host = {}` in its table of the `witc.toml`; or in the policy:\n\n{block}",
                        paste::string(id)
                    )
                });
                let by_flag = format!(
                    "name the host that enforces it{}, such as `--host {}`",
                    enforcing(&found.kind),
                    escape(id)
                );
                by_policy.into_iter().fold(diagnostic.help(by_flag), Self::help)
            }
        }
    }
}
