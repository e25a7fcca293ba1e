//! WasmEdge: what it refuses of components, in its own words, and what it runs. Its row has the same words, and witc says the
//! same of each.

use libtest_mimic::Failed;
use witc::config::{ComponentInput, Request};
use witc::host::profiles;
use witc::report::Answer;
use witc::source::Disk;
use witc_runtime_tests::linked;
use witc_runtime_tests::server::Failure;
use witc_runtime_tests::tools::Tools;

use super::same;

/// The artifacts of the demo, and the words with which each is refused.
const LINKED: [(&str, &str); 5] = [
    ("mock", "missing required export"),
    ("audited", "does not refer to a resource type"),
    ("payments", "does not refer to a resource type"),
    ("front", "does not refer to a resource type"),
    ("cli", "does not refer to a resource type"),
];

/// Valid components with one thing each that is refused, the words for it, and the part of them that the row quotes.
const REFUSED: [(&str, &str, &str); 10] = [
    (
        r#"(component $a (core module $m (func (export "f"))) (core instance $i (instantiate $m))
             (func $f (canon lift (core func $i "f"))) (instance $x (export "f" (func $f)))
             (export "company:shop/stock" (instance $x)))
           (component $b (import "company:shop/stock" (instance (export "f" (func)))))
           (instance $ai (instantiate $a)) (alias export $ai "company:shop/stock" (instance $s))
           (instance (instantiate $b (with "company:shop/stock" (instance $s))))"#,
        "missing required export 'f' for import",
        "missing required export",
    ),
    (
        r#"(import "company:shop/stock" (instance $s (export "item" (type (sub resource)))))
           (alias export $s "item" (type $item))
           (type (instance (alias outer 1 $item (type $outer)) (export "item" (type $own (eq $outer)))
             (type (own $own))))"#,
        "own type index 1 does not refer to a resource type",
        "does not refer to a resource type",
    ),
    (
        r#"(import "company:shop/stock" (instance $s (export "item" (type (sub resource)))))
           (alias export $s "item" (type $item)) (core func (canon resource.drop $item))"#,
        "type index 1 does not reference a resource",
        "does not reference a resource",
    ),
    (
        r#"(component $c (import "t" (type (sub resource)))) (type $r (resource (rep i32)))
           (instance (instantiate $c (with "t" (type $r))))"#,
        "incomplete instantiate (with t)",
        "incomplete instantiate (with",
    ),
    (
        r#"(component $c (import "f" (func)))
           (core module $m (func (export "f"))) (core instance $i (instantiate $m))
           (func $f (canon lift (core func $i "f"))) (instance (instantiate $c (with "f" (func $f))))"#,
        "incomplete import f desc types",
        "incomplete import",
    ),
    (r#"(import "f" (func))"#, "incomplete import f desc types", "incomplete import"),
    (
        r#"(core module $m (memory (export "memory") 1)
             (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16))
             (func (export "f") (param i32 i32) (result i32) (local.get 1)))
           (core instance $i (instantiate $m))
           (func (export "f") (param "text" string) (result u32)
             (canon lift (core func $i "f") string-encoding=utf8
               (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))"#,
        "incomplete canonincal options",
        "incomplete canonincal options",
    ),
    (
        r#"(core module $m (memory (export "memory") 1) (func (export "post") (param i32))
             (func (export "f") (result i32) (i32.const 16)))
           (core instance $i (instantiate $m))
           (func (export "f") (result (list u8)) (canon lift (core func $i "f")
             (memory (core memory $i "memory")) (post-return (core func $i "post"))))"#,
        "Assertion",
        "ends with a failed assertion",
    ),
    (
        r#"(type $r (resource (rep i32))) (core func (canon resource.drop $r))"#,
        "incomplete canonincal",
        "incomplete canonincal",
    ),
    (r#"(import "company:shop/stock" (instance))"#, "unknown import", "unknown import"),
];

/// A component of one function, by the type of its parameter and result, what it is given, and what it prints.
const RUN: [(&str, &str, &str, &str); 4] = [
    ("u32", "i32", "7", "7"),
    ("s64", "i64", "5", "5"),
    ("f32", "f32", "1.5", "1.5"),
    ("f64", "f64", "2.5", "2.5"),
];

/// What is linked is refused, for the reasons that the row gives.
pub(super) fn refuses_with_these_words(tools: &Tools) -> Result<(), Failed> {
    let row = profiles().iter().find(|profile| profile.id == "wasmedge").ok_or("no row")?;
    let version = called(tools, &["--version"])?;
    assert!(version.contains(&format!("version {}", row.version)), "{version}");
    let quoted = |part: &str| row.notes.iter().any(|note| note.contains(part));
    for (composition, words) in LINKED {
        refused(tools, &linked::composition("wit-fixtures/demo/witc.toml", composition), words)?;
        assert!(quoted(words), "the row does not say `{words}`");
    }
    for (text, words, part) in REFUSED {
        refused(tools, &wat::parse_str(format!("(component {text})"))?, words)?;
        assert!(quoted(part), "the row does not say `{part}`");
    }
    Ok(())
}

/// Functions of numbers at the root run, and no others.
pub(super) fn runs_functions_of_numbers(tools: &Tools) -> Result<(), Failed> {
    for (value, core, given, printed) in RUN {
        let bytes = wat::parse_str(format!(
            r#"(component
              (core module $m (func (export "f") (param {core}) (result {core}) (local.get 0)))
              (core instance $i (instantiate $m))
              (func (export "f") (param "a" {value}) (result {value}) (canon lift (core func $i "f"))))"#
        ))?;
        let (said, links) = both(tools, &bytes, given)?;
        same(&(said.trim(), links), &(printed, true))?;
    }
    Ok(())
}

fn refused(tools: &Tools, bytes: &[u8], words: &str) -> Result<(), Failure> {
    let (said, links) = both(tools, bytes, "")?;
    if !said.contains(words) || links {
        return Err(format!("expected `{words}`; it runs there by witc: {links}; it said:\n{said}").into());
    }
    Ok(())
}

/// What WasmEdge says when it is to call `f`, and whether witc says that the component runs there.
fn both(tools: &Tools, bytes: &[u8], given: &str) -> Result<(String, bool), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("app.wasm");
    std::fs::write(&path, bytes)?;
    let text = path.to_string_lossy();
    let given = (!given.is_empty()).then_some(given);
    let arguments: Vec<&str> =
        ["--enable-component", "--reactor", &*text, "f"].into_iter().chain(given).collect();
    let said = called(tools, &arguments)?;
    let host = Some("wasmedge".to_owned());
    let request = Request { inputs: vec![ComponentInput::bare(&path)], host, ..Request::default() };
    match witc::pipeline::check(&request, &Disk).answer {
        Some(Answer::Fits(fits)) if fits.len() == 1 => Ok((said, fits[0].links())),
        _ => Err("witc does not read the component".into()),
    }
}

/// What WasmEdge prints, but for its warnings that components are experimental.
fn called(tools: &Tools, arguments: &[&str]) -> Result<String, Failure> {
    let mut command = tools.wasmedge().ok_or("WasmEdge is not there")?;
    let output = command.args(arguments).output()?;
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = printed.lines().filter(|line| !line.contains("warning")).collect();
    Ok(lines.join("\n"))
}
