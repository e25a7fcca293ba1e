//! jco under Node.js: an artifact is turned into core modules and JavaScript, and that is run and serves HTTP, by what
//! `witc emit` writes and by jco's own commands.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use witc_runtime_tests::server::{Server, free_address};
use witc_runtime_tests::tools::Tools;

use super::{build, deployed, emitted, run, same, shop_is_open};

const DEMO: &str = "wit-fixtures/demo/witc.toml";

/// What a program of one's own has to do with what jco makes of a component.
const PROGRAM: &str = "\
import { processor } from './mock/mock.js';
const pay = (amount, currency, customerId) => processor.process({ amount, currency, customerId });
console.log(JSON.stringify([pay(250n, 'EUR', 'alice'), pay(250n, 'GBP', 'alice')]));
";

/// Three ways: the command by what is emitted and by `jco run`, and the processor called by a program in JavaScript.
pub(super) fn runs_the_command(tools: &Tools) -> Result<(), Failed> {
    let folder = emitted(DEMO, "cli", "jco-node")?;
    build(tools, folder.path())?;
    let mut main = Command::new("node");
    main.arg("main.mjs").args(["7", "USD", "bob", "0", "EUR", "eve"]).current_dir(folder.path());
    same(&run(&mut main)?.as_str(), &"success: mock-bob-7-USD\nerror: the amount must be positive\n")?;

    let (_folder, path) = deployed(DEMO, "cli")?;
    let printed =
        run(tools.node("jco").arg("run").arg(path).args(["--", "7", "USD", "bob", "0", "EUR", "eve"]))?;
    same(&printed.as_str(), &"success: mock-bob-7-USD\nerror: the amount must be positive\n")?;

    let (folder, path) = deployed(DEMO, "mock")?;
    let transpiled = folder.path().join("mock");
    run(tools
        .node("jco")
        .args(["transpile", "--quiet", "--no-typescript", "-o"])
        .arg(&transpiled)
        .arg(path))?;
    let program = folder.path().join("program.mjs");
    std::fs::write(&program, PROGRAM)?;
    let printed = run(Command::new("node").arg(program))?;
    let expected = concat!(
        r#"[{"tag":"success","val":"mock-alice-250-EUR"},"#,
        r#"{"tag":"declined","val":"the mock gateway does not charge in GBP"}]"#,
        "\n"
    );
    same(&printed.as_str(), &expected)?;
    Ok(())
}

pub(super) fn serves_the_front(tools: &Tools) -> Result<(), Failed> {
    let folder = emitted(DEMO, "front", "jco-node")?;
    build(tools, folder.path())?;
    let address = free_address()?;
    shop_is_open(&Server::start(serve(folder.path(), &address), &address, folder.path())?)?;

    let (folder, path) = deployed(DEMO, "front")?;
    let address = free_address()?;
    let (host, port) = address.split_once(':').unwrap_or_default();
    let mut serve = tools.node("jco");
    serve.arg("serve").arg(path).args(["--host", host, "--port", port]);
    shop_is_open(&Server::start(serve, &address, folder.path())?)?;
    Ok(())
}

/// The program that is emitted, at an address of the loopback.
pub(super) fn serve(folder: &Path, address: &str) -> Command {
    let (_, port) = address.split_once(':').unwrap_or_default();
    let mut serve = Command::new("node");
    serve.arg("main.mjs").env("PORT", port).current_dir(folder);
    serve
}

/// What is emitted for a browser is bundled into one module that imports nothing; `browser.rs` runs such ones.
pub(super) fn bundles_for_a_browser(tools: &Tools) -> Result<(), Failed> {
    let folder = emitted(DEMO, "front", "jco-browser")?;
    build(tools, folder.path())?;
    let bundle = std::fs::read_to_string(folder.path().join("build/bundle.mjs"))?;
    assert!(bundle.contains("wasi:http/types"), "the component is not in it");
    let imports: Vec<&str> = bundle.lines().filter(|line| line.starts_with("import ")).collect();
    same(&imports, &Vec::new())?;
    assert!(std::fs::read_to_string(folder.path().join("index.html"))?.contains("bundle.mjs"));
    Ok(())
}
