//! The shapes of the files that programs read: spin.toml, the policies of wassette, fastly.toml, the configuration of NGINX
//! Unit and of Wasmtime, package.json.
//!
//! Differs from `kubernetes.rs`, whose resources an API server takes.

use super::shape::Shape::{self, Either, Flag, Form, Number, One, Other, Table, Text};
use super::shape::{filled, keyed, list, map};

/// spinframework/spin, read on 2026-11-22: crates/manifest/src/schema/v2/component.rs at 36b1ce09, dependency.rs at 6fcb3678,
/// ../common.rs at 2baa8d75, ../json_schema.rs at 5ae6758c, ../v2.rs at 01919e1b; all of these types refuse unknown fields.
/// The ids: crates/serde/src/id.rs at 7c925253, dependencies.rs at 2d2cdcb5.
pub(super) fn spin() -> Shape {
    let variable = Either(vec![
        Table(vec![("required", Flag)], vec![("secret", Flag), ("description", Text)]),
        Table(vec![("default", Text)], vec![("required", Flag), ("secret", Flag), ("description", Text)]),
    ]);
    let application = Table(
        vec![("name", Text)],
        vec![
            ("authors", list(Text)),
            ("description", Text),
            ("targets", Other),
            ("tool", Other),
            ("trigger", Other),
            ("version", Form("a version", |text| semver::Version::parse(text).is_ok())),
        ],
    );
    let common = || vec![("id", Text), ("components", Other)];
    let http = Table(
        vec![("component", kebab()), ("route", Form("a route", |text| text.starts_with('/')))],
        [common(), vec![("executor", Other)]].into_iter().flatten().collect(),
    );
    let redis = Table(
        vec![("component", kebab()), ("channel", Text)],
        [common(), vec![("address", Text)]].into_iter().flatten().collect(),
    );
    let trigger = Table(vec![], vec![("http", filled(http)), ("redis", filled(redis))]);
    Table(
        vec![("spin_manifest_version", Number), ("application", application), ("trigger", trigger)],
        vec![
            ("variables", keyed("a name in lower_snake_case", is_lower_snake, variable)),
            ("component", keyed("an id", is_kebab, spin_component())),
        ],
    )
}

fn spin_component() -> Shape {
    let remote = Table(vec![("url", Text), ("digest", Text)], vec![]);
    let registry = Table(vec![("package", Text), ("version", Text)], vec![("registry", Text)]);
    let placed = Table(
        vec![("source", Text), ("destination", Form("an absolute path", |text| text.starts_with('/')))],
        vec![],
    );
    let label = || Form("a label", |text| is_kebab(text) || is_words(text, '_'));
    let host = Form("SCHEME://HOST[:PORT]", |text| {
        text.split_once("://").is_some_and(|(scheme, host)| !scheme.is_empty() && !host.is_empty())
    });
    Table(
        vec![("source", Either(vec![Text, remote, registry]))],
        vec![
            ("ai_models", list(Text)),
            ("allowed_http_hosts", list(Text)),
            ("allowed_outbound_hosts", list(host)),
            ("build", Other),
            ("dependencies", keyed("the name of a dependency", is_dependency, dependency())),
            ("dependencies_inherit_configuration", Flag),
            ("description", Text),
            ("environment", map(Text)),
            ("exclude_files", list(Text)),
            ("files", list(Either(vec![Text, placed]))),
            ("key_value_stores", list(label())),
            ("profile", Other),
            ("sqlite_databases", list(label())),
            ("targets", Other),
            ("tool", Other),
            ("variables", keyed("a name in lower_snake_case", is_lower_snake, Text)),
        ],
    )
}

/// Of the five ways to name a dependency, the one with a file.
fn dependency() -> Shape {
    let inherited: &[&str] = &[
        "ai_models",
        "allowed_outbound_hosts",
        "environment",
        "files",
        "key_value_stores",
        "sqlite_databases",
        "variables",
    ];
    let inherited = Either(vec![Flag, list(One(inherited))]);
    Table(vec![("path", Text)], vec![("export", Text), ("inherit_configuration", inherited)])
}

fn kebab() -> Shape {
    Form("an id", is_kebab)
}

fn is_kebab(text: &str) -> bool {
    is_words(text, '-')
}

fn is_lower_snake(text: &str) -> bool {
    is_words(text, '_') && !text.contains(|character: char| character.is_ascii_uppercase())
}

/// Words with a delimiter between them: each in one case, the first with a letter first, later ones perhaps with a digit.
fn is_words(text: &str, delimiter: char) -> bool {
    text.split(delimiter).enumerate().all(|(at, word)| {
        let mut letters = word.chars().filter(|character| !character.is_ascii_digit() && *character != ':');
        let first = word.chars().next();
        let is_first =
            first.is_some_and(|first| first.is_ascii_alphabetic() || (at > 0 && first.is_ascii_digit()));
        let is_upper = first.is_some_and(|first| first.is_ascii_uppercase());
        let is_case = |letter: char| letter.is_ascii_alphabetic() && letter.is_ascii_uppercase() == is_upper;
        is_first && letters.all(is_case)
    })
}

/// `namespace:package[/interface][@version]`, or an id.
fn is_dependency(text: &str) -> bool {
    let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
    let (package, interface) = name.split_once('/').map_or((name, None), |(package, it)| (package, Some(it)));
    let is_package = package.split_once(':').is_some_and(|(one, other)| is_kebab(one) && is_kebab(other));
    let is_version = version.is_none_or(|version| semver::Version::parse(version).is_ok());
    (is_package || is_kebab(text)) && interface.is_none_or(is_kebab) && is_version
}

/// semcp/policy-mcp, schema/v1.json at fc54bebf, which wassette's crate `policy` takes over (microsoft/wassette,
/// crates/policy/src/types.rs at 55b71bbe), read on 2026-11-22; it says of each table that there are no other keys.
pub(super) fn permissions() -> Shape {
    let storage = || {
        let uri = Form("a URI with `*` and `**` as whole steps", |uri| {
            !uri.is_empty() && uri.split('/').all(|step| ["*", "**"].contains(&step) || !step.contains("**"))
        });
        Table(vec![("uri", uri), ("access", filled(One(&["read", "write"])))], vec![])
    };
    let host = || {
        let host = Form("a host, or all below a domain", |host| {
            let name = host.strip_prefix("*.").unwrap_or(host);
            host == "*" || (!name.is_empty() && !name.contains('*') && !name.ends_with('.'))
        });
        let cidr = Form("a block of addresses", |cidr| cidr.contains('/'));
        Either(vec![Table(vec![("host", host)], vec![]), Table(vec![("cidr", cidr)], vec![])])
    };
    let key = Form("a key", |key| !key.is_empty() && !key.contains('*'));
    let environment = Table(vec![("key", key)], vec![]);
    let permissions = Table(
        vec![],
        vec![
            ("environment", Table(vec![], vec![("allow", list(environment))])),
            ("ipc", Other),
            ("network", Table(vec![], vec![("allow", list(host())), ("deny", list(host()))])),
            ("resources", Other),
            ("runtime", Other),
            ("storage", Table(vec![], vec![("allow", list(storage())), ("deny", list(storage()))])),
        ],
    );
    let version = Form("a version that begins with `1.`", |version| version.starts_with("1."));
    Table(vec![("version", version), ("permissions", permissions)], vec![("description", Text)])
}

/// Fastly, the reference of fastly.toml, manifest version 3; Fastly's own command takes it in tests/runtime/tests/hosts.
pub(super) fn fastly() -> Shape {
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

/// nginx/unit, src/nxt_conf_validation.c as stored on 2026-11-22: the members of an application of type wasm-wasi-component,
/// and the common ones.
pub(super) fn unit_application() -> Shape {
    let access = Table(vec![], vec![("filesystem", list(Text))]);
    let component = Form("a path without a zero byte", |path| !path.is_empty() && !path.contains('\0'));
    Table(
        vec![("type", One(&["wasm-wasi-component"])), ("component", component)],
        vec![
            ("access", access),
            ("environment", map(Text)),
            ("group", Text),
            ("limits", Other),
            ("processes", Other),
            ("user", Text),
            ("working_directory", Text),
        ],
    )
}

/// The same, the members of a listener.
pub(super) fn unit_listener() -> Shape {
    let pass = Form("a place to pass to", |pass| pass.starts_with("applications/"));
    Table(vec![("pass", pass)], vec![("tls", Other), ("forwarded", Other)])
}

/// wasmtime-cli-flags 48.0.8, src/lib.rs, `CommonOptions`: what witc may write of it. Wasmtime itself reads these files in
/// tests/runtime/tests/hosts.
pub(super) fn wasmtime() -> Shape {
    let on = |names: &[&'static str]| names.iter().map(|name| (*name, Flag)).collect::<Vec<_>>();
    let wasi = [
        "allow-ip-name-lookup",
        "cli",
        "config",
        "http",
        "inherit-network",
        "keyvalue",
        "nn",
        "p3",
        "tcp",
        "tls",
        "udp",
    ];
    let mut wasm = on(&[
        "component-model-async",
        "component-model-async-stackful",
        "component-model-error-context",
        "component-model-fixed-length-lists",
        "component-model-gc",
        "component-model-implements",
        "component-model-map",
        "component-model-memory64",
        "component-model-more-async-builtins",
        "component-model-threading",
        "exceptions",
        "gc",
        "function-references",
        "memory64",
        "shared-everything-threads",
        "stack-switching",
        "threads",
        "wide-arithmetic",
    ]);
    wasm.extend([("fuel", Number), ("max-memory-size", Number)]);
    Table(vec![], vec![("wasm", Table(vec![], wasm)), ("wasi", Table(vec![], on(&wasi)))])
}

/// npm, package.json.
pub(super) fn package() -> Shape {
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
