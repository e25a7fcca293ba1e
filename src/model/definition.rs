//! The types of one component: a table of definitions, each with its own id.
//!
//! Ids keep the difference between a type and a name given to it again: an export or a `use` makes a new id whose
//! definition is an [`Definition::Alias`]. That is what WIT's `use` is in a binary, and it must survive linking.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ItemPath;

/// A type of one component: an index into its [`TypeTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub(crate) u32);

/// A resource type of one component: an index into the resources of its [`TypeTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(pub(crate) u32);

/// The primitive value types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // each is called as in the specification
pub enum Primitive {
    Bool,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
    Char,
    String,
    ErrorContext,
}

impl Primitive {
    /// The type as WIT writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::S8 => "s8",
            Self::U8 => "u8",
            Self::S16 => "s16",
            Self::U16 => "u16",
            Self::S32 => "s32",
            Self::U32 => "u32",
            Self::S64 => "s64",
            Self::U64 => "u64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Char => "char",
            Self::String => "string",
            Self::ErrorContext => "error-context",
        }
    }
}

/// The type of a value: a primitive, or a definition of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// A primitive.
    Primitive(Primitive),
    /// A defined type.
    Defined(TypeId),
}

/// One definition (Explainer.md, "type definitions").
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // each is called as in the specification
pub enum Definition {
    Primitive(Primitive),
    Record(Vec<(String, ValueType)>),
    Variant(Vec<(String, Option<ValueType>)>),
    List(ValueType),
    FixedLengthList(ValueType, u32),
    Map(ValueType, ValueType),
    Tuple(Vec<ValueType>),
    Flags(Vec<String>),
    Enum(Vec<String>),
    Option(ValueType),
    Result {
        ok: Option<ValueType>,
        err: Option<ValueType>,
    },
    /// A handle; the id leads to a resource, perhaps through aliases.
    Own(TypeId),
    /// A borrowed handle; the id leads to a resource, perhaps through aliases.
    Borrow(TypeId),
    Future(Option<ValueType>),
    Stream(Option<ValueType>),
    Resource(ResourceId),
    /// The type of a function, an instance or a component, given a name: shown, compared by name, never taken apart.
    Opaque(&'static str),
    /// A name given again to a type: by an export, an import or a `use`.
    Alias(TypeId),
}

impl Definition {
    /// Whether what a component imports and exports can have such a type only where an import or an export names it
    /// (Explainer.md, "import and export definitions").
    pub fn must_be_named(&self) -> bool {
        match self {
            Self::Record(_) | Self::Variant(_) | Self::Flags(_) | Self::Enum(_) | Self::Resource(_) => true,
            Self::Primitive(_)
            | Self::List(_)
            | Self::FixedLengthList(..)
            | Self::Map(..)
            | Self::Tuple(_)
            | Self::Option(_)
            | Self::Result { .. }
            | Self::Own(_)
            | Self::Borrow(_)
            | Self::Future(_)
            | Self::Stream(_)
            | Self::Opaque(_)
            | Self::Alias(_) => false,
        }
    }

    /// The types of the values in a value of this type.
    pub fn values(&self) -> Vec<ValueType> {
        match self {
            Self::Record(fields) => fields.iter().map(|(_, value)| *value).collect(),
            Self::Variant(cases) => cases.iter().filter_map(|(_, value)| *value).collect(),
            Self::Tuple(values) => values.clone(),
            Self::List(value) | Self::FixedLengthList(value, _) | Self::Option(value) => vec![*value],
            Self::Map(key, value) => vec![*key, *value],
            Self::Result { ok, err } => [*ok, *err].into_iter().flatten().collect(),
            Self::Future(payload) | Self::Stream(payload) => payload.iter().copied().collect(),
            Self::Primitive(_)
            | Self::Flags(_)
            | Self::Enum(_)
            | Self::Own(_)
            | Self::Borrow(_)
            | Self::Resource(_)
            | Self::Alias(_)
            | Self::Opaque(_) => Vec::new(),
        }
    }

    /// The types that this one refers to by their ids: those that it is made of, or the one that it is another name of.
    pub fn refers_to(&self) -> Vec<TypeId> {
        if let Self::Own(id) | Self::Borrow(id) | Self::Alias(id) = self {
            return vec![*id];
        }
        let id = |value| match value {
            ValueType::Defined(id) => Some(id),
            ValueType::Primitive(_) => None,
        };
        self.values().into_iter().filter_map(id).collect()
    }
}

/// All types of one component. Copies share what they hold until one of them gets more.
#[derive(Clone, Debug, Default)]
pub struct TypeTable(Arc<Types>);

#[derive(Clone, Debug, Default)]
struct Types {
    definitions: Vec<Definition>,
    names: Vec<Option<ItemPath>>,
    /// For each resource type the id that it was added as, if it was.
    resources: Vec<Option<TypeId>>,
}

impl TypeTable {
    /// Adds a definition.
    pub fn add(&mut self, definition: Definition) -> TypeId {
        let types = Arc::make_mut(&mut self.0);
        let id = TypeId(u32::try_from(types.definitions.len()).expect("no component has 2^32 types"));
        if let Definition::Resource(resource) = definition
            && let Some(first) = types.resources.get_mut(resource.0 as usize)
        {
            first.get_or_insert(id);
        }
        types.definitions.push(definition);
        types.names.push(None);
        id
    }

    /// Adds a resource type that is distinct from all others.
    pub fn add_resource(&mut self) -> ResourceId {
        let types = Arc::make_mut(&mut self.0);
        types.resources.push(None);
        ResourceId(u32::try_from(types.resources.len() - 1).expect("no component has 2^32 types"))
    }

    /// How many resource types there are; their ids count from 0.
    pub fn resource_count(&self) -> usize {
        self.0.resources.len()
    }

    /// All resource ids.
    pub fn resources(&self) -> impl Iterator<Item = ResourceId> + use<> {
        (0..u32::try_from(self.0.resources.len()).unwrap_or(u32::MAX)).map(ResourceId)
    }

    /// The definition of an id of this table.
    ///
    /// # Panics
    /// When the id belongs to another table.
    pub fn get(&self, id: TypeId) -> &Definition {
        &self.0.definitions[id.0 as usize]
    }

    /// The definition behind all aliases.
    pub fn resolve(&self, id: TypeId) -> &Definition {
        self.get(self.target(id))
    }

    /// The id behind all aliases.
    pub fn target(&self, mut id: TypeId) -> TypeId {
        while let Definition::Alias(of) = self.get(id) {
            id = *of;
        }
        id
    }

    /// Whether a value of a type can hold a handle, at any depth.
    pub fn holds_handle(&self, value: ValueType) -> bool {
        let (mut seen, mut left) = (BTreeSet::new(), vec![value]);
        while let Some(value) = left.pop() {
            let id = match value {
                ValueType::Primitive(Primitive::ErrorContext) => return true,
                ValueType::Primitive(_) => continue,
                ValueType::Defined(id) => id,
            };
            if !seen.insert(id) {
                continue;
            }
            let definition = self.resolve(id);
            // Streams, futures and contexts of errors are handles as well.
            if let Definition::Primitive(Primitive::ErrorContext)
            | Definition::Own(_)
            | Definition::Borrow(_)
            | Definition::Future(_)
            | Definition::Stream(_) = definition
            {
                return true;
            }
            left.extend(definition.values());
        }
        false
    }

    /// The resource that an id leads to, if it leads to one.
    pub fn resource(&self, id: TypeId) -> Option<ResourceId> {
        let Definition::Resource(resource) = self.resolve(id) else { return None };
        Some(*resource)
    }

    /// Records where an id got its name: the import or export of this very id. The first name stays.
    pub fn set_name(&mut self, id: TypeId, path: ItemPath) {
        Arc::make_mut(&mut self.0).names[id.0 as usize].get_or_insert(path);
    }

    /// Where an id got its name, if it has one.
    pub fn name(&self, id: TypeId) -> Option<&ItemPath> {
        self.0.names[id.0 as usize].as_ref()
    }

    /// Where a resource got its name, if it is known by the one that it was made with.
    pub fn resource_name(&self, resource: ResourceId) -> Option<&ItemPath> {
        self.name((*self.0.resources.get(resource.0 as usize)?)?)
    }
}
