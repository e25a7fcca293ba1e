//! Wasmtime by its command line, `run` and `serve`.

use std::process::Command;

use libtest_mimic::{Failed, Trial};
use witc_runtime_tests::server::{Server, free_address};

use super::{deployed, run, same, shop_is_open};

const DEMO: &str = "wit-fixtures/demo/witc.toml";

/// The command `wasmtime`, which this package makes of its crate.
pub(super) fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_wasmtime"))
}

pub(super) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("wasmtime_runs_the_command", runs_the_command),
        Trial::test("wasmtime_calls_a_function", calls_a_function),
        Trial::test("wasmtime_serves_the_front", serves_the_front),
    ]
}

fn runs_the_command() -> Result<(), Failed> {
    let (_folder, path) = deployed(DEMO, "cli")?;
    let printed = run(command().arg("run").arg(path).args(["7", "USD", "bob", "7", "GBP", "bob"]))?;
    same(&printed.as_str(), &"success: mock-bob-7-USD\ndeclined: the mock gateway does not charge in GBP\n")?;
    Ok(())
}

/// A function of an exported interface, as `witc check --host wasmtime-run` says that it can be called.
fn calls_a_function() -> Result<(), Failed> {
    let (_folder, path) = deployed(DEMO, "mock")?;
    let call = "process({amount: 250, currency: \"EUR\", customer-id: \"alice\"})";
    let printed = run(command().args(["run", "--invoke", call]).arg(path))?;
    same(&printed.as_str(), &"success(\"mock-alice-250-EUR\")\n")?;
    Ok(())
}

fn serves_the_front() -> Result<(), Failed> {
    let (folder, path) = deployed(DEMO, "front")?;
    let address = free_address()?;
    let mut serve = command();
    serve.args(["serve", "--addr", &address]).arg(path);
    shop_is_open(&Server::start(serve, &address, folder.path())?)?;
    Ok(())
}
