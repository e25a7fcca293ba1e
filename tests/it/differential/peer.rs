//! The other linkers, each asked to link one set. Their panics are contained.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Once;

use indexmap::IndexMap;
use wac_graph::types::{BorrowedPackageKey, Package};
use wac_graph::{CompositionGraph, EncodeOptions, plug};
use wac_parser::Document;
use wasm_compose::composer::ComponentComposer;
use wasm_compose::config::Config;
use witc::config::{ComponentInput, ComposeRequest, OutputPath, Request};
use witc::diag::{Level, code};
use witc::pipeline;
use witc::source::MemoryFiles;

use super::world::{Reason, World, explain};
use crate::random;

/// Another linker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Peer {
    /// wac, by the script that witc writes for the composition.
    Script,
    /// wac, plugging all others into the root.
    Plug,
    /// wasm-compose, with all others as definitions.
    Compose,
}

/// What one set comes to.
pub(super) enum Verdict {
    Same,
    Differs { ours: World, theirs: World },
    Refused(#[expect(dead_code, reason = "for whoever looks closer")] String),
    Panicked,
}

impl Verdict {
    /// Why the worlds differ, if that shows in them. A script says every wire: nothing may be left out of it.
    pub(super) fn reason(&self, peer: Peer) -> Option<Reason> {
        let is_allowed = |reason: &Reason| peer != Peer::Script || *reason != Reason::NotWired;
        match self {
            Self::Differs { ours, theirs } => explain(ours, theirs).filter(is_allowed),
            Self::Same | Self::Refused(_) | Self::Panicked => None,
        }
    }
}

/// Components, and what witc links of them.
pub(super) struct Set {
    ours: Vec<u8>,
    script: String,
    /// The packages of the script, in order of instantiation, with their bytes.
    packages: Vec<(String, Vec<u8>)>,
    /// The package whose exports the whole has, where it has those of one only, under their own names.
    root: Option<usize>,
}

impl Set {
    /// The set of a script, whose first lines name the files; `None` where one of them is no component.
    pub(super) fn new(ours: Vec<u8>, script: String, read: impl Fn(&str) -> Option<Vec<u8>>) -> Option<Self> {
        let mut packages = Vec::new();
        for line in script.lines() {
            let Some(named) = line.strip_prefix("//   -d ") else { continue };
            let (name, path) = named.trim_end_matches(" \\").split_once('=')?;
            let bytes = wat::parse_bytes(&read(path.trim_matches('\''))?).ok()?.into_owned();
            packages.push((name.to_owned(), bytes));
        }
        let root = root(&script, &packages);
        Some(Self { ours, script, packages, root })
    }

    /// A component and its mirror; `None` where witc does not link them, which is tested elsewhere.
    pub(super) fn of_pair((one, mirror): (Vec<u8>, Vec<u8>)) -> Option<Self> {
        let memory =
            || MemoryFiles::default().with("one.wasm", one.clone()).with("mirror.wasm", mirror.clone());
        let mut request = Request { validate_bodies: true, ..Request::default() };
        request.inputs = ["one.wasm", "mirror.wasm"].map(ComponentInput::bare).to_vec();
        for lint in [code::UNMET_IMPORT, code::UNUSED_COMPONENT] {
            request.levels.set(lint, Level::Allow);
        }
        let linked = |script: bool| {
            let flags = ComposeRequest {
                root: Some("one".to_owned()),
                output: Some(OutputPath::StandardOutput),
                script,
                ..ComposeRequest::default()
            };
            let outcome = pipeline::compose(&request, &flags, &memory());
            outcome.artifacts.into_iter().next().map(|artifact| artifact.content)
        };
        let (ours, script) = (linked(false)?, String::from_utf8(linked(true)?).ok()?);
        Self::new(ours, script, |path| match path {
            "one.wasm" => Some(one.clone()),
            _ => Some(mirror.clone()),
        })
    }
}

/// The package of the one instance that the script exports from.
fn root(script: &str, packages: &[(String, Vec<u8>)]) -> Option<usize> {
    let exported = script.lines().filter_map(|line| line.strip_prefix("export "));
    let mut names: Vec<&str> = exported.filter_map(|rest| rest.split('[').next()).collect();
    names.dedup();
    let [name] = names.as_slice() else { return None };
    let made = script.lines().find_map(|line| {
        let (instance, package) = line.strip_prefix("let ")?.split_once(" = new ")?;
        (instance == *name).then(|| package.split(' ').next().unwrap_or_default())
    })?;
    let instances = script.lines().filter(|line| line.starts_with("let ")).count();
    let is_renamed = script.lines().filter(|line| line.starts_with("export ")).any(|line| {
        let names = line.trim_end_matches(';').split_once("] as ");
        names.is_some_and(|(from, to)| !from.ends_with(&format!("[{to}")))
    });
    if instances != packages.len() || is_renamed {
        return None;
    }
    packages.iter().position(|(package, _)| package == made)
}

impl Peer {
    pub(super) const ALL: [Self; 3] = [Self::Script, Self::Plug, Self::Compose];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Script => "wac_script",
            Self::Plug => "wac_plug",
            Self::Compose => "wasm_compose",
        }
    }

    /// What this peer makes of a set, beside what witc makes of it.
    pub(super) fn verdict(self, set: &Set) -> Verdict {
        let linked = contained(|| match self {
            Self::Script => by_script(set),
            Self::Plug => by_plugging(set),
            Self::Compose => by_definitions(set),
        });
        let theirs = match linked {
            Some(Ok(theirs)) => theirs,
            Some(Err(reason)) => return Verdict::Refused(reason),
            None => return Verdict::Panicked,
        };
        let (ours, theirs) = (World::read(&random::wit(&set.ours)), World::read(&random::wit(&theirs)));
        if ours == theirs { Verdict::Same } else { Verdict::Differs { ours, theirs } }
    }
}

fn by_script(set: &Set) -> Result<Vec<u8>, String> {
    let document = Document::parse(&set.script).map_err(|error| error.to_string())?;
    let key = |(name, bytes): &(String, Vec<u8>)| (name.clone(), bytes.clone());
    let owned: Vec<(String, Vec<u8>)> = set.packages.iter().map(key).collect();
    let mut packages = IndexMap::new();
    for (name, bytes) in &owned {
        packages.insert(BorrowedPackageKey::from_name_and_version(name, None), bytes.clone());
    }
    let resolution = document.resolve(packages).map_err(|error| error.to_string())?;
    resolution.encode(EncodeOptions::default()).map_err(|error| error.to_string())
}

fn by_plugging(set: &Set) -> Result<Vec<u8>, String> {
    let root = set.root.ok_or("exports of several instances")?;
    let mut graph = CompositionGraph::new();
    let (mut plugs, mut socket) = (Vec::new(), None);
    for (at, (name, bytes)) in set.packages.iter().enumerate() {
        let package = Package::from_bytes(name, None, bytes.clone(), graph.types_mut());
        let package = package.map_err(|error| error.to_string())?;
        let id = graph.register_package(package).map_err(|error| error.to_string())?;
        if at == root { socket = Some(id) } else { plugs.push(id) }
    }
    let socket = socket.ok_or("no root")?;
    plug(&mut graph, plugs, socket).map_err(|error| error.to_string())?;
    graph.encode(EncodeOptions::default()).map_err(|error| error.to_string())
}

fn by_definitions(set: &Set) -> Result<Vec<u8>, String> {
    let root = set.root.ok_or("exports of several instances")?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for (at, (_, bytes)) in set.packages.iter().enumerate() {
        let path = folder.path().join(format!("part{at}.wasm"));
        std::fs::write(&path, bytes).map_err(|error| error.to_string())?;
        paths.push(path);
    }
    let root = paths.remove(root);
    let config = Config { dir: folder.path().to_owned(), definitions: paths, ..Config::default() };
    let linked = ComponentComposer::new(&root, &config).compose().map_err(|error| error.to_string())?;
    let valid =
        wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::all()).validate_all(&linked);
    valid.map(|_| linked).map_err(|error| format!("it is not valid: {error}"))
}

thread_local! {
    /// Whether a peer works on this thread: what it says when it panics helps nobody here.
    static IS_PEER: Cell<bool> = const { Cell::new(false) };
}

fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_PEER.get() {
                previous(panic);
            }
        }));
    });
    IS_PEER.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    IS_PEER.set(false);
    result.ok()
}
