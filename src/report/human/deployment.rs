//! The files of a deployment for people: what each is for, what is left to do; or, where nothing was written, the files.
//!
//! Differs from `artifact.rs`, which shows what one linked component is made of.

use super::diagnostic::wrap;
use super::table::{Cell, Table};
use super::{BOLD, DIM, GOOD, Look};
use crate::config::EXAMPLE_REGISTRY;
use crate::diag::{escape, quoted};
use crate::report::DeploymentRow;

impl Look {
    /// What was written, and what is left to do.
    pub fn deployment(&self, row: &DeploymentRow) -> String {
        let (verb, place) = match &row.folder {
            Some(folder) => ("wrote", format!("in {}:", escape(&folder.display().to_string()))),
            None => ("made", "nothing was written: name a folder with `-o`. There:".to_owned()),
        };
        let graph = if row.is_graph { ", as a graph of components" } else { "" };
        let mut text = self.paint(GOOD, verb);
        text.push_str(&format!(
            " a deployment of {} for {}{graph}\n\n",
            quoted(&row.name),
            quoted(&row.host)
        ));
        let mut table = Table::new(["file", "what it is"], 1);
        for file in &row.files {
            table.row([Cell::styled(&file.path, BOLD), file.what.into()]);
        }
        table.draw(self, &mut text);
        if !row.secrets.is_empty() {
            let names: Vec<String> = row.secrets.iter().map(|name| escape(name)).collect();
            let given =
                format!("  to be given in the environment, and written nowhere: {}", names.join(", "));
            text.push_str(&format!("\n{}\n", wrap(&given, self.prose_width(), "  ").join("\n")));
        }
        text.push_str(&format!("\n  {}\n", self.paint(DIM, &place)));
        for command in &row.commands {
            text.push_str(&format!("    {}\n", escape(command)));
        }
        if row.commands.iter().any(|command| command.contains(EXAMPLE_REGISTRY)) {
            let note = format!(
                "  `{EXAMPLE_REGISTRY}` is an example: name your registry with `--registry`, a release with `--tag`"
            );
            text.push_str(&format!("\n{}\n", wrap(&note, self.prose_width(), "  ").join("\n")));
        }
        text.push('\n');
        text
    }

    /// The files one after the other, for those who want to look before anything is written.
    pub fn deployment_texts(&self, row: &DeploymentRow) -> String {
        let mut text = String::new();
        for file in &row.files {
            let Some(content) = &file.text else { continue };
            let line = format!("==> {} <==", file.path);
            text.push_str(&format!("{}\n{content}\n", self.paint(BOLD, &line)));
        }
        text
    }
}
