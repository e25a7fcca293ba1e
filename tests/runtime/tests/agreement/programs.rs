//! Hosts that are programs of their own, asked whether a component links there: wassette loads it, `wash` starts a workload
//! with it.
//!
//! Differs from `linkers.rs`, which makes Wasmtime's linker in this process.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use witc_runtime_tests::server::free_address;
use witc_runtime_tests::tools::Tools;
use witc_runtime_tests::{linked, wash};

use super::inputs::Failure;

/// Why wassette does not load a component, if it does not.
pub(super) fn wassette(tools: &Tools, bytes: &[u8]) -> Result<Option<String>, Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("app.wasm");
    std::fs::write(&path, bytes)?;
    let mut load = tools.wassette().ok_or("wassette is not there")?;
    load.args(["component", "load", "--component-dir"]).arg(folder.path().join("components"));
    for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
        load.env(name, folder.path().join("home"));
    }
    let output = load.arg(format!("file://{}", path.display())).output()?;
    Ok((!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned()))
}

/// Why wasmCloud's host does not start a workload of a component that answers requests, if it does not. The workload is the
/// one that `witc emit` writes, or else one that asks for nothing.
pub(super) fn wasmcloud(tools: &Tools, bytes: &[u8]) -> Result<Option<String>, Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("app.wasm");
    std::fs::write(&path, bytes)?;
    if linked::deployment_of(&path, "wasmcloud", None, &folder.path().join("out")).is_err() {
        let out = folder.path().join("out");
        std::fs::create_dir_all(&out)?;
        std::fs::copy(&path, out.join("app.wasm"))?;
        std::fs::write(out.join("workload.yaml"), NOTHING_ASKED)?;
    }
    started(tools, &folder.path().join("out"))
}

const NOTHING_ASKED: &str =
    "spec: { template: { spec: { components: [{ name: app, localResources: { allowedHosts: [] } }] } } }\n";

fn started(tools: &Tools, folder: &Path) -> Result<Option<String>, Failure> {
    let mut serve = wash::serve(tools, folder, "app", &[], &free_address()?)?;
    let mut server = serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let mut said = String::new();
    for line in BufReader::new(server.stderr.take().ok_or("no output")?).lines() {
        let line = line?;
        if line.contains(wash::READY) {
            server.kill()?;
            server.wait()?;
            return Ok(None);
        }
        said.push_str(&line);
        said.push('\n');
    }
    server.wait()?;
    Ok(Some(said))
}
