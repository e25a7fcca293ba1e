//! A shop that charges through a gateway on the network: what its policy names reaches it, and where the host has a place for
//! that, nothing else does.
//!
//! Differs from the rest of this test, where nothing is granted.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use serde_json::json;
use tempfile::TempDir;
use witc_runtime_tests::gateway::Gateway;
use witc_runtime_tests::server::{Failure, Server, free_address};
use witc_runtime_tests::tools::Tools;
use witc_runtime_tests::wash;

use super::{build, emitted, jco, same, wasmcloud, wasmtime, wassette, workerd};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit-fixtures/demo");

/// Each part with its file and the world that it is of.
const PARTS: [(&str, &str, &str); 3] = [
    ("front", "front.wat", "front"),
    ("processor", "processor.wat", "processor"),
    ("gateway", "http-adapter.wat", "http-adapter"),
];

/// Who may go where; the levels are those of a host, and what the front may is beside it.
const POLICY: &str = r#"
[component.gateway]
allow = ["wasi:http/types@0.2", "wasi:io/error@0.2", "wasi:io/poll@0.2", "wasi:io/streams@0.2"]

[[component.gateway.grant]]
cap = "wasi:cli/environment@0.2"
scope = { env-keys = ["GATEWAY"] }
reason = "where the gateway is"
"#;
const POLICY_OF_FRONT: &str = "[component.front]\nallow = [\"wasi:http/types@0.2\"]\n";

/// What a shop answers that charged through `Gateway::charging`.
const CHARGED: (u16, &str) = (200, "success: charged-alice-250-EUR\n");

pub(super) fn wasmtime_reaches_it() -> Result<(), Failed> {
    in_a_runtime(async {
        let gateway = Gateway::charging().await?;
        let folder = shop("wasmtime-serve", &PARTS, &gateway, false)?;
        let serve = |address: &str| Ok(wasmtime::serve(folder.path(), address));
        charges(serve, "", &gateway, folder.path()).await
    })
}

pub(super) fn jco_reaches_it(tools: &Tools) -> Result<(), Failed> {
    in_a_runtime(async {
        let gateway = Gateway::charging().await?;
        let folder = shop("jco-node", &PARTS, &gateway, false)?;
        build(tools, folder.path())?;
        charges(|address| Ok(jco::serve(folder.path(), address)), "", &gateway, folder.path()).await
    })
}

/// workerd is said to enforce the hosts: a gateway that the policy does not name gets no request.
pub(super) fn workerd_reaches_nothing_else(tools: &Tools) -> Result<(), Failed> {
    in_a_runtime(async {
        let (gateway, other) = (Gateway::charging().await?, Gateway::charging().await?);
        let folder = shop("cloudflare-workers", &PARTS, &gateway, true)?;
        build(tools, folder.path())?;
        let serve = |address: &str| Ok(workerd::serve(tools, folder.path(), address));
        charges(serve, "", &gateway, folder.path()).await?;

        let refused = "error: this is no gateway: it answers with HTTP status 403\n";
        same(&pay(serve, "", &other, folder.path()).await?, &(502, refused.to_owned()))?;
        same(&other.received(), &Vec::new())
    })
}

/// wasmCloud too, with their ports.
pub(super) fn wasmcloud_reaches_nothing_else(tools: &Tools) -> Result<(), Failed> {
    in_a_runtime(async {
        let (gateway, other) = (Gateway::charging().await?, Gateway::charging().await?);
        let folder = shop("wasmcloud", &PARTS, &gateway, true)?;
        let serve = |address: &str| wasmcloud::serve(tools, folder.path(), "shop", address);
        charges(serve, wash::READY, &gateway, folder.path()).await?;

        let refused = format!("error: {DENIED}\n");
        same(&pay(serve, wash::READY, &other, folder.path()).await?, &(502, refused))?;
        same(&other.received(), &Vec::new())
    })
}

/// wassette enforces their names, and the variables; the ports it does not, as `witc emit` says.
pub(super) fn wassette_reaches_nothing_else(tools: &Tools) -> Result<(), Failed> {
    in_a_runtime(async {
        let (gateway, other) = (Gateway::charging().await?, Gateway::charging().await?);
        let folder = shop("wassette", &PARTS[1..], &gateway, true)?;
        wassette::load(tools, folder.path(), "shop")?;
        let pay = |address: String| wassette::pay(tools.clone(), folder.path().to_owned(), address);
        let charged = json!({ "tag": "success", "val": "charged-alice-250-EUR" });
        same(&pay(gateway.address()).await?, &charged)?;
        same(&pay(other.address()).await?, &charged)?;

        let named_otherwise = gateway.address().replace("127.0.0.1", "localhost");
        same(&pay(named_otherwise).await?, &json!({ "tag": "error", "val": DENIED }))?;
        same(&(gateway.received().len(), other.received().len()), &(1, 1))
    })
}

/// What the gateway's adapter makes of `HTTP-request-denied`, the error of `wasi:http`.
const DENIED: &str = "no answer from the gateway: wasi:http error-code 15";

/// What `witc emit` writes for a shop whose policy names a gateway.
fn shop(
    host: &str,
    parts: &[(&str, &str, &str)],
    gateway: &Gateway,
    enforces_hosts: bool,
) -> Result<TempDir, Failure> {
    let root = parts[0].0;
    let mut manifest =
        format!("composition.shop.root = \"{root}\"\ncomposition.shop.policy = \"policy.toml\"\n");
    for (name, file, world) in parts {
        let part = format!("path = '{DEMO}/{file}', wit = '{DEMO}/wit', world = \"{world}\"");
        writeln!(manifest, "composition.shop.components.{name} = {{ {part} }}")?;
    }
    let mut policy = String::from("policy = { version = 1, taxonomy = \"2026.11\" }\n[levels]\n");
    policy.push_str("transitive-capability = \"allow\"\ntoxic-combination = \"allow\"\n");
    if !enforces_hosts {
        policy.push_str("unenforced-scope = \"allow\"\n");
    }
    if root == "front" {
        policy.push_str(POLICY_OF_FRONT);
    }
    policy.push_str(POLICY);
    let address = gateway.address();
    write!(policy, "[[component.gateway.grant]]\ncap = \"wasi:http/outgoing-handler@0.2\"\n")?;
    write!(policy, "scope = {{ hosts = [\"http://{address}\"] }}\nreason = \"charges cards there\"\n")?;

    let written = tempfile::tempdir()?;
    std::fs::write(written.path().join("policy.toml"), policy)?;
    let path = written.path().join("witc.toml");
    std::fs::write(&path, manifest)?;
    emitted(&path.to_string_lossy(), "shop", host)
}

/// One who pays in a shop is charged by its gateway.
async fn charges(
    serve: impl Fn(&str) -> Result<Command, Failure>,
    ready: &str,
    gateway: &Gateway,
    folder: &Path,
) -> Result<(), Failure> {
    let (status, body) = CHARGED;
    same(&pay(serve, ready, gateway, folder).await?, &(status, body.to_owned()))?;
    let received: Vec<String> = gateway.received().into_iter().map(|request| request.body).collect();
    same(&received, &vec!["amount=250&currency=EUR&customer=alice".to_owned()])
}

/// What the shop answers when it is told that its gateway is there; it prints `ready` when it is.
async fn pay(
    serve: impl Fn(&str) -> Result<Command, Failure>,
    ready: &str,
    gateway: &Gateway,
    folder: &Path,
) -> Result<(u16, String), Failure> {
    let address = free_address()?;
    let mut serve = serve(&address)?;
    serve.env("GATEWAY", gateway.address());
    let server = Server::start(serve, &address, folder)?.says(ready)?;
    let answer = server.get("/pay?amount=250&currency=EUR&customer=alice").await;
    answer.map_err(|error| format!("{error}: {}", server.printed()).into())
}

fn in_a_runtime(test: impl Future<Output = Result<(), Failure>>) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(test)?)
}
