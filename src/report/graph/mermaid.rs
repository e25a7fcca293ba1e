//! A graph as a flowchart of Mermaid, which Markdown pages show as a picture.
//!
//! Differs from `dot.rs` in the language only.

use std::fmt::Write;

use super::dot::arrows;
use super::sheet::{Kind, Sheet, sheets};
use crate::diag::escape;
use crate::model::Graph;

pub(super) fn write(graphs: &[Graph]) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for (at, sheet) in sheets(graphs).iter().enumerate() {
        write_sheet(at, sheet, &mut text);
    }
    text
}

fn write_sheet(at: usize, sheet: &Sheet, text: &mut String) {
    let _ = writeln!(text, "  subgraph s{at}[{}]", quoted(&[&sheet.title]));
    for (index, shape) in sheet.boxes.iter().enumerate() {
        let label = match shape.remark.is_empty() {
            true => quoted(&[&shape.name]),
            false => quoted(&[&shape.name, &shape.remark]),
        };
        let (open, close) = match shape.kind {
            Kind::Instance => ("[", "]"),
            Kind::Exports => ("([", "])"),
            Kind::Own | Kind::Unknown => ("[[", "]]"),
        };
        if shape.kind != Kind::Exports || !shape.rows.is_empty() {
            let _ = writeln!(text, "    n{at}_{index}{open}{label}{close}");
        }
    }
    let arrows = arrows(sheet);
    if arrows.keys().any(|(_, provider)| provider.is_none()) {
        let _ = writeln!(text, "    n{at}_host((\"{}\"))", sheet.outside);
    }
    for ((user, provider), names) in &arrows {
        let provider = provider.map_or("host".to_owned(), |provider| provider.to_string());
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let _ = writeln!(text, "    n{at}_{user} -->|{}| n{at}_{provider}", quoted(&names));
    }
    text.push_str("  end\n");
}

/// A text of Mermaid: every character that could mean something is written by name or number.
fn quoted(lines: &[&str]) -> String {
    let mut text = "\"".to_owned();
    for (at, line) in lines.iter().enumerate() {
        text.push_str(if at > 0 { "<br/>" } else { "" });
        for character in escape(line).chars() {
            match character {
                '"' => text.push_str("#quot;"),
                '<' => text.push_str("#lt;"),
                '>' => text.push_str("#gt;"),
                '&' => text.push_str("#amp;"),
                '#' | ';' | '`' | '\\' | '|' | '{' | '}' | '*' | '_' | '%' => {
                    let _ = write!(text, "#{};", u32::from(character));
                }
                _ => text.push(character),
            }
        }
    }
    text.push('"');
    text
}
