//! The pages of the codes, as plain Markdown or set for a terminal, and the list of all codes.
//!
//! Differs from `diagnostic.rs`, which shows one finding of one run.

use anstyle::AnsiColor;

use super::diagnostic::wrap;
use super::table::{Cell, Table};
use super::{BOLD, DIM, LINK, Look};
use crate::diag::{Code, CodeRow, Kind, Level, find, quoted};

/// How a page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageForm {
    /// As Markdown, for programs.
    Markdown,
    /// Wrapped and indented, for a terminal.
    Terminal,
}

/// A page is a row of these.
enum Block<'p> {
    Heading(&'p str),
    /// The lines of a paragraph, or of one entry of a list.
    Prose(Vec<&'p str>),
    /// What stands behind the fence, and the lines.
    Code(&'p str, Vec<&'p str>),
}

impl Look {
    /// A page, without what only the tests of the pages need.
    pub fn page(&self, markdown: &str, form: PageForm) -> String {
        let mut text = String::new();
        let mut is_list = false;
        for block in without_files(blocks(markdown)) {
            let (shown, is_entry) = match &block {
                Block::Code(info, lines) if is_made(info) => {
                    let made = lines.iter().filter_map(|line| made(line));
                    (made.map(|line| self.prose(&[&line], form)).collect(), false)
                }
                Block::Code(info, lines) => (self.code(info, lines, form), false),
                Block::Heading(line) if form == PageForm::Markdown => (format!("{line}\n"), false),
                Block::Heading(line) => {
                    (format!("{}\n", self.paint(BOLD, line.trim_start_matches(['#', ' ']))), false)
                }
                Block::Prose(lines) => (self.prose(lines, form), lines[0].starts_with("- ")),
            };
            if shown.is_empty() {
                continue;
            }
            let goes_on = is_list && is_entry;
            if !text.is_empty() && !goes_on {
                text.push('\n');
            }
            text.push_str(&shown);
            is_list = is_entry;
        }
        text
    }

    fn prose(&self, lines: &[&str], form: PageForm) -> String {
        if form == PageForm::Markdown {
            return format!("{}\n", lines.join("\n"));
        }
        let line = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        let indent = if line.starts_with("- ") { "  " } else { "" };
        format!("{}\n", inline_code(&wrap(&line, self.prose_width(), indent).join("\n"), self))
    }

    /// A block of code: within its fence, or indented under the name of its file.
    fn code(&self, info: &str, lines: &[&str], form: PageForm) -> String {
        if form == PageForm::Markdown {
            let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
            return format!("```{info}\n{lines}```\n");
        }
        let mut text = String::new();
        if let Some((_, file)) = info.split_once("file=") {
            text.push_str(&format!("  {}\n", self.paint(DIM, file)));
        }
        for line in lines {
            let line = if line.is_empty() { String::new() } else { format!("    {line}") };
            text.push_str(&self.paint(LINK, &line));
            text.push('\n');
        }
        text
    }

    /// A group of lints: how its name is used, and what is in it.
    pub fn lint_group(&self, name: &str, codes: &[Code]) -> String {
        let heading = format!("{} is a group of lints, for -A, -N, -W, -D and [levels]:", quoted(name));
        let lints: Vec<CodeRow> = codes.iter().filter_map(|code| find(code.as_str())).copied().collect();
        format!("{heading}\n\n{}", self.code_list(&lints))
    }

    /// All codes with their kind and meaning, in the order of the pipeline.
    pub fn code_list(&self, rows: &[CodeRow]) -> String {
        let mut table = Table::new(["code", "kind", "meaning"], 2);
        for row in rows {
            let (kind, colour) = match row.kind {
                Kind::Error | Kind::Input | Kind::Usage | Kind::Bug => ("error", AnsiColor::Red),
                Kind::Lint(Level::Deny) => ("deny", AnsiColor::Red),
                Kind::Lint(Level::Warn) | Kind::Lock => ("warn", AnsiColor::Yellow),
                Kind::Lint(Level::Note) => ("note", AnsiColor::Cyan),
                Kind::Lint(Level::Allow) => ("allow", AnsiColor::White),
            };
            table.row([
                row.code.as_str().into(),
                Cell::styled(kind, colour.on_default()),
                row.summary.into(),
            ]);
        }
        let mut text = String::new();
        table.draw(self, &mut text);
        text
    }
}

fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut goes_on = false;
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            blocks.push(Block::Code(info, lines.by_ref().take_while(|line| *line != "```").collect()));
        } else if line.starts_with('#') {
            blocks.push(Block::Heading(line));
        } else if line.is_empty() {
            goes_on = false;
            continue;
        } else if let Some(Block::Prose(lines)) =
            blocks.last_mut().filter(|_| goes_on && !line.starts_with("- "))
        {
            lines.push(line);
        } else {
            blocks.push(Block::Prose(vec![line]));
        }
        goes_on = true;
    }
    blocks
}

/// The blocks without what names files that only the repository has, and without sections of which nothing is left.
fn without_files(blocks: Vec<Block<'_>>) -> Vec<Block<'_>> {
    let mut kept: Vec<Block<'_>> = Vec::new();
    for block in blocks {
        let is_section = matches!(&block, Block::Heading(line) if line.starts_with("## "));
        if is_section {
            kept.pop_if(|last| matches!(last, Block::Heading(line) if line.starts_with("## ")));
        }
        kept.extend(block.of_reader());
    }
    kept.pop_if(|last| matches!(last, Block::Heading(_)));
    kept
}

impl<'p> Block<'p> {
    /// The part of it that says something to who has no repository.
    fn of_reader(self) -> Option<Self> {
        let Self::Prose(lines) = self else { return Some(self) };
        let is_named = |line: &&str| line.contains(FIXTURES);
        if lines[0].starts_with("`docs/") {
            return None;
        }
        if !lines.iter().any(is_named) {
            return Some(Self::Prose(lines));
        }
        let before: Vec<&str> = lines.iter().copied().take_while(|line| !is_named(line)).collect();
        let last = lines.get(before.len()).and_then(|line| line.split(FIXTURES).next()?.split_once("; "));
        let kept: Vec<&str> = before.into_iter().chain(last.map(|(kept, _)| kept)).collect();
        (!kept.is_empty()).then_some(Self::Prose(kept))
    }
}

/// Where the inputs of examples lie in the repository.
const FIXTURES: &str = "`wit-fixtures/";

/// Whether a block says how the tests make a binary.
fn is_made(info: &str) -> bool {
    info.split(' ').any(|word| word == "make")
}

/// What a reader is to know of a binary that the tests make: of which world it is a component.
fn made(line: &str) -> Option<String> {
    let parts: Vec<&str> = line.split('"').collect();
    let ["", name, " = { wit = ", file, ", world = ", world, " }"] = parts.as_slice() else { return None };
    Some(format!("- `{name}`: a component of the world `{world}` of `{file}`"))
}

/// Backticked pieces in colour, the backticks kept.
fn inline_code(line: &str, look: &Look) -> String {
    let mut pieces = line.split('`');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    while let (Some(code), after) = (pieces.next(), pieces.next()) {
        match after {
            Some(after) => {
                text.push_str(&look.paint(LINK, &format!("`{code}`")));
                text.push_str(after);
            }
            None => text.push_str(&format!("`{code}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# a/b\n\nWords that go on and on `in code`, and\non.\n\n```toml make\n\"a.wasm\" = \
                        { wit = \"a.wit\", world = \"a\" }\n\"b\" = { zeros = 1 }\n```\n\n```toml make\n\"b\" = { zeros = 1 }\n\
                        ```\n\n- one\n- two\n\n```wit file=a.wit\n\nworld a {}\n```\n";

    #[track_caller]
    fn check(form: PageForm, expected: &str) {
        let look = Look { colour: false, unicode: true, width: 40 };
        assert_eq!(look.page(PAGE, form), expected);
    }

    #[test]
    fn pages_are_wrapped_for_a_terminal_and_never_show_how_tests_are_made() {
        check(
            PageForm::Terminal,
            "a/b\n\nWords that go on and on `in code`, and\non.\n\n- `a.wasm`: a component of the world `a`\n  of \
             `a.wit`\n\n- one\n- two\n\n  a.wit\n\n    world a {}\n",
        );
        check(
            PageForm::Markdown,
            "# a/b\n\nWords that go on and on `in code`, and\non.\n\n- `a.wasm`: a component of the world `a` of \
             `a.wit`\n\n- one\n- two\n\n```wit file=a.wit\n\nworld a {}\n```\n",
        );
    }
}
