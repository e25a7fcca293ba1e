//! wasmCloud: its host runs the workloads that `witc emit` writes, as one artifact and as a graph of components that it links.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use tempfile::TempDir;
use witc_runtime_tests::server::{Failure, Server, free_address};
use witc_runtime_tests::tools::Tools;
use witc_runtime_tests::wash;

use super::{emitted, emitted_as_graph, shop_is_open};

const DEMO: &str = "wit-fixtures/demo/witc.toml";

pub(super) fn serves_the_front(tools: &Tools) -> Result<(), Failed> {
    opens(tools, &emitted(DEMO, "front", "wasmcloud")?)
}

/// The components of the shop one by one: the host links them.
pub(super) fn links_the_front(tools: &Tools) -> Result<(), Failed> {
    opens(tools, &emitted_as_graph(DEMO, "front", "wasmcloud")?)
}

fn opens(tools: &Tools, folder: &TempDir) -> Result<(), Failed> {
    let address = free_address()?;
    let serve = serve(tools, folder.path(), "front", &address)?;
    shop_is_open(&Server::start(serve, &address, folder.path())?.says(wash::READY)?)?;
    Ok(())
}

/// The command that runs a deployment at an address.
pub(super) fn serve(tools: &Tools, folder: &Path, root: &str, address: &str) -> Result<Command, Failure> {
    wash::serve(tools, folder, root, &["GATEWAY"], address)
}
