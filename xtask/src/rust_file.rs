//! Reads a Rust file as tokens: the paths it names, its functions and its test modules, with line numbers.
//!
//! Tokens rather than a syntax tree, so that a path inside a macro call counts like one in a `use`.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A path as it stands in the file, such as `wit_parser::Resolve`; one member of a `use` group is a path of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustPath {
    /// Its names. A path into this crate starts with `crate`, however it was written (`super::…`, `self::…`).
    pub names: Vec<String>,
    /// The 1-based line of its first name.
    pub line: usize,
}

/// A function with its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The 1-based line of the name.
    pub line: usize,
    /// How many lines of its body hold code: no blank lines, no comments.
    pub lines: usize,
}

/// What the guards need to know about a file.
#[derive(Clone, Debug, Default)]
pub struct RustFile {
    /// All paths of two names or more, and the single names of `use`.
    pub paths: Vec<RustPath>,
    /// All functions, nested ones too.
    pub functions: Vec<Function>,
    /// How many lines the `#[cfg(test)]` modules take.
    pub test_lines: usize,
}

impl RustFile {
    /// Reads `text`, the file of `module` (the names below the crate root: `["check", "subtype"]`).
    ///
    /// # Errors
    /// The words of the tokenizer, if the text is not Rust.
    pub fn read(text: &str, module: &[&str]) -> Result<Self, String> {
        let tokens: TokenStream = text.parse().map_err(|error| format!("{error}"))?;
        let module = module.iter().map(|&name| name.to_owned()).collect();
        let mut reader = Reader { module, file: Self::default() };
        reader.walk(tokens);
        Ok(reader.file)
    }
}

struct Reader {
    module: Vec<String>,
    file: RustFile,
}

impl Reader {
    fn walk(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Ident(word) if word == "mod" => at = self.module(&tokens, at),
                TokenTree::Ident(word) => {
                    if word == "fn" {
                        self.function(&tokens, at);
                    }
                    at = self.path(&tokens, at, &[]);
                }
                TokenTree::Group(group) if follows_use(&tokens, at) => {
                    self.members(group, &[]);
                    at += 1;
                }
                TokenTree::Group(group) => {
                    self.walk(group.stream());
                    at += 1;
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => at += 1,
            }
        }
    }

    /// `mod name { … }`: what is inside counts `super` from one level deeper. Returns where to go on.
    fn module(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) =
            (tokens.get(at + 1), tokens.get(at + 2))
        else {
            return at + 1;
        };
        if let Some(first) = cfg_test_line(tokens, at) {
            self.file.test_lines += body.span_close().end().line + 1 - first;
        }
        self.module.push(name.to_string());
        self.walk(body.stream());
        self.module.pop();
        at + 3
    }

    fn function(&mut self, tokens: &[TokenTree], at: usize) {
        let Some(TokenTree::Ident(name)) = tokens.get(at + 1) else { return };
        let ends = |token: &&TokenTree| match token {
            TokenTree::Punct(mark) => mark.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Ident(_) | TokenTree::Literal(_) => false,
        };
        if let Some(TokenTree::Group(body)) = tokens[at..].iter().find(ends) {
            let mut lines = BTreeSet::new();
            code_lines(body.stream(), &mut lines);
            let name_line = name.span().start().line;
            self.file.functions.push(Function {
                name: name.to_string(),
                line: name_line,
                lines: lines.len(),
            });
        }
    }

    /// The path that starts at `at`, after `prefix`. Returns where to go on.
    fn path(&mut self, tokens: &[TokenTree], at: usize, prefix: &[String]) -> usize {
        let mut names = prefix.to_vec();
        let line = tokens[at].span().start().line;
        let mut next = at;
        loop {
            match tokens.get(next) {
                Some(TokenTree::Ident(name)) => names.push(name.to_string()),
                Some(TokenTree::Punct(star)) if star.as_char() == '*' => names.push("*".to_owned()),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    self.members(group, &names);
                    return next + 1;
                }
                _ => break,
            }
            next += 1;
            if !is_path_separator(tokens, next) {
                break;
            }
            next += 2;
        }
        let whole = names.len() > 1 || follows_use(tokens, at) || !prefix.is_empty();
        if whole && !is_tail_of_generics(tokens, at) {
            let names = self.resolve(names);
            self.file.paths.push(RustPath { names, line });
        }
        next.max(at + 1)
    }

    /// The members of a group in a `use`: `{a, b::c}`.
    fn members(&mut self, group: &Group, prefix: &[String]) {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        for member in tokens.split(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',')) {
            let start = if is_path_separator(member, 0) { 2 } else { 0 };
            match member.get(start) {
                Some(TokenTree::Ident(name)) if name == "self" && member.len() == 1 && !prefix.is_empty() => {
                    let names = self.resolve(prefix.to_vec());
                    self.file.paths.push(RustPath { names, line: name.span().start().line });
                }
                Some(_) => {
                    self.path(member, start, prefix);
                }
                None => {}
            }
        }
    }

    /// Writes a path into this crate from the crate's root.
    fn resolve(&self, names: Vec<String>) -> Vec<String> {
        let ups = names.iter().take_while(|name| *name == "super").count();
        let base = match names[0].as_str() {
            "self" => self.module.clone(),
            "super" => self.module[..self.module.len().saturating_sub(ups)].to_vec(),
            "crate" | "witc" => Vec::new(),
            _ => return names,
        };
        let rest = names.into_iter().skip(ups.max(1));
        ["crate".to_owned()].into_iter().chain(base).chain(rest).collect()
    }
}

fn is_mark(tokens: &[TokenTree], at: usize, mark: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(found)) if found.as_char() == mark)
}

fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    is_mark(tokens, at, ':') && is_mark(tokens, at + 1, ':')
}

/// Whether the name at `at` goes on after `…>::`, so that it is no path of its own; `->` and `=>` end no generics.
fn is_tail_of_generics(tokens: &[TokenTree], at: usize) -> bool {
    let is_arrow = |at: usize| at >= 1 && (is_mark(tokens, at - 1, '-') || is_mark(tokens, at - 1, '='));
    at >= 3 && is_path_separator(tokens, at - 2) && is_mark(tokens, at - 3, '>') && !is_arrow(at - 3)
}

/// Whether the token before `at` (a leading `::` left out) is `use` or `extern crate`.
fn follows_use(tokens: &[TokenTree], at: usize) -> bool {
    let before = if at >= 2 && is_path_separator(tokens, at - 2) { at - 2 } else { at };
    let Some(TokenTree::Ident(word)) = before.checked_sub(1).and_then(|index| tokens.get(index)) else {
        return false;
    };
    word == "use" || word == "crate"
}

/// The line of `#[cfg(test)]`, if it stands among the attributes of the module whose `mod` is at `at`.
fn cfg_test_line(tokens: &[TokenTree], at: usize) -> Option<usize> {
    let mut before = at;
    while before >= 2 {
        match &tokens[before - 1] {
            TokenTree::Group(group) if is_mark(tokens, before - 2, '#') => {
                if group.stream().to_string().replace(' ', "") == "cfg(test)" {
                    return Some(tokens[before - 2].span().start().line);
                }
                before -= 2;
            }
            TokenTree::Ident(word) if word == "pub" => before -= 1,
            TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {
                return None;
            }
        }
    }
    None
}

fn code_lines(tokens: TokenStream, lines: &mut BTreeSet<usize>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                lines.insert(group.span_open().start().line);
                code_lines(group.stream(), lines);
                lines.insert(group.span_close().end().line);
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {
                lines.extend(token.span().start().line..=token.span().end().line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let file = RustFile::read(text, &["check", "subtype"]).expect("the test is Rust");
        let found: Vec<String> = file.paths.iter().map(|path| path.names.join("::")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn paths_of_imports() {
        check("use crate::load::Inputs;", &["crate::load::Inputs"]);
        check(
            "use crate::{load::{self, Inputs as I}, diag::*, model};",
            &["crate::load", "crate::load::Inputs", "crate::diag::*", "crate::model"],
        );
        check("use {std::fs, ::wasmparser::Parser};", &["std::fs", "wasmparser::Parser"]);
        check("use serde_json;", &["serde_json"]);
        check("extern crate miette;", &["miette"]);
    }

    #[test]
    fn paths_without_an_import() {
        check(
            "fn f() -> crate::emit::A { g(::miette::Report::new()) }",
            &["crate::emit::A", "miette::Report::new"],
        );
        check("vec![crate::link::plan(1)]", &["crate::link::plan"]);
        check("#[derive(miette::Diagnostic)] struct A;", &["miette::Diagnostic"]);
        check("macro_rules! m { () => { $crate::cli::run() } }", &["crate::cli::run"]);
        check("impl From<super::super::load::World> for X {}", &["crate::load::World"]);
        check("mod tests { use super::super::super::emit::A; }", &["crate::emit::A"]);
        check("let a = Vec::<u8>::new(); b.clap::<u8>(); pub(crate) fn f(self: &Self) {}", &[]);
        check("fn f() -> ::std::fs::File { <A as B>::c::D }", &["std::fs::File"]);
    }

    #[test]
    fn functions_and_test_modules() {
        let text = "fn a() {\n  // why\n\n  b(1,\n    2);\n}\n#[cfg(test)]\nmod tests {\n  fn c() {}\n}\n";
        let file = RustFile::read(text, &[]).expect("the test is Rust");
        let functions: Vec<_> = file.functions.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
        assert_eq!(functions, [("a", 1, 2), ("c", 9, 0)]);
        assert_eq!(file.test_lines, 4);
    }
}
