//! What a component imports and exports: items, and the surface that they make up.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::{
    CoreModuleType, Definition, InterfaceName, ResourceId, Side, Track, TypeId, TypeTable, ValueType,
};

/// Items by extern name, in the order of the binary.
pub type Items = IndexMap<String, Item>;

/// One import or export, with the attributes of its name (Explainer.md, "import and export definitions").
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// The interface that a label stands for: `(implements "…")`.
    pub implements: Option<String>,
    /// The end of the version that a canonical name leaves out: `(versionsuffix "…")`.
    pub version_suffix: Option<String>,
    /// The name that a host knows it by: `(external-id "…")`.
    pub external_id: Option<String>,
}

/// What an import or export is.
#[derive(Clone, Debug)]
pub enum ItemKind {
    /// A function.
    Function(FunctionType),
    /// A value.
    Value(ValueType),
    /// A type: the id that this import or export made.
    Type(TypeId),
    /// An instance: for WIT, an interface.
    Instance(InstanceType),
    /// A component.
    Component(ComponentType),
    /// A core module.
    CoreModule(CoreModuleType),
}

/// The type of a function.
#[derive(Clone, Debug)]
pub struct FunctionType {
    /// Whether it is `async`; part of the type.
    pub is_async: bool,
    /// The parameters, named, in order.
    pub parameters: Vec<(String, ValueType)>,
    /// The result, if any.
    pub result: Option<ValueType>,
}

/// The type of an instance.
#[derive(Clone, Debug, Default)]
pub struct InstanceType {
    /// What it exports.
    pub exports: Items,
}

/// The type of a component that is itself imported or exported.
#[derive(Clone, Debug, Default)]
pub struct ComponentType {
    /// What it imports.
    pub imports: Items,
    /// What it exports.
    pub exports: Items,
}

impl ComponentType {
    /// The resources that the type itself binds, by its imports and by its exports: whoever has such a component has none of
    /// them before he instantiates it.
    pub fn bound(&self, types: &TypeTable) -> [BTreeSet<ResourceId>; 2] {
        [&self.imports, &self.exports].map(|items| {
            let mut bound = BTreeSet::new();
            bind(items, types, &mut bound);
            bound
        })
    }
}

fn bind(items: &Items, types: &TypeTable, bound: &mut BTreeSet<ResourceId>) {
    for item in items.values() {
        match &item.kind {
            ItemKind::Type(id) => {
                if let Definition::Resource(resource) = types.get(*id) {
                    bound.insert(*resource);
                }
            }
            ItemKind::Instance(instance) => bind(&instance.exports, types, bound),
            ItemKind::Function(_) | ItemKind::Value(_) | ItemKind::Component(_) | ItemKind::CoreModule(_) => {
            }
        }
    }
}

/// All that a component imports and exports.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    /// What it needs.
    pub imports: Items,
    /// What it offers.
    pub exports: Items,
    /// The types that the items refer to.
    pub types: TypeTable,
}

impl Surface {
    /// The items of one side.
    pub fn side(&self, side: Side) -> &Items {
        match side {
            Side::Import => &self.imports,
            Side::Export => &self.exports,
        }
    }

    /// Whether one of its items only says how values look, so that nobody has to provide it: a type that is no resource, or an
    /// instance of such types alone.
    pub fn only_describes(&self, item: &Item) -> bool {
        match &item.kind {
            ItemKind::Type(id) => self.types.resource(*id).is_none(),
            ItemKind::Instance(instance) => instance.exports.values().all(|item| self.only_describes(item)),
            ItemKind::Function(_) | ItemKind::Value(_) | ItemKind::Component(_) | ItemKind::CoreModule(_) => {
                false
            }
        }
    }
}

/// The sorts of items (Explainer.md, "sort"), without what each is in detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // each is called as in the specification
pub enum Sort {
    Function,
    Value,
    Type,
    Instance,
    Component,
    CoreModule,
}

impl Sort {
    /// The sort in one word of the specification.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Value => "value",
            Self::Type => "type",
            Self::Instance => "instance",
            Self::Component => "component",
            Self::CoreModule => "core module",
        }
    }
}

impl ItemKind {
    /// The sort of the item.
    pub fn sort(&self) -> Sort {
        match self {
            Self::Function(_) => Sort::Function,
            Self::Value(_) => Sort::Value,
            Self::Type(_) => Sort::Type,
            Self::Instance(_) => Sort::Instance,
            Self::Component(_) => Sort::Component,
            Self::CoreModule(_) => Sort::CoreModule,
        }
    }

    /// What the item is, in one word of the specification.
    pub fn noun(&self) -> &'static str {
        self.sort().noun()
    }
}

impl Item {
    /// An item whose name has no attributes.
    pub fn plain(kind: ItemKind) -> Self {
        Self { kind, implements: None, version_suffix: None, external_id: None }
    }

    /// The types that it names; what a component or a core module has in it is closed, and none of it.
    pub fn types(&self) -> Vec<TypeId> {
        let of_value = |value: ValueType| match value {
            ValueType::Primitive(_) => None,
            ValueType::Defined(id) => Some(id),
        };
        match &self.kind {
            ItemKind::Function(FunctionType { parameters, result, .. }) => {
                parameters.iter().map(|(_, value)| *value).chain(*result).filter_map(of_value).collect()
            }
            ItemKind::Value(value) => of_value(*value).into_iter().collect(),
            ItemKind::Type(id) => vec![*id],
            ItemKind::Instance(instance) => instance.exports.values().flat_map(Self::types).collect(),
            ItemKind::Component(_) | ItemKind::CoreModule(_) => Vec::new(),
        }
    }

    /// The interface that this item is, given the name it is known by: the name itself, or for a label the
    /// interface it implements; with the version suffix of a canonical name put back.
    pub fn interface(&self, name: &str) -> Option<InterfaceName> {
        let text = self.implements.as_deref().unwrap_or(name);
        match &self.version_suffix {
            Some(suffix) => {
                InterfaceName::parse(&format!("{text}{suffix}")).or_else(|| InterfaceName::parse(text))
            }
            None => InterfaceName::parse(text),
        }
    }

    /// The interface that this item is where it is known as `outer` and no longer under its `own` name.
    pub fn interface_as(&self, own: &str, outer: &str) -> Option<InterfaceName> {
        if own == outer {
            return self.interface(own);
        }
        let label = || self.implements.as_ref().and_then(|_| self.interface(outer));
        InterfaceName::parse(outer).or_else(label)
    }

    /// The name in full: with the version suffix of a canonical name put back.
    pub fn full_name(&self, name: &str) -> String {
        match (&self.version_suffix, &self.implements) {
            (Some(suffix), None) => format!("{name}{suffix}"),
            _ => name.to_owned(),
        }
    }

    /// The item as it is known under another name, with the attributes that this name can have.
    ///
    /// An interface under a plain name is no label for it: labels need the feature `cm-implements`, which runtimes have
    /// off by default, and nobody asked for one.
    #[must_use]
    pub fn renamed(self, from: &str, to: &str) -> Self {
        if from == to {
            return self;
        }
        let implements = self.implements.filter(|_| InterfaceName::parse(to).is_none());
        let version_suffix = self.version_suffix.filter(|_| implements.is_some());
        Self { implements, version_suffix, ..self }
    }

    /// The name in full where the item is known as `outer` and no longer under its `own` name.
    pub fn full_name_as(&self, own: &str, outer: &str) -> String {
        if own == outer { self.full_name(own) } else { outer.to_owned() }
    }

    /// What the name `outer` means for linking where the item is known by it, and no longer by its `own`.
    pub fn link_name_as(&self, own: &str, outer: &str) -> LinkName {
        if own == outer {
            return self.link_name(own);
        }
        let label = InterfaceName::parse(outer).is_none().then(|| outer.to_owned());
        match self.interface_as(own, outer) {
            Some(interface) => LinkName { label, interface: Some(interface.path()), track: interface.track },
            None => LinkName { label, interface: None, track: Track::Unversioned },
        }
    }

    /// What two names must agree on to mean the same item: the name without its version, the track, and for a label
    /// the interface that it stands for.
    pub fn link_name(&self, name: &str) -> LinkName {
        let interface = self.interface(name);
        let label = (self.implements.is_some() || interface.is_none()).then(|| name.to_owned());
        match interface {
            Some(interface) => LinkName { label, interface: Some(interface.path()), track: interface.track },
            None => LinkName { label, interface: None, track: Track::Unversioned },
        }
    }
}

/// What a name means for linking: two items with the same `LinkName` are candidates for each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkName {
    /// A plain name or a label.
    pub label: Option<String>,
    /// An interface, without its version.
    pub interface: Option<String>,
    /// The track of the interface.
    pub track: Track,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, implements: Option<&str>, to: &str, expected: Option<&str>) {
        let kind = ItemKind::Instance(InstanceType::default());
        let item = Item { implements: implements.map(str::to_owned), ..Item::plain(kind) };
        assert_eq!(item.renamed(from, to).implements.as_deref(), expected);
    }

    #[test]
    fn a_name_of_an_interface_is_no_label() {
        check("a:b/c@1.0.0", None, "a:b/c@1.0.0", None);
        check("a:b/c@1.0.0", None, "main", None);
        check("first", Some("a:b/c"), "second", Some("a:b/c"));
        check("first", Some("a:b/c"), "a:b/c", None);
    }
}
