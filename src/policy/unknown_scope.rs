//! `policy/unknown-scope`: a kind of limit that is a slip of the keyboard, or that nothing has.
//!
//! Differs from `lints/unenforced_scope.rs`: there a kind is meant, and nobody enforces it here.

use super::context::Context;
use super::diagnostics::UnknownScope;
use super::enforcement::{is_word_for, limits};
use super::findings::Findings;
use crate::diag::{closest, slipped};
use crate::host::profiles;
use crate::source::Span;

/// Each slip in a grant and in `scopes` of a host, and each kind that was accepted and that nothing has.
pub(super) fn report(context: &Context<'_>, findings: &mut Findings<'_>) {
    let kinds = kinds(context);
    let limits = limits(context);
    let mut reported: Vec<&str> = Vec::new();
    let mut tell = |word, span, meant: Option<&str>| {
        if !reported.contains(&word) {
            reported.push(word);
            let (meant, known) = (meant.map(str::to_owned), kinds.clone());
            findings.report(UnknownScope { word: word.to_owned(), span, meant, known });
        }
    };
    let granted = limits.iter().map(|(_, _, scope)| &scope.kind);
    let enforced = context.policy.hosts.iter().flat_map(|rules| &rules.scopes);
    for kind in granted.chain(enforced) {
        if let Some(meant) = slip(kind.as_str(), &kinds) {
            tell(kind.as_str(), Some(kind.span), Some(meant));
        }
    }
    for word in &context.occasion.accepted {
        let is_granted = limits.iter().any(|(_, _, scope)| is_word_for(word, scope.kind.as_str()));
        if !is_granted && !is_one_of(word, &kinds) {
            tell(word, None::<Span>, closest(word, kinds.iter().map(String::as_str)));
        }
    }
}

/// Whether a kind is written wrongly.
pub(super) fn is_slip(context: &Context<'_>, kind: &str) -> bool {
    slip(kind, &kinds(context)).is_some()
}

/// The kind that was meant, where the word is one key away from it; `net-hsts` is one away from `net-hosts`.
fn slip<'k>(word: &str, kinds: &'k [String]) -> Option<&'k str> {
    let last = |kind: &&String| {
        let words = kind.split('-').count();
        let from = word.rmatch_indices('-').nth(words - 1).map_or(0, |(at, _)| at + 1);
        slipped(&word[from..], [kind.as_str()]).is_some()
    };
    if is_one_of(word, kinds) { None } else { kinds.iter().find(last).map(String::as_str) }
}

fn is_one_of(word: &str, kinds: &[String]) -> bool {
    kinds.iter().any(|kind| is_word_for(word, kind))
}

/// The kinds that some host is known to enforce, or is said to, sorted.
fn kinds(context: &Context<'_>) -> Vec<String> {
    let occasion = &context.occasion;
    let profiles = profiles().iter().chain(occasion.named.values()).chain(&occasion.asked);
    let mut kinds: Vec<String> = profiles.flat_map(|it| &it.scopes).map(|scope| scope.kind.clone()).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}
