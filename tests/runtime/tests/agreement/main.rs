//! Holds what witc says of hosts against what others say: Wasmtime's own linker, `wasm-tools component targets`, and, where
//! they are installed, wassette and wasmCloud's host.
//!
//! Nothing is run here; `hosts/` does that. Where the answers differ, the difference is listed with its reason, and a listed
//! difference that is none any more is a failure too.

mod inputs;
mod linkers;
mod matrix;
mod programs;
mod targets;

use std::collections::BTreeMap;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use wasmtime::component::Component;
use witc::check::{HostFit, Obstacle, Verdict};
use witc::config::{ComponentInput, Request};
use witc::report::Answer;
use witc::source::Disk;
use witc_runtime_tests::tools::{HOW_TO_INSTALL, NO_WASSETTE, Tools};

use inputs::Input;
use linkers::{Flags, Wasmtime};

/// What the linker of Wasmtime and witc say differently: the input, the host, and why.
const OTHERWISE_THAN_WASMTIME: &[(&str, &str, &str)] = &[
    ("check/chain-of-other-versions/app.wat", "wasmtime-run", ONE_TRACK),
    ("check/chain-of-other-versions/app.wat", "wasmtime-serve", ONE_TRACK),
    ("check/chain-of-two-versions/app.wat", "wasmtime-run", ONE_TRACK),
    ("check/chain-of-two-versions/app.wat", "wasmtime-serve", ONE_TRACK),
    ("check/implied-export-met-twice/app.wasm", "wasmtime-run", NAMED_AGAIN),
    ("check/implied-export-met-twice/app.wasm", "wasmtime-serve", NAMED_AGAIN),
    ("check/implied-export/front.wasm", "wasmtime-run", NAMED_AGAIN),
    ("check/implied-export/front.wasm", "wasmtime-serve", NAMED_AGAIN),
    ("check/implied-export/of-the-host.wasm", "wasmtime-run", NAMED_AGAIN),
    ("check/implied-export/of-the-host.wasm", "wasmtime-serve", NAMED_AGAIN),
    ("check/resource-origin-of-bare-names/app.wasm", "wasmtime-run", NAMED_AGAIN),
    ("check/resource-origin-of-bare-names/app.wasm", "wasmtime-serve", NAMED_AGAIN),
    ("check/resource-origin-of-bare-names/store.wasm", "wasmtime-run", NAMED_AGAIN),
    ("check/resource-origin-of-bare-names/store.wasm", "wasmtime-serve", NAMED_AGAIN),
    ("check/resource-origin-of-two-versions/a.wat", "wasmtime-run", ONE_TRACK),
    ("check/resource-origin-of-two-versions/a.wat", "wasmtime-serve", ONE_TRACK),
    ("check/resource-origin-of-two-versions/b.wat", "wasmtime-run", ONLY_TYPES),
    ("check/resource-origin-of-two-versions/b.wat", "wasmtime-serve", ONLY_TYPES),
    ("check/resource-origin-of-two-versions/c.wat", "wasmtime-run", ONLY_TYPES),
    ("check/resource-origin-of-two-versions/c.wat", "wasmtime-serve", ONLY_TYPES),
    ("check/track-conflict-of-an-older-use/a.wat", "wasmtime-run", ONE_TRACK),
    ("check/track-conflict-of-an-older-use/a.wat", "wasmtime-serve", ONE_TRACK),
    ("check/track-conflict-of-one-user/a.wat", "wasmtime-run", ONE_TRACK),
    ("check/track-conflict-of-one-user/a.wat", "wasmtime-serve", ONE_TRACK),
    ("link/inner-resource/painter.wasm", "wasmtime-run", NAMED_AGAIN),
    ("link/inner-resource/painter.wasm", "wasmtime-serve", NAMED_AGAIN),
    ("link/mutual-uses/z.wat", "wasmtime-run", ONLY_TYPES),
    ("link/mutual-uses/z.wat", "wasmtime-serve", ONLY_TYPES),
    ("link/root-resources/app.wasm", "wasmtime-run", NAMED_AGAIN),
    ("link/root-resources/app.wasm", "wasmtime-serve", NAMED_AGAIN),
    ("link/root-resources/drawer.wasm", "wasmtime-run", NAMED_AGAIN),
    ("link/root-resources/drawer.wasm", "wasmtime-serve", NAMED_AGAIN),
    ("link/root-resources/painter.wasm", "wasmtime-run", NAMED_AGAIN),
    ("link/root-resources/painter.wasm", "wasmtime-serve", NAMED_AGAIN),
    ("link/used-type-of-the-host/app.wat", "wasmtime-run", NAMED_AGAIN),
    ("link/used-type-of-the-host/app.wat", "wasmtime-serve", NAMED_AGAIN),
    ("load/packages-in-a-circle/shop.wat", "wasmtime-run", ONLY_TYPES),
    ("load/packages-in-a-circle/shop.wat", "wasmtime-serve", ONLY_TYPES),
];

/// What Wasmtime cannot read although it is valid: part of what it says, and what no row of witc says.
const UNREADABLE: [(&str, &str); 3] = [
    ("root-level component imports are not supported", "it imports a component"),
    ("exporting a component from the root component is not supported", "it exports a component"),
    ("is a reexport of an imported function", "it exports a function that it imports"),
];

const NAMED_AGAIN: &str =
    "a resource of one import has a second name at the root: witc counts both as missing, Wasmtime one";
const ONE_TRACK: &str = "two versions of one track are missing: witc counts both, and what Wasmtime has for one is there for the other";
const ONLY_TYPES: &str =
    "an interface of other names for resources needs no host for Wasmtime; witc counts it as missing";

/// What `wasm-tools component targets` and witc say differently.
const OTHERWISE_THAN_TARGETS: &[(&str, &str, &str)] = &[
    ("check/replaced-kept-by-others/exported.wat", "wasmtime-run", NO_WIT),
    ("check/replaced-kept-by-others/handed-on.wat", "wasmtime-run", NO_WIT),
    ("check/replaced-taken-apart/nested.wat", "wasmtime-run", NO_WIT),
    ("check/replaced-taken-apart/resources.wat", "wasmtime-run", NO_WIT),
    ("check/types-alone/newer.wasm", "wasmtime-run", NO_TYPES),
    ("check/types-alone/provider.wasm", "wasmtime-run", NO_TYPES),
    ("deploy/messages/app.wasm", "wasmtime-run", NO_TYPES),
    ("link/component-resources/minimpp.wat", "wasmtime-run", NO_WIT),
    ("link/component-resources/minp.wat", "wasmtime-run", NO_WIT),
    ("link/gc-core-module/provider.wat", "wasmtime-run", NO_WIT),
    ("link/many-names/app.wat", "wasmtime-run", NO_TYPES),
    ("link/non-wit-shapes/provider.wat", "wasmtime-run", NO_WIT),
    ("link/root-types-in-instances/own.wat", "wasmtime-run", NO_WIT),
    ("link/root-types-in-instances/record.wat", "wasmtime-run", NO_WIT),
    ("link/root-types-in-instances/resource.wat", "wasmtime-run", NO_WIT),
    ("link/root-types-of-others/handles.wat", "wasmtime-run", NO_WIT),
    ("link/root-types-of-others/made.wat", "wasmtime-run", NO_WIT),
    ("link/root-types-of-others/maker.wat", "wasmtime-run", NO_WIT),
    ("link/root-types-of-others/parts.wat", "wasmtime-run", NO_WIT),
    ("link/root-types/provider.wat", "wasmtime-run", NO_WIT),
    ("link/used-type-of-the-host/other.wat", "wasmtime-run", NO_WIT),
    ("load/only-types/more-types.wat", "wasmtime-run", NO_WIT),
    ("load/only-types/types.wat", "wasmtime-run", NO_WIT),
    ("load/only-types/user.wat", "wasmtime-run", NO_WIT),
];

/// Inputs on which `targets` overflows its stack, which ends the process: two versions of an interface that use each other's
/// resources, once it takes them for one.
const OVERFLOWS: [&str; 3] = [
    "check/track-conflict-of-an-older-use/a.wat",
    "link/import-uses-itself/app.wat",
    "link/newest-uses-resource/app.wat",
];

const NO_TYPES: &str = "its world lacks an interface of types alone, which no host has to provide";
const NO_WIT: &str = "it exports what no WIT can say, and all that it imports is there";

/// What a host that is a program and witc say differently.
const OTHERWISE_THAN_THE_PROGRAM: &[(&str, &str, &str)] = &[];

/// Fixtures that are no component to run, as a case of their own shows.
const UNREAD: [&str; 2] = ["load/too-large-surface/country.wat", "load/wit-package-in-binary-form/sums.wat"];

fn main() -> ExitCode {
    let shared = std::env::var_os("WITC_COMPONENTS").is_some();
    let needs_folder = |trial: Trial| match shared {
        true => trial,
        false => trial.with_kind("WITC_COMPONENTS names no folder").with_ignored_flag(true),
    };
    let tools = Tools::find();
    let (wash, wassette) = (tools.clone(), tools.clone());
    let no_tools = tools.is_none().then_some(HOW_TO_INSTALL);
    let no_wassette = tools.is_some_and(|tools| tools.wassette().is_none()).then_some(NO_WASSETTE);
    let unless = |reason: Option<&str>, trial: Trial| match reason {
        Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
        None => trial,
    };
    let trials = vec![
        unless(no_tools, Trial::test("each_interface_with_wasmcloud", move || with_wasmcloud(&wash))),
        unless(
            no_tools.or(no_wassette),
            Trial::test("each_interface_with_wassette", move || with_wassette(&wassette)),
        ),
        Trial::test("each_interface_with_wasmtime", || with_wasmtime(&inputs::interfaces()?)),
        Trial::test("each_version_with_wasmtime", || with_wasmtime(&inputs::versions()?)),
        Trial::test("fixtures_with_wasmtime", || with_wasmtime(&inputs::fixtures()?)),
        Trial::test("fixtures_with_targets", || with_targets(&inputs::fixtures()?)),
        needs_folder(Trial::test("toolchains_with_wasmtime", || with_wasmtime(&inputs::toolchains()?))),
        needs_folder(Trial::test("toolchains_with_targets", || with_targets(&inputs::toolchains()?))),
        needs_folder(Trial::test("matrix_of_hosts_is_as_recorded", matrix::is_as_recorded)),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// For each input, host and set of flags: whether it starts there, and which imports are missing.
fn with_wasmtime(inputs: &[Input]) -> Result<(), Failed> {
    let mut differences = BTreeMap::new();
    for input in inputs {
        let mut compiled = None;
        for host in [Wasmtime::Run, Wasmtime::Serve] {
            let Some(fit) = asked(input, host.id())? else { continue };
            // With such a feature Wasmtime reads no imports: it refuses the bytes.
            if needs_features(&fit) {
                continue;
            }
            let component = match compiled.get_or_insert_with(|| linkers::compiled(&input.bytes)) {
                Ok(component) => component,
                Err(error) if UNREADABLE.iter().any(|(part, _)| format!("{error:?}").contains(part)) => {
                    continue;
                }
                Err(error) => {
                    let text = format!("\n    Wasmtime: {error:?}");
                    differences.insert((input.name.clone(), host.id()), text);
                    continue;
                }
            };
            for flags in [Flags::none(), Flags::of(&fit), Flags::all()] {
                let said = Said::by_witc(&fit, &flags);
                let is = Said::by_linker(host, component, &flags)
                    .map_err(|error| format!("{} with {flags:?}: {error}", input.name))?;
                if !said.agrees_with(&is) {
                    let text = format!("with {flags:?}\n    witc:     {said:?}\n    Wasmtime: {is:?}");
                    differences.insert((input.name.clone(), host.id()), text);
                }
            }
        }
    }
    compare(differences, OTHERWISE_THAN_WASMTIME, inputs)
}

/// For each interface and version: whether wassette loads what imports it.
fn with_wassette(tools: &Option<Tools>) -> Result<(), Failed> {
    let ask = |bytes: &[u8]| programs::wassette(tools.as_ref().ok_or(HOW_TO_INSTALL)?, bytes);
    with_program("wassette", [inputs::interfaces_of_servers()?, inputs::versions()?].concat(), ask)
}

/// For each interface and version: whether wasmCloud's host starts a workload that imports it.
fn with_wasmcloud(tools: &Option<Tools>) -> Result<(), Failed> {
    let ask = |bytes: &[u8]| programs::wasmcloud(tools.as_ref().ok_or(HOW_TO_INSTALL)?, bytes);
    with_program("wasmcloud", [inputs::interfaces_of_servers()?, inputs::versions()?].concat(), ask)
}

/// For each input: whether it links on a host, by witc and by the program that is the host.
fn with_program(
    host: &'static str,
    inputs: Vec<Input>,
    refusal: impl Fn(&[u8]) -> Result<Option<String>, inputs::Failure>,
) -> Result<(), Failed> {
    let mut differences = BTreeMap::new();
    let (mut taken, mut refused) = (0, 0);
    for input in &inputs {
        let Some(fit) = asked(input, host)? else { continue };
        let refusal = refusal(&input.bytes)?;
        *(if refusal.is_none() { &mut taken } else { &mut refused }) += 1;
        if fit.links() != refusal.is_none() {
            let text = format!("\n    witc: {}\n    the host: {refusal:?}", fit.links());
            differences.insert((input.name.clone(), host), text);
        }
    }
    if taken < 30 || refused < 10 {
        return Err(format!("only {taken} were taken and {refused} refused: was the host asked?").into());
    }
    compare(differences, OTHERWISE_THAN_THE_PROGRAM, &inputs)
}

/// Whether witc says that it needs a feature that is off there.
fn needs_features(fit: &HostFit) -> bool {
    !fit.feature_flags.is_empty() || fit.obstacles.iter().any(|it| matches!(it, Obstacle::Feature(_)))
}

/// For each input and host that a world of WASI describes: whether it fits the world.
fn with_targets(inputs: &[Input]) -> Result<(), Failed> {
    let mut differences = BTreeMap::new();
    for world in targets::worlds()? {
        for input in inputs {
            let Some(fit) = asked(input, world.host)? else { continue };
            // Of what the world lacks and the host has by a flag or in WASI 0.3, `targets` has no answer.
            if needs_features(&fit) || !world.can_say(&fit) || OVERFLOWS.contains(&input.name.as_str()) {
                continue;
            }
            let Some(is) = world.takes(&input.bytes) else { continue };
            let said = world.said(&fit);
            if said != is.is_ok() {
                let text = format!("\n    witc:    {said}\n    targets: {is:?}");
                differences.insert((input.name.clone(), world.host), text);
            }
        }
    }
    compare(differences, OTHERWISE_THAN_TARGETS, inputs)
}

/// What is said of one input.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    /// Whether there is something to start, if that is known.
    starts: Option<bool>,
    /// The imports that are missing, sorted: all of them, but where it is not known what is started.
    missing: Vec<String>,
}

impl Said {
    /// Whether the linker says the same, as far as it goes.
    fn agrees_with(&self, linker: &Self) -> bool {
        match linker.starts {
            Some(_) => self == linker,
            None => linker.missing.iter().all(|name| self.missing.contains(name)),
        }
    }

    fn by_witc(fit: &HostFit, flags: &Flags) -> Self {
        let is_missing = |verdict: &Verdict| match verdict {
            Verdict::Provided { flag, .. } => flag.as_ref().is_some_and(|flag| !flags.has(flag)),
            Verdict::Nothing => false,
            Verdict::OtherVersions(_) | Verdict::OtherTypes { .. } | Verdict::Absent => true,
        };
        let missing = fit.imports.iter().filter(|import| is_missing(&import.verdict));
        let mut missing: Vec<String> = missing.map(|import| import.name.clone()).collect();
        missing.sort();
        let starts = !fit.obstacles.iter().any(|it| matches!(it, Obstacle::NoExport));
        Self { starts: Some(starts), missing }
    }

    fn by_linker(host: Wasmtime, component: &Component, flags: &Flags) -> Result<Self, inputs::Failure> {
        let (starts, missing) = linkers::answer(host, component, flags)?;
        Ok(Self { starts, missing })
    }
}

/// What witc says of an input on a host; nothing of one that it is right not to read.
fn asked(input: &Input, host: &str) -> Result<Option<HostFit>, Failed> {
    if UNREAD.contains(&input.name.as_str()) {
        return Ok(None);
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("input.wasm");
    std::fs::write(&path, &input.bytes)?;
    let request = Request {
        inputs: vec![ComponentInput::bare(&path)],
        host: Some(host.to_owned()),
        ..Request::default()
    };
    let outcome = witc::pipeline::check(&request, &Disk);
    match outcome.answer {
        Some(Answer::Fits(mut fits)) if fits.len() == 1 => Ok(fits.pop()),
        _ => {
            let said: Vec<&str> = outcome.diagnostics.iter().map(|it| it.message.as_str()).collect();
            Err(format!("{}: {}", input.name, said.join("; ")).into())
        }
    }
}

/// Fails with the differences that nobody has listed, and with those that are listed and are none.
fn compare(
    mut found: BTreeMap<(String, &'static str), String>,
    listed: &'static [(&str, &str, &str)],
    inputs: &[Input],
) -> Result<(), Failed> {
    let mut failures = Vec::new();
    for (input, host, reason) in listed {
        let is_here = inputs.iter().any(|it| it.name == *input);
        if found.remove(&((*input).to_owned(), *host)).is_none() && is_here {
            failures.push(format!("{input} on {host}: no difference any more ({reason})"));
        }
    }
    failures.extend(found.into_iter().map(|((input, host), text)| format!("{input} on {host}: {text}")));
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}
