//! Makes text safe to stand in XML.
//!
//! Differs from `diag::escape`, which is for readers: this is for parsers, and for readers too.

use std::fmt::Write;

use crate::diag::escape;

/// A text of one line for an attribute or an element: it neither ends the one nor starts the other.
pub(super) fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in escape(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Not a character of XML at all.
            '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
            }
            _ => safe.push(character),
        }
    }
    safe
}
