//! Properties of facts and proofs, over all components of the fixtures and over random ones.
//!
//! Differs from `laws.rs`, which is about commands and what they write: here the sets of functions are compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use witc::config::{ComponentInput, Request};
use witc::pipeline;
use witc::policy::{Capabilities, UseRow};
use witc::report::Answer;
use witc::source::MemoryFiles;

#[expect(
    unreachable_pub,
    dead_code,
    reason = "it is public in the package that it is from, and not all of it is used here"
)]
#[path = "../proofs/src/chance.rs"]
mod chance;
#[expect(
    unreachable_pub,
    dead_code,
    reason = "it is public in the package that it is from, and not all of it is used here"
)]
#[path = "../proofs/src/cores.rs"]
mod cores;

const SEEDS: u64 = 60;

/// The tests of the properties.
pub(crate) fn tests() -> Vec<Trial> {
    vec![
        Trial::test("properties::sets_lie_within_each_other", || each(within_each_other)),
        Trial::test("properties::names_change_no_verdict", || each(without_names)),
        Trial::test("properties::the_lock_does_not_depend_on_names", || each(same_lock)),
    ]
}

type Property = fn(&[u8]) -> Result<(), String>;

/// Holds a property against every component among the fixtures, and random ones.
fn each(property: Property) -> Result<(), Failed> {
    let mut broken = Vec::new();
    let mut held = 0;
    for path in fixtures() {
        let Ok(bytes) = wat::parse_file(&path) else { continue };
        if bytes.get(4..8) != Some(&[0x0d, 0, 1, 0]) || capabilities(&bytes).is_none() {
            continue;
        }
        held += 1;
        broken.extend(property(&bytes).err().map(|law| format!("{}: {law}", path.display())));
    }
    for seed in 0..SEEDS {
        let bytes = wat::parse_str(cores::component(seed))?;
        broken.extend(property(&bytes).err().map(|law| format!("seed {seed}: {law}")));
    }
    if held < 50 {
        broken.push(format!("only {held} fixtures are components"));
    }
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n").into()) }
}

fn fixtures() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("wit-fixtures")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|it| it == "wat") => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    found
}

fn request() -> Request {
    Request { inputs: vec![ComponentInput::bare("it.wasm")], ..Request::default() }
}

fn capabilities(bytes: &[u8]) -> Option<Capabilities> {
    let files = MemoryFiles::default().with("it.wasm", bytes);
    match pipeline::capabilities(&request(), &files).answer {
        Some(Answer::Capabilities(found)) => found.into_iter().next(),
        _ => None,
    }
}

/// By instance, interface and function: how it is reached.
fn uses(bytes: &[u8]) -> Result<BTreeMap<(String, String, String), UseRow>, String> {
    let found = capabilities(bytes).ok_or("cannot be loaded")?;
    let mut uses = BTreeMap::new();
    for instance in found.instances {
        for row in instance.rows {
            for used in row.uses {
                let key = (instance.name.clone(), row.interface.clone(), used.function.clone());
                uses.insert(key, used);
            }
        }
    }
    Ok(uses)
}

/// What direct calls lead to is reachable, what is reachable is given to core code, and what is needed is reachable.
fn within_each_other(bytes: &[u8]) -> Result<(), String> {
    for (name, used) in uses(bytes)? {
        let is_told = used.verdict != "unanalyzable";
        let broken = [
            (used.is_direct && !used.is_reachable, "called directly and not reachable"),
            (is_told && used.is_reachable && !used.is_lowered, "reachable and not given to core code"),
            (used.is_needed && !used.is_reachable, "needed and not reachable"),
            (
                used.verdict == "reachable" && !(used.is_reachable && used.is_exercisable),
                "reachable in words only",
            ),
            (used.verdict == "unreachable" && used.is_reachable, "unreachable in words only"),
        ];
        if let Some((_, law)) = broken.iter().find(|(is_broken, _)| *is_broken) {
            return Err(format!("{name:?} is {law}"));
        }
    }
    Ok(())
}

/// Without the names of functions, nothing that is exact or proven changes; what is likely may.
fn without_names(bytes: &[u8]) -> Result<(), String> {
    // Instances within a component are called by its names, where it has any.
    let plain = |uses: BTreeMap<(String, String, String), UseRow>| -> Vec<String> {
        let row = |((_, interface, _), used): (_, UseRow)| {
            let is_likely = used.verdict == "run-time support";
            let verdict = if is_likely { "reachable".to_owned() } else { used.verdict.clone() };
            format!("{interface} {:?}", UseRow { verdict, cause: None, ..used })
        };
        let mut rows: Vec<String> = uses.into_iter().map(row).collect();
        rows.sort();
        rows
    };
    let stripped = stripped(bytes).ok_or("cannot be taken apart")?;
    let (before, after) = (plain(uses(bytes)?), plain(uses(&stripped)?));
    match before.iter().zip(&after).find(|(before, after)| before != after) {
        None if before.len() == after.len() => Ok(()),
        other => Err(format!("{} and {} functions; {other:?}", before.len(), after.len())),
    }
}

/// The lock says the same with and without names, but for the digest, and the same twice.
fn same_lock(bytes: &[u8]) -> Result<(), String> {
    let lock = |bytes: &[u8]| {
        let files = MemoryFiles::default().with("it.wasm", bytes);
        match pipeline::snapshot(&request(), None, &files).answer {
            Some(Answer::Policy(text)) => Ok(text),
            _ => Err("no lock"),
        }
    };
    let text = lock(bytes)?;
    if lock(bytes)? != text {
        return Err("another lock the second time".to_owned());
    }
    let stripped = stripped(bytes).ok_or("cannot be taken apart")?;
    let digest = |text: &str| {
        let lines = text.lines().map(|line| line.split("sha256:").next().unwrap_or_default().to_owned());
        lines.collect::<Vec<_>>()
    };
    if digest(&text) == digest(&lock(&stripped)?) { Ok(()) } else { Err("the lock differs".to_owned()) }
}

/// A component or core module without the names of its functions, at any depth (Binary.md: sections are a number, a length
/// and that many bytes).
fn stripped(bytes: &[u8]) -> Option<Vec<u8>> {
    const CUSTOM: u8 = 0;
    let is_component = *bytes.get(6)? == 1;
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8;
    while at < bytes.len() {
        let id = bytes[at];
        let (length, start) = number(bytes, at + 1)?;
        let content = bytes.get(start..start + length)?;
        at = start + length;
        if id == CUSTOM {
            let (name, from) = number(content, 0)?;
            if matches!(content.get(from..from + name)?, b"name" | b"component-name") {
                continue;
            }
        }
        let content = match (is_component, id) {
            (true, 1 | 4) => stripped(content)?,
            _ => content.to_vec(),
        };
        out.push(id);
        let mut rest = content.len();
        loop {
            let byte = u8::try_from(rest & 0x7f).ok()?;
            rest >>= 7;
            out.push(if rest == 0 { byte } else { byte | 0x80 });
            if rest == 0 {
                break;
            }
        }
        out.extend(content);
    }
    Some(out)
}

/// A number in LEB128, and where it ends.
fn number(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = *bytes.get(at)?;
        value |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        at += 1;
        if byte & 0x80 == 0 {
            return Some((value, at));
        }
    }
}
