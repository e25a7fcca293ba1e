//! What a composition may use on a host, gathered from what it imports and what its policy says.
//!
//! Differs from the forms, which write it down: here it is the same for all hosts.

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use super::diagnostics::{BeyondCeiling, Ceiling, SharedScope, UnnamedGrant};
use crate::check::{Port, Verdict};
use crate::config::Spanned;
use crate::diag::Run;
use crate::host::{Form, Power};
use crate::model::{InterfaceName, ItemKind, ItemPath, Side};
use crate::policy::HeldScope;
use crate::source::Span;

/// A value of a scope, and where the policy says it.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    pub(super) text: String,
    pub(super) span: Span,
}

impl Asking {
    fn of(value: &Spanned<String>) -> Self {
        Self { text: value.value.clone(), span: value.span }
    }
}

type Values = BTreeMap<String, Asking>;

/// The values of all scopes, by kind: `hosts`, `env-keys`, `paths`.
#[derive(Debug, Default)]
pub(super) struct Asked {
    whole: BTreeMap<String, Values>,
    by_instance: BTreeMap<String, BTreeMap<String, Values>>,
    /// The paths of interfaces that are imported from the host: `wasi:sockets/tcp`.
    imported: BTreeSet<String>,
    /// Whether there is a policy, which allows what is imported.
    is_permitted: bool,
}

impl Asked {
    /// The values of a kind of scope, for the whole, sorted.
    pub(super) fn values(&self, kind: &str) -> impl Iterator<Item = &Asking> {
        self.whole.get(kind).into_iter().flat_map(BTreeMap::values)
    }

    /// The values of a kind of scope for one instance, sorted.
    pub(super) fn values_of(&self, instance: &str, kind: &str) -> impl Iterator<Item = &Asking> {
        let kinds = self.by_instance.get(instance);
        kinds.and_then(|kinds| kinds.get(kind)).into_iter().flat_map(BTreeMap::values)
    }

    /// Whether an interface whose path begins like this is imported from the host.
    pub(super) fn imports(&self, prefix: &str) -> bool {
        self.imported.iter().any(|path| path.starts_with(prefix))
    }

    /// The same, and the policy allows it.
    pub(super) fn permits(&self, prefix: &str) -> bool {
        self.is_permitted && self.imports(prefix)
    }
}

/// Which kinds of scope say more about an interface: what is granted of it is a list of one of these.
const KINDS: &[(&str, &str)] = &[
    ("wasi:http/outgoing-handler", "hosts"),
    ("wasi:http/outgoing-handler", "networks"),
    ("wasi:http/outgoing-handler", NETWORK),
    ("wasi:http/client", "hosts"),
    ("fastly:compute/http-req", "hosts"),
    ("fastly:compute/backend", "hosts"),
    ("wasi:filesystem/preopens", "paths"),
    ("wasi:cli/environment", "env-keys"),
    ("wasi:config/store", "config-keys"),
    ("fermyon:spin/variables", "config-keys"),
    ("spin:variables/variables", "config-keys"),
    ("wasi:keyvalue/store", "stores"),
    ("fermyon:spin/key-value", "stores"),
    ("spin:key-value/key-value", "stores"),
    ("fastly:compute/kv-store", "stores"),
    ("fastly:compute/config-store", "config-stores"),
    ("fastly:compute/secret-store", "secret-stores"),
    ("wasi:sockets/ip-name-lookup", "names"),
    ("wasi:sockets/ip-name-lookup", NETWORK),
];

/// The kind that is all or nothing: any grant says it.
const NETWORK: &str = "network";

/// Gathers it. Reports lists that nobody filled, and limits that are one for the whole and not one for each.
pub(super) fn asked(subject: &mut Subject<'_>, run: &mut Run) -> Asked {
    let mut asked = Asked { is_permitted: subject.policy.is_some(), ..Asked::default() };
    scopes(subject, &mut asked, run);
    let fit = subject.fit;
    for import in &fit.imports {
        let Some(path) = InterfaceName::parse(&import.name).map(|name| name.path()) else { continue };
        asked.imported.insert(path.clone());
        let Verdict::Provided { power: Power::Asked(by), .. } = &import.verdict else { continue };
        let kinds: Vec<&str> =
            KINDS.iter().filter(|(interface, _)| *interface == path).map(|(_, kind)| *kind).collect();
        let mut enforced = kinds.iter().copied().filter(|kind| subject.profile.enforces(kind).is_some());
        let kind = enforced.clone().next().filter(|kind| *kind != NETWORK);
        let is_filled =
            |kind: &str| asked.whole.contains_key(kind) || (kind == NETWORK && asked.is_permitted);
        let is_named = match (kinds.is_empty(), enforced.clone().next()) {
            (true, _) => asked.is_permitted || is_no_power(&path),
            (false, None) => true,
            (false, Some(_)) => enforced.any(is_filled),
        };
        if !is_named && let Some(port) = import.users.iter().find(|port| is_by_list(subject, port, &path)) {
            let component = subject.wiring.instance(port.instance).component;
            let place = ItemPath::item(Side::Import, &port.name);
            let span = subject.inputs.components[component].span(&mut run.sources, &place);
            let (host, by, policy) = (subject.profile.id.clone(), by.clone(), subject.in_force());
            let import = import.name.clone();
            run.diagnostics.report(UnnamedGrant { import, kind, host, by, policy, span });
        }
    }
    // Spin links a graph too, but into one: the component that is started has what all of them need.
    if !subject.as_graph || subject.profile.form == Some(Form::Spin) {
        shared(subject, &asked, run);
    }
    asked
}

/// Of some interfaces only these functions have what a list names: arguments are given as they are.
const BY_LIST: &[(&str, &[&str])] = &[("wasi:cli/environment", &["get-environment"])];

/// Whether an import has functions for which a list matters.
fn is_by_list(subject: &Subject<'_>, port: &Port, path: &str) -> bool {
    let Some((_, functions)) = BY_LIST.iter().find(|(interface, _)| *interface == path) else { return true };
    let component = subject.wiring.instance(port.instance).component;
    let item = subject.inputs.components[component].surface.imports.get(&port.name);
    let Some(ItemKind::Instance(instance)) = item.map(|item| &item.kind) else { return true };
    functions.iter().any(|name| instance.exports.contains_key(*name))
}

/// Whether an interface has types and constructors alone, so that nothing must be granted for it by itself.
fn is_no_power(path: &str) -> bool {
    path.ends_with("/types") || path.starts_with("wasi:http/")
}

/// The scopes of the grants of all instances, within those of the composition.
fn scopes(subject: &Subject<'_>, asked: &mut Asked, run: &mut Run) {
    for scope in subject.scopes {
        for value in &scope.beyond {
            run.diagnostics.report(BeyondCeiling::new(&scope.kind, value, Ceiling::Base));
        }
        let Some(instance) = &scope.instance else { continue };
        let ceiling = ceiling(subject, &scope.kind);
        let is_within = |value: &str| {
            ceiling.is_empty() || ceiling.iter().flat_map(|it| &it.values).any(|it| it.value == value)
        };
        for value in &scope.values {
            if !is_within(&value.value) {
                run.diagnostics.report(BeyondCeiling::new(&scope.kind, value, Ceiling::Composition));
                continue;
            }
            let of_instance = asked.by_instance.entry(instance.clone()).or_default();
            for kinds in [&mut asked.whole, of_instance] {
                let values = kinds.entry(scope.kind.clone()).or_default();
                values.entry(value.value.clone()).or_insert_with(|| Asking::of(value));
            }
        }
    }
    // What no component limits, the composition does.
    let limited: BTreeSet<String> = asked.whole.keys().cloned().collect();
    let of_whole = subject.scopes.iter().filter(|scope| scope.instance.is_none());
    for scope in of_whole.filter(|scope| !limited.contains(&scope.kind)) {
        let values = asked.whole.entry(scope.kind.clone()).or_default();
        values.extend(scope.values.iter().map(|value| (value.value.clone(), Asking::of(value))));
    }
}

/// The limits of a kind that are of the composition as a whole.
fn ceiling<'s>(subject: &Subject<'s>, kind: &str) -> Vec<&'s HeldScope> {
    subject.scopes.iter().filter(|scope| scope.instance.is_none() && scope.kind == kind).collect()
}

/// One artifact has one environment, one list of hosts: what one component in it may use, the others may too.
fn shared(subject: &Subject<'_>, asked: &Asked, run: &mut Run) {
    for (kind, whole) in &asked.whole {
        if subject.profile.enforces(kind).is_none() {
            continue;
        }
        for (instance, kinds) in &asked.by_instance {
            let Some(own) = kinds.get(kind) else { continue };
            let more: Vec<String> = whole.keys().filter(|text| !own.contains_key(*text)).cloned().collect();
            if let (Some(first), false) = (own.values().next(), more.is_empty()) {
                run.diagnostics.report(SharedScope {
                    component: instance.clone(),
                    kind: kind.clone(),
                    more,
                    can_be_graph: matches!(subject.profile.form, Some(Form::Wasmcloud | Form::Wadm)),
                    span: first.span,
                });
            }
        }
    }
}
