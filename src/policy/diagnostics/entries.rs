//! What lints find about sections and exceptions of a policy, as facts, and the words for it.
//!
//! Differs from `grants.rs`, which is about grants alone.

use crate::config::Exception;
use crate::diag::{Diagnostic, Label, code, quoted};
use crate::model::Date;
use crate::policy::paste;
use crate::source::Span;

/// A section of the policy is about nothing here.
pub(in crate::policy) struct UnmatchedSelector {
    pub(in crate::policy) section: String,
    pub(in crate::policy) span: Span,
    /// The instance that may be meant.
    pub(in crate::policy) meant: Option<String>,
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

/// Rules are for a composition that is not the one that is judged, and none are for that one.
pub(in crate::policy) struct UnmatchedComposition {
    pub(in crate::policy) section: String,
    pub(in crate::policy) span: Span,
    /// The composition that is judged.
    pub(in crate::policy) name: String,
}

impl From<UnmatchedComposition> for Diagnostic {
    fn from(found: UnmatchedComposition) -> Self {
        let section = quoted(&format!("[composition.{}]", paste::key(&found.section)));
        let wanted = quoted(&format!("[composition.{}]", paste::key(&found.name)));
        Self::new(
            code::UNMATCHED_SELECTOR,
            format!("no rules for a composition hold here: it is called {}", quoted(&found.name)),
        )
        .label(Label::primary(found.span, format!("{section} is for another one")))
        .note(
            "a composition of bare paths is called after its output, one of a manifest as the manifest says",
        )
        .help(format!("give the composition the name of the section, or write rules for it: {wanted}"))
    }
}

/// An entry of the policy names what nobody knows.
pub(in crate::policy) struct SlippedSelector {
    pub(in crate::policy) entry: String,
    pub(in crate::policy) meant: String,
    pub(in crate::policy) span: Span,
}

impl From<SlippedSelector> for Diagnostic {
    fn from(found: SlippedSelector) -> Self {
        let message = format!("{} names nothing that is known", quoted(&found.entry));
        Self::new(code::UNMATCHED_SELECTOR, message)
            .label(Label::primary(found.span, format!("did you mean {}?", quoted(&found.meant))))
    }
}

/// An exception is of no use.
pub(in crate::policy) struct StaleException {
    pub(in crate::policy) rule: crate::diag::Code,
    pub(in crate::policy) span: Span,
    /// Its last day, if that is over.
    pub(in crate::policy) ended: Option<(Date, Span, Date)>,
}

impl StaleException {
    /// Of an exception, on a day; `has_ended` says which of both reasons it is.
    pub(in crate::policy) fn of(exception: &Exception, has_ended: bool, today: Date) -> Self {
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

/// The policy says something that is not judged yet.
pub(in crate::policy) struct NotJudged {
    pub(in crate::policy) what: &'static str,
    pub(in crate::policy) effect: &'static str,
    pub(in crate::policy) span: Span,
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

/// A policy builds on a file that others can change.
pub(in crate::policy) struct UnpinnedInput {
    pub(in crate::policy) path: String,
    /// What the file has now.
    pub(in crate::policy) digest: String,
    pub(in crate::policy) span: Span,
}

impl From<UnpinnedInput> for Diagnostic {
    fn from(found: UnpinnedInput) -> Self {
        let path = quoted(&found.path);
        Self::new(code::UNPINNED_INPUT, format!("{path} can change without a change here"))
            .label(Label::primary(found.span, "lies outside of the folder of this policy, and has no digest"))
            .help(format!("read it, and add beside its path:\n\nsha256 = \"{}\"", found.digest))
    }
}

/// An entry of `via`, `interpose`, `only-for` or `runtime` matches nothing.
pub(in crate::policy) struct UnusedEntry {
    pub(in crate::policy) component: String,
    pub(in crate::policy) entry: String,
    pub(in crate::policy) why: String,
    /// What was probably meant.
    pub(in crate::policy) meant: Option<String>,
    pub(in crate::policy) span: Span,
}

impl From<UnusedEntry> for Diagnostic {
    fn from(found: UnusedEntry) -> Self {
        let (component, entry) = (quoted(&found.component), quoted(&found.entry));
        let message = format!("the entry {entry} of {component} is of no use: {}", found.why);
        let text = match &found.meant {
            Some(meant) => format!("did you mean {}?", quoted(meant)),
            None => "take this entry out".to_owned(),
        };
        Self::new(code::UNUSED_GRANT, message).label(Label::primary(found.span, text))
    }
}

/// A question is about something that nothing is called, and something is called almost so.
pub(in crate::policy) struct UnknownCapability {
    pub(in crate::policy) artifact: String,
    pub(in crate::policy) name: String,
    pub(in crate::policy) meant: String,
    pub(in crate::policy) span: Span,
}

impl From<UnknownCapability> for Diagnostic {
    fn from(found: UnknownCapability) -> Self {
        let (name, artifact, meant) = (quoted(&found.name), quoted(&found.artifact), quoted(&found.meant));
        Self::new(code::UNKNOWN_CAPABILITY, format!("there is no capability {name}"))
            .label(Label::primary(found.span, format!("did you mean {meant}?")))
            .note(format!("{artifact} imports nothing of this name, and witc knows no interface that has it"))
    }
}
