//! How a user names lints: by code, by the short name of a judgement of `policy`, or by the name of a group.
//!
//! Differs from `codes.rs`: that says which codes there are, this says which of them a word means.

use super::{CODES, Code, code, find};

/// The groups of lints, by name.
pub const LINT_GROUPS: &[(&str, &[Code])] = &[(
    "hygiene",
    &[
        code::EXPIRED_GRANT,
        code::STALE_EXCEPTION,
        code::MISSING_REASON,
        code::UNMATCHED_SELECTOR,
        code::CONTRADICTORY_RULES,
        code::UNPINNED_INPUT,
    ],
)];

/// The lints that a word means: `hygiene`, `unused-grant`, `policy/unused-grant`. Empty for what is no lint.
pub fn lints_named(word: &str) -> Vec<Code> {
    if let Some((_, codes)) = LINT_GROUPS.iter().find(|(name, _)| *name == word) {
        return codes.to_vec();
    }
    let row = find(word).or_else(|| find(&format!("policy/{word}")));
    row.filter(|row| row.is_lint()).map(|row| row.code).into_iter().collect()
}

/// All words that [`lints_named`] knows, the short ones where there are two.
pub fn lint_names() -> Vec<&'static str> {
    let lints = CODES.iter().filter(|row| row.is_lint());
    let short = lints.map(|row| row.code.as_str()).map(|name| name.strip_prefix("policy/").unwrap_or(name));
    LINT_GROUPS.iter().map(|(name, _)| *name).chain(short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: &[Code]) {
        assert_eq!(lints_named(word), expected);
    }

    #[test]
    fn words_mean_lints() {
        check("policy/unused-grant", &[code::UNUSED_GRANT]);
        check("unused-grant", &[code::UNUSED_GRANT]);
        check("load/unreadable", &[]);
        check("nonsense", &[]);
        assert!(lints_named("hygiene").contains(&code::EXPIRED_GRANT));
        assert!(lint_names().iter().all(|name| !lints_named(name).is_empty()));
    }
}
