//! wassette: a linked processor is a tool of an agent there, under the policy that `witc emit` writes.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use witc_runtime_tests::server::Failure;
use witc_runtime_tests::tools::Tools;

use super::run;

/// Loads what is emitted, as the printed commands do.
pub(super) fn load(tools: &Tools, folder: &Path, name: &str) -> Result<(), Failure> {
    let mut load = wassette(tools, folder, &["component", "load"])?;
    run(load.arg(format!("file://{}/{name}.wasm", folder.display())))?;
    std::fs::copy(folder.join("policy.yaml"), folder.join(format!("components/{name}.policy.yaml")))?;
    Ok(())
}

/// What the processor answers an agent that pays 250 EUR for alice.
pub(super) async fn pay(tools: Tools, folder: PathBuf, gateway: String) -> Result<Value, Failure> {
    // The gateway answers on this thread in the meantime.
    tokio::task::spawn_blocking(move || ask(&tools, &folder, &gateway)).await?
}

fn ask(tools: &Tools, folder: &Path, gateway: &str) -> Result<Value, Failure> {
    let mut command = wassette(tools, folder, &["run"])?;
    let command = command.env("GATEWAY", gateway).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut agent = command.stderr(Stdio::null()).spawn()?;
    let (mut said, answers) =
        (agent.stdin.take().ok_or("no input")?, agent.stdout.take().ok_or("no output")?);
    let client = json!({ "name": "witc", "version": "1" });
    let hello = json!({ "protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": client });
    let order = json!({ "amount": 250, "currency": "EUR", "customer-id": "alice" });
    let call = json!({ "name": "company_payments_processor_process", "arguments": { "req": order } });
    for message in [
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello }),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
        json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call }),
    ] {
        writeln!(said, "{message}")?;
    }
    let mut answer = Err("wassette ended without an answer".into());
    for line in BufReader::new(answers).lines() {
        let message: Value = serde_json::from_str(&line?)?;
        if message["id"] == 2 {
            answer = Ok(message["result"]["structuredContent"]["result"].clone());
            break;
        }
    }
    agent.kill()?;
    agent.wait()?;
    answer
}

fn wassette(tools: &Tools, folder: &Path, verb: &[&str]) -> Result<Command, Failure> {
    let mut command = tools.wassette().ok_or("wassette is not there")?;
    command.args(verb).arg("--component-dir").arg(folder.join("components"));
    for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
        command.env(name, folder.join("home"));
    }
    Ok(command)
}
