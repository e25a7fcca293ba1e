//! Fastly's command: a package is made and held against what Fastly takes, without an account and without the network.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use witc_runtime_tests::tools::Tools;

use super::{deployed, run};

const DEMO: &str = "wit-fixtures/demo/witc.toml";

/// What Fastly's command asks of a manifest.
const MANIFEST: &str = "manifest_version = 3\nname = \"front\"\n";

pub(super) fn packs_and_validates(tools: &Tools) -> Result<(), Failed> {
    let (folder, path) = deployed(DEMO, "front")?;
    std::fs::write(folder.path().join("fastly.toml"), MANIFEST)?;
    run(alone(tools, folder.path()).args(["compute", "pack", "--wasm-binary"]).arg(path))?;
    let packed = folder.path().join("pkg/front.tar.gz");
    let said = run(alone(tools, folder.path()).args(["compute", "validate", "--package"]).arg(&packed))?;
    assert!(said.contains("Validated package"), "{said}");

    // A package that is none is refused: validating is more than looking whether there is a file.
    std::fs::write(&packed, "no archive")?;
    let refused = run(alone(tools, folder.path()).args(["compute", "validate", "--package"]).arg(&packed));
    assert!(refused.is_err(), "{refused:?}");
    Ok(())
}

/// Fastly's command with a home of its own, and where the system allows it in a network with nobody in it.
fn alone(tools: &Tools, folder: &Path) -> Command {
    let fastly = tools.node("fastly");
    let has_namespaces = run(Command::new("unshare").args(["-rn", "true"])).is_ok();
    let mut command = match has_namespaces {
        true => Command::new("unshare"),
        false => Command::new(fastly.get_program()),
    };
    if has_namespaces {
        command.arg("-rn").arg(fastly.get_program());
    }
    command.current_dir(folder).env("HOME", folder).env("FASTLY_WASM_METADATA_DISABLE", "true");
    command.args(["--non-interactive"]);
    command
}
