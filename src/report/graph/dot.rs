//! A graph in the language of Graphviz.
//!
//! Differs from `svg.rs`: Graphviz gives the boxes their places.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::sheet::{Kind, Provided, Sheet, sheets};
use crate::diag::escape;
use crate::model::Graph;

/// How many names an arrow shows; the others are counted.
pub(super) const MOST: usize = 4;

pub(super) fn write(graphs: &[Graph]) -> String {
    let mut text = "digraph {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\", fontsize=12];\n  \
                    edge [fontname=\"sans-serif\", fontsize=9];\n"
        .to_owned();
    for (at, sheet) in sheets(graphs).iter().enumerate() {
        write_sheet(at, sheet, &mut text);
    }
    text.push_str("}\n");
    text
}

fn write_sheet(at: usize, sheet: &Sheet, text: &mut String) {
    let _ = writeln!(text, "  subgraph cluster_{at} {{\n    label={};", quoted(&sheet.title));
    for (index, shape) in sheet.boxes.iter().enumerate() {
        let label = match shape.remark.is_empty() {
            true => quoted(&shape.name),
            false => quoted_lines(&[shape.name.clone(), shape.remark.clone()]),
        };
        let style = match shape.kind {
            Kind::Instance => "",
            Kind::Exports => ", shape=plaintext",
            Kind::Own | Kind::Unknown => ", style=dashed",
        };
        if shape.kind != Kind::Exports || !shape.rows.is_empty() {
            let _ = writeln!(text, "    n{at}_{index} [label={label}{style}];");
        }
    }
    let arrows = arrows(sheet);
    if arrows.keys().any(|(_, provider)| provider.is_none()) {
        let _ = writeln!(text, "    n{at}_host [label=\"{}\", shape=ellipse];", sheet.outside);
    }
    for ((user, provider), names) in arrows {
        let provider = provider.map_or("host".to_owned(), |provider| provider.to_string());
        let _ = writeln!(text, "    n{at}_{user} -> n{at}_{provider} [label={}];", quoted_lines(&names));
    }
    text.push_str("  }\n");
}

/// The lines of names between each two boxes; `None` is the host.
pub(super) fn arrows(sheet: &Sheet) -> BTreeMap<(usize, Option<usize>), Vec<String>> {
    let mut arrows: BTreeMap<(usize, Option<usize>), Vec<String>> = BTreeMap::new();
    for (user, shape) in sheet.boxes.iter().enumerate() {
        for row in &shape.rows {
            let provider = match row.provider {
                Provided::Box(at) => Some(at),
                Provided::Outside => None,
            };
            arrows.entry((user, provider)).or_default().push(row.names());
        }
    }
    for names in arrows.values_mut().filter(|names| names.len() > MOST + 1) {
        let more = names.len() - MOST;
        names.truncate(MOST);
        names.push(format!("and {more} more"));
    }
    arrows
}

fn quoted(text: &str) -> String {
    quoted_lines(&[text.to_owned()])
}

/// A text of Graphviz: `\n` within it ends a line, every other backslash is one.
fn quoted_lines(lines: &[String]) -> String {
    let line = |line: &String| escape(line).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", lines.iter().map(line).collect::<Vec<_>>().join("\\n"))
}
