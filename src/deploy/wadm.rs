//! wasmCloud v1: a wadm application, whose links cross machines over NATS.
//!
//! Differs from `wasmcloud.rs`: what a link carries is copied between machines, so that it must be plain data.

use std::collections::BTreeSet;

use super::diagnostics::{CannotCarry, UnnamedGrant};
use super::value::Value;
use super::wiring::wires;
use super::{Made, Scene};
use crate::check::{HostImport, Verdict};
use crate::diag::{Run, quoted};
use crate::host::Power;
use crate::model::{Definition, InterfaceName, Item, ItemKind, ItemPath, Side, Surface, ValueType};

/// The application.
pub(super) fn form(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    if scene.subject.as_graph {
        plain_data(scene, run);
    }
    for (kind, why) in [
        (
            "env-keys",
            "a component there has no environment: it reads its configuration through `wasi:config`",
        ),
        ("paths", "a component there has no folders"),
    ] {
        for value in scene.asked.values(kind) {
            scene.cannot_say(
                value,
                why,
                "take it out of the policy for this host, or choose another host",
                run,
            );
        }
    }
    let components: Vec<Value> = match scene.subject.as_graph {
        false => vec![component(scene, &scene.name, to_client(scene, |_| true).into_iter().collect())],
        true => (0..scene.subject.wiring.instances.len())
            .map(|at| component(scene, scene.names.get(at), links(scene, at)))
            .collect(),
    };
    let components = [components, providers(scene, run)].concat();
    let annotations =
        Value::map([("version", Value::text(format!("v{}", scene.subject.tag.trim_start_matches('v'))))]);
    let application = Value::map([
        ("apiVersion", Value::text("core.oam.dev/v1beta1")),
        ("kind", Value::text("Application")),
        ("metadata", Value::map([("name", Value::text(&scene.name)), ("annotations", annotations)])),
        ("spec", Value::map([("components", Value::List(components))])),
    ]);
    let mut made = Made::new().text("wadm.yaml", "the application", application.yaml());
    for command in scene.pushes("wash", "push") {
        made = made.command(command);
    }
    made.command("wash app deploy wadm.yaml")
}

fn component(scene: &Scene<'_, '_>, name: &str, links: Vec<Value>) -> Value {
    let scaler = Value::map([
        ("type", Value::text("spreadscaler")),
        ("properties", Value::map([("instances", Value::Number(1))])),
    ]);
    Value::map([
        ("name", Value::text(name)),
        ("type", Value::text("component")),
        ("properties", Value::map([("image", Value::text(scene.image(name)))])),
        ("traits", Value::List([vec![scaler], links].concat())),
    ])
}

/// One link for each interface of each provider.
fn links(scene: &Scene<'_, '_>, user: usize) -> Vec<Value> {
    let wires = wires(scene.subject.wiring).into_iter().filter(|wire| wire.user == user);
    let to_component = wires.filter_map(|wire| {
        let name = InterfaceName::parse(&wire.import)?;
        link(&name, scene.names.get(wire.provider), None)
    });
    let links: Vec<Value> = to_component.collect();
    let uses = |import: &&HostImport| import.users.iter().any(|port| port.instance.0 == user);
    links.into_iter().chain(to_client(scene, uses)).collect()
}

/// A link; it carries no version.
fn link(name: &InterfaceName, target: &str, source: Option<Value>) -> Option<Value> {
    let (namespace, package) = name.package.split_once(':')?;
    let properties = Value::map([
        ("target", Value::map([("name", Value::text(target))])),
        ("namespace", Value::text(namespace)),
        ("package", Value::text(package)),
        ("interfaces", Value::texts([name.interface.clone()])),
    ]);
    let properties = properties.and("source", source.unwrap_or(Value::empty()));
    Some(Value::map([("type", Value::text("link")), ("properties", properties)]))
}

/// The link to the provider that sends requests, where one of these imports needs it.
fn to_client(scene: &Scene<'_, '_>, uses: impl Fn(&&HostImport) -> bool) -> Option<Value> {
    let imports = scene.subject.wiring.host.iter().filter(uses);
    let mut names = imports.filter_map(|import| InterfaceName::parse(&import.name));
    link(
        &names.find(|name| name.path() == "wasi:http/outgoing-handler")?,
        &provider_name(scene, CLIENT),
        None,
    )
}

const SERVER: &str = "http-server";
const CLIENT: &str = "http-client";
/// What is before the name of a provider that a component has too.
const OTHER: &str = "wasmcloud-";
const SERVER_IMAGE: &str = "ghcr.io/wasmcloud/http-server:0.26.0";
const CLIENT_IMAGE: &str = "ghcr.io/wasmcloud/http-client:0.12.1";

/// The name of a provider, which no component has.
fn provider_name(scene: &Scene<'_, '_>, name: &str) -> String {
    let mut provider = name.to_owned();
    let is_taken = |name: &str| match scene.subject.as_graph {
        true => (0..scene.subject.wiring.instances.len()).any(|at| scene.names.get(at) == name),
        false => scene.name == name,
    };
    while is_taken(&provider) {
        provider = format!("{OTHER}{provider}");
    }
    provider
}

/// The providers of HTTP. Which ones provide other interfaces, only the user knows: that is reported.
fn providers(scene: &mut Scene<'_, '_>, run: &mut Run) -> Vec<Value> {
    let provider = |name: &str, image: &str, traits: Vec<Value>| {
        Value::map([
            ("name", Value::text(name)),
            ("type", Value::text("capability")),
            ("properties", Value::map([("image", Value::text(image))])),
        ])
        .and("traits", Value::List(traits))
    };
    let mut providers = Vec::new();
    let wiring = scene.subject.wiring;
    let mut exports =
        wiring.exports.iter().filter_map(|exposed| Some((InterfaceName::parse(&exposed.name)?, exposed)));
    let handler = exports.find(|(name, _)| name.path() == "wasi:http/incoming-handler");
    if let Some((name, exposed)) = handler {
        let target =
            if scene.subject.as_graph { scene.names.get(exposed.export.instance.0) } else { &scene.name };
        let address = Value::map([("address", Value::text("127.0.0.1:8080"))]);
        let entry = Value::map([("name", Value::text(format!("{target}-address"))), ("properties", address)]);
        let source = Value::map([("config", Value::List(vec![entry]))]);
        providers.push(provider(
            &provider_name(scene, SERVER),
            SERVER_IMAGE,
            link(&name, target, Some(source)).into_iter().collect(),
        ));
    }
    if to_client(scene, |_| true).is_some() {
        providers.push(provider(&provider_name(scene, CLIENT), CLIENT_IMAGE, Vec::new()));
    }
    for import in &scene.subject.fit.imports {
        let Verdict::Provided { power: Power::Asked(by), .. } = &import.verdict else { continue };
        let is_http = InterfaceName::parse(&import.name).is_some_and(|name| name.package == "wasi:http");
        if let (false, Some(port)) = (is_http, import.users.first()) {
            let component = wiring.instance(port.instance).component;
            let place = ItemPath::item(Side::Import, &port.name);
            let span = scene.subject.inputs.components[component].span(&mut run.sources, &place);
            let subject = &scene.subject;
            let (host, by, policy) = (subject.profile.id.clone(), by.clone(), subject.in_force());
            let import = import.name.clone();
            run.diagnostics.report(UnnamedGrant { import, kind: None, host, by, policy, span });
        }
    }
    providers
}

/// What crosses a network: functions of named interfaces, and values. Resources do not, and a link cannot tell two providers
/// or two versions of an interface apart.
fn plain_data(scene: &mut Scene<'_, '_>, run: &mut Run) {
    let mut seen: BTreeSet<(usize, String)> = BTreeSet::new();
    for wire in wires(scene.subject.wiring) {
        let component = scene.subject.wiring.instances[wire.user].component;
        let surface = &scene.subject.inputs.components[component].surface;
        let Some(item) = surface.imports.get(&wire.import) else { continue };
        let why = match item.interface(&wire.import) {
            None => "it is no interface, and a link names one",
            Some(_) if item.implements.is_some() => "it is a label, which a link does not know",
            Some(name) if !seen.insert((wire.user, name.path())) => {
                "another version of it is linked too, and a link carries no version"
            }
            Some(_) => match unsendable(surface, item) {
                Some(why) => why,
                None => continue,
            },
        };
        let name = quoted(&scene.subject.wiring.instances[wire.user].name);
        let span = scene.import_span(&wire, run);
        run.diagnostics.report(CannotCarry {
            host: scene.host(),
            what: format!("the wire {} of {name}: {why}", quoted(&wire.import)),
            label: "would be a link".to_owned(),
            help: "leave `--graph` out, or link these two components into one first".to_owned(),
            span,
        });
    }
}

/// Why the functions of an interface cannot be called over a network, if they cannot.
fn unsendable(surface: &Surface, item: &Item) -> Option<&'static str> {
    let ItemKind::Instance(instance) = &item.kind else { return None };
    let mut found = None;
    for member in instance.exports.values() {
        match &member.kind {
            ItemKind::Type(id) if surface.types.resource(*id).is_some() => {
                return Some("it has a resource, which cannot cross a network");
            }
            ItemKind::Function(function) => {
                let values = function.parameters.iter().map(|(_, value)| value).chain(&function.result);
                found = found.or(values.filter_map(|value| within(surface, value, 0)).next());
            }
            ItemKind::Type(_)
            | ItemKind::Value(_)
            | ItemKind::Instance(_)
            | ItemKind::Component(_)
            | ItemKind::CoreModule(_) => {}
        }
    }
    found
}

/// How deep types are looked into; deeper ones do not validate.
const DEPTH: usize = 100;

/// What of a value cannot cross a network, also deep within it.
fn within(surface: &Surface, value: &ValueType, depth: usize) -> Option<&'static str> {
    let ValueType::Defined(id) = value else { return None };
    if depth > DEPTH {
        return None;
    }
    let inner = |value: &ValueType| within(surface, value, depth + 1);
    match surface.types.resolve(*id) {
        Definition::Stream(_) | Definition::Future(_) => {
            Some("it has a stream or a future, which cannot cross a network")
        }
        Definition::Own(_) | Definition::Borrow(_) => Some("it has a handle, which cannot cross a network"),
        Definition::Record(fields) => fields.iter().find_map(|(_, value)| inner(value)),
        Definition::Variant(cases) => cases.iter().filter_map(|(_, value)| value.as_ref()).find_map(inner),
        Definition::Tuple(values) => values.iter().find_map(inner),
        Definition::List(value) | Definition::FixedLengthList(value, _) | Definition::Option(value) => {
            inner(value)
        }
        Definition::Map(key, value) => inner(key).or_else(|| inner(value)),
        Definition::Result { ok, err } => ok.iter().chain(err).find_map(inner),
        Definition::Primitive(_)
        | Definition::Flags(_)
        | Definition::Enum(_)
        | Definition::Resource(_)
        | Definition::Opaque(_)
        | Definition::Alias(_) => None,
    }
}
