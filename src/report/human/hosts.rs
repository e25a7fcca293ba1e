//! Host profiles for people: all in a table, or one in full.
//!
//! Differs from `fit.rs`, which shows what came of holding an artifact against a profile.

use super::table::{Cell, Table};
use super::{BOLD, DIM, Look};
use crate::diag::{escape, size};
use crate::host::{HostProfile, Running};
use crate::report::host_words::{interfaces, must_export, package, power, wasi};

impl Look {
    /// The table of all profiles.
    pub fn hosts(&self, profiles: &[HostProfile]) -> String {
        let mut table = Table::new(["host", "what it is", "components", "WASI"], 1);
        for profile in profiles {
            table.row([
                Cell::styled(&profile.id, BOLD),
                profile.name.as_str().into(),
                if profile.components == Running::Flat { "flat only" } else { profile.components.words() }
                    .into(),
                wasi(profile).into(),
            ]);
        }
        let mut text = String::new();
        table.draw(self, &mut text);
        text.push_str(&self.paint(DIM, "\nfor one of them in full: witc hosts ID"));
        text.push('\n');
        text
    }

    /// One profile with all that it says.
    pub fn host(&self, profile: &HostProfile) -> String {
        let line = format!("{}: {}", profile.id, profile.name);
        let mut text = self.paint(BOLD, &escape(&line));
        text.push_str(&format!("\n  version {}, as of {}\n", escape(&profile.version), profile.date));
        let facts = [
            ("runs components", profile.components.words().to_owned()),
            ("must export", must_export(profile)),
            (
                "a graph of components",
                profile.graph.clone().unwrap_or_else(|| "only as one artifact".to_owned()),
            ),
        ];
        for (what, answer) in facts.iter().filter(|(_, answer)| !answer.is_empty()) {
            self.remark(what, BOLD, answer, &mut text);
        }
        for note in &profile.notes {
            self.remark("note", BOLD, note, &mut text);
        }
        self.provided(profile, &mut text);
        self.limits(profile, &mut text);
        text.push('\n');
        for fact in &profile.sources {
            let trust = if fact.is_verified { "source" } else { "unverified" };
            self.remark(trust, DIM, &format!("{}: {}", fact.about, fact.from), &mut text);
        }
        text
    }

    fn provided(&self, profile: &HostProfile, text: &mut String) {
        let mut table = Table::new(["package", "interfaces", "linked", "may be used"], 1);
        for row in &profile.provides {
            let linked = row.flag.as_ref().map_or("yes".to_owned(), |flag| format!("with {flag}"));
            let note = row.note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
            let names = format!("{}{note}", interfaces(row));
            table.row([package(row).into(), names.into(), linked.into(), power(row).replace('`', "").into()]);
        }
        if !table.is_empty() {
            text.push('\n');
            table.draw(self, text);
        }
    }

    fn limits(&self, profile: &HostProfile, text: &mut String) {
        let mut rows: Vec<(String, String)> = Vec::new();
        rows.extend(profile.limits.bytes.map(|bytes| ("largest artifact".to_owned(), size(bytes))));
        let compressed = |bytes| ("largest artifact".to_owned(), format!("{} compressed", size(bytes)));
        rows.extend(profile.limits.compressed_bytes.map(compressed));
        rows.extend(
            profile.limits.depth.map(|depth| ("components within components".to_owned(), depth.to_string())),
        );
        let scope = |scope: &crate::host::EnforcedScope| (format!("scope {}", scope.kind), scope.by.clone());
        rows.extend(profile.scopes.iter().map(scope));
        for rule in profile.features.iter().flatten() {
            let how = rule.flag.as_ref().map_or("no".to_owned(), |flag| format!("with {flag}"));
            rows.push((format!("feature {}", rule.feature.name()), how));
        }
        if profile.features.is_none() && profile.components != Running::No {
            rows.push(("features".to_owned(), "not known".to_owned()));
        }
        if rows.is_empty() {
            return;
        }
        let mut table = Table::new(["limit", "what holds"], 1);
        for (what, how) in rows {
            table.row([what.into(), how.replace('`', "").into()]);
        }
        text.push('\n');
        table.draw(self, text);
    }
}
