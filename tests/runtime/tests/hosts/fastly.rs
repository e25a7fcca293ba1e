//! Fastly's command, without an account and without the network: the package that `witc emit` writes is validated, and it is
//! what the command packs of the same files.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Failed;
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};
use witc_runtime_tests::linked;
use witc_runtime_tests::server::Failure;
use witc_runtime_tests::tools::Tools;

use super::{run, same};

/// A component with stores and a backend, and the policy that names them.
const CASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit-fixtures/deploy/fastly");

pub(super) fn packs_and_validates(tools: &Tools) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let app = folder.path().join("app.wasm");
    std::fs::write(&app, component()?)?;
    let out = folder.path().join("out");
    linked::deployment_of(&app, "fastly-compute", Some(&Path::new(CASE).join("good.toml")), &out)?;
    let package = out.join("pkg/app.tar.gz");
    let validate =
        |package: &Path| run(alone(tools, &out).args(["compute", "validate", "--package"]).arg(package));
    let said = validate(&package)?;
    assert!(said.contains("Validated package"), "{said}");

    let emitted = unpacked(&package)?;
    run(alone(tools, &out).args(["compute", "pack", "--wasm-binary"]).arg(out.join("bin/main.wasm")))?;
    same(&unpacked(&package)?, &emitted)?;
    validate(&package)?;

    // A package that is none is refused: validating is more than looking whether there is a file.
    std::fs::write(&package, "no archive")?;
    let refused = validate(&package);
    assert!(refused.is_err(), "{refused:?}");
    Ok(())
}

/// A component of the case's world whose functions do nothing.
fn component() -> Result<Vec<u8>, Failure> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(PathBuf::from(CASE).join("parts.wit"))?;
    let world = resolve.select_world(&[package], Some("app"))?;
    let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)?;
    Ok(ComponentEncoder::default().module(&module)?.encode()?)
}

/// The files of a package, with what is in them, sorted.
fn unpacked(package: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let folder = tempfile::tempdir()?;
    run(Command::new("tar").arg("-xzf").arg(package).arg("-C").arg(folder.path()))?;
    let listed = run(Command::new("find").args([".", "-type", "f"]).current_dir(folder.path()))?;
    let mut files = Vec::new();
    for name in listed.lines() {
        files.push((name.to_owned(), std::fs::read(folder.path().join(name))?));
    }
    files.sort();
    Ok(files)
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
