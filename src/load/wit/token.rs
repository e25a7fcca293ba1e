//! Cuts WIT text into words and signs.
//!
//! Differs from the lexer of wit-parser: this one never fails, and keeps going after what it does not know.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// An identifier or a keyword, with its `%` if it has one.
    Word,
    /// Digits.
    Integer,
    /// A text in double quotes.
    Quoted,
    /// `->`
    Arrow,
    /// Any other character, by itself.
    Sign(char),
}

/// One token: 0-based byte offsets, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token {
    pub(super) fn range(self) -> Range<usize> {
        self.start..self.end
    }

    pub(super) fn is(self, sign: char) -> bool {
        self.kind == TokenKind::Sign(sign)
    }
}

/// A text as tokens.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// The tokens, without comments.
    pub(super) list: Vec<Token>,
    /// Where a `/*` begins that never ends.
    pub(super) open_comment: Option<usize>,
}

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Tokens {
    let mut found = Tokens::default();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let start = at;
        at += first.len_utf8();
        let rest = &text[at..];
        let kind = match first {
            '/' if rest.starts_with('/') => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '/' if rest.starts_with('*') => {
                match comment_end(&text[start..]) {
                    Some(length) => at = start + length,
                    None => {
                        found.open_comment = Some(start);
                        at = text.len();
                    }
                }
                continue;
            }
            '-' if rest.starts_with('>') => {
                at += 1;
                TokenKind::Arrow
            }
            '"' => {
                at += quoted_length(rest);
                TokenKind::Quoted
            }
            '0'..='9' => {
                at += length_while(rest, |character| character.is_ascii_digit());
                TokenKind::Integer
            }
            '%' | '_' => {
                at += length_while(rest, is_word);
                TokenKind::Word
            }
            _ if first.is_alphabetic() => {
                at += length_while(rest, is_word);
                TokenKind::Word
            }
            _ if first.is_whitespace() || first == '\u{feff}' => continue,
            _ => TokenKind::Sign(first),
        };
        found.list.push(Token { kind, start, end: at });
    }
    found
}

/// Whether a character goes on with a word.
pub(super) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_')
}

fn length_while(text: &str, accept: impl Fn(char) -> bool) -> usize {
    text.find(|character| !accept(character)).unwrap_or(text.len())
}

/// The length of the comment at the start of `text`; comments nest.
fn comment_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The length of a quoted text behind its opening quote; one that does not end in its line ends with the line.
fn quoted_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices() {
        match character {
            '\n' => return at,
            '"' if !escaped => return at + 1,
            _ => escaped = character == '\\' && !escaped,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = tokens(text).list.iter().map(|token| &text[token.range()]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn text_comes_apart() {
        check(
            "f: func(a-b: %type) -> u32;",
            &["f", ":", "func", "(", "a-b", ":", "%type", ")", "->", "u32", ";"],
        );
        check("// x\na /* b /* c */ d */ e", &["a", "e"]);
        check("@0.2.0-rc-1", &["@", "0", ".", "2", ".", "0", "-", "rc-1"]);
        check("\"a\\\"b\" c \"open\nd", &["\"a\\\"b\"", "c", "\"open", "d"]);
        check("é\u{7}", &["é", "\u{7}"]);
        check("a /* open", &["a"]);
        check("/*/ a", &[]);
    }
}
