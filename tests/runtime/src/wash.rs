//! A workload of wasmCloud on this machine: what `witc emit` writes for a cluster, as a project that `wash dev` runs. Both
//! name a component's `localResources` and the `hostInterfaces` in the same words; what differs is where components, secrets
//! and the root lie.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::server::Failure;
use crate::tools::Tools;

/// What `wash dev` prints when a workload has started.
pub const READY: &str = "listening for HTTP requests";

/// The command that runs a deployment for wasmCloud until it is ended. Its component of the name `root` answers requests at
/// `address`; each Secret that the workload names has these variables of the environment. What the command keeps for the user
/// goes into the folder of the deployment too.
///
/// # Errors
/// If the folder has no workload with such a component.
pub fn serve(
    tools: &Tools,
    folder: &Path,
    root: &str,
    variables: &[&str],
    address: &str,
) -> Result<Command, Failure> {
    let workload: Value = serde_saphyr::from_str(&fs::read_to_string(folder.join("workload.yaml"))?)?;
    fs::create_dir_all(folder.join(".wash"))?;
    // JSON is YAML.
    fs::write(
        folder.join(".wash/config.yaml"),
        project(&workload["spec"]["template"]["spec"], root, variables, address)?.to_string(),
    )?;
    let mut serve = tools.wash();
    serve.arg("-C").arg(folder).args(["dev", "--non-interactive"]).env("NO_COLOR", "1");
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        serve.env(name, folder.join("home"));
    }
    Ok(serve)
}

/// The configuration of a project that is what a workload says.
fn project(spec: &Value, root: &str, variables: &[&str], address: &str) -> Result<Value, Failure> {
    let parts = spec["components"].as_array().ok_or("a workload without components")?;
    let main = parts.iter().find(|part| part["name"] == root).ok_or("the root is not in the workload")?;
    let mut secrets = Map::new();
    let mut resources = |part: &Value| {
        let mut resources = part["localResources"].clone();
        let references = resources["environment"]["secretFrom"].as_array().into_iter().flatten();
        let names: Vec<String> =
            references.filter_map(|secret| secret["name"].as_str().map(str::to_owned)).collect();
        secrets.extend(names.iter().map(|name| (name.clone(), json!({ "fromEnv": variables }))));
        if !names.is_empty() {
            resources["environment"] = json!({ "secretFrom": names });
        }
        resources
    };
    let workload = resources(main);
    let beside = parts.iter().filter(|part| part["name"] != root).map(|part| {
        let mut beside = resources(part);
        beside["name"] = part["name"].clone();
        beside["file"] = json!(file(part));
        beside
    });
    let beside: Vec<Value> = beside.collect();
    Ok(json!({
        // There is nothing to build.
        "build": { "command": "true", "component_path": file(main) },
        "workload": workload,
        "secrets": secrets,
        "dev": { "address": address, "components": beside, "host_interfaces": spec["hostInterfaces"] },
    }))
}

/// The file of a component, which `witc emit` names after it.
fn file(part: &Value) -> PathBuf {
    PathBuf::from(format!("{}.wasm", part["name"].as_str().unwrap_or_default()))
}
