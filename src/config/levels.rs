//! Reads the table `[levels]`: what each lint is worth to the people who wrote the file.
//!
//! Differs from `diag::Levels`, which holds the levels of a run, whoever set them.

use super::Spanned;
use super::diagnostics::{FixedLevel, UnknownCode};
use super::document::{Section, Value};
use crate::diag::{CODES, Code, Level, closest, find, lint_names, lints_named};

/// The words for levels.
pub(super) const LEVELS: &[(&str, Level)] =
    &[("allow", Level::Allow), ("note", Level::Note), ("warn", Level::Warn), ("deny", Level::Deny)];

/// The levels of the table `[levels]` of a file: those of groups first, so that a single lint has the last word wherever
/// it stands.
pub(super) fn read_levels(file: &mut Section<'_>) -> Vec<(Spanned<Code>, Level)> {
    let mut levels = Vec::new();
    for (name, value) in file.named("levels") {
        let lints = lints_at(&name, &value);
        if let Some(level) = value.one_of(LEVELS) {
            let is_single = lints.len() == 1;
            levels.extend(
                lints.into_iter().map(|code| (is_single, Spanned::new(code, name.span), level.value)),
            );
        }
    }
    levels.sort_by_key(|(is_single, ..)| *is_single);
    levels.into_iter().map(|(_, code, level)| (code, level)).collect()
}

/// The lints that a name means; a name that means none is reported through `value`.
pub(super) fn lints_at(name: &Spanned<String>, value: &Value<'_>) -> Vec<Code> {
    let lints = lints_named(&name.value);
    if lints.is_empty() {
        match find(&name.value) {
            Some(row) => value.mistake(FixedLevel { code: row.code, span: name.span }),
            None => {
                let meant = meant(&name.value);
                value.mistake(UnknownCode { name: name.value.clone(), meant, span: name.span });
            }
        }
    }
    lints
}

/// The code that somebody may have meant: one with a slip, or one without its stage.
fn meant(name: &str) -> Option<&'static str> {
    let without_stage = |code: &&str| code.split_once('/').is_some_and(|(_, rest)| rest == name);
    let names = || lint_names().into_iter().chain(CODES.iter().map(|row| row.code.as_str()));
    names().find(without_stage).or_else(|| closest(name, names()))
}
