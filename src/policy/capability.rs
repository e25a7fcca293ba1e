//! What each instance of a composition imports, function by function, with kind and rating: the facts that are judged.
//!
//! Differs from `grant.rs`: this is what a component can do, that is what a policy lets it do.

use std::collections::{BTreeMap, BTreeSet};

use super::exercise::exercise;
use super::handle::{Handles, Resources, fix_point, named_by_exports};
use super::taxonomy::{Entry, Rating, Severity, UNKNOWN, taxonomy};
use crate::check::{InstanceId, Port, Provider, Wiring};
use crate::load::Inputs;
use crate::model::{CapabilityName, InterfaceName, Item, ItemKind, ItemPath, Items, Side, Step, Surface};

/// What holds for a component or a core module that is handed in: nobody can say what it does.
const HANDED_IN: Rating = Rating {
    class: "unanalyzable",
    severity: Severity::High,
    power: "runs code that is handed to it",
    is_mint: false,
};

/// What a function is, by the handles that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Needs no handle: it is where power enters.
    Root,
    /// Needs only handles that the component makes itself, and has an effect: counts as a root.
    Sink,
    /// Needs a handle that it can only receive.
    Gated,
    /// Makes data within the component.
    Mint,
    /// Is not a function: a component or a core module that is handed in.
    HandedIn,
}

/// One imported function, or one other import that lets a component do something.
#[derive(Clone, Debug)]
pub(super) struct Capability {
    pub(super) name: CapabilityName,
    /// Where it is in the surface.
    pub(super) path: ItemPath,
    pub(super) kind: Kind,
    pub(super) rating: Rating,
    /// Whether it needs a grant of its own. What only works on handles that something else carries does not.
    pub(super) needs_grant: bool,
    /// Whether the component can ever hold the handles that it needs.
    pub(super) can_be_called: bool,
    pub(super) handles: Handles,
}

/// One import of an instance.
#[derive(Clone, Debug)]
pub(super) struct Import {
    /// The extern name.
    pub(super) extern_name: String,
    /// Its identity, without a function.
    pub(super) name: CapabilityName,
    /// What the taxonomy says about it.
    pub(super) entry: Option<&'static Entry>,
    /// What it lets the component do; empty for one that is imported for its types.
    pub(super) capabilities: Vec<Capability>,
    /// The instance that provides it; `None` for the host.
    pub(super) provider: Option<InstanceId>,
}

/// What one instance imports, and what it offers.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) id: InstanceId,
    pub(super) name: String,
    /// The component: an index into [`Inputs::components`].
    pub(super) component: usize,
    pub(super) imports: Vec<Import>,
    /// The interfaces that it exports, with their extern names.
    pub(super) exports: Vec<(String, InterfaceName)>,
    /// Those of its exports that have no function, by extern name.
    pub(super) types_only: BTreeSet<String>,
}

impl Instance {
    /// The packages of its exports, each once.
    pub(super) fn exported_packages(&self) -> Vec<String> {
        let packages: BTreeSet<&String> = self.exports.iter().map(|(_, name)| &name.package).collect();
        packages.into_iter().cloned().collect()
    }
}

impl Import {
    /// Whether the host provides it.
    pub(super) fn is_from_host(&self) -> bool {
        self.provider.is_none()
    }

    /// Whether another import is the same to a policy: the same interface on the same track, under the same label.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.name.to_string() == other.name.to_string()
    }

    /// The gravest severity in it.
    pub(super) fn severity(&self) -> Severity {
        self.capabilities.iter().map(|capability| capability.rating.severity).max().unwrap_or_default()
    }
}

impl Instance {
    /// What the host lets this instance do.
    pub(super) fn host_imports(&self) -> impl Iterator<Item = &Import> {
        self.imports.iter().filter(|import| import.is_from_host())
    }

    /// Everything that it can do through the host.
    pub(super) fn capabilities(&self) -> impl Iterator<Item = &Capability> {
        self.host_imports().flat_map(|import| &import.capabilities)
    }
}

/// The facts of all instances of a wiring, in its order.
pub(super) fn instances(inputs: &Inputs, wiring: &Wiring) -> Vec<Instance> {
    let providers: BTreeMap<&Port, InstanceId> = wiring
        .edges
        .iter()
        .filter_map(|edge| match &edge.provider {
            Provider::Export(export) => Some((&edge.import, export.instance)),
            Provider::Member { .. } | Provider::Host(_) => None,
        })
        .collect();
    let asked = asked_by_another_name(inputs, wiring);
    let instance = |(at, instance): (usize, &crate::check::Instance)| {
        let id = InstanceId(at);
        let surface = &inputs.components[instance.component].surface;
        let is_dependency = wiring.root.is_some_and(|root| root != id);
        let asked_for = |name: &str| {
            let port = Port { instance: id, name: name.to_owned() };
            asked.get(&port).copied().unwrap_or(name).to_owned()
        };
        let mut imports: Vec<Import> = surface
            .imports
            .iter()
            .filter_map(|(name, item)| import(surface, (name, &asked_for(name)), item, is_dependency))
            .collect();
        for import in &mut imports {
            let port = Port { instance: id, name: import.extern_name.clone() };
            import.provider = providers.get(&port).copied();
        }
        let exports = surface.exports.iter();
        let exports =
            exports.filter_map(|(name, item)| Some((name.clone(), item.interface(name)?))).collect();
        let (name, component) = (instance.name.clone(), instance.component);
        let types_only = types_only(&surface.exports);
        Instance { id, name, component, imports, exports, types_only }
    };
    let mut instances: Vec<Instance> = wiring.instances.iter().enumerate().map(instance).collect();
    exercise(inputs, wiring, &mut instances);
    for instance in &mut instances {
        derive(&inputs.components[instance.component].surface, &mut instance.imports);
    }
    instances
}

/// The imports for which the host is asked by the name of another interface than the component knows: that one is what the
/// component gets at, and what its grants must name.
fn asked_by_another_name<'w>(inputs: &Inputs, wiring: &'w Wiring) -> BTreeMap<&'w Port, &'w str> {
    let all =
        wiring.host.iter().flat_map(|import| import.users.iter().map(|port| (port, import.name.as_str())));
    let is_another = |(port, name): &(&Port, &str)| {
        let surface = &inputs.components[wiring.instance(port.instance).component].surface;
        let Some(item) = surface.imports.get(&port.name) else { return false };
        let (own, asked) = (item.interface(&port.name), item.interface_as(&port.name, name));
        asked.is_some_and(|asked| own.is_none_or(|own| !own.stands_for(&asked)))
    };
    all.filter(is_another).collect()
}

/// The instances among items that have no function.
fn types_only(items: &Items) -> BTreeSet<String> {
    let has_none = |item: &Item| match &item.kind {
        ItemKind::Instance(instance) => {
            instance.exports.values().all(|item| matches!(item.kind, ItemKind::Type(_)))
        }
        ItemKind::Function(_)
        | ItemKind::Type(_)
        | ItemKind::Value(_)
        | ItemKind::Component(_)
        | ItemKind::CoreModule(_) => false,
    };
    items.iter().filter(|(_, item)| has_none(item)).map(|(name, _)| name.clone()).collect()
}

/// An import as it stands in the surface, with the name under which it is asked for; `None` for a type or a value, which
/// lets nobody do anything.
pub(super) fn import(
    surface: &Surface,
    (extern_name, asked): (&str, &str),
    item: &Item,
    is_dependency: bool,
) -> Option<Import> {
    let interface = item.interface_as(extern_name, asked);
    let label = (item.implements.is_some() || interface.is_none()).then(|| extern_name.to_owned());
    let entry = interface.as_ref().and_then(|interface| taxonomy().entry(interface));
    let name = CapabilityName { label, interface, function: None };
    let path = ItemPath::item(Side::Import, extern_name);
    let single = |kind, rating, handles| Capability {
        name: name.clone(),
        path: path.clone(),
        kind,
        rating,
        needs_grant: true,
        can_be_called: true,
        handles,
    };
    let capabilities = match &item.kind {
        ItemKind::Instance(instance) => {
            let mut found = Vec::new();
            functions(surface, &instance.exports, &path, "", &mut |function, path, handles| {
                let (kind, rating) = match handles {
                    Some(_) => {
                        (Kind::Gated, entry.map_or(UNKNOWN, |entry| entry.rate(&function, is_dependency)))
                    }
                    None => (Kind::HandedIn, HANDED_IN),
                };
                let name = CapabilityName { function: Some(function), ..name.clone() };
                found.push(Capability { name, path, ..single(kind, rating, handles.unwrap_or_default()) });
            });
            found
        }
        ItemKind::Function(function) => {
            vec![single(Kind::Gated, UNKNOWN, Handles::of(&surface.types, function))]
        }
        ItemKind::Component(_) | ItemKind::CoreModule(_) => {
            vec![single(Kind::HandedIn, HANDED_IN, Handles::default())]
        }
        ItemKind::Type(_) | ItemKind::Value(_) => return None,
    };
    Some(Import { extern_name: extern_name.to_owned(), name, entry, capabilities, provider: None })
}

/// Visits the functions of an instance, those of instances within it included, as `instance/function`; and code that is
/// handed in with it, which has no handles to tell.
fn functions(
    surface: &Surface,
    items: &Items,
    path: &ItemPath,
    prefix: &str,
    visit: &mut impl FnMut(String, ItemPath, Option<Handles>),
) {
    for (name, item) in items {
        let path = path.then(Step::Item(name.clone()));
        match &item.kind {
            ItemKind::Function(function) => {
                visit(format!("{prefix}{name}"), path, Some(Handles::of(&surface.types, function)));
            }
            ItemKind::Instance(instance) => {
                functions(surface, &instance.exports, &path, &format!("{prefix}{name}/"), visit);
            }
            ItemKind::Component(_) | ItemKind::CoreModule(_) => {
                visit(format!("{prefix}{name}"), path, None);
            }
            ItemKind::Value(_) | ItemKind::Type(_) => {}
        }
    }
}

/// Fills in what follows from the handles of all functions of one instance together.
fn derive(surface: &Surface, imports: &mut [Import]) {
    let mut all: Vec<&mut Capability> = imports
        .iter_mut()
        .flat_map(|import| &mut import.capabilities)
        .filter(|capability| capability.kind != Kind::HandedIn)
        .collect();
    let needs_no_more =
        |capability: &&mut Capability, held: &Resources| capability.handles.mandatory.is_subset(held);
    let given = |capability: &&mut Capability| capability.handles.given.clone();

    let mut mintable = Resources::new();
    let mints = |capability: &&mut Capability, held: &Resources| {
        capability.rating.is_mint && needs_no_more(capability, held)
    };
    fix_point(&mut mintable, &all, mints, given);

    for capability in &mut all {
        capability.kind = capability.kind(&mintable);
    }
    let carried = carried(surface, &all, mintable);
    for (capability, is_carried) in all.iter_mut().zip(carried) {
        // What works on handles alone and can never be called does nothing, whoever deals with its handles.
        let is_idle = capability.is_inert() && !capability.can_be_called;
        capability.needs_grant = !is_carried && !is_idle;
    }
}

/// Which functions need no grant of their own: inert ones, on handles that the component makes itself, or that something
/// that needs a grant or its exports deal with.
fn carried(surface: &Surface, all: &[&mut Capability], mintable: Resources) -> Vec<bool> {
    let mut carried = mintable;
    carried.extend(named_by_exports(surface));
    for capability in all.iter().filter(|capability| !capability.is_inert()) {
        carried.extend(capability.handles.named());
    }
    let is_carried = |capability: &&mut Capability, carried: &Resources| {
        let handles = &capability.handles;
        if !capability.is_inert() {
            false
        } else if capability.kind == Kind::Mint {
            handles.mandatory.is_subset(carried)
        } else if handles.mandatory.is_empty() {
            !handles.taken.is_empty() && handles.taken.is_subset(carried)
        } else {
            handles.mandatory.is_subset(carried)
        }
    };
    fix_point(&mut carried, all, is_carried, |capability| capability.handles.named().collect())
}

impl Capability {
    fn kind(&self, mintable: &Resources) -> Kind {
        if self.rating.is_mint {
            Kind::Mint
        } else if self.handles.mandatory.is_empty() {
            Kind::Root
        } else if self.rating.severity > Severity::None && self.handles.mandatory.is_subset(mintable) {
            Kind::Sink
        } else {
            Kind::Gated
        }
    }

    /// Whether it gives a handle to who calls it.
    pub(super) fn yields_handle(&self) -> bool {
        !self.handles.given.is_empty()
    }

    /// Whether it adds nothing to the handles that it works on.
    fn is_inert(&self) -> bool {
        self.rating.severity == Severity::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::side_by_side;
    use crate::diag::Run;
    use crate::policy::tests::loaded;

    /// What holds for each function that a component imports, in order: its kind, whether it needs a grant, whether it can
    /// be called.
    #[track_caller]
    fn check(text: &str, expected: &[(&str, Kind, bool, bool)]) {
        let inputs = loaded(&[("x", text)], &mut Run::default());
        let instances = instances(&inputs, &side_by_side(&inputs));
        let all = instances[0].capabilities();
        let found: Vec<_> = all
            .map(|it| {
                let name = it.name.function.as_deref().unwrap_or_default();
                (name, it.kind, it.needs_grant, it.can_be_called)
            })
            .collect();
        assert_eq!(found, expected);
    }

    const HTTP: &str = r#"
        (import "wasi:http/types@0.2.3" (instance $types
            (export "fields" (type $fields (sub resource)))
            (export "outgoing-request" (type $request (sub resource)))
            (export "incoming-request" (type $incoming (sub resource)))
            (export "[constructor]fields" (func (result (own $fields))))
            (export "[method]fields.clone" (func (param "self" (borrow $fields)) (result (own $fields))))
            (export "[constructor]outgoing-request" (func (param "headers" (own $fields)) (result (own $request))))
            (export "[method]incoming-request.headers"
                (func (param "self" (borrow $incoming)) (result (own $fields))))))
        (alias export $types "outgoing-request" (type $request))
        (alias export $types "incoming-request" (type $incoming))
        (import "wasi:http/outgoing-handler@0.2.3" (instance
            (export "outgoing-request" (type $own (eq $request)))
            (export "handle" (func (param "request" (own $own)) (param "options" (option (borrow $own)))))))"#;

    #[test]
    fn roots_sinks_and_mints_follow_from_types() {
        check(
            &format!("(component {HTTP})"),
            &[
                ("[constructor]fields", Kind::Mint, false, true),
                ("[method]fields.clone", Kind::Gated, false, true),
                ("[constructor]outgoing-request", Kind::Mint, false, true),
                ("[method]incoming-request.headers", Kind::Gated, false, false),
                ("handle", Kind::Sink, true, true),
            ],
        );
    }

    #[test]
    fn handles_that_callers_pass_in_can_be_used() {
        let exporting = format!(
            r#"(component {HTTP}
                (core module $m (func (export "handle") (param i32)))
                (core instance $i (instantiate $m))
                (func $handle (param "request" (own $incoming)) (canon lift (core func $i "handle")))
                (export "handle" (func $handle)))"#
        );
        check(
            &exporting,
            &[
                ("[constructor]fields", Kind::Mint, false, true),
                ("[method]fields.clone", Kind::Gated, false, true),
                ("[constructor]outgoing-request", Kind::Mint, false, true),
                ("[method]incoming-request.headers", Kind::Gated, false, true),
                ("handle", Kind::Sink, true, true),
            ],
        );
    }

    #[test]
    fn what_nobody_knows_needs_a_grant() {
        check(
            r#"(component (import "acme:store/store" (instance
                (export "bucket" (type $bucket (sub resource)))
                (export "[constructor]bucket" (func (result (own $bucket))))
                (export "[method]bucket.get" (func (param "self" (borrow $bucket))))
                (export "[static]bucket.all" (func (param "of" (list (borrow $bucket))))))))"#,
            &[
                ("[constructor]bucket", Kind::Root, true, true),
                ("[method]bucket.get", Kind::Gated, true, true),
                ("[static]bucket.all", Kind::Root, true, true),
            ],
        );
    }

    #[test]
    fn roots_of_wasi_0_3_are_in_the_types() {
        check(
            r#"(component (import "wasi:sockets/types@0.3.0" (instance
                (export "tcp-socket" (type $socket (sub resource)))
                (export "[static]tcp-socket.create" (func (result (own $socket))))
                (export "[method]tcp-socket.connect" (func (param "self" (borrow $socket))))
                (export "[method]tcp-socket.get-is-listening" (func (param "self" (borrow $socket)) (result bool))))))"#,
            &[
                ("[static]tcp-socket.create", Kind::Root, true, true),
                ("[method]tcp-socket.connect", Kind::Gated, true, true),
                ("[method]tcp-socket.get-is-listening", Kind::Gated, false, true),
            ],
        );
    }

    #[test]
    fn code_that_is_handed_in_is_a_capability() {
        check(
            r#"(component (import "plugin" (core module)) (import "a" (type (sub resource))))"#,
            &[("", Kind::HandedIn, true, true)],
        );
    }
}
