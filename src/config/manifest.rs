//! `witc.toml`: the compositions of a project.
//!
//! Differs from `composition/`, which knows one composition, whether a manifest or the command line describes it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::composition::{self, is_name_of_text, listed, plain_path};
use super::diagnostics::{NamelessComposition, NoComposition, SharedOutput, UnknownComposition};
use super::document::{self, Section, Value};
use super::levels::read_levels;
use super::{Composition, Spanned};
use crate::diag::{Code, Level, Run, closest};
use crate::source::{Files, PathKind, SourceId, Span};

/// The name of the file that commands look for, in the current folder and upwards.
pub const MANIFEST_NAME: &str = "witc.toml";

/// How many folders upwards a relative search goes: no file system in use nests deeper, and `..` never ends.
const UPWARDS: usize = 64;

/// A checked `witc.toml`: every instance that it names exists, paths are relative to the current folder.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file, as it was found.
    pub path: PathBuf,
    /// Its text.
    pub source: SourceId,
    /// The compositions, in the order of the file.
    pub compositions: Vec<Composition>,
    /// The levels that it sets for lints, in the order of the file.
    pub levels: Vec<(Spanned<Code>, Level)>,
}

/// The nearest manifest: in the folder `from`, else in the folders above it. A relative `from` is followed upwards with
/// `..`, so that the result is as short to read as the way to it.
pub fn find_manifest(from: &Path, files: &dyn Files) -> Option<PathBuf> {
    let is_file = |path: &PathBuf| matches!(files.kind(path), Ok(PathKind::File));
    let above = (0..UPWARDS).map(|levels| (0..levels).map(|_| "..").collect::<PathBuf>());
    if from.is_absolute() {
        return from.ancestors().map(|folder| folder.join(MANIFEST_NAME)).find(is_file);
    }
    above.map(|above| from.join(above).join(MANIFEST_NAME)).find(is_file)
}

/// Reads a manifest. Every mistake in it is reported; `None` if there is one.
///
/// Codes: those of `config/` that say `manifest` in the table of codes. No file is read but this one.
pub fn read_manifest(path: &Path, files: &dyn Files, run: &mut Run) -> Option<Manifest> {
    let source = document::open(path, files, run)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let (compositions, levels) = document::read(&run.sources, source, &mut run.diagnostics, |file| {
        let levels = read_levels(file);
        let named = named_compositions(file);
        let compositions: Vec<Composition> =
            named.into_iter().filter_map(|(name, value)| composition::read(name, &value, folder)).collect();
        check_outputs(&compositions, path, file);
        (compositions, levels)
    })?;
    Some(Manifest { path: path.to_owned(), source, compositions, levels })
}

/// The compositions by name. Where their keys stand right under `[composition]`, that is the one mistake.
fn named_compositions<'d>(file: &mut Section<'d>) -> Vec<(Spanned<String>, Value<'d>)> {
    let named = file.named("composition");
    let is_key = |(name, value): &&(Spanned<String>, Value<'_>)| {
        !value.is_table() && composition::KEYS.contains(&name.as_str())
    };
    let Some((key, _)) = named.iter().find(is_key) else { return named };
    file.mistake(NamelessComposition { key: key.value.clone(), span: key.span });
    named.into_iter().filter(|(name, _)| !composition::KEYS.contains(&name.as_str())).collect()
}

impl Manifest {
    /// The compositions that were asked for by name, or all. Reports `config/unknown-composition`, and
    /// `config/no-composition` if there is none at all.
    pub fn choose(&self, names: &[Spanned<String>], run: &mut Run) -> Option<Vec<&Composition>> {
        if self.compositions.is_empty() {
            run.diagnostics.report(NoComposition { manifest: self.path.clone(), source: self.source });
            return None;
        }
        if names.is_empty() {
            return Some(self.compositions.iter().collect());
        }
        let known = || self.compositions.iter().map(|composition| composition.name.as_str());
        let find = |name: &Spanned<String>| {
            let found = self.compositions.iter().find(|composition| composition.name.value == name.value);
            if found.is_none() {
                run.diagnostics.report(UnknownComposition {
                    name: name.value.clone(),
                    meant: closest(name.as_str(), known()).map(str::to_owned),
                    known: listed(known()),
                    manifest: self.path.clone(),
                    span: name.span,
                });
            }
            found
        };
        let found: Vec<Option<&Composition>> = names.iter().map(find).collect();
        found.into_iter().collect()
    }
}

/// Each artifact has a file of its own, and none is written over the manifest, or over what is called like a text that
/// witc reads.
fn check_outputs(compositions: &[Composition], manifest: &Path, file: &Section<'_>) {
    let manifest = plain_path(manifest);
    for composition in compositions {
        let Some(output) = &composition.output else { continue };
        let what = match () {
            () if plain_path(&output.value) == manifest => "the manifest itself",
            // What it is made of is told where its parts are looked at.
            () if !composition.parts_at(&output.value).is_empty() => continue,
            () if is_name_of_text(&output.value) => "what is called like a text that witc reads",
            () => continue,
        };
        let (output, span) = (output.value.clone(), output.span);
        file.mistake(composition::OutputOverInput { output, what, span, input: None });
    }
    shared_outputs(compositions).into_iter().for_each(|shared| file.mistake(shared));
}

/// The compositions whose artifact would be written over that of an earlier one.
pub(super) fn shared_outputs(compositions: &[Composition]) -> Vec<SharedOutput> {
    let mut seen: HashMap<PathBuf, (&str, Span)> = HashMap::new();
    let mut found = Vec::new();
    for composition in compositions {
        let Some(output) = &composition.output else { continue };
        let name = composition.name.as_str();
        if let Some((first, span)) = seen.insert(plain_path(&output.value), (name, output.span)) {
            found.push(SharedOutput {
                output: output.value.clone(),
                compositions: [first.to_owned(), name.to_owned()],
                spans: [span, output.span],
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Choice, InputPath};
    use crate::source::MemoryFiles;

    fn read(text: impl Into<Vec<u8>>) -> (Option<Manifest>, Run) {
        let files = MemoryFiles::default().with("app/witc.toml", text);
        let mut run = Run::default();
        let manifest = read_manifest(Path::new("app/witc.toml"), &files, &mut run);
        (manifest, run)
    }

    #[track_caller]
    fn right(text: &str) -> Manifest {
        let (manifest, run) = read(text);
        assert_eq!(run.diagnostics.into_sorted(), []);
        manifest.expect("nothing is wrong with it")
    }

    /// Each mistake as its code and the text that it marks.
    #[track_caller]
    fn wrong(text: impl Into<Vec<u8>>, expected: &[(&str, &str)]) {
        let (manifest, run) = read(text);
        let Run { sources, diagnostics } = run;
        let found = diagnostics.into_sorted();
        let marked = found.iter().map(|found| {
            let place = found.place().expect("each has a place");
            (found.code.as_str(), sources.text(place))
        });
        assert_eq!(marked.collect::<Vec<_>>(), expected, "{found:#?}");
        assert!(manifest.is_none());
    }

    const WHOLE: &str = r#"
[composition.payments]
root = "processor"
output = "out\\payments.wasm"
policy = "witc-policy.toml"
host = "wasmtime-serve"
wit = "wit"

[composition.payments.components]
processor = "./processor.wasm"
gateway = { path = "http-adapter.wat", wit = "wit", world = "http-adapter" }
second = { component = "gateway" }
third = "x/../processor.wasm"

[composition.payments.wire.processor]
"company:gateway/charge" = "gateway"
"primary" = { from = "second", export = "wasi:keyvalue/store" }
"wasi:io/streams" = "host"
"wasi:keyvalue/store" = { from = "host", import = "main" }

[composition.payments.chain]
"wasi:http/handler" = ["second", "gateway"]

[composition.payments.exports]
"company:payments/processor" = "processor"
"metrics" = { from = "third", export = "company:metrics/metrics" }

[composition.payments.expose]
"company:types/types" = "gateway"

[composition.bare]
components = ["a/one.wasm", "two.wasm", "b/one.wasm"]

[levels]
"#;

    #[test]
    fn everything_that_can_be_said_is_read() {
        let manifest = right(WHOLE);
        let [payments, bare] = &manifest.compositions[..] else { panic!("two compositions") };
        let path = |path: &str| PathBuf::from(path);
        assert_eq!(
            payments.output.as_ref().map(|path| path.value.clone()),
            Some(path("app/out/payments.wasm"))
        );
        assert_eq!(
            payments.policy.as_ref().map(|path| path.value.clone()),
            Some(path("app/witc-policy.toml"))
        );
        assert_eq!(payments.wit[0].value, path("app/wit"));
        let paths: Vec<_> = payments.inputs.iter().map(|input| input.path.clone()).collect();
        let expected =
            ["app/./processor.wasm", "app/http-adapter.wat"].map(|text| InputPath::Path(text.into()));
        assert_eq!(paths, expected);
        let wit = payments.inputs[1].wit.as_ref().expect("it is named");
        assert_eq!(
            (&wit.path.value, wit.world.as_ref().map(Spanned::as_str)),
            (&path("app/wit"), Some("http-adapter"))
        );
        let instances: Vec<_> =
            payments.instances.iter().map(|entry| (entry.name.as_str(), entry.input)).collect();
        assert_eq!(instances, [("processor", 0), ("gateway", 1), ("second", 1), ("third", 0)]);
        let hosts = payments.wires.iter().filter(|wire| matches!(wire.provider, Choice::Host { .. })).count();
        assert_eq!((payments.wires.len(), hosts), (4, 2));
        assert_eq!(payments.chains[0].layers.len(), 2);
        assert_eq!(payments.exports.as_ref().map(Vec::len), Some(2));
        assert_eq!(payments.exposed.len(), 1);
        let names: Vec<_> = bare.instances.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["a/one", "two", "b/one"]);
        assert_eq!(bare.output.as_ref().map(|path| path.value.clone()), Some(path("app/bare.wasm")));
    }

    #[test]
    fn an_empty_manifest_is_right_until_a_composition_is_needed() {
        let (manifest, mut run) = read("");
        let manifest = manifest.expect("nothing is wrong with it");
        assert!(manifest.choose(&[], &mut run).is_none());
        let code = run.diagnostics.into_sorted()[0].code;
        assert_eq!(code.as_str(), "config/no-composition");
    }

    #[test]
    fn compositions_are_chosen_by_name() {
        let (manifest, mut run) = read(WHOLE);
        let manifest = manifest.expect("nothing is wrong with it");
        let name = |text: &str| Spanned::new(text.to_owned(), Span::start_of(manifest.source));
        assert_eq!(manifest.choose(&[], &mut run).map(|all| all.len()), Some(2));
        assert_eq!(manifest.choose(&[name("bare")], &mut run).map(|all| all.len()), Some(1));
        assert!(manifest.choose(&[name("bare"), name("payment")], &mut run).is_none());
        let found = run.diagnostics.into_sorted();
        assert_eq!(found[0].code.as_str(), "config/unknown-composition");
        assert_eq!(found[0].labels[0].text, "did you mean `payments`?");
    }

    #[test]
    fn texts_in_other_encodings() {
        right("\u{feff}[composition.a]\r\ncomponents = ['a.wasm', 'b.wasm']\r\noutput = 'c.wasm'\r\n");
        wrong(b"[composition.a]\ncomponents = ['\xff.wasm']".to_vec(), &[("config/not-utf8", "\u{fffd}")]);
        wrong(b"\xff\xfe[\0c\0".to_vec(), &[("config/not-utf8", "\u{fffd}")]);
        wrong("a = 1\0", &[("config/malformed", "1\0")]);
    }

    #[test]
    fn a_manifest_that_is_not_there() {
        let mut run = Run::default();
        let files = MemoryFiles::default().with_folder("witc.toml");
        assert!(read_manifest(Path::new("witc.toml"), &files, &mut run).is_none());
        assert!(read_manifest(Path::new("none.toml"), &files, &mut run).is_none());
        let found = run.diagnostics.into_sorted();
        assert!(found.iter().all(|found| found.code.as_str() == "config/unreadable-file"));
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn the_nearest_manifest_is_found() {
        let files = MemoryFiles::default()
            .with("/a/witc.toml", "")
            .with_folder("/a/b/witc.toml")
            .with("/a/b/c/d.wasm", "")
            .with("x/witc.toml", "");
        let find = |from: &str| find_manifest(Path::new(from), &files);
        assert_eq!(find("/a/b/c"), Some("/a/witc.toml".into()));
        assert_eq!(find("/b"), None);
        assert_eq!(find("x"), Some("x/witc.toml".into()));
        assert_eq!(find(""), None);
    }

    const PARTS: &str = "[composition.a.components]\none = 'one.wasm'\ntwo = 'two.wasm'\n";

    #[track_caller]
    fn wrong_part(text: &str, expected: &[(&str, &str)]) {
        wrong(format!("{PARTS}{text}"), expected);
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        wrong(
            "[composition.a]\nroot = 'ona'\noutput = 5\n[composition.a.components]\none = 'one.wasm'\nhost = {}\n\
             [composition.a.wire.tow]\nx = { form = 'one' }\n[composition.a.chain]\ny = []\n[level]\n",
            &[
                ("config/unknown-instance", "'ona'"),
                ("config/wrong-type", "5"),
                ("config/invalid-name", "host"),
                ("config/missing-key", "host"),
                ("config/unknown-key", "form"),
                ("config/empty-chain", "y"),
                ("config/unknown-key", "level"),
            ],
        );
    }

    #[test]
    fn components_are_listed() {
        wrong("[composition.a]", &[("config/no-components", "a")]);
        wrong("composition.a.components = []", &[("config/no-components", "[]")]);
        wrong("composition.a.components = 'a.wasm'", &[("config/wrong-type", "'a.wasm'")]);
        wrong("composition.a.components = ['']", &[("config/wrong-value", "''")]);
        wrong("composition.a = 1", &[("config/wrong-type", "1")]);
        wrong("composition = []", &[("config/wrong-type", "[]")]);
        wrong_part(
            "three = { component = 'three' }\nfour = { component = 'three' }\nfive = { component = 'oen' }",
            &[
                ("config/indirect-component", "'three'"),
                ("config/indirect-component", "'three'"),
                ("config/unknown-instance", "'oen'"),
            ],
        );
        wrong_part(
            "three = { component = 'one', wit = 'x' }\nfour = { path = 'x', world = 'w' }",
            &[("config/conflicting-keys", "'x'"), ("config/missing-key", "four")],
        );
        wrong_part(
            "\"\" = 'x'\n\"a\\nb\" = 'x'\n' x' = 'x'\n\"\\u202e\" = 'x'",
            &[
                ("config/invalid-name", "\"\""),
                ("config/invalid-name", "\"a\\nb\""),
                ("config/invalid-name", "' x'"),
                ("config/invalid-name", "\"\\u202e\""),
            ],
        );
    }

    #[test]
    fn choices_agree() {
        wrong_part("[composition.a.wire.one]\nx = 'one'", &[("config/self-wire", "'one'")]);
        wrong_part("[composition.a.chain]\nx = ['one', 'two', 'one']", &[("config/repeated-layer", "'one'")]);
        wrong_part(
            "[composition.a.chain]\nx = 'one'\ny = [1]",
            &[("config/wrong-type", "'one'"), ("config/wrong-type", "1")],
        );
        wrong_part(
            "[composition.a.exports]\nx = 'one'\n[composition.a.expose]\nx = 'two'",
            &[("config/duplicate-export", "x")],
        );
        wrong_part("[composition.a.exports]\nx = 'host'", &[("config/wrong-value", "'host'")]);
    }

    #[test]
    fn outputs_harm_nothing() {
        // A name that nobody chose is a mistake for who writes the artifact only.
        let (_, run) = read("[composition.one]\ncomponents = ['one.wasm']");
        assert_eq!(run.diagnostics.error_count(), 0);
        wrong(
            "[composition.one]\ncomponents = ['one.wasm']\noutput = 'one.wasm'",
            &[("config/output-over-input", "'one.wasm'")],
        );
        wrong(
            "[composition.a]\ncomponents = ['b.wasm']\noutput = '../app/witc.toml'",
            &[("config/output-over-input", "'../app/witc.toml'")],
        );
        wrong(
            "[composition.a]\ncomponents = ['b.wasm']\noutput = 'p'\npolicy = './p'",
            &[("config/output-over-input", "'p'")],
        );
        wrong(
            "[composition.a]\ncomponents = ['b.wasm']\n[composition.c]\ncomponents = ['b.wasm']\noutput = 'a.wasm'",
            &[("config/shared-output", "'a.wasm'")],
        );
    }

    #[test]
    fn levels_are_those_of_lints() {
        wrong("levels.'load/unreadable' = 'warn'", &[("config/fixed-level", "'load/unreadable'")]);
        wrong(
            "levels.'load/unreadible' = 'wran'",
            &[("config/unknown-code", "'load/unreadible'"), ("config/wrong-value", "'wran'")],
        );
        let (_, run) = read("levels.unreadable = 'warn'");
        assert_eq!(run.diagnostics.into_sorted()[0].labels[0].text, "did you mean `load/unreadable`?");
    }

    #[test]
    fn broken_syntax_does_not_hide_the_rest() {
        wrong(
            "[composition.a]\nroot = 'two'\ncolour = 1\n[composition.a.components]\none = 'one.wasm'\ntwo = two.wasm\n",
            &[("config/unknown-key", "colour"), ("config/malformed", "two.wasm")],
        );
    }

    #[test]
    fn very_many_entries_take_no_longer_each() {
        use std::fmt::Write;
        let mut text = String::from("[composition.a.components]\n");
        for at in 0..20_000 {
            let _ = writeln!(text, "n{at} = '{at}.wasm'\nm{at} = {{ component = 'n{at}' }}");
        }
        let count = text.lines().count();
        for at in 0..20_000 {
            let _ = writeln!(text, "[composition.a.wire.x{at}]\ny = 'z{at}'");
        }
        let started = std::time::Instant::now();
        let (_, run) = read(text);
        assert_eq!(run.diagnostics.into_sorted().len(), count - 1);
        assert!(started.elapsed().as_secs() < 60, "took {:?}", started.elapsed());
    }

    const REFERENCE: &str = include_str!("../../docs/manifest.md");
    const SCHEMA: &str = include_str!("../../docs/schema/witc.toml.json");

    #[test]
    fn the_manifests_of_the_reference_are_right() {
        let blocks: Vec<&str> = REFERENCE.split("```toml\n").skip(1).collect();
        assert!(!blocks.is_empty());
        for block in blocks {
            let (text, _) = block.split_once("```").expect("a block ends");
            right(text);
        }
    }

    #[test]
    fn the_reference_and_the_schema_know_every_key() {
        let (_, run) = read(
            "x = 1\n[composition.a]\nx = 1\n[composition.a.components]\none = { path = 'o', x = 1 }\n\
             two = { component = 'one', x = 1 }\n[composition.a.expose]\ny = { from = 'one', x = 1 }\n\
             [composition.a.wire.one]\ny = { from = 'host', x = 1 }",
        );
        let found = run.diagnostics.into_sorted();
        assert_eq!(found.len(), 6);
        for note in found.iter().flat_map(|found| &found.notes) {
            for key in note.split('`').skip(1).step_by(2) {
                assert!(SCHEMA.contains(&format!("\"{key}\": {{")), "the schema lacks `{key}`");
                assert!(REFERENCE.contains(key), "the reference lacks `{key}`");
            }
        }
    }
}
