//! Collects the diagnostics of a run and applies the levels, in this one place.

use std::collections::{BTreeMap, BTreeSet};

use super::{Accepted, Code, Diagnostic, Kind, Level, Named, Severity, find, list, quoted};
use crate::source::Span;

/// The levels that a run was asked to use, beside the defaults of the table of codes.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    chosen: BTreeMap<Code, Level>,
    /// Whether a warning fails the run.
    pub deny_warnings: bool,
}

impl Levels {
    /// Sets the level of a lint; a later call wins. An error has no level, so that nothing changes for it.
    pub fn set(&mut self, code: Code, level: Level) {
        self.chosen.insert(code, level);
    }

    /// Sets the level of a lint that was not set before: what a file says yields to the command line.
    pub fn set_unless_chosen(&mut self, code: Code, level: Level) {
        self.chosen.entry(code).or_insert(level);
    }

    /// The level of a code in this run.
    pub fn of(&self, code: Code) -> Level {
        let default = match find(code.as_str()).map(|row| row.kind) {
            Some(Kind::Lint(level)) => level,
            Some(Kind::Lock) => Level::Warn,
            Some(Kind::Error | Kind::Input | Kind::Usage | Kind::Bug) | None => {
                return Level::Deny;
            }
        };
        let level = self.chosen.get(&code).copied().unwrap_or(default);
        if level == Level::Warn && self.deny_warnings { Level::Deny } else { level }
    }
}

/// The diagnostics found so far.
#[derive(Debug, Default)]
pub struct Diagnostics {
    /// The levels of this run; set before the first stage that judges.
    pub levels: Levels,
    /// What exceptions silence.
    pub accepted: Vec<Accepted>,
    /// How many compositions the run is about: of several, each finding names those that it is about.
    pub compositions: usize,
    /// The one that is worked on.
    pub(super) composition: Option<String>,
    found: Vec<Diagnostic>,
    /// By code: how many errors were reported, also those that said what was said before.
    errors: BTreeMap<Code, usize>,
    seen: BTreeSet<(Code, Option<Span>, String, Option<String>)>,
}

impl Diagnostics {
    /// Takes a finding in, unless its level says that it is not shown or the same was said before.
    pub fn report(&mut self, finding: impl Into<Diagnostic>) {
        let mut diagnostic = finding.into();
        diagnostic.severity = match self.levels.of(diagnostic.code) {
            Level::Allow => return,
            Level::Note => Severity::Note,
            Level::Warn => Severity::Warning,
            Level::Deny => Severity::Error,
        };
        diagnostic.labels.sort_by_key(|label| !label.primary);
        if let (Some(name), None) = (&self.composition, diagnostic.about.name(COMPOSITION)) {
            diagnostic.about.names.insert(0, Named { kind: COMPOSITION, name: name.clone() });
        }
        if diagnostic.severity == Severity::Error {
            *self.errors.entry(diagnostic.code).or_default() += 1;
        }
        let composition = diagnostic.about.name(COMPOSITION).map(str::to_owned);
        let identity = (diagnostic.code, diagnostic.place(), diagnostic.message.clone(), composition);
        if self.seen.insert(identity) {
            self.found.push(diagnostic);
        }
    }

    /// Takes back what was found of witc itself: it went by what turned out not to count.
    pub fn acquit(&mut self) {
        let counts = |code: Code| find(code.as_str()).is_none_or(|row| row.kind != Kind::Bug);
        self.found.retain(|found| counts(found.code));
        self.errors.retain(|code, _| counts(*code));
    }

    /// How many findings that fail the run were reported. What is found again counts again, since it is shown once and stands
    /// against all in which it is found.
    pub fn error_count(&self) -> usize {
        self.errors.values().sum()
    }

    /// All findings in the order in which they were reported.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// The same, to say more about them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.found.iter_mut()
    }

    /// All findings, sorted by source, place and code.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.place().map(|span| (span.source, span.start)), d.code);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        self.found.dedup_by(|again, first| {
            let is_same = is_same(again, first);
            if is_same {
                first.about.also_in.extend(again.about.name(COMPOSITION).map(str::to_owned));
            }
            is_same
        });
        if self.compositions > 1 {
            self.found.iter_mut().for_each(|found| name_compositions(found, self.compositions));
        }
        self.found
    }
}

const COMPOSITION: &str = "composition";

/// Whether two findings say the same, each perhaps of another composition.
fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    one.code == other.code && one.place() == other.place() && one.message == other.message
}

/// Says first which of the compositions it is that something is about, unless it is all of them.
fn name_compositions(found: &mut Diagnostic, of_so_many: usize) {
    let Some(first) = found.about.name(COMPOSITION) else { return };
    let others = found.about.also_in.iter().map(String::as_str);
    let names: Vec<String> = std::iter::once(first).chain(others).map(quoted).collect();
    if names.len() == of_so_many {
        return;
    }
    let place = format!("in {}: ", list(&names));
    found.message.insert_str(0, &place);
    if let Some(alike) = found.alike.as_mut().filter(|alike| !alike.is_of_one_cause) {
        alike.message.insert_str(0, &place);
    }
}
