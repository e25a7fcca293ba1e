//! The way of all inputs of a run: read and decoded in parallel, then taken in in order.
//!
//! Differs from `component.rs`: this looks after all inputs, that after one.

use std::sync::OnceLock;

use rayon::prelude::*;
use wasmparser::Parser;

use super::binaries::binaries_in;
use super::component::{Decoded, assemble, decode};
use super::componentise::metadata_section;
use super::contain::contain;
use super::detect::{Format, looks_like_wit};
use super::diagnostics::{
    At, Fault, NotAComponent, NotWebassembly, RepeatedInput, Truncated, UnsupportedVersion,
};
use super::known_valid::KnownValid;
use super::missing::unreadable;
use super::read::{Content, read};
use super::unproven::Unproven;
use super::validate::Bodies;
use super::wit_text::decode_to_text;
use super::written::{Shown, Written};
use super::{Component, Inputs, wit};
use crate::config::{ComponentInput, InputPath, Request, instance_names, repeated};
use crate::diag::{Run, escape};
use crate::source::{Bytes, Digest, Files, Origin, Overlay, SourceId, is_worth_threads};

/// What one input turned out to be.
enum Loaded {
    /// A component.
    Component {
        decoded: Decoded,
        /// The digest of what was given, if it was needed.
        digest: Option<Digest>,
        /// Whether that was a core module, another binary than the component that was made of it.
        is_made: bool,
        /// Whether its function bodies are still to be looked into.
        is_new: bool,
        /// Its text, if that is what was given.
        text: Option<String>,
    },
    /// WIT: its text where it was read already, nothing for a folder.
    Wit(Option<Vec<u8>>),
    /// Not to be loaded; for a text of WebAssembly, with the text.
    Failed(Fault, Option<String>),
    /// The same as an input before it.
    Repeated,
    /// Not to be loaded, and said already.
    Skipped,
}

/// Loads all inputs of a request; each that cannot be loaded leaves a diagnostic.
pub fn load(request: &Request, files: &dyn Files, run: &mut Run) -> Inputs {
    let (mut inputs, unproven) = load_unproven(request, files, run);
    let ((), proof) = unproven.prove_beside(|| ());
    proof.sift(&mut inputs);
    proof.settle(files, run);
    inputs
}

/// Loads all inputs of a request, but leaves their function bodies to be looked into; each that cannot be loaded leaves a
/// diagnostic.
pub fn load_unproven(request: &Request, files: &dyn Files, run: &mut Run) -> (Inputs, Unproven) {
    let errors = run.diagnostics.error_count();
    let jobs = jobs(request, files, run);
    let known = KnownValid::recall(request.validate_bodies && files.can_keep(), files);
    let load = |job: Job<'_>| {
        let loaded = contain(|| job.load(request, files, &known));
        loaded.unwrap_or_else(|panic| Loaded::Failed(Fault::Panicked(panic), None))
    };
    let loaded: Vec<Loaded> = match are_few(request, files) {
        true => jobs.into_iter().map(load).collect(),
        false => jobs.into_par_iter().map(load).collect(),
    };
    let names = names(request, &loaded);
    let has_components = loaded.iter().any(|loaded| matches!(loaded, Loaded::Component { .. }));
    let written = if has_components { Written::load(request, files, run) } else { Written::default() };
    let (mut inputs, mut unproven) = (Inputs::default(), Unproven::new(known));
    // What comes through a pipe can be read only once.
    let mut once = Overlay::new(files);
    for (index, ((input, loaded), name)) in request.inputs.iter().zip(loaded).zip(names).enumerate() {
        match loaded {
            Loaded::Component { decoded, digest, is_made, is_new, text } => {
                let form = [("is text", text.is_some()), ("is a core module", is_made)];
                let given_as = form.into_iter().find_map(|(form, it_is)| it_is.then_some(form));
                let (source, _) = add_source(&input.path, text, run);
                run.sources.watch(source, decoded.bytes.clone());
                unproven.add(source, &decoded, digest, is_new);
                let digest = digest.filter(|_| !is_made);
                inputs.components.push(Component {
                    input: index,
                    name,
                    source,
                    given_as,
                    shown: Shown::beside(&written),
                    digest: digest.map(OnceLock::from).unwrap_or_default(),
                    ..Component::from(decoded)
                });
            }
            Loaded::Wit(text) => {
                match (text, &input.path) {
                    (Some(text), InputPath::StandardInput) => once.change_standard_input(text),
                    (Some(text), InputPath::Path(path)) => once.change(path.clone(), text),
                    (None, _) => {}
                }
                inputs.wit.extend(wit::load(&input.path, request, &once, run));
            }
            Loaded::Failed(fault, text) => {
                let (source, name) = add_source(&input.path, text, run);
                run.diagnostics.report(match (fault, &input.path) {
                    (Fault::Unreadable(error), InputPath::Path(path)) => {
                        unreadable((path, source), error, request, files, &run.sources)
                    }
                    (fault, InputPath::Path(_) | InputPath::StandardInput) => {
                        At { source, name, fault }.into()
                    }
                });
            }
            Loaded::Repeated => {
                let (source, name) = add_source(&input.path, None, run);
                run.diagnostics.report(RepeatedInput { source, name });
            }
            Loaded::Skipped => {}
        }
    }
    if !has_components && !inputs.wit.is_empty() && run.diagnostics.error_count() == errors {
        Written::check_beside(request, &once, run);
    }
    (inputs, unproven)
}

/// Whether the inputs are so small that one thread is soon done with them.
fn are_few(request: &Request, files: &dyn Files) -> bool {
    // To ask for the size of many takes longer than it saves.
    const FEW: usize = 16;
    let size = |input: &ComponentInput| match &input.path {
        InputPath::StandardInput => None,
        InputPath::Path(path) => usize::try_from(files.size(path)?).ok(),
    };
    let sizes = || request.inputs.iter().map(size).try_fold(0_usize, |sum, size| sum.checked_add(size?));
    request.inputs.len() <= FEW && sizes().is_some_and(|sum| !is_worth_threads(sum))
}

/// The instance names of the components, and nothing for all else: WIT beside a component does not change its name.
fn names(request: &Request, loaded: &[Loaded]) -> Vec<String> {
    let needs_name = |loaded: &Loaded| matches!(loaded, Loaded::Component { .. } | Loaded::Failed(..));
    let named = request.inputs.iter().zip(loaded).filter(|(_, loaded)| needs_name(loaded));
    let mut names = instance_names(named.map(|(input, _)| input)).into_iter();
    let name = |loaded| if needs_name(loaded) { names.next() } else { None };
    loaded.iter().map(name).map(Option::unwrap_or_default).collect()
}

fn add_source(path: &InputPath, text: Option<String>, run: &mut Run) -> (SourceId, String) {
    let (name, origin) = match path {
        InputPath::StandardInput => ("<stdin>".to_owned(), Origin::StandardInput),
        InputPath::Path(path) => (escape(&path.to_string_lossy()), Origin::File(path.clone())),
    };
    (run.sources.add(name.clone(), origin, text.unwrap_or_default()), name)
}

/// One input to be loaded, and what must be known before.
struct Job<'r> {
    input: &'r ComponentInput,
    metadata: Metadata,
}

/// The world that the request names for a core module.
enum Metadata {
    /// None is named.
    None,
    /// The custom section that says it.
    Section(Vec<u8>),
    /// One is named, and no section can be made of it.
    Failed(Option<Fault>),
    /// It does not matter: the input is the same as one before.
    Repeated,
}

/// The inputs one by one, with the worlds they name: WIT has diagnostics of its own, so it is read in order.
fn jobs<'r>(request: &'r Request, files: &dyn Files, run: &mut Run) -> Vec<Job<'r>> {
    let mut job = |(input, is_repeated): (&'r ComponentInput, bool)| {
        let metadata = match &input.wit {
            _ if is_repeated => Metadata::Repeated,
            None => Metadata::None,
            Some(wit) => match wit::resolve_world(wit, request, files, run) {
                None => Metadata::Failed(None),
                Some((resolve, world)) => match metadata_section(&resolve, world) {
                    Ok(section) => Metadata::Section(section),
                    Err(fault) => Metadata::Failed(Some(Fault::CannotComponentise(fault))),
                },
            },
        };
        Job { input, metadata }
    };
    request.inputs.iter().zip(repeated(&request.inputs)).map(&mut job).collect()
}

impl Job<'_> {
    fn load(self, request: &Request, files: &dyn Files, known: &KnownValid) -> Loaded {
        let failed = |fault| Loaded::Failed(fault, None);
        let section = match self.metadata {
            Metadata::None => None,
            Metadata::Section(section) => Some(section),
            Metadata::Failed(None) => return Loaded::Skipped,
            Metadata::Failed(Some(fault)) => return failed(fault),
            Metadata::Repeated => return Loaded::Repeated,
        };
        let (format, bytes) = match read(&self.input.path, files) {
            Err(error) => return failed(Fault::Unreadable(error)),
            Ok(Content::Folder) if request.allow_wit => return Loaded::Wit(None),
            Ok(Content::Folder) => {
                let binaries = match &self.input.path {
                    InputPath::StandardInput => Vec::new(),
                    InputPath::Path(folder) => binaries_in(folder, files),
                };
                return failed(Fault::NotAComponent(NotAComponent::Folder(binaries)));
            }
            Ok(Content::File(format, bytes)) => (format, bytes),
        };
        if is_wit(&self.input.path, format, &bytes) {
            return match request.allow_wit {
                true => Loaded::Wit(Some(bytes.into_vec())),
                false => failed(Fault::NotAComponent(NotAComponent::WitText)),
            };
        }
        if format == Format::WasmText && is_named(&self.input.path, "wasm") {
            return failed(Fault::NotWebassembly(NotWebassembly { format, start: bytes.into_vec() }));
        }
        match to_binary(format, bytes) {
            Ok((bytes, text)) => {
                let digest = known.digest(&bytes);
                let is_new = request.validate_bodies && !digest.is_some_and(|digest| known.has(&digest));
                Binary { bytes, text, section, digest, is_new }.load(request)
            }
            Err((fault, text)) => Loaded::Failed(fault, text),
        }
    }
}

fn is_named(path: &InputPath, extension: &str) -> bool {
    match path {
        InputPath::StandardInput => false,
        InputPath::Path(path) => path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension)),
    }
}

/// Whether an input is a text of WIT: by its name if that says so, else by its first word.
fn is_wit(path: &InputPath, format: Format, bytes: &[u8]) -> bool {
    let is_named = |extension| is_named(path, extension);
    match format {
        Format::Text if is_named("wit") => true,
        Format::Text => !is_named("wasm") && !is_named("wat") && looks_like_wit(bytes),
        Format::Foreign(_) | Format::Empty | Format::Unknown => is_named("wit"),
        Format::Component
        | Format::CoreModule
        | Format::OtherVersion { .. }
        | Format::CutHeader
        | Format::WasmText => false,
    }
}

/// The binary of an input that is no WIT, and its text if it is a text.
type Assembled = (Bytes, Option<String>);

fn to_binary(format: Format, bytes: Bytes) -> Result<Assembled, (Fault, Option<String>)> {
    let fault = match format {
        Format::Component | Format::CoreModule => return Ok((bytes, None)),
        Format::WasmText => {
            let text = String::from_utf8(bytes.into_vec()).unwrap_or_else(|error| {
                // The place of the bad byte is that of the replacement character.
                String::from_utf8_lossy(error.as_bytes()).into_owned()
            });
            return match assemble(&text) {
                Ok(binary) => Ok((binary.into(), Some(text))),
                Err(fault) => Err((Fault::InvalidWat(fault), Some(text))),
            };
        }
        Format::OtherVersion { version, layer } => {
            Fault::UnsupportedVersion(UnsupportedVersion { version, layer })
        }
        Format::CutHeader => Fault::Truncated(Truncated { actual: bytes.len() as u64, needed: 8 }),
        Format::Text | Format::Empty | Format::Foreign(_) | Format::Unknown => {
            Fault::NotWebassembly(NotWebassembly { format, start: bytes.into_vec() })
        }
    };
    Err((fault, None))
}

/// A component or a core module that was read.
struct Binary {
    bytes: Bytes,
    /// Its text, if that is what was given.
    text: Option<String>,
    /// For a core module, the custom section that says its world, if it has none itself.
    section: Option<Vec<u8>>,
    /// Its digest, if it was needed.
    digest: Option<Digest>,
    /// Whether its function bodies are not known to be valid.
    is_new: bool,
}

impl Binary {
    fn load(self, request: &Request) -> Loaded {
        let Self { bytes, text, section, digest, is_new } = self;
        let is_made = !Parser::is_component(&bytes);
        // A component is made of a core module that is right; the bodies of a component can wait.
        let bodies = if is_new && is_made { Bodies::All } else { Bodies::None };
        let decoded = match decode(bytes, section.as_deref(), bodies) {
            Ok(decoded) => decoded,
            Err(fault) => return Loaded::Failed(fault.in_text(text.is_some()), text),
        };
        if decoded.is_wit_package() {
            match request.allow_wit.then(|| decode_to_text(&decoded.bytes, &decoded.surface)) {
                Some(Ok(wit)) => return Loaded::Wit(Some(wit.into_bytes())),
                // What the decoder does not take for WIT is a component like any other.
                Some(Err(_)) => {}
                None => return Loaded::Failed(Fault::NotAComponent(NotAComponent::WitPackage), text),
            }
        }
        Loaded::Component { decoded, digest, is_made, is_new: is_new && !is_made, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFiles;

    const ADD: &str = r#"(component
        (core module $m (func (export "f")))
        (core instance $i (instantiate $m))
        (func (export "f") (canon lift (core func $i "f"))))"#;

    /// What each input becomes: the names of components, then the codes of all that is wrong, in order.
    #[track_caller]
    fn check(paths: &[&str], allow_wit: bool, names: &[&str], codes: &[&str]) {
        let files = MemoryFiles::default()
            .with("a/add.wat", ADD)
            .with("b/add.wat", ADD)
            .with("add.txt", ADD)
            .with("add.wasm", ADD)
            .with("binary.wit", assemble(ADD).expect("the text is right"))
            .with("empty.wit", "")
            .with("empty.wasm", "")
            .with("words.txt", "hello")
            .with("script.js", "export function f() {}")
            .with("world.wit", "package a:b; world w {}")
            .with("world", "package a:c; world w {}")
            .with("world.wasm", "package a:b; world w {}")
            .with_folder("wit")
            .with_error("locked.wasm", std::io::ErrorKind::PermissionDenied)
            .with_standard_input(ADD);
        let input = |path: &&str| {
            let path = match *path {
                "-" => InputPath::StandardInput,
                path => InputPath::Path(path.into()),
            };
            ComponentInput { name: None, path, wit: None }
        };
        let inputs = paths.iter().map(input).collect();
        let request = Request { inputs, allow_wit, validate_bodies: true, ..Request::default() };
        let mut run = Run::default();
        let loaded = load(&request, &files, &mut run);
        let found: Vec<&str> = loaded.components.iter().map(|component| component.name.as_str()).collect();
        assert_eq!(found, names);
        let found: Vec<&str> = run.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        assert_eq!(found, codes);
    }

    #[test]
    fn a_mistake_that_two_inputs_share_is_told_of_both() {
        let module = |body: &str| {
            let data = "x".repeat(5000);
            format!(r#"(core module (memory 1) (data (i32.const 0) "{data}") (func (result i32) {body}))"#)
        };
        let (good, bad) = (module("i32.const 1"), module("i64.const 1"));
        let files = MemoryFiles::default()
            .with("a.wat", format!("(component {good} {bad})"))
            .with("b.wat", format!("(component {good} {bad} {bad})"))
            .with("c.wat", format!("(component {good})"));
        let inputs = ["a.wat", "b.wat", "c.wat"].map(ComponentInput::bare);
        let request = Request { inputs: inputs.to_vec(), validate_bodies: true, ..Request::default() };
        let mut run = Run::default();
        let loaded = load(&request, &files, &mut run);
        assert_eq!(loaded.components.len(), 1);
        let found: Vec<&str> = run.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        assert_eq!(found, ["load/invalid-binary"; 2]);
    }

    #[test]
    fn an_input_is_what_its_bytes_are() {
        check(&["add.txt", "binary.wit", "-"], false, &["add", "binary", "stdin"], &[]);
        check(&["a/add.wat", "b/add.wat"], true, &["a/add", "b/add"], &[]);
    }

    #[test]
    fn wit_is_loaded_where_it_makes_sense() {
        check(&["world.wit", "world"], true, &[], &[]);
        check(&["world.wit", "world"], false, &[], &["load/not-a-component"; 2]);
        check(&["wit"], false, &[], &["load/not-a-component"]);
        check(&["world.wasm"], true, &[], &["load/not-webassembly"]);
        check(&["add.wasm"], true, &[], &["load/not-webassembly"]);
        check(&["empty.wasm"], true, &[], &["load/not-webassembly"]);
    }

    #[test]
    fn each_bad_input_is_told_in_order() {
        check(
            &["words.txt", "a/add.wat", "missing.wasm", "locked.wasm", "script.js", "./a/add.wat"],
            true,
            &["add"],
            &[
                "load/not-webassembly",
                "load/unreadable",
                "load/unreadable",
                "load/not-webassembly",
                "load/repeated-input",
            ],
        );
    }

    #[test]
    fn a_world_beside_a_component_does_not_change_its_name() {
        check(&["add.txt", "world.wit"], true, &["add"], &[]);
    }
}
