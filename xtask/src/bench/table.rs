//! Writes what was measured as a table in Markdown.

use std::fmt::Write;
use std::time::Duration;

use super::inputs::Shape;
use super::measure::Figures;
use super::tools::Tool;

/// Three tables: time, time of the processor and memory; in each, witc's peers as multiples of witc.
pub(super) fn markdown(tools: &[Tool], rows: &[(Shape, Vec<Option<Figures>>)]) -> String {
    let mut text = String::new();
    let time = |duration: Duration| {
        let milliseconds = duration.as_secs_f64() * 1000.0;
        if milliseconds < 10.0 { format!("{milliseconds:.1} ms") } else { format!("{milliseconds:.0} ms") }
    };
    let memory = |figures: &Figures| format!("{:.0} MB", bytes(figures) / 1e6);
    let seconds = |duration: Duration| duration.as_secs_f64();
    table(&mut text, "Time from start to end", tools, rows, |it| time(it.wall), |it| seconds(it.wall));
    table(
        &mut text,
        "Time of the processor",
        tools,
        rows,
        |it| time(it.processor),
        |it| seconds(it.processor),
    );
    table(&mut text, "Memory at its peak", tools, rows, memory, bytes);
    text
}

#[expect(clippy::cast_precision_loss, reason = "a size in bytes, shown in megabytes")]
fn bytes(figures: &Figures) -> f64 {
    figures.memory as f64
}

fn table(
    text: &mut String,
    title: &str,
    tools: &[Tool],
    rows: &[(Shape, Vec<Option<Figures>>)],
    show: impl Fn(&Figures) -> String,
    value: impl Fn(&Figures) -> f64,
) {
    let _ = writeln!(text, "## {title}\n");
    let names: Vec<&str> = tools.iter().map(|tool| tool.name()).collect();
    let _ = writeln!(text, "| set | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    let witc = tools.iter().position(|tool| *tool == Tool::Witc);
    for (shape, figures) in rows {
        let base = witc.and_then(|at| figures[at].as_ref()).map(&value);
        let cell = |(at, figures): (usize, &Option<Figures>)| match (figures, base) {
            (Some(figures), Some(base)) if Some(at) != witc && base > 0.0 => {
                format!("{} ({:.2}×)", show(figures), value(figures) / base)
            }
            (Some(figures), _) => show(figures),
            (None, _) => "–".to_owned(),
        };
        let cells: Vec<String> = figures.iter().enumerate().map(cell).collect();
        let _ = writeln!(text, "| {shape} | {} |", cells.join(" | "));
    }
    text.push('\n');
}
