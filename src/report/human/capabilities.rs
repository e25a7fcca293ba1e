//! What an artifact can do, as a table for a security reviewer, the gravest first.
//!
//! Differs from `artifact.rs`: this shows what a composition can do, that shows how it is put together.

use anstyle::{AnsiColor, Style};

use super::table::{Cell, Table};
use super::{BOLD, DIM, Look};
use crate::diag::{escape, quoted};
use crate::policy::{Capabilities, CapabilityRow, InstanceCapabilities};

/// The narrowest column in which a power is still readable; below it, how it is reached joins it.
const LEAST_POWER: usize = 30;
/// How most of them are reached, which needs no word.
const IMPORTED: &str = "imported";

impl Look {
    /// The table of each instance, under its name where there are several.
    pub fn capabilities(&self, capabilities: &Capabilities) -> String {
        let mut text = self.paint(BOLD, &quoted(&capabilities.name));
        let instances = &capabilities.instances;
        if instances.iter().all(|instance| instance.rows.is_empty()) {
            text.push_str(" can do nothing but compute: it imports nothing\n");
            return text;
        }
        text.push_str(" can use\n");
        for instance in instances {
            text.push('\n');
            if instances.len() > 1 {
                text.push_str(&self.paint(BOLD, &escape(&instance.name)));
                text.push('\n');
            }
            table(instance, self, &mut text);
            for warning in &instance.warnings {
                text.push('\n');
                self.remark("together", severity_style("medium"), warning, &mut text);
            }
        }
        let taxonomy = format!("severities of taxonomy {}", escape(&capabilities.taxonomy));
        text.push_str(&format!("\n{}\n", self.paint(DIM, &taxonomy)));
        text
    }
}

fn table(instance: &InstanceCapabilities, look: &Look, text: &mut String) {
    if instance.rows.is_empty() {
        text.push_str("  nothing\n");
        return;
    }
    let full = ["severity", "interface", "what it allows", "how reached"];
    let mut table = Table::new(full, 2);
    for row in &instance.rows {
        table.row([severity(row), interface(row), row.power.as_str().into(), row.reached.as_str().into()]);
    }
    if table.room(look.width) >= LEAST_POWER {
        return table.draw(look, text);
    }
    let mut table = Table::new([full[0], full[1], full[2]], 2);
    for row in &instance.rows {
        let reached = if row.reached == IMPORTED { String::new() } else { format!(" ({})", row.reached) };
        table.row([severity(row), interface(row), format!("{}{reached}", row.power).into()]);
    }
    table.draw(look, text);
}

fn severity(row: &CapabilityRow) -> Cell {
    Cell::styled(&row.severity, severity_style(&row.severity))
}

fn interface(row: &CapabilityRow) -> Cell {
    row.interface.as_str().into()
}

fn severity_style(severity: &str) -> Style {
    match severity {
        "critical" => AnsiColor::Red.on_default().bold(),
        "high" => AnsiColor::Red.on_default(),
        "medium" => AnsiColor::Yellow.on_default(),
        _ => Style::new().dimmed(),
    }
}
