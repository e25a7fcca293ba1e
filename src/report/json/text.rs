//! Writes JSON that is also harmless to look at.
//!
//! Differs from `document.rs`: that is one format, this is how the text of any JSON format is made. Values stay what they are: a
//! character that could drive a terminal or is invisible is written as an escape of JSON.

use std::fmt::Write;
use std::io;

use serde::Serialize;

use crate::diag::is_shown_as_is;

/// Writes a value over several lines, with a line feed at its end.
///
/// # Errors
/// Any error of `out`.
pub(in crate::report) fn write(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(io::Error::from)?;
    let is_harmless = |character: char| character == '\n' || is_shown_as_is(character);
    if text.chars().all(is_harmless) {
        return writeln!(out, "{text}");
    }
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_harmless(character) {
            safe.push(character);
        } else {
            // Outside of strings there is nothing of this kind.
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        }
    }
    writeln!(out, "{safe}")
}
