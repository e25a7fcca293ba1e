//! Solves over the whole graph which resource types are one and the same, and where each comes from.
//!
//! Every wire that carries a resource says that two resources are one. What is one forms a class; each class must have
//! exactly one origin: the instance that defines it, or else the host.

mod homes;

pub(super) use self::homes::{Homes, Place, named_in, place};

use std::collections::HashSet;

use super::InstanceId;
use crate::model::{
    FunctionName, Item, ItemKind, ItemPath, Items, ResourceId, Side, Step, Surface, TypeTable,
};

/// A resource type as one instance sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Local {
    pub(super) instance: InstanceId,
    pub(super) resource: ResourceId,
}

/// That two resources must be one, and why.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) expected: Local,
    pub(super) found: Local,
    /// Where the import of the one that expects names it.
    pub(super) path: ItemPath,
    pub(super) because: Because,
}

/// What unites two resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Because {
    /// The import is wired to an export of the instance that is found.
    Wired,
    /// The host provides both imports with one item.
    Merged,
}

/// The classes of resources that are one.
#[derive(Debug, Default)]
pub(super) struct Classes {
    offsets: Vec<usize>,
    parents: Vec<usize>,
    locals: Vec<Local>,
}

impl Classes {
    /// Every resource of every instance in a class of its own.
    pub(super) fn new<'a>(surfaces: impl Iterator<Item = &'a Surface>) -> Self {
        let mut classes = Self::default();
        for (index, surface) in surfaces.enumerate() {
            classes.offsets.push(classes.locals.len());
            let local = |resource| Local { instance: InstanceId(index), resource };
            classes.locals.extend(surface.types.resources().map(local));
        }
        classes.parents = (0..classes.locals.len()).collect();
        classes
    }

    /// Makes one class of two.
    pub(super) fn unite(&mut self, a: Local, b: Local) {
        let (a, b) = (self.class(a), self.class(b));
        self.parents[a.max(b)] = a.min(b);
    }

    /// The class of a resource: a number that is the same for all that are one.
    pub(super) fn class(&mut self, local: Local) -> usize {
        let mut index = self.offsets[local.instance.0] + local.resource.0 as usize;
        while self.parents[index] != index {
            self.parents[index] = self.parents[self.parents[index]];
            index = self.parents[index];
        }
        index
    }

    /// All resources with their class, in order.
    pub(super) fn all(&mut self) -> Vec<(usize, Local)> {
        self.locals.clone().into_iter().map(|local| (self.class(local), local)).collect()
    }
}

/// The resources of which the imported instances of a surface have functions, each by the import and its name there.
pub(super) struct Made<'s>(HashSet<(&'s str, &'s str)>);

impl<'s> Made<'s> {
    pub(super) fn of(surface: &'s Surface) -> Self {
        let functions = |(import, item): (&'s String, &'s Item)| {
            let exports = match &item.kind {
                ItemKind::Instance(instance) => Some(instance.exports.keys()),
                ItemKind::Function(_)
                | ItemKind::Value(_)
                | ItemKind::Type(_)
                | ItemKind::Component(_)
                | ItemKind::CoreModule(_) => None,
            };
            let resources =
                exports.into_iter().flatten().filter_map(|name| FunctionName::parse(name).resource());
            resources.map(move |resource| (import.as_str(), resource))
        };
        Self(surface.imports.iter().flat_map(functions).collect())
    }

    pub(super) fn contains(&self, path: &ItemPath) -> bool {
        match (path.extern_name(), &path.steps[..]) {
            (Some(import), [_, Step::Item(name)]) => self.0.contains(&(import, name)),
            _ => false,
        }
    }
}

/// For each resource of a surface, where its imports name it, in order; empty for one that the component defines.
pub(super) fn imported_at(surface: &Surface) -> Vec<Vec<ItemPath>> {
    let mut found = vec![Vec::new(); surface.types.resource_count()];
    for (name, item) in &surface.imports {
        let path = ItemPath::item(Side::Import, name);
        match &item.kind {
            ItemKind::Type(id) => {
                if let Some(resource) = surface.types.resource(*id) {
                    found[resource.0 as usize].push(path);
                }
            }
            ItemKind::Instance(instance) => collect(&surface.types, &path, &instance.exports, &mut found),
            ItemKind::Function(_) | ItemKind::Value(_) | ItemKind::Component(_) | ItemKind::CoreModule(_) => {
            }
        }
    }
    found
}

fn collect(types: &TypeTable, path: &ItemPath, items: &Items, found: &mut [Vec<ItemPath>]) {
    for (name, item) in items {
        let path = path.then(Step::Item(name.clone()));
        match &item.kind {
            ItemKind::Type(id) => {
                if let Some(resource) = types.resource(*id) {
                    found[resource.0 as usize].push(path);
                }
            }
            ItemKind::Instance(instance) => collect(types, &path, &instance.exports, found),
            ItemKind::Function(_) | ItemKind::Value(_) | ItemKind::Component(_) | ItemKind::CoreModule(_) => {
            }
        }
    }
}
