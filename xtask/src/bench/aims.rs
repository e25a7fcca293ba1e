//! What the aims say to the figures: in which sets each holds, and how far the others are from it.
//!
//! Differs from `table.rs`, which shows the figures and judges nothing.

use super::Row;
use super::measure::Figures;
use super::reading::Reading;
use super::sharing::Compiled;
use super::tools::Tool;

/// One aim and what became of it, as a line of Markdown.
pub(super) fn lines(
    tools: &[Tool],
    rows: &[Row],
    reading: Option<&Reading>,
    shared: Option<&[Compiled; 2]>,
) -> Vec<String> {
    let measured = |row: &Row, tool| row.figures[tools.iter().position(|it| *it == tool)?];
    let wall = |row: &Row, tool| Some(measured(row, tool)?.wall.as_secs_f64());
    // Only what can be linked at all is compared with the copy of it.
    let linked = || rows.iter().filter(|row| !row.shape.is_too_large());
    let worth = || linked().filter(|row| row.size >= SMALLEST);
    let peer = |row: &Row| {
        let valid = tools.iter().filter(|tool| tool.is_peer()).filter_map(|tool| measured(row, *tool));
        let seconds = valid.filter(|figures| figures.is_valid).map(|figures| figures.wall.as_secs_f64());
        seconds.min_by(f64::total_cmp)
    };
    let beside_cp = linked().filter_map(|row| {
        let ratio = wall(row, Tool::WitcCopied)? / wall(row, Tool::Cp)?;
        Some(Held::of(row, ratio <= 1.3, format!("{ratio:.2}")))
    });
    let faster = |tool: Tool, times: f64| {
        let ratio = move |row: &Row| Some(peer(row)? / wall(row, tool)?);
        worth()
            .filter_map(move |row| {
                let ratio = ratio(row)?;
                Some(Held::of(row, ratio >= times, format!("{ratio:.1}")))
            })
            .collect::<Vec<_>>()
    };
    let memory = rows.iter().filter_map(|row| {
        let beside = i128::from(measured(row, Tool::Witc)?.memory) - i128::from(row.size);
        let megabytes = beside.max(0) / 1_000_000;
        Some(Held::of(row, beside <= i128::from(ROOM), format!("{megabytes} MB")))
    });
    let mut lines = vec![
        line("Bodies not validated: at most 1.3 times as long as `cp`", beside_cp),
        line("At least twice as fast as every peer, from 100 kB on", faster(Tool::Witc, 2.0)),
        line("Inputs known: at least four times as fast", faster(Tool::WitcCached, 4.0)),
        line("Memory: at most that of the inputs and 32 MB (what is beside them)", memory),
    ];
    lines.extend(shared.map(sharing));
    lines.extend(reading.map(|reading| line("`caps` and `lint`: under a second", read(reading))));
    lines
}

/// From so many bytes of inputs on, witc is compared with its peers: for less, it is the start of a process that is measured.
const SMALLEST: u64 = 95_000; // ten made ones of 10 kB are a little less than 100 kB

/// How much memory may be used beside the inputs: bytes.
const ROOM: u64 = 32 << 20;

/// Whether an aim holds somewhere, and the figure.
struct Held {
    at: String,
    holds: bool,
    figure: String,
}

impl Held {
    fn of(row: &Row, holds: bool, figure: String) -> Self {
        Self { at: row.shape.to_string(), holds, figure }
    }
}

fn line(aim: &str, held: impl IntoIterator<Item = Held>) -> String {
    let held: Vec<Held> = held.into_iter().collect();
    let missed = held.iter().filter(|held| !held.holds);
    let missed: Vec<String> = missed.map(|held| format!("{} ({})", held.at, held.figure)).collect();
    let count = held.len() - missed.len();
    match missed.len() {
        _ if held.is_empty() => format!("- {aim}: not measured."),
        0 => format!("- {aim}: holds in all {count} rows."),
        _ => format!("- {aim}: holds in {count} of {} rows; not in: {}.", held.len(), missed.join("; ")),
    }
}

fn sharing([ours, theirs]: &[Compiled; 2]) -> String {
    let size = ratio(ours.size, theirs.size);
    let compile = |it: &Compiled| it.compile.map(|figures: Figures| figures.processor.as_secs_f64());
    let compiled = match compile(ours).zip(compile(theirs)) {
        Some((ours, theirs)) => {
            let ratio = theirs / ours;
            format!("compile time 1/{ratio:.1} (aim 1/8)")
        }
        None => "compile time not measured".to_owned(),
    };
    format!("- Ten Python components, beside wac: size {:.0} % (aim 66 %), {compiled}.", size * 100.0)
}

#[expect(clippy::cast_precision_loss, reason = "sizes in bytes, shown as a ratio")]
fn ratio(one: u64, other: u64) -> f64 {
    one as f64 / other as f64
}

fn read(reading: &Reading) -> impl Iterator<Item = Held> {
    reading.rows.iter().filter_map(|(command, figures)| {
        let seconds = figures.as_ref()?.wall.as_secs_f64();
        let at = format!("`witc {command}`");
        Some(Held { at, holds: seconds < 1.0, figure: format!("{seconds:.2} s") })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missed_is_named() {
        let held = |at: &str, holds| Held { at: at.to_owned(), holds, figure: "1.5".to_owned() };
        assert_eq!(line("Fast", [held("a", true), held("b", true)]), "- Fast: holds in all 2 rows.");
        assert_eq!(
            line("Fast", [held("a", true), held("b", false), held("c", false)]),
            "- Fast: holds in 1 of 3 rows; not in: b (1.5); c (1.5)."
        );
    }
}
