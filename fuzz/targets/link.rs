//! Sets of components of random worlds, linked: nothing panics, what is made is sound, and the order does not matter.
//!
//! Differs from `tests/it/random.rs`, which knows what must become of a world: here the sets are any.
#![no_main]

use std::panic::{AssertUnwindSafe, catch_unwind};

use arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding, decode, dummy_module};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve, WorldId};
use witc::config::{ComponentInput, ComposeRequest, OutputPath, Request};
use witc::diag::{Level, code};
use witc::pipeline;
use witc::source::{Files, MemoryFiles};
use witc_fuzz::{expect_no_bug, hold};

/// The most components of a set.
const MOST: usize = 6;

fuzz_target!(|bytes: &[u8]| {
    // The tools that make worlds panic on some: they are not what is tested.
    let made = hold(|| catch_unwind(AssertUnwindSafe(|| set(bytes))).ok().flatten());
    let Some((set, flags)) = made.filter(|(set, _)| !set.is_empty()) else { return };
    hold(|| {
        let once = linked(&set, &flags);
        let turned: Vec<_> = set.iter().rev().cloned().collect();
        if once != linked(&turned, &flags) {
            eprintln!("another order gives something else");
            std::process::abort();
        }
    });
});

/// What the whole set becomes; nothing where it does not fit together.
fn linked(set: &[(String, Vec<u8>)], flags: &ComposeRequest) -> Option<Vec<u8>> {
    let files =
        set.iter().fold(MemoryFiles::default(), |files, (name, bytes)| files.with(name, bytes.clone()));
    let mut request = Request { validate_bodies: true, ..Request::default() };
    request.inputs = set.iter().map(|(name, _)| ComponentInput::bare(name)).collect();
    for lint in [code::UNMET_IMPORT, code::UNUSED_COMPONENT] {
        request.levels.set(lint, Level::Allow);
    }
    let outcome = pipeline::compose(&request, flags, &files);
    expect_no_bug(&outcome);
    files.read("linked.wasm".as_ref()).ok()
}

/// A set of components, and how they are to be linked.
fn set(bytes: &[u8]) -> Option<(Vec<(String, Vec<u8>)>, ComposeRequest)> {
    let mut source = Unstructured::new(bytes);
    let mut config = wit_smith::Config::arbitrary(&mut source).ok()?;
    config.max_world_items = config.max_world_items.max(4);
    config.max_interface_items = config.max_interface_items.max(3);
    let no_share = bool::arbitrary(&mut source).ok()?;
    let (has_root, mirrored) = (bool::arbitrary(&mut source).ok()?, u8::arbitrary(&mut source).ok()?);
    let package = wit_smith::smith(&config, &mut source).ok()?;
    let DecodedWasm::WitPackage(resolve, package) = decode(&package).ok()? else { return None };
    let worlds: Vec<WorldId> = resolve.packages[package].worlds.values().copied().collect();
    let mut set = Vec::new();
    for (at, world) in worlds.into_iter().enumerate() {
        if set.len() + 2 > MOST {
            break;
        }
        set.extend(Some((format!("c{at}.wasm"), component(&resolve, world, config.canonical_names)?)));
        if mirrored & (1 << (at % 8)) != 0 {
            let mut turned = resolve.clone();
            turned.exportize(world, Some("mirror".to_owned()), None).ok()?;
            if let Some(bytes) = component(&turned, world, config.canonical_names) {
                set.push((format!("m{at}.wasm"), bytes));
            }
        }
    }
    let root = has_root.then(|| "c0".to_owned());
    let output = Some(OutputPath::Path("linked.wasm".into()));
    Some((set, ComposeRequest { root, no_share, output, ..ComposeRequest::default() }))
}

/// A component of a world whose functions do nothing.
fn component(resolve: &Resolve, world: WorldId, canonical_names: bool) -> Option<Vec<u8>> {
    let mut module = dummy_module(resolve, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    wit_component::embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8, canonical_names)
        .ok()?;
    let mut encoder = ComponentEncoder::default();
    encoder.emit_canonical_names(canonical_names).module(&module).ok()?.validate(true).encode().ok()
}
