//! Spin: `spin.toml`, and the SpinApp of SpinKube.
//!
//! Differs from `wasmcloud.rs`: here the components of a graph are linked by name of the import, in one process.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use super::admitted::{is_label, is_variable};
use super::asked::Asking;
use super::diagnostics::{CannotCarry, Incomplete};
use super::shell;
use super::value::Value;
use super::wasmcloud::{create_secret, folder};
use super::wiring::{Wire, wires};
use super::{Made, Scene};
use crate::diag::{Run, list, quoted};
use crate::model::{InterfaceName, ItemPath, Side};

/// The manifest and the application.
pub(super) fn form(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    if scene.subject.as_graph {
        star(scene, run);
    }
    one_way_only(scene, run);
    let root = root_name(scene);
    let variables = variables(scene, run);
    let application =
        Value::map([("name", Value::text(&scene.name)), ("version", Value::text(scene.version()))]);
    let manifest = Value::map([("spin_manifest_version", Value::Number(2)), ("application", application)])
        .and("variables", declared(&variables))
        .and("trigger", trigger(scene, &root))
        .and("component", Value::named([(root.clone(), component(scene, &root, run))]));
    let image = scene.image(&scene.name);
    let spec = Value::map([
        ("image", Value::text(&image)),
        ("replicas", Value::Number(1)),
        ("executor", Value::text("containerd-shim-spin")),
    ])
    .and("resources", memory(scene))
    .and("variables", Value::List(variables.iter().map(|variable| secret(scene, variable)).collect()));
    let app = Value::map([
        ("apiVersion", Value::text("core.spinkube.dev/v1alpha1")),
        ("kind", Value::text("SpinApp")),
        ("metadata", Value::map([("name", Value::text(&scene.name))])),
        ("spec", spec),
    ]);
    let made = Made::new()
        .text("spin.toml", "the application", manifest.toml())
        .text("spinapp.yaml", "the same for SpinKube", app.yaml())
        .command(spin_up(scene, &variables))
        .command("# or on Kubernetes, with SpinKube:")
        .command(shell::line(["spin", "registry", "push", image.as_str()]));
    let keys = variables.iter().map(|variable| (variable.name.as_str(), variable.from.as_str()));
    let made = match create_secret(&secret_of(scene), keys) {
        Some(command) => made.command(command),
        None => made,
    };
    made.command("kubectl apply -f spinapp.yaml")
}

/// `spin up`, which takes variables of the application from its own environment, and those of components as options.
fn spin_up(scene: &Scene<'_, '_>, variables: &[Variable]) -> String {
    let given = |variable: &Variable| {
        format!("SPIN_VARIABLE_{}=\"${{{}}}\" ", variable.name.to_ascii_uppercase(), variable.from)
    };
    let option = |key: &Asking| {
        format!(" --env {}\"${{{}}}\"", shell::word(&format!("{}=", key.text)), shell::variable_of(&key.text))
    };
    let given: String = variables.iter().map(given).collect();
    given + "spin up" + &scene.asked.values("env-keys").map(option).collect::<String>()
}

/// Says what only one of the two ways to run the application holds to: `spin up`, and SpinKube.
fn one_way_only(scene: &Scene<'_, '_>, run: &mut Run) {
    let keys: Vec<&Asking> = scene.asked.values("env-keys").filter(|key| is_variable(&key.text)).collect();
    if scene.subject.as_graph {
        for key in keys {
            let help =
                "leave `--graph` out, or have the component read a value of a configuration: `config-keys`";
            scene.cannot_say(
                key,
                "`spin up --env` gives nothing to a component with dependencies",
                help,
                run,
            );
        }
    } else if let Some(first) = keys.first() {
        let names: Vec<String> = keys.iter().map(|key| quoted(&key.text)).collect();
        run.diagnostics.report(Incomplete {
            what: format!(
                "`spinapp.yaml` has no place for {}: SpinKube gives a component no environment",
                list(&names)
            ),
            label: "given by `spin up --env`, and nowhere else".to_owned(),
            help: "for SpinKube, have the component read a value of a configuration: `config-keys`"
                .to_owned(),
            span: first.span,
        });
    }
    if let Some(memory) = &scene.limits.memory {
        run.diagnostics.report(Incomplete {
            what: "`spin.toml` has no place for a limit of memory: `spin up` holds to none".to_owned(),
            label: "stands in `spinapp.yaml` alone".to_owned(),
            help: "limit the memory of the process that runs `spin up`, or deploy on SpinKube".to_owned(),
            span: memory.span,
        });
    }
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

/// The interfaces that the trigger of HTTP calls.
const HTTP: &[&str] = &["wasi:http/incoming-handler", "wasi:http/handler", "fermyon:spin/inbound-http"];
/// The interfaces that the trigger of Redis calls.
const REDIS: &[&str] = &["fermyon:spin/inbound-redis", "spin:redis/inbound-redis"];
/// What nothing but whoever deploys can say of a trigger of Redis, as variables.
const AT_REDIS: &[(&str, &str)] = &[("address", "redis_address"), ("channel", "redis_channel")];

fn is_redis(scene: &Scene<'_, '_>) -> bool {
    REDIS.iter().any(|path| scene.export(path).is_some())
}

/// One entry for each kind of trigger that the component has a handler for.
fn trigger(scene: &Scene<'_, '_>, root: &str) -> Value {
    let entry = |fields: Vec<(String, Value)>| {
        Value::List(vec![Value::named(fields).and("component", Value::text(root))])
    };
    let is_http = HTTP.iter().any(|path| scene.export(path).is_some());
    let http = if is_http { entry(vec![("route".to_owned(), Value::text("/..."))]) } else { Value::empty() };
    let redis = match is_redis(scene) {
        true => entry(AT_REDIS.iter().map(|(key, name)| ((*key).to_owned(), reference(name))).collect()),
        false => Value::empty(),
    };
    Value::empty().and("http", http).and("redis", redis)
}

/// A variable, where Spin looks for one.
fn reference(variable: &str) -> Value {
    Value::text(format!("{{{{ {variable} }}}}"))
}

fn component(scene: &Scene<'_, '_>, root: &str, run: &mut Run) -> Value {
    let config = scene.asked.values("config-keys").map(|key| variable(&key.text));
    let config = config.map(|name| (name.clone(), reference(&name)));
    let mounts: Vec<Value> = scene.asked.values("paths").filter_map(|path| mount(path, scene, run)).collect();
    let stores = stores(scene, run);
    let binary = if scene.subject.as_graph { root } else { scene.name.as_str() };
    // An empty list of hosts says no: it is written out, so that a reader sees it.
    Value::map([("source", Value::text(format!("{binary}.wasm")))])
        .and_always("allowed_outbound_hosts", Value::texts(hosts(scene, run)))
        .and("key_value_stores", Value::texts(stores))
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

/// A folder that is copied at the start, or packed into the image: it lies within that of the application.
fn mount(path: &Asking, scene: &Scene<'_, '_>, run: &mut Run) -> Option<Value> {
    let is_within = |host: &str| {
        Path::new(host).components().all(|step| matches!(step, Component::Normal(_) | Component::CurDir))
    };
    let why = match folder(&path.text) {
        Some((host, guest)) if !guest.starts_with('/') && is_within(&host) => {
            "the name of a folder inside begins with `/` there"
        }
        Some((host, guest)) if is_within(&host) => {
            return Some(Value::map([("source", Value::text(host)), ("destination", Value::text(guest))]));
        }
        Some(_) => "Spin takes what lies in the folder of `spin.toml`, and nothing outside of it",
        None => "a folder is HOST::GUEST, or one name for both",
    };
    scene.cannot_say(path, why, "name it so: `reports::/data`", run);
    None
}

/// A variable of the application: what the policy or the trigger needs, and only whoever deploys can give.
struct Variable {
    name: String,
    /// The environment variable of the shell that has the value.
    from: String,
    is_secret: bool,
}

/// The values of configurations, as secrets; and where Redis is.
fn variables(scene: &Scene<'_, '_>, run: &mut Run) -> Vec<Variable> {
    let at_redis = if is_redis(scene) { AT_REDIS } else { &[] };
    let given = |(_, name): &(&str, &str)| Variable {
        name: (*name).to_owned(),
        from: shell::variable(name),
        is_secret: false,
    };
    let mut variables: Vec<Variable> = at_redis.iter().map(given).collect();
    let mut taken: BTreeSet<String> = variables.iter().map(|variable| variable.name.clone()).collect();
    for key in scene.asked.values("config-keys") {
        let name = variable(&key.text);
        if taken.insert(name.clone()) {
            variables.push(Variable { name, from: shell::variable(&key.text), is_secret: true });
        } else {
            scene.cannot_say(key, "two names would be one variable of Spin", "rename one of them", run);
        }
    }
    variables
}

/// Names of what whoever deploys must give beyond the policy.
pub(super) fn given(scene: &Scene<'_, '_>) -> Vec<String> {
    let at_redis = if is_redis(scene) { AT_REDIS } else { &[] };
    at_redis.iter().map(|(_, name)| shell::variable(name)).collect()
}

fn declared(variables: &[Variable]) -> Value {
    let required = |variable: &Variable| {
        let required = Value::map([("required", Value::Flag(true))]);
        let secret = if variable.is_secret { Value::Flag(true) } else { Value::empty() };
        (variable.name.clone(), required.and("secret", secret))
    };
    Value::Map(variables.iter().map(required).collect())
}

/// The same variable in a cluster: from a key of one Secret.
fn secret(scene: &Scene<'_, '_>, variable: &Variable) -> Value {
    let reference =
        Value::map([("name", Value::text(secret_of(scene))), ("key", Value::text(&variable.name))]);
    Value::map([
        ("name", Value::text(&variable.name)),
        ("valueFrom", Value::map([("secretKeyRef", reference)])),
    ])
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
