//! workerd, on which Cloudflare's Workers run: a component as core modules and JavaScript, bundled into one worker.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use witc_runtime_tests::server::{Failure, Server, free_address};
use witc_runtime_tests::tools::Tools;

use super::{deployed, run, shop_is_open};

const DEMO: &str = "wit-fixtures/demo/witc.toml";

/// Core modules are loaded by workerd, and not part of the bundle.
const BUNDLE: &str = "\
export default {
  input: 'worker.js', platform: 'browser', external: [/\\.wasm$/, /^node:/],
  output: { file: 'bundle.js', format: 'esm' },
};
";

pub(super) fn serves_the_front(tools: &Tools) -> Result<(), Failed> {
    let (folder, path) = deployed(DEMO, "front")?;
    let transpiled = folder.path().join("front");
    let arguments = ["transpile", "--quiet", "--no-typescript", "--instantiation", "async", "-o"];
    run(tools.node("jco").args(arguments).arg(&transpiled).arg(path))?;
    let modules = core_modules(&transpiled)?;
    std::fs::write(folder.path().join("worker.js"), worker(&modules))?;
    std::fs::write(folder.path().join("rolldown.config.js"), BUNDLE)?;
    std::os::unix::fs::symlink(tools.packages(), folder.path().join("node_modules"))?;
    run(tools.node("rolldown").current_dir(folder.path()).arg("--config"))?;

    let address = free_address()?;
    std::fs::write(folder.path().join("config.capnp"), config(&address, &modules))?;
    let mut serve = Command::new(tools.node("workerd").get_program());
    serve.current_dir(folder.path()).args(["serve", "config.capnp"]);
    shop_is_open(&Server::start(serve, &address, folder.path())?)?;
    Ok(())
}

/// The names of the core modules in a folder.
fn core_modules(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.ends_with(".wasm").then_some(name));
    }
    names.sort();
    Ok(names)
}

/// The component is instantiated while the worker starts: later nothing may be compiled.
fn worker(modules: &[String]) -> String {
    let imports: String = modules
        .iter()
        .enumerate()
        .map(|(at, name)| format!("import m{at} from './front/{name}';\n"))
        .collect();
    let named: Vec<String> =
        modules.iter().enumerate().map(|(at, name)| format!("'{name}': m{at}")).collect();
    format!(
        "{imports}
import {{ instantiate }} from './front/front.js';
import {{ WASIShim }} from '@bytecodealliance/preview2-shim/instantiation';
import {{ handleIncomingRequest }} from '@bytecodealliance/preview2-shim/http';
const modules = {{ {} }};
const shim = new WASIShim({{ sandbox: {{ env: {{}}, args: [] }} }});
const instance = (module, imports) => Promise.resolve(new WebAssembly.Instance(module, imports));
const component = await instantiate((name) => modules[name], shim.getImportObject(), instance);
export default {{ fetch: (request) => handleIncomingRequest(request, component.incomingHandler.handle) }};
",
        named.join(", ")
    )
}

fn config(address: &str, modules: &[String]) -> String {
    let modules: String = modules
        .iter()
        .map(|name| format!("(name = \"front/{name}\", wasm = embed \"front/{name}\"), "))
        .collect();
    format!(
        "using Workerd = import \"/workerd/workerd.capnp\";
const config :Workerd.Config = (
  services = [(name = \"main\", worker = .main), (name = \"internet\", network = (allow = []))],
  sockets = [(name = \"http\", address = \"{address}\", http = (), service = \"main\")],
);
const main :Workerd.Worker = (
  modules = [(name = \"worker.js\", esModule = embed \"bundle.js\"), {modules}],
  compatibilityDate = \"2026-11-01\",
);
"
    )
}
