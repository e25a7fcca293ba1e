//! Makes untrusted text (names out of an artifact) safe to show.

use std::fmt::Write;

/// `text` with every control, format and direction character shown as an escape, so that it can neither drive a
/// terminal nor break a line.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unsafe(character) {
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
        } else {
            safe.push(character);
        }
    }
    safe
}

/// A name in backticks, escaped; a backtick within it becomes a quote, so that the name cannot end early.
pub fn quoted(name: &str) -> String {
    format!("`{}`", escape(name).replace('`', "'"))
}

/// Whether a character is shown as it is: it neither drives a terminal nor is invisible.
pub fn is_shown_as_is(character: char) -> bool {
    !is_unsafe(character)
}

fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        assert_eq!(quoted(input), expected);
    }

    #[test]
    fn names_cannot_drive_a_terminal() {
        check("wasi:io/streams@0.2.12", "`wasi:io/streams@0.2.12`");
        check("\u{1b}[31mred", "`\\u{1b}[31mred`");
        check("a\nb", "`a\\u{a}b`");
        check("a\u{202e}b", "`a\\u{202e}b`");
        check("a`b", "`a'b`");
    }
}
