//! A composition as a graph: the instances that it is made of, and who provides what to whom, at any depth.
//!
//! Differs from a wiring, which `check` decides and `link` follows: this is what a linked component shows of itself, or
//! what a wiring will look like once it is linked. It is for reading only.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::{LinkRecord, Sort};

/// A composition, and the compositions within it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// What the whole is called, untrusted.
    pub name: String,
    /// The components that it is made of, each once; the first is the whole. Those that a component is made of come
    /// after it.
    pub components: Vec<GraphComponent>,
    /// What the tool that linked it wrote down about it.
    pub record: Option<LinkRecord>,
}

/// One component: the whole, or one that lies within it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphComponent {
    /// The SHA-256 of the file that it was linked from, as 64 lower-case hexadecimal digits; `None` where that is not
    /// known: it is not linked yet, or refers to types that lie around it.
    pub sha256: Option<String>,
    /// Whether it, or what it is made of, uses types that lie around it: then there can be no such file.
    pub uses_types_around: bool,
    /// Its size in bytes as such a file.
    pub size: Option<u64>,
    /// Whether it runs code of its own, beside that of its instances.
    pub has_code: bool,
    /// The names of what it imports, in order.
    pub imports: Vec<String>,
    /// What it exports, in order.
    pub exports: Vec<GraphItem>,
    /// The instances that it is made of, each after those that it needs; none for a component that is not composed.
    pub instances: Vec<GraphInstance>,
}

/// An instance of a component within another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphInstance {
    /// Its name, unique among its neighbours, untrusted.
    pub name: String,
    /// Its component: an index into [`Graph::components`]; `None` if that is imported or comes out of an instance.
    pub component: Option<usize>,
    /// What it is given, in the order of the binary.
    pub arguments: Vec<GraphItem>,
}

/// Something that is imported or exported under a name, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphItem {
    /// The extern name, untrusted.
    pub name: String,
    /// What it is.
    pub sort: Sort,
    /// Where it comes from.
    pub from: GraphSource,
}

/// Where something comes from, as seen from within one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GraphSource {
    /// An import of the component: its name, then the way into it.
    Import(Vec<String>),
    /// An instance: an index into [`GraphComponent::instances`], and the way into its exports; empty for all of them.
    Instance(usize, Vec<String>),
    /// Put together of several things under names of its own; none of them is a bundle itself.
    Bundle(Arc<IndexMap<String, GraphMember>>),
    /// The component itself: its code, or what it defines.
    Own,
    /// It cannot be told: what puts it together is not followed so far.
    Unknown,
}

/// One of several things that are put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphMember {
    /// What it is.
    pub sort: Sort,
    /// Where it comes from.
    pub from: GraphSource,
}

/// One end of a wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GraphEnd {
    /// An instance: an index into [`GraphComponent::instances`].
    Instance(usize),
    /// The code of the component itself.
    Own,
    /// It cannot be told who.
    Unknown,
    /// Whoever is around the component: the host, for the whole.
    Outside,
}

/// One thing that someone provides to someone else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GraphWire {
    /// Who uses it; [`GraphEnd::Outside`] for an export.
    pub user: GraphEnd,
    /// Who provides it; [`GraphEnd::Outside`] for an import.
    pub provider: GraphEnd,
    /// Its name where it is used.
    pub name: String,
    /// Its name where it comes from, if that is another one.
    pub alias: Option<String>,
}

impl Graph {
    /// The whole.
    pub fn root(&self) -> Option<&GraphComponent> {
        self.components.first()
    }

    /// Who provides what to whom in one of its components, as [`GraphComponent::wires`] does; what an instance is given and does
    /// not import is no wire.
    pub fn wires(&self, within: &GraphComponent) -> Vec<GraphWire> {
        let is_used = |wire: &GraphWire| {
            let GraphEnd::Instance(at) = wire.user else { return true };
            let component = within.instances[at].component.and_then(|index| self.components.get(index));
            component.is_none_or(|component| component.imports.contains(&wire.name))
        };
        within.wires().into_iter().filter(is_used).collect()
    }

    /// The components that are composed, with their index and with the name of the first instance of each: the whole,
    /// then what lies within it.
    pub fn compositions(&self) -> Vec<(usize, &str)> {
        let mut found = vec![(0, self.name.as_str())];
        let mut seen = BTreeSet::from([0]);
        let mut at = 0;
        while let Some((component, _)) = found.get(at).copied() {
            for instance in self.components.get(component).map_or(&[][..], |it| &it.instances) {
                if let Some(inner) = instance.component
                    && self.components.get(inner).is_some_and(GraphComponent::is_composed)
                    && seen.insert(inner)
                {
                    found.push((inner, &instance.name));
                }
            }
            at += 1;
        }
        found
    }
}

impl GraphComponent {
    /// Whether it is made of instances.
    pub fn is_composed(&self) -> bool {
        !self.instances.is_empty()
    }

    /// Who provides what to whom, types left out: they come with the interfaces that have them. By user, those of exports
    /// last.
    pub fn wires(&self) -> Vec<GraphWire> {
        let mut wires = Vec::new();
        for (at, instance) in self.instances.iter().enumerate() {
            for argument in instance.arguments.iter().filter(|argument| argument.sort != Sort::Type) {
                add_wires(GraphEnd::Instance(at), &argument.name, &argument.from, &mut wires);
            }
        }
        for export in self.exports.iter().filter(|export| export.sort != Sort::Type) {
            add_wires(GraphEnd::Outside, &export.name, &export.from, &mut wires);
        }
        wires
    }
}

fn add_wires(user: GraphEnd, name: &str, from: &GraphSource, wires: &mut Vec<GraphWire>) {
    let mut add = |provider, way: &[String]| {
        let alias = way.first().filter(|alias| *alias != name).cloned();
        wires.push(GraphWire { user, provider, name: name.to_owned(), alias });
    };
    match from {
        GraphSource::Import(way) => add(GraphEnd::Outside, way),
        GraphSource::Instance(at, way) => add(GraphEnd::Instance(*at), way),
        GraphSource::Own => add(GraphEnd::Own, &[]),
        GraphSource::Unknown => add(GraphEnd::Unknown, &[]),
        GraphSource::Bundle(members) => {
            let start = wires.len();
            // A type that is written down around it is nobody's.
            let is_provided =
                |member: &&GraphMember| member.sort != Sort::Type || member.from != GraphSource::Own;
            for member in members.values().filter(is_provided) {
                let mut inner = Vec::new();
                add_wires(user, name, &member.from, &mut inner);
                for wire in inner {
                    let wire = GraphWire { alias: None, ..wire };
                    if !wires[start..].contains(&wire) {
                        wires.push(wire);
                    }
                }
            }
        }
    }
}

impl GraphSource {
    /// Several things under names of their own. What is a bundle itself is not followed further.
    pub fn bundle(members: impl IntoIterator<Item = GraphItem>) -> Self {
        let member = |GraphItem { name, sort, from }| {
            let from = if matches!(from, Self::Bundle(_)) { Self::Unknown } else { from };
            (name, GraphMember { sort, from })
        };
        Self::Bundle(Arc::new(members.into_iter().map(member).collect()))
    }

    /// What is found under a name within this.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        let longer = |way: &Vec<String>| {
            let mut way = way.clone();
            way.push(name.to_owned());
            way
        };
        match self {
            Self::Import(way) if way.len() < DEEPEST => Self::Import(longer(way)),
            Self::Instance(at, way) if way.len() < DEEPEST => Self::Instance(*at, longer(way)),
            Self::Bundle(members) => members.get(name).map_or(Self::Unknown, |member| member.from.clone()),
            Self::Own => Self::Own,
            Self::Import(_) | Self::Instance(..) | Self::Unknown => Self::Unknown,
        }
    }
}

/// How deep a way into an instance is followed. WIT has two levels; a binary can have a hundred.
const DEEPEST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, sort: Sort, from: GraphSource) -> GraphItem {
        GraphItem { name: name.to_owned(), sort, from }
    }

    fn import(name: &str) -> GraphSource {
        GraphSource::Import(vec![name.to_owned()])
    }

    #[test]
    fn a_way_is_followed_so_far_and_not_further() {
        let mut source = import("a");
        for _ in 0..DEEPEST {
            assert_ne!(source, GraphSource::Unknown);
            source = source.member("b");
        }
        assert_eq!(source, GraphSource::Unknown);
        let bundle = GraphSource::bundle([item("x", Sort::Function, import("y"))]);
        assert_eq!(bundle.member("x"), import("y"));
        assert_eq!(bundle.member("z"), GraphSource::Unknown);
    }

    #[test]
    fn a_bundle_is_a_wire_to_each_of_its_providers() {
        let providers = |sort| {
            let members = [
                ("a", Sort::Function, import("i")),
                ("b", Sort::Type, import("j")),
                ("c", sort, GraphSource::Own),
            ];
            let from = GraphSource::bundle(members.map(|(name, sort, from)| item(name, sort, from)));
            let exports = vec![item("e", Sort::Instance, from)];
            let component = GraphComponent { exports, ..GraphComponent::default() };
            component.wires().into_iter().map(|wire| wire.provider).collect::<Vec<_>>()
        };
        assert_eq!(providers(Sort::Function), [GraphEnd::Outside, GraphEnd::Own]);
        assert_eq!(providers(Sort::Type), [GraphEnd::Outside]);
    }
}
