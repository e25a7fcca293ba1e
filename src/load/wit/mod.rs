//! Loads WIT text: files, folders with their `deps/`, standard input.
//!
//! Differs from the files of `load/`: those read binaries, this reads text, and reports all mistakes in it at once.
//! The way of a text: read (`folder`), taken apart (`scan`), its versions settled (`versions`), parsed and put together
//! (`resolve`), turned into surfaces (`world`). Where wit-parser refuses it, `mistakes` finds out everything that is wrong.

mod built_in;
mod cycle;
mod describe;
mod diagnostics;
mod duplicates;
mod encoded;
mod folder;
mod mistakes;
mod names;
mod oracle;
mod order;
mod outline;
mod package;
mod patch;
mod places;
mod reference;
mod removal;
mod resolve;
mod scan;
mod spans;
mod token;
mod versions;
mod world;

use std::path::Path;

use wit_parser::{Resolve, WorldId};

use self::diagnostics::{NoSuchWorld, SeveralWorlds};
use self::mistakes::Known;
use self::package::{Directory, PackageName, PackageText};
use self::resolve::Linked;
use super::WitPackage;
use super::contain::with_deep_stack;
use crate::config::{InputPath, Request};
use crate::diag::{Run, closest};
use crate::source::{Files, Span};

pub(super) use self::spans::Spans;

/// Loads one WIT input (a file, a folder with its `deps/`, or a text from standard input) and reports all mistakes in it.
pub(super) fn load(
    path: &InputPath,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> Option<WitPackage> {
    let linked = link(path, request, files, run)?;
    if let Some(world) = &request.world {
        select(&linked, Some(world), run)?;
    }
    world::package(&linked, request.world.as_deref(), run)
}

/// A world of WIT by file or folder, to be embedded into a core module; without a name, the only one there is.
pub(super) fn resolve_world(
    path: &Path,
    world: Option<&str>,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> Option<(Resolve, WorldId)> {
    let linked = link(&InputPath::Path(path.to_path_buf()), request, files, run)?;
    let world = select(&linked, world, run)?;
    Some((linked.resolve, world))
}

/// Reads an input and puts its packages together.
fn link(path: &InputPath, request: &Request, files: &dyn Files, run: &mut Run) -> Option<Linked> {
    let mut gathered = folder::gather(path, &request.wit, files, run)?;
    let mut directory = Directory::default();
    gathered.texts.iter().for_each(|text| directory.add(text));
    versions::settle(&mut gathered.texts, &mut directory, run);
    gathered.texts.iter().for_each(|text| directory.add_pieces(text));
    let incomplete = gathered.texts.iter().filter(|text| !text.complete);
    let incomplete = incomplete.filter_map(|text| text.name()).collect();
    let mut known = Known {
        directory: &directory,
        lost: &gathered.lost,
        has_nameless_package: gathered.texts.iter().any(PackageText::has_nameless_package),
        incomplete,
    };
    // Types may be named after types for as long as the text goes on, and wit-parser follows them by recursion.
    let size: usize = gathered.texts.iter().flat_map(|text| &text.files).map(|file| file.text.len()).sum();
    with_deep_stack(size, || resolve::link(&mut gathered.texts, &mut known, request, run))
}

/// The world of a name, or the only one.
fn select(linked: &Linked, asked: Option<&str>, run: &mut Run) -> Option<WorldId> {
    let package = &linked.resolve.packages[linked.main];
    let name = PackageName::from(&package.name).to_string();
    let known: Vec<String> = package.worlds.keys().cloned().collect();
    let span = Span::start_of(linked.source);
    match (asked, package.worlds.values().collect::<Vec<_>>().as_slice()) {
        (Some(asked), _) => {
            let short = asked.rsplit('/').next().and_then(|name| name.split('@').next()).unwrap_or_default();
            let is_full = asked.contains('/');
            let found =
                package.worlds.get(short).filter(|_| !is_full || package.name.interface_id(short) == asked);
            if found.is_none() {
                let meant = closest(short, known.iter().map(String::as_str)).map(str::to_owned);
                run.diagnostics.report(NoSuchWorld {
                    span,
                    package: name,
                    asked: asked.to_owned(),
                    known,
                    meant,
                });
            }
            found.copied()
        }
        (None, [only]) => Some(**only),
        (None, []) => {
            let (asked, meant) = (String::new(), None);
            run.diagnostics.report(NoSuchWorld { span, package: name, asked, known, meant });
            None
        }
        (None, _) => {
            run.diagnostics.report(SeveralWorlds { span, package: name, known });
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFiles;

    fn run(files: &MemoryFiles, path: &str, request: &Request) -> (Run, Option<WitPackage>) {
        let mut run = Run::default();
        let path = if path == "-" { InputPath::StandardInput } else { InputPath::Path(path.into()) };
        let package = load(&path, request, files, &mut run);
        (run, package)
    }

    /// Every diagnostic as `code file:line:column message`.
    pub(super) fn show(run: Run) -> Vec<String> {
        let Run { sources, diagnostics } = run;
        let show = |diagnostic: crate::diag::Diagnostic| {
            let place = diagnostic.place().expect("every diagnostic has a place");
            let position = sources.position(place.source, place.start);
            let name = &sources.get(place.source).name;
            let code = diagnostic.code.as_str().trim_start_matches("load/").to_owned();
            format!("{code} {name}:{}:{} {}", position.line, position.column, diagnostic.message)
        };
        diagnostics.into_sorted().into_iter().map(show).collect()
    }

    #[track_caller]
    fn check_files(files: &[(&str, &str)], path: &str, expected: &[&str]) {
        let memory = files.iter().fold(MemoryFiles::default(), |all, (name, text)| all.with(name, *text));
        let (run, package) = run(&memory, path, &Request::default());
        let is_right = run.diagnostics.error_count() == 0;
        assert_eq!(show(run), expected);
        assert_eq!(package.is_some(), is_right);
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        check_files(&[("a.wit", text)], "a.wit", expected);
    }

    #[test]
    fn the_world_of_the_article() {
        let text = "package company:payments;\ninterface processor {\n  process: func(req: u64) -> string;\n}\n\
            world payment-component {\n  export processor;\n  import wasi:http/outgoing-handler;\n}\n";
        check(
            text,
            &["unversioned-builtin a.wit:7:10 `wasi:http/outgoing-handler` is used without a version"],
        );
        let files = MemoryFiles::default().with("a.wit", text);
        let (run, package) = run(&files, "a.wit", &Request::default());
        let package = package.expect("a warning is no error");
        assert_eq!(package.name, "company:payments");
        assert_eq!(package.worlds[0].name, "company:payments/payment-component");
        let surface = &package.worlds[0].surface;
        let imports: Vec<_> = surface.imports.keys().map(String::as_str).collect();
        assert!(imports.contains(&"wasi:http/outgoing-handler@0.2.12"), "{imports:?}");
        assert!(imports.contains(&"wasi:io/streams@0.2.12"), "{imports:?}");
        assert_eq!(surface.exports.keys().collect::<Vec<_>>(), ["company:payments/processor"]);
        let warning = run.diagnostics.iter().next().expect("there is one");
        assert_eq!(warning.help, ["write `import wasi:http/outgoing-handler@0.2.12;`"]);
    }

    #[test]
    fn three_mistakes_are_three() {
        check(
            "package a:b;\ninterface x { f: func(a: foo) -> u32; g: fnc(); }\nworld w { import z; }\n",
            &[
                "unknown-name a.wit:2:26 there is no type `foo` in the interface `x`",
                "wit-syntax a.wit:2:42 expected keyword `func`, found an identifier",
                "unknown-interface a.wit:3:18 there is no interface `z`",
            ],
        );
    }

    #[test]
    fn forty_mistakes_are_forty() {
        let mut text = "package a:b;\n".to_owned();
        for index in 0..40 {
            text.push_str(&format!("interface i{index} {{ f: func(a: foo{index}); }}\n"));
        }
        let files = MemoryFiles::default().with("a.wit", text);
        assert_eq!(show(run(&files, "a.wit", &Request::default()).0).len(), 40);
    }
}
