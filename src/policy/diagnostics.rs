//! What lints find, as facts, and the words for it.
//!
//! Differs from `lints/`: they decide, this says.

use std::cmp::Reverse;

use super::capability::Capability;
use super::grant::Openness;
use super::paste;
use super::taxonomy::Severity;
use crate::config::{Exception, Grant};
use crate::diag::{Diagnostic, Label, code, quoted};
use crate::model::Date;
use crate::source::Span;

/// Capabilities of one import, as reports show them.
pub(super) struct Powers {
    /// The import with its track.
    pub(super) import: String,
    /// The functions without brackets; empty for an import that is not an instance.
    pub(super) functions: Vec<String>,
    /// What they let a component do.
    pub(super) powers: String,
    /// The gravest severity, as a word.
    pub(super) severity: &'static str,
}

impl Powers {
    /// Of capabilities that belong to one import.
    pub(super) fn of(capabilities: &[&Capability]) -> Self {
        let import =
            capabilities.first().map(|it| it.name.without_function().to_string()).unwrap_or_default();
        let mut ratings: Vec<_> = capabilities.iter().map(|capability| capability.rating).collect();
        ratings.sort_by_key(|rating| (Reverse(rating.severity), rating.power));
        let gravest = ratings.first().map(|rating| rating.severity).unwrap_or_default();
        // What adds nothing to a handle is worth no word beside what does.
        ratings.retain(|rating| rating.severity > Severity::None || gravest == Severity::None);
        let mut powers: Vec<&str> = Vec::new();
        for rating in ratings {
            if !powers.contains(&rating.power) {
                powers.push(rating.power);
            }
        }
        let severity = gravest.as_str();
        let functions = paste::functions(capabilities).into_iter().map(str::to_owned).collect();
        Self { import, functions, powers: powers.join("; "), severity }
    }

    /// The functions, a few of them by name.
    fn named(&self) -> String {
        let shown: Vec<_> = self.functions.iter().take(4).map(|name| quoted(name)).collect();
        match self.functions.len().saturating_sub(shown.len()) {
            0 => shown.join(", "),
            more => format!("{} and {more} more", shown.join(", ")),
        }
    }

    /// What is imported: the whole, or some functions of it.
    fn subject(&self, is_whole: bool) -> String {
        if is_whole || self.functions.is_empty() {
            quoted(&self.import)
        } else {
            format!("{} of {}", self.named(), quoted(&self.import))
        }
    }

    fn label(&self) -> String {
        format!("{} ({})", self.powers, self.severity)
    }
}

/// A component imports what its policy does not allow.
pub(super) struct UngrantedImport {
    pub(super) component: String,
    pub(super) powers: Powers,
    /// Whether nothing of the import is allowed.
    pub(super) is_whole: bool,
    pub(super) span: Span,
    /// Where the rules for the component are, and whether they are for another package.
    pub(super) section: Option<(Span, bool)>,
    pub(super) help: String,
}

impl From<UngrantedImport> for Diagnostic {
    fn from(found: UngrantedImport) -> Self {
        let component = quoted(&found.component);
        let subject = found.powers.subject(found.is_whole);
        let message = format!("{component} imports {subject}, which the policy does not allow");
        let diagnostic = Self::new(code::UNGRANTED_IMPORT, message)
            .label(Label::primary(found.span, found.powers.label()))
            .help(found.help);
        match found.section {
            Some((span, false)) => diagnostic.label(Label::secondary(span, "these rules do not allow it")),
            Some((span, true)) => {
                diagnostic.label(Label::secondary(span, "these rules are for another package (`match`)"))
            }
            None => diagnostic
                .note(format!("the policy has no rules for {component}, so that it may import nothing")),
        }
    }
}

/// A component imports what its composition refuses.
pub(super) struct ForbiddenImport {
    pub(super) component: String,
    pub(super) powers: Powers,
    pub(super) span: Span,
    /// The entry that forbids it, or the name of the composition whose ceiling it exceeds.
    pub(super) rule: Span,
    pub(super) is_ceiling: bool,
    pub(super) reason: Option<String>,
}

impl From<ForbiddenImport> for Diagnostic {
    fn from(found: ForbiddenImport) -> Self {
        let (component, subject) =
            (quoted(&found.component), found.powers.subject(found.powers.functions.len() > 4));
        let (verb, rule, help) = if found.is_ceiling {
            (
                "is not among what the composition allows",
                "its `allow` does not have it",
                format!(
                    "if it may, add to `allow` of the composition: {}",
                    paste::string(&found.powers.import)
                ),
            )
        } else {
            (
                "is forbidden in the composition",
                "forbidden here; no grant can allow it",
                "take the import out of the component, or provide it by a component that does without"
                    .to_owned(),
            )
        };
        let diagnostic =
            Self::new(code::FORBIDDEN_IMPORT, format!("{component} imports {subject}, which {verb}"))
                .label(Label::primary(found.span, found.powers.label()))
                .label(Label::secondary(found.rule, rule))
                .help(help);
        match found.reason {
            Some(reason) => diagnostic.note(format!("the reason given: {}", crate::diag::escape(&reason))),
            None => diagnostic,
        }
    }
}

/// A grant, or a function of one, matches nothing.
pub(super) struct UnusedGrant {
    pub(super) component: String,
    /// The entry as it is written, and the function of it that is meant.
    pub(super) entry: String,
    pub(super) function: Option<String>,
    pub(super) span: Span,
    /// Who provides it instead of the host.
    pub(super) peer: Option<String>,
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
        let diagnostic = Self::new(code::UNUSED_GRANT, message).label(Label::primary(found.span, text));
        match found.peer {
            Some(peer) => diagnostic
                .note(format!("{} provides it; a grant is for what the host provides", quoted(&peer))),
            None => diagnostic,
        }
    }
}

/// A grant leaves open what it allows.
pub(super) struct WildcardGrant {
    pub(super) component: String,
    pub(super) entry: String,
    pub(super) openness: Openness,
    pub(super) span: Span,
    /// What the component imports of it, as it is to be pasted.
    pub(super) instead: Vec<String>,
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
pub(super) struct WideGrant {
    pub(super) component: String,
    pub(super) powers: Powers,
    pub(super) size: usize,
    pub(super) span: Span,
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
pub(super) struct ExpiredGrant {
    pub(super) component: String,
    pub(super) entry: String,
    pub(super) last: Date,
    pub(super) today: Date,
    pub(super) span: Span,
    pub(super) owner: Option<String>,
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

/// An import goes to the host although a component exports almost the same.
pub(super) struct SilentFallthrough {
    pub(super) component: String,
    pub(super) import: String,
    pub(super) span: Span,
    pub(super) peer: String,
    pub(super) export: String,
    pub(super) export_span: Span,
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
pub(super) struct TransitiveCapability {
    pub(super) root: String,
    /// The instances from the root to the one that imports it.
    pub(super) route: Vec<String>,
    pub(super) powers: Powers,
    pub(super) span: Span,
    /// All that the root would have to accept through the first peer of the route.
    pub(super) via: Vec<String>,
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

/// A grant allows what the taxonomy does not know.
pub(super) struct UnclassifiedCapability {
    pub(super) component: String,
    pub(super) import: String,
    pub(super) grant: Span,
    pub(super) span: Span,
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

/// A component imports a component or a core module.
pub(super) struct Unanalyzable {
    pub(super) component: String,
    pub(super) import: String,
    pub(super) span: Span,
}

impl From<Unanalyzable> for Diagnostic {
    fn from(found: Unanalyzable) -> Self {
        let (component, import) = (quoted(&found.component), quoted(&found.import));
        Self::new(code::UNANALYZABLE, format!("what {component} can do with {import} cannot be told"))
            .label(Label::primary(found.span, "code that is handed in when the component is started"))
            .help("import an interface instead: then its functions say what can be done")
    }
}

/// A component provides an interface of the host without being allowed to.
pub(super) struct UndeclaredInterposition {
    pub(super) component: String,
    pub(super) interface: String,
    pub(super) users: Vec<String>,
    pub(super) span: Span,
    pub(super) section: Option<Span>,
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

/// One component holds two capabilities that are dangerous together.
pub(super) struct ToxicCombination {
    pub(super) component: String,
    pub(super) why: String,
    pub(super) sides: [(Powers, Span); 2],
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
        Self::new(code::TOXIC_COMBINATION, message)
            .label(Label::primary(one_span, one.powers))
            .label(Label::secondary(other_span, other.powers))
            .help("give one of them to another component; or add an exception with the reason and an end")
    }
}

/// A section of the policy is about nothing here.
pub(super) struct UnmatchedSelector {
    pub(super) section: String,
    pub(super) span: Span,
    /// The instance that may be meant.
    pub(super) meant: Option<String>,
}

impl From<UnmatchedSelector> for Diagnostic {
    fn from(found: UnmatchedSelector) -> Self {
        let section = quoted(&format!("[component.{}]", paste::key(&found.section)));
        let (message, text) = match &found.meant {
            Some(meant) => (
                format!("{section} is about no component here"),
                format!("did you mean {}, which has no rules?", quoted(meant)),
            ),
            None => (
                format!("the rules of {section} do not hold for the component of that name"),
                "the component exports nothing of this package in such a version".to_owned(),
            ),
        };
        Self::new(code::UNMATCHED_SELECTOR, message).label(Label::primary(found.span, text))
    }
}

/// An exception is of no use.
pub(super) struct StaleException {
    pub(super) rule: crate::diag::Code,
    pub(super) span: Span,
    /// Its last day, if that is over.
    pub(super) ended: Option<(Date, Span, Date)>,
}

impl StaleException {
    /// Of an exception, on a day; `has_ended` says which of both reasons it is.
    pub(super) fn of(exception: &Exception, has_ended: bool, today: Date) -> Self {
        let last = exception.expires.as_ref().filter(|_| has_ended);
        let ended = last.map(|last| (last.value, last.span, today));
        Self { rule: exception.rule.value, span: exception.rule.span, ended }
    }
}

impl From<StaleException> for Diagnostic {
    fn from(found: StaleException) -> Self {
        match found.ended {
            Some((last, span, today)) => Self::new(
                code::STALE_EXCEPTION,
                format!("the exception from `{}` ended on {last}", found.rule),
            )
            .label(Label::primary(span, format!("this was its last day; today is {today}")))
            .help("take the exception out, or decide anew until when it holds"),
            None => Self::new(
                code::STALE_EXCEPTION,
                format!("the exception from `{}` silences nothing", found.rule),
            )
            .label(Label::primary(found.span, "this rule finds nothing that the exception is about"))
            .help("take the exception out"),
        }
    }
}

/// A grave grant has no reason.
pub(super) struct MissingReason {
    pub(super) component: String,
    pub(super) powers: Powers,
    pub(super) entry: String,
    pub(super) span: Span,
    pub(super) help: String,
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
pub(super) struct ContradictoryRules {
    pub(super) component: String,
    pub(super) entry: String,
    pub(super) grant: Span,
    pub(super) forbid: Span,
}

impl ContradictoryRules {
    /// Of a grant and what forbids it.
    pub(super) fn of(component: &str, grant: &Grant, forbid: Span) -> Self {
        let (component, entry) = (component.to_owned(), grant.cap.value.to_string());
        Self { component, entry, grant: grant.cap.span, forbid }
    }
}

impl From<ContradictoryRules> for Diagnostic {
    fn from(found: ContradictoryRules) -> Self {
        let (component, entry) = (quoted(&found.component), quoted(&found.entry));
        let message = format!("the policy allows {component} to use {entry}, and forbids it");
        Self::new(code::CONTRADICTORY_RULES, message)
            .label(Label::primary(found.grant, "allows it, in vain"))
            .label(Label::secondary(found.forbid, "forbids it, and wins"))
            .help("take one of both out")
    }
}

/// The policy says something that is not judged yet.
pub(super) struct NotJudged {
    pub(super) what: &'static str,
    pub(super) effect: &'static str,
    pub(super) span: Span,
}

impl From<NotJudged> for Diagnostic {
    fn from(found: NotJudged) -> Self {
        Self::new(
            code::NOT_JUDGED,
            format!("`{}` is read and checked, but this witc does not judge by it", found.what),
        )
        .label(Label::primary(found.span, found.effect))
    }
}
