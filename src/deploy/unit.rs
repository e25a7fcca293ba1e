//! NGINX Unit: the configuration of a server with the artifact as its one application.
//!
//! Differs from `wasmtime.rs`: there options are given to a command, here a running server takes a document.

use super::value::Value;
use super::wasmcloud::folder;
use super::{Made, Scene};
use crate::diag::Run;

/// The configuration.
pub(super) fn form(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    let mut folders = Vec::new();
    for path in scene.asked.values("paths") {
        match folder(&path.text) {
            Some((host, guest)) if host == guest => folders.push(host),
            _ => scene.cannot_say(
                path,
                "a folder has the same name inside and outside there",
                "name it so",
                run,
            ),
        }
    }
    for key in scene.asked.values("env-keys") {
        scene.cannot_say(
            key,
            "a variable would be written with its value",
            "take it out, or choose another host",
            run,
        );
    }
    let application = Value::map([
        ("type", Value::text("wasm-wasi-component")),
        ("component", Value::text(format!("/www/{}", scene.artifact_name()))),
    ])
    .and("access", Value::empty().and("filesystem", Value::texts(folders)));
    let listener = Value::map([("pass", Value::text(format!("applications/{}", scene.name)))]);
    // Beside what else the server does: to put a whole configuration would take that away.
    let put = |file: &str, path: &str| {
        let socket = "--unix-socket /var/run/control.unit.sock";
        format!("curl -X PUT --data-binary @{file} {socket} http://localhost/config/{path}")
    };
    Made::new()
        .text("application.json", "the application", application.json())
        .text("listener.json", "where it listens", listener.json())
        .command(format!("mkdir -p /www && cp {} /www/", scene.artifact_name()))
        .command(put("application.json", &format!("applications/{}", scene.name)))
        .command(put("listener.json", "listeners/127.0.0.1:8080"))
}
