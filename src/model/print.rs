//! Prints a surface as WIT, and remembers where each item landed, so that a binary has lines to point at.
//!
//! Differs from what `witc wit` shows: that is a WIT package to be read by tools; this is text to be pointed into, and
//! it can show what WIT cannot say (core modules, values, nested components).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use super::{
    Definition, FunctionName, FunctionType, Item, ItemKind, ItemPath, Items, Side, Step, Surface, TypeId,
    TypeTable, ValueType,
};

/// A surface as text.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    /// The text.
    pub text: String,
    spans: BTreeMap<ItemPath, Range<usize>>,
}

impl Printed {
    /// Where a path is in the text: 0-based byte offsets, half-open. A path that goes deeper than the text gets the
    /// nearest place around it.
    pub fn span(&self, path: &ItemPath) -> Range<usize> {
        let mut path = path.clone();
        loop {
            if let Some(span) = self.spans.get(&path) {
                return span.clone();
            }
            match path.parent() {
                Some(parent) => path = parent,
                None => return 0..0,
            }
        }
    }
}

impl Printed {
    /// The whole item that a path is in, as text: a record with its fields, a function; of an instance only its first line.
    pub fn item(&self, path: &ItemPath) -> &str {
        let names = path.steps.iter().take_while(|step| matches!(step, Step::Item(_))).count();
        let item = ItemPath { side: path.side, steps: path.steps[..names].to_vec() };
        let mut range = self.span(&item);
        let parts = self
            .spans
            .range(item.clone()..)
            .take_while(|(part, _)| part.side == item.side && part.steps.starts_with(&item.steps));
        for (part, place) in parts {
            if !matches!(part.steps.get(names), Some(Step::Item(_))) {
                range.end = range.end.max(place.end);
            }
        }
        &self.text[range]
    }
}

/// Prints a whole surface.
pub fn print(surface: &Surface) -> Printed {
    let mut printer = Printer { types: &surface.types, out: Printed::default(), indent: 0 };
    for side in [Side::Import, Side::Export] {
        for (name, item) in surface.side(side) {
            printer.top(side, name, item);
        }
    }
    printer.out
}

/// A value type as WIT writes it, in one line.
pub fn value_type_name(types: &TypeTable, value: ValueType) -> String {
    let mut text = String::new();
    write_value(types, value, &mut text);
    text
}

/// The functions of an instance that belong to one of its resources, by resource.
type Methods<'i> = BTreeMap<&'i str, Vec<(&'i String, &'i Item)>>;

struct Printer<'a> {
    types: &'a TypeTable,
    out: Printed,
    indent: usize,
}

impl Printer<'_> {
    fn top(&mut self, side: Side, name: &str, item: &Item) {
        if !self.out.text.is_empty() {
            self.out.text.push('\n');
        }
        if let Some(id) = &item.external_id {
            let _ = writeln!(self.out.text, "@external-id({id:?})");
        }
        self.out.text.push_str(match side {
            Side::Import => "import ",
            Side::Export => "export ",
        });
        self.item(&ItemPath::item(side, name), name, item);
    }

    /// One item, from its name to the end of its line or block.
    fn item(&mut self, path: &ItemPath, name: &str, item: &Item) {
        let start = self.out.text.len();
        match &item.kind {
            ItemKind::Function(function) => {
                self.out.text.push_str(name);
                self.out.text.push_str(": ");
                self.function(path, function, 0);
                self.mark(path, start);
                self.out.text.push_str(";\n");
            }
            ItemKind::Type(id) => self.type_item(path, name, *id, None),
            ItemKind::Value(value) => {
                let _ = write!(self.out.text, "{name}: value {}", value_type_name(self.types, *value));
                self.mark(path, start);
                self.out.text.push_str(";\n");
            }
            ItemKind::Instance(instance) => {
                self.out.text.push_str(&item.full_name(name));
                if let Some(interface) = &item.implements {
                    let _ = write!(self.out.text, ": {interface}");
                }
                self.mark(path, start);
                self.block(path, &instance.exports);
            }
            ItemKind::Component(component) => {
                let _ = write!(self.out.text, "{name}: component");
                self.mark(path, start);
                self.nested_component(component);
            }
            ItemKind::CoreModule(module) => {
                let _ = write!(self.out.text, "{name}: core module");
                self.mark(path, start);
                let (imports, exports) = (module.imports.len(), module.exports.len());
                let _ = writeln!(self.out.text, "; // imports: {imports}, exports: {exports}");
            }
        }
    }

    fn nested_component(&mut self, component: &super::ComponentType) {
        self.out.text.push_str(" {\n");
        self.indent += 1;
        for (word, items) in [("import", &component.imports), ("export", &component.exports)] {
            for (name, item) in items {
                self.pad();
                let _ = writeln!(self.out.text, "{word} {name}: {};", item.kind.noun());
            }
        }
        self.indent -= 1;
        self.pad();
        self.out.text.push_str("}\n");
    }

    fn block(&mut self, path: &ItemPath, items: &Items) {
        self.out.text.push_str(" {\n");
        self.indent += 1;
        let mut methods = Methods::new();
        let mut others = Vec::new();
        for (name, item) in items {
            let resource = FunctionName::parse(name).resource();
            match resource.filter(|resource| items.contains_key(*resource)) {
                Some(resource) => methods.entry(resource).or_default().push((name, item)),
                None => others.push((name, item)),
            }
        }
        for (name, item) in others {
            self.pad();
            let here = path.then(Step::Item(name.clone()));
            if let ItemKind::Type(id) = &item.kind {
                self.type_item(&here, name, *id, Some((path, &methods)));
            } else {
                self.item(&here, name, item);
            }
        }
        self.indent -= 1;
        self.pad();
        self.out.text.push_str("}\n");
    }

    fn type_item(&mut self, path: &ItemPath, name: &str, id: TypeId, within: Option<(&ItemPath, &Methods)>) {
        let start = self.out.text.len();
        if let Some(origin) = self.used_from(path, id) {
            self.out.text.push_str(&origin);
            self.mark(path, start);
            self.out.text.push_str(";\n");
            return;
        }
        match self.types.resolve(id).clone() {
            Definition::Resource(_) => self.resource(path, name, within),
            Definition::Record(fields) => {
                self.members(path, "record", name, &fields, |(field, value), types| {
                    (Step::Field(field.clone()), format!("{field}: {}", value_type_name(types, *value)))
                })
            }
            Definition::Variant(cases) => {
                self.members(path, "variant", name, &cases, |(case, payload), types| {
                    let payload = payload.map(|value| format!("({})", value_type_name(types, value)));
                    (Step::Case(case.clone()), format!("{case}{}", payload.unwrap_or_default()))
                })
            }
            Definition::Enum(cases) => {
                self.members(path, "enum", name, &cases, |case, _| (Step::Case(case.clone()), case.clone()));
            }
            Definition::Flags(flags) => {
                self.members(path, "flags", name, &flags, |flag, _| (Step::Case(flag.clone()), flag.clone()));
            }
            Definition::Primitive(_)
            | Definition::List(_)
            | Definition::FixedLengthList(..)
            | Definition::Map(..)
            | Definition::Tuple(_)
            | Definition::Option(_)
            | Definition::Result { .. }
            | Definition::Own(_)
            | Definition::Borrow(_)
            | Definition::Future(_)
            | Definition::Stream(_)
            | Definition::Opaque(_)
            | Definition::Alias(_) => {
                let mut text = String::new();
                write_definition(self.types, self.types.target(id), &mut text);
                let _ = write!(self.out.text, "type {name} = {text}");
                self.mark(path, start);
                self.out.text.push_str(";\n");
            }
        }
    }

    /// The `use` line of a type that was named elsewhere first.
    fn used_from(&self, path: &ItemPath, id: TypeId) -> Option<String> {
        let Definition::Alias(of) = self.types.get(id) else { return None };
        let origin = self.types.name(*of)?;
        let (here, there) = (path.last_name()?, origin.last_name()?);
        if origin.parent() == path.parent() {
            return Some(format!("type {here} = {there}"));
        }
        let rename = if here == there { String::new() } else { format!(" as {here}") };
        Some(format!("use {}.{{{there}{rename}}}", origin.extern_name()?))
    }

    fn resource(&mut self, path: &ItemPath, name: &str, within: Option<(&ItemPath, &Methods)>) {
        let start = self.out.text.len();
        let _ = write!(self.out.text, "resource {name}");
        self.mark(path, start);
        let Some((parent, methods)) = within.and_then(|(path, methods)| Some((path, methods.get(name)?)))
        else {
            self.out.text.push_str(";\n");
            return;
        };
        self.out.text.push_str(" {\n");
        self.indent += 1;
        for (full_name, item) in methods {
            if let ItemKind::Function(function) = &item.kind {
                self.pad();
                self.method(&parent.then(Step::Item((*full_name).clone())), full_name, function);
            }
        }
        self.indent -= 1;
        self.pad();
        self.out.text.push_str("}\n");
    }

    fn method(&mut self, path: &ItemPath, full_name: &str, function: &FunctionType) {
        let start = self.out.text.len();
        match FunctionName::parse(full_name) {
            FunctionName::Constructor(_) => {
                self.out.text.push_str("constructor");
                self.parameters(path, function, 0);
            }
            FunctionName::Method(_, name) => {
                let _ = write!(self.out.text, "{name}: ");
                self.function(path, function, 1);
            }
            FunctionName::Static(_, name) => {
                let _ = write!(self.out.text, "{name}: static ");
                self.function(path, function, 0);
            }
            FunctionName::Free(name) => {
                let _ = write!(self.out.text, "{name}: ");
                self.function(path, function, 0);
            }
        }
        self.mark(path, start);
        self.out.text.push_str(";\n");
    }

    fn function(&mut self, path: &ItemPath, function: &FunctionType, skip: usize) {
        self.out.text.push_str(if function.is_async { "async func" } else { "func" });
        self.parameters(path, function, skip);
        if let Some(result) = function.result {
            self.out.text.push_str(" -> ");
            let start = self.out.text.len();
            self.out.text.push_str(&value_type_name(self.types, result));
            self.mark(&path.then(Step::Result), start);
        }
    }

    fn parameters(&mut self, path: &ItemPath, function: &FunctionType, skip: usize) {
        self.out.text.push('(');
        for (index, (name, value)) in function.parameters.iter().skip(skip).enumerate() {
            if index > 0 {
                self.out.text.push_str(", ");
            }
            let start = self.out.text.len();
            let _ = write!(self.out.text, "{name}: {}", value_type_name(self.types, *value));
            self.mark(&path.then(Step::Parameter(name.clone())), start);
        }
        self.out.text.push(')');
    }

    fn members<T>(
        &mut self,
        path: &ItemPath,
        keyword: &str,
        name: &str,
        members: &[T],
        show: impl Fn(&T, &TypeTable) -> (Step, String),
    ) {
        let start = self.out.text.len();
        let _ = write!(self.out.text, "{keyword} {name}");
        self.mark(path, start);
        self.out.text.push_str(" {\n");
        self.indent += 1;
        for member in members {
            self.pad();
            let start = self.out.text.len();
            let (step, text) = show(member, self.types);
            self.out.text.push_str(&text);
            self.mark(&path.then(step), start);
            self.out.text.push_str(",\n");
        }
        self.indent -= 1;
        self.pad();
        self.out.text.push_str("}\n");
    }

    fn pad(&mut self) {
        self.out.text.extend(std::iter::repeat_n("  ", self.indent));
    }

    fn mark(&mut self, path: &ItemPath, start: usize) {
        self.out.spans.insert(path.clone(), start..self.out.text.len());
    }
}

fn write_value(types: &TypeTable, value: ValueType, text: &mut String) {
    match value {
        ValueType::Primitive(primitive) => text.push_str(primitive.as_str()),
        ValueType::Defined(id) => write_reference(types, id, text),
    }
}

/// A type by its name where it has one, else by its definition.
fn write_reference(types: &TypeTable, mut id: TypeId, text: &mut String) {
    loop {
        match (types.name(id).and_then(ItemPath::last_name), types.get(id)) {
            (Some(name), _) => return text.push_str(name),
            (None, Definition::Alias(of)) => id = *of,
            (None, _) => return write_definition(types, id, text),
        }
    }
}

/// The length in bytes at which a type without a name is cut: written out, a few shared types can fill the memory.
const LONGEST_TYPE: usize = 1000;

/// Writes a list of things with commas between them, up to [`LONGEST_TYPE`].
fn write_list<T>(
    text: &mut String,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(T, &mut String),
) {
    for (index, item) in items.into_iter().enumerate() {
        text.push_str(if index > 0 { ", " } else { "" });
        if text.len() > LONGEST_TYPE {
            text.push('…');
            return;
        }
        write(item, text);
    }
}

fn write_definition(types: &TypeTable, id: TypeId, text: &mut String) {
    if text.len() > LONGEST_TYPE {
        return text.push('…');
    }
    let generic = |name: &str, values: &[Option<ValueType>], text: &mut String| {
        let _ = write!(text, "{name}<");
        write_list(text, values, |value, text| match value {
            Some(value) => write_value(types, *value, text),
            None => text.push('_'),
        });
        text.push('>');
    };
    let names = |keyword: &str, names: &[String], text: &mut String| {
        let _ = write!(text, "{keyword} {{ ");
        write_list(text, names, |name, text| text.push_str(name));
        text.push_str(" }");
    };
    match types.get(id) {
        Definition::Primitive(primitive) => text.push_str(primitive.as_str()),
        Definition::Record(fields) => {
            text.push_str("record { ");
            write_list(text, fields, |(name, value), text| {
                let _ = write!(text, "{name}: ");
                write_value(types, *value, text);
            });
            text.push_str(" }");
        }
        Definition::Variant(cases) => {
            text.push_str("variant { ");
            write_list(text, cases, |(name, payload), text| {
                text.push_str(name);
                if let Some(value) = payload {
                    text.push('(');
                    write_value(types, *value, text);
                    text.push(')');
                }
            });
            text.push_str(" }");
        }
        Definition::Enum(cases) => names("enum", cases, text),
        Definition::Flags(flags) => names("flags", flags, text),
        Definition::List(element) => generic("list", &[Some(*element)], text),
        Definition::FixedLengthList(element, length) => {
            text.push_str("list<");
            write_value(types, *element, text);
            let _ = write!(text, ", {length}>");
        }
        Definition::Map(key, value) => generic("map", &[Some(*key), Some(*value)], text),
        Definition::Tuple(elements) => {
            text.push_str("tuple<");
            write_list(text, elements, |element, text| write_value(types, *element, text));
            text.push('>');
        }
        Definition::Option(value) => generic("option", &[Some(*value)], text),
        Definition::Result { ok: None, err: None } => text.push_str("result"),
        Definition::Result { ok, err: None } => generic("result", &[*ok], text),
        Definition::Result { ok, err } => generic("result", &[*ok, *err], text),
        Definition::Own(resource) => write_reference(types, *resource, text),
        Definition::Borrow(resource) => {
            text.push_str("borrow<");
            write_reference(types, *resource, text);
            text.push('>');
        }
        Definition::Future(None) => text.push_str("future"),
        Definition::Future(payload) => generic("future", &[*payload], text),
        Definition::Stream(None) => text.push_str("stream"),
        Definition::Stream(payload) => generic("stream", &[*payload], text),
        Definition::Resource(_) => text.push_str("resource"),
        Definition::Opaque(noun) => text.push_str(noun),
        Definition::Alias(of) => write_reference(types, *of, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Primitive;

    #[test]
    fn a_shared_type_is_not_written_out_without_end() {
        let mut types = TypeTable::default();
        let mut id = types.add(Definition::Primitive(Primitive::U8));
        for _ in 0..60 {
            let value = ValueType::Defined(id);
            id = types.add(Definition::Tuple(vec![value, value]));
        }
        let text = value_type_name(&types, ValueType::Defined(id));
        assert!(text.starts_with("tuple<tuple<") && text.contains('…'), "{text}");
        assert!(text.len() < 2 * LONGEST_TYPE, "{}", text.len());
    }

    #[test]
    fn a_long_chain_of_aliases_is_followed() {
        let mut types = TypeTable::default();
        let mut id = types.add(Definition::Primitive(Primitive::U8));
        for _ in 0..1_000_000 {
            id = types.add(Definition::Alias(id));
        }
        assert_eq!(value_type_name(&types, ValueType::Defined(id)), "u8");
    }
}
