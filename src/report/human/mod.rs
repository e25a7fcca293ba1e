//! The report for people: plain text with source excerpts, in colour where the reader wants it.
//!
//! Differs from the other formats: nobody may parse it, and its wording may change with any version.

mod artifact;
mod capabilities;
mod changes;
mod closing;
mod deployment;
mod diagnostic;
mod drawing;
mod excerpt;
mod fit;
mod hosts;
mod page;
mod scopes;
mod table;
mod why;

pub use closing::Done;

use anstyle::{AnsiColor, Style};

pub use page::PageForm;

use crate::diag::Severity;

/// How a report is to look; decided by whoever knows the terminal.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether to use colour.
    pub colour: bool,
    /// Whether to draw with Unicode characters.
    pub unicode: bool,
    /// The columns that a line may have.
    pub width: usize,
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const HEADING: Style = Style::new().dimmed();
const LINK: Style = AnsiColor::Cyan.on_default();

impl Look {
    /// `text` in `style`, or as it is where no colour is wanted.
    fn paint(&self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// The width for prose: short lines are read faster.
    fn prose_width(&self) -> usize {
        self.width.clamp(40, 100)
    }
}

fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn severity_style(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Cyan,
    };
    colour.on_default().bold()
}
