//! A shape that a value must have, as a schema says it: what is required, what may be there, of which type and form.
//!
//! Differs from `sarif.rs`, which reads a schema that is published as a package: those of these platforms are not.

use serde_json::Value;

/// What a value must be.
pub(super) enum Shape {
    /// Whatever the platform takes there; witc writes nothing there.
    Other,
    Text,
    /// A text of a form, which has a name.
    Form(&'static str, fn(&str) -> bool),
    /// One of these texts.
    One(&'static [&'static str]),
    /// A whole number that is not negative.
    Number,
    Flag,
    List(Box<Shape>),
    /// A list that is not empty.
    Filled(Box<Shape>),
    /// Any keys, all with values of one shape.
    Map(Box<Shape>),
    /// Keys of a form, all with values of one shape.
    Keyed(&'static str, fn(&str) -> bool, Box<Shape>),
    /// These keys and no others; those of the first list must be there.
    Table(Vec<(&'static str, Shape)>, Vec<(&'static str, Shape)>),
    /// One of several.
    Either(Vec<Shape>),
}

use Shape::{Either, Filled, Flag, Form, Keyed, List, Map, Number, One, Other, Table, Text};

pub(super) fn list(shape: Shape) -> Shape {
    List(Box::new(shape))
}

pub(super) fn filled(shape: Shape) -> Shape {
    Filled(Box::new(shape))
}

pub(super) fn map(shape: Shape) -> Shape {
    Map(Box::new(shape))
}

pub(super) fn keyed(name: &'static str, is: fn(&str) -> bool, shape: Shape) -> Shape {
    Keyed(name, is, Box::new(shape))
}

impl Shape {
    /// Why a value is not of this shape, with the way to the place.
    pub(super) fn refuse(&self, value: &Value, place: &str) -> Option<String> {
        let refused = |what: &str| Some(format!("{place}: {value} is not {what}"));
        match (self, value) {
            (Other, _) | (Text, Value::String(_)) | (Flag, Value::Bool(_)) => None,
            (Number, Value::Number(number)) if number.is_u64() => None,
            (Form(_, is), Value::String(text)) if is(text) => None,
            (One(texts), Value::String(text)) if texts.contains(&text.as_str()) => None,
            (Filled(_), Value::Array(values)) if values.is_empty() => refused("a list with something in it"),
            (List(shape) | Filled(shape), Value::Array(values)) => {
                let mut values = values.iter().enumerate();
                values.find_map(|(at, value)| shape.refuse(value, &format!("{place}[{at}]")))
            }
            (Map(shape) | Keyed(_, _, shape), Value::Object(entries)) => {
                let mut keys = entries.keys();
                let wrong = keys.find(|key| matches!(self, Keyed(_, is, _) if !is(key)));
                let wrong = wrong.map(|key| format!("{place}: no key there is `{key}`"));
                wrong.or_else(|| {
                    entries.iter().find_map(|(key, value)| shape.refuse(value, &format!("{place}.{key}")))
                })
            }
            (Table(required, optional), Value::Object(entries)) => {
                let missing = required.iter().find(|(key, _)| !entries.contains_key(*key));
                let missing = missing.map(|(key, _)| format!("{place}: `{key}` is missing"));
                missing.or_else(|| {
                    entries.iter().find_map(|(key, value)| {
                        let known = required.iter().chain(optional).find(|(name, _)| name == key);
                        let Some((_, shape)) = known else {
                            return Some(format!("{place}: there is no `{key}`"));
                        };
                        shape.refuse(value, &format!("{place}.{key}"))
                    })
                })
            }
            (Either(shapes), _) => {
                let refusals: Vec<String> =
                    shapes.iter().map_while(|shape| shape.refuse(value, place)).collect();
                (refusals.len() == shapes.len()).then(|| refusals.join("; or "))
            }
            (Text, _) => refused("a text"),
            (Form(name, _) | Keyed(name, ..), _) => refused(name),
            (One(texts), _) => refused(&format!("one of {texts:?}")),
            (Number, _) => refused("a whole number that is not negative"),
            (Flag, _) => refused("true or false"),
            (List(_) | Filled(_), _) => refused("a list"),
            (Map(_) | Table(..), _) => refused("a table"),
        }
    }

    /// What is wrong with the shape itself: a table in the value that takes a key which nobody knows, or a required key that
    /// may be left out.
    pub(super) fn is_loose(&self, value: &Value) -> Option<String> {
        let mut loose = None;
        at_each_table(value, &mut |whole, pointer| {
            let Some(Value::Object(entries)) = whole.pointer_mut(pointer) else { return };
            entries.insert("no such key".to_owned(), Value::Bool(true));
            if self.refuse(whole, "").is_none() {
                loose = Some(format!("{pointer}: a key that nobody knows is not refused"));
            }
        });
        loose
    }
}

/// Calls for each table in a value, each time with a fresh copy of the whole and the way to the table.
fn at_each_table(whole: &Value, call: &mut impl FnMut(&mut Value, &str)) {
    let mut open = vec![String::new()];
    while let Some(pointer) = open.pop() {
        let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
        match whole.pointer(&pointer) {
            Some(Value::Object(entries)) => {
                call(&mut whole.clone(), &pointer);
                open.extend(entries.keys().map(|key| format!("{pointer}/{}", escaped(key))));
            }
            Some(Value::Array(values)) => {
                open.extend((0..values.len()).map(|at| format!("{pointer}/{at}")));
            }
            _ => {}
        }
    }
}
