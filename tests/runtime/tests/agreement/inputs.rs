//! Components to ask about: one for each interface of WASI, one for each way to write a version, those of witc's own fixtures,
//! and those of real toolchains.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};
use serde::Deserialize;
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve, WorldId};
use witc_runtime_tests::linked;

/// What can go wrong, in words.
pub(super) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A component, and where it is from.
#[derive(Clone)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// Where WIT is: the crates of Wasmtime's hosts, then those in which WASI is published.
const WIT: [(&str, &str); 7] = [
    ("wasmtime-wasi-http", "wit"),
    ("wasmtime-wasi-http", "src/p3/wit"),
    ("wasmtime-wasi-nn", "wit"),
    ("wasmtime-wasi-config", "wit"),
    ("wasmtime-wasi-keyvalue", "wit"),
    ("wasip2", "wit"),
    ("wasip3", "wit"),
];

/// The interfaces that are there to be exported: no host has them.
const EXPORTED: [&str; 2] = ["wasi:http/incoming-handler@", "wasi:http/handler@"];

/// The target under which witc lists the crates in which WASI is published.
const TARGET: &str = "wasm32v1-none";

/// The versions of `wasi:random` that are asked for.
const VERSIONS: [&str; 12] = [
    "0.1.0",
    "0.2.0-rc-2023-12-05",
    "0.2.0",
    "0.2.3",
    "0.2.12",
    "0.2.99",
    "0.3.0-rc-2026-03-15",
    "0.3.0",
    "0.3.1",
    "0.4.0",
    "1.0.0",
    "2.3.4",
];

/// The composition that each guide links; what they import is all that linked artifacts import.
const COMPOSITIONS: [(&str, &str); 7] = [
    ("wit-fixtures/demo/witc.toml", "payments"),
    ("wit-fixtures/demo/witc.toml", "mock"),
    ("wit-fixtures/demo/witc.toml", "front"),
    ("wit-fixtures/demo/witc.toml", "cli"),
    ("wit-fixtures/demo/witc.toml", "audited"),
    ("tests/runtime/stock/witc.toml", "cart"),
    ("tests/runtime/mood/witc.toml", "classifier"),
];

/// The packages that a workspace is built of.
fn metadata() -> Result<Metadata, Failure> {
    let options = ["--locked", "--offline", "--filter-platform", TARGET].map(str::to_owned);
    Ok(MetadataCommand::new().manifest_path(root().join("Cargo.toml")).other_options(options).exec()?)
}

/// The root of the project.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The WIT in a folder of a crate.
pub(super) fn wit_of(crate_name: &str, folder: &str) -> Result<Resolve, Failure> {
    let metadata = metadata()?;
    let found = metadata.packages.iter().find(|package| package.name.as_str() == crate_name);
    let package = found.ok_or_else(|| format!("the crate `{crate_name}` is not used"))?;
    let mut resolve = Resolve::default();
    resolve.push_dir(package.manifest_path.as_std_path().with_file_name(folder))?;
    Ok(resolve)
}

/// For each interface of WASI a component that imports all functions of it.
pub(super) fn interfaces() -> Result<Vec<Input>, Failure> {
    each_interface(false)
}

/// The same components, each of which answers requests too, and one for each name.
pub(super) fn interfaces_of_servers() -> Result<Vec<Input>, Failure> {
    let mut names = BTreeSet::new();
    let mut inputs = each_interface(true)?;
    inputs.retain(|input| input.name.split(' ').next().is_some_and(|name| names.insert(name.to_owned())));
    Ok(inputs)
}

/// The handler of a server, as it was first: with what it needs of its types.
const HANDLER: &str = "package wasi:http@0.2.0 {
    interface types { resource incoming-request; resource response-outparam; }
    interface incoming-handler {
        use types.{incoming-request, response-outparam};
        handle: func(request: incoming-request, response-out: response-outparam);
    }
}";

fn each_interface(answers: bool) -> Result<Vec<Input>, Failure> {
    let (export, beside) = match answers {
        true => ("export wasi:http/incoming-handler@0.2.0;", HANDLER),
        false => ("", ""),
    };
    let mut inputs = Vec::new();
    for (crate_name, folder) in WIT {
        let resolve = wit_of(crate_name, folder)?;
        for (_, package) in resolve.packages.iter().filter(|(_, package)| package.name.namespace == "wasi") {
            for interface in package.interfaces.keys() {
                let name = package.name.interface_id(interface);
                if EXPORTED.iter().any(|exported| name.starts_with(exported)) {
                    continue;
                }
                let text = format!("package test:one; world one {{ import {name}; {export} }} {beside}");
                let bytes = component_of(&mut resolve.clone(), &text)?;
                inputs.push(Input { name: format!("{name} of {crate_name}"), bytes });
            }
        }
    }
    Ok(inputs)
}

/// For each way to write a version a component that imports one function, and answers requests.
pub(super) fn versions() -> Result<Vec<Input>, Failure> {
    let input = |version: &&str| {
        let text = format!(
            "package test:one;
            world one {{ import wasi:random/random@{version}; export wasi:http/incoming-handler@0.2.0; }}
            package wasi:random@{version} {{
                interface random {{ get-random-u64: func() -> u64; }}
            }}
            {HANDLER}"
        );
        let bytes = component_of(&mut Resolve::default(), &text)?;
        Ok(Input { name: format!("wasi:random/random@{version}"), bytes })
    };
    VERSIONS.iter().map(input).collect()
}

/// A component of the world `one` in a text.
fn component_of(resolve: &mut Resolve, text: &str) -> Result<Vec<u8>, Failure> {
    let package = resolve.push_str("one.wit", text)?;
    let world = resolve.select_world(&[package], Some("one"))?;
    dummy_component(resolve, world)
}

/// A component of a world whose functions do nothing.
fn dummy_component(resolve: &Resolve, world: WorldId) -> Result<Vec<u8>, Failure> {
    let mut module = dummy_module(resolve, world, ManglingAndAbi::Standard32);
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8, false)?;
    Ok(ComponentEncoder::default().module(&module)?.encode()?)
}

/// What a case of `wit-fixtures` makes.
#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    make: std::collections::BTreeMap<String, Make>,
}

#[derive(Deserialize)]
struct Make {
    wit: Option<String>,
    world: Option<String>,
    core: Option<String>,
    keep: Option<usize>,
}

/// The components of witc's fixtures, as text or made of worlds, and what witc links of compositions.
pub(super) fn fixtures() -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    for (manifest, name) in COMPOSITIONS {
        inputs.push(Input { name: format!("{manifest} {name}"), bytes: linked::composition(manifest, name) });
    }
    let mut stages = subfolders(&root().join("wit-fixtures"))?;
    stages.retain(|stage| !stage.ends_with("demo"));
    for stage in stages {
        for case in subfolders(&stage)? {
            of_case(&case, &mut inputs)?;
        }
    }
    Ok(inputs)
}

fn of_case(folder: &Path, inputs: &mut Vec<Input>) -> Result<(), Failure> {
    let name = folder.strip_prefix(root().join("wit-fixtures"))?.display().to_string();
    for file in files(folder)?.iter().filter(|file| file.extension().is_some_and(|it| it == "wat")) {
        // Some fixtures are wrong on purpose, and some are core modules.
        let Ok(bytes) = wat::parse_file(file) else { continue };
        if is_valid_component(&bytes) {
            let file = file.file_name().unwrap_or_default().to_string_lossy();
            inputs.push(Input { name: format!("{name}/{file}"), bytes });
        }
    }
    let Ok(case) = fs::read_to_string(folder.join("case.toml")) else { return Ok(()) };
    let case: Case = toml::from_str(&case)?;
    for (file, make) in case.make {
        let (Some(wit), None, None) = (&make.wit, &make.core, make.keep) else { continue };
        let mut resolve = Resolve { all_features: true, ..Resolve::default() };
        let Ok((package, _)) = resolve.push_path(folder.join(wit)) else { continue };
        let Ok(world) = resolve.select_world(&[package], make.world.as_deref()) else { continue };
        inputs.push(Input { name: format!("{name}/{file}"), bytes: dummy_component(&resolve, world)? });
    }
    Ok(())
}

/// Whether this is a component that a runtime with the usual features takes.
fn is_valid_component(bytes: &[u8]) -> bool {
    let features = wasmparser::WasmFeatures::default() | wasmparser::WasmFeatures::CM_ASYNC;
    wasmparser::Parser::is_component(bytes)
        && wasmparser::Validator::new_with_features(features).validate_all(bytes).is_ok()
}

/// The components of the folder that `WITC_COMPONENTS` names, hollowed.
pub(super) fn toolchains() -> Result<Vec<Input>, Failure> {
    let hollow = |(name, path): (String, PathBuf)| Ok(Input { name, bytes: hollowed(&fs::read(path)?) });
    binaries()?.into_iter().map(hollow).collect()
}

/// Name and file of each component of that folder.
pub(super) fn binaries() -> Result<Vec<(String, PathBuf)>, Failure> {
    let folder =
        std::env::var_os("WITC_COMPONENTS").map(PathBuf::from).ok_or("WITC_COMPONENTS is not set")?;
    let mut binaries = Vec::new();
    for toolchain in subfolders(&folder)? {
        for file in
            files(&toolchain)?.into_iter().filter(|file| file.extension().is_some_and(|it| it == "wasm"))
        {
            binaries.push((file.strip_prefix(&folder)?.display().to_string(), file));
        }
    }
    Ok(binaries)
}

fn subfolders(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_file()).collect())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The same component with functions that do nothing: to compile those of an engine for JavaScript takes minutes, and what
/// a component imports does not change by it.
fn hollowed(binary: &[u8]) -> Vec<u8> {
    const PREAMBLE: usize = 8;
    const IN_COMPONENT: (u8, u8) = (1, 4);
    const CODE: u8 = 10;
    let is_component = wasmparser::Parser::is_component(binary);
    let mut hollow = binary[..PREAMBLE].to_vec();
    let mut rest = &binary[PREAMBLE..];
    while let Some((&id, after)) = rest.split_first() {
        let (length, after) = number(after);
        let (content, after) = after.split_at(length);
        let content = match id {
            0 => Vec::new(),
            id if is_component && (id == IN_COMPONENT.0 || id == IN_COMPONENT.1) => hollowed(content),
            CODE if !is_component => {
                let (count, _) = number(content);
                // Each body has three bytes: no locals, `unreachable`, `end`.
                [written(count), [3, 0, 0x00, 0x0b].repeat(count)].concat()
            }
            _ => content.to_vec(),
        };
        // A custom section says nothing about imports.
        if id != 0 {
            hollow.push(id);
            hollow.extend(written(content.len()));
            hollow.extend(content);
        }
        rest = after;
    }
    hollow
}

/// The number at the start of some bytes, in LEB128, and what follows it.
fn number(bytes: &[u8]) -> (usize, &[u8]) {
    let length = bytes.iter().take_while(|byte| **byte >= 0x80).count() + 1;
    let (digits, rest) = bytes.split_at(length);
    let value = digits.iter().rev().fold(0, |value, digit| (value << 7) | usize::from(digit & 0x7f));
    (value, rest)
}

/// A number in LEB128.
fn written(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let digit = u8::try_from(value & 0x7f).expect("seven bits are a byte");
        value >>= 7;
        if value == 0 {
            bytes.push(digit);
            return bytes;
        }
        bytes.push(digit | 0x80);
    }
}
