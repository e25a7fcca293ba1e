//! The run-time support that a policy says a component is built with: `runtime`.
//!
//! Differs from `reach/support.rs`, which finds out what is there.

use std::collections::BTreeSet;

use super::grant::parts;
use super::reach::all_causes;
use crate::config::ComponentRules;
use crate::diag::{closest, quoted};

/// Names for what comes together.
const TOGETHER: &[(&str, &[&str])] =
    &[("rust-std", &["panic-messages", "libc-start-up", "rust-standard-library"])];

/// How a policy names a cause of run-time support: `libc-start-up`; several where it is made of several.
pub(super) fn words(cause: &str) -> Vec<String> {
    cause.split(" and ").map(|part| part.to_lowercase().replace(' ', "-")).collect()
}

/// Whether rules say that a component is built with a cause, all of it.
pub(super) fn declares(rules: Option<&ComponentRules>, cause: &str) -> bool {
    let declared = || rules.into_iter().flat_map(parts).flat_map(|rules| &rules.runtime);
    words(cause).iter().all(|word| declared().any(|name| means(&name.value, word)))
}

/// Whether a name in a policy means a kind of support.
pub(super) fn means(name: &str, word: &str) -> bool {
    name == word || TOGETHER.iter().any(|(together, words)| *together == name && words.contains(&word))
}

/// A name that means no kind of support at all.
pub(super) struct Unknown {
    /// Why it means none, a clause.
    pub(super) why: String,
    /// What was probably meant.
    pub(super) meant: Option<String>,
}

/// What is wrong with a name that means no kind of support at all.
pub(super) fn mistake(name: &str) -> Option<Unknown> {
    let all: BTreeSet<String> = all_causes().flat_map(words).collect();
    let known = || TOGETHER.iter().map(|(name, _)| *name).chain(all.iter().map(String::as_str));
    if known().any(|word| word == name) {
        return None;
    }
    let part = known().find(|word| word.split('-').any(|part| part == name));
    let why = "no run-time support is called so".to_owned();
    Some(match closest(name, known()).or(part) {
        Some(meant) => Unknown { why, meant: Some(meant.to_owned()) },
        None => {
            let known: Vec<String> = known().map(quoted).collect();
            Unknown { why: format!("{why}: it is one of {}", known.join(", ")), meant: None }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_have_words() {
        assert_eq!(words("JavaScript engine"), ["javascript-engine"]);
        assert_eq!(words("panic messages and libc start-up"), ["panic-messages", "libc-start-up"]);
        assert!(means("rust-std", "panic-messages") && !means("rust-std", "python-engine"));
    }
}
