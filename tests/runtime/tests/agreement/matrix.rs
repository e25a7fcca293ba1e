//! The matrix of hosts in `docs/host-matrix.md`: each component of the toolchains, and one artifact linked of them.
//!
//! Differs from the rest of this test: nobody else is asked. It keeps a recorded answer of witc true.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;
use witc::check::{HostFit, Obstacle, Verdict};
use witc::config::{ComponentInput, Request};
use witc::diag::counted;
use witc::report::Answer;
use witc::source::Disk;
use witc_runtime_tests::linked;

use super::inputs::{Failure, binaries, root};

const HEAD: &str = "\
<!-- Made by `WITC_BLESS=1 WITC_COMPONENTS=FOLDER cargo test -p witc-runtime-tests --test agreement -- matrix`. -->

# Which host runs what

What `witc check --host all` says of components of real toolchains, and of what witc links of three of them: the front, a
processor, and a gateway that needs no network. Each imports what its toolchain puts into it, which is more than its code asks for.
The hosts, and where their rows are from, are in [hosts.md](hosts.md).
";

/// The parts of the linked artifact.
const LINKED: [&str; 3] = ["rust/front.wasm", "rust/processor.wasm", "rust/mock-gateway.wasm"];

/// Compares the page with what witc says now; with `WITC_BLESS` set writes it.
pub(super) fn is_as_recorded() -> Result<(), Failed> {
    let page = root().join("docs/host-matrix.md");
    let text = written()?;
    if std::env::var_os("WITC_BLESS").is_some() {
        return Ok(fs::write(page, text)?);
    }
    let recorded = fs::read_to_string(page)?;
    if recorded == text {
        return Ok(());
    }
    let differs = recorded.lines().zip(text.lines()).find(|(is, should)| is != should);
    Err(format!("docs/host-matrix.md is not what witc says now: {differs:?}").into())
}

fn written() -> Result<String, Failure> {
    let mut table = String::from("\n| component | runs on | and with flags on |\n|---|---|---|\n");
    let mut reasons = String::new();
    let folder = tempfile::tempdir()?;
    for (name, path) in inputs(folder.path())? {
        let fits = on_all_hosts(&path)?;
        let (mut bare, mut flagged) = (Vec::new(), Vec::new());
        let mut refusals: Vec<(String, Vec<String>)> = Vec::new();
        for fit in &fits {
            let host = format!("`{}`", fit.host);
            match (fit.links(), fit.flags()) {
                (true, flags) if flags.is_empty() => bare.push(host),
                (true, flags) => flagged.push(format!("{host} (`{}`)", flags.join(" "))),
                (false, _) => {
                    let why = why_not(fit);
                    match refusals.iter_mut().find(|(known, _)| *known == why) {
                        Some((_, hosts)) => hosts.push(host),
                        None => refusals.push((why, vec![host])),
                    }
                }
            }
        }
        writeln!(table, "| {name} | {} | {} |", bare.join(", "), flagged.join(", "))?;
        writeln!(reasons, "\n## {name}\n")?;
        for (why, hosts) in refusals {
            writeln!(reasons, "- {}: {why}", hosts.join(", "))?;
        }
    }
    Ok(format!("{HEAD}{table}\nWhy the others do not run them:\n{reasons}"))
}

/// Name and file of each, and of the artifact that is linked here.
fn inputs(folder: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
    let mut inputs = binaries()?;
    let part = |name: &&str| {
        let found = inputs.iter().find(|(known, _)| known == name);
        found.map(|(_, path)| path.clone()).ok_or_else(|| format!("there is no {name}"))
    };
    let parts = LINKED.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    let path = folder.join("linked.wasm");
    fs::write(&path, linked::set(&parts)?)?;
    inputs.push(("front, processor and mock gateway, linked".to_owned(), path));
    Ok(inputs)
}

fn on_all_hosts(path: &Path) -> Result<Vec<HostFit>, Failure> {
    let request = Request {
        inputs: vec![ComponentInput::bare(path)],
        host: Some("all".to_owned()),
        ..Request::default()
    };
    match witc::pipeline::check(&request, &Disk).answer {
        Some(Answer::Fits(fits)) => Ok(fits),
        _ => Err(format!("no answer about {}", path.display()).into()),
    }
}

/// In a few words, with packages for interfaces.
fn why_not(fit: &HostFit) -> String {
    let mut words: Vec<String> = fit.obstacles.iter().map(obstacle).collect();
    let mut missing: Vec<String> = Vec::new();
    for import in &fit.imports {
        let package = import.name.split('/').next().unwrap_or_default();
        let text = match &import.verdict {
            Verdict::Provided { .. } | Verdict::Nothing => continue,
            Verdict::OtherVersions(versions) => format!("`{}` (it has {})", import.name, versions.join(", ")),
            Verdict::OtherTypes { .. } => format!("`{}` (with other types)", import.name),
            Verdict::Absent => format!("`{package}`"),
        };
        if !missing.contains(&text) {
            missing.push(text);
        }
    }
    if !missing.is_empty() {
        words.push(format!("no {}", missing.join(", ")));
    }
    words.join("; ")
}

fn obstacle(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::NoComponents => "it runs no components".to_owned(),
        Obstacle::NotFlat { imports, components } => {
            let (imports, components) = (counted(*imports, "import"), counted(*components, "component"));
            format!("{imports}, {components} within it, and it takes neither")
        }
        Obstacle::BeyondNumbers(ports) => {
            let names: Vec<String> = ports.iter().map(|port| format!("`{}`", port.name)).collect();
            format!("it takes functions of numbers only, and not {}", names.join(", "))
        }
        Obstacle::Feature(feature) => format!("it lacks `{}`", feature.name()),
        Obstacle::Size { bytes, most, is_compressed } => {
            let form = if *is_compressed { " compressed" } else { "" };
            format!("{bytes} bytes{form}, and it takes {most}")
        }
        Obstacle::Depth { depth, most } => format!("components lie {depth} deep, and it takes {most}"),
        Obstacle::NoExport => "nothing that it could start".to_owned(),
        Obstacle::SeveralExports(_) => "several exports that it could start".to_owned(),
        Obstacle::ExportTypes { port, .. } => format!("it calls `{}` with other types", port.name),
    }
}
