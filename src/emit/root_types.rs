//! Types that the whole exports at its root, and the types of functions there that use them.
//!
//! An export of a type makes a new type, and what is exported beside it must be written in terms of that one. Differs
//! from `import_types.rs`, which writes types: here is decided for which exports, and what is known to them.

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::ComponentTypeRef;

use super::encode::Encoder;
use super::import_types::ImportTypes;
use crate::link::{ItemSource, LinkPlan, PlannedExport};
use crate::load::Inputs;
use crate::model::{Item, ItemKind, Sort, Surface, TypeTable};

/// What the whole exports at its root, while it is written.
pub(super) struct RootTypes<'a> {
    inputs: &'a Inputs,
    plan: &'a LinkPlan,
    /// Whether any type is exported at the root: if not, everything is exported as it is.
    is_needed: bool,
    /// By planned instance: its exports that are types of the root, or instances there, with their indices there.
    exported: BTreeMap<usize, Vec<(&'a Item, u32)>>,
    /// By planned instance: the types of its component, with those that have a name at the root.
    known: BTreeMap<usize, ImportTypes<'a>>,
    /// The exports of planned instances that are items of the root.
    named: BTreeSet<(usize, &'a str)>,
    /// By planned instance and the name of an export of it: the instances that are given that.
    users: BTreeMap<(usize, &'a str), Vec<usize>>,
    /// Whether nothing is written yet in terms of what is being exported.
    is_fresh: bool,
}

impl<'a> RootTypes<'a> {
    pub(super) fn new(inputs: &'a Inputs, plan: &'a LinkPlan) -> Self {
        let is_needed = plan.exports.iter().any(|export| export.sort == Sort::Type);
        let users = if is_needed { users(plan) } else { BTreeMap::new() };
        Self {
            inputs,
            plan,
            is_needed,
            exported: BTreeMap::new(),
            known: BTreeMap::new(),
            named: BTreeSet::new(),
            users,
            is_fresh: false,
        }
    }

    /// The index that is to be exported, and the type that the export is to have, if it is not that of the item.
    pub(super) fn of(
        &mut self,
        encoder: &mut Encoder,
        export: &PlannedExport,
    ) -> (u32, Option<ComponentTypeRef>) {
        let index = encoder.index(&export.from, export.sort);
        let ItemSource::Export { instance, name } = &export.from else { return (index, None) };
        let surface = self.surface(*instance);
        let (true, Some(item)) = (self.is_needed, surface.exports.get(name)) else { return (index, None) };
        self.is_fresh = self.known.get(instance).is_none_or(|types| !types.knows(item));
        match &item.kind {
            ItemKind::Type(id) => {
                let types = self.types(encoder, *instance);
                (types.renamed(&mut encoder.writer, *id).unwrap_or(index), None)
            }
            ItemKind::Function(_) | ItemKind::Value(_) => {
                let types = self.types(encoder, *instance);
                (index, types.reference(&mut encoder.writer, name, item).ok())
            }
            ItemKind::Instance(_) if uses_root(&surface.types, item) => {
                let types = self.types(encoder, *instance);
                types.register_resources(item, index);
                (index, types.reference(&mut encoder.writer, name, item).ok())
            }
            ItemKind::Instance(_) | ItemKind::Component(_) | ItemKind::CoreModule(_) => (index, None),
        }
    }

    /// Notes that an export became an item of the root. What was written in terms of what it was before is written anew.
    pub(super) fn exported(&mut self, encoder: &mut Encoder, export: &'a PlannedExport, index: u32) {
        let (true, ItemSource::Export { instance, name }) = (self.is_needed, &export.from) else { return };
        if !matches!(export.sort, Sort::Type | Sort::Instance) {
            return;
        }
        encoder.rename(*instance, name, index);
        self.named.insert((*instance, name));
        if let Some(item) = self.surface(*instance).exports.get(name) {
            self.exported.entry(*instance).or_default().push((item, index));
            match self.known.get_mut(instance) {
                Some(types) if self.is_fresh => types.register(item, index),
                Some(_) | None => drop(self.known.remove(instance)),
            }
        }
        let users = self.users.get(&(*instance, name.as_str()));
        users.into_iter().flatten().for_each(|user| drop(self.known.remove(user)));
    }

    fn surface(&self, instance: usize) -> &'a Surface {
        let component = self.plan.components[self.plan.instances[instance].component];
        &self.inputs.components[component].surface
    }

    /// The types of an instance: those that it was given have the name of the argument, if that has one.
    fn types(&mut self, encoder: &mut Encoder, instance: usize) -> &mut ImportTypes<'a> {
        let (plan, surface, named) = (self.plan, self.surface(instance), &self.named);
        // An import has a name at the root, and so has what was exported.
        let is_named = |from: &'a ItemSource| match origin(from) {
            ItemSource::Export { instance, name } => named.contains(&(*instance, name.as_str())),
            ItemSource::Import(_) | ItemSource::Member { .. } => true,
        };
        let exported = self.exported.get(&instance);
        self.known.entry(instance).or_insert_with(|| {
            let mut types = ImportTypes::new(&surface.types);
            for argument in &plan.instances[instance].arguments {
                if let Some(item) = surface.imports.get(&argument.name)
                    && matches!(argument.sort, Sort::Type | Sort::Instance)
                {
                    let index = encoder.index(&argument.from, argument.sort);
                    match is_named(&argument.from) {
                        true => types.register(item, index),
                        false => types.register_resources(item, index),
                    }
                }
            }
            exported.into_iter().flatten().for_each(|(item, index)| types.register(item, *index));
            types
        })
    }
}

/// Who is given the exports of each instance, or something in them.
fn users(plan: &LinkPlan) -> BTreeMap<(usize, &str), Vec<usize>> {
    let mut users: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    for (user, planned) in plan.instances.iter().enumerate() {
        for argument in &planned.arguments {
            if let ItemSource::Export { instance, name } = origin(&argument.from) {
                users.entry((*instance, name)).or_default().push(user);
            }
        }
    }
    users
}

/// What something is a member of, however deep within it.
fn origin(mut from: &ItemSource) -> &ItemSource {
    while let ItemSource::Member { of, .. } = from {
        from = of;
    }
    from
}

/// Whether an item uses a type that has its name at the root of the component.
fn uses_root(types: &TypeTable, item: &Item) -> bool {
    let mut open = item.types();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if types.name(id).is_some_and(|path| path.steps.len() == 1) {
            return true;
        }
        if seen.insert(id) {
            open.extend(types.get(id).refers_to());
        }
    }
    false
}
