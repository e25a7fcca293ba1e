//! Names as the lines of TOML have them that reports tell to paste.
//!
//! Differs from `escape.rs`: that is for people to read, this for a file to hold.

use super::escape;

/// A name as a key of TOML: bare where that is allowed.
pub fn toml_key(name: &str) -> String {
    let is_bare = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { toml_string(name) }
}

/// A name as a string of TOML.
pub fn toml_string(name: &str) -> String {
    format!("\"{}\"", escape(name).replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_toml() {
        assert_eq!(toml_key("a-b_1"), "a-b_1");
        assert_eq!(toml_key("rust/app"), "\"rust/app\"");
        assert_eq!(toml_key("a\"\\"), "\"a\\\"\\\\\"");
        assert_eq!(toml_key(""), "\"\"");
    }
}
