//! A shop that charges through a gateway on the network: what its policy names reaches it, and where the host has a place for
//! that, nothing else does.
//!
//! Differs from the rest of this test, where nothing is granted.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use tempfile::TempDir;
use witc_runtime_tests::gateway::Gateway;
use witc_runtime_tests::server::{Failure, Server, free_address};
use witc_runtime_tests::tools::Tools;

use super::{build, emitted, jco, same, wasmtime, workerd};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit-fixtures/demo");

/// Each part with its file and the world that it is of.
const PARTS: [(&str, &str, &str); 3] = [
    ("front", "front.wat", "front"),
    ("processor", "processor.wat", "processor"),
    ("gateway", "http-adapter.wat", "http-adapter"),
];

/// Who may go where; the levels are those of a host.
const POLICY: &str = r#"
[component.front]
allow = ["wasi:http/types@0.2"]

[component.gateway]
allow = ["wasi:http/types@0.2", "wasi:io/error@0.2", "wasi:io/poll@0.2", "wasi:io/streams@0.2"]

[[component.gateway.grant]]
cap = "wasi:cli/environment@0.2"
scope = { env-keys = ["GATEWAY"] }
reason = "where the gateway is"
"#;

/// What a shop answers that charged through `Gateway::charging`.
const CHARGED: (u16, &str) = (200, "success: charged-alice-250-EUR\n");

pub(super) fn wasmtime_reaches_it() -> Result<(), Failed> {
    in_a_runtime(async {
        let gateway = Gateway::charging().await?;
        let folder = shop("wasmtime-serve", &gateway, false)?;
        let serve = |address: &str| wasmtime::serve(folder.path(), address);
        charges(serve, &gateway, folder.path()).await
    })
}

pub(super) fn jco_reaches_it(tools: &Tools) -> Result<(), Failed> {
    in_a_runtime(async {
        let gateway = Gateway::charging().await?;
        let folder = shop("jco-node", &gateway, false)?;
        build(tools, folder.path())?;
        charges(|address| jco::serve(folder.path(), address), &gateway, folder.path()).await
    })
}

/// workerd is said to enforce the hosts: a gateway that the policy does not name gets no request.
pub(super) fn workerd_reaches_nothing_else(tools: &Tools) -> Result<(), Failed> {
    in_a_runtime(async {
        let (gateway, other) = (Gateway::charging().await?, Gateway::charging().await?);
        let folder = shop("cloudflare-workers", &gateway, true)?;
        build(tools, folder.path())?;
        let serve = |address: &str| workerd::serve(tools, folder.path(), address);
        charges(serve, &gateway, folder.path()).await?;

        let refused = "error: this is no gateway: it answers with HTTP status 403\n";
        same(&pay(serve, &other, folder.path()).await?, &(502, refused.to_owned()))?;
        same(&other.received(), &Vec::new())
    })
}

/// What `witc emit` writes for a shop whose policy names a gateway.
fn shop(host: &str, gateway: &Gateway, enforces_hosts: bool) -> Result<TempDir, Failure> {
    let mut manifest =
        String::from("composition.shop.root = \"front\"\ncomposition.shop.policy = \"policy.toml\"\n");
    for (name, file, world) in PARTS {
        let part = format!("path = '{DEMO}/{file}', wit = '{DEMO}/wit', world = \"{world}\"");
        writeln!(manifest, "composition.shop.components.{name} = {{ {part} }}")?;
    }
    let mut policy = String::from("policy = { version = 1, taxonomy = \"2026.11\" }\n[levels]\n");
    policy.push_str("transitive-capability = \"allow\"\ntoxic-combination = \"allow\"\n");
    if !enforces_hosts {
        policy.push_str("unenforced-scope = \"allow\"\n");
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
async fn charges(serve: impl Fn(&str) -> Command, gateway: &Gateway, folder: &Path) -> Result<(), Failure> {
    let (status, body) = CHARGED;
    same(&pay(serve, gateway, folder).await?, &(status, body.to_owned()))?;
    let received: Vec<String> = gateway.received().into_iter().map(|request| request.body).collect();
    same(&received, &vec!["amount=250&currency=EUR&customer=alice".to_owned()])
}

/// What the shop answers when it is told that its gateway is there.
async fn pay(
    serve: impl Fn(&str) -> Command,
    gateway: &Gateway,
    folder: &Path,
) -> Result<(u16, String), Failure> {
    let address = free_address()?;
    let mut serve = serve(&address);
    serve.env("GATEWAY", gateway.address());
    let server = Server::start(serve, &address, folder)?;
    let answer = server.get("/pay?amount=250&currency=EUR&customer=alice").await;
    answer.map_err(|error| format!("{error}: {}", server.printed()).into())
}

fn in_a_runtime(test: impl Future<Output = Result<(), Failure>>) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(test)?)
}
