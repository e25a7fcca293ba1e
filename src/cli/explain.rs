//! `witc explain`: the page of a diagnostic, or the list of all.
//!
//! Differs from the reports, which show what was found: this explains what could be.

use clap::Args;

use super::flags::{EXPLAINED, find_code};
use super::terminal::{Terminal, product_is_seen};
use super::{Ending, misuse};
use crate::diag::{CODES, LINT_GROUPS};
use crate::report::PageForm;

/// Explain a diagnostic, or a group of lints
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code, such as `load/unreadable`, or a group of lints, such as `hygiene`
    #[arg(required_unless_present = "list", value_parser = EXPLAINED, hide_possible_values = true)]
    code: Option<String>,
    /// List all codes, and the groups of lints
    #[arg(long, conflicts_with = "code")]
    list: bool,
}

impl Explain {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        let look = terminal.product_look();
        let group = |name: &str| LINT_GROUPS.iter().find(|(group, _)| *group == name);
        let text = match &self.code {
            Some(name) => match group(name) {
                Some((name, codes)) => look.lint_group(name, codes),
                None => {
                    let row = find_code(name)
                        .map_err(|reason| misuse(format!("`{}`: {reason}", name.escape_debug())))?;
                    // Who asks for colour reads it, whatever shows it.
                    let is_read = look.colour || product_is_seen();
                    look.page(row.page, if is_read { PageForm::Terminal } else { PageForm::Markdown })
                }
            },
            None => {
                let groups = LINT_GROUPS.iter().map(|(name, codes)| look.lint_group(name, codes));
                look.code_list(CODES) + "\n" + &groups.collect::<Vec<_>>().join("\n")
            }
        };
        Ok(terminal.product(text.as_bytes()))
    }
}
