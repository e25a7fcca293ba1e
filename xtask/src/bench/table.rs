//! Writes what was measured of linking as tables in Markdown.

use std::fmt::Write;
use std::time::Duration;

use super::Row;
use super::measure::Figures;
use super::tools::Tool;

/// Three tables: time, time of the processor and memory; in each, witc's peers as multiples of witc.
pub(super) fn tables(tools: &[Tool], rows: &[Row]) -> String {
    let mut text = String::new();
    let wall: Column = (|it| time(it.wall), |it| it.wall.as_secs_f64());
    let processor: Column = (|it| time(it.processor), |it| it.processor.as_secs_f64());
    table(&mut text, "Time from start to end", tools, rows, wall);
    table(&mut text, "Time of the processor", tools, rows, processor);
    table(&mut text, "Memory at its peak", tools, rows, (|it| memory(it.memory), |it| bytes(it.memory)));
    text
}

/// A duration as people read it.
pub(super) fn time(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1000.0;
    if milliseconds < 10.0 { format!("{milliseconds:.1} ms") } else { format!("{milliseconds:.0} ms") }
}

/// A size as people read it.
pub(super) fn memory(size: u64) -> String {
    format!("{:.0} MB", bytes(size) / 1e6)
}

#[expect(clippy::cast_precision_loss, reason = "a size in bytes, shown in megabytes")]
fn bytes(size: u64) -> f64 {
    size as f64
}

/// How a figure is shown, and what it is worth.
type Column = (fn(&Figures) -> String, fn(&Figures) -> f64);

fn table(text: &mut String, title: &str, tools: &[Tool], rows: &[Row], (show, value): Column) {
    let _ = writeln!(text, "## {title}\n");
    let names: Vec<&str> = tools.iter().map(|tool| tool.name()).collect();
    let _ = writeln!(text, "| set | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    let witc = tools.iter().position(|tool| *tool == Tool::Witc);
    for Row { shape, figures, .. } in rows {
        let base = witc.and_then(|at| figures[at].as_ref()).map(value);
        let cell = |(at, figures): (usize, &Option<Figures>)| {
            let Some(figures) = figures else { return "–".to_owned() };
            let ratio = base.filter(|base| Some(at) != witc && *base > 0.0);
            let ratio = ratio.map(|base| format!(" ({:.2}×)", value(figures) / base)).unwrap_or_default();
            let note = if figures.is_valid { "" } else { ", *invalid*" };
            format!("{}{ratio}{note}", show(figures))
        };
        let cells: Vec<String> = figures.iter().enumerate().map(cell).collect();
        let _ = writeln!(text, "| {shape} | {} |", cells.join(" | "));
    }
    text.push('\n');
}
