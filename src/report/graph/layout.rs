//! Gives the boxes of a sheet their places: in columns, each box left of those that it needs.
//!
//! Differs from `svg.rs`, which draws what is placed here. The way of Sugiyama: columns by the longest path, order by the
//! middle of the neighbours, lines over several columns kept off the boxes between. No crate: the ones that there are
//! take names as they come and panic on some graphs, and these names are untrusted.

use std::collections::BTreeMap;

use super::sheet::{Provided, Sheet};

/// A rectangle, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A line from a row of a box to another box.
#[derive(Debug)]
pub(super) struct Line {
    /// The box and the row that it starts at.
    pub(super) from: (usize, usize),
    /// The box that it leads to.
    pub(super) to: usize,
    /// The points that it passes between, from left to right.
    pub(super) through: Vec<(f64, f64)>,
}

#[derive(Debug)]
pub(super) struct Layout {
    /// By box.
    pub(super) places: Vec<Place>,
    pub(super) lines: Vec<Line>,
    pub(super) width: f64,
    pub(super) height: f64,
}

const MARGIN: f64 = 16.0;
/// Between two columns.
const COLUMN_GAP: f64 = 72.0;
/// Between two boxes of a column.
const ROW_GAP: f64 = 20.0;
/// What a line takes in a column that it passes.
const LINE: f64 = 10.0;
const SWEEPS: usize = 6;
/// Sheets with more steps of lines than this are drawn with straight lines: nobody can follow them anyway.
const MOST_STEPS: usize = 20_000;

/// A box, or the place where a line passes a column.
struct Node {
    column: usize,
    width: f64,
    height: f64,
    /// Those in the columns beside it that it is joined to.
    left: Vec<usize>,
    right: Vec<usize>,
    /// The middle.
    y: f64,
}

/// Places boxes of the given sizes.
pub(super) fn layout(sheet: &Sheet, sizes: &[(f64, f64)]) -> Layout {
    let columns = columns(sheet);
    let node = |(column, (width, height)): (&usize, &(f64, f64))| Node {
        column: *column,
        width: *width,
        height: *height,
        left: Vec::new(),
        right: Vec::new(),
        y: 0.0,
    };
    let mut nodes: Vec<Node> = columns.iter().zip(sizes).map(node).collect();
    let lines = lines(sheet, &mut nodes);
    let mut by_column: Vec<Vec<usize>> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        if by_column.len() <= node.column {
            by_column.resize_with(node.column + 1, Vec::new);
        }
        by_column[node.column].push(at);
    }
    arrange(&mut nodes, &mut by_column);
    finish(&nodes, &by_column, lines, sizes.len())
}

/// The column of each box: one more than that of the last box that needs it. Boxes come before those that they need.
fn columns(sheet: &Sheet) -> Vec<usize> {
    let mut columns = vec![0_usize; sheet.boxes.len()];
    let has_exports = sheet.boxes.first().is_some_and(|exports| !exports.rows.is_empty());
    columns.iter_mut().skip(1).for_each(|column| *column = usize::from(has_exports));
    for (user, shape) in sheet.boxes.iter().enumerate() {
        for row in &shape.rows {
            if let Provided::Box(provider) = row.provider
                && provider > user
            {
                columns[provider] = columns[provider].max(columns[user] + 1);
            }
        }
    }
    columns
}

/// Joins the nodes, with a node more for each column that a line passes; returns the lines with these nodes.
fn lines(sheet: &Sheet, nodes: &mut Vec<Node>) -> Vec<(Line, Vec<usize>)> {
    let mut wanted = Vec::new();
    for (user, shape) in sheet.boxes.iter().enumerate() {
        for (row, it) in shape.rows.iter().enumerate() {
            if let Provided::Box(provider) = it.provider {
                wanted.push(((user, row), provider));
            }
        }
    }
    let steps: usize =
        wanted.iter().map(|((user, _), to)| nodes[*to].column.abs_diff(nodes[*user].column)).sum();
    let is_bent = steps <= MOST_STEPS;
    // Lines between the same two boxes pass the columns together.
    let mut known: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    let mut lines = Vec::new();
    for ((user, row), provider) in wanted {
        let passed = known.entry((user, provider)).or_insert_with(|| {
            let between = if is_bent { nodes[user].column + 1..nodes[provider].column } else { 0..0 };
            let mut passed = Vec::new();
            let mut last = user;
            for column in between {
                let (left, right) = (vec![last], Vec::new());
                nodes.push(Node { column, width: 0.0, height: LINE, left, right, y: 0.0 });
                let node = nodes.len() - 1;
                nodes[last].right.push(node);
                passed.push(node);
                last = node;
            }
            nodes[last].right.push(provider);
            nodes[provider].left.push(last);
            passed
        });
        let line = Line { from: (user, row), to: provider, through: Vec::new() };
        lines.push((line, passed.clone()));
    }
    lines
}

/// Orders each column by the middle of the neighbours, then moves the boxes towards that middle.
fn arrange(nodes: &mut [Node], columns: &mut [Vec<usize>]) {
    for column in columns.iter() {
        stack(nodes, column);
    }
    for sweep in 0..SWEEPS {
        let to_the_right = sweep % 2 == 0;
        let order: Vec<usize> =
            if to_the_right { (0..columns.len()).collect() } else { (0..columns.len()).rev().collect() };
        for at in order {
            let wanted = |node: &Node| {
                if to_the_right { middle(&node.left, nodes) } else { middle(&node.right, nodes) }
            };
            let mut keyed: Vec<(f64, usize)> = columns[at]
                .iter()
                .map(|node| (wanted(&nodes[*node]).unwrap_or(nodes[*node].y), *node))
                .collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            columns[at] = keyed.iter().map(|(_, node)| *node).collect();
            for (y, node) in keyed {
                nodes[node].y = y;
            }
            spread(nodes, &columns[at]);
        }
    }
}

fn middle(of: &[usize], nodes: &[Node]) -> Option<f64> {
    if of.is_empty() {
        return None;
    }
    Some(of.iter().map(|node| nodes[*node].y).sum::<f64>() / of.len() as f64)
}

/// One under the other, around the same middle.
fn stack(nodes: &mut [Node], column: &[usize]) {
    let total: f64 = column.iter().map(|node| nodes[*node].height + ROW_GAP).sum();
    let mut y = -total / 2.0;
    for node in column {
        nodes[*node].y = y + nodes[*node].height / 2.0;
        y += nodes[*node].height + ROW_GAP;
    }
}

/// Moves the nodes of a column apart where they overlap, as little as their order allows.
fn spread(nodes: &mut [Node], column: &[usize]) {
    // Nodes that touch move as one, to the middle of where they want to be.
    struct Block {
        start: usize,
        wanted: f64,
        count: f64,
        height: f64,
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (at, node) in column.iter().enumerate() {
        let node = &nodes[*node];
        let height = node.height + ROW_GAP;
        let mut block = Block { start: at, wanted: node.y - node.height / 2.0, count: 1.0, height };
        while let Some(last) = blocks.last() {
            if last.wanted / last.count + last.height <= block.wanted / block.count {
                break;
            }
            let wanted = last.wanted + block.wanted - block.count * last.height;
            block = Block {
                start: last.start,
                wanted,
                count: last.count + block.count,
                height: last.height + block.height,
            };
            blocks.pop();
        }
        blocks.push(block);
    }
    for (index, block) in blocks.iter().enumerate() {
        let end = blocks.get(index + 1).map_or(column.len(), |next| next.start);
        let mut top = block.wanted / block.count;
        for node in &column[block.start..end] {
            nodes[*node].y = top + nodes[*node].height / 2.0;
            top += nodes[*node].height + ROW_GAP;
        }
    }
}

fn finish(nodes: &[Node], columns: &[Vec<usize>], lines: Vec<(Line, Vec<usize>)>, boxes: usize) -> Layout {
    let top = nodes.iter().map(|node| node.y - node.height / 2.0).fold(f64::INFINITY, f64::min);
    let top = if top.is_finite() { top - MARGIN } else { -MARGIN };
    let mut x = MARGIN;
    let mut starts = Vec::new();
    let mut right = x;
    for column in columns {
        let width = column.iter().map(|node| nodes[*node].width).fold(0.0, f64::max);
        starts.push((x, width));
        right = x + width;
        x = right + COLUMN_GAP;
    }
    let place = |node: &Node| Place {
        x: starts[node.column].0,
        y: node.y - node.height / 2.0 - top,
        width: node.width,
        height: node.height,
    };
    let through = |passed: &[usize]| {
        let points = passed.iter().flat_map(|node| {
            let (node, (x, width)) = (&nodes[*node], starts[nodes[*node].column]);
            [(x, node.y - top), (x + width, node.y - top)]
        });
        points.collect()
    };
    let places: Vec<Place> = nodes[..boxes].iter().map(place).collect();
    let bottom = nodes.iter().map(|node| node.y + node.height / 2.0 - top).fold(0.0, f64::max);
    Layout {
        places,
        lines: lines.into_iter().map(|(line, passed)| Line { through: through(&passed), ..line }).collect(),
        width: right + MARGIN,
        height: bottom + MARGIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::graph::sheet::{Kind, Row, Shape};

    /// A sheet of boxes, each with those that it needs.
    fn sheet(needs: &[&[usize]]) -> Sheet {
        let row = |at: &usize| Row { name: "i".to_owned(), alias: None, provider: Provided::Box(*at) };
        let shape = |needs: &&[usize]| Shape {
            kind: Kind::Instance,
            name: "n".to_owned(),
            remark: String::new(),
            rows: needs.iter().map(row).collect(),
        };
        Sheet { title: "t".to_owned(), outside: "host", boxes: needs.iter().map(shape).collect() }
    }

    #[track_caller]
    fn check(needs: &[&[usize]]) {
        let sheet = sheet(needs);
        let sizes: Vec<(f64, f64)> = (0..needs.len()).map(|at| (100.0, 20.0 + at as f64)).collect();
        let layout = layout(&sheet, &sizes);
        for (user, providers) in needs.iter().enumerate() {
            let own = layout.places[user];
            assert!(own.x >= 0.0 && own.x + own.width <= layout.width, "{own:?}");
            assert!(own.y >= 0.0 && own.y + own.height <= layout.height, "{own:?}");
            for provider in *providers {
                assert!(layout.places[*provider].x >= own.x + own.width, "{user} needs {provider}");
            }
            for (at, other) in layout.places.iter().enumerate().filter(|(at, _)| *at != user) {
                let apart =
                    own.x != other.x || own.y + own.height <= other.y || other.y + other.height <= own.y;
                assert!(apart, "{user} and {at} overlap");
            }
        }
    }

    #[test]
    fn boxes_stand_left_of_what_they_need_and_do_not_overlap() {
        check(&[]);
        check(&[&[]]);
        check(&[&[1], &[2, 3], &[4], &[4], &[]]);
        check(&[&[1], &[2, 3, 4, 5], &[5], &[], &[], &[]]);
        check(&[&[1, 2, 3, 4], &[], &[], &[], &[]]);
    }
}
