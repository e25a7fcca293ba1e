//! Command lines and variables for a POSIX shell.
//!
//! Differs from `capnp.rs`, which does the same for the text form of Cap'n Proto.

pub(super) use crate::diag::shell_word as word;

/// A command line of words.
pub(super) fn line<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    words.into_iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The environment variable from which whoever deploys gives the value of a key: `api-key` is `API_KEY`.
pub(super) fn variable(key: &str) -> String {
    let plain = |character: char| {
        if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' }
    };
    let name: String = key.chars().map(plain).collect();
    if name.starts_with(|first: char| first.is_ascii_digit()) || name.is_empty() {
        format!("_{name}")
    } else {
        name
    }
}

/// The name of an environment variable as a shell can name it: most are as they are.
pub(super) fn variable_of(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_name = name.bytes().all(is_plain)
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty();
    if is_name { name.to_owned() } else { variable(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_its_words() {
        assert_eq!(line(["fastly", "compute", "two words"]), "fastly compute 'two words'");
    }

    #[test]
    fn variables_have_names_that_a_shell_knows() {
        assert_eq!(variable("api-key"), "API_KEY");
        assert_eq!(variable("2fa.$"), "_2FA__");
    }
}
