//! Opens compositions within a wiring: in place of an instance that is a composition itself, the instances inside of it.
//!
//! Differs from `graph_of.rs`, which shows what is inside: here it becomes a wiring like any other, so that whoever
//! judges a wiring sees each component that was linked, and not one that can do what all of them can.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::{Edge, Exposed, HostImport, Instance, InstanceId, Port, Provider, Wiring};
use crate::load::{Component, Inputs, ReadBack, read_back};
use crate::model::{GraphComponent, GraphMember, GraphSource, InterfaceName, Sort};

/// How many instances an opened wiring may have; what would make more of them stays closed.
const MOST: usize = 4_096;

/// A wiring in which no instance is a composition, as far as each can be opened: a composition with code of its own, or
/// with parts that cannot stand alone, stays as it is. The instances within `a` are called `a/b`; within a single
/// component, `b`.
///
/// It is for reading: types have no edges, and there are no origins. `None` if there is nothing to open, or if what the host
/// provides would be seen under a name that the whole does not have for it: a policy that goes by names could not judge it.
pub fn opened(inputs: &Inputs, wiring: &Wiring) -> Option<(Inputs, Wiring)> {
    let mut result: Option<(Inputs, Wiring)> = None;
    loop {
        let next = {
            let (inputs, wiring) =
                result.as_ref().map_or((inputs, wiring), |(inputs, wiring)| (inputs, wiring));
            open_once(inputs, wiring)
        };
        match next {
            Some(next) => result = Some(next),
            None => return result.filter(|(_, wiring)| keeps_names(wiring)),
        }
    }
}

/// Whether each instance has what the host provides under the name that the whole has for it: else nobody could tell what it is.
fn keeps_names(wiring: &Wiring) -> bool {
    let plain = |name: &str| InterfaceName::parse(name).map_or(name.to_owned(), |name| name.on_track());
    let keeps = |edge: &Edge| match &edge.provider {
        Provider::Host(at) => plain(&edge.import.name) == plain(&wiring.host[*at].name),
        Provider::Export(_) | Provider::Member { .. } => true,
    };
    wiring.edges.iter().all(keeps)
}

/// The components that can be opened, each with the components of its parts.
struct Opening {
    /// By component: how it is put together, and where each of its parts is in the new inputs.
    insides: BTreeMap<usize, (GraphComponent, Vec<usize>)>,
    inputs: Inputs,
}

/// Opens each instance that can be, one level deep; `None` if there is none.
fn open_once(inputs: &Inputs, wiring: &Wiring) -> Option<(Inputs, Wiring)> {
    let opening = opening(inputs, wiring)?;
    let is_single = wiring.instances.len() == 1;
    let mut result = Wiring::default();
    // By instance of before: its instances now; one for what stays closed.
    let mut places: Vec<Vec<InstanceId>> = Vec::new();
    for instance in &wiring.instances {
        let first = result.instances.len();
        match opening.insides.get(&instance.component) {
            Some((inside, components)) => {
                for (inner, component) in inside.instances.iter().zip(components) {
                    let prefix = if is_single { String::new() } else { format!("{}/", instance.name) };
                    let name = format!("{prefix}{}", inner.name);
                    result.instances.push(Instance { name, component: *component });
                }
            }
            None => result.instances.push(instance.clone()),
        }
        places.push((first..result.instances.len()).map(InstanceId).collect());
    }
    if result.instances.len() > MOST {
        return None;
    }
    let resolver = Resolver { wiring, insides: &opening.insides, places: &places, edges: edges(wiring) };
    resolver.fill(&mut result);
    Some((opening.inputs, result))
}

fn edges(wiring: &Wiring) -> BTreeMap<&Port, &Provider> {
    wiring.edges.iter().map(|edge| (&edge.import, &edge.provider)).collect()
}

fn opening(inputs: &Inputs, wiring: &Wiring) -> Option<Opening> {
    let mut opening = Opening { insides: BTreeMap::new(), inputs: Inputs::default() };
    let mut loaded: Vec<Component> = Vec::new();
    for instance in &wiring.instances {
        if opening.insides.contains_key(&instance.component) {
            continue;
        }
        let component = &inputs.components[instance.component];
        if let Some((inside, parts)) = parts(component) {
            let first = inputs.components.len() + loaded.len();
            let places: BTreeMap<usize, usize> =
                parts.iter().enumerate().map(|(at, (place, _))| (*place, first + at)).collect();
            let components =
                inside.instances.iter().filter_map(|it| places.get(&it.component?).copied()).collect();
            loaded.extend(parts.into_iter().map(|(_, part)| part));
            opening.insides.insert(instance.component, (inside, components));
        }
    }
    if opening.insides.is_empty() {
        return None;
    }
    opening.inputs.components = inputs.components.iter().cloned().chain(loaded).collect();
    Some(opening)
}

/// How a composition is put together and its parts, each with its place in the graph; `None` if it cannot be opened.
fn parts(component: &Component) -> Option<(GraphComponent, Vec<(usize, Component)>)> {
    if !component.nested.iter().any(|nested| nested.is_component) {
        return None;
    }
    let read: ReadBack = read_back(component);
    let inside = read.graph.root()?.clone();
    let can_be_followed = |from: &GraphSource| match from {
        GraphSource::Own | GraphSource::Unknown => false,
        GraphSource::Bundle(members) => come_from_one(members),
        // An edge leads to a whole import or export: one of its functions alone would be lost on the way.
        GraphSource::Import(way) | GraphSource::Instance(_, way) => way.len() == 1,
    };
    let arguments = inside.instances.iter().flat_map(|instance| &instance.arguments);
    let mut items = arguments.chain(&inside.exports).filter(|item| item.sort != Sort::Type);
    if inside.has_code || !inside.is_composed() || !items.all(|item| can_be_followed(&item.from)) {
        return None;
    }
    let mut places: Vec<usize> = Vec::new();
    for instance in &inside.instances {
        let place = instance.component?;
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let parts: Option<Vec<_>> =
        places.into_iter().map(|place| Some((place, read.component(place, component)?))).collect();
    Some((inside, parts?))
}

/// Whether all that is put together comes from one import or one export of an instance, each under its own name there: only
/// then is one provider the whole truth.
fn come_from_one(members: &IndexMap<String, GraphMember>) -> bool {
    let place = |(name, member): (&String, &GraphMember)| match &member.from {
        GraphSource::Import(way) => match way.as_slice() {
            [import, member] if member == name => Some((None, import.clone())),
            _ => None,
        },
        GraphSource::Instance(at, way) => match way.as_slice() {
            [export, member] if member == name => Some((Some(*at), export.clone())),
            _ => None,
        },
        GraphSource::Bundle(_) | GraphSource::Own | GraphSource::Unknown => None,
    };
    let mut places = members.iter().map(place);
    let first = places.next().flatten();
    first.is_some() && places.all(|other| other == first)
}

/// Finds who provides what, through the compositions that are opened.
struct Resolver<'a> {
    wiring: &'a Wiring,
    insides: &'a BTreeMap<usize, (GraphComponent, Vec<usize>)>,
    places: &'a [Vec<InstanceId>],
    edges: BTreeMap<&'a Port, &'a Provider>,
}

impl Resolver<'_> {
    fn fill(&self, result: &mut Wiring) {
        let no_users = |import: &HostImport| HostImport {
            name: import.name.clone(),
            merged: Vec::new(),
            users: Vec::new(),
        };
        result.host = self.wiring.host.iter().map(no_users).collect();
        for (at, instance) in self.wiring.instances.iter().enumerate() {
            let outer = InstanceId(at);
            match self.insides.get(&instance.component) {
                Some((inside, _)) => {
                    for (inner, id) in inside.instances.iter().zip(&self.places[at]) {
                        for argument in inner.arguments.iter().filter(|it| it.sort != Sort::Type) {
                            let import = Port { instance: *id, name: argument.name.clone() };
                            let provider = self.within(outer, &argument.from, &argument.name, 0);
                            result.edges.extend(provider.map(|provider| Edge { import, provider }));
                        }
                    }
                }
                None => {
                    let own = self.wiring.edges.iter().filter(|edge| edge.import.instance == outer);
                    for edge in own {
                        let import = Port { instance: self.places[at][0], name: edge.import.name.clone() };
                        let provider = self.provider(&edge.provider, 0);
                        result.edges.extend(provider.map(|provider| Edge { import, provider }));
                    }
                }
            }
        }
        for edge in &result.edges {
            if let Provider::Host(at) = &edge.provider {
                result.host[*at].users.push(edge.import.clone());
            }
        }
        for exposed in &self.wiring.exports {
            if let Some(Provider::Export(export)) = self.export(&exposed.export, 0) {
                result.exports.push(Exposed { name: exposed.name.clone(), export });
            }
        }
        if self.wiring.exports.is_empty() {
            result.exports = self.exports_of_one().unwrap_or_default();
        }
        result.root = self.wiring.root.and_then(|root| self.root(root));
    }

    /// Where the exports of a component come from that is looked at alone: all of them, or `None`.
    fn exports_of_one(&self) -> Option<Vec<Exposed>> {
        let [alone] = self.wiring.instances.as_slice() else { return None };
        let (inside, _) = self.insides.get(&alone.component)?;
        let mut exports = Vec::new();
        for export in inside.exports.iter().filter(|export| export.sort != Sort::Type) {
            let name = export.name.clone();
            match self.export(&Port { instance: InstanceId(0), name: name.clone() }, 0)? {
                Provider::Export(export) => exports.push(Exposed { name, export }),
                Provider::Host(_) => {} // handed on as it is: no code leads to it
                Provider::Member { .. } => return None,
            }
        }
        Some(exports)
    }

    /// The one instance that has all exports of a composition; one that is not opened is itself.
    fn root(&self, root: InstanceId) -> Option<InstanceId> {
        let component = self.wiring.instance(root).component;
        let Some((inside, _)) = self.insides.get(&component) else { return Some(self.places[root.0][0]) };
        let exports = inside.exports.iter().filter(|export| export.sort != Sort::Type);
        let mut providers = exports.map(|export| match &export.from {
            GraphSource::Instance(at, _) => Some(*at),
            GraphSource::Import(_) | GraphSource::Bundle(_) | GraphSource::Own | GraphSource::Unknown => None,
        });
        let first = providers.next()??;
        providers.all(|other| other == Some(first)).then(|| self.places[root.0][first])
    }

    /// What a provider of before is now.
    fn provider(&self, provider: &Provider, depth: usize) -> Option<Provider> {
        match provider {
            Provider::Host(at) => Some(Provider::Host(*at)),
            Provider::Export(port) => self.export(port, depth),
            Provider::Member { .. } => None,
        }
    }

    fn export(&self, port: &Port, depth: usize) -> Option<Provider> {
        let component = self.wiring.instance(port.instance).component;
        match self.insides.get(&component) {
            Some((inside, _)) => {
                let export = inside.exports.iter().find(|export| export.name == port.name)?;
                self.within(port.instance, &export.from, &port.name, depth)
            }
            None => {
                let instance = self.places[port.instance.0][0];
                Some(Provider::Export(Port { instance, name: port.name.clone() }))
            }
        }
    }

    /// What something within an opened instance comes from; `name` is what it is called where it is used.
    fn within(&self, outer: InstanceId, from: &GraphSource, name: &str, depth: usize) -> Option<Provider> {
        // An export that is an import goes on to who provides that: one more instance each time.
        if depth > self.wiring.instances.len() {
            return None;
        }
        match from {
            GraphSource::Import(way) => {
                let import = Port { instance: outer, name: way.first()?.clone() };
                self.provider(self.edges.get(&import)?, depth + 1)
            }
            GraphSource::Instance(at, way) => {
                let name = way.first().map_or(name, String::as_str).to_owned();
                Some(Provider::Export(Port { instance: *self.places[outer.0].get(*at)?, name }))
            }
            // All of them come from one place.
            GraphSource::Bundle(members) => {
                self.within(outer, &members.values().next()?.from, name, depth + 1)
            }
            GraphSource::Own | GraphSource::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::check::side_by_side;
    use crate::config::{ComponentInput, InputPath, Request};
    use crate::diag::Run;
    use crate::load::load;
    use crate::source::MemoryFiles;

    /// The edges of an opened component, as `user.import <- provider.export`.
    #[track_caller]
    fn check(text: &str, expected: Option<&[&str]>) {
        let files = MemoryFiles::default().with("x.wat", text);
        let path = InputPath::Path(PathBuf::from("x.wat"));
        let input = ComponentInput { name: None, path, wit: None };
        let inputs =
            load(&Request { inputs: vec![input], ..Request::default() }, &files, &mut Run::default());
        let found = opened(&inputs, &side_by_side(&inputs)).map(|(_, wiring)| {
            let port = |port: &Port| format!("{}.{}", wiring.instance(port.instance).name, port.name);
            let provider = |provider: &Provider| match provider {
                Provider::Export(export) => port(export),
                Provider::Host(at) => wiring.host[*at].name.clone(),
                Provider::Member { .. } => "member".to_owned(),
            };
            let edge = |edge: &Edge| format!("{} <- {}", port(&edge.import), provider(&edge.provider));
            wiring.edges.iter().map(edge).collect::<Vec<_>>()
        });
        assert_eq!(
            found.as_deref().map(|it| it.iter().map(String::as_str).collect()),
            expected.map(<[_]>::to_vec)
        );
    }

    const CODE: &str = r#"(core module $m (func (export "f"))) (core instance $i (instantiate $m))
        (func $f (canon lift (core func $i "f")))"#;

    #[test]
    fn what_is_not_composed_stays_closed() {
        check("(component)", None);
        check(&format!(r#"(component (import "a" (func)) {CODE} (export "f" (func $f)))"#), None);
    }

    #[test]
    fn a_composition_is_opened_at_any_depth() {
        let leaf = format!(r#"(component $leaf (import "a" (func)) {CODE} (export "f" (func $f)))"#);
        let inner = format!(
            r#"(component $inner (import "b" (func $b)) {leaf}
                (instance $one (instantiate $leaf (with "a" (func $b))))
                (instance $two (instantiate $leaf (with "a" (func $one "f"))))
                (export "g" (func $two "f")) (export "same" (func $b)))"#
        );
        let whole = |import: &str| {
            format!(
                r#"(component (import "{import}" (func $h)) {inner} {leaf}
                    (instance $in (instantiate $inner (with "b" (func $h))))
                    (instance $last (instantiate $leaf (with "a" (func $in "g"))))
                    (instance $other (instantiate $leaf (with "a" (func $in "same"))))
                    (export "k" (func $last "f")))"#
            )
        };
        let opened = ["in/one.a <- a", "in/two.a <- in/one.f", "last.a <- in/two.f", "other.a <- a"];
        check(&whole("a"), Some(&opened));
        // What the whole calls otherwise than its parts do stays closed.
        check(&whole("h"), None);
    }

    #[test]
    fn what_is_put_together_of_several_stays_closed() {
        let leaf = format!(
            r#"(component $leaf (import "a:b/c" (instance (export "x" (func)) (export "y" (func))))
                {CODE} (export "f" (func $f)))"#
        );
        let bundle = |y: &str| {
            format!(
                r#"(component (import "a:b/c" (instance $c (export "x" (func)) (export "y" (func)))) (import "h" (func $h))
                    {leaf} (alias export $c "x" (func $x)) (alias export $c "y" (func $y))
                    (instance $b (export "x" (func $x)) (export "y" (func {y})))
                    (instance $l (instantiate $leaf (with "a:b/c" (instance $b))))
                    (export "f" (func $l "f")))"#
            )
        };
        check(&bundle("$y"), Some(&["l.a:b/c <- a:b/c"]));
        check(&bundle("$x"), None);
        check(&bundle("$h"), None);
    }

    #[test]
    fn a_composition_with_code_of_its_own_stays_closed() {
        check(
            &format!(
                r#"(component (component $c {CODE} (export "f" (func $f)))
                    (instance $c (instantiate $c)) {CODE} (export "own" (func $f)))"#
            ),
            None,
        );
    }
}
