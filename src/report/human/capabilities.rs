//! What an artifact can do, as a table for a security reviewer, the gravest first.
//!
//! Differs from `artifact.rs`: this shows what a composition can do, that shows how it is put together.

use anstyle::{AnsiColor, Style};

use super::table::{Cell, Table};
use super::{BOLD, DIM, Look};
use crate::diag::{escape, quoted};
use crate::policy::{Capabilities, InstanceCapabilities};

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
    let mut table = Table::new(["severity", "interface", "what it allows", "how reached"], 2);
    for row in &instance.rows {
        table.row([
            Cell::styled(&row.severity, severity_style(&row.severity)),
            row.interface.as_str().into(),
            row.power.as_str().into(),
            row.reached.as_str().into(),
        ]);
    }
    table.draw(look, text);
    for warning in &instance.warnings {
        let together = look.paint(AnsiColor::Yellow.on_default(), "together");
        text.push_str(&format!("  {together}: {}\n", escape(warning)));
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
