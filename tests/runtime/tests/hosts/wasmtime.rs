//! Wasmtime by its command line, `run` and `serve`.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use witc_runtime_tests::server::{Server, free_address};

use super::{emitted, network, run, same, shop_is_open};

const DEMO: &str = "wit-fixtures/demo/witc.toml";
const LIMITS: &str = "tests/runtime/limits/witc.toml";

/// The command `wasmtime`, which this package makes of its crate.
pub(super) fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_wasmtime"))
}

pub(super) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("wasmtime_runs_the_command", runs_the_command),
        Trial::test("wasmtime_calls_a_function", calls_a_function),
        Trial::test("wasmtime_serves_the_front", serves_the_front),
        Trial::test("wasmtime_reaches_the_gateway", network::wasmtime_reaches_it),
        Trial::test("wasmtime_holds_the_limits", holds_the_limits),
        Trial::test("wasmtime_gives_folders_and_values", gives_folders_and_values),
    ]
}

/// A script that `witc emit` has written, with the command on its path.
fn script(folder: &Path, name: &str) -> Command {
    let mut script = Command::new("sh");
    let beside = Path::new(env!("CARGO_BIN_EXE_wasmtime")).parent().map(Path::as_os_str).unwrap_or_default();
    let mut path = beside.to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    script.arg(folder.join(name)).env("PATH", path);
    script
}

fn runs_the_command() -> Result<(), Failed> {
    let folder = emitted(DEMO, "cli", "wasmtime-run")?;
    let printed = run(script(folder.path(), "run.sh").args(["7", "USD", "bob", "7", "GBP", "bob"]))?;
    same(&printed.as_str(), &"success: mock-bob-7-USD\ndeclined: the mock gateway does not charge in GBP\n")?;
    Ok(())
}

/// A function of an exported interface, as `witc check --host wasmtime-run` says that it can be called.
fn calls_a_function() -> Result<(), Failed> {
    let folder = emitted(DEMO, "mock", "wasmtime-run")?;
    let call = "process({amount: 250, currency: \"EUR\", customer-id: \"alice\"})";
    let printed = run(script(folder.path(), "run.sh").arg(call))?;
    same(&printed.as_str(), &"success(\"mock-alice-250-EUR\")\n")?;
    let refused = run(&mut script(folder.path(), "run.sh"));
    assert!(refused.is_err_and(|error| error.to_string().contains("NAME(ARGUMENTS)")));
    Ok(())
}

/// Memory and instructions as the policy limits them: a mebibyte is sixteen pages, of which the program has one.
fn holds_the_limits() -> Result<(), Failed> {
    let folder = emitted(LIMITS, "work", "wasmtime-run")?;
    let call = |call: &str| run(script(folder.path(), "run.sh").arg(call));
    same(&call("grow(15)")?.as_str(), &"1\n")?;
    same(&call("grow(16)")?.as_str(), &"-1\n")?;
    let stopped = call("forever()");
    assert!(stopped.as_ref().is_err_and(|error| error.to_string().contains("fuel")), "{stopped:?}");
    Ok(())
}

/// A folder under the name that it has inside, and a value that comes from the environment.
fn gives_folders_and_values() -> Result<(), Failed> {
    let folder = emitted(LIMITS, "read", "wasmtime-run")?;
    let call = |call: &str| run(script(folder.path(), "run.sh").arg(call).env("TIME_ZONE", "UTC + 1"));
    same(&call("zone()")?.as_str(), &"\"UTC + 1\"\n")?;
    same(&call("folder()")?.as_str(), &"\"/data dir\"\n")?;
    Ok(())
}

fn serves_the_front() -> Result<(), Failed> {
    let folder = emitted(DEMO, "front", "wasmtime-serve")?;
    let address = free_address()?;
    shop_is_open(&Server::start(serve(folder.path(), &address), &address, folder.path())?)?;
    Ok(())
}

/// The script of a server, at an address.
pub(super) fn serve(folder: &Path, address: &str) -> Command {
    let mut serve = script(folder, "serve.sh");
    serve.args(["--addr", address]);
    serve
}
