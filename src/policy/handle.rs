//! Which handles the functions of a component need, name and yield, and what follows from that.
//!
//! Differs from `taxonomy.rs`: this is derived from types alone, and holds for interfaces that nobody has classified.

use std::collections::BTreeSet;

use crate::model::{
    Definition, FunctionType, Item, ItemKind, Items, ResourceId, Surface, TypeId, TypeTable, ValueType,
};

/// Resources, as a set.
pub(super) type Resources = BTreeSet<ResourceId>;

/// The handles in the type of one function.
#[derive(Clone, Debug, Default)]
pub(super) struct Handles {
    /// Without a handle of each of these, the function cannot be called.
    pub(super) mandatory: Resources,
    /// All that its parameters can hold, deep.
    pub(super) taken: Resources,
    /// All that its result can hold, deep.
    pub(super) given: Resources,
}

impl Handles {
    /// The handles of a function.
    pub(super) fn of(types: &TypeTable, function: &FunctionType) -> Self {
        let mut handles = Self::default();
        for (_, value) in &function.parameters {
            Walk { types, deep: false, seen: BTreeSet::new() }.value(*value, &mut handles.mandatory);
            Walk { types, deep: true, seen: BTreeSet::new() }.value(*value, &mut handles.taken);
        }
        if let Some(value) = function.result {
            Walk { types, deep: true, seen: BTreeSet::new() }.value(value, &mut handles.given);
        }
        handles
    }

    /// All handles that the function deals with.
    pub(super) fn named(&self) -> impl Iterator<Item = ResourceId> {
        self.taken.iter().chain(&self.given).copied()
    }
}

/// Collects the resources of a type. Not `deep` means: only where every value of the type holds a handle.
struct Walk<'a> {
    types: &'a TypeTable,
    deep: bool,
    /// Each definition is looked at once: types that share their parts could take forever otherwise.
    seen: BTreeSet<TypeId>,
}

impl Walk<'_> {
    fn value(&mut self, value: ValueType, found: &mut Resources) {
        if let ValueType::Defined(id) = value {
            self.definition(id, found);
        }
    }

    fn values(&mut self, values: impl IntoIterator<Item = ValueType>, found: &mut Resources) {
        values.into_iter().for_each(|value| self.value(value, found));
    }

    fn definition(&mut self, id: TypeId, found: &mut Resources) {
        if !self.seen.insert(id) {
            return;
        }
        let definition = self.types.get(id);
        if let Definition::Alias(of) = definition {
            return self.definition(*of, found);
        }
        if let Definition::Own(resource) | Definition::Borrow(resource) = definition {
            found.extend(self.types.resource(*resource));
        }
        // What is in the others may not be there: a list can be empty, a variant another case.
        let is_there = matches!(definition, Definition::Record(_) | Definition::Tuple(_))
            || matches!(definition, Definition::FixedLengthList(_, length) if *length > 0);
        if self.deep || is_there {
            self.values(definition.values(), found);
        }
    }
}

/// The handles that a component has whatever it calls: those of resources that it defines, and those in values that it
/// imports.
pub(super) fn held_from_the_start(surface: &Surface) -> Resources {
    let (mut imported, mut has_component, mut in_values) = (Resources::new(), false, Resources::new());
    let types = &surface.types;
    each(&surface.imports, &mut |item| match &item.kind {
        ItemKind::Component(_) => has_component = true,
        ItemKind::Type(id) => imported.extend(types.resource(*id)),
        ItemKind::Value(value) => {
            Walk { types, deep: true, seen: BTreeSet::new() }.value(*value, &mut in_values);
        }
        ItemKind::Function(_) | ItemKind::Instance(_) | ItemKind::CoreModule(_) => {}
    });
    let mut held: Resources =
        surface.types.resources().filter(|resource| !imported.contains(resource)).collect();
    // What an imported component hands out is not in its type here.
    if has_component {
        held.extend(imported);
    }
    held.extend(in_values);
    held
}

/// The handles that callers hand to some of the exports.
pub(super) fn taken_by_exports(surface: &Surface, is_called: impl Fn(&str) -> bool) -> Resources {
    let mut taken = Resources::new();
    let called = surface.exports.iter().filter(|(name, _)| is_called(name));
    let called: Items = called.map(|(name, item)| (name.clone(), item.clone())).collect();
    each(&called, &mut |item| {
        if let ItemKind::Function(function) = &item.kind {
            taken.extend(Handles::of(&surface.types, function).taken);
        }
    });
    taken
}

/// The handles that one export gives to those who call it.
pub(super) fn given_by_export(surface: &Surface, export: &str) -> Resources {
    let mut given = Resources::new();
    if let Some(item) = surface.exports.get(export) {
        each_below(item, &mut |item| {
            if let ItemKind::Function(function) = &item.kind {
                given.extend(Handles::of(&surface.types, function).given);
            }
        });
    }
    given
}

/// The handles that the exports of a component deal with.
pub(super) fn named_by_exports(surface: &Surface) -> Resources {
    let mut named = Resources::new();
    each(&surface.exports, &mut |item| {
        if let ItemKind::Function(function) = &item.kind {
            named.extend(Handles::of(&surface.types, function).named());
        }
    });
    named
}

fn each(items: &Items, visit: &mut impl FnMut(&Item)) {
    items.values().for_each(|item| each_below(item, visit));
}

fn each_below(item: &Item, visit: &mut impl FnMut(&Item)) {
    visit(item);
    if let ItemKind::Instance(instance) = &item.kind {
        each(&instance.exports, visit);
    }
}

/// Grows `set` by what `step` finds for each element of `items`, until nothing is new. `step` says whether an element
/// applies, given the set, and what it adds. Returns which elements apply.
pub(super) fn fix_point<T>(
    set: &mut Resources,
    items: &[T],
    applies: impl Fn(&T, &Resources) -> bool,
    adds: impl Fn(&T) -> Resources,
) -> Vec<bool> {
    let mut applied = vec![false; items.len()];
    loop {
        let mut is_new = false;
        for (item, done) in items.iter().zip(&mut applied) {
            if !*done && applies(item, set) {
                (*done, is_new) = (true, true);
                set.extend(adds(item));
            }
        }
        if !is_new {
            return applied;
        }
    }
}
