//! What changed between two things, and whom that breaks.

use super::MOST_LABELS;
use crate::check::diff::{Change, ChangeGroup, ChangeKind, PackageStep, Role, Sides};
use crate::diag::{Code, Diagnostic, Label, Run, code, list, quoted};
use crate::model::{ItemPath, Side};
use crate::source::Span;

/// All changes of one group; or groups that are told together, each of which is one whole item.
pub(in crate::check) struct ChangedGroups<'a> {
    /// At least one.
    pub(in crate::check) groups: &'a [&'a ChangeGroup],
    /// Whether the version of its package takes the step that the changes need.
    pub(in crate::check) is_announced: bool,
}

impl ChangedGroups<'_> {
    /// One diagnostic for each piece that is another one; one for all that is gone, and one for all that is new.
    pub(in crate::check) fn report(&self, sides: &mut Sides<'_>, run: &mut Run) {
        let changes: Vec<&Change> = self.groups.iter().flat_map(|group| &group.changes).collect();
        for change in changes.iter().filter(|change| change.kind == ChangeKind::Changed) {
            self.report_together(&[*change], sides, run);
        }
        for kind in [ChangeKind::Removed, ChangeKind::Added] {
            let together: Vec<&Change> =
                changes.iter().filter(|change| change.kind == kind).copied().collect();
            if !together.is_empty() {
                self.report_together(&together, sides, run);
            }
        }
    }

    /// Changes of one kind, which break the same people.
    fn report_together(&self, changes: &[&Change], sides: &mut Sides<'_>, run: &mut Run) {
        let Some(first) = changes.first() else { return };
        let mut diagnostic = Diagnostic::new(self.code(first), self.message(changes));
        for change in changes.iter().take(MOST_LABELS) {
            for (place, text) in self.labels(change, sides, run) {
                let is_first = diagnostic.labels.is_empty();
                if diagnostic.labels.iter().any(|label| label.span == place) {
                    continue;
                }
                let label =
                    if is_first { Label::primary(place, text) } else { Label::secondary(place, text) };
                diagnostic = diagnostic.label(label);
            }
        }
        let hints = changes.iter().filter_map(|change| Some((change, change.hint.as_ref()?)));
        for (change, hint) in hints {
            diagnostic = diagnostic.note(format!("{}: {hint}", change.piece));
        }
        if let Some(why) = self.why(first) {
            diagnostic = diagnostic.note(why);
        }
        run.diagnostics.report(diagnostic);
    }

    fn code(&self, change: &Change) -> Code {
        match (change.breaks.is_empty(), self.is_announced) {
            (true, _) => code::COMPATIBLE_CHANGE,
            (false, true) => code::ANNOUNCED_CHANGE,
            (false, false) => code::BREAKING_CHANGE,
        }
    }

    fn message(&self, changes: &[&Change]) -> String {
        let Some(first) = changes.first() else { return String::new() };
        let (group, be) = (self.place(), if self.groups.len() == 1 { "is" } else { "are" });
        let pieces: Vec<String> =
            changes.iter().map(|change| change.piece.clone()).filter(|piece| !piece.is_empty()).collect();
        let what = match (first.kind, pieces.is_empty()) {
            (ChangeKind::Changed, true) => {
                format!("{group} is {} now, and was {}", after(first), before(first))
            }
            (ChangeKind::Changed, false) => {
                format!("{group} / {} is {} now, and was {}", list(&pieces), after(first), before(first))
            }
            (ChangeKind::Removed, true) => format!("{group} {be} gone"),
            (ChangeKind::Removed, false) => format!("{group} has no {} any more", list(&pieces)),
            (ChangeKind::Added, true) => format!("{group} {be} new"),
            (ChangeKind::Added, false) => format!("{group} has {}, which {} new", list(&pieces), is(&pieces)),
        };
        let breaks: Vec<String> = first.breaks.iter().map(|audience| audience.words().to_owned()).collect();
        if breaks.is_empty() { what } else { format!("{what}: that breaks {}", list(&breaks)) }
    }

    /// What the groups are part of: all of them of the same.
    fn group(&self) -> &ChangeGroup {
        self.groups.first().expect("there is at least one group")
    }

    /// The groups as the subject of a sentence.
    fn place(&self) -> String {
        let names: Vec<String> = self.groups.iter().map(|group| quoted(group.name())).collect();
        let (group, several) = (self.group(), if self.groups.len() == 1 { "" } else { "s" });
        let noun = match (&group.within, group.side) {
            (None, _) if group.role == Role::World => "world",
            (None, _) if group.role == Role::Component => "component",
            (None, _) => "interface",
            (Some(_), Side::Import) => "import",
            (Some(_), Side::Export) => "export",
        };
        format!("{noun}{several} {}", list(&names))
    }

    /// Both sides of a change, as far as they are there.
    fn labels(&self, change: &Change, (old, new): &mut Sides<'_>, run: &mut Run) -> Vec<(Span, String)> {
        let whole = ItemPath { side: self.group().side, steps: Vec::new() };
        let old_at =
            old.as_mut().map(|party| party.span(&mut run.sources, change.old_at.as_ref().unwrap_or(&whole)));
        let new_at =
            new.as_mut().map(|party| party.span(&mut run.sources, change.new_at.as_ref().unwrap_or(&whole)));
        let (was, is) = match change.kind {
            ChangeKind::Changed => (format!("was {}", before(change)), format!("is {}", after(change))),
            ChangeKind::Removed => ("was here".to_owned(), "does not have it any more".to_owned()),
            ChangeKind::Added => ("was not here".to_owned(), "is new".to_owned()),
        };
        let labels = [(old_at, was), (new_at, is)];
        let labels = labels.into_iter().filter_map(|(place, text)| Some((place?, text)));
        match change.kind {
            // What is new is the point, not where it was not.
            ChangeKind::Added => labels.rev().take(1).collect(),
            ChangeKind::Removed | ChangeKind::Changed => labels.collect(),
        }
    }

    /// Why a change that looks harmless breaks somebody.
    fn why(&self, change: &Change) -> Option<String> {
        if change.breaks.is_empty() {
            return None;
        }
        let note = match (self.group().role, self.group().side, change.kind) {
            (Role::World, Side::Export, ChangeKind::Added) => {
                "components that were built for the old world do not export it"
            }
            (Role::World, Side::Import, ChangeKind::Added) => {
                "hosts of the old world do not provide it to components of the new one"
            }
            (Role::Component, Side::Import, ChangeKind::Added) => {
                "what was enough to run or link the old one is not enough for the new one"
            }
            (_, _, ChangeKind::Added | ChangeKind::Removed | ChangeKind::Changed) => return None,
        };
        Some(note.to_owned())
    }
}

fn before(change: &Change) -> String {
    change.before.as_deref().map(quoted).unwrap_or_default()
}

fn after(change: &Change) -> String {
    change.after.as_deref().map(quoted).unwrap_or_default()
}

fn is(pieces: &[String]) -> &'static str {
    if pieces.len() == 1 { "is" } else { "are" }
}

/// The version of a package promises more than its changes keep.
pub(in crate::check) struct TooSmallStep<'a> {
    pub(in crate::check) step: &'a PackageStep,
    /// A group of the package.
    pub(in crate::check) group: &'a ChangeGroup,
}

impl TooSmallStep<'_> {
    pub(in crate::check) fn report(&self, (old, new): &mut Sides<'_>, run: &mut Run) {
        let step = self.step;
        let version = |version: &Option<semver::Version>| {
            version.as_ref().map(|version| quoted(&version.to_string())).unwrap_or_default()
        };
        let taken = step.taken().map(|taken| taken.word()).unwrap_or_default();
        let package = quoted(&step.package);
        let message = if step.old == step.new {
            format!(
                "{package} changed and is {} still: it needs a {} step",
                version(&step.new),
                step.needed.word()
            )
        } else {
            format!(
                "{package} goes from {} to {}, a {taken} step, and needs a {} one",
                version(&step.old),
                version(&step.new),
                step.needed.word(),
            )
        };
        let mut diagnostic = Diagnostic::new(code::SMALL_VERSION_STEP, message);
        let at = |name: &Option<String>| match (&self.group.within, name) {
            (Some(_), Some(name)) => ItemPath::item(self.group.side, name),
            _ => ItemPath { side: self.group.side, steps: Vec::new() },
        };
        if let Some(party) = new {
            let place = party.span(&mut run.sources, &at(&self.group.new));
            diagnostic = diagnostic.label(Label::primary(place, "this bears the version"));
        } else if let Some(party) = old {
            let place = party.span(&mut run.sources, &at(&self.group.old));
            diagnostic = diagnostic.label(Label::primary(place, "this bore the version"));
        }
        let next = step.next().map(|next| next.to_string()).unwrap_or_default();
        run.diagnostics.report(diagnostic.help(format!("call it {} or higher", quoted(&next))));
    }
}

/// Two inputs of which nothing can be said together.
pub(in crate::check) struct IncomparableInputs;

impl From<IncomparableInputs> for Diagnostic {
    fn from(_: IncomparableInputs) -> Self {
        Diagnostic::new(
            code::INCOMPARABLE_INPUTS,
            "one of the two is neither a component nor one world, and the other is no WIT package",
        )
        .help("compare two components, two WIT packages, or name the world with `--world`")
    }
}
