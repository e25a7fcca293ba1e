//! Words for a POSIX shell, so that a line of a help can be pasted: each is read back as the one word that it was.
//!
//! Differs from `toml.rs`: that is for lines of a `witc.toml`.

/// A word of a command, in quotes where it needs them.
pub fn shell_word(word: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_./:=@+".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_one_word() {
        assert_eq!(shell_word("a-b.wasm"), "a-b.wasm");
        assert_eq!(shell_word("out/a.wasm"), "out/a.wasm");
        assert_eq!(shell_word("a b"), "'a b'");
        assert_eq!(shell_word("$(x)'"), "'$(x)'\\'''");
        assert_eq!(shell_word("a\nb"), "'a\nb'");
        assert_eq!(shell_word("~x"), "'~x'");
        assert_eq!(shell_word(""), "''");
    }
}
