//! A graph as a page that needs nothing else: the picture, and the same as a table. No scripts.
//!
//! Differs from `svg.rs`, which is the picture alone.

use std::fmt::Write;

use super::sheet::{Kind, Provided, Sheet, sheets};
use super::{svg, xml};
use crate::model::Graph;

const STYLE: &str = "body{font:14px sans-serif;margin:2em;color:#1f2328;background:#fff}.picture{overflow-x:auto}\
table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:.25em .6em;text-align:left;vertical-align:top}\
th{background:#f6f8fa}h2{margin-top:2em}";

pub(super) fn write(graphs: &[Graph]) -> String {
    let names: Vec<String> = graphs.iter().map(|graph| xml(&graph.name)).collect();
    let title = names.join(", ");
    let mut text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\
         \"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<div class=\"picture\">\n"
    );
    text.push_str(&svg::write(graphs));
    text.push_str("</div>\n");
    for sheet in &sheets(graphs) {
        table(sheet, &mut text);
    }
    text.push_str("</body>\n</html>\n");
    text
}

fn table(sheet: &Sheet, text: &mut String) {
    let _ = writeln!(
        text,
        "<h2>{}</h2>\n<table>\n<tr><th>who</th><th>needs</th><th>from</th><th>where it is called</th></tr>",
        xml(&sheet.title)
    );
    for shape in &sheet.boxes {
        if shape.rows.is_empty() && shape.kind == Kind::Instance {
            let _ = writeln!(text, "<tr><td>{}</td><td></td><td></td><td></td></tr>", xml(&shape.name));
        }
        for row in &shape.rows {
            let provider = match row.provider {
                Provided::Outside => sheet.outside.to_owned(),
                Provided::Box(at) => xml(&sheet.boxes[at].name),
            };
            let _ = writeln!(
                text,
                "<tr><td>{}</td><td>{}</td><td>{provider}</td><td>{}</td></tr>",
                xml(&shape.name),
                xml(&row.name),
                row.alias.as_deref().map(xml).unwrap_or_default()
            );
        }
    }
    text.push_str("</table>\n");
}
