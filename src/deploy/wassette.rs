//! wassette: `policy.yaml`, the permissions of a component whose functions are tools.
//!
//! Differs from the other forms: nothing is started here, a policy is attached to what an agent loads.

use super::admitted::{is_storage, is_variable};
use super::asked::Asking;
use super::diagnostics::{ALLOWED, WiderScope};
use super::value::Value;
use super::wasmcloud::folder;
use super::{Made, Scene, shell};
use crate::diag::Run;

/// The permissions.
pub(super) fn form(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    let hosts = hosts(scene, run);
    let variables = scene.asked.values("env-keys").filter(|key| is_variable(&key.text));
    let keys: Vec<_> = variables.chain(scene.asked.values("config-keys")).collect();
    for key in keys.iter().filter(|key| key.text.is_empty() || key.text.contains('*')) {
        scene.cannot_say(key, "a key there is one name", "name each key", run);
    }
    let access = || Value::texts(["read", "write"]);
    let folders = folders(scene, run);
    let storage = folders
        .iter()
        .map(|path| Value::map([("uri", Value::text(format!("fs://{path}"))), ("access", access())]));
    let one = |key: &'static str, text: &String| Value::map([(key, Value::text(text))]);
    let allow = |values: Vec<Value>| Value::empty().and("allow", Value::List(values));
    let permissions = Value::empty()
        .and("storage", allow(storage.collect()))
        .and("network", allow(hosts.iter().map(|host| one("host", host)).collect()))
        .and("environment", allow(keys.iter().map(|key| one("key", &key.text)).collect()))
        .and("resources", memory(scene, run));
    let policy = Value::map([
        ("version", Value::text("1.0")),
        ("description", Value::text(format!("Permissions of {}", scene.name))),
    ])
    .and_always("permissions", permissions);
    // A policy counts where it lies beside the component under its name; without one all variables would be given. What is
    // loaded before is known by the name of its file.
    let name = &scene.name;
    let at = format!("--component-dir {COMPONENTS}");
    Made::new()
        .text("policy.yaml", "the permissions", policy.yaml())
        .command(format!("wassette component load {at} \"file://$PWD/{name}.wasm\""))
        .command(shell::line(["cp", "policy.yaml", &format!("{COMPONENTS}/{name}.policy.yaml")]))
        .command(format!("wassette policy get {at} {name}"))
        .command(format!("wassette run {at}"))
}

/// The folder in which wassette keeps components with their policies.
const COMPONENTS: &str = "components";

/// How much memory it may have, which is said there in whole MiB.
fn memory(scene: &Scene<'_, '_>, run: &mut Run) -> Value {
    let Some(limit) = &scene.limits.memory else { return Value::empty() };
    if limit.value == 0 || limit.value % MIB != 0 {
        let text = format!("memory = {}", limit.value);
        let value = Asking { text, span: limit.span };
        let help = "name a multiple of 1_048_576 bytes";
        scene.cannot_say(&value, "memory is limited there in whole MiB", help, run);
        return Value::empty();
    }
    Value::map([("memory", Value::Number(limit.value / MIB))])
}

const MIB: u64 = 1 << 20;

/// A host is one name there, with its scheme or without, and has no port.
fn hosts(scene: &Scene<'_, '_>, run: &mut Run) -> Vec<String> {
    let mut hosts = Vec::new();
    for (value, host) in scene.hosts(run) {
        if host.is_below {
            scene.cannot_say(value, "a host there is one name", "name each host", run);
            continue;
        }
        if host.port.is_some() {
            run.diagnostics.report(WiderScope {
                host: scene.host(),
                text: value.text.clone(),
                more: "every port of the host is allowed",
                label: ALLOWED,
                span: value.span,
            });
        }
        let scheme = host.scheme.as_ref().map_or(String::new(), |scheme| format!("{scheme}://"));
        let host = format!("{scheme}{}", host.name());
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

/// A folder has one name there, inside and outside.
fn folders(scene: &Scene<'_, '_>, run: &mut Run) -> Vec<String> {
    let mut folders = Vec::new();
    for path in scene.asked.values("paths") {
        match folder(&path.text) {
            Some((host, guest)) if host == guest && is_storage(&host) => folders.push(host),
            _ => {
                let why = "a folder has one name there from the root, inside and outside, without `*`";
                scene.cannot_say(path, why, "name it so: `/data`", run);
            }
        }
    }
    folders
}
