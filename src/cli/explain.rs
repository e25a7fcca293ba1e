//! `witc explain`: the page of a diagnostic, or the list of all.
//!
//! Differs from the reports, which show what was found: this explains what could be.

use clap::Args;

use super::flags::find_code;
use super::terminal::Terminal;
use super::{Ending, misuse};
use crate::diag::CODES;

/// Explain a diagnostic
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code, such as `load/unreadable`
    #[arg(required_unless_present = "list")]
    code: Option<String>,
    /// List all codes
    #[arg(long, conflicts_with = "code")]
    list: bool,
}

impl Explain {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        let look = terminal.product_look();
        let text = match &self.code {
            Some(name) => {
                let row = find_code(name)
                    .map_err(|reason| misuse(format!("`{}`: {reason}", name.escape_debug())))?;
                look.page(row.page)
            }
            None => look.code_list(CODES),
        };
        Ok(terminal.product(text.as_bytes()))
    }
}
