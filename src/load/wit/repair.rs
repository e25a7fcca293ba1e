//! Finds the small change after which a piece that is no WIT is WIT, by asking wit-parser about each that comes to mind.
//!
//! Differs from `oracle.rs`: that says where a piece is wrong, this says what was probably meant there.

use std::ops::Range;

use super::describe::{BUILT_IN_TYPES, KEYWORDS};
use super::token::{Token, TokenKind, is_word, tokens};

/// A change of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Repair {
    /// What goes; empty where something is only put in.
    pub(super) range: Range<usize>,
    /// What comes; empty where something is only taken out.
    pub(super) text: String,
}

/// What wit-parser says to a piece that was changed.
pub(super) enum Outcome {
    /// It is WIT.
    Wit,
    /// The next mistake stands here.
    NextAt(usize),
    /// No better.
    NoBetter,
}

/// No piece longer than this, in bytes, is repaired: each attempt costs a parse of the piece.
const LONGEST: usize = 16 * 1024;

/// The change that makes the piece WIT, or else the one that gets furthest behind what stands at `place`.
pub(super) fn find(
    text: &str,
    piece: &Range<usize>,
    place: usize,
    message: &str,
    mut attempt: impl FnMut(&Repair) -> Outcome,
) -> Option<Repair> {
    if piece.len() > LONGEST {
        return None;
    }
    let around = Around::new(text, piece, place);
    let mut furthest: Option<(usize, Repair)> = None;
    for repair in around.candidates(message) {
        let takes_out = repair.text.is_empty();
        match attempt(&repair) {
            Outcome::Wit => return Some(repair),
            // With enough of it taken out, anything becomes WIT.
            Outcome::NextAt(at) if !takes_out => {
                let least = furthest.as_ref().map_or(around.behind(), |(at, _)| at + 1);
                if at >= least {
                    furthest = Some((at, repair));
                }
            }
            Outcome::NextAt(_) | Outcome::NoBetter => {}
        }
    }
    furthest.map(|(_, repair)| repair)
}

/// What stands around the place where a piece stops being WIT.
struct Around<'t> {
    text: &'t str,
    /// The token there, and what stands before and behind it. None where the piece ends too early.
    found: Option<Token>,
    previous: Option<Token>,
    next: Option<Token>,
}

impl<'t> Around<'t> {
    fn new(text: &'t str, piece: &Range<usize>, place: usize) -> Self {
        let mut list = tokens(&text[piece.clone()]).list;
        for token in &mut list {
            token.start += piece.start;
            token.end += piece.start;
        }
        let at = list.partition_point(|token| token.end <= place);
        let before = at.checked_sub(1).and_then(|before| list.get(before));
        Self {
            text,
            found: list.get(at).copied(),
            previous: before.copied(),
            next: list.get(at + 1).copied(),
        }
    }

    /// Where the text goes on behind what was found.
    fn behind(&self) -> usize {
        self.found.or(self.previous).map_or(0, |token| token.end)
    }

    fn word(&self, token: Option<Token>) -> Option<(Token, &'t str)> {
        let token = token.filter(|token| token.kind == TokenKind::Word)?;
        Some((token, &self.text[token.range()]))
    }

    /// All changes that come to mind, the likeliest first.
    fn candidates(&self, message: &str) -> Vec<Repair> {
        let mut all = Vec::new();
        self.function_the_other_way_round(&mut all);
        for token in [self.found, self.previous] {
            if let Some((token, word)) = self.word(token) {
                all.extend(in_wit(word).map(|meant| replace(token.range(), meant)));
            }
        }
        if let Some((token, word)) = self.word(self.found) {
            all.extend(kebab(word).map(|name| replace(token.range(), &name)));
        }
        self.quotes(&mut all);
        let expected = expected_sign(message);
        if let Some(sign) = expected {
            all.extend(self.put_in(sign));
            all.extend(self.instead(sign));
        }
        for token in [self.found, self.previous] {
            let is_keyword = |word: &&str| KEYWORDS.contains(word) || BUILT_IN_TYPES.contains(word);
            let keyword = self.word(token).filter(|(_, word)| is_keyword(word));
            all.extend(keyword.map(|(token, word)| replace(token.range(), &format!("%{word}"))));
        }
        let others = |sign: &&&str| Some(**sign) != expected;
        all.extend(INSTEAD.iter().filter(others).filter_map(|sign| self.instead(sign)));
        all.extend(PUT_IN.iter().filter(others).filter_map(|sign| self.put_in(sign)));
        self.taken_out(&mut all);
        all
    }

    /// `fn f(…)` for `f: func(…)`.
    fn function_the_other_way_round(&self, all: &mut Vec<Repair>) {
        for (keyword, name) in [(self.previous, self.found), (self.found, self.next)] {
            let (Some((keyword, word)), Some((name, text))) = (self.word(keyword), self.word(name)) else {
                continue;
            };
            if word == "func" || in_wit(word) == Some("func") {
                let spelled = kebab(text).unwrap_or_else(|| text.to_owned());
                all.push(replace(keyword.start..name.end, &format!("{spelled}: func")));
            }
        }
    }

    /// A name does not stand in quotes.
    fn quotes(&self, all: &mut Vec<Repair>) {
        let quoted = self.found.filter(|token| token.kind == TokenKind::Quoted);
        all.extend(quoted.map(|token| replace(token.range(), self.text[token.range()].trim_matches('"'))));
    }

    fn put_in(&self, text: &str) -> Option<Repair> {
        if text == "func" {
            let at = self.found.filter(|found| found.is('('))?.start;
            return Some(replace(at..at, text));
        }
        let at = self.previous?.end;
        Some(replace(at..at, text))
    }

    /// Without a sign that was found, or without the type that a case of an `enum` cannot have.
    fn taken_out(&self, all: &mut Vec<Repair>) {
        let Some(found) = self.found.filter(|token| matches!(token.kind, TokenKind::Sign(_))) else { return };
        let rest = &self.text[found.end..];
        let spaces = rest.bytes().take_while(|byte| *byte == b' ').count();
        let ends_a_word = self.text[..found.start].ends_with(is_word);
        if !(ends_a_word && rest[spaces..].starts_with(is_word)) {
            all.push(replace(found.start..found.end + spaces, ""));
        }
        let type_of_case = self.word(self.next).filter(|_| found.is(':'));
        all.extend(type_of_case.map(|(token, _)| replace(found.start..token.end, "")));
    }

    /// Another sign than the one that was found; `=>` and `::` are one sign to those who write them.
    fn instead(&self, text: &str) -> Option<Repair> {
        let sign = |token: Token| matches!(token.kind, TokenKind::Sign(_) | TokenKind::Arrow);
        let found = self.found.filter(|token| sign(*token) && !token.is('{') && !token.is('}'))?;
        let second = self.next.filter(|next| next.start == found.end && sign(*next));
        let is_pair = second.is_some_and(|next| next.is('>') || next.is(':'));
        let end = if is_pair { second.map_or(found.end, |next| next.end) } else { found.end };
        let stands_alone = matches!(text, "->" | "=");
        let is_attached = stands_alone && !self.text[..found.start].ends_with(' ');
        Some(replace(found.start..end, &if is_attached { format!(" {text}") } else { text.to_owned() }))
    }
}

/// What is often written instead of another sign, and what is often forgotten.
const INSTEAD: [&str; 6] = ["->", ":", "/", ",", ";", "="];
const PUT_IN: [&str; 8] = [",", ";", ":", ")", ">", "func", ".0", "="];

fn replace(range: Range<usize>, text: &str) -> Repair {
    Repair { range, text: text.to_owned() }
}

/// The sign or the keyword that wit-parser expects. A `}` is never put in: braces are counted before.
fn expected_sign(message: &str) -> Option<&str> {
    let expected = message.split_once("expected ")?.1.split(", found").next()?;
    let expected = expected.trim_start_matches("keyword ");
    let sign = expected.strip_prefix(['`', '\''])?.strip_suffix(['`', '\''])?;
    (!sign.contains(['`', '\'', '{', '}'])).then_some(sign)
}

/// What WIT calls what other languages call so.
pub(super) fn in_wit(word: &str) -> Option<&'static str> {
    let meant = match word {
        "fn" | "fun" | "function" | "def" | "fnc" | "method" => "func",
        "struct" | "object" => "record",
        "class" => "resource",
        "union" | "oneof" => "variant",
        "module" | "trait" | "service" => "interface",
        "String" | "str" | "Str" | "std::string" => "string",
        "Vec" | "vec" | "Array" | "array" | "List" | "sequence" => "list",
        "Map" | "HashMap" | "BTreeMap" | "dict" => "map",
        "boolean" | "Boolean" | "Bool" => "bool",
        "Option" | "Optional" | "optional" | "maybe" => "option",
        "Result" => "result",
        "Tuple" => "tuple",
        "i8" | "int8" => "s8",
        "i16" | "int16" | "short" => "s16",
        "i32" | "int32" | "int" => "s32",
        "i64" | "int64" | "long" => "s64",
        "byte" | "uint8" => "u8",
        "uint16" => "u16",
        "uint32" | "uint" => "u32",
        "uint64" | "usize" => "u64",
        "float" | "float32" => "f32",
        "double" | "float64" => "f64",
        _ => return None,
    };
    Some(meant)
}

/// A name in the spelling of WIT, if it has another one.
pub(super) fn kebab(word: &str) -> Option<String> {
    let mut name = String::new();
    let mut before: Option<char> = None;
    let mut rest = word.chars().peekable();
    while let Some(character) = rest.next() {
        let starts_a_word = character.is_uppercase()
            && (before.is_some_and(|it| it.is_lowercase() || it.is_numeric())
                || (before.is_some_and(char::is_uppercase)
                    && rest.peek().is_some_and(|it| it.is_lowercase())));
        if starts_a_word || character == '_' {
            name.push('-');
        }
        if character != '_' {
            name.extend(character.to_lowercase());
        }
        before = Some(character);
    }
    let name = name.trim_matches('-').to_owned();
    (name != word && wit_parser::validate_id(&name).is_ok()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_spelling_of_wit() {
        let check = |word, expected: Option<&str>| assert_eq!(kebab(word).as_deref(), expected, "{word}");
        check("get_order", Some("get-order"));
        check("getOrder", Some("get-order"));
        check("HTTPServer", Some("http-server"));
        check("Order", Some("order"));
        check("_x", Some("x"));
        check("order", None);
        check("a_1", Some("a-1"));
        check("1_a", None);
        check("_", None);
    }
}
