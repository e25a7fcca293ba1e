//! A graph as a picture: a box an instance, a row an import, a line to whoever provides it.
//!
//! Differs from `layout.rs`, which decides where things are. No scripts, no links, no fonts from elsewhere.

use std::fmt::Write;

use super::layout::{Layout, Line, Place, layout};
use super::sheet::{Kind, Provided, Row, Shape, Sheet, sheets};
use super::{shortened, xml};
use crate::model::Graph;

const STYLE: &str = "text{font:12px sans-serif;fill:#1f2328}.row{font-size:11px}.title{font-size:16px;font-weight:600}\
.name{font-weight:600}.dim{fill:#656d76;font-size:10px}.box{fill:#f6f8fa;stroke:#59636e}.own{stroke-dasharray:4 3}\
.head{fill:#ddf4ff;stroke:#59636e}.out{fill:#fff8c5;stroke:#59636e}.line{fill:none;stroke:#0969da;stroke-width:1.2}\
.port{fill:#0969da}.host{fill:#fff;stroke:#9a6700;stroke-width:1.2}";

/// The height of the head of a box, and of a row.
const HEAD: f64 = 26.0;
const ROW: f64 = 18.0;
/// About the width of a character of a head, and of a row.
const HEAD_CHARACTER: f64 = 7.4;
const CHARACTER: f64 = 6.2;
/// The most characters that a row shows; the whole name is its tooltip.
const LONGEST: usize = 52;
const TITLE: f64 = 40.0;
const LEGEND: f64 = 26.0;

pub(super) fn write(graphs: &[Graph]) -> String {
    let mut height = 0.0;
    let mut width: f64 = 320.0;
    let mut body = String::new();
    for sheet in &sheets(graphs) {
        let sizes: Vec<(f64, f64)> = sheet.boxes.iter().map(size).collect();
        let layout = layout(sheet, &sizes);
        let _ = writeln!(body, "<g transform=\"translate(0 {height:.0})\">");
        draw(sheet, &layout, &mut body);
        body.push_str("</g>\n");
        height += layout.height + TITLE;
        width = width.max(layout.width);
        width = width.max(32.0 + title(sheet).chars().count() as f64 * 10.0);
    }
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{total:.0}\" \
         viewBox=\"0 0 {width:.0} {total:.0}\">\n<style>{STYLE}</style>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        total = height + LEGEND
    );
    text.push_str(&body);
    let _ = writeln!(
        text,
        "<circle class=\"host\" cx=\"22\" cy=\"{:.0}\" r=\"3.5\"/><text class=\"dim\" x=\"32\" y=\"{:.0}\">left to \
         whoever is around it: the host</text>\n</svg>",
        height + 8.0,
        height + 12.0
    );
    text
}

fn title(sheet: &Sheet) -> String {
    shortened(&crate::diag::escape(&sheet.title), LONGEST)
}

fn size(shape: &Shape) -> (f64, f64) {
    if shape.kind == Kind::Exports && shape.rows.is_empty() {
        return (0.0, 0.0);
    }
    let head = shortened(&crate::diag::escape(&shape.name), LONGEST).chars().count() as f64 * HEAD_CHARACTER;
    let remark = shape.remark.chars().count() as f64 * CHARACTER;
    let rows = shape.rows.iter().map(|row| label(row).chars().count() as f64 * CHARACTER);
    let width = rows.fold(head + remark + 16.0, f64::max) + 28.0;
    (width.max(90.0), HEAD + shape.rows.len() as f64 * ROW + if shape.rows.is_empty() { 0.0 } else { 6.0 })
}

/// What a row shows.
fn label(row: &Row) -> String {
    let longest = if row.alias.is_some() { LONGEST + 24 } else { LONGEST };
    shortened(&crate::diag::escape(&row.names()), longest)
}

fn draw(sheet: &Sheet, layout: &Layout, text: &mut String) {
    let _ = writeln!(text, "<text class=\"title\" x=\"16\" y=\"26\">{}</text>", xml(&title(sheet)));
    let _ = writeln!(text, "<g transform=\"translate(0 {TITLE:.0})\">");
    for line in &layout.lines {
        draw_line(line, layout, text);
    }
    for (shape, place) in sheet.boxes.iter().zip(&layout.places) {
        if place.width > 0.0 {
            draw_box(shape, place, text);
        }
    }
    text.push_str("</g>\n");
}

fn draw_line(line: &Line, layout: &Layout, text: &mut String) {
    let (user, provider) = (layout.places[line.from.0], layout.places[line.to]);
    let mut from = (user.x + user.width, row_middle(&user, line.from.1));
    let mut path = format!("M{:.1} {:.1}", from.0, from.1);
    let mut curve = |to: (f64, f64)| {
        let bend = (to.0 - from.0) / 2.0;
        let _ = write!(
            path,
            "C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
            from.0 + bend,
            from.1,
            to.0 - bend,
            to.1,
            to.0,
            to.1
        );
        from = to;
    };
    line.through.iter().copied().for_each(&mut curve);
    curve((provider.x, provider.y + HEAD / 2.0));
    let _ = writeln!(text, "<path class=\"line\" d=\"{path}\"/>");
}

fn row_middle(place: &Place, row: usize) -> f64 {
    place.y + HEAD + 3.0 + row as f64 * ROW + ROW / 2.0
}

fn draw_box(shape: &Shape, place: &Place, text: &mut String) {
    let Place { x, y, width, height } = place;
    let own = if matches!(shape.kind, Kind::Own | Kind::Unknown) { " own" } else { "" };
    let head = if shape.kind == Kind::Exports { "out" } else { "head" };
    let _ = writeln!(
        text,
        "<rect class=\"box{own}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"4\"/>\
         <rect class=\"{head}{own}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{HEAD:.1}\" rx=\"4\"/>"
    );
    if shape.kind != Kind::Exports {
        let _ = writeln!(text, "<circle class=\"port\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"3\"/>", y + HEAD / 2.0);
    }
    let name = shortened(&crate::diag::escape(&shape.name), LONGEST);
    let _ = writeln!(
        text,
        "<text class=\"name\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
        x + 10.0,
        y + 17.0,
        xml(&name)
    );
    if !shape.remark.is_empty() {
        let _ = writeln!(
            text,
            "<text class=\"dim\" text-anchor=\"end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x + width - 8.0,
            y + 17.0,
            xml(&shape.remark)
        );
    }
    for (at, row) in shape.rows.iter().enumerate() {
        let middle = row_middle(place, at);
        let (class, radius) = match row.provider {
            Provided::Outside => ("host", 3.5),
            Provided::Box(_) => ("port", 2.5),
        };
        let _ = writeln!(
            text,
            "<text class=\"row\" x=\"{:.1}\" y=\"{:.1}\">{}<title>{}</title></text>\
             <circle class=\"{class}\" cx=\"{:.1}\" cy=\"{middle:.1}\" r=\"{radius}\"/>",
            x + 10.0,
            middle + 4.0,
            xml(&label(row)),
            xml(&row.name),
            x + width - if class == "host" { 10.0 } else { 0.0 }
        );
    }
}
