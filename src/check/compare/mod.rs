//! Compares an export with the import that it should satisfy, and collects every difference.
//!
//! The rules are those of today's runtimes: an instance may offer more than is asked for, value and function types must
//! be equal to the name. Which resource is which is not decided here: each pair of resources that must be one is
//! handed on, and `origin/` solves them over the whole graph.

mod closed;
mod mismatch;

pub use self::mismatch::{Difference, Mismatch};

use std::collections::HashSet;

use crate::model::{
    Definition, FunctionType, Item, ItemKind, ItemPath, Items, Primitive, ResourceId, Step, Surface, TypeId,
    TypeTable, ValueType, value_type_name,
};

/// Two resources that must be one and the same for an export to satisfy an import.
#[derive(Clone, Debug)]
pub(super) struct ResourcePair {
    /// The resource on the side of the import.
    pub(super) expected: ResourceId,
    /// The resource on the side of the export.
    pub(super) found: ResourceId,
    /// Where the import names it.
    pub(super) path: ItemPath,
}

/// What a comparison found.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub(super) mismatches: Vec<Mismatch>,
    pub(super) resources: Vec<ResourcePair>,
}

/// One side of a comparison: an item of a surface.
#[derive(Clone, Copy)]
pub(super) struct Operand<'a> {
    pub(super) surface: &'a Surface,
    pub(super) item: &'a Item,
}

/// Compares `found`, at `found_at`, with `expected`, at `expected_at`.
pub(super) fn compare(
    expected: Operand<'_>,
    expected_at: ItemPath,
    found: Operand<'_>,
    found_at: ItemPath,
) -> Comparison {
    let mut comparer = Comparer::new(expected.surface, found.surface);
    let cursor = Cursor::new(&expected_at, &found_at);
    comparer.item(&cursor, expected.item, found.item);
    comparer.result
}

/// Compares only these members of two instances, in this order; of other items, the whole.
pub(super) fn compare_members(
    expected: Operand<'_>,
    expected_at: ItemPath,
    found: Operand<'_>,
    found_at: ItemPath,
    names: &[&str],
) -> Comparison {
    let mut comparer = Comparer::new(expected.surface, found.surface);
    let cursor = Cursor::new(&expected_at, &found_at);
    match (&expected.item.kind, &found.item.kind) {
        (ItemKind::Instance(expected), ItemKind::Instance(found)) => {
            for name in names {
                if let (Some(item), Some(found)) = (expected.exports.get(*name), found.exports.get(*name)) {
                    comparer.item(&cursor.then(&|| Step::Item((*name).to_owned())), item, found);
                }
            }
        }
        _ => comparer.item(&cursor, expected.item, found.item),
    }
    comparer.result
}

/// Where the comparison stands: the logical path, and the place in the text of each side.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'c> {
    pub(super) path: Trail<'c>,
    expected_at: Trail<'c>,
    found_at: Trail<'c>,
}

/// A path that is written out only where something is found: most comparisons find nothing.
#[derive(Clone, Copy)]
pub(super) enum Trail<'c> {
    Start(&'c ItemPath),
    Then(&'c Trail<'c>, &'c dyn Fn() -> Step),
}

impl Trail<'_> {
    pub(super) fn path(&self) -> ItemPath {
        match self {
            Self::Start(path) => (*path).clone(),
            Self::Then(before, step) => {
                let mut path = before.path();
                path.steps.push(step());
                path
            }
        }
    }
}

impl<'c> Cursor<'c> {
    fn new(expected_at: &'c ItemPath, found_at: &'c ItemPath) -> Self {
        Self {
            path: Trail::Start(expected_at),
            expected_at: Trail::Start(expected_at),
            found_at: Trail::Start(found_at),
        }
    }

    pub(super) fn then<'n>(&'n self, step: &'n dyn Fn() -> Step) -> Cursor<'n> {
        Cursor {
            path: Trail::Then(&self.path, step),
            expected_at: Trail::Then(&self.expected_at, step),
            found_at: Trail::Then(&self.found_at, step),
        }
    }
}

pub(super) struct Comparer<'a> {
    pub(super) expected: &'a TypeTable,
    pub(super) found: &'a TypeTable,
    /// Pairs that were compared before; a type that is used often is reported once.
    pub(super) compared: HashSet<(TypeId, TypeId)>,
    /// Pairs of resources that were handed on before.
    pub(super) united: HashSet<(ResourceId, ResourceId)>,
    pub(super) result: Comparison,
}

impl<'a> Comparer<'a> {
    fn new(expected: &'a Surface, found: &'a Surface) -> Self {
        Self {
            expected: &expected.types,
            found: &found.types,
            compared: HashSet::new(),
            united: HashSet::new(),
            result: Comparison::default(),
        }
    }

    pub(super) fn differ(&mut self, at: &Cursor<'_>, difference: Difference) {
        self.result.mismatches.push(Mismatch {
            path: at.path.path(),
            expected_at: at.expected_at.path(),
            found_at: at.found_at.path(),
            difference,
        });
    }

    pub(super) fn item(&mut self, at: &Cursor<'_>, expected: &Item, found: &Item) {
        match (&expected.kind, &found.kind) {
            (ItemKind::Function(expected), ItemKind::Function(found)) => self.function(at, expected, found),
            (ItemKind::Value(expected), ItemKind::Value(found)) => self.value(at, *expected, *found),
            (ItemKind::Type(expected), ItemKind::Type(found)) => self.named_type(at, *expected, *found),
            (ItemKind::Instance(expected), ItemKind::Instance(found)) => {
                self.members(at, &expected.exports, &found.exports);
            }
            (ItemKind::Component(expected), ItemKind::Component(found)) => {
                self.component(at, expected, found)
            }
            (ItemKind::CoreModule(expected), ItemKind::CoreModule(found)) => {
                self.core_module(at, expected, found)
            }
            (expected, found) => {
                self.differ(at, Difference::Kind { expected: expected.noun(), found: found.noun() });
            }
        }
    }

    /// Each member that is expected must be there; more may be.
    pub(super) fn members(&mut self, at: &Cursor<'_>, expected: &Items, found: &Items) {
        for (name, item) in expected {
            let step = || Step::Item(name.clone());
            let at = at.then(&step);
            match found.get(name) {
                Some(found) => self.item(&at, item, found),
                None => self.differ(&at, Difference::Missing { noun: item.kind.noun() }),
            }
        }
    }

    fn named_type(&mut self, at: &Cursor<'_>, expected: TypeId, found: TypeId) {
        match (self.expected.resource(expected), self.found.resource(found)) {
            (Some(expected), Some(found)) => {
                if self.united.insert((expected, found)) {
                    let path = at.path.path();
                    self.result.resources.push(ResourcePair { expected, found, path });
                }
            }
            (None, None) => self.defined(at, expected, found),
            (expected, _) => {
                let noun = |is_resource| if is_resource { "resource" } else { "value type" };
                let expected = expected.is_some();
                self.differ(at, Difference::Kind { expected: noun(expected), found: noun(!expected) });
            }
        }
    }

    fn function(&mut self, at: &Cursor<'_>, expected: &FunctionType, found: &FunctionType) {
        if expected.is_async != found.is_async {
            self.differ(at, Difference::Async { expected: expected.is_async });
        }
        if self.names(at, "parameters", expected.parameters.iter(), found.parameters.iter(), |(name, _)| name)
        {
            for ((name, expected), (_, found)) in expected.parameters.iter().zip(&found.parameters) {
                self.value(&at.then(&|| Step::Parameter(name.clone())), *expected, *found);
            }
        }
        match (expected.result, found.result) {
            (Some(expected), Some(found)) => self.value(&at.then(&|| Step::Result), expected, found),
            (None, None) => {}
            (expected, _) => self.differ(at, Difference::Result { expected: expected.is_some() }),
        }
    }

    /// Whether the names agree, in order; reports it if not.
    fn names<'n, T: 'n>(
        &mut self,
        at: &Cursor<'_>,
        noun: &'static str,
        expected: impl Iterator<Item = &'n T> + Clone,
        found: impl Iterator<Item = &'n T> + Clone,
        name: impl Fn(&T) -> &String,
    ) -> bool {
        if expected.clone().map(&name).eq(found.clone().map(&name)) {
            return true;
        }
        let expected = expected.map(|member| name(member).clone()).collect();
        let found = found.map(|member| name(member).clone()).collect();
        self.differ(at, Difference::Names { noun, expected, found });
        false
    }

    fn value(&mut self, at: &Cursor<'_>, expected: ValueType, found: ValueType) {
        match (expected, found) {
            (ValueType::Defined(expected), ValueType::Defined(found)) => self.defined(at, expected, found),
            (expected, found) => {
                let same = matches!(
                    (primitive(self.expected, expected), primitive(self.found, found)),
                    (Some(expected), Some(found)) if expected == found
                );
                if !same {
                    self.differ_in_type(at, expected, found);
                }
            }
        }
    }

    fn differ_in_type(&mut self, at: &Cursor<'_>, expected: ValueType, found: ValueType) {
        let expected = value_type_name(self.expected, expected);
        let found = value_type_name(self.found, found);
        self.differ(at, Difference::Type { expected, found });
    }

    /// What a case of a variant holds.
    fn payload(
        &mut self,
        at: &Cursor<'_>,
        name: &str,
        expected: Option<ValueType>,
        found: Option<ValueType>,
    ) {
        if let (Some(expected), Some(found)) = (expected, found) {
            self.value(at, expected, found);
        } else if expected.is_some() || found.is_some() {
            let case = |types, payload: Option<ValueType>| {
                payload.map_or(name.to_owned(), |it| format!("{name}({})", value_type_name(types, it)))
            };
            let (expected, found) = (case(self.expected, expected), case(self.found, found));
            self.differ(at, Difference::Type { expected, found });
        }
    }

    fn optional(
        &mut self,
        at: &Cursor<'_>,
        whole: (TypeId, TypeId),
        expected: Option<ValueType>,
        found: Option<ValueType>,
    ) {
        match (expected, found) {
            (Some(expected), Some(found)) => self.value(at, expected, found),
            (None, None) => {}
            _ => self.differ_in_type(at, ValueType::Defined(whole.0), ValueType::Defined(whole.1)),
        }
    }

    fn defined(&mut self, at: &Cursor<'_>, expected: TypeId, found: TypeId) {
        let mut at = *at;
        let whole = (expected, found);
        let expected = enter(self.expected, expected, &mut at.expected_at);
        let found = enter(self.found, found, &mut at.found_at);
        if !self.compared.insert((expected, found)) {
            return;
        }
        match (self.expected.get(expected), self.found.get(found)) {
            (Definition::Record(expected), Definition::Record(found)) => {
                if self.names(&at, "fields", expected.iter(), found.iter(), |(name, _)| name) {
                    for ((name, expected), (_, found)) in expected.iter().zip(found) {
                        self.value(&at.then(&|| Step::Field(name.clone())), *expected, *found);
                    }
                }
            }
            (Definition::Variant(expected), Definition::Variant(found)) => {
                if self.names(&at, "cases", expected.iter(), found.iter(), |(name, _)| name) {
                    for ((name, expected), (_, found)) in expected.iter().zip(found) {
                        self.payload(&at.then(&|| Step::Case(name.clone())), name, *expected, *found);
                    }
                }
            }
            (Definition::Enum(expected), Definition::Enum(found)) => {
                self.names(&at, "cases", expected.iter(), found.iter(), |name| name);
            }
            (Definition::Flags(expected), Definition::Flags(found)) => {
                self.names(&at, "flags", expected.iter(), found.iter(), |name| name);
            }
            (Definition::Tuple(expected), Definition::Tuple(found)) if expected.len() == found.len() => {
                for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                    self.value(&at.then(&|| Step::Position(index)), *expected, *found);
                }
            }
            (Definition::Own(expected), Definition::Own(found))
            | (Definition::Borrow(expected), Definition::Borrow(found)) => {
                self.named_type(&at, *expected, *found)
            }
            (expected, found) => self.payloads(&at, whole, expected, found),
        }
    }

    /// The types that are nothing but a constructor around one or two others.
    fn payloads(
        &mut self,
        at: &Cursor<'_>,
        whole: (TypeId, TypeId),
        expected: &Definition,
        found: &Definition,
    ) {
        use Definition as D;
        match (expected, found) {
            (D::List(expected), D::List(found)) | (D::Option(expected), D::Option(found)) => {
                self.value(&at.then(&|| Step::Element), *expected, *found);
            }
            (D::FixedLengthList(expected, length), D::FixedLengthList(found, other)) if length == other => {
                self.value(&at.then(&|| Step::Element), *expected, *found);
            }
            (D::Map(key, value), D::Map(found_key, found_value)) => {
                self.value(&at.then(&|| Step::Key), *key, *found_key);
                self.value(&at.then(&|| Step::Value), *value, *found_value);
            }
            (D::Result { ok, err }, D::Result { ok: found_ok, err: found_err }) => {
                self.optional(&at.then(&|| Step::Ok), whole, *ok, *found_ok);
                self.optional(&at.then(&|| Step::Err), whole, *err, *found_err);
            }
            (D::Future(expected), D::Future(found)) | (D::Stream(expected), D::Stream(found)) => {
                self.optional(&at.then(&|| Step::Element), whole, *expected, *found);
            }
            (D::Primitive(expected), D::Primitive(found)) if expected == found => {}
            (D::Opaque(expected), D::Opaque(found)) if expected == found => {}
            _ => self.differ_in_type(at, ValueType::Defined(whole.0), ValueType::Defined(whole.1)),
        }
    }
}

/// Goes through all aliases; a named type on the way becomes the place that a reader is sent to.
fn enter<'c>(types: &'c TypeTable, mut id: TypeId, place: &mut Trail<'c>) -> TypeId {
    loop {
        if let Some(name) = types.name(id) {
            *place = Trail::Start(name);
        }
        let Definition::Alias(of) = types.get(id) else { return id };
        id = *of;
    }
}

fn primitive(types: &TypeTable, value: ValueType) -> Option<Primitive> {
    match value {
        ValueType::Primitive(primitive) => Some(primitive),
        ValueType::Defined(id) => {
            let Definition::Primitive(primitive) = types.resolve(id) else { return None };
            Some(*primitive)
        }
    }
}
