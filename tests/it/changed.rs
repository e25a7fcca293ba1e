//! Holds that nothing is linked of an input to which somebody writes meanwhile.
//!
//! Differs from the cases of `wit-fixtures/`, whose inputs lie still.

use libtest_mimic::Trial;

/// The tests of inputs that change.
pub(crate) fn tests() -> Vec<Trial> {
    if cfg!(not(target_os = "linux")) {
        return Vec::new(); // they look into `/proc` for the time to write
    }
    vec![Trial::test("changed::nothing_is_published", || Ok(nothing_is_published()?))]
}

/// One input lies still only until witc has opened it; of the other one, a pipe, witc waits for the end.
fn nothing_is_published() -> Result<(), String> {
    use std::fs;
    use std::io::Write;
    use std::process::{Command, Stdio};
    use std::thread::sleep;
    use std::time::Duration;

    let sandbox = crate::sandbox::Sandbox::new();
    let text =
        format!(r#"(component (core module (memory 1) (data (i32.const 0) "{}")))"#, "x".repeat(60_000));
    let path = sandbox.path().join("large.wasm");
    let failed = |error: std::io::Error| error.to_string();
    fs::write(&path, wat::parse_str(text).map_err(|error| error.to_string())?).map_err(failed)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_witc"));
    command.args(["compose", "large.wasm", "-", "-o", "out.wasm"]).current_dir(sandbox.path()).env_clear();
    let mut witc = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
    let maps = format!("/proc/{}/maps", witc.id());
    let is_open = || fs::read_to_string(&maps).is_ok_and(|maps| maps.contains("large.wasm"));
    let mut waited = 0;
    while !is_open() && waited < 1000 {
        sleep(Duration::from_millis(20));
        waited += 1;
    }
    let mut file = fs::OpenOptions::new().append(true).open(&path).map_err(failed)?;
    file.write_all(b"\0\x01\0").map_err(failed)?;
    let mut input = witc.stdin.take().ok_or("standard input is a pipe")?;
    input.write_all(b"(component)").map_err(failed)?;
    drop(input);
    let output = witc.wait_with_output().map_err(failed)?;
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(3) if said.contains("something changed it while it was read") => {}
        exit => return Err(format!("{exit:?}, not 3:\n{said}")),
    }
    match sandbox.path().join("out.wasm").exists() {
        true => Err("something was published".to_owned()),
        false => Ok(()),
    }
}
