//! Runs components whose imports are proven to be out of reach, in Wasmtime, with these imports trapping: what is called must be
//! what witc calls reachable. Random components, modules of wasm-smith, all fixtures, real ones, and some written by hand.
//!
//! Differs from the tests in `tests/runtime`, where components do what they are for. `WITC_SEEDS=FROM..TO` chooses the seeds. Real
//! components lie in a folder that `WITC_COMPONENTS` names.

mod by_hand;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use witc::config::Request;
use witc::source::{Disk, MemoryFiles};
use witc_proof_tests::proven::{Verdicts, linked, verdicts};
use witc_proof_tests::traced::{Trace, trace};
use witc_proof_tests::{cores, handles, smith};

/// What one call may take: enough for what small components do, and soon over for what never ends …
const LITTLE: u64 = 200_000;
/// … and what an engine takes for a short script.
const MUCH: u64 = 1_000_000_000;

/// A test is a range of so many seeds.
const SPAN: u64 = 100;

type Work = Box<dyn FnOnce() -> Result<(), Failed> + Send>;

/// What a run says: what is proven, and what was called.
type Ran = Result<(Verdicts, Trace), Unfit>;

/// A way to make components of seeds and to run them, and what many of them together have to say.
#[derive(Clone, Copy)]
struct Source {
    name: &'static str,
    /// How many seeds are run where none are chosen.
    seeds: u64,
    run: fn(u64) -> Option<Ran>,
    /// Of a hundred imported functions, at least so many are proven to be out of reach …
    proven: usize,
    /// … and of a hundred that are not, at least so many are called, so that a wrong proof would be found out.
    called: usize,
}

const SOURCES: &[Source] = &[
    Source {
        name: "cores",
        seeds: 300,
        run: |seed| Some(text(seed, &cores::component(seed))),
        proven: 25,
        called: 15,
    },
    Source { name: "pairs", seeds: 100, run: |seed| Some(pair(seed)), proven: 20, called: 8 },
    Source {
        name: "handles",
        seeds: 300,
        run: |seed| Some(text(seed, &handles::component(seed))),
        proven: 25,
        called: 50,
    },
    Source {
        name: "smith",
        seeds: 200,
        run: |seed| smith::component(seed).map(|bytes| held(&bytes, LITTLE)),
        proven: 50,
        called: 35,
    },
];

fn main() -> std::process::ExitCode {
    let mut trials = Vec::new();
    let mut add = |name: String, work: Work| trials.push(Trial::test(name, work));
    for source in SOURCES {
        let seeds = chosen_seeds().unwrap_or(0..source.seeds);
        for start in seeds.clone().step_by(SPAN as usize) {
            let range = start..(start + SPAN).min(seeds.end);
            add(format!("{}::seeds_{start}", source.name), Box::new(|| many(range, *source)));
        }
    }
    if chosen_seeds().is_none() {
        for (name, text, expected) in by_hand::COMPONENTS {
            add(format!("by_hand::{name}"), Box::new(|| by_hand::check(text, expected)));
        }
        add("fixtures".to_owned(), Box::new(fixtures));
        let folder = std::env::var_os("WITC_COMPONENTS").map(PathBuf::from);
        for path in folder.iter().flat_map(|folder| files(folder, "wasm")) {
            add(format!("real::{}", name(&path)), Box::new(move || real(&path)));
        }
        for (name, request) in of_fixtures() {
            add(format!("compositions::{name}"), Box::new(move || of_manifest(&name, &request)));
        }
        for files in REAL_SETS {
            let Some(folder) = folder.clone() else { continue };
            add(format!("real::{}", files.join("+")), Box::new(move || real_set(&folder, files)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn chosen_seeds() -> Option<Range<u64>> {
    let text = std::env::var("WITC_SEEDS").ok()?;
    let (from, to) = text.split_once("..").expect("WITC_SEEDS is FROM..TO");
    let number = |text: &str| text.parse().expect("WITC_SEEDS is FROM..TO");
    Some(number(from)..number(to))
}

fn assembled(seed: u64, text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}"))
}

fn text(seed: u64, text: &str) -> Ran {
    held(&assembled(seed, text), LITTLE)
}

/// Two components that witc links; what is proven about them, their composition keeps.
fn pair(seed: u64) -> Ran {
    let [provider, user] = cores::pair(seed).map(|text| assembled(seed, &text));
    composed(&[("provider", provider), ("user", user)], LITTLE)
}

/// What witc links of several components: what their composition is proven not to need, the whole does not call.
fn composed(parts: &[(&str, Vec<u8>)], fuel: u64) -> Ran {
    let mut manifest = String::from("[composition.it]\noutput = \"it.wasm\"\n[composition.it.components]\n");
    let mut files = MemoryFiles::default();
    for (name, bytes) in parts {
        manifest.push_str(&format!("{name} = \"{name}.wasm\"\n"));
        files = files.with(format!("{name}.wasm"), bytes.clone());
    }
    let request = Request { manifests: vec!["witc.toml".into()], ..Request::default() };
    let (bytes, verdicts) = linked(&request, &files.with("witc.toml", manifest)).map_err(Unfit::Input)?;
    held_to(&bytes, verdicts, fuel)
}

/// Why a component says nothing about the law.
enum Unfit {
    /// It breaks the law.
    Law(String),
    /// It cannot be loaded or run.
    Input(String),
}

/// Runs a component. What is called must be reachable, and what is proven out of reach must not be called.
fn held(bytes: &[u8], fuel: u64) -> Ran {
    held_to(bytes, verdicts(bytes).map_err(Unfit::Input)?, fuel)
}

/// The same for what is known about it already.
fn held_to(bytes: &[u8], verdicts: Verdicts, fuel: u64) -> Ran {
    let trace = trace(bytes, &verdicts.proven, fuel).map_err(|error| Unfit::Input(format!("{error:#}")))?;
    let broken: Vec<_> = trace.called.intersection(&verdicts.proven).collect();
    let unknown: Vec<_> = trace.called.difference(&verdicts.imported).collect();
    match (broken.as_slice(), unknown.as_slice()) {
        ([], []) => Ok((verdicts, trace)),
        ([], _) => Err(Unfit::Law(format!("called and not imported: {unknown:?}"))),
        _ => Err(Unfit::Law(format!("called and proven to be out of reach: {broken:?}"))),
    }
}

/// What many runs together say.
#[derive(Debug, Default)]
struct Tally {
    components: usize,
    imported: usize,
    proven: usize,
    /// Of those that are not proven to be out of reach.
    called: usize,
    /// Calls of exports.
    ended: usize,
    trapped: usize,
    not_called: usize,
}

impl Tally {
    fn add(&mut self, verdicts: &Verdicts, trace: &Trace) {
        self.components += 1;
        self.imported += verdicts.imported.len();
        self.proven += verdicts.proven.len();
        self.called += trace.called.len();
        self.ended += trace.ended;
        self.trapped += trace.trapped;
        self.not_called += trace.not_called;
    }

    /// For who looks: `cargo test -- --nocapture`.
    fn say(&self, name: &str) {
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "{name}: {self:?}");
    }
}

/// Holds the components of some seeds to the law. Together they have to say something.
fn many(seeds: Range<u64>, source: Source) -> Result<(), Failed> {
    let (mut broken, mut tally) = (Vec::new(), Tally::default());
    let count = seeds.end - seeds.start;
    let name = format!("{} {}..{}", source.name, seeds.start, seeds.end);
    for seed in seeds {
        let Some(ran) = (source.run)(seed) else { continue };
        match ran {
            Ok((verdicts, trace)) => tally.add(&verdicts, &trace),
            Err(Unfit::Law(why) | Unfit::Input(why)) => broken.push(format!("seed {seed}: {why}")),
        }
    }
    tally.say(&name);
    if !broken.is_empty() {
        return Err(broken.join("\n").into());
    }
    // Of a few seeds it cannot be said how many of them say something.
    let reachable = tally.imported - tally.proven;
    let says_enough = tally.components * 10 >= count as usize * 9
        && tally.proven * 100 >= tally.imported * source.proven
        && tally.called * 100 >= reachable * source.called;
    if count >= SPAN && !says_enough {
        return Err(format!("too little was run, called or proven to say anything: {tally:?}").into());
    }
    Ok(())
}

/// All files with an ending in a folder and those within it.
fn files(folder: &Path, ending: &str) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|it| it == ending) => drop(found.insert(path)),
                false => {}
            }
        }
    }
    found
}

/// The last two parts of a path.
fn name(path: &Path) -> String {
    let parts: Vec<_> = path.iter().rev().take(2).map(std::ffi::OsStr::to_string_lossy).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}

/// Every component among the fixtures that Wasmtime takes. The others are wrong on purpose, are handed code, or have
/// types that it does not know.
fn fixtures() -> Result<(), Failed> {
    let (mut tally, mut broken, mut unfit) = (Tally::default(), Vec::new(), Vec::new());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit-fixtures");
    for path in files(&folder, "wat") {
        let Ok(bytes) = wat::parse_file(&path) else { continue };
        if bytes.get(4..8) != Some(&[0x0d, 0, 1, 0]) {
            continue; // a core module
        }
        match held(&bytes, LITTLE) {
            Ok((verdicts, trace)) => tally.add(&verdicts, &trace),
            Err(Unfit::Law(why)) => broken.push(format!("{}: {why}", name(&path))),
            Err(Unfit::Input(why)) => unfit.push(format!("{}: {why}", name(&path))),
        }
    }
    tally.say(&format!(
        "fixtures, and without {} that do not run:\n{}\nothers",
        unfit.len(),
        unfit.join("\n")
    ));
    if !broken.is_empty() {
        return Err(broken.join("\n").into());
    }
    if tally.components < 60 || tally.proven < 15 || tally.called < 25 || unfit.len() > tally.components {
        return Err(format!("too little was run, called or proven to say anything: {tally:?}").into());
    }
    Ok(())
}

/// A component of a real toolchain.
fn real(path: &Path) -> Result<(), Failed> {
    let held = std::fs::read(path).map(|bytes| held(&bytes, MUCH))?;
    told(&name(path), held)
}

/// A composition of a manifest.
fn of_manifest(name: &str, request: &Request) -> Result<(), Failed> {
    let (bytes, verdicts) = linked(request, &Disk)?;
    told(name, held_to(&bytes, verdicts, MUCH))
}

/// A composition of real components: their files, each of which gives its name.
fn real_set(folder: &Path, files: &[&str]) -> Result<(), Failed> {
    let mut parts = Vec::new();
    for file in files {
        let name = file.trim_end_matches(".wasm").rsplit('/').next().unwrap_or(file);
        parts.push((name, std::fs::read(folder.join(file))?));
    }
    told(&files.join(" and "), composed(&parts, MUCH))
}

fn told(name: &str, held: Ran) -> Result<(), Failed> {
    let (verdicts, trace) = held.map_err(|(Unfit::Law(why) | Unfit::Input(why))| why)?;
    let mut tally = Tally::default();
    tally.add(&verdicts, &trace);
    tally.say(name);
    Ok(())
}

/// Compositions of fixtures.
fn of_fixtures() -> impl Iterator<Item = (String, Request)> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit-fixtures/demo/witc.toml");
    // Of these, each has something that the whole does not need.
    let in_part = ["unused-export-capability", "caps-single-functions"].map(|case| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit-fixtures/policy");
        let manifests = vec![folder.join(case).join("witc.toml")];
        (case.to_owned(), Request { manifests, ..Request::default() })
    });
    let demo = ["payments", "mock", "front", "cli", "audited"].into_iter().map(move |name| {
        let manifests = vec![manifest.clone()];
        (name.to_owned(), Request { manifests, composition: Some(name.to_owned()), ..Request::default() })
    });
    demo.chain(in_part)
}

/// Compositions of real components.
const REAL_SETS: &[&[&str]] = &[
    &["rust/processor.wasm", "rust/http-adapter.wasm"],
    &["rust/processor.wasm", "c/http-adapter.wasm"],
    &["c/processor.wasm", "rust/mock-gateway.wasm"],
    &["c/processor.wasm", "cpp/mock-gateway.wasm"],
    &["js-qjs/processor.wasm", "c/http-adapter.wasm"],
    &["rust/front.wasm", "c/processor.wasm", "rust/http-adapter.wasm"],
    &["rust/cli-driver.wasm", "rust/processor.wasm", "cpp/mock-gateway.wasm"],
];
