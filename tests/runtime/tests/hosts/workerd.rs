//! workerd, on which Cloudflare's Workers run: the worker that `witc emit` writes around an artifact answers requests.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use witc_runtime_tests::server::{Server, free_address};
use witc_runtime_tests::tools::Tools;

use super::{build, emitted, shop_is_open};

pub(super) fn serves_the_front(tools: &Tools) -> Result<(), Failed> {
    let folder = emitted("wit-fixtures/demo/witc.toml", "front", "cloudflare-workers")?;
    build(tools, folder.path())?;
    let address = free_address()?;
    let serve = serve(tools, folder.path(), &address);
    shop_is_open(&Server::start(serve, &address, folder.path())?)?;
    Ok(())
}

/// The configuration that is emitted names an address, and the command line another one.
pub(super) fn serve(tools: &Tools, folder: &Path, address: &str) -> Command {
    let mut serve = tools.node("workerd");
    serve.current_dir(folder).args(["serve", "config.capnp", "--socket-addr"]).arg(format!("http={address}"));
    serve
}
