//! Exact figures: what components import, give to core code, can hold handles for, reach, and need, function by function.
//!
//! Differs from the snapshots of `witc caps`, which show what people read: here are all sets, as counts, and what the figures
//! mean for components of real toolchains is written by hand. Those lie in a folder that `WITC_COMPONENTS` names; without it
//! only the fixtures are counted. `WITC_BLESS=1` writes the tables anew.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use witc::config::{ComponentInput, Request};
use witc::pipeline;
use witc::policy::{Capabilities, InstanceCapabilities, UseRow, Why};
use witc::report::Answer;
use witc::source::Disk;

/// The tests of the figures.
pub(crate) fn tests() -> Vec<Trial> {
    let folder = std::env::var_os("WITC_COMPONENTS").map(PathBuf::from);
    let is_there = folder.is_some();
    let real = move |work: fn(&Path) -> Result<(), Failed>| {
        let folder = folder.clone();
        move || work(&folder.ok_or("WITC_COMPONENTS names no folder")?)
    };
    let of =
        |name: &str, work| Trial::test(format!("figures::real::{name}"), work).with_ignored_flag(!is_there);
    vec![
        Trial::test("figures::fixtures", fixtures),
        of("table", real(real_table)),
        of("javascript_imports_far_more_than_it_means", real(javascript)),
        of("rust_http_adapter_holds_a_toxic_pair", real(rust)),
        of("python_reaches_sockets_only_through_its_engine", real(python)),
        of("c_reaches_files_only_through_libc_and_adapter", real(c)),
        empty_programs(),
    ]
}

const REAL: &[&str] = &[
    "c/http-adapter.wasm",
    "c/processor.wasm",
    "cpp/mock-gateway.wasm",
    "js-qjs/processor.wasm",
    "js/http-adapter.wasm",
    "js/processor.full.wasm",
    "python/processor.wasm",
    "rust/cli-driver.wasm",
    "rust/front.wasm",
    "rust/http-adapter.wasm",
    "rust/mock-gateway.wasm",
    "rust/processor.wasm",
];

fn fixtures() -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("wit-fixtures");
    let mut paths = Vec::new();
    for stage in ["policy", "link", "load"] {
        for case in std::fs::read_dir(folder.join(stage))?.flatten() {
            let files = std::fs::read_dir(case.path()).into_iter().flatten().flatten();
            paths.extend(
                files.map(|file| file.path()).filter(|it| it.extension().is_some_and(|it| it == "wat")),
            );
        }
    }
    paths.sort();
    let mut text = String::new();
    for path in paths {
        // Those that are wrong on purpose have no figures.
        if let Some(found) = capabilities(&path) {
            let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
            text.push_str(&table(&name.replace('\\', "/"), &found));
        }
    }
    for composition in ["payments", "mock", "front", "cli", "audited"] {
        let request = Request {
            manifests: vec![folder.join("demo/witc.toml")],
            composition: Some(composition.to_owned()),
            ..Request::default()
        };
        if let Some(found) = answer(&request) {
            text.push_str(&table(&format!("demo/witc.toml, {composition}"), &found));
        }
    }
    same("fixtures", &text)
}

fn real_table(folder: &Path) -> Result<(), Failed> {
    let mut text = String::new();
    for name in REAL {
        let found = capabilities(&folder.join(name)).ok_or_else(|| format!("{name} cannot be loaded"))?;
        text.push_str(&table(name, &found));
    }
    same("real", &text)
}

/// All engine features are switched on, and the program uses none: all that it means is its gateway.
fn javascript(folder: &Path) -> Result<(), Failed> {
    let found = one(folder, "js/processor.full.wasm")?;
    let of_wasi = found.rows.iter().filter(|row| row.interface.starts_with("wasi:"));
    let meant: Vec<&str> = of_wasi
        .clone()
        .flat_map(|row| &row.uses)
        .filter(|it| it.verdict == "reachable")
        .map(|it| it.function.as_str())
        .collect();
    expect("interfaces of WASI", of_wasi.count(), 18)?;
    expect("functions of WASI that are more than run-time support", meant, Vec::new())?;
    expect(
        "functions for which there is never a handle",
        count(&found, |it| it.verdict == "never exercisable"),
        7,
    )?;
    for capability in ["wasi:http/outgoing-handler", "wasi:filesystem/preopens", "wasi:filesystem/types"] {
        has_way_and_way_out(folder, "js/processor.full.wasm", capability, "--disable")?;
    }
    let qualified =
        found.warnings.iter().all(|warning| warning.contains("engine") || warning.contains("likely only"));
    expect("dangerous pairs said to be no more than run-time support", qualified, true)
}

/// Programs with an empty `main`, of the toolchains in `baselines.toml`, in the folder that `WITC_EMPTY_PROGRAMS` names: all
/// that they import is told to be run-time support, with names and without.
fn empty_programs() -> Trial {
    let folder = std::env::var_os("WITC_EMPTY_PROGRAMS").map(PathBuf::from);
    let is_there = folder.is_some();
    let work = move || {
        let folder = folder.ok_or("WITC_EMPTY_PROGRAMS names no folder")?;
        let mut looked_at = 0;
        for file in std::fs::read_dir(folder)?.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            let found = capabilities(&file.path()).ok_or_else(|| format!("{name} cannot be loaded"))?;
            let meant: Vec<String> = found.instances[0]
                .rows
                .iter()
                .flat_map(|row| row.uses.iter().map(move |it| (row, it)))
                .filter(|(_, it)| it.verdict == "reachable")
                .map(|(row, it)| format!("{}#{}", row.interface, it.function))
                .collect();
            expect(&format!("what {name} means to do"), meant, Vec::new())?;
            looked_at += 1;
        }
        if looked_at == 0 { Err("the folder is empty".into()) } else { Ok(()) }
    };
    Trial::test("figures::empty_programs", work).with_ignored_flag(!is_there)
}

fn rust(folder: &Path) -> Result<(), Failed> {
    let found = one(folder, "rust/http-adapter.wasm")?;
    expect(
        "dangerous pairs",
        found.warnings.clone(),
        vec!["it can read secrets and send them out".to_owned()],
    )?;
    for capability in ["wasi:cli/environment", "wasi:http/outgoing-handler"] {
        let why = why(folder, "rust/http-adapter.wasm", capability)?;
        expect(capability, why.answers[0].verdict.as_str(), "reachable")?;
        let last = why.answers[0].witness.last().map(|step| step.kind);
        expect("the last step", last, Some("import"))?;
    }
    Ok(())
}

fn python(folder: &Path) -> Result<(), Failed> {
    let found = one(folder, "python/processor.wasm")?;
    let sockets = found.rows.iter().filter(|row| row.interface.starts_with("wasi:sockets/"));
    for used in sockets.clone().flat_map(|row| &row.uses).filter(|it| it.is_reachable && it.is_exercisable) {
        expect(&used.function, used.cause.as_deref(), Some("Python engine"))?;
    }
    expect("interfaces of sockets", sockets.count(), 7)?;
    has_way_and_way_out(folder, "python/processor.wasm", "wasi:sockets", "--stub-wasi")
}

fn c(folder: &Path) -> Result<(), Failed> {
    for (name, fix) in [
        ("c/processor.wasm", "wasm32-wasip2"),
        ("c/http-adapter.wasm", "wasm32-wasip2"),
        ("cpp/mock-gateway.wasm", "wasm32-wasip2"),
    ] {
        let found = one(folder, name)?;
        let files = found.rows.iter().filter(|row| row.interface.starts_with("wasi:filesystem/"));
        for used in files.clone().flat_map(|row| &row.uses).filter(|it| it.is_reachable && it.is_exercisable)
        {
            let is_known = matches!(used.cause.as_deref(), Some("preview 1 adapter" | "libc start-up"));
            expect(&format!("{name}: {} is run-time support", used.function), is_known, true)?;
        }
        expect("interfaces of files", files.count(), 2)?;
        has_way_and_way_out(folder, name, "wasi:filesystem", fix)?;
    }
    Ok(())
}

/// The answer of `witc why`: a way from an export to the import, and how to be rid of it.
fn has_way_and_way_out(folder: &Path, name: &str, capability: &str, fix: &str) -> Result<(), Failed> {
    let why = why(folder, name, capability)?;
    let first = why.answers.first().ok_or("no answer")?;
    expect(capability, first.verdict.as_str(), "run-time support")?;
    let ends = (first.witness.first().map(|it| it.kind), first.witness.last().map(|it| it.kind));
    let is_way = matches!(ends, (Some("export" | "start"), Some("import"))) && first.witness.len() > 2;
    expect(&format!("{name}: a way to {capability}"), is_way, true)?;
    let out = first.support.as_ref().map(|support| support.fix.as_str()).unwrap_or_default();
    expect(&format!("{name}: the way out is `{out}`"), out.contains(fix), true)
}

fn one(folder: &Path, name: &str) -> Result<InstanceCapabilities, Failed> {
    let mut found = capabilities(&folder.join(name)).ok_or_else(|| format!("{name} cannot be loaded"))?;
    Ok(found.instances.pop().ok_or("no instance")?)
}

fn why(folder: &Path, name: &str, capability: &str) -> Result<Why, Failed> {
    let inputs = vec![ComponentInput::bare(folder.join(name))];
    match pipeline::why(&Request { inputs, ..Request::default() }, capability, &Disk).answer {
        Some(Answer::Why(mut found)) if found.iter().any(|why| !why.answers.is_empty()) => {
            Ok(found.remove(0))
        }
        _ => Err(format!("{name} has no answer about {capability}").into()),
    }
}

fn capabilities(path: &Path) -> Option<Capabilities> {
    answer(&Request { inputs: vec![ComponentInput::bare(path)], ..Request::default() })
}

fn answer(request: &Request) -> Option<Capabilities> {
    match pipeline::capabilities(request, &Disk).answer {
        Some(Answer::Capabilities(found)) => found.into_iter().next(),
        _ => None,
    }
}

fn count(instance: &InstanceCapabilities, is_it: impl Fn(&UseRow) -> bool) -> usize {
    instance.rows.iter().flat_map(|row| &row.uses).filter(|it| is_it(it)).count()
}

/// A line for each interface, and one for each instance as a whole.
fn table(name: &str, found: &Capabilities) -> String {
    let mut text = format!("{name}\n");
    let sets = |uses: &[&UseRow]| {
        let count = |is_it: fn(&UseRow) -> bool| uses.iter().filter(|it| is_it(it)).count();
        format!(
            "{:>4} {:>4} {:>4} {:>4} {:>4} {:>4}",
            uses.len(),
            count(|it| it.is_lowered),
            count(|it| it.is_exercisable),
            count(|it| it.is_reachable && it.is_exercisable),
            count(|it| matches!(it.verdict.as_str(), "reachable" | "unanalyzable")),
            count(|it| it.is_needed && it.is_exercisable),
        )
    };
    for instance in &found.instances {
        let all: Vec<&UseRow> = instance.rows.iter().flat_map(|row| &row.uses).collect();
        let interfaces = instance.rows.iter().filter(|row| !row.uses.is_empty()).count();
        text.push_str(&format!("{}  {} in {interfaces} interfaces\n", sets(&all), instance.name));
        for row in &instance.rows {
            let uses: Vec<&UseRow> = row.uses.iter().collect();
            text.push_str(&format!("{}    {}\n", sets(&uses), row.interface));
        }
    }
    text
}

const HEADING: &str = "\
# Functions that are imported, given to core code, exercisable, reachable, reachable without run-time support, needed by the
# exports of the whole. Written by `WITC_BLESS=1 cargo test --test it -- figures`.
";

fn same(name: &str, text: &str) -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/figures/{name}.txt"));
    let text = format!("{HEADING}{text}");
    if std::env::var_os("WITC_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
        return Ok(std::fs::write(path, text)?);
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    if known == text {
        return Ok(());
    }
    Err(similar::TextDiff::from_lines(&known, &text).unified_diff().to_string().into())
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), Failed> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: expected {expected:?}, found {found:?}").into())
    }
}
