//! wassette: a linked processor is a tool of an agent there, under the policy that `witc emit` writes.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};
use witc_runtime_tests::server::Failure;
use witc_runtime_tests::tools::Tools;

use super::run;

/// How often a tool is called that is not known yet.
const MOST_CALLS: u32 = 100;

/// How long to wait for it.
const BETWEEN_CALLS: Duration = Duration::from_millis(200);

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
        json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello }),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
    ] {
        writeln!(said, "{message}")?;
    }
    let mut answer = Err("wassette ended without an answer".into());
    let mut answers = BufReader::new(answers).lines();
    // It takes calls while it still loads its tools, and then knows none: it is asked until it does.
    'calls: for id in 1..=MOST_CALLS {
        writeln!(said, "{}", json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": call }))?;
        for line in answers.by_ref() {
            let message: Value = serde_json::from_str(&line?)?;
            if message["id"] != id {
                continue;
            }
            answer = Ok(message["result"]["structuredContent"]["result"].clone());
            if answer.as_ref().is_ok_and(|answer| !answer.is_null()) {
                break 'calls;
            }
            sleep(BETWEEN_CALLS);
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
