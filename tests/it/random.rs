//! Laws over random worlds: what holds for any component, not only for those that somebody thought of.
//!
//! *Identity*: a component linked alone has the same WIT as before, attributes and all, and the same bytes come twice.
//! *Mirror*: a component linked with one that exports what it imports: exactly those imports are gone.
//!
//! `WITC_SEEDS=FROM..TO` chooses the seeds; `cargo xtask fuzz` does so. A world that breaks a law is told by its seed.

use std::ops::Range;
use std::panic::AssertUnwindSafe;

use arbitrary::{Arbitrary, Unstructured};
use libtest_mimic::Trial;
use wit_component::{
    ComponentEncoder, DecodedWasm, StringEncoding, WitPrinter, decode, dummy_module, embed_component_metadata,
};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve, WorldId};
use witc::config::{Flags, InputPath, Request};
use witc::diag::{Level, Run, Severity, code};
use witc::model::{Artifact, Part};
use witc::source::MemoryFiles;

const SEEDS: Range<u64> = 0..500;
/// How many bytes of chance a world is made of.
const CHANCE: usize = 1 << 14;
/// A test is a range of so many seeds.
const SPAN: u64 = 50;

/// One test for each range of seeds.
pub(crate) fn tests() -> Vec<Trial> {
    ranges(SEEDS, SPAN)
        .map(|range| Trial::test(format!("random::seeds_{}", range.start), move || hold(range)))
        .collect()
}

/// The seeds that were chosen, or these, in ranges of `span`.
pub(crate) fn ranges(seeds: Range<u64>, span: u64) -> impl Iterator<Item = Range<u64>> {
    let Range { start, end } = chosen_seeds().unwrap_or(seeds);
    let starts = (start..end).step_by(usize::try_from(span).unwrap_or(1));
    starts.map(move |start| start..(start + span).min(end))
}

fn chosen_seeds() -> Option<Range<u64>> {
    let text = std::env::var("WITC_SEEDS").ok()?;
    let (from, to) = text.split_once("..")?;
    Some(from.parse().ok()?..to.parse().ok()?)
}

fn hold(seeds: Range<u64>) -> Result<(), libtest_mimic::Failed> {
    let broken: Vec<String> = seeds
        .flat_map(|seed| broken_by(seed).into_iter().map(move |law| format!("seed {seed}: {law}")))
        .collect();
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n").into()) }
}

/// The laws that the worlds of a seed break.
fn broken_by(seed: u64) -> Vec<String> {
    let made = contained(|| worlds(seed));
    let Some((resolve, worlds, canonical_names)) = made else { return Vec::new() };
    let mut broken = Vec::new();
    for world in worlds {
        let name = resolve.worlds[world].name.clone();
        let Some(component) = contained(|| component(&resolve, world, canonical_names)) else { continue };
        broken.extend(identity(&component).err().map(|law| format!("world `{name}`: identity: {law}")));
        if let Some(other) = mirrored(&resolve, world, canonical_names) {
            broken
                .extend(mirror(&component, &other).err().map(|law| format!("world `{name}`: mirror: {law}")));
        }
    }
    broken
}

/// The components of the worlds of a seed, each with one that exports what it imports.
pub(crate) fn pairs(seed: u64) -> Vec<(Vec<u8>, Vec<u8>)> {
    let made = contained(|| worlds(seed));
    let Some((resolve, worlds, canonical_names)) = made else { return Vec::new() };
    let pair = |world: WorldId| {
        let component = contained(|| component(&resolve, world, canonical_names))?;
        Some((component, mirrored(&resolve, world, canonical_names)?))
    };
    worlds.into_iter().filter_map(pair).collect()
}

/// A component that exports what a world imports.
fn mirrored(resolve: &Resolve, world: WorldId, canonical_names: bool) -> Option<Vec<u8>> {
    contained(|| {
        let mut mirrored = resolve.clone();
        mirrored.exportize(world, Some("mirror".to_owned()), None).ok()?;
        component(&mirrored, world, canonical_names)
    })
}

fn identity(component: &[u8]) -> Result<(), String> {
    let linked = link(&[("one.wasm", component)])?;
    if link(&[("one.wasm", component)])? != linked {
        return Err("other bytes the second time".to_owned());
    }
    let (before, after) = (wit(component), wit(&linked));
    if before != after {
        Err(format!("the WIT changed\n--- before\n{before}\n--- after\n{after}"))
    } else {
        Ok(())
    }
}

fn mirror(component: &[u8], other: &[u8]) -> Result<(), String> {
    let linked = link(&[("one.wasm", component), ("mirror.wasm", other)])?;
    let left: Vec<String> =
        names(&linked).into_iter().filter(|name| names_exported(other).contains(name)).collect();
    if left.is_empty() { Ok(()) } else { Err(format!("still imports {}", left.join(", "))) }
}

fn link(files: &[(&str, &[u8])]) -> Result<Vec<u8>, String> {
    let memory = files.iter().fold(MemoryFiles::default(), |memory, (name, bytes)| memory.with(name, *bytes));
    let mut run = Run::default();
    run.diagnostics.levels.set(code::UNMET_IMPORT, Level::Allow);
    // A world without imports has a mirror that nothing needs.
    run.diagnostics.levels.set(code::UNUSED_COMPONENT, Level::Allow);
    let paths = files.iter().map(|(name, _)| InputPath::Path(name.into())).collect();
    let flags = Flags { paths, root: Some("one".to_owned()), ..Flags::default() };
    let linked = link_flags(flags, &memory, &mut run);
    let errors: Vec<String> = run
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| format!("[{}] {} {:?}", diagnostic.code, diagnostic.message, diagnostic.notes))
        .collect();
    linked.filter(|_| errors.is_empty()).map(|it| bytes(&it)).ok_or_else(|| errors.join("; "))
}

/// Links what flags name; `None` if anything is wrong.
pub(crate) fn link_flags(flags: Flags, files: &MemoryFiles, run: &mut Run) -> Option<Artifact> {
    let composition = flags.into_composition("witc compose", run);
    let request = Request { inputs: composition.inputs.clone(), validate_bodies: true, ..Request::default() };
    let mut inputs = witc::load::load(&request, files, run);
    let wiring = witc::check::wire(&mut inputs, &composition, run)?;
    if run.diagnostics.error_count() > 0 {
        return None;
    }
    let plan = witc::link::plan(&mut inputs, &wiring, true, run)?;
    witc::emit::emit(&mut inputs, &plan, None, run)
}

/// The bytes of an artifact in one piece.
pub(crate) fn bytes(artifact: &Artifact) -> Vec<u8> {
    artifact.parts.iter().flat_map(Part::as_slice).copied().collect()
}

/// What the tools that make random components make, or nothing where they panic: they are not what is tested here.
fn contained<T>(make: impl FnOnce() -> Option<T>) -> Option<T> {
    std::panic::catch_unwind(AssertUnwindSafe(make)).ok().flatten()
}

/// The worlds of a seed, or nothing where the chance makes no WIT.
fn worlds(seed: u64) -> Option<(Resolve, Vec<WorldId>, bool)> {
    let chance = chance(seed);
    let mut source = Unstructured::new(&chance);
    let mut config = wit_smith::Config::arbitrary(&mut source).ok()?;
    config.max_world_items = config.max_world_items.max(6);
    config.max_interface_items = config.max_interface_items.max(5);
    let package = wit_smith::smith(&config, &mut source).ok()?;
    let DecodedWasm::WitPackage(resolve, package) = decode(&package).ok()? else { return None };
    let worlds = resolve.packages[package].worlds.values().copied().collect();
    Some((resolve, worlds, config.canonical_names))
}

/// Bytes that look like chance, the same for a seed each time (Marsaglia's xorshift).
pub(crate) fn chance(seed: u64) -> Vec<u8> {
    let mut state = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..CHANCE).map(|_| next()).collect()
}

/// A component of a world whose functions do nothing; `None` where the tools that make it refuse.
fn component(resolve: &Resolve, world: WorldId, canonical_names: bool) -> Option<Vec<u8>> {
    let mut module = dummy_module(resolve, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8, canonical_names).ok()?;
    let mut encoder = ComponentEncoder::default();
    encoder.emit_canonical_names(canonical_names).module(&module).ok()?.validate(true).encode().ok()
}

fn decoded(component: &[u8]) -> Option<(Resolve, WorldId)> {
    match contained(|| decode(component).ok())? {
        DecodedWasm::Component(resolve, world) => Some((resolve, world)),
        DecodedWasm::WitPackage(..) => None,
    }
}

/// The WIT of a component, or why there is none.
pub(crate) fn wit(component: &[u8]) -> String {
    let Some((resolve, world)) = decoded(component) else { return "not decodable".to_owned() };
    let Some(package) = resolve.worlds[world].package else { return "without a package".to_owned() };
    let others: Vec<_> = resolve.packages.iter().map(|(id, _)| id).filter(|id| *id != package).collect();
    let mut printer = WitPrinter::default();
    match printer.print(&resolve, package, &others) {
        Ok(()) => printer.output.to_string(),
        Err(error) => error.to_string(),
    }
}

fn names(component: &[u8]) -> Vec<String> {
    let world = decoded(component);
    let names = world.map(|(resolve, world)| {
        resolve.worlds[world].imports.keys().map(|key| resolve.name_world_key(key)).collect()
    });
    names.unwrap_or_default()
}

fn names_exported(component: &[u8]) -> Vec<String> {
    let world = decoded(component);
    let names = world.map(|(resolve, world)| {
        resolve.worlds[world].exports.keys().map(|key| resolve.name_world_key(key)).collect()
    });
    names.unwrap_or_default()
}
