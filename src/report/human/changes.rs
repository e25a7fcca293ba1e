//! What changed, as a table for each interface: whom each change breaks, and which version that needs.
//!
//! Differs from `diagnostic.rs`, which shows the WIT of both sides of each change.

use std::collections::BTreeSet;

use super::diagnostic::wrap;
use super::table::{Cell, Table};
use super::{BOLD, GOOD, Look};
use crate::check::{ChangeGroup, ChangeKind, Changes};
use crate::diag::quoted;
use crate::policy::PowerChange;
use crate::report::change_words::{WholeSort, breaks, heading, version, whole};

impl Look {
    /// All that changed, grouped; then what that means for capabilities and versions.
    pub fn changes(&self, changes: &Changes, powers: &[PowerChange]) -> String {
        if changes.groups.is_empty() {
            let same = format!("{} and {}: no change", quoted(&changes.old), quoted(&changes.new));
            return format!("{}\n", self.paint(GOOD, &same));
        }
        let mut text = String::new();
        let mut told = BTreeSet::new();
        for group in &changes.groups {
            match whole(group) {
                // Together with all others of its sort, where the first of them stands.
                Some(sort) if told.insert(sort) => self.wholes(sort, changes, &mut text),
                Some(_) => {}
                None => self.group(group, &mut text),
            }
        }
        self.powers(powers, &mut text);
        let needed = format!("needs a {} step of version", changes.bump.word());
        text.push_str(&self.paint(BOLD, &needed));
        text.push('\n');
        for step in &changes.steps {
            let lines = wrap(&format!("  {}", version(step).trim()), self.prose_width(), "    ");
            text.push_str(&format!("{}\n", lines.join("\n")));
        }
        text
    }

    /// What is new or gone as a whole: a line for each.
    fn wholes(&self, sort: WholeSort<'_>, changes: &Changes, text: &mut String) {
        text.push_str(&self.paint(BOLD, &wrap(&sort.heading(), self.prose_width(), "  ").join("\n")));
        text.push('\n');
        let mut table = Table::new(["", "name", "breaks"], 2);
        for group in changes.groups.iter().filter(|group| whole(group) == Some(sort)) {
            for change in &group.changes {
                table.row([sign(change.kind).into(), group.name().into(), breaks(change).into()]);
            }
        }
        table.draw(self, text);
        text.push('\n');
    }

    fn group(&self, group: &ChangeGroup, text: &mut String) {
        text.push_str(&self.paint(BOLD, &wrap(&heading(group), self.prose_width(), "  ").join("\n")));
        text.push('\n');
        let mut table = Table::new(["", "piece", "was", "is", "breaks"], 1);
        for change in &group.changes {
            let piece = if change.piece.is_empty() { "all of it" } else { &change.piece };
            let state = |text: &Option<String>| Cell::from(text.as_deref().unwrap_or("").to_owned());
            table.row([
                sign(change.kind).into(),
                Cell::from(piece.to_owned()),
                state(&change.before),
                state(&change.after),
                Cell::from(breaks(change)),
            ]);
        }
        table.draw(self, text);
        text.push('\n');
    }

    fn powers(&self, powers: &[PowerChange], text: &mut String) {
        if powers.is_empty() {
            return;
        }
        text.push_str(&self.paint(BOLD, "capabilities"));
        text.push('\n');
        let mut table = Table::new(["", "class", "severity", "through"], 1);
        for power in powers {
            let sign = if power.is_gained { "+" } else { "-" };
            let imports = Cell::from(power.imports.join(", "));
            table.row([sign.into(), power.class.as_str().into(), power.severity.into(), imports]);
        }
        table.draw(self, text);
        text.push('\n');
    }
}

fn sign(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "+",
        ChangeKind::Removed => "-",
        ChangeKind::Changed => "~",
    }
}
