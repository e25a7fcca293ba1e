//! The pages of the codes, as plain Markdown or lightly styled, and the list of all codes.
//!
//! Differs from `diagnostic.rs`, which shows one finding of one run.

use anstyle::AnsiColor;

use super::table::{Cell, Table};
use super::{BOLD, DIM, LINK, Look};
use crate::diag::{Code, CodeRow, Kind, Level, find, quoted};

impl Look {
    /// A page: as it is, or in colour with headings and code set apart.
    pub fn page(&self, markdown: &str) -> String {
        let mut text = String::new();
        let mut in_code = false;
        for line in markdown.lines() {
            let fence = line.starts_with("```");
            if !self.colour {
                text.push_str(line);
            } else if fence || in_code {
                text.push_str(&self.paint(if fence { DIM } else { LINK }, line));
            } else if line.starts_with('#') {
                text.push_str(&self.paint(BOLD, line));
            } else {
                text.push_str(&inline_code(line, self));
            }
            text.push('\n');
            in_code ^= fence;
        }
        text
    }

    /// A group of lints: how its name is used, and what is in it.
    pub fn lint_group(&self, name: &str, codes: &[Code]) -> String {
        let heading = format!("{} is a group of lints, for -A, -N, -W, -D and [levels]:", quoted(name));
        let lints: Vec<CodeRow> = codes.iter().filter_map(|code| find(code.as_str())).copied().collect();
        format!("{heading}\n\n{}", self.code_list(&lints))
    }

    /// All codes with their kind and meaning, in the order of the pipeline.
    pub fn code_list(&self, rows: &[CodeRow]) -> String {
        let mut table = Table::new(["code", "kind", "meaning"], 2);
        for row in rows {
            let (kind, colour) = match row.kind {
                Kind::Error | Kind::Input | Kind::Usage | Kind::Bug => ("error", AnsiColor::Red),
                Kind::Lint(Level::Deny) => ("deny", AnsiColor::Red),
                Kind::Lint(Level::Warn) | Kind::Lock => ("warn", AnsiColor::Yellow),
                Kind::Lint(Level::Note) => ("note", AnsiColor::Cyan),
                Kind::Lint(Level::Allow) => ("allow", AnsiColor::White),
            };
            table.row([
                row.code.as_str().into(),
                Cell::styled(kind, colour.on_default()),
                row.summary.into(),
            ]);
        }
        let mut text = String::new();
        table.draw(self, &mut text);
        text
    }
}

/// Backticked pieces in colour, the backticks kept: a copied line stays Markdown.
fn inline_code(line: &str, look: &Look) -> String {
    let mut pieces = line.split('`');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    while let (Some(code), after) = (pieces.next(), pieces.next()) {
        match after {
            Some(after) => {
                text.push_str(&look.paint(LINK, &format!("`{code}`")));
                text.push_str(after);
            }
            None => text.push_str(&format!("`{code}")),
        }
    }
    text
}
