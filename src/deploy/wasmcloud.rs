//! wasmCloud v2: a WorkloadDeployment for Kubernetes.
//!
//! Differs from `wadm.rs`: the components of a graph run on one host, and are matched by the names of what they export.

use std::collections::{BTreeMap, BTreeSet};

use super::admitted::{is_allowed_host, is_allowed_name, is_secret_key, is_variable};
use super::asked::Asking;
use super::diagnostics::{ALLOWED, CannotCarry, Incomplete, WiderScope};
use super::value::Value;
use super::wiring::wires;
use super::{Made, Scene, shell};
use crate::check::{Port, Verdict};
use crate::config::FIRST_VERSION;
use crate::diag::{Run, list, quoted};
use crate::host::Power;
use crate::model::{InterfaceName, ItemPath, Side};

/// The workload.
pub(super) fn form(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    if scene.subject.as_graph {
        exact_names(scene, run);
        one_exporter(scene, run);
    }
    sockets_beside_hosts(scene, run);
    subscriptions(scene, run);
    scene.secret_keys(run);
    let (mut services, mut components) = (Vec::new(), Vec::new());
    let instances: Vec<Option<usize>> = match scene.subject.as_graph {
        false => vec![None],
        true => (0..scene.subject.wiring.instances.len()).map(Some).collect(),
    };
    let root = scene.subject.wiring.root.map(|id| id.0);
    for at in instances {
        let name = at.map_or(scene.name.as_str(), |at| scene.names.get(at));
        let image = Value::text(scene.image(name));
        let resources =
            resources(scene, name, at.map(|at| scene.subject.wiring.instances[at].name.as_str()), run);
        // A command is a service there: started once, and not called.
        if is_command(scene) && (at.is_none() || at == root) {
            services.push(Value::map([("image", image), ("localResources", resources)]));
        } else {
            components.push(Value::map([
                ("name", Value::text(name)),
                ("image", image),
                ("localResources", resources),
            ]));
        }
    }
    let interfaces = host_interfaces(scene, run);
    let selector = Value::map([("hostgroup", Value::text("default"))]);
    let spec = Value::map([("hostSelector", selector)])
        .and("hostInterfaces", interfaces)
        .and("service", services.pop().unwrap_or(Value::empty()))
        .and("components", Value::List(components))
        .and("volumes", Value::List(volumes(scene)));
    let template = Value::map([("spec", spec)]);
    let workload = Value::map([
        ("apiVersion", Value::text("runtime.wasmcloud.dev/v1alpha1")),
        ("kind", Value::text("WorkloadDeployment")),
        ("metadata", Value::map([("name", Value::text(&scene.name))])),
        ("spec", Value::map([("replicas", Value::Number(1)), ("template", template)])),
    ]);
    let mut made = Made::new().text("workload.yaml", "the workload, for Kubernetes", workload.yaml());
    let keys: Vec<Asking> = scene.asked.values("config-keys").cloned().collect();
    let given = |key: &Asking| (key.text.clone(), shell::variable(&key.text));
    let given: Vec<(String, String)> = keys.iter().map(given).collect();
    let pairs = given.iter().map(|(key, from)| (key.as_str(), from.as_str()));
    let config = create_secret(&config_secret(scene), pairs);
    for command in scene.pushes("wash", "oci push").into_iter().chain(scene.secrets()).chain(config) {
        made = made.command(command);
    }
    made.command("kubectl apply -f workload.yaml")
}

impl Scene<'_, '_> {
    /// The image of a component.
    pub(super) fn image(&self, name: &str) -> String {
        format!("{}/{name}:{}", self.subject.registry, self.subject.tag)
    }

    /// The version of what is deployed, where it has to have three numbers: the tag, if it has.
    pub(super) fn version(&self) -> &str {
        match semver::Version::parse(self.subject.tag) {
            Ok(_) => self.subject.tag,
            Err(_) => FIRST_VERSION,
        }
    }

    /// The commands that push the images.
    pub(super) fn pushes(&self, tool: &str, verb: &str) -> Vec<String> {
        let names: Vec<&str> = match self.subject.as_graph {
            true => (0..self.subject.wiring.instances.len()).map(|at| self.names.get(at)).collect(),
            false => vec![&self.name],
        };
        let push = |name: &str| {
            format!("{tool} {verb} {}", shell::line([&*self.image(name), &format!("{name}.wasm")]))
        };
        names.into_iter().map(push).collect()
    }

    /// The commands that make the Secrets, of variables of the shell in which they are run.
    pub(super) fn secrets(&self) -> Vec<String> {
        let instances: Vec<Option<usize>> = match self.subject.as_graph {
            false => vec![None],
            true => (0..self.subject.wiring.instances.len()).map(Some).collect(),
        };
        let mut commands = Vec::new();
        for at in instances {
            let name = at.map_or(self.name.as_str(), |at| self.names.get(at));
            let instance = at.map(|at| self.subject.wiring.instances[at].name.as_str());
            let keys = self.values_for(instance, "env-keys");
            commands.extend(create_secret(
                &secret_name(name),
                keys.iter().map(|key| (key.text.as_str(), key.text.as_str())),
            ));
        }
        commands
    }

    /// Reports the variables that cannot be keys of a Secret.
    pub(super) fn secret_keys(&self, run: &mut Run) {
        let variables = self.asked.values("env-keys").filter(|key| is_variable(&key.text));
        let keys = variables.chain(self.asked.values("config-keys"));
        for key in keys.filter(|key| !is_secret_key(&key.text)) {
            let help = "name it with letters, digits, `-`, `_` and `.`";
            self.cannot_say(key, "no key of a Secret has such a name", help, run);
        }
    }

    /// The values of a kind of scope, for one instance or the whole.
    pub(super) fn values_for(&self, instance: Option<&str>, kind: &str) -> Vec<Asking> {
        match instance {
            Some(instance) => self.asked.values_of(instance, kind).cloned().collect(),
            None => self.asked.values(kind).cloned().collect(),
        }
    }
}

/// The Secret with the environment of a component.
pub(super) fn secret_name(name: &str) -> String {
    format!("{name}-environment")
}

/// The command that makes a Secret of keys, each with the variable of the shell that has its value.
pub(super) fn create_secret<'k>(
    name: &str,
    keys: impl Iterator<Item = (&'k str, &'k str)>,
) -> Option<String> {
    let values: Vec<String> = keys
        .map(|(key, from)| {
            format!("{}\"${{{}}}\"", shell::word(&format!("--from-literal={key}=")), shell::variable_of(from))
        })
        .collect();
    (!values.is_empty()).then(|| format!("kubectl create secret generic {name} {}", values.join(" ")))
}

/// Whether the whole is a command, and answers nothing.
fn is_command(scene: &Scene<'_, '_>) -> bool {
    let exports =
        scene.subject.wiring.exports.iter().filter_map(|exposed| InterfaceName::parse(&exposed.name));
    let names: Vec<InterfaceName> = exports.collect();
    names.iter().any(|name| name.path() == "wasi:cli/run")
        && !names.iter().any(|name| name.interface.ends_with("handler"))
}

/// A host only counts what its list of hosts would refuse to a raw socket, unless it is run otherwise.
fn sockets_beside_hosts(scene: &mut Scene<'_, '_>, run: &mut Run) {
    let Some(value) = scene.asked.values("hosts").next().cloned() else { return };
    // Names have a list of their own, which is enforced.
    if scene.raw_sockets(&["network", "instance-network", "ip-name-lookup"], run).is_some() {
        run.diagnostics.report(WiderScope {
            host: scene.host(),
            text: value.text,
            more: "raw sockets reach every address, unless the operator of the host has the list enforced for them",
            label: ALLOWED,
            span: value.span,
        });
    }
}

/// The handlers that messages and events are brought to, and the key of `config` under which a workload says which.
const SUBSCRIBED: &[(&str, &str)] = &[
    ("wasmcloud:messaging/handler", "subscriptions"),
    ("wasmcloud:nats/core-handler", "core-subscriptions"),
    ("wasmcloud:nats/jetstream-handler", "jetstream-subscriptions"),
    ("wasmcloud:nats/kv-handler", "kv-watches"),
];

/// Says that nobody calls a handler until somebody writes down what for.
fn subscriptions(scene: &mut Scene<'_, '_>, run: &mut Run) {
    let subject = &mut *scene.subject;
    for exposed in &subject.wiring.exports {
        let path = InterfaceName::parse(&exposed.name).map(|name| name.path());
        let row = SUBSCRIBED.iter().find(|(handler, _)| path.as_deref() == Some(handler));
        let (Some((handler, key)), Port { instance, name }) = (row, &exposed.export) else { continue };
        let package = handler.split('/').next().unwrap_or_default();
        let component = subject.wiring.instance(*instance).component;
        let span =
            subject.inputs.components[component].span(&mut run.sources, &ItemPath::item(Side::Export, name));
        run.diagnostics.report(Incomplete {
            what: format!("`workload.yaml` has no `{key}`: nothing calls {}", quoted(&exposed.name)),
            label: "is called for what a workload subscribes to".to_owned(),
            help: format!("write it by hand into the entry of `{package}` in `hostInterfaces`: `config: {{ {key}: \"…\" }}`"),
            span,
        });
    }
}

/// What to do about a text that is no name there.
const HELP_NAME: &str =
    "write a name of DNS, such as `api.example.com`, or all below a domain: `*.example.com`";

fn resources(scene: &Scene<'_, '_>, name: &str, instance: Option<&str>, run: &mut Run) -> Value {
    let texts = |kind, is_taken: fn(&str) -> bool, run: &mut Run| {
        let mut values = scene.values_for(instance, kind);
        values.retain(|value| {
            let is_taken = is_taken(&value.text);
            if !is_taken {
                scene.cannot_say(value, "wasmCloud takes no such name", HELP_NAME, run);
            }
            is_taken
        });
        Value::texts(values.into_iter().map(|value| value.text))
    };
    // Secrets are named, never written: the values come from a Secret of the cluster, which has these keys and no others.
    let environment = match scene.values_for(instance, "env-keys").is_empty() {
        true => Value::empty(),
        false => Value::map([(
            "secretFrom",
            Value::List(vec![Value::map([("name", Value::text(secret_name(name)))])]),
        )]),
    };
    let mut mounts = Vec::new();
    for path in scene.values_for(instance, "paths") {
        match folder(&path.text) {
            Some((host, guest)) => mounts.push(Value::map([
                ("name", Value::text(volume(scene, &host))),
                ("mountPath", Value::text(guest)),
            ])),
            None => {
                scene.cannot_say(&path, "a folder is HOST::GUEST, or one name for both", "name it so", run)
            }
        }
    }
    // A missing list allows every host in `wash dev`: an empty one says no everywhere.
    Value::empty()
        .and_always("allowedHosts", texts("hosts", is_allowed_host, run))
        .and("allowedIpNameLookups", texts("names", is_allowed_name, run))
        .and("environment", environment)
        .and("volumeMounts", Value::List(mounts))
}

/// `HOST::GUEST`, or one name for both.
pub(super) fn folder(text: &str) -> Option<(String, String)> {
    match text.split("::").collect::<Vec<_>>().as_slice() {
        [one] if !one.is_empty() => Some(((*one).to_owned(), (*one).to_owned())),
        [host, guest] if !host.is_empty() && !guest.is_empty() => {
            Some(((*host).to_owned(), (*guest).to_owned()))
        }
        _ => None,
    }
}

/// The folders of hosts, in order.
fn host_folders(scene: &Scene<'_, '_>) -> Vec<String> {
    let folders: BTreeSet<String> =
        scene.asked.values("paths").filter_map(|path| folder(&path.text)).map(|(host, _)| host).collect();
    folders.into_iter().collect()
}

/// The name of the volume of a folder.
fn volume(scene: &Scene<'_, '_>, folder: &str) -> String {
    let at = host_folders(scene).iter().position(|other| other == folder).unwrap_or_default();
    format!("folder-{}", at + 1)
}

fn volumes(scene: &Scene<'_, '_>) -> Vec<Value> {
    let volume = |folder: String| {
        let path = Value::map([("path", Value::text(&folder))]);
        Value::map([("name", Value::text(volume(scene, &folder))), ("hostPath", path)])
    };
    host_folders(scene).into_iter().map(volume).collect()
}

/// What a workload asks of plug-ins: the interfaces of a package in a version, and where one of them is asked for.
struct Asks {
    interfaces: Vec<String>,
    port: Port,
    side: Side,
}

/// What plug-ins provide, by package: the imports that must be asked for, and the handlers that are exported.
fn host_interfaces(scene: &mut Scene<'_, '_>, run: &mut Run) -> Value {
    let mut packages: BTreeMap<(String, String), Asks> = BTreeMap::new();
    let mut add = |name: InterfaceName, port: &Port, side| {
        // HTTP is no plug-in: whichever version it is, one server answers.
        let version = name.version.as_ref().filter(|_| name.package != HTTP);
        let key = (name.package.clone(), version.map(ToString::to_string).unwrap_or_default());
        let new = || Asks { interfaces: Vec::new(), port: port.clone(), side };
        let asks = packages.entry(key).or_insert_with(new);
        if !asks.interfaces.contains(&name.interface) {
            asks.interfaces.push(name.interface);
        }
    };
    for import in &scene.subject.fit.imports {
        let Verdict::Provided { name, power: Power::Asked(by), .. } = &import.verdict else { continue };
        if let (Some(name), Some(port)) = (InterfaceName::parse(name), import.users.first())
            && by == "hostInterfaces"
        {
            add(name, port, Side::Import);
        }
    }
    for exposed in &scene.subject.wiring.exports {
        let handler = InterfaceName::parse(&exposed.name).filter(|name| name.interface.ends_with("handler"));
        if let Some(name) = handler {
            add(name, &exposed.export, Side::Export);
        }
    }
    one_version(scene, &packages, run);
    let entry = |((package, version), mut asks): ((String, String), Asks)| {
        let (namespace, name) = package.split_once(':').unwrap_or(("", package.as_str()));
        asks.interfaces.sort_unstable();
        let node = Value::map([("namespace", Value::text(namespace)), ("package", Value::text(name))]);
        let node = if version.is_empty() { node } else { node.and("version", Value::text(version)) };
        let config = match package == HTTP {
            true => Value::map([("host", Value::text(format!("{}.localhost.direct", scene.name)))]),
            false => Value::empty(),
        };
        let keys = scene.asked.values("config-keys").next().is_some() && package == "wasi:config";
        let secret = Value::List(vec![Value::map([("name", Value::text(config_secret(scene)))])]);
        let node = node.and("interfaces", Value::texts(asks.interfaces)).and("config", config);
        if keys { node.and("secretFrom", secret) } else { node }
    };
    Value::List(packages.into_iter().map(entry).collect())
}

const HTTP: &str = "wasi:http";

/// The Secret with the values of `wasi:config`.
fn config_secret(scene: &Scene<'_, '_>) -> String {
    format!("{}-config", scene.name)
}

/// Of a package there is one entry that is for whoever imports it; another one would be for imports with labels.
fn one_version(scene: &mut Scene<'_, '_>, packages: &BTreeMap<(String, String), Asks>, run: &mut Run) {
    let twice = packages.iter().zip(packages.iter().skip(1)).filter(|(one, other)| one.0.0 == other.0.0);
    for (((package, first), _), ((_, second), asks)) in twice {
        let host = scene.host();
        let subject = &mut *scene.subject;
        let component = subject.wiring.instance(asks.port.instance).component;
        let place = ItemPath::item(asks.side, &asks.port.name);
        let span = subject.inputs.components[component].span(&mut run.sources, &place);
        run.diagnostics.report(CannotCarry {
            host,
            what: format!("two versions of {}: {first} and {second}", quoted(package)),
            label: "asks for the second one".to_owned(),
            help: "build both against one version of it".to_owned(),
            span,
        });
    }
}

/// The host matches the names of what components export exactly, and knows no labels.
fn exact_names(scene: &mut Scene<'_, '_>, run: &mut Run) {
    for wire in wires(scene.subject.wiring).into_iter().filter(|wire| wire.import != wire.export) {
        let span = scene.import_span(&wire, run);
        run.diagnostics.report(CannotCarry {
            host: scene.host(),
            what: format!(
                "a wire between two names: {} is provided as {}",
                quoted(&wire.import),
                quoted(&wire.export)
            ),
            label: "there, only the very same name provides this".to_owned(),
            help: "leave `--graph` out, or build both against one version".to_owned(),
            span,
        });
    }
}

/// The host refuses two exporters of one interface.
fn one_exporter(scene: &mut Scene<'_, '_>, run: &mut Run) {
    let subject = &mut *scene.subject;
    let mut exporters: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, instance) in subject.wiring.instances.iter().enumerate() {
        for name in subject.inputs.components[instance.component].surface.exports.keys() {
            exporters.entry(name.clone()).or_default().push(at);
        }
    }
    for (export, instances) in exporters.into_iter().filter(|(_, instances)| instances.len() > 1) {
        let names: Vec<String> =
            instances.iter().map(|at| quoted(&subject.wiring.instances[*at].name)).collect();
        let component = subject.wiring.instances[instances[1]].component;
        let span = subject.inputs.components[component]
            .span(&mut run.sources, &ItemPath::item(Side::Export, &export));
        run.diagnostics.report(CannotCarry {
            host: subject.profile.id.clone(),
            what: format!("two exporters of {}: {}", quoted(&export), list(&names)),
            label: "a second component exports this".to_owned(),
            help: "leave `--graph` out: linked into one, each is wired as the composition says".to_owned(),
            span,
        });
    }
}
