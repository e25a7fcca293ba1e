//! wassette: `policy.yaml`, the permissions of a component whose functions are tools.
//!
//! Differs from the other forms: nothing is started here, a policy is attached to what an agent loads.

use super::admitted::{is_storage, is_variable};
use super::asked::Asking;
use super::diagnostics::{CannotCarry, WiderScope};
use super::value::Value;
use super::wasmcloud::folder;
use super::{Made, Scene, shell};
use crate::diag::{Run, quoted};

/// The permissions.
pub(super) fn form(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    let hosts = hosts(scene, run);
    if !hosts.is_empty() {
        raw_sockets(scene, run);
    }
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
    let component = format!("{}.wasm", scene.name);
    Made::new()
        .text("policy.yaml", "the permissions", policy.yaml())
        .command(format!("wassette component load \"file://$PWD/{component}\""))
        .command(shell::line(["wassette", "policy", "get", scene.name.as_str()]))
}

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

/// A host is a name there, without scheme and port.
fn hosts(scene: &Scene<'_, '_>, run: &mut Run) -> Vec<String> {
    let mut hosts = Vec::new();
    for (value, host) in scene.hosts(run) {
        if host.scheme.is_some() || host.port.is_some() {
            run.diagnostics.report(WiderScope {
                host: scene.host(),
                text: value.text.clone(),
                more: "every scheme and every port of the host is allowed",
                span: value.span,
            });
        }
        if !hosts.contains(&host.name()) {
            hosts.push(host.name());
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
                let why = "a folder has one name there, inside and outside, without `*`";
                scene.cannot_say(path, why, "name it so: `/data`", run);
            }
        }
    }
    folders
}

/// Any entry of the list of hosts opens raw sockets, and binds them to nothing.
fn raw_sockets(scene: &mut Scene<'_, '_>, run: &mut Run) {
    let Some((name, span)) = scene.raw_sockets(&["network"], run) else { return };
    run.diagnostics.report(CannotCarry {
        host: scene.host(),
        what: format!("a list of hosts beside {}: any entry opens raw sockets to every host", quoted(&name)),
        label: "would reach every host".to_owned(),
        help: "take the sockets out of the component, or the hosts out of the policy".to_owned(),
        span,
    });
}
