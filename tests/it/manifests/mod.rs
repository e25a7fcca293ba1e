//! What `witc emit` writes has the shape that the platforms read: every manifest in the snapshots of `deploy/`.
//!
//! Differs from `fixtures.rs`, which compares manifests with what they were: here each is held against what its platform knows,
//! written down from the facts of its schema (the file or type that is named), in words of our own.

use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::sandbox::files;

/// What a value must be.
enum Shape {
    Text,
    /// One of these texts.
    One(&'static [&'static str]),
    Number,
    Flag,
    List(Box<Shape>),
    /// Any keys, all with values of one shape.
    Map(Box<Shape>),
    /// These keys and no others; those of the first list must be there.
    Table(Vec<(&'static str, Shape)>, Vec<(&'static str, Shape)>),
    /// One of several.
    Either(Vec<Shape>),
}

use Shape::{Either, Flag, List, Map, Number, One, Table, Text};

fn list(shape: Shape) -> Shape {
    List(Box::new(shape))
}

fn map(shape: Shape) -> Shape {
    Map(Box::new(shape))
}

impl Shape {
    /// Why a value is not of this shape, with the way to the place.
    fn refuse(&self, value: &Value, place: &str) -> Option<String> {
        let refused = |what: &str| Some(format!("{place}: {value} is not {what}"));
        match (self, value) {
            (Text, Value::String(_)) | (Number, Value::Number(_)) | (Flag, Value::Bool(_)) => None,
            (One(texts), Value::String(text)) if texts.contains(&text.as_str()) => None,
            (List(shape), Value::Array(values)) => {
                let mut values = values.iter().enumerate();
                values.find_map(|(at, value)| shape.refuse(value, &format!("{place}[{at}]")))
            }
            (Map(shape), Value::Object(entries)) => {
                entries.iter().find_map(|(key, value)| shape.refuse(value, &format!("{place}.{key}")))
            }
            (Table(required, optional), Value::Object(entries)) => {
                let missing = required.iter().find(|(key, _)| !entries.contains_key(*key));
                let missing = missing.map(|(key, _)| format!("{place}: `{key}` is missing"));
                missing.or_else(|| {
                    entries.iter().find_map(|(key, value)| {
                        let known = required.iter().chain(optional).find(|(name, _)| name == key);
                        let Some((_, shape)) = known else {
                            return Some(format!("{place}: there is no `{key}`"));
                        };
                        shape.refuse(value, &format!("{place}.{key}"))
                    })
                })
            }
            (Either(shapes), _) => {
                let refusals: Vec<String> =
                    shapes.iter().map_while(|shape| shape.refuse(value, place)).collect();
                (refusals.len() == shapes.len()).then(|| refusals.join("; or "))
            }
            (Text, _) => refused("a text"),
            (One(texts), _) => refused(&format!("one of {texts:?}")),
            (Number, _) => refused("a number"),
            (Flag, _) => refused("true or false"),
            (List(_), _) => refused("a list"),
            (Map(_) | Table(..), _) => refused("a table"),
        }
    }
}

fn object(version: &'static str, kind: &'static str, annotations: bool, spec: Shape) -> Shape {
    let version: &'static [&'static str] = match version {
        "v1" => &["v1"],
        "core.spinkube.dev/v1alpha1" => &["core.spinkube.dev/v1alpha1"],
        "core.oam.dev/v1beta1" => &["core.oam.dev/v1beta1"],
        _ => &["runtime.wasmcloud.dev/v1alpha1"],
    };
    let kind: &'static [&'static str] = match kind {
        "Pod" => &["Pod"],
        "SpinApp" => &["SpinApp"],
        "Application" => &["Application"],
        _ => &["WorkloadDeployment"],
    };
    let notes = if annotations { vec![("annotations", map(Text))] } else { Vec::new() };
    let metadata = Table(vec![("name", Text)], notes);
    Table(
        vec![("apiVersion", One(version)), ("kind", One(kind)), ("metadata", metadata), ("spec", spec)],
        vec![],
    )
}

/// A reference to a Secret or to one key of it.
fn named() -> Shape {
    Table(vec![("name", Text)], vec![])
}

fn key_of_secret() -> Shape {
    let reference = Table(vec![("name", Text), ("key", Text)], vec![]);
    Table(vec![("secretKeyRef", reference)], vec![])
}

/// Kubernetes, the resources of a container.
fn resources() -> Shape {
    Table(vec![], vec![("limits", map(Text)), ("requests", map(Text))])
}

/// wasmCloud, runtime-operator/config/crd/bases/runtime.wasmcloud.dev_workloaddeployments.yaml; `allowedIpNameLookups` since 2.6.
fn workload() -> Shape {
    let resources = || {
        let environment = Table(
            vec![],
            vec![("config", map(Text)), ("configFrom", list(named())), ("secretFrom", list(named()))],
        );
        let mount = Table(vec![("name", Text), ("mountPath", Text)], vec![("readOnly", Flag)]);
        Table(
            vec![],
            vec![
                ("allowedHosts", list(Text)),
                ("allowedIpNameLookups", list(Text)),
                ("config", map(Text)),
                ("environment", environment),
                ("volumeMounts", list(mount)),
            ],
        )
    };
    let component = Table(
        vec![("name", Text), ("image", Text)],
        vec![("localResources", resources()), ("maxInvocations", Number), ("poolSize", Number)],
    );
    let service =
        Table(vec![("image", Text)], vec![("localResources", resources()), ("maxRestarts", Number)]);
    let interface = Table(
        vec![("namespace", Text), ("package", Text), ("interfaces", list(Text))],
        vec![
            ("version", Text),
            ("name", Text),
            ("config", map(Text)),
            ("configFrom", list(named())),
            ("secretFrom", list(named())),
        ],
    );
    let path = Table(vec![("path", Text)], vec![]);
    let volume = Table(vec![("name", Text)], vec![("hostPath", path), ("ephemeral", map(Text))]);
    let spec = Table(
        vec![],
        vec![
            ("hostSelector", map(Text)),
            ("hostInterfaces", list(interface)),
            ("components", list(component)),
            ("service", service),
            ("volumes", list(volume)),
        ],
    );
    let template = Table(vec![("spec", spec)], vec![("labels", map(Text)), ("annotations", map(Text))]);
    object(
        "runtime.wasmcloud.dev/v1alpha1",
        "WorkloadDeployment",
        false,
        Table(vec![("template", template)], vec![("replicas", Number)]),
    )
}

/// spin-operator, config/crd/bases/core.spinkube.dev_spinapps.yaml.
fn spin_app() -> Shape {
    let variable = Table(vec![("name", Text)], vec![("value", Text), ("valueFrom", key_of_secret())]);
    let spec = Table(
        vec![("image", Text)],
        vec![
            ("executor", Text),
            ("replicas", Number),
            ("components", list(Text)),
            ("imagePullSecrets", list(named())),
            ("resources", resources()),
            ("variables", list(variable)),
        ],
    );
    object("core.spinkube.dev/v1alpha1", "SpinApp", false, spec)
}

/// spin, crates/manifest/src/schema/v2: `AppManifest`, `Component`, `ComponentDependency::Local`.
fn spin() -> Shape {
    let variable = Table(vec![], vec![("required", Flag), ("secret", Flag), ("default", Text)]);
    let http = Table(vec![("route", Text), ("component", Text)], vec![]);
    let redis = Table(vec![("channel", Text), ("component", Text)], vec![]);
    let inherited: &[&str] = &[
        "ai_models",
        "allowed_outbound_hosts",
        "environment",
        "files",
        "key_value_stores",
        "sqlite_databases",
        "variables",
    ];
    let dependency =
        Table(vec![("path", Text)], vec![("export", Text), ("inherit_configuration", list(One(inherited)))]);
    let mount = Table(vec![("source", Text), ("destination", Text)], vec![]);
    let component = Table(
        vec![("source", Text)],
        vec![
            ("description", Text),
            ("variables", map(Text)),
            ("environment", map(Text)),
            ("files", list(Either(vec![Text, mount]))),
            ("allowed_outbound_hosts", list(Text)),
            ("key_value_stores", list(Text)),
            ("sqlite_databases", list(Text)),
            ("ai_models", list(Text)),
            ("dependencies", map(dependency)),
        ],
    );
    let application =
        Table(vec![("name", Text)], vec![("version", Text), ("description", Text), ("authors", list(Text))]);
    let trigger = Table(vec![], vec![("http", list(http)), ("redis", list(redis))]);
    Table(
        vec![("spin_manifest_version", Number), ("application", application), ("trigger", trigger)],
        vec![("variables", map(variable)), ("component", map(component))],
    )
}

/// wadm, oam.schema.json and wadm-types 0.8: components and capabilities, spreadscaler and link.
fn wadm() -> Shape {
    let configs = || {
        let config = Table(vec![("name", Text)], vec![("properties", map(Text))]);
        Table(vec![], vec![("config", list(config))])
    };
    let link = Table(
        vec![("target", named()), ("namespace", Text), ("package", Text), ("interfaces", list(Text))],
        vec![("source", configs()), ("name", Text)],
    );
    let scaler = Table(vec![("instances", Number)], vec![]);
    let properties = Either(vec![link, scaler]);
    let a_trait = Table(vec![("type", One(&["link", "spreadscaler"])), ("properties", properties)], vec![]);
    let component = Table(
        vec![
            ("name", Text),
            ("type", One(&["component", "capability"])),
            ("properties", Table(vec![("image", Text)], vec![("id", Text)])),
        ],
        vec![("traits", list(a_trait))],
    );
    let spec = Table(vec![("components", list(component))], vec![]);
    object("core.oam.dev/v1beta1", "Application", true, spec)
}

/// policy-mcp, the format of wassette's policies.
fn permissions() -> Shape {
    let storage = Table(vec![("uri", Text), ("access", list(One(&["read", "write"])))], vec![]);
    let of = |shape| Table(vec![], vec![("allow", list(shape)), ("deny", list(Text))]);
    let network = Either(vec![Table(vec![("host", Text)], vec![]), Table(vec![("cidr", Text)], vec![])]);
    let environment = Table(vec![("key", Text)], vec![]);
    let permissions = Table(
        vec![],
        vec![("storage", of(storage)), ("network", of(network)), ("environment", of(environment))],
    );
    Table(vec![("version", One(&["1.0"])), ("permissions", permissions)], vec![("description", Text)])
}

/// Fastly, the reference of fastly.toml, manifest version 3.
fn fastly() -> Shape {
    let backend = Table(vec![("address", Text)], vec![("port", Number), ("description", Text)]);
    let store = || map(Table(vec![], vec![("description", Text)]));
    let setup = Table(
        vec![],
        vec![
            ("backends", map(backend)),
            ("kv_stores", store()),
            ("config_stores", store()),
            ("secret_stores", store()),
        ],
    );
    let local = map(Table(vec![("url", Text)], vec![("override_host", Text)]));
    Table(
        vec![("manifest_version", Number), ("name", Text), ("language", Text)],
        vec![
            ("description", Text),
            ("authors", list(Text)),
            ("setup", setup),
            ("local_server", Table(vec![], vec![("backends", local)])),
        ],
    )
}

/// Kubernetes v1.
fn pod() -> Shape {
    let variable = Table(vec![("name", Text), ("valueFrom", key_of_secret())], vec![]);
    let mount = Table(vec![("name", Text), ("mountPath", Text)], vec![]);
    let container = Table(
        vec![("name", Text), ("image", Text)],
        vec![("env", list(variable)), ("volumeMounts", list(mount)), ("resources", resources())],
    );
    let path = Table(vec![("path", Text)], vec![]);
    let volume = Table(vec![("name", Text), ("hostPath", path)], vec![]);
    let spec = Table(
        vec![("containers", list(container))],
        vec![("runtimeClassName", Text), ("volumes", list(volume))],
    );
    object("v1", "Pod", false, spec)
}

/// NGINX Unit, the configuration of an application of type wasm-wasi-component.
fn unit() -> Shape {
    let access = Table(vec![], vec![("filesystem", list(Text))]);
    let application =
        Table(vec![("type", One(&["wasm-wasi-component"])), ("component", Text)], vec![("access", access)]);
    let listener = Table(vec![("pass", Text)], vec![]);
    Table(vec![("listeners", map(listener)), ("applications", map(application))], vec![])
}

/// wasmtime-cli-flags 48, `CommonOptions`: what witc writes of it is on or off, or a number.
fn wasmtime() -> Shape {
    Table(vec![], vec![("wasm", map(Either(vec![Flag, Number]))), ("wasi", map(Flag))])
}

/// npm, package.json.
fn package() -> Shape {
    Table(
        vec![
            ("name", Text),
            ("version", Text),
            ("private", Flag),
            ("type", One(&["module"])),
            ("scripts", map(Text)),
        ],
        vec![("dependencies", map(Text)), ("devDependencies", map(Text)), ("overrides", map(Text))],
    )
}

type MakeShape = fn() -> Shape;

const SHAPES: [(&str, MakeShape); 10] = [
    ("workload.yaml", workload),
    ("spinapp.yaml", spin_app),
    ("spin.toml", spin),
    ("wadm.yaml", wadm),
    ("policy.yaml", permissions),
    ("fastly.toml", fastly),
    ("pod.yaml", pod),
    ("unit.json", unit),
    ("wasmtime.toml", wasmtime),
    ("package.json", package),
];

pub(crate) fn tests() -> Vec<Trial> {
    let test = |(name, shape): (&'static str, MakeShape)| {
        Trial::test(format!("manifests::{name}"), move || Ok(check(name, &shape())?))
    };
    SHAPES.into_iter().map(test).collect()
}

/// All manifests of a name have its shape, there is one at least, and the shape refuses it with a key too many.
fn check(name: &str, shape: &Shape) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/deploy");
    let found: Vec<PathBuf> =
        files(&root).into_iter().filter(|path| path.file_name().is_some_and(|it| it == name)).collect();
    if found.is_empty() {
        return Err(format!("no case of deploy/ writes a {name}"));
    }
    for path in found {
        let text = std::fs::read_to_string(root.join(&path)).map_err(|error| error.to_string())?;
        let told = |error: String| format!("snapshots/deploy/{}: {error}", path.display());
        let mut value = parse(name, &text).map_err(told)?;
        if let Some(refusal) = shape.refuse(&value, "") {
            return Err(told(refusal));
        }
        value["no-such-key"] = Value::Bool(true);
        if shape.refuse(&value, "").is_none() {
            return Err(told("a key that nobody knows is not refused".to_owned()));
        }
    }
    Ok(())
}

fn parse(name: &str, text: &str) -> Result<Value, String> {
    match name.rsplit('.').next() {
        Some("yaml") => serde_saphyr::from_str(text).map_err(|error| error.to_string()),
        Some("toml") => toml::from_str(text).map_err(|error| error.to_string()),
        _ => serde_json::from_str(text).map_err(|error| error.to_string()),
    }
}
