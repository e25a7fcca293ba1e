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
mod interfaces;
mod members;
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
mod repair;
mod resolve;
mod scan;
mod spans;
mod statements;
mod token;
mod used;
mod versions;
mod world;

use wit_parser::{PackageId, Resolve, WorldId};

use self::diagnostics::{NoSuchWorld, SeveralWorlds};
use self::folder::Gathered;
use self::mistakes::Known;
use self::package::{Directory, PackageName, PackageText};
use self::resolve::Linked;
use self::used::Used;
use super::WitPackage;
use super::contain::with_deep_stack;
use crate::config::{InputPath, Request, Spanned, WitToEmbed};
use crate::diag::{Patience, Run, closest};
use crate::model::InterfaceName;
use crate::source::{Files, Span};

pub use self::folder::packages_in;
pub(super) use self::spans::Spans;

/// Whether the WIT of an interface's package is built in, in a version of its track.
pub fn is_built_in(interface: &InterfaceName) -> bool {
    interface
        .version
        .as_ref()
        .is_some_and(|version| built_in::on_track(&interface.package, version).is_some())
}

/// Loads one WIT input (a file, a folder with its `deps/`, or a text from standard input) and reports all mistakes in it.
pub(super) fn load(
    path: &InputPath,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> Option<WitPackage> {
    let linked = link(path, request, files, run)?;
    if let Some(world) = &request.world {
        select(&linked, Some(world), None, run)?;
    }
    world::package(linked, request.world.as_deref(), run)
}

/// A package with all that it uses, as wit-parser knows them.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) resolve: Resolve,
    /// The package that was given.
    pub(super) main: PackageId,
}

/// The world of WIT that is to be embedded into a core module; without a name, the only one there is.
pub(super) fn resolve_world(
    wit: &WitToEmbed,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> Option<(Resolve, WorldId)> {
    let linked = link(&InputPath::Path(wit.path.value.clone()), request, files, run)?;
    let asked = wit.world.as_ref();
    let place = asked.map_or(wit.path.span, |world| world.span);
    let world = select(&linked, asked.map(Spanned::as_str), Some(place), run)?;
    Some((linked.resolve, world))
}

/// Loads the packages that `--wit` names, each with those that it uses; the inputs are there to be used as well.
pub(super) fn load_beside(
    inputs: &[InputPath],
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> Vec<WitPackage> {
    let gathered = folder::gather_beside(request, inputs, files, run);
    let beside = gathered.beside.clone();
    let texts = Texts::settle(gathered, run);
    let used = Used::new(&texts.all);
    let mut load = |at| {
        let linked = texts.link(used.by(at), request, run)?;
        world::package(linked, None, run)
    };
    beside.into_iter().filter_map(&mut load).collect()
}

/// The world of WASI that a name such as `wasi:http/proxy@0.2.3` means, alone in its package, if it is built in; without a
/// version, as it is in the newest one of WASI 0.2.
pub fn built_in_world(name: &str, request: &Request, run: &mut Run) -> Option<WitPackage> {
    let asked = InterfaceName::parse(name)?;
    let found = built_in::with_world(&asked)?;
    let version = asked.version.unwrap_or_else(|| found.version());
    let gathered = Gathered { texts: vec![found.present(&version, run)], ..Gathered::default() };
    let texts = Texts::settle(gathered, run);
    let linked = texts.link(texts.all.clone(), request, run)?;
    world::package(linked, Some(&asked.interface), run)
}

/// The world of WASI that is called almost as `name`: in the version asked for if it is there in that, else in the newest.
pub fn nearest_built_in_world(name: &str) -> Option<String> {
    let (world, version) = name.split_once('@').unwrap_or((name, ""));
    let worlds = built_in::worlds();
    let near =
        if worlds.contains(world) { world } else { closest(world, worlds.iter().map(String::as_str))? };
    let in_version = format!("{near}@{version}");
    let is_there = InterfaceName::parse(&in_version).is_some_and(|it| built_in::with_world(&it).is_some());
    Some(if is_there { in_version } else { near.to_owned() })
}

/// Reads an input and puts its packages together.
fn link(path: &InputPath, request: &Request, files: &dyn Files, run: &mut Run) -> Option<Linked> {
    let texts = Texts::settle(folder::gather(path, request, files, run)?, run);
    texts.link(texts.all.clone(), request, run)
}

/// All texts of a run, their versions settled, and what is known of them.
struct Texts {
    all: Vec<PackageText>,
    directory: Directory,
    lost: Vec<String>,
}

impl Texts {
    fn settle(gathered: Gathered, run: &mut Run) -> Self {
        let Gathered { texts: mut all, lost, .. } = gathered;
        let mut directory = Directory::default();
        all.iter().for_each(|text| directory.add(text));
        versions::settle(&mut all, &mut directory, run);
        all.iter().for_each(|text| directory.add_pieces(text));
        Self { all, directory, lost }
    }

    /// Puts some of them together, for the first.
    fn link(&self, mut texts: Vec<PackageText>, request: &Request, run: &mut Run) -> Option<Linked> {
        let incomplete = self.all.iter().filter(|text| !text.complete);
        let mut known = Known {
            directory: &self.directory,
            lost: &self.lost,
            has_nameless_package: self.all.iter().any(PackageText::has_nameless_package),
            incomplete: incomplete.filter_map(PackageText::name).collect(),
            patience: Patience::default(),
        };
        // Types may be named after types for as long as the text goes on, and wit-parser follows them by recursion.
        let size: usize = texts.iter().flat_map(|text| &text.files).map(|file| file.text.len()).sum();
        with_deep_stack(size, || resolve::link(&mut texts, &mut known, request, run))
    }
}

/// The world of a name, or the only one; `place` is where a manifest names it, or the WIT.
fn select(linked: &Linked, asked: Option<&str>, place: Option<Span>, run: &mut Run) -> Option<WorldId> {
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
                let asked = asked.to_owned();
                run.diagnostics.report(NoSuchWorld { span, place, package: name, asked, known, meant });
            }
            found.copied()
        }
        (None, [only]) => Some(**only),
        (None, []) => {
            let (asked, meant) = (String::new(), None);
            run.diagnostics.report(NoSuchWorld { span, place, package: name, asked, known, meant });
            None
        }
        (None, _) => {
            run.diagnostics.report(SeveralWorlds { span, place, package: name, known });
            None
        }
    }
}

/// Whether each package has a world of this name; `load/no-such-world` is reported for one that has not.
pub fn have_world(packages: &[WitPackage], asked: &str, run: &mut Run) -> bool {
    let mut is_there = true;
    for package in packages.iter().filter(|it| !it.worlds.iter().any(|world| world.is_named(asked))) {
        let path = |name: &str| name.split_once('@').map_or_else(|| name.to_owned(), |it| it.0.to_owned());
        let short = |name: &str| path(name).rsplit('/').next().unwrap_or_default().to_owned();
        let known: Vec<String> = package.worlds.iter().map(|world| short(&world.name)).collect();
        run.diagnostics.report(NoSuchWorld {
            span: Span::start_of(package.source),
            place: None,
            package: package.name.clone(),
            asked: asked.to_owned(),
            meant: closest(&short(asked), known.iter().map(String::as_str)).map(str::to_owned),
            known,
        });
        is_there = false;
    }
    is_there
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryFiles, Origin};

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
        for index in 0..10 {
            text.push_str(&format!(
                "interface i{index} {{\n record r {{ a: u8, A: u8 }}\n f: func(a: foo);\n g: fnc();\n use x{index}.{{y}};\n}}\n"
            ));
        }
        let files = MemoryFiles::default().with("a.wit", text);
        assert_eq!(show(run(&files, "a.wit", &Request::default()).0).len(), 40);
    }

    #[test]
    fn what_follows_from_a_mistake_is_not_reported() {
        let broken = "package a:b;\ninterface x {\n  record r { a u8 }\n  f: func(r: r) -> list<r>;\n}\n\
            interface y { use x.{r}; g: func(r: borrow<r>); }\nworld w { import x; export y; }\n";
        check(broken, &["wit-syntax a.wit:3:15 expected `:`, found keyword `u8`"]);
        check(
            "package a:b;\ninterface x {\n  f: func();\ninterface y { g: func(); }\nworld w { import x; import y; }\n",
            &["wit-syntax a.wit:2:13 a `{` is never closed"],
        );
        check(
            "package a:b;\ninterface x { use y.{t}; }\ninterface y { recrd t { a: u8 } }\n",
            &["wit-syntax a.wit:3:21 expected `:`, found an identifier"],
        );
    }

    /// Each text, what is said of it, and the lines that are to be written.
    #[track_caller]
    fn check_repairs(piece: &str, expected: &[&str]) {
        let text = format!("package a:b;\n{piece}\n");
        let (run, _) = run(&MemoryFiles::default().with("a.wit", text), "a.wit", &Request::default());
        let help = run.diagnostics.iter().flat_map(|it| it.help.clone());
        assert_eq!(help.collect::<Vec<_>>(), expected, "{piece}");
    }

    #[test]
    fn what_is_no_wit_is_written_as_it_was_meant() {
        let check = |line: &str, meant: &str| {
            check_repairs(&format!("interface i {{\n{line}\n}}"), &[&format!("write `{meant}`")]);
        };
        check("f: func()", "f: func();");
        check("type t = u8\nf: func();", "type t = u8;");
        check("record r {\na: u8\nb: u8,\n}", "a: u8,");
        check("record r {\na: u8;\nb: u8,\n}", "a: u8,");
        check("f: func() => u8;", "f: func() -> u8;");
        check("f: func(): u8;", "f: func() -> u8;");
        check("f: func(a: u8 -> u8;", "f: func(a: u8) -> u8;");
        check("get_order: func(orderId: u8);", "get-order: func(order-id: u8);");
        check("type: func();", "%type: func();");
        check("f: func(list: u8, from: u8);", "f: func(%list: u8, %from: u8);");
        check("fn f(a: vec<String>) -> Result<u8>;", "f: func(a: list<string>) -> result<u8>;");
        check("func g();", "g: func();");
        check("struct r { a: u8 }", "record r { a: u8 }");
        check("enum e { a, b: u8 }", "enum e { a, b }");
        check("type t: u8;", "type t = u8;");
        check("record r = { a: u8 }", "record r { a: u8 }");
        let check = |line: &str, meant: &str| {
            check_repairs(&format!("world w {{\n{line}\n}}"), &[&format!("write `{meant}`")]);
        };
        check("export run func();", "export run: func();");
        check("export f: () -> u8;", "export f: func() -> u8;");
        check("import \"wasi:io/poll@0.2.12\";", "import wasi:io/poll@0.2.12;");
        check("import wasi:io.poll@0.2.12;", "import wasi:io/poll@0.2.12;");
    }

    #[test]
    fn what_nobody_can_guess_is_only_marked() {
        check_repairs("interface i { ! ? }", &[]);
        check_repairs("interface i { f: func(a, b, c) -> ; }", &[]);
    }

    #[test]
    fn odd_texts() {
        check("\u{feff}package a:b;\r\ninterface i { f: func(); }\r\n", &[]);
        check("\u{feff}interface i {}", &["no-package-name a.wit:1:1 the package has no name"]);
        check("// nothing", &["empty-package a.wit:1:1 `a.wit` holds no WIT"]);
        check(
            "package a:b;\ninterface i { f\u{1b}[31m: func(); }",
            &[
                "forbidden-character a.wit:2:16 the character U+001B must not stand in WIT",
                "wit-syntax a.wit:2:17 unexpected character `[`",
            ],
        );
        let nested = format!(
            "package a:b;\ninterface i {{ type t = {}u8{}; }}",
            "list<".repeat(100_000),
            ">".repeat(100_000)
        );
        check(&nested, &["wit-syntax a.wit:2:524 type nesting too deep"]);
        let mut chain = "package a:b; interface i { type t0 = u8; ".to_owned();
        (1..5_000).for_each(|index| chain.push_str(&format!("type t{index} = t{}; ", index - 1)));
        check(&format!("{chain} f: func() -> t4999; }}"), &[]);
    }

    #[test]
    fn folders() {
        let world = ("wit/world.wit", "package a:b;\nworld w { import c:d/e; import i; }");
        let item = ("wit/item.wit", "interface i { use c:d/e.{t}; f: func() -> t; }");
        let dependency = ("wit/deps/d/e.wit", "package c:d;\ninterface e { type t = u8; }");
        check_files(&[world, item, dependency], "wit", &[]);
        check_files(
            &[world, item],
            "wit",
            &[
                "unknown-package wit/item.wit:1:19 there is no package `c:d`",
                "unknown-package wit/world.wit:2:18 there is no package `c:d`",
            ],
        );
        check_files(
            &[("wit/deps/x.wit", "package a:b;")],
            "wit",
            &["empty-package wit:1:1 `wit` holds no WIT"],
        );
        check_files(
            &[("wit/a.wit", "package a:b;\ninterface i {}"), ("wit/b.wit", "package a:b;\ninterface i {}")],
            "wit",
            &["duplicate-name wit/b.wit:2:11 the name `i` is given twice"],
        );
    }

    #[test]
    fn a_copy_in_the_folder_wins() {
        let own = ("wit/deps/io.wit", "package wasi:io@0.2.1;\ninterface poll { mine: func(); }");
        let world =
            ("wit/a.wit", "package a:b;\nworld w { import wasi:io/poll; import wasi:cli/stdout@0.2.1; }");
        let memory = MemoryFiles::default().with(own.0, own.1).with(world.0, world.1);
        let (run, package) = run(&memory, "wit", &Request::default());
        // `wasi:cli` of that version uses `wasi:io/streams`, which the user's copy does not have.
        assert!(package.is_none());
        assert!(show(run).iter().any(|line| line.contains("`streams` in the package `wasi:io@0.2.1`")));
        let world =
            ("wit/a.wit", "package a:b;\nworld w { import wasi:io/poll; import wasi:io/poll@0.2.12; }");
        check_files(
            &[own, world],
            "wit",
            &["unversioned-builtin wit/a.wit:2:18 `wasi:io/poll` is used without a version"],
        );
    }

    #[test]
    fn more_wit_comes_from_the_request() {
        let memory = MemoryFiles::default()
            .with("a.wit", "package a:b;\nworld w { import c:d/e@1.0.0; }")
            .with("more/d.wit", "package c:d@1.0.0;\ninterface e { f: func(); }")
            .with("all/d/e.wit", "package c:d@1.0.0;\ninterface e { f: func(); }");
        for path in ["more", "more/d.wit", "all"] {
            let request = Request { wit: vec![path.into()], ..Request::default() };
            let (run, package) = run(&memory, "a.wit", &request);
            assert!(package.is_some(), "{path}: {:?}", show(run));
        }
    }

    #[test]
    fn a_function_has_no_more_parameters_than_any_may_have() {
        let function = |count: usize| {
            let parameters: Vec<String> = (0..count).map(|at| format!("p{at}: u8")).collect();
            format!("func({})", parameters.join(", "))
        };
        check(&format!("package a:b;\ninterface i {{ f: {}; }}\n", function(1000)), &[]);
        let text = format!(
            "package a:b;\ninterface i {{ f: {}; g: func(x: nope); }}\nworld w {{ import h: {}; }}\n",
            function(1001),
            function(20_000)
        );
        let found = show(run(&MemoryFiles::default().with("a.wit", text), "a.wit", &Request::default()).0);
        let [f, g, h] = found.as_slice() else { panic!("{found:?}") };
        assert!(f.starts_with("wit-semantics a.wit:2:15 ") && f.ends_with("this one has 1001"), "{f}");
        assert!(g.ends_with("there is no type `nope` in the interface `i`"), "{g}");
        assert!(h.ends_with("this one has 20000"), "{h}");
    }

    #[test]
    fn many_unknown_names_are_found_in_the_time_that_their_number_takes() {
        let interfaces = (0..4000).map(|at| format!("interface i{at} {{ f: func(a: nope{at}); }}\n"));
        let text = format!("package a:b;\n{}", interfaces.collect::<String>());
        let start = std::time::Instant::now();
        let run = run(&MemoryFiles::default().with("a.wit", text), "a.wit", &Request::default()).0;
        assert_eq!(run.diagnostics.error_count(), 4000);
        assert!(start.elapsed() < std::time::Duration::from_secs(40), "{:?}", start.elapsed());
    }

    #[test]
    fn after_many_mistakes_nobody_looks_for_what_was_meant() {
        const COUNT: usize = 600;
        let interfaces = (0..COUNT).map(|at| format!("interface same{at} {{}}\n"));
        let world = (0..COUNT).map(|at| format!("  import sme{at};\n"));
        let (interfaces, world) = (interfaces.collect::<String>(), world.collect::<String>());
        let text = format!("package a:b;\n{interfaces}world w {{\n{world}}}\n");
        let run = run(&MemoryFiles::default().with("a.wit", text), "a.wit", &Request::default()).0;
        assert_eq!(run.diagnostics.error_count(), COUNT);
        let label =
            |found: &crate::diag::Diagnostic| found.labels.iter().any(|it| it.text.contains("did you"));
        let count = run.diagnostics.iter().filter(|found| label(found)).count();
        assert!(count > COUNT / 2 && count < COUNT, "{count}");
    }

    #[test]
    fn pieces_have_places() {
        use crate::model::{ItemPath, Side, Step};
        let text = "package a:b;\ninterface i { record r { x: u8 } f: func(p: r); }\nworld w { import i; import g: func(q: u8); export h: interface { k: func(); } }\n";
        let files = MemoryFiles::default().with("a.wit", text);
        let (run, package) = run(&files, "a.wit", &Request::default());
        let package = package.expect("it is right");
        let place = |path: &ItemPath| run.sources.text(package.worlds[0].span(path)).to_owned();
        let import = ItemPath::item(Side::Import, "a:b/i");
        assert_eq!(place(&import), "i");
        let function = import.then(Step::Item("f".into()));
        assert_eq!(place(&function), "f");
        assert_eq!(place(&function.then(Step::Parameter("p".into())).then(Step::Field("x".into()))), "p");
        assert_eq!(place(&import.then(Step::Item("r".into())).then(Step::Field("x".into()))), "x");
        let free = ItemPath::item(Side::Import, "g").then(Step::Parameter("q".into()));
        assert_eq!(place(&free), "q");
        assert_eq!(place(&ItemPath::item(Side::Export, "h").then(Step::Item("k".into()))), "k");
        assert_eq!(place(&ItemPath::item(Side::Export, "none")), "w");
        assert_eq!(run.sources.text(package.interfaces[0].span), "i");
    }

    #[test]
    fn a_world_to_embed() {
        let files = MemoryFiles::default()
            .with("one.wit", "package a:b@1.0.0;\nworld w {}")
            .with("two.wit", "package a:b;\nworld v {} world w {}")
            .with("none.wit", "package a:b;\ninterface i {}");
        let find = |path: &str, world: Option<&str>| {
            let mut run = Run::default();
            let manifest = run.sources.add("witc.toml", Origin::File("witc.toml".into()), "a manifest");
            let named = |value: &str| Spanned::new(value.to_owned(), Span::start_of(manifest));
            let path = Spanned::new(path.into(), Span::start_of(manifest));
            let wit = WitToEmbed { path, world: world.map(named) };
            let found = resolve_world(&wit, &Request::default(), &files, &mut run);
            let found = found.map(|(resolve, world)| resolve.worlds[world].name.clone());
            found.ok_or_else(|| show(run).remove(0))
        };
        assert_eq!(find("one.wit", None), Ok("w".into()));
        assert_eq!(find("one.wit", Some("a:b/w@1.0.0")), Ok("w".into()));
        assert_eq!(find("two.wit", Some("v")), Ok("v".into()));
        assert_eq!(
            find("two.wit", None),
            Err("several-worlds witc.toml:1:1 the package `a:b` has several worlds".into())
        );
        assert_eq!(
            find("two.wit", Some("u")),
            Err("no-such-world witc.toml:1:1 the package `a:b` has no world `u`".into())
        );
        assert_eq!(
            find("none.wit", None),
            Err("no-such-world witc.toml:1:1 the package `a:b` has no world".into())
        );
        assert_eq!(find("not.wit", None), Err("unreadable not.wit:1:1 `not.wit` cannot be read".into()));
    }
}
