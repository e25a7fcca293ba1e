//! Holds that nothing is made of an input to which somebody writes meanwhile.
//!
//! Differs from the cases of `wit-fixtures/`, whose inputs lie still.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use libtest_mimic::Trial;

use crate::sandbox::Sandbox;

/// The tests of inputs that change.
pub(crate) fn tests() -> Vec<Trial> {
    if cfg!(not(target_os = "linux")) {
        return Vec::new(); // they look into `/proc` for the time to write
    }
    let test = |name: &str, run: fn() -> io::Result<Result<(), String>>| {
        Trial::test(format!("changed::{name}"), move || Ok(run().map_err(|error| error.to_string())??))
    };
    vec![
        test("nothing_is_linked", || {
            check(&["compose", "large.wasm", "-", "-o", "out.wasm"], b"(component)")
        }),
        test("nothing_is_replaced", || {
            let args =
                ["compose", "large.wasm", "--replace", "part=part.wat", "--policy", "pipe", "-o", "out.wasm"];
            check(&args, b"[policy]\nversion = 1\ntaxonomy = \"2026.11\"\n")
        }),
        test("nothing_is_told", || {
            check(
                &["lint", "large.wasm", "--policy", "pipe"],
                b"[policy]\nversion = 1\ntaxonomy = \"2026.11\"\n",
            )
        }),
        test("a_slow_reader_gets_what_was_linked", slow_reader),
        test("who_stops_reading_has_no_artifact", early_end),
    ]
}

/// What a component consists of that is a part.
const PART: &str = r#"
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func (export "f") (canon lift (core func $i "f")))"#;

/// A component of so many bytes, and one within it that can be replaced.
fn large(size: usize) -> io::Result<Vec<u8>> {
    let text = format!(
        r#"(component
            (component $part {PART})
            (instance $part (instantiate $part))
            (core module (memory 9) (data (i32.const 0) "{}")))"#,
        "x".repeat(size)
    );
    wat::parse_str(text).map_err(io::Error::other)
}

/// A folder with `large.wasm`, `part.wat` and `pipe`.
fn sandbox(size: usize) -> io::Result<Sandbox> {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path().join("large.wasm"), large(size)?)?;
    fs::write(sandbox.path().join("part.wat"), format!("(component {PART})"))?;
    let made = Command::new("mkfifo").arg(sandbox.path().join("pipe")).status()?;
    if made.success() { Ok(sandbox) } else { Err(io::Error::other("no pipe can be made")) }
}

fn witc(folder: &Path, args: &[&str]) -> io::Result<Child> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_witc"));
    command.args(args).current_dir(folder).env_clear().stdin(Stdio::piped()).stderr(Stdio::piped());
    command.stdout(Stdio::null()).spawn()
}

/// One input lies still only until witc has opened it; for the content of the pipe, or of standard input, witc waits.
fn check(args: &[&str], content: &'static [u8]) -> io::Result<Result<(), String>> {
    let sandbox = sandbox(60_000)?;
    let (path, pipe) = (sandbox.path().join("large.wasm"), sandbox.path().join("pipe"));
    let mut witc = witc(sandbox.path(), args)?;
    let maps = format!("/proc/{}/maps", witc.id());
    let is_open = || fs::read_to_string(&maps).is_ok_and(|maps| maps.contains("large.wasm"));
    let mut waited = 0;
    while !is_open() && waited < 1000 {
        sleep(Duration::from_millis(20));
        waited += 1;
    }
    fs::OpenOptions::new().append(true).open(&path)?.write_all(b"\0\x01\0")?;
    let input = witc.stdin.take();
    match args.contains(&"pipe") {
        // Whoever opens it waits for the other end, which may never come.
        true => drop(std::thread::spawn(move || fs::write(pipe, content))),
        false => input.map_or(Ok(()), |mut input| input.write_all(content))?,
    }
    let output = witc.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    Ok(match (output.status.code(), sandbox.path().join("out.wasm").exists()) {
        (_, true) => Err("something was published".to_owned()),
        (Some(3), false) if said.contains("something changed it while it was read") => Ok(()),
        (exit, false) => Err(format!("{exit:?}, not 3:\n{said}")),
    })
}

/// A part of an artifact is none: that nobody read the rest is no success.
fn early_end() -> io::Result<Result<(), String>> {
    let sandbox = sandbox(300_000)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_witc"));
    command.args(["compose", "large.wasm", "-q", "-o", "-"]).current_dir(sandbox.path()).env_clear();
    let mut witc = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut output = witc.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    output.read_exact(&mut [0; 8])?;
    drop(output);
    let exit = witc.wait()?.code();
    Ok(if exit == Some(3) { Ok(()) } else { Err(format!("{exit:?}, not 3")) })
}

/// Whoever reads what is linked through a pipe can take as long as he likes: an input may be another one then.
fn slow_reader() -> io::Result<Result<(), String>> {
    let sandbox = sandbox(300_000)?;
    let path = |name: &str| sandbox.path().join(name);
    let _ = witc(sandbox.path(), &["compose", "large.wasm", "-o", "out.wasm"])?.wait()?;
    let expected = fs::read(path("out.wasm"))?;
    // Open for both, so that nobody waits for the other end.
    let mut pipe = fs::OpenOptions::new().read(true).write(true).open(path("pipe"))?;
    let mut witc = witc(sandbox.path(), &["compose", "large.wasm", "-o", "pipe"])?;
    let mut read = vec![0; expected.len()];
    pipe.read_exact(&mut read[..1])?;
    fs::write(path("large.wasm"), vec![0; 300_000])?;
    pipe.read_exact(&mut read[1..])?;
    let is_linked = witc.wait()?.success();
    Ok(if is_linked && read == expected {
        Ok(())
    } else {
        Err("what was read is not what was linked".to_owned())
    })
}
