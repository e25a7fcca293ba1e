//! The shapes of what a cluster takes: the SpinApp of SpinKube, and the WorkloadDeployment of wasmCloud.
//!
//! Differs from `files.rs`, whose files are read by programs. An API server drops or refuses what a schema does not know.

use serde_json::Value;

use super::shape::Shape::{self, Either, Flag, Form, Number, One, Other, Table, Text};
use super::shape::{filled, list, map};

/// A resource of a kind.
fn object(version: &'static [&'static str], kind: &'static [&'static str], spec: Shape) -> Shape {
    let metadata = Table(
        vec![("name", Form("a DNS label", is_dns_label))],
        vec![("labels", map(Text)), ("annotations", map(Text)), ("namespace", Text)],
    );
    Table(
        vec![("apiVersion", One(version)), ("kind", One(kind)), ("metadata", metadata), ("spec", spec)],
        vec![],
    )
}

fn is_dns_label(text: &str) -> bool {
    let is_end =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = text.as_bytes();
    let is_plain = |byte: &u8| is_end(Some(byte)) || *byte == b'-';
    bytes.len() <= 63 && is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().all(is_plain)
}

/// A quantity: of the whole form, digits with a suffix are what witc may write.
fn is_quantity(text: &str) -> bool {
    let digits = text.trim_start_matches(|character: char| character.is_ascii_digit());
    digits.len() < text.len() && ["", "k", "Ki", "M", "Mi", "G", "Gi"].contains(&digits)
}

/// A reference to a Secret or a ConfigMap.
fn named() -> Shape {
    Table(vec![("name", Text)], vec![])
}

/// A reference to a key of a Secret or a ConfigMap.
fn key_of() -> Shape {
    Table(vec![("key", Text), ("name", Text)], vec![("optional", Flag)])
}

/// wasmCloud/wasmCloud, runtime-operator/config/crd/bases: runtime.wasmcloud.dev_workloads.yaml at 171d4a7e (the specification
/// of a workload) and runtime.wasmcloud.dev_workloaddeployments.yaml at 124e8117 (what is around it), read on 2026-11-22.
pub(super) fn workload() -> Shape {
    let service = Table(
        vec![("image", Text)],
        vec![
            ("imagePullPolicy", Text),
            ("imagePullSecret", named()),
            ("localResources", local_resources()),
            ("maxRestarts", Number),
        ],
    );
    let path = Table(vec![("path", Text)], vec![]);
    let volume = Table(
        vec![("name", Form("a DNS label", is_dns_label))],
        vec![("hostPath", path), ("ephemeral", Table(vec![], vec![]))],
    );
    let kubernetes = || Table(vec![], vec![("service", named())]);
    let spec = Table(
        vec![],
        vec![
            ("components", list(component())),
            ("environment", Text),
            ("hostId", Text),
            ("hostInterfaces", list(host_interface())),
            ("hostSelector", map(Text)),
            ("kubernetes", kubernetes()),
            ("service", service),
            ("volumes", list(volume)),
        ],
    );
    let template = Table(vec![("spec", spec)], vec![("labels", map(Text)), ("annotations", map(Text))]);
    let artifact = Table(vec![("artifactFrom", named()), ("name", Text)], vec![]);
    let deployment = Table(
        vec![("template", template)],
        vec![
            ("artifacts", list(artifact)),
            ("deployPolicy", Text),
            ("kubernetes", kubernetes()),
            ("replicas", Number),
        ],
    );
    object(&["runtime.wasmcloud.dev/v1alpha1"], &["WorkloadDeployment"], deployment)
}

fn component() -> Shape {
    Table(
        vec![("image", Text), ("name", Text)],
        vec![
            ("imagePullPolicy", Text),
            ("imagePullSecret", named()),
            ("localResources", local_resources()),
            ("maxConcurrency", Number),
            ("maxInvocations", Number),
            ("poolSize", Number),
            ("reclaimMinInstances", Number),
            ("reclaimWindowSeconds", Number),
        ],
    )
}

fn local_resources() -> Shape {
    let environment = Table(
        vec![],
        vec![("config", map(Text)), ("configFrom", list(named())), ("secretFrom", list(named()))],
    );
    let mount = Table(vec![("mountPath", Text), ("name", Text)], vec![("readOnly", Flag)]);
    Table(
        vec![],
        vec![
            ("allowedHostLoopbackPorts", list(Text)),
            ("allowedHosts", list(Form("a host with an optional scheme and port", is_host))),
            ("allowedIpNameLookups", list(Form("a name or an address", is_name_or_address))),
            ("config", map(Text)),
            ("environment", environment),
            ("volumeMounts", list(mount)),
        ],
    )
}

fn host_interface() -> Shape {
    Table(
        vec![
            ("interfaces", filled(Text)),
            ("namespace", Form("a text of at most 128", |text| text.len() <= 128)),
            ("package", Form("a text of at most 128", |text| text.len() <= 128)),
        ],
        vec![
            ("config", map(Text)),
            ("configFrom", list(named())),
            ("name", Form("a DNS label", is_dns_label)),
            ("secretFrom", list(named())),
            ("version", Form("a text of at most 64", |text| text.len() <= 64)),
        ],
    )
}

/// The pattern of `allowedHosts`, without `*` alone.
fn is_host(text: &str) -> bool {
    let (has_scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme.starts_with(|first: char| first.is_ascii_alphabetic()), rest),
        None => (true, text),
    };
    let rest = if text.contains("://") { rest.strip_suffix('/').unwrap_or(rest) } else { rest };
    let (host, port) = rest.split_once(':').unwrap_or((rest, "1"));
    let is_port = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    has_scheme && is_port && is_name(host.strip_prefix("*.").unwrap_or(host))
}

/// The pattern of `allowedIpNameLookups`, without `*` alone.
fn is_name_or_address(text: &str) -> bool {
    let is_address = |byte: u8| byte.is_ascii_hexdigit() || b":.".contains(&byte);
    is_name(text.strip_prefix("*.").unwrap_or(text)) || (!text.is_empty() && text.bytes().all(is_address))
}

fn is_name(text: &str) -> bool {
    text.split('.').all(|step| is_dns_label(&step.to_ascii_lowercase()))
}

/// The two rules of the schema that are written in CEL: an entry for a package is there once, and one at most has no name.
pub(super) fn has_one_route(value: &Value) -> Option<String> {
    let entries = value.pointer("/spec/template/spec/hostInterfaces")?.as_array()?;
    let package = |entry: &Value| (entry["namespace"].clone(), entry["package"].clone());
    let unnamed: Vec<_> = entries.iter().filter(|entry| entry.get("name").is_none()).map(package).collect();
    let twice = unnamed.iter().enumerate().find(|(at, entry)| unnamed[..*at].contains(entry));
    twice.map(|(_, entry)| format!("two entries of hostInterfaces without a name are for {entry:?}"))
}

/// spinframework/spin-operator, config/crd/bases/core.spinkube.dev_spinapps.yaml at 1e0366d4, and the types in Go behind it,
/// api/v1alpha1/spinapp_types.go at 00ab008f, read on 2026-11-22. What witc does not write there is not looked into.
pub(super) fn spin_app() -> Shape {
    let source =
        Table(vec![], vec![("configMapKeyRef", key_of()), ("secretKeyRef", key_of()), ("fieldRef", Other)]);
    let variable = Table(vec![("name", Text)], vec![("value", Text), ("valueFrom", source)]);
    let quantities = || map(Either(vec![Number, Form("a quantity", is_quantity)]));
    let resources = Table(vec![], vec![("limits", quantities()), ("requests", quantities())]);
    let spec = Table(
        vec![("image", Text)],
        vec![
            ("checks", Other),
            ("components", filled(Text)),
            ("deploymentAnnotations", map(Text)),
            ("enableAutoscaling", Flag),
            ("executor", Text),
            ("imagePullSecrets", list(named())),
            ("invocationLimits", map(Text)),
            ("podAnnotations", map(Text)),
            ("podLabels", map(Text)),
            ("replicas", Number),
            ("resources", resources),
            ("runtimeConfig", Other),
            ("serviceAccountName", Text),
            ("serviceAnnotations", map(Text)),
            ("variables", list(variable)),
            ("volumeMounts", Other),
            ("volumes", Other),
        ],
    );
    object(&["core.spinkube.dev/v1alpha1"], &["SpinApp"], spec)
}
