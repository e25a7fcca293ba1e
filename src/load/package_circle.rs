//! Finds packages that use each other in a circle.
//!
//! A binary can hold them, WIT text cannot; and the crates that make WIT of a binary then call themselves without end, which
//! nothing can contain. Differs from `contain.rs`: that catches what went wrong, this keeps it from being tried.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Definition, InterfaceName, Item, ItemKind, Items, Surface, TypeId, TypeTable, ValueType};

/// A circle among the packages of a surface, if there is one: `a:b@1.0.0 -> a:c@1.0.0 -> a:b@1.0.0`.
///
/// `world` is the name of the world that the surface is of, where it has one: its package uses all the others.
pub(super) fn package_circle(surface: &Surface, world: Option<&str>) -> Option<String> {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let world = world.and_then(InterfaceName::parse).map(|world| package(&world));
    for (name, item) in surface.imports.iter().chain(&surface.exports) {
        let Some(interface) = item.interface(name) else { continue };
        let own = package(&interface);
        if let Some(world) = world.as_ref().filter(|world| **world != own) {
            uses.entry(world.clone()).or_default().insert(own.clone());
        }
        if let ItemKind::Instance(instance) = &item.kind {
            let mut used = Used { surface, home: name, seen: BTreeSet::new(), packages: BTreeSet::new() };
            used.items(&instance.exports);
            used.packages.remove(&own);
            uses.entry(own).or_default().append(&mut used.packages);
        }
    }
    find_circle(&uses)
}

fn package(interface: &InterfaceName) -> String {
    match &interface.version {
        Some(version) => format!("{}@{version}", interface.package),
        None => interface.package.clone(),
    }
}

/// Follows the first edges that are left, until a package comes again; one without edges left is in no circle.
fn find_circle(uses: &BTreeMap<String, BTreeSet<String>>) -> Option<String> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in uses.keys() {
        let mut path: Vec<&str> = vec![start];
        while let Some(at) = path.last() {
            let next = uses.get(*at).into_iter().flatten().find(|next| !done.contains(next.as_str()));
            let Some(next) = next else {
                done.insert(at);
                path.pop();
                continue;
            };
            if let Some(first) = path.iter().position(|package| package == next) {
                path.push(next);
                return Some(path[first..].join(" -> "));
            }
            path.push(next);
        }
    }
    None
}

/// The packages whose types an interface uses.
struct Used<'s> {
    surface: &'s Surface,
    /// The extern name of the interface.
    home: &'s str,
    seen: BTreeSet<TypeId>,
    packages: BTreeSet<String>,
}

impl Used<'_> {
    fn items(&mut self, items: &Items) {
        items.values().for_each(|item| self.item(item));
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Function(function) => {
                function.parameters.iter().for_each(|(_, value)| self.value(*value));
                function.result.into_iter().for_each(|value| self.value(value));
            }
            ItemKind::Value(value) => self.value(*value),
            ItemKind::Type(id) => self.types(*id),
            ItemKind::Instance(instance) => self.items(&instance.exports),
            ItemKind::Component(component) => {
                self.items(&component.imports);
                self.items(&component.exports);
            }
            ItemKind::CoreModule(_) => {}
        }
    }

    fn value(&mut self, value: ValueType) {
        if let ValueType::Defined(id) = value {
            self.types(id);
        }
    }

    /// A type and all that it is made of, up to the types of other interfaces.
    fn types(&mut self, id: TypeId) {
        let types: &TypeTable = &self.surface.types;
        let mut left = vec![id];
        while let Some(id) = left.pop() {
            if !self.seen.insert(id) {
                continue;
            }
            let origin = types.name(id).and_then(|path| path.extern_name());
            if let Some(origin) = origin.filter(|origin| *origin != self.home) {
                let item = self.surface.imports.get(origin).or_else(|| self.surface.exports.get(origin));
                let interface = item.and_then(|item| item.interface(origin));
                self.packages.extend(interface.as_ref().map(package));
                continue;
            }
            let mut push = |value: &ValueType| {
                if let ValueType::Defined(id) = value {
                    left.push(*id);
                }
            };
            match types.get(id) {
                Definition::Primitive(_)
                | Definition::Flags(_)
                | Definition::Enum(_)
                | Definition::Resource(_)
                | Definition::Opaque(_) => {}
                Definition::Record(fields) => fields.iter().for_each(|(_, value)| push(value)),
                Definition::Variant(cases) => cases.iter().flat_map(|(_, value)| value).for_each(push),
                Definition::Tuple(elements) => elements.iter().for_each(push),
                Definition::List(value)
                | Definition::FixedLengthList(value, _)
                | Definition::Option(value) => {
                    push(value);
                }
                Definition::Map(key, value) => [key, value].into_iter().for_each(push),
                Definition::Result { ok, err } => [ok, err].into_iter().flatten().for_each(push),
                Definition::Future(payload) | Definition::Stream(payload) => payload.iter().for_each(push),
                Definition::Own(id) | Definition::Borrow(id) | Definition::Alias(id) => left.push(*id),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::component::assemble;
    use crate::load::inspect;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let binary = assemble(text).expect("the text is right");
        let (surface, _) = inspect(&[&binary]).expect("it is valid");
        assert_eq!(package_circle(&surface, None).as_deref(), expected);
    }

    fn chain(first: &str, second: &str, third: &str) -> String {
        let using = |name: &str, of: &str| {
            format!(
                r#"(alias export ${of} "t" (type ${of}))
                (import "{name}" (instance ${name} (alias outer 1 ${of} (type $u)) (export "t" (type (eq $u)))))"#,
            )
        };
        format!(
            r#"(component (import "{first}" (instance ${first} (export "t" (type (sub resource))))) {} {})"#,
            using(second, first),
            using(third, second),
        )
    }

    #[test]
    fn a_circle_of_packages_is_found() {
        check("(component)", None);
        check(&chain("a:b/x", "a:c/y", "a:d/z"), None);
        check(&chain("a:b/x", "a:b/y", "a:c/z"), None);
        check(&chain("a:b/x", "a:c/y", "a:b/z"), Some("a:b -> a:c -> a:b"));
        check(
            &chain("a:b/x@1.0.0", "a:b/y@1.1.0", "a:b/z@1.0.0"),
            Some("a:b@1.0.0 -> a:b@1.1.0 -> a:b@1.0.0"),
        );
    }
}
