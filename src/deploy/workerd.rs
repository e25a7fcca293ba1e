//! Cloudflare Workers: a worker around what jco makes of the artifact, and the configuration of workerd.
//!
//! Differs from `jco.rs`: workerd compiles no WebAssembly at run time, so that all of it is named in a configuration; and what may
//! go out goes through one place.

use std::collections::BTreeSet;

use super::capnp::Capnp;
use super::egress::Egress;
use super::jco::{CONSOLE, JCO, SHIM, package};
use super::value::{MADE_BY, Value};
use super::{Made, Scene};
use crate::diag::Run;

const WORKER: &str = include_str!("glue/worker.mjs");
const OUTBOUND: &str = include_str!("glue/outbound.mjs");
const BUILD: &str = include_str!("glue/build-worker.mjs");

/// The day whose behaviour of workerd the worker is written for.
const COMPATIBILITY: &str = "2026-01-01";

/// All files but the artifact.
pub(super) fn form(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    let keys: Vec<String> = scene.asked.values("env-keys").map(|key| key.text.clone()).collect();
    let hosts = hosts(scene, run);
    let exported = scene.export("wasi:http/incoming-handler").unwrap_or_default();
    let settings = Value::map([
        ("handler", Value::text(exported)),
        ("environment", Value::texts(keys.clone())),
        ("hosts", Value::List(hosts.iter().flatten().map(host).collect())),
    ]);
    let build = [&format!("jco transpile {}.wasm -o build {}", scene.name, FLAGS), "node build.mjs"];
    let scripts = [("build", build.join(" && ")), ("start", "workerd serve config.capnp".to_owned())];
    let tools = [JCO, ("rolldown", "1.3.2"), ("workerd", "1.20261117.1")];
    let mut made = Made::new()
        .text("config.capnp", "the configuration of workerd", configuration(scene, &keys, hosts.as_deref()))
        .text(
            "package.json",
            "the tools, in exact versions",
            package(&scene.name, &scripts, &[SHIM], &tools).json(),
        )
        .text("settings.mjs", "what the worker is told", settings.javascript("settings"))
        .text("worker.mjs", "the worker around the artifact", WORKER.to_owned())
        .text(CONSOLE.0, CONSOLE.1, CONSOLE.2.to_owned());
    if hosts.is_some() {
        made = made.text("outbound.mjs", "lets out what the policy allows", OUTBOUND.to_owned());
    }
    made.text("build.mjs", "makes modules that workerd loads", BUILD.to_owned())
        .command("npm install")
        .command("npm run build")
        .command("npm start")
}

/// How jco makes the glue: imports may wait, as requests that go out do.
const FLAGS: &str = "--name component --instantiation async --async-mode jspi --async-wasi-imports --async-wasi-exports \
                     --no-typescript";

/// The hosts that may be reached, if the policy says.
fn hosts(scene: &Scene<'_, '_>, run: &mut Run) -> Option<Vec<Egress>> {
    let is_limited = scene.asked.values("hosts").next().is_some();
    let hosts = scene.hosts(run).into_iter().map(|(_, host)| host).collect();
    is_limited.then_some(hosts)
}

fn host(host: &Egress) -> Value {
    let map = Value::map([("name", Value::text(&host.host)), ("below", Value::Flag(host.is_below))]);
    let map = match &host.scheme {
        Some(scheme) => map.and("scheme", Value::text(format!("{scheme}:"))),
        None => map,
    };
    match host.port {
        Some(port) => map.and("port", Value::Number(u64::from(port))),
        None => map,
    }
}

/// The networks that may be reached: those of the policy, else those that its hosts are in.
fn networks(scene: &Scene<'_, '_>, hosts: &[Egress]) -> Vec<String> {
    let named: Vec<String> = scene.asked.values("networks").map(|value| value.text.clone()).collect();
    if !named.is_empty() {
        return named;
    }
    let of_hosts: BTreeSet<&str> = hosts.iter().map(Egress::network).collect();
    of_hosts.into_iter().map(str::to_owned).collect()
}

fn configuration(scene: &Scene<'_, '_>, keys: &[String], hosts: Option<&[Egress]>) -> String {
    let goes_out = scene.asked.imports("wasi:http/outgoing-handler");
    let (has_hosts, networks) = (hosts.is_some(), networks(scene, hosts.unwrap_or_default()));
    let out = if has_hosts { "outbound" } else { "internet" };
    let bindings = keys
        .iter()
        .map(|key| Capnp::Struct(vec![("name", Capnp::text(key)), ("fromEnvironment", Capnp::text(key))]));
    let service = |name, kind, value| Capnp::Struct(vec![("name", Capnp::text(name)), (kind, value)]);
    let mut services = vec![service("app", "worker", Capnp::Name(".app"))];
    if has_hosts {
        services.push(service("outbound", "worker", Capnp::Name(".outbound")));
    }
    let allow =
        Capnp::List(if goes_out { networks.into_iter().map(Capnp::Text).collect() } else { Vec::new() });
    let network = match goes_out {
        // TLS is for what goes out: without it, `https` is refused.
        true => Capnp::Struct(vec![
            ("allow", allow),
            ("tlsOptions", Capnp::Struct(vec![("trustBrowserCas", Capnp::Name("true"))])),
        ]),
        false => Capnp::Struct(vec![("allow", allow)]),
    };
    services.push(service("internet", "network", network));
    let socket = Capnp::Struct(vec![
        ("name", Capnp::text("http")),
        ("address", Capnp::text("127.0.0.1:8787")),
        ("http", Capnp::Struct(Vec::new())),
        ("service", Capnp::text("app")),
    ]);
    let config =
        Capnp::Struct(vec![("services", Capnp::List(services)), ("sockets", Capnp::List(vec![socket]))]);
    let worker = |modules, bindings: Vec<Capnp>, out| {
        let mut fields =
            vec![("modules", Capnp::Name(modules)), ("compatibilityDate", Capnp::text(COMPATIBILITY))];
        if !bindings.is_empty() {
            fields.push(("bindings", Capnp::List(bindings)));
        }
        fields.push(("globalOutbound", Capnp::text(out)));
        Capnp::Struct(fields)
    };
    let mut text = format!(
        "# {MADE_BY}\n# `npm run build` makes build/modules.capnp.\nusing Workerd = import \"/workerd/workerd.capnp\";\n\
         using Built = import \"build/modules.capnp\";\n\nconst config :Workerd.Config = {};\n\n\
         const app :Workerd.Worker = {};\n",
        config.write(0),
        worker("Built.app", bindings.collect(), out).write(0)
    );
    if has_hosts {
        let outbound = worker("Built.outbound", Vec::new(), "internet");
        text.push_str(&format!("\nconst outbound :Workerd.Worker = {};\n", outbound.write(0)));
    }
    text
}
