//! The exit codes of witc, and which of them a set of diagnostics means.
//!
//! Differs from `codes.rs`: that says what kind a code is, this says how a whole run ends.

use super::{Diagnostic, Kind, Severity, find};

/// Nothing was found, or only notes and warnings.
pub const CLEAN: u8 = 0;
/// An error, or a lint at deny level.
pub const FINDINGS: u8 = 1;
/// A wrong command line, manifest or policy file.
pub const USAGE: u8 = 2;
/// An input could not be read, or is not what it claims to be.
pub const INPUT: u8 = 3;
/// `--locked`, and a lock file is out of date.
pub const LOCK: u8 = 4;
/// A bug in witc.
pub const BUG: u8 = 70;

/// The exit codes with their meaning, in order.
pub const EXIT_CODES: [(u8, &str); 6] = [
    (CLEAN, "clean, or only notes and warnings"),
    (FINDINGS, "an error, or a lint at deny level"),
    (USAGE, "wrong command line, manifest or policy file"),
    (INPUT, "an input could not be read or is not what it claims to be, or an output could not be written"),
    (LOCK, "`--locked` and a lock file is out of date"),
    (BUG, "a bug in witc"),
];

/// The exit code of a run that found `diagnostics`.
///
/// Where several apply, the one that must be looked at first wins: what a run says is worth little after a bug, after a
/// wrong request, or without one of its inputs. An outdated lock file counts last: 4 means that all else is fine.
pub fn exit_status<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> u8 {
    let failing = diagnostics.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let status = |diagnostic: &Diagnostic| match find(diagnostic.code.as_str()).map(|row| row.kind) {
        Some(Kind::Error | Kind::Lint(_)) | None => FINDINGS,
        Some(Kind::Usage) => USAGE,
        Some(Kind::Input) => INPUT,
        Some(Kind::Lock) => LOCK,
        Some(Kind::Bug) => BUG,
    };
    failing.map(status).fold(CLEAN, more_urgent)
}

/// Of two ways in which a run ends, the one that must be looked at first.
pub fn more_urgent(one: u8, other: u8) -> u8 {
    let urgency = [CLEAN, LOCK, FINDINGS, INPUT, USAGE, BUG];
    let rank = |status: u8| urgency.iter().position(|known| *known == status);
    if rank(other) > rank(one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::code;

    #[track_caller]
    fn check(codes: &[(crate::diag::Code, Severity)], expected: u8) {
        let diagnostics: Vec<_> = codes
            .iter()
            .map(|(code, severity)| Diagnostic { severity: *severity, ..Diagnostic::new(*code, "x") })
            .collect();
        assert_eq!(exit_status(&diagnostics), expected);
    }

    #[test]
    fn the_most_urgent_failure_decides() {
        check(&[], CLEAN);
        check(&[(code::UNREADABLE, Severity::Note), (code::UNREADABLE, Severity::Warning)], CLEAN);
        check(&[(code::UNREADABLE, Severity::Error)], INPUT);
    }

    #[test]
    fn what_must_be_looked_at_first_wins() {
        // What could not be written is worse than a lock that is out of date, though its number is smaller.
        assert_eq!((more_urgent(INPUT, LOCK), more_urgent(LOCK, INPUT)), (INPUT, INPUT));
        assert_eq!((more_urgent(FINDINGS, USAGE), more_urgent(CLEAN, LOCK)), (USAGE, LOCK));
        assert_eq!(EXIT_CODES.iter().fold(CLEAN, |all, (status, _)| more_urgent(all, *status)), BUG);
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(EXIT_CODES.is_sorted());
    }
}
