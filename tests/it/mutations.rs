//! Feeds witc with inputs of the cases, damaged by chance: nothing may panic, and nothing wrong may be made.
//!
//! Differs from `random.rs`, whose worlds are right, so that linking them must keep them.
//!
//! `WITC_MUTATIONS=SECONDS` chooses how long; `cargo xtask fuzz-bytes` does so. What fails is told by its case and seed.
//!
//! `WITC_CORPUS=FOLDER` writes the inputs there instead, a folder for each target: the fuzz targets in `fuzz/` start from them.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use witc::config::{ComponentInput, ComposeRequest, OutputPath, Request};
use witc::pipeline;
use witc::source::MemoryFiles;

use crate::fixtures::{cases, folder, prepared};
use crate::sandbox::files;

/// How many damaged inputs a test tries, if no time is chosen.
const ROUNDS: u64 = 150;
/// Longer inputs are left out: they take time, and reach no other code.
const LONGEST: usize = 100_000;

/// What is fed with the damaged bytes.
#[derive(Clone, Copy)]
enum Target {
    /// Reading one input: binaries, the text format, WIT.
    Load,
    /// Reading a `witc.toml`, and a policy.
    Manifest,
    /// Linking it with a sound one.
    Link,
}

/// One test a target.
pub(crate) fn tests() -> Vec<Trial> {
    let targets = [("load", Target::Load), ("manifest", Target::Manifest), ("link", Target::Link)];
    let test = |(name, target)| Trial::test(format!("mutations::{name}"), move || Ok(hold(target)?));
    targets.into_iter().map(test).collect()
}

/// A generator of pseudo-random numbers (xorshift, Marsaglia 2003): the same seed, the same damage.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or_default() % bound.max(1)
    }
}

fn hold(target: Target) -> Result<(), String> {
    let seeds = seeds(target)?;
    if let Some(folder) = std::env::var_os("WITC_CORPUS") {
        return write_corpus(Path::new(&folder), target, &seeds);
    }
    let seconds = std::env::var("WITC_MUTATIONS").ok().and_then(|text| text.parse().ok());
    let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let first = seconds.map_or(0, |_| u64::from(std::process::id()) << 32);
    for round in first.. {
        if end.map_or(round >= ROUNDS, |end| Instant::now() >= end) {
            let told = format!("{} damaged inputs of {}\n", round - first, seeds.len());
            return io::stderr().write_all(told.as_bytes()).map_err(|error| error.to_string());
        }
        let mut chance = Chance((round + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (name, bytes) = &seeds[chance.below(seeds.len())];
        let damaged = damage(bytes, &seeds[chance.below(seeds.len())].1, &mut chance);
        let run = AssertUnwindSafe(|| run(target, name, damaged.clone(), bytes.clone()));
        let problem = match catch_unwind(run) {
            Ok(true) => "ends as a bug in witc",
            Ok(false) => continue,
            Err(_) => "panics",
        };
        let kept = std::env::temp_dir().join(format!("witc-mutation-{round}"));
        std::fs::write(&kept, damaged).map_err(|error| error.to_string())?;
        return Err(format!("round {round}, of {name}: {problem}; the input is {}", kept.display()));
    }
    Ok(())
}

/// Writes what the fuzz target of the same name starts from.
fn write_corpus(folder: &Path, target: Target, seeds: &[(String, Vec<u8>)]) -> Result<(), String> {
    let (name, inputs): (_, Vec<Vec<u8>>) = match target {
        Target::Load => ("load", seeds.iter().map(|(_, bytes)| bytes.clone()).collect()),
        Target::Manifest => ("manifest", seeds.iter().map(|(_, bytes)| bytes.clone()).collect()),
        // Of worlds, which are made of chance.
        Target::Link => ("link", (0..256).map(crate::random::chance).collect()),
    };
    let folder = folder.join(name);
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    for (at, bytes) in inputs.iter().enumerate() {
        std::fs::write(folder.join(format!("case-{at}")), bytes).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The inputs of all cases that a target takes.
fn seeds(target: Target) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut seeds = Vec::new();
    for case in cases() {
        let folder = folder(&case);
        let sandbox = prepared(&folder, &crate::case::Case::read(&folder)?)?;
        for file in files(sandbox.path()) {
            let bytes = std::fs::read(sandbox.path().join(&file)).unwrap_or_default();
            let is_wanted = match target {
                Target::Load => !is_named(&file, &["toml"]),
                Target::Manifest => is_named(&file, &["toml"]) && !file.ends_with("case.toml"),
                Target::Link => bytes.starts_with(b"\0asm\x0d") || is_named(&file, &["wat"]),
            };
            if is_wanted && bytes.len() <= LONGEST {
                seeds.push((format!("{case}/{}", file.display()), bytes));
            }
        }
    }
    Ok(seeds)
}

fn is_named(file: &Path, extensions: &[&str]) -> bool {
    file.extension().is_some_and(|extension| extensions.iter().any(|it| extension == *it))
}

/// `bytes` with a few changes: bytes flipped, cut out, doubled, or taken from `other`.
fn damage(bytes: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(damaged.len() + 1);
        let end = (at + 1 + chance.below(16)).min(damaged.len());
        match chance.below(6) {
            0 => damaged.truncate(at),
            1 => drop(damaged.drain(at.min(end)..end)),
            2 => {
                let piece = damaged[at.min(end)..end].to_vec();
                damaged.splice(at..at, piece);
            }
            3 => {
                let from = chance.below(other.len() + 1);
                let piece = other[from..(from + 1 + chance.below(64)).min(other.len()).max(from)].to_vec();
                damaged.splice(at..at, piece);
            }
            4 => damaged[at.min(end)..end].fill([0, 0x7f, 0x80, 0xff][chance.below(4)]),
            _ => damaged[at.min(end)..end].iter_mut().for_each(|byte| *byte ^= 1 << chance.below(8)),
        }
    }
    damaged
}

/// Runs witc in memory, and says whether it found a bug in itself. That a parser of others panics is known and contained.
fn run(target: Target, name: &str, damaged: Vec<u8>, sound: Vec<u8>) -> bool {
    let file =
        Path::new(name).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let files = MemoryFiles::default().with(&file, damaged).with("sound.wasm", sound);
    let request = Request { validate_bodies: true, ..Request::default() };
    let bare = |names: &[&str]| names.iter().map(|name| ComponentInput::bare(*name)).collect();
    let outcome = match target {
        Target::Load => {
            let request = Request { inputs: bare(&[&file]), allow_wit: true, ..request };
            pipeline::check(&request, &files)
        }
        Target::Manifest if file.contains("policy") => {
            let request = Request { inputs: bare(&["sound.wasm"]), policy: Some(file.into()), ..request };
            pipeline::lint(&request, &files)
        }
        Target::Manifest => {
            let request = Request { manifests: vec![file.into()], ..request };
            pipeline::compose(&request, &ComposeRequest::default(), &files)
        }
        Target::Link => {
            let request = Request { inputs: bare(&[&file, "sound.wasm"]), ..request };
            let output = Some(OutputPath::Path("linked-out.wasm".into()));
            pipeline::compose(&request, &ComposeRequest { output, ..ComposeRequest::default() }, &files)
        }
    };
    outcome.diagnostics.iter().any(|diagnostic| diagnostic.code.as_str() == "emit/wrong-artifact")
}
