//! Reads the table `[levels]`: what each lint is worth to the people who wrote the file.
//!
//! Differs from `diag::Levels`, which holds the levels of a run, whoever set them.

use super::Spanned;
use super::diagnostics::{FixedLevel, UnknownCode};
use super::document::Section;
use crate::diag::{CODES, Code, Kind, Level, closest, find};

/// The words for levels.
pub(super) const LEVELS: &[(&str, Level)] =
    &[("allow", Level::Allow), ("note", Level::Note), ("warn", Level::Warn), ("deny", Level::Deny)];

/// The levels of the table `[levels]` of a file, in its order.
pub(super) fn read_levels(file: &mut Section<'_>) -> Vec<(Spanned<Code>, Level)> {
    let mut levels = Vec::new();
    for (name, value) in file.named("levels") {
        let level = value.one_of(LEVELS);
        let Some(row) = find(&name.value) else {
            let meant = meant(&name.value);
            value.mistake(UnknownCode { name: name.value, meant, span: name.span });
            continue;
        };
        match row.kind {
            Kind::Lint(_) => {
                levels.extend(level.map(|level| (Spanned::new(row.code, name.span), level.value)));
            }
            Kind::Error | Kind::Input | Kind::Usage | Kind::Lock | Kind::Bug => {
                value.mistake(FixedLevel { code: row.code, span: name.span });
            }
        }
    }
    levels
}

/// The code that somebody may have meant: one with a slip, or one without its stage.
fn meant(name: &str) -> Option<&'static str> {
    let codes = || CODES.iter().map(|row| row.code.as_str());
    let without_stage = |code: &&str| code.split_once('/').is_some_and(|(_, rest)| rest == name);
    codes().find(without_stage).or_else(|| closest(name, codes()))
}
