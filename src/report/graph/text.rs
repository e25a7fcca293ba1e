//! A graph as lines of text: an instance, and under it what it needs and from whom.
//!
//! Differs from `report/human/artifact.rs`, which sums up what was linked: this shows every wire, at every level.

use std::fmt::Write;

use super::sheet::{Kind, Provided, Row, Shape, Sheet, sheets};
use super::shortened;
use crate::diag::{counted, escape, quoted};
use crate::model::{Graph, LinkRecord, Providers, RecordDifference, RecordedFact, RecordedProvider};

/// The widest column of names; what is longer has its provider on a line of its own.
const WIDEST: usize = 48;

pub(super) fn write(graphs: &[Graph], width: usize) -> String {
    let mut text = String::new();
    for graph in graphs {
        if !text.is_empty() {
            text.push('\n');
        }
        for (at, sheet) in sheets(std::slice::from_ref(graph)).iter().enumerate() {
            text.push_str(if at > 0 { "\n" } else { "" });
            write_sheet(sheet, graph, width, &mut text);
            if at == 0
                && let Some(record) = &graph.record
            {
                write_record(record, graph, &mut text);
            }
        }
    }
    text
}

fn write_sheet(sheet: &Sheet, graph: &Graph, width: usize, text: &mut String) {
    let instances = sheet.boxes.iter().filter(|shape| shape.kind == Kind::Instance).count();
    let what = match instances {
        0 => "one component, not composed".to_owned(),
        _ => counted(instances, "instance"),
    };
    let _ = writeln!(text, "{}: {what}", quoted(&sheet.title));
    if instances == 0 {
        let imports = graph.root().map_or(&[][..], |root| &root.imports);
        write_names("imports", imports, text);
    }
    // Providers first, as they are instantiated; what the whole exports comes last.
    for shape in sheet.boxes.iter().rev().filter(|shape| is_told(shape.kind, instances)) {
        write_box(shape, sheet, width, text);
    }
}

/// Whether a box has a paragraph of its own.
fn is_told(kind: Kind, instances: usize) -> bool {
    match kind {
        Kind::Exports | Kind::Instance => true,
        Kind::Own => instances > 0,
        Kind::Unknown => false,
    }
}

fn write_names(title: &str, names: &[String], text: &mut String) {
    if names.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for name in names {
        let _ = writeln!(text, "  {}", escape(name));
    }
}

fn write_box(shape: &Shape, sheet: &Sheet, width: usize, text: &mut String) {
    if shape.kind == Kind::Exports && shape.rows.is_empty() {
        return;
    }
    let _ = write!(text, "\n{}", escape(&shape.name));
    let _ = writeln!(
        text,
        "{}",
        if shape.remark.is_empty() { String::new() } else { format!("  ({})", shape.remark) }
    );
    let names: Vec<String> = shape.rows.iter().map(|row| escape(&row.name)).collect();
    let lengths = names.iter().map(|name| name.chars().count());
    let column = lengths.filter(|length| *length <= WIDEST).max().unwrap_or_default();
    for (name, row) in names.iter().zip(&shape.rows) {
        let provider = provider(row, sheet);
        let length = name.chars().count();
        let padding = " ".repeat(column.saturating_sub(length));
        if 2 + column.max(length) + provider.chars().count() < width {
            let _ = writeln!(text, "  {name}{padding}{provider}");
        } else {
            let _ = writeln!(text, "  {name}\n     {provider}");
        }
    }
    if shape.rows.is_empty() && shape.kind == Kind::Instance {
        text.push_str("  needs nothing\n");
    }
}

fn provider(row: &Row, sheet: &Sheet) -> String {
    let alias = row.alias.as_deref().map(|alias| format!("{} of ", escape(alias))).unwrap_or_default();
    match row.provider {
        Provided::Outside => format!("  <- {alias}{}", sheet.outside),
        Provided::Box(at) => format!("  <- {alias}{}", escape(&sheet.boxes[at].name)),
    }
}

fn write_record(record: &LinkRecord, graph: &Graph, text: &mut String) {
    let _ = write!(text, "\nlinked by witc {}", escape(&record.witc));
    match &record.policy {
        Some(policy) => {
            let _ = writeln!(text, ", under the policy {}", escape(policy.get(..16).unwrap_or(policy)));
        }
        None => text.push('\n'),
    }
    for difference in graph.record_differences() {
        let _ = writeln!(text, "{}", contradicted(&difference));
    }
}

/// What is there, and what the record says in its place.
fn contradicted(RecordDifference { instance, what }: &RecordDifference) -> String {
    let instance = quoted(instance);
    match what {
        RecordedFact::Presence { is_there: true } => {
            format!("{instance} is there; its record says: it is not")
        }
        RecordedFact::Presence { is_there: false } => {
            format!("{instance} is not there; its record says: it is")
        }
        RecordedFact::Digest { recorded, found } => {
            let short = |digest: &str| escape(&shortened(digest, 17));
            let found = match found {
                Some(found) => format!("has the SHA-256 {}", short(found)),
                None => "uses types that lie around it, and is no file of its own".to_owned(),
            };
            format!("{instance} {found}; its record says: {}", short(recorded))
        }
        RecordedFact::Wire { import, recorded, found } => {
            let (import, found, recorded) = (escape(import), providers(found), providers(recorded));
            format!("{instance}: {import} <- {found}; its record says: <- {recorded}")
        }
    }
}

fn providers(providers: &Providers) -> String {
    let provider = |provider: &RecordedProvider| match provider {
        RecordedProvider::Instance { name, export } => format!("{} of {}", escape(export), quoted(name)),
        RecordedProvider::Host { import } => format!("{} of the host", escape(import)),
        RecordedProvider::Own => "code of the whole itself".to_owned(),
        RecordedProvider::Unknown => "what cannot be told".to_owned(),
    };
    let all: Vec<String> = providers.iter().map(provider).collect();
    if all.is_empty() { "nobody".to_owned() } else { all.join(" and ") }
}

/// A size as people read it.
pub(super) fn size(bytes: u64) -> String {
    let units = [(1_000_000_000_u64, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let tenths = (u128::from(bytes) * 10 + u128::from(unit / 2)) / u128::from(*unit);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => counted(usize::try_from(bytes).unwrap_or(usize::MAX), "byte"),
    }
}
