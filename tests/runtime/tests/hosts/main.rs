//! Runs what witc links on the hosts themselves, each in a process of its own, as one does who deploys it: Wasmtime's
//! command, jco under Node.js and in a browser, workerd, Fastly's command, wasmCloud's host, wassette, WasmEdge, and a model
//! in OpenVINO.
//!
//! Differs from `demo.rs`, which runs the same in this process through Wasmtime's library. What needs a program that is not
//! installed counts as ignored; `.ci/host-tools` installs all of them.

mod browser;
mod fastly;
mod inference;
mod jco;
mod network;
mod wasmcloud;
mod wasmedge;
mod wasmtime;
mod wassette;

mod workerd;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;
use witc_runtime_tests::linked;
use witc_runtime_tests::server::{Failure, Server};
use witc_runtime_tests::tools::{HOW_TO_INSTALL, NO_BROWSER, NO_WASMEDGE, NO_WASSETTE, Tools};

/// What the demo's front answers.
const ANSWERS: [(&str, u16, &str); 4] = [
    ("/pay?amount=250&currency=EUR&customer=alice", 200, "success: mock-alice-250-EUR\n"),
    (
        "/pay?amount=250&currency=GBP&customer=alice",
        402,
        "declined: the mock gateway does not charge in GBP\n",
    ),
    ("/pay?amount=0&currency=EUR&customer=alice", 502, "error: the amount must be positive\n"),
    ("/", 404, "not found; ask for /pay?amount=250&currency=EUR&customer=alice\n"),
];

fn main() -> ExitCode {
    let mut trials = wasmtime::trials();
    let tools = Tools::find();
    trials.extend([
        with(&tools, "jco_runs_the_command", jco::runs_the_command),
        with(&tools, "jco_serves_the_front", jco::serves_the_front),
        with(&tools, "jco_reaches_the_gateway", network::jco_reaches_it),
        with(&tools, "jco_bundles_for_a_browser", jco::bundles_for_a_browser),
        with(&tools, "workerd_serves_the_front", workerd::serves_the_front),
        with(&tools, "workerd_reaches_the_gateway_and_nothing_else", network::workerd_reaches_nothing_else),
        with(&tools, "fastly_packs_and_validates", fastly::packs_and_validates),
        with(&tools, "wasmcloud_serves_the_front", wasmcloud::serves_the_front),
        with(&tools, "wasmcloud_links_the_front", wasmcloud::links_the_front),
        with(
            &tools,
            "wasmcloud_reaches_the_gateway_and_nothing_else",
            network::wasmcloud_reaches_nothing_else,
        ),
        with(&tools, "a_model_answers_in_wasmtime", inference::answers),
        with(&tools, "another_model_answers_otherwise", inference::another_model_answers_otherwise),
        with(&tools, "without_a_model_the_error_is_told", inference::tells_that_there_is_no_model),
    ]);
    let no_browser = tools.as_ref().is_some_and(|tools| tools.browser().is_none()).then_some(NO_BROWSER);
    let no_wasmedge = tools.as_ref().is_some_and(|tools| tools.wasmedge().is_none()).then_some(NO_WASMEDGE);
    let no_wassette = tools.as_ref().is_some_and(|tools| tools.wassette().is_none()).then_some(NO_WASSETTE);
    trials.extend([
        unless(
            no_wassette,
            with(
                &tools,
                "wassette_reaches_the_gateway_and_nothing_else",
                network::wassette_reaches_nothing_else,
            ),
        ),
        unless(no_browser, with(&tools, "a_browser_calls_a_function", browser::calls_a_function)),
        unless(no_browser, with(&tools, "a_browser_runs_a_command", browser::runs_a_command)),
        unless(
            no_wasmedge,
            with(&tools, "wasmedge_refuses_with_these_words", wasmedge::refuses_with_these_words),
        ),
        unless(
            no_wasmedge,
            with(&tools, "wasmedge_runs_functions_of_numbers", wasmedge::runs_functions_of_numbers),
        ),
    ]);
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// A test that needs installed programs.
fn with(tools: &Option<Tools>, name: &str, test: fn(&Tools) -> Result<(), Failed>) -> Trial {
    let Some(tools) = tools.clone() else {
        let missing = || Err(HOW_TO_INSTALL.into());
        return Trial::test(name, missing).with_kind(HOW_TO_INSTALL).with_ignored_flag(true);
    };
    Trial::test(name, move || test(&tools))
}

/// A test that is left out for a reason, if there is one: not every program can be had on every machine.
fn unless(reason: Option<&str>, test: Trial) -> Trial {
    match reason {
        Some(reason) => test.with_kind(reason).with_ignored_flag(true),
        None => test,
    }
}

/// A new folder with what `witc emit` writes for a composition on a host.
fn emitted(manifest: &str, composition: &str, host: &str) -> Result<TempDir, Failure> {
    let folder = tempfile::tempdir()?;
    linked::deployment(manifest, composition, host, false, folder.path())?;
    Ok(folder)
}

/// The same with `--graph`.
fn emitted_as_graph(manifest: &str, composition: &str, host: &str) -> Result<TempDir, Failure> {
    let folder = tempfile::tempdir()?;
    linked::deployment(manifest, composition, host, true, folder.path())?;
    Ok(folder)
}

/// Builds a deployment that is a package of Node.js, with the tools as they are installed.
fn build(tools: &Tools, folder: &Path) -> Result<(), Failure> {
    same_versions(tools, folder)?;
    std::os::unix::fs::symlink(tools.packages(), folder.join("node_modules"))?;
    run(Command::new("npm").args(["run", "--silent", "build"]).current_dir(folder))?;
    Ok(())
}

/// What a deployment asks for is what is installed.
fn same_versions(tools: &Tools, folder: &Path) -> Result<(), Failure> {
    let read = |path: PathBuf| -> Result<serde_json::Value, Failure> {
        Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
    };
    let package = read(folder.join("package.json"))?;
    for section in ["dependencies", "devDependencies"] {
        for (name, version) in package[section].as_object().into_iter().flatten() {
            let installed = read(tools.packages().join(name).join("package.json"))?;
            same(&(name, &installed["version"]), &(name, version))?;
        }
    }
    Ok(())
}

/// A new folder with the artifact that witc links for a composition, in a file of the composition's name.
fn deployed(manifest: &str, composition: &str) -> Result<(TempDir, PathBuf), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(format!("{composition}.wasm"));
    std::fs::write(&path, linked::composition(manifest, composition))?;
    Ok((folder, path))
}

/// Asks a server that runs the demo's front.
fn shop_is_open(server: &Server) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for (path, status, body) in ANSWERS {
        let answer =
            runtime.block_on(server.get(path)).map_err(|error| format!("{error}: {}", server.printed()))?;
        same(&answer, &(status, body.to_owned()))
            .map_err(|found| format!("{path}: {found}\n{}", server.printed()))?;
    }
    Ok(())
}

/// Runs a command to its end; what it printed, if it succeeded.
fn run(command: &mut Command) -> Result<String, Failure> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    let (printed, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        return Err(format!("{command:?} ended with {}:\n{printed}{said}", output.status).into());
    }
    Ok(printed.into_owned())
}

fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), Failure> {
    if found == expected { Ok(()) } else { Err(format!("expected {expected:?}, found {found:?}").into()) }
}
