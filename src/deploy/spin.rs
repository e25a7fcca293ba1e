//! Spin: `spin.toml`, and the SpinApp of SpinKube.
//!
//! Differs from `wasmcloud.rs`: here the components of a graph are linked by name of the import, in one process.

use std::collections::BTreeSet;

use super::admitted::is_label;
use super::asked::Asking;
use super::diagnostics::CannotCarry;
use super::shell;
use super::value::Value;
use super::wasmcloud::{create_secret, folder};
use super::wiring::{Wire, wires};
use super::{Made, Scene};
use crate::diag::{Run, quoted};
use crate::model::{InterfaceName, ItemPath, Side};

/// The manifest and the application.
pub(super) fn form(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    if scene.subject.as_graph {
        star(scene, run);
    }
    let root = root_name(scene);
    let application = Value::map([("name", Value::text(&scene.name)), ("version", Value::text("0.1.0"))]);
    let manifest = Value::map([("spin_manifest_version", Value::Number(2)), ("application", application)])
        .and("variables", variables(scene, run))
        .and("trigger", trigger(scene, &root))
        .and("component", Value::named([(root.clone(), component(scene, &root, run))]));
    let image = format!("{}/{}:0.1.0", scene.subject.registry, scene.name);
    let spec = Value::map([
        ("image", Value::text(&image)),
        ("replicas", Value::Number(1)),
        ("executor", Value::text("containerd-shim-spin")),
    ])
    .and("resources", memory(scene))
    .and("variables", Value::List(secrets(scene)));
    let app = Value::map([
        ("apiVersion", Value::text("core.spinkube.dev/v1alpha1")),
        ("kind", Value::text("SpinApp")),
        ("metadata", Value::map([("name", Value::text(&scene.name))])),
        ("spec", spec),
    ]);
    let made = Made::new()
        .text("spin.toml", "the application", manifest.toml())
        .text("spinapp.yaml", "the same for SpinKube", app.yaml())
        .command("spin up")
        .command(shell::line(["spin", "registry", "push", image.as_str()]));
    let keys = scene.asked.values("env-keys").map(|key| (variable(&key.text), key.text.clone()));
    let config =
        scene.asked.values("config-keys").map(|key| (variable(&key.text), shell::variable(&key.text)));
    let keys: Vec<(String, String)> = keys.chain(config).collect();
    let keys = keys.iter().map(|(key, from)| (key.as_str(), from.as_str()));
    let made = match create_secret(&secret_of(scene), keys) {
        Some(command) => made.command(command),
        None => made,
    };
    made.command("kubectl apply -f spinapp.yaml")
}

/// How much memory a pod may have, in bytes.
pub(super) fn memory(scene: &Scene<'_, '_>) -> Value {
    let limit = |limit: &crate::config::Spanned<u64>| {
        Value::map([("limits", Value::map([("memory", Value::text(limit.value.to_string()))]))])
    };
    scene.limits.memory.as_ref().map_or(Value::empty(), limit)
}

/// The component that Spin starts.
fn root_name(scene: &Scene<'_, '_>) -> String {
    match scene.subject.wiring.root {
        Some(root) if scene.subject.as_graph => scene.names.get(root.0).to_owned(),
        Some(_) | None => scene.name.clone(),
    }
}

fn trigger(scene: &Scene<'_, '_>, root: &str) -> Value {
    let exports = &scene.subject.wiring.exports;
    let is_redis = exports.iter().any(|exposed| exposed.name.contains("/inbound-redis"));
    let (kind, what) = match is_redis {
        true => ("redis", ("channel", Value::text(root))),
        false => ("http", ("route", Value::text("/..."))),
    };
    let entry = Value::map([what, ("component", Value::text(root))]);
    Value::map([(kind, Value::List(vec![entry]))])
}

fn component(scene: &Scene<'_, '_>, root: &str, run: &mut Run) -> Value {
    let reference = |key: &Asking| Value::text(format!("{{{{ {} }}}}", variable(&key.text)));
    let keys = scene.asked.values("env-keys").map(|key| (key.text.clone(), reference(key)));
    let config = scene.asked.values("config-keys").map(|key| (variable(&key.text), reference(key)));
    let mounts: Vec<Value> = scene.asked.values("paths").filter_map(|path| mount(path, scene, run)).collect();
    let stores = stores(scene, run);
    let binary = if scene.subject.as_graph { root } else { scene.name.as_str() };
    // An empty list of hosts says no: it is written out, so that a reader sees it.
    Value::map([("source", Value::text(format!("{binary}.wasm")))])
        .and_always("allowed_outbound_hosts", Value::texts(hosts(scene, run)))
        .and("key_value_stores", Value::texts(stores))
        .and("environment", Value::named(keys))
        .and("variables", Value::named(config))
        .and("files", Value::List(mounts))
        .and("dependencies", dependencies(scene))
}

/// The label of a store is words with one kind of line between them.
fn stores(scene: &Scene<'_, '_>, run: &mut Run) -> Vec<String> {
    let mut stores: Vec<&Asking> = scene.asked.values("stores").collect();
    stores.retain(|store| {
        let is_taken = is_label(&store.text);
        if !is_taken {
            scene.cannot_say(
                store,
                "no store of Spin has such a name",
                "name it `like-this` or `like_this`",
                run,
            );
        }
        is_taken
    });
    stores.into_iter().map(|store| store.text.clone()).collect()
}

/// Spin wants a scheme, and a port where the scheme has none.
fn hosts(scene: &Scene<'_, '_>, run: &mut Run) -> Vec<String> {
    let mut hosts = Vec::new();
    for (_, host) in scene.hosts(run) {
        let port = host.port.map_or(String::new(), |port| format!(":{port}"));
        match &host.scheme {
            Some(scheme) => hosts.push(format!("{scheme}://{}{port}", host.name())),
            None => hosts.extend(["http", "https"].map(|scheme| format!("{scheme}://{}{port}", host.name()))),
        }
    }
    hosts
}

fn mount(path: &Asking, scene: &Scene<'_, '_>, run: &mut Run) -> Option<Value> {
    match folder(&path.text) {
        Some((host, guest)) if guest.starts_with('/') => {
            Some(Value::map([("source", Value::text(host)), ("destination", Value::text(guest))]))
        }
        found => {
            let why = match found {
                Some(_) => "the name of a folder inside begins with `/` there",
                None => "a folder is HOST::GUEST, or one name for both",
            };
            scene.cannot_say(path, why, "name it so: `reports::/data`", run);
            None
        }
    }
}

/// What is named in the policy becomes a variable that whoever deploys must give, as a secret.
fn variables(scene: &Scene<'_, '_>, run: &mut Run) -> Value {
    let required = || Value::map([("required", Value::Flag(true)), ("secret", Value::Flag(true))]);
    let mut taken = BTreeSet::new();
    let mut variables = Vec::new();
    for key in scene.asked.values("env-keys").chain(scene.asked.values("config-keys")) {
        match taken.insert(variable(&key.text)) {
            true => variables.push((variable(&key.text), required())),
            false => {
                scene.cannot_say(key, "two names would be one variable of Spin", "rename one of them", run)
            }
        }
    }
    Value::Map(variables)
}

/// The same variables in a cluster: each from a key of one Secret.
fn secrets(scene: &Scene<'_, '_>) -> Vec<Value> {
    let secret = secret_of(scene);
    let keys = scene.asked.values("env-keys").chain(scene.asked.values("config-keys"));
    let variable = |key: &Asking| {
        let name = variable(&key.text);
        let reference = Value::map([("name", Value::text(&secret)), ("key", Value::text(&name))]);
        Value::map([("name", Value::text(name)), ("valueFrom", Value::map([("secretKeyRef", reference)]))])
    };
    keys.map(variable).collect()
}

fn secret_of(scene: &Scene<'_, '_>) -> String {
    format!("{}-secrets", scene.name)
}

/// Names of variables are in lower case, with underscores, and begin with a letter.
fn variable(key: &str) -> String {
    let name = shell::variable(key).to_ascii_lowercase();
    let name = name.split('_').filter(|step| !step.is_empty()).collect::<Vec<_>>().join("_");
    if name.starts_with(|first: char| first.is_ascii_lowercase()) { name } else { format!("v_{name}") }
}

/// What a dependency may inherit of the component that needs it, and the kind of scope behind each.
const INHERITED: &[(&str, &str)] = &[
    ("allowed_outbound_hosts", "hosts"),
    ("environment", "env-keys"),
    ("files", "paths"),
    ("key_value_stores", "stores"),
    ("variables", "config-keys"),
];

/// The typed dependencies of the component that is started.
fn dependencies(scene: &Scene<'_, '_>) -> Value {
    if !scene.subject.as_graph {
        return Value::empty();
    }
    let entry = |wire: Wire| {
        let provider = &scene.subject.wiring.instances[wire.provider].name;
        let inherits = |kind: &str| scene.asked.values_of(provider, kind).next().is_some();
        let inherited = INHERITED.iter().filter(|(_, kind)| inherits(kind)).map(|(key, _)| *key);
        let path = Value::map([("path", Value::text(scene.names.wasm(wire.provider)))]);
        let path = match wire.export == wire.import {
            true => path,
            false => path.and("export", Value::text(&wire.export)),
        };
        (wire.import.clone(), path.and("inherit_configuration", Value::texts(inherited)))
    };
    Value::named(wires(scene.subject.wiring).into_iter().map(entry))
}

/// Spin links the dependencies of the one component that it starts, and not theirs; it knows them by interface.
fn star(scene: &mut Scene<'_, '_>, run: &mut Run) {
    let root = scene.subject.wiring.root.map(|id| id.0);
    let mut seen: Vec<InterfaceName> = Vec::new();
    for wire in wires(scene.subject.wiring) {
        let interface = InterfaceName::parse(&wire.import);
        let is_second =
            |name: &InterfaceName| seen.iter().any(|other| name.stands_for(other) || other.stands_for(name));
        let is_second = interface.as_ref().is_some_and(is_second);
        let name = quoted(&scene.subject.wiring.instances[wire.user].name);
        let import = quoted(&wire.import);
        let what = if Some(wire.user) != root {
            format!("a dependency that has dependencies itself: {name} imports {import}")
        } else if is_second {
            format!(
                "two dependencies for one interface: {import} is there in another version of the same track"
            )
        } else if let Some(interface) = interface {
            seen.push(interface);
            continue;
        } else {
            format!("a wire for {import}, which is no interface")
        };
        let span = scene.import_span(&wire, run);
        run.diagnostics.report(CannotCarry {
            host: scene.host(),
            what,
            label: "another component provides this".to_owned(),
            help: "leave `--graph` out, or link these components into one first".to_owned(),
            span,
        });
    }
}

impl Scene<'_, '_> {
    /// Where the user of a wire imports.
    pub(super) fn import_span(&mut self, wire: &Wire, run: &mut Run) -> crate::source::Span {
        let component = self.subject.wiring.instances[wire.user].component;
        let place = ItemPath::item(Side::Import, &wire.import);
        self.subject.inputs.components[component].span(&mut run.sources, &place)
    }
}
