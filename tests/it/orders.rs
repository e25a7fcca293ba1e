//! The law of order over random components: three of them in any of their six orders come to the same bytes and the same
//! diagnostics.
//!
//! Differs from `laws.rs`, which turns the arguments of the cases around; and from `random.rs`, whose laws are about one
//! component, or two in one order.
//!
//! `WITC_SEEDS=FROM..TO` chooses the seeds, as for `random.rs`.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use libtest_mimic::Trial;
use witc::config::{Flags, InputPath};
use witc::diag::{Diagnostic, Level, Run, code};
use witc::source::{MemoryFiles, SourceMap};

use crate::random;

const SEEDS: Range<u64> = 0..100;
/// A test is a range of so many seeds.
const SPAN: u64 = 10;

const NAMES: [&str; 3] = ["a", "b", "c"];
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// One test for each range of seeds.
pub(crate) fn tests() -> Vec<Trial> {
    random::ranges(SEEDS, SPAN)
        .map(|range| Trial::test(format!("orders::seeds_{}", range.start), move || hold(range)))
        .collect()
}

fn hold(seeds: Range<u64>) -> Result<(), libtest_mimic::Failed> {
    let links = |triple: &[Vec<u8>; 3]| outcome(triple, ORDERS[0], Some(NAMES[0])).artifact.is_some();
    if !seeds.clone().any(|seed| triples(seed).iter().any(links)) {
        return Err("none of them links: the law says nothing".into());
    }
    let broken: Vec<String> =
        seeds.filter_map(|seed| Some(format!("seed {seed}: {}", broken_by(seed)?))).collect();
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n").into()) }
}

/// What differs between two orders of a triple of a seed.
fn broken_by(seed: u64) -> Option<String> {
    let triples = triples(seed);
    let choices = [None, Some(NAMES[0])];
    triples.iter().flat_map(|triple| choices.map(|root| (triple, root))).find_map(|(triple, root)| {
        let first = outcome(triple, ORDERS[0], root);
        ORDERS.iter().find_map(|order| {
            let found = outcome(triple, *order, root);
            (found != first)
                .then(|| format!("{order:?}, root {root:?}\n--- first\n{first}\n--- then\n{found}"))
        })
    })
}

/// Components of the worlds of a seed: one with its mirror image and another world, with and without something of that;
/// where there is only one world, one with its mirror image twice.
fn triples(seed: u64) -> Vec<[Vec<u8>; 3]> {
    match random::pairs(seed).as_slice() {
        [] => Vec::new(),
        [(one, mirror)] => vec![[one.clone(), mirror.clone(), mirror.clone()]],
        [(one, mirror), (two, other), ..] => vec![
            [one.clone(), mirror.clone(), two.clone()],
            [one.clone(), two.clone(), other.clone()],
            [mirror.clone(), one.clone(), other.clone()],
        ],
    }
}

/// What came of linking: the artifact, and what is reported, whatever its order.
#[derive(PartialEq, Eq)]
struct Outcome {
    artifact: Option<Vec<u8>>,
    told: Vec<String>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wit = self.artifact.as_deref().map_or("not linked".to_owned(), random::wit);
        write!(f, "{wit}\n{}", self.told.join("\n"))
    }
}

fn outcome(triple: &[Vec<u8>; 3], order: [usize; 3], root: Option<&str>) -> Outcome {
    let file = |at: usize| format!("{}.wasm", NAMES[at]);
    let files =
        order.iter().fold(MemoryFiles::default(), |files, at| files.with(file(*at), triple[*at].clone()));
    let mut run = Run::default();
    run.diagnostics.levels.set(code::UNMET_IMPORT, Level::Warn);
    run.diagnostics.levels.set(code::UNUSED_COMPONENT, Level::Warn);
    let paths = order.iter().map(|at| InputPath::Path(file(*at).into())).collect();
    let flags = Flags { paths, root: root.map(str::to_owned), ..Flags::default() };
    let linked = random::link_flags(flags, &files, &mut run);
    let artifact = linked.map(|artifact| random::bytes(&artifact));
    let Run { sources, diagnostics } = run;
    let mut told: Vec<String> = diagnostics.iter().map(|it| shown(it, &sources)).collect();
    told.sort();
    Outcome { artifact, told }
}

/// A diagnostic with the texts of its labels and the files that they point into.
fn shown(it: &Diagnostic, sources: &SourceMap) -> String {
    let labels: BTreeMap<String, bool> = it
        .labels
        .iter()
        .map(|label| (format!("{}: {}", sources.get(label.span.source).name, label.text), label.primary))
        .collect();
    format!("[{}] {}\n  {:?}\n  {labels:?}\n  {:?}", it.code, it.message, it.notes, it.help)
}
