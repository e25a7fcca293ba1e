//! Writes the imports of the whole as one surface: what several instances import becomes one item, and resources are
//! told apart by their origin in the graph, never by their name.

use std::collections::{HashMap, HashSet};
use std::iter;

use super::diagnostics::{InnerResource, Problem};
use super::order::{Hosts, Member, Users, order};
use crate::check::{InstanceId, Origin, Wiring};
use crate::load::Inputs;
use crate::model::{
    ComponentType, Definition, FunctionType, InstanceType, Item, ItemKind, ItemPath, Items, ResourceId, Side,
    Step, Surface, TypeId, TypeTable, ValueType, folded,
};

/// The imports of the whole, being written.
pub(super) struct Imports<'a> {
    users: Users<'a>,
    surface: Surface,
    hosts: Hosts,
    /// By import of the whole: its extern name.
    names: Vec<String>,
    /// The same and those of further imports, as engines compare them.
    taken: HashSet<String>,
    /// By import of the whole and way within it: the type that it names there.
    named: HashMap<(usize, Vec<Step>), TypeId>,
    /// Resources that the type of an imported component binds: they have no origin in the graph.
    bound: HashSet<(InstanceId, ResourceId)>,
    /// Types that were written before.
    written: HashMap<(InstanceId, TypeId), TypeId>,
    /// By name, if it has one, and definition: the types that no import of an instance names.
    unnamed: HashMap<(Option<String>, Definition), TypeId>,
}

/// The import that is being written, for one of its users.
#[derive(Clone)]
struct Place {
    import: usize,
    user: InstanceId,
    /// The way within the import.
    steps: Vec<Step>,
}

impl Place {
    fn then(&self, name: &str) -> Self {
        let mut steps = self.steps.clone();
        steps.push(Step::Item(name.to_owned()));
        Self { steps, ..self.clone() }
    }
}

impl<'a> Imports<'a> {
    pub(super) fn new(inputs: &'a Inputs, wiring: &'a Wiring) -> Self {
        Self {
            users: Users::new(inputs, wiring),
            surface: Surface::default(),
            hosts: Hosts::of(wiring),
            names: wiring.host.iter().map(|import| import.name.clone()).collect(),
            taken: wiring.host.iter().map(|import| folded(&import.name)).collect(),
            named: HashMap::new(),
            bound: HashSet::new(),
            written: HashMap::new(),
            unnamed: HashMap::new(),
        }
    }

    /// Writes all imports, each after those whose types it uses.
    pub(super) fn gather(&mut self) -> Result<(), Problem> {
        order(self.users, &self.hosts)?.into_iter().try_for_each(|import| self.import(import))
    }

    /// The surface, and the extern name of each import of the wiring in it.
    pub(super) fn finish(self) -> (Surface, Vec<String>) {
        (self.surface, self.names)
    }

    fn import(&mut self, import: usize) -> Result<(), Problem> {
        let port = &self.users.wiring.host[import].users[0];
        let first = self.users.item(port);
        let kind = if let ItemKind::Instance(_) = first.kind {
            self.merged_instance(import)?
        } else {
            self.kind(&Place { import, user: port.instance, steps: Vec::new() }, &first.kind)?
        };
        let item = Item { kind, ..first.clone() }.renamed(&port.name, &self.names[import]);
        self.surface.imports.insert(self.names[import].clone(), item);
        Ok(())
    }

    fn merged_instance(&mut self, import: usize) -> Result<ItemKind, Problem> {
        let mut exports = Items::new();
        for (user, name, item) in self.makers_first(import) {
            let place = Place { import, user, steps: vec![Step::Item(name.clone())] };
            exports.insert(name.clone(), self.item(&place, item)?);
        }
        Ok(ItemKind::Instance(InstanceType { exports }))
    }

    /// The members of an imported instance in an order in which nothing that uses a resource comes before the member that brings it
    /// in: of two versions that became one, the newer may use what the older has, under whatever name.
    fn makers_first(&self, import: usize) -> Vec<Member<'a>> {
        let members = self.users.members(import);
        let by_name: HashMap<&String, Member<'a>> =
            members.iter().map(|member| (member.1, *member)).collect();
        let (mut seen, mut known, mut ordered) = (HashSet::new(), HashSet::new(), Vec::new());
        for member in members {
            let makers = self.makers(import, member, &mut seen);
            let makers = makers.into_iter().filter_map(|name| by_name.get(name)).copied();
            ordered.extend(makers.chain([member]).filter(|member| known.insert(member.1)));
        }
        ordered
    }

    /// The members of the same import that bring in resources that a member uses, but for what was seen before.
    fn makers(
        &self,
        import: usize,
        (user, _, item): Member<'a>,
        seen: &mut HashSet<(InstanceId, TypeId)>,
    ) -> Vec<&'a String> {
        let (types, origins) = (self.types(user), &self.users.wiring.origins[user.0]);
        let (mut open, mut makers) = (item.types(), Vec::new());
        while let Some(id) = open.pop() {
            if !seen.insert((user, id)) {
                continue;
            }
            if let Definition::Resource(resource) = types.get(id)
                && let Origin::Host { import: of, steps } = &origins[resource.0 as usize]
                && let (true, [Step::Item(name)]) = (*of == import, &steps[..])
            {
                makers.push(name);
            }
            open.extend(types.get(id).refers_to());
        }
        makers
    }

    fn item(&mut self, place: &Place, item: &Item) -> Result<Item, Problem> {
        Ok(Item { kind: self.kind(place, &item.kind)?, ..item.clone() })
    }

    fn items(&mut self, place: &Place, items: &Items) -> Result<Items, Problem> {
        items.iter().map(|(name, item)| Ok((name.clone(), self.item(&place.then(name), item)?))).collect()
    }

    fn kind(&mut self, place: &Place, kind: &ItemKind) -> Result<ItemKind, Problem> {
        Ok(match kind {
            ItemKind::Function(function) => ItemKind::Function(self.function(place, function)?),
            ItemKind::Value(value) => ItemKind::Value(self.value(place, *value)?),
            ItemKind::Type(id) => ItemKind::Type(self.name_type(place, *id)?),
            ItemKind::Instance(instance) => {
                ItemKind::Instance(InstanceType { exports: self.items(place, &instance.exports)? })
            }
            ItemKind::Component(component) => {
                let bound = component.bound(self.types(place.user)).into_iter().flatten();
                self.bound.extend(bound.map(|resource| (place.user, resource)));
                ItemKind::Component(ComponentType {
                    imports: self.items(place, &component.imports)?,
                    exports: self.items(place, &component.exports)?,
                })
            }
            ItemKind::CoreModule(module) => ItemKind::CoreModule(module.clone()),
        })
    }

    fn function(&mut self, place: &Place, function: &FunctionType) -> Result<FunctionType, Problem> {
        let parameter = |(name, value): &(String, ValueType)| Ok((name.clone(), self.value(place, *value)?));
        let parameters = function.parameters.iter().map(parameter).collect::<Result<_, Problem>>()?;
        let result = self.optional(place, function.result)?;
        Ok(FunctionType { is_async: function.is_async, parameters, result })
    }

    fn optional(&mut self, place: &Place, value: Option<ValueType>) -> Result<Option<ValueType>, Problem> {
        value.map(|value| self.value(place, value)).transpose()
    }

    fn value(&mut self, place: &Place, value: ValueType) -> Result<ValueType, Problem> {
        match value {
            ValueType::Primitive(_) => Ok(value),
            ValueType::Defined(id) => Ok(ValueType::Defined(self.reference(place, id)?)),
        }
    }

    /// A type that an import names: made here, or taken over from another import that names it first.
    fn name_type(&mut self, place: &Place, id: TypeId) -> Result<TypeId, Problem> {
        let definition = match self.taken_over(place, id)? {
            Some(of) => Definition::Alias(of),
            None => self.definition(place, self.types(place.user).target(id))?,
        };
        let new = self.surface.types.add(definition);
        let mut path = ItemPath::item(Side::Import, &self.names[place.import]);
        path.steps.extend(place.steps.iter().cloned());
        self.surface.types.set_name(new, path);
        self.named.insert((place.import, place.steps.clone()), new);
        self.written.insert((place.user, id), new);
        Ok(new)
    }

    /// The type that a named type is an alias of, if an import of the whole has named that one before.
    fn taken_over(&mut self, place: &Place, id: TypeId) -> Result<Option<TypeId>, Problem> {
        let types = self.types(place.user);
        let mut of = id;
        while let Definition::Alias(next) = types.get(of) {
            of = *next;
            if let Some(known) = self.named_by_import(place, of) {
                return Ok(Some(known));
            }
        }
        let resource = types.resource(id).filter(|resource| !self.bound.contains(&(place.user, *resource)));
        match resource.map(|resource| &self.users.wiring.origins[place.user.0][resource.0 as usize]) {
            Some(Origin::Host { import, steps }) if (*import, steps) != (place.import, &place.steps) => {
                Ok(self.named.get(&(*import, steps.clone())).copied())
            }
            Some(Origin::Instance(maker)) => Err(self.inner_resource(place, *maker)),
            Some(Origin::Host { .. }) | None => Ok(None),
        }
    }

    /// What an import of the whole calls a type of a user, if one does.
    fn named_by_import(&self, place: &Place, id: TypeId) -> Option<TypeId> {
        let import = self.hosts.naming(self.users, place.user, id)?;
        let path = self.types(place.user).name(id)?;
        self.named.get(&(import, path.steps[1..].to_vec())).copied()
    }

    /// A type as a function or another type refers to it: by name where an import names it, else by its definition.
    fn reference(&mut self, place: &Place, id: TypeId) -> Result<TypeId, Problem> {
        let types = self.types(place.user);
        let (mut of, mut name) = (id, None);
        let new = loop {
            if let Some(known) = self.written.get(&(place.user, of)) {
                break *known;
            }
            if let Some(known) = self.named_by_import(place, of) {
                break known;
            }
            name = types.name(of).and_then(|path| path.steps.last()).or(name);
            if let Definition::Alias(next) = types.get(of) {
                of = *next;
            } else if let Definition::Resource(_) = types.get(of) {
                let known = self.taken_over(place, of)?;
                break known.ok_or_else(|| self.inner_resource(place, place.user))?;
            } else {
                let definition = self.definition(place, of)?;
                break self.unnamed(definition, name.map(ToString::to_string));
            }
        };
        self.written.insert((place.user, id), new);
        Ok(new)
    }

    /// A type that no import of an instance names, with the name that it has inside.
    fn unnamed(&mut self, definition: Definition, name: Option<String>) -> TypeId {
        let name = name.filter(|_| definition.must_be_named());
        let key = (name, definition);
        if let Some(known) = self.unnamed.get(&key) {
            return *known;
        }
        let new = self.surface.types.add(key.1.clone());
        if let Some(name) = &key.0 {
            self.import_type(name, new);
        }
        self.unnamed.insert(key, new);
        new
    }

    /// Makes an import of its own of a type that what is left to the host uses, and that is named inside only: engines want
    /// a name for it. It brings nothing in: whoever provides an interface that has it, its values are the same.
    fn import_type(&mut self, name: &str, id: TypeId) {
        let others = (2..).map(|count| format!("{name}-{count}"));
        let mut names = iter::once(name.to_owned()).chain(others);
        let name =
            names.find(|name| self.taken.insert(folded(name))).expect("there are more names than types");
        self.surface.types.set_name(id, ItemPath::item(Side::Import, &name));
        self.surface.imports.insert(name, Item::plain(ItemKind::Type(id)));
    }

    fn definition(&mut self, place: &Place, id: TypeId) -> Result<Definition, Problem> {
        Ok(match self.types(place.user).get(id).clone() {
            Definition::Record(fields) => {
                let field = |(name, value): (String, ValueType)| Ok((name, self.value(place, value)?));
                Definition::Record(fields.into_iter().map(field).collect::<Result<_, Problem>>()?)
            }
            Definition::Variant(cases) => {
                let case =
                    |(name, value): (String, Option<ValueType>)| Ok((name, self.optional(place, value)?));
                Definition::Variant(cases.into_iter().map(case).collect::<Result<_, Problem>>()?)
            }
            Definition::Tuple(elements) => {
                let element = |value: ValueType| self.value(place, value);
                Definition::Tuple(elements.into_iter().map(element).collect::<Result<_, Problem>>()?)
            }
            Definition::List(element) => Definition::List(self.value(place, element)?),
            Definition::FixedLengthList(element, length) => {
                Definition::FixedLengthList(self.value(place, element)?, length)
            }
            Definition::Map(key, value) => {
                Definition::Map(self.value(place, key)?, self.value(place, value)?)
            }
            Definition::Option(value) => Definition::Option(self.value(place, value)?),
            Definition::Result { ok, err } => {
                Definition::Result { ok: self.optional(place, ok)?, err: self.optional(place, err)? }
            }
            Definition::Own(resource) => Definition::Own(self.reference(place, resource)?),
            Definition::Borrow(resource) => Definition::Borrow(self.reference(place, resource)?),
            Definition::Future(payload) => Definition::Future(self.optional(place, payload)?),
            Definition::Stream(payload) => Definition::Stream(self.optional(place, payload)?),
            Definition::Resource(_) => Definition::Resource(self.surface.types.add_resource()),
            Definition::Alias(of) => Definition::Alias(self.reference(place, of)?),
            leaf @ (Definition::Primitive(_)
            | Definition::Flags(_)
            | Definition::Enum(_)
            | Definition::Opaque(_)) => leaf,
        })
    }

    fn types(&self, user: InstanceId) -> &'a TypeTable {
        self.users.types(user)
    }

    fn inner_resource(&self, place: &Place, maker: InstanceId) -> Problem {
        Problem::Inner(InnerResource { port: self.users.port(place.import, place.user).clone(), maker })
    }
}
