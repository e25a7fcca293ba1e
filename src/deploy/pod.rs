//! containerd with a shim of runwasi: a pod whose container is the artifact.
//!
//! Differs from `spin.rs` and `wasmcloud.rs`, whose operators have kinds of their own: this is a plain pod.

use super::spin::memory;
use super::value::Value;
use super::wasmcloud::{folder, secret_name};
use super::{Made, Scene};
use crate::diag::Run;

const CONTAINERFILE: &str = "FROM scratch\nCOPY app.wasm /app.wasm\nENTRYPOINT [\"/app.wasm\"]\n";

/// The pod, and the image that it runs.
pub(super) fn form(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    scene.secret_keys(run);
    let image = scene.image(&scene.name);
    let secret = secret_name(&scene.name);
    let variable = |name: &String| {
        let reference = Value::map([("name", Value::text(&secret)), ("key", Value::text(name))]);
        Value::map([("name", Value::text(name)), ("valueFrom", Value::map([("secretKeyRef", reference)]))])
    };
    let (mut mounts, mut volumes) = (Vec::new(), Vec::new());
    for path in scene.asked.values("paths") {
        match folder(&path.text) {
            Some((host, guest)) => {
                let name = format!("folder-{}", volumes.len() + 1);
                mounts.push(Value::map([("name", Value::text(&name)), ("mountPath", Value::text(guest))]));
                let there = Value::map([("path", Value::text(host))]);
                volumes.push(Value::map([("name", Value::text(name)), ("hostPath", there)]));
            }
            None => {
                scene.cannot_say(path, "a folder is HOST::GUEST, or one name for both", "name it so", run)
            }
        }
    }
    let variables: Vec<Value> = scene.asked.values("env-keys").map(|key| variable(&key.text)).collect();
    let container = Value::map([("name", Value::text(&scene.name)), ("image", Value::text(&image))])
        .and("resources", memory(scene))
        .and("env", Value::List(variables))
        .and("volumeMounts", Value::List(mounts));
    let spec = Value::map([
        ("runtimeClassName", Value::text("wasmtime")),
        ("containers", Value::List(vec![container])),
    ])
    .and("volumes", Value::List(volumes));
    let pod = Value::map([
        ("apiVersion", Value::text("v1")),
        ("kind", Value::text("Pod")),
        ("metadata", Value::map([("name", Value::text(&scene.name))])),
        ("spec", spec),
    ]);
    let containerfile = CONTAINERFILE.replace("app.wasm", &scene.artifact_name());
    let build =
        ["docker", "build", "--platform", "wasi/wasm", "-f", "Containerfile", "-t", image.as_str(), "."];
    let mut made = Made::new()
        .text("pod.yaml", "the pod", pod.yaml())
        .text("Containerfile", "the image", containerfile)
        .command(super::shell::line(build))
        .command(super::shell::line(["docker", "push", image.as_str()]));
    for command in scene.secrets() {
        made = made.command(command);
    }
    made.command("kubectl apply -f pod.yaml")
}
