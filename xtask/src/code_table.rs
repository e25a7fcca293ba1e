//! Reads the rows of `src/diag/codes.rs` without building witc, so that guards work while witc does not compile.

use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use crate::tree;

/// The file with the table.
pub const FILE: &str = "src/diag/codes.rs";

/// One row: a diagnostic that witc can report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The code: `check/type-mismatch`.
    pub code: String,
    /// Its constant: `TYPE_MISMATCH`.
    pub constant: String,
    /// `ERROR`, or the default level of a lint: `DENY`, `WARN`, `NOTE`, `ALLOW`.
    pub kind: String,
    /// What it means, in a line.
    pub summary: String,
}

impl Row {
    /// The stage that reports the code: its part before the slash.
    pub fn stage(&self) -> &str {
        self.code.split('/').next().unwrap_or_default()
    }

    /// Whether it says that witc is wrong, and not its input.
    pub fn is_bug(&self) -> bool {
        self.kind == "BUG"
    }
}

/// The rows, in the order of the table; none if the table cannot be read.
pub fn rows(root: &Path) -> Vec<Row> {
    let tokens: TokenStream = tree::text(root, FILE).parse().unwrap_or_default();
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let calls = tokens.windows(3).filter_map(|window| match window {
        [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Group(body)] if name == "codes" => {
            Some(body)
        }
        _ => None,
    });
    let body: Vec<TokenTree> = calls.flat_map(|body| body.stream()).collect();
    body.split(|token| is_mark(token, ';')).filter_map(row).collect()
}

/// `NAME = "stage/name", KIND, "summary"`, and whatever may follow.
fn row(tokens: &[TokenTree]) -> Option<Row> {
    let mut fields = tokens.split(|token| is_mark(token, ','));
    let (
        [.., TokenTree::Ident(constant), _, TokenTree::Literal(code)],
        [TokenTree::Ident(kind)],
        [summary, ..],
    ) = (fields.next()?, fields.next()?, fields.next()?)
    else {
        return None;
    };
    Some(Row {
        code: unquoted(code.to_string()),
        constant: constant.to_string(),
        kind: kind.to_string(),
        summary: unquoted(summary.to_string()),
    })
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == mark)
}

fn unquoted(literal: String) -> String {
    literal.trim_matches('"').replace("\\\"", "\"")
}
