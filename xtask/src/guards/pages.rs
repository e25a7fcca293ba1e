//! The page of a code has all its sections; whether its example is true, tests/it/pages.rs finds out by running it.

use std::path::Path;

use crate::code_table;

/// The sections of a page, in this order.
pub const SECTIONS: &[&str] =
    &["What is wrong", "Why it matters", "Example", "Report", "How to fix", "Settings", "Sources"];

/// Each page has the code as its title, and all sections in order, none of them empty.
pub(super) fn sections(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for row in code_table::rows(root) {
        let file = format!("docs/codes/{}.md", row.code);
        let Ok(text) = std::fs::read_to_string(root.join(&file)) else { continue };
        if text.lines().next() != Some(&format!("# {}", row.code)) {
            problems
                .push(format!("{file}:1: the title is not `# {}`; a page is named after its code", row.code));
        }
        let found = sections_of(&text);
        let titles: Vec<&str> = found.iter().map(|(title, _)| *title).collect();
        if titles != SECTIONS {
            problems.push(format!(
                "{file}: has the sections {}; write {}, in this order",
                listed(&titles),
                listed(SECTIONS)
            ));
        }
        let empty = found.iter().filter(|(_, body)| body.trim().is_empty());
        problems.extend(
            empty.map(|(title, _)| {
                format!("{file}: the section `## {title}` is empty; say it, or say why not")
            }),
        );
    }
    problems
}

/// The `##` sections of a page: title and text up to the next; headings within code blocks do not count.
pub fn sections_of(text: &str) -> Vec<(&str, String)> {
    let mut sections: Vec<(&str, String)> = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        match line.strip_prefix("## ") {
            Some(title) if !in_code => sections.push((title.trim(), String::new())),
            _ => {
                if let Some((_, body)) = sections.last_mut() {
                    body.push_str(line);
                    body.push('\n');
                }
            }
        }
    }
    sections
}

fn listed(titles: &[&str]) -> String {
    if titles.is_empty() { "(none)".to_owned() } else { titles.join(" / ") }
}
