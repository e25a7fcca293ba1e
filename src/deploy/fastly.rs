//! Fastly Compute: `fastly.toml`, and the package that holds it beside the artifact.
//!
//! Differs from `package.rs`, which packs: here is what goes in.

use std::collections::BTreeSet;

use super::diagnostics::WiderScope;
use super::egress::{Egress, HELP_HOST};
use super::names::{file_name, own};
use super::value::Value;
use super::{Made, Scene};
use crate::diag::Run;
use crate::model::{InterfaceName, Item, ItemKind, ItemPath, Side, Step};

/// The file that a package must have.
pub(super) const MANIFEST: &str = "fastly.toml";

/// The manifest. The pipeline packs it with the artifact, as `fastly compute pack` would.
pub(super) fn form(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    dynamic_backends(scene, run);
    let (mut backends, mut local, mut taken) = (Vec::new(), Vec::new(), BTreeSet::new());
    for value in scene.asked.values("hosts") {
        let host = Egress::parse(&value.text);
        let Some(host) = host.filter(|host| !host.is_below) else {
            scene.cannot_say(value, "a backend there is one host with its port", HELP_HOST, run);
            continue;
        };
        let name = own(file_name(&host.host), &mut taken).replace('-', "_");
        let (port, scheme) = (host.port_or_default(), host.scheme.as_deref().unwrap_or("https"));
        let backend = Value::map([
            ("address", Value::text(&host.host)),
            ("port", Value::Number(u64::from(port))),
            ("description", Value::text("named in the policy")),
        ]);
        backends.push((name.clone(), backend));
        let authority = host.port.map_or(host.host.clone(), |port| format!("{}:{port}", host.host));
        local.push((name, Value::map([("url", Value::text(format!("{scheme}://{authority}")))])));
    }
    // Stores are named, and what is in them is not: that is given where the service is set up.
    let stores = |kind| {
        let described = || Value::map([("description", Value::text("named in the policy"))]);
        Value::named(scene.asked.values(kind).map(|store| (store.text.clone(), described())))
    };
    let setup = Value::empty()
        .and("backends", Value::Map(backends))
        .and("kv_stores", stores("stores"))
        .and("config_stores", stores("config-stores"))
        .and("secret_stores", stores("secret-stores"));
    let manifest = Value::map([
        ("manifest_version", Value::Number(3)),
        ("name", Value::text(&scene.name)),
        ("language", Value::text("other")),
        ("description", Value::text("linked by witc")),
        ("authors", Value::texts([""; 0])),
    ])
    .and("setup", setup)
    .and("local_server", Value::empty().and("backends", Value::Map(local)));
    let package = format!("pkg/{}.tar.gz", scene.name);
    Made::new()
        .text(MANIFEST, "the manifest", manifest.toml())
        .command(format!("fastly compute validate --package {package}"))
        .command(format!("fastly compute deploy --package {package}"))
}

/// The interface with the function by which a program makes a backend of its own.
const REQUESTS: &str = "fastly:compute/http-req";
const MAKES_BACKEND: &str = "register-dynamic-backend";

/// Says that a component can go beyond the backends of the manifest.
fn dynamic_backends(scene: &mut Scene<'_, '_>, run: &mut Run) {
    let subject = &mut *scene.subject;
    let is_requests = |name: &str| InterfaceName::parse(name).is_some_and(|name| name.path() == REQUESTS);
    for port in subject.wiring.host.iter().filter(|import| is_requests(&import.name)).flat_map(|it| &it.users)
    {
        let component = &mut subject.inputs.components[subject.wiring.instance(port.instance).component];
        let Some(Item { kind: ItemKind::Instance(instance), .. }) = component.surface.imports.get(&port.name)
        else {
            continue;
        };
        if instance.exports.contains_key(MAKES_BACKEND) {
            let place = ItemPath::item(Side::Import, &port.name).then(Step::Item(MAKES_BACKEND.to_owned()));
            run.diagnostics.report(WiderScope {
                host: subject.profile.id.clone(),
                text: MAKES_BACKEND.to_owned(),
                more: "where the service allows dynamic backends, every host can be reached",
                label: "makes a backend that no manifest names",
                span: component.span(&mut run.sources, &place),
            });
        }
    }
}
