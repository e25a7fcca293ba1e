//! Reads what stands between the braces of a record, a variant and their like, and of a `use`.
//!
//! Differs from `scan.rs`, which reads items: members are cut at commas, and hold no items.

use super::outline::{Node, NodeKind, UsedName};
use super::scan::Scanner;
use super::token::TokenKind;

impl Scanner<'_> {
    pub(super) fn skip_braces(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.token(0) {
            self.at += 1;
            match token.kind {
                TokenKind::Sign('{') => depth += 1,
                TokenKind::Sign('}') => depth = depth.saturating_sub(1),
                TokenKind::Word
                | TokenKind::Integer
                | TokenKind::Quoted
                | TokenKind::Arrow
                | TokenKind::Sign(_) => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// The names between the braces of a `use`.
    pub(super) fn used(&mut self) -> Vec<UsedName> {
        let mut names = Vec::new();
        self.at += 1;
        while let Some(token) = self.token(0) {
            if matches!(token.kind, TokenKind::Sign(';' | '{')) {
                return names;
            }
            let has_alias = self.word(1) == Some("as") && self.word(2).is_some();
            if let Some(name) = self.name(0) {
                let alias = self.name(2).filter(|_| has_alias);
                names.push(UsedName { name, alias });
            }
            self.at += if has_alias { 3 } else { 1 };
            if token.is('}') {
                return names;
            }
        }
        names
    }

    /// The members between the braces of a record and its like, cut at the commas.
    pub(super) fn members(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        while let Some(token) = self.token(0) {
            if token.is('}') || self.starts_top_level_item() || self.starts_item() {
                break;
            }
            let first = self.at;
            let mut node = self.start(NodeKind::Member);
            let separator = self.member_end();
            if separator == Some(';') && self.is_function(first) {
                self.at = first;
                break;
            }
            node.words = self.words(first..self.at);
            // A lone separator is a member by itself, so that nothing is left out of the outline.
            if self.at == first {
                self.at += 1;
                nodes.push(self.close(node, first));
                continue;
            }
            let is_wrong = separator == Some(';');
            self.at += usize::from(is_wrong);
            node = self.close(node, first);
            if separator == Some(',') {
                node.with_separator.end = self.tokens[self.at].end;
                self.at += 1;
            }
            nodes.push(node);
        }
        nodes
    }

    /// Goes to the end of a member; the sign that ends it, if it is a separator.
    fn member_end(&mut self) -> Option<char> {
        let start = self.at;
        let mut depth = 0_i32;
        while let Some(token) = self.token(0) {
            match token.kind {
                TokenKind::Sign('<' | '(') => depth += 1,
                TokenKind::Sign('>' | ')') => depth -= 1,
                TokenKind::Sign(',') if depth <= 0 => return Some(','),
                TokenKind::Sign(';') => return Some(';'),
                TokenKind::Sign('}') => return None,
                TokenKind::Sign('{') => {
                    self.skip_braces();
                    continue;
                }
                TokenKind::Word
                    if self.at > start && (self.starts_top_level_item() || self.starts_item()) =>
                {
                    return None;
                }
                TokenKind::Word
                | TokenKind::Integer
                | TokenKind::Quoted
                | TokenKind::Arrow
                | TokenKind::Sign(_) => {}
            }
            self.at += 1;
        }
        None
    }

    /// Whether the tokens from `first` on are a function, which cannot stand in a record.
    fn is_function(&self, first: usize) -> bool {
        let word = |at: usize| self.tokens.get(at).map(|token| &self.text[token.range()]);
        word(first + 1) == Some(":") && matches!(word(first + 2), Some("func" | "async" | "static"))
    }
}
