//! Holds that the cache of valid inputs saves work and changes nothing else, whatever lies in its folder.
//!
//! Differs from the cases of `wit-fixtures/`, which run without a home and so without a cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use libtest_mimic::Trial;

use crate::sandbox::{Sandbox, files};

/// The tests of the cache.
pub(crate) fn tests() -> Vec<Trial> {
    vec![
        Trial::test("cache::a_second_run_makes_the_same", || Ok(a_second_run_makes_the_same()?)),
        Trial::test("cache::a_garbled_cache_does_no_harm", || Ok(a_garbled_cache_does_no_harm()?)),
    ]
}

/// A component of more than 16 kB, whose function is right or not.
fn component(body: &str) -> String {
    let padding = "x".repeat(20_000);
    format!(
        r#"(component
            (core module $m (memory 1) (data (i32.const 0) "{padding}") (func (export "f") {body}))
            (core instance $i (instantiate $m))
            (func (export "f") (canon lift (core func $i "f"))))"#
    )
}

fn prepared() -> Result<Sandbox, String> {
    let sandbox = Sandbox::new();
    sandbox.write("good.wat", &component(""))?;
    sandbox.write("bad.wat", &component("i32.add"))?;
    Ok(sandbox)
}

fn cache(sandbox: &Sandbox) -> PathBuf {
    sandbox.path().join("cache")
}

fn compose(sandbox: &Sandbox, input: &str, flags: &[&str]) -> Result<Output, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_witc"));
    command.args(["compose", input, "-o", "out.wasm"]).args(flags).current_dir(sandbox.path());
    command.env_clear().env("XDG_CACHE_HOME", cache(sandbox));
    command.output().map_err(|error| format!("witc does not start: {error}"))
}

fn expect(what: &str, output: &Output, expected: &[i32]) -> Result<(), String> {
    match output.status.code() {
        Some(exit) if expected.contains(&exit) => Ok(()),
        exit => {
            Err(format!("{what}: {exit:?}, not {expected:?}:\n{}", String::from_utf8_lossy(&output.stderr)))
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The one file of the cache.
fn table(sandbox: &Sandbox) -> Result<PathBuf, String> {
    match files(&cache(sandbox)).as_slice() {
        [file] => Ok(cache(sandbox).join(file)),
        found => Err(format!("the cache has {found:?}")),
    }
}

fn a_second_run_makes_the_same() -> Result<(), String> {
    let sandbox = prepared()?;
    expect("without a cache", &compose(&sandbox, "good.wat", &["--no-cache"])?, &[0])?;
    if !files(&cache(&sandbox)).is_empty() {
        return Err("`--no-cache` writes a cache".to_owned());
    }
    let first = read(&sandbox.path().join("out.wasm"))?;
    for what in ["cold", "warm"] {
        expect(what, &compose(&sandbox, "good.wat", &[])?, &[0])?;
        if read(&sandbox.path().join("out.wasm"))? != first {
            return Err(format!("a {what} cache changes what is made"));
        }
        table(&sandbox)?;
    }
    expect("what is wrong", &compose(&sandbox, "bad.wat", &[])?, &[3])?;
    expect("what is wrong, again", &compose(&sandbox, "bad.wat", &[])?, &[3])
}

/// Whatever bytes are there: nothing but a table that knows exactly this input as valid has any effect.
fn a_garbled_cache_does_no_harm() -> Result<(), String> {
    let sandbox = prepared()?;
    expect("to make a table", &compose(&sandbox, "good.wat", &[])?, &[0])?;
    let table = table(&sandbox)?;
    let whole = read(&table)?;
    let noise: Vec<u8> = (0..200_003_u32).map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
    let start = &whole[..32];
    for garbled in [&[][..], &whole[..31], &whole[..40], &noise, &[start, &noise].concat(), &whole.repeat(3)]
    {
        for (input, exit) in [("good.wat", 0), ("bad.wat", 3)] {
            fs::write(&table, garbled).map_err(|error| error.to_string())?;
            expect(&format!("{} bytes", garbled.len()), &compose(&sandbox, input, &[])?, &[exit])?;
        }
    }
    fs::remove_file(&table).and_then(|()| fs::create_dir(&table)).map_err(|error| error.to_string())?;
    expect("a folder in place of the table", &compose(&sandbox, "good.wat", &[])?, &[0])?;
    // A table that lies: the body of a function that is wrong is taken for valid, and nothing worse than that happens.
    fs::remove_dir(&table).map_err(|error| error.to_string())?;
    let binary = wat::parse_str(component("i32.add")).map_err(|error| error.to_string())?;
    fs::write(sandbox.path().join("bad.wasm"), &binary).map_err(|error| error.to_string())?;
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&binary);
    fs::write(&table, [start, &digest].concat()).map_err(|error| error.to_string())?;
    expect("a table that lies", &compose(&sandbox, "bad.wasm", &[])?, &[0])?;
    expect("a table that nobody asks", &compose(&sandbox, "bad.wasm", &["--no-cache"])?, &[3])
}
