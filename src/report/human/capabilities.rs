//! What an artifact can do, as a table for a security reviewer, the gravest first.
//!
//! Differs from `artifact.rs`: this shows what a composition can do, that shows how it is put together.

use anstyle::{AnsiColor, Style};
use textwrap::core::display_width;

use super::diagnostic::wrap;
use super::{BOLD, DIM, Look};
use crate::diag::{escape, list, quoted};
use crate::policy::{Capabilities, CapabilityRow, Whole, WholeRow};

/// The width of the longest severity, and a gap.
const SEVERITY: usize = 10;
/// The narrowest column in which it can still be read how something is reached; below it, that has a line of its own.
const LEAST_REACHED: usize = 22;

impl Look {
    /// What each of several compositions can do, or the one.
    pub fn all_capabilities(&self, answers: &[Capabilities]) -> String {
        answers.iter().map(|answer| self.capabilities(answer)).collect::<Vec<_>>().join("\n")
    }

    /// The table of each instance, under its name where there are several.
    fn capabilities(&self, capabilities: &Capabilities) -> String {
        let mut text = self.paint(BOLD, &quoted(&capabilities.name));
        let instances = &capabilities.instances;
        let has_whole = capabilities.whole.as_ref().is_some_and(|whole| !whole.rows.is_empty());
        if !has_whole && instances.iter().all(|instance| instance.rows.is_empty()) {
            text.push_str(" can do nothing but compute: none of its code has an import\n");
            return text;
        }
        text.push_str(" can use\n");
        if let Some(whole) = &capabilities.whole {
            self.whole(whole, &mut text);
        }
        for instance in instances {
            text.push('\n');
            if instances.len() > 1 || has_whole {
                text.push_str(&self.paint(BOLD, &escape(&instance.name)));
                text.push('\n');
            }
            table(&instance.rows, self, &mut text);
            for warning in &instance.warnings {
                text.push('\n');
                self.remark("together", severity_style("medium"), warning, &mut text);
            }
            if let Some(obstacle) = &instance.obstacle {
                text.push('\n');
                let what = format!("{obstacle}; what cannot be followed counts as called");
                self.remark("unanalyzable", severity_style("medium"), &what, &mut text);
            }
            for support in &instance.support {
                text.push('\n');
                self.support(support, &mut text);
            }
        }
        let taxonomy = format!("severities of taxonomy {}", escape(&capabilities.taxonomy));
        text.push_str(&format!("\n{}\n", self.paint(DIM, &taxonomy)));
        text
    }

    /// What all parts together can do, as far as it is a power, and which of them do it.
    fn whole(&self, whole: &Whole, text: &mut String) {
        let by = |row: &WholeRow| {
            let parts: Vec<String> = row.parts.iter().map(|part| quoted(part)).collect();
            if parts.is_empty() {
                "imported, and used by none of its parts".to_owned()
            } else {
                format!("by {}", list(&parts))
            }
        };
        let rows: Vec<CapabilityRow> = whole
            .rows
            .iter()
            .filter(|row| row.severity != "none")
            .map(|row| CapabilityRow {
                interface: row.interface.clone(),
                power: row.power.clone(),
                severity: row.severity.clone(),
                reached: by(row),
                ..CapabilityRow::default()
            })
            .collect();
        text.push_str(&format!("\n{}\n", self.paint(BOLD, "as a whole")));
        table(&rows, self, text);
        for warning in &whole.warnings {
            text.push('\n');
            self.remark("together", severity_style("medium"), warning, text);
        }
    }
}

/// The rows, those of one power under it.
fn table(rows: &[CapabilityRow], look: &Look, text: &mut String) {
    if rows.is_empty() {
        text.push_str("  nothing\n");
        return;
    }
    let name = |row: &CapabilityRow| display_width(&escape(&row.interface));
    let widest = rows.iter().map(name).max().unwrap_or_default();
    let groups = rows.chunk_by(|one, other| one.severity == other.severity && one.power == other.power);
    for group in groups {
        let [first, ..] = group else { continue };
        let indent = 2 + SEVERITY;
        let power = wrap(&escape(&first.power), look.width.saturating_sub(indent).max(LEAST_REACHED), "");
        for (line, power) in power.iter().enumerate() {
            let severity = if line == 0 { first.severity.as_str() } else { "" };
            let gap = " ".repeat(SEVERITY - severity.len());
            text.push_str(&format!("  {}{gap}{power}\n", look.paint(severity_style(severity), severity)));
        }
        for row in group {
            draw_row(row, widest, look, text);
        }
    }
}

fn draw_row(row: &CapabilityRow, widest: usize, look: &Look, text: &mut String) {
    let indent = 2 + SEVERITY + 2;
    let interface = escape(&row.interface);
    text.push_str(&format!("{}{interface}", " ".repeat(indent)));
    let room = look.width.saturating_sub(indent + widest + 2);
    let (mut pending, column) = if room < LEAST_REACHED {
        text.push('\n');
        (indent + 2, indent + 2)
    } else {
        (widest - display_width(&interface) + 2, indent + widest + 2)
    };
    for line in wrap(&escape(&row.reached), look.width.saturating_sub(column).max(LEAST_REACHED), "") {
        text.push_str(&format!("{}{}\n", " ".repeat(pending), look.paint(DIM, &line)));
        pending = column;
    }
}

fn severity_style(severity: &str) -> Style {
    match severity {
        "critical" => AnsiColor::Red.on_default().bold(),
        "high" => AnsiColor::Red.on_default(),
        "medium" => AnsiColor::Yellow.on_default(),
        _ => Style::new().dimmed(),
    }
}
