//! Paths into the surface of a component: which import or export, and which piece of it.

use std::fmt;

/// Which side of a component an item is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// What the component needs.
    Import,
    /// What the component offers.
    Export,
}

/// One step into an item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// An import, an export, or a member of an instance: a function, a type, a nested instance.
    Item(String),
    /// A parameter of a function.
    Parameter(String),
    /// The result of a function.
    Result,
    /// A field of a record.
    Field(String),
    /// A case of a variant or an enum, or a flag.
    Case(String),
    /// The element of a list, an option, a stream or a future.
    Element,
    /// An element of a tuple, counted from 0.
    Position(usize),
    /// The key of a map.
    Key,
    /// The value of a map.
    Value,
    /// The payload of a `result` that is fine.
    Ok,
    /// The payload of a `result` that is an error.
    Err,
}

/// A place in the surface of a component.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemPath {
    /// The side.
    pub side: Side,
    /// The steps from there; empty is the side as a whole.
    pub steps: Vec<Step>,
}

impl ItemPath {
    /// An import or an export as a whole.
    pub fn item(side: Side, name: impl Into<String>) -> Self {
        Self { side, steps: vec![Step::Item(name.into())] }
    }

    /// One step further in.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { side: self.side, steps }
    }

    /// The path without its last step; `None` at the top.
    pub fn parent(&self) -> Option<Self> {
        let (_, steps) = self.steps.split_last()?;
        Some(Self { side: self.side, steps: steps.to_vec() })
    }

    /// The name of the import or export that the path starts with.
    pub fn extern_name(&self) -> Option<&str> {
        match self.steps.first() {
            Some(Step::Item(name)) => Some(name),
            Some(_) | None => None,
        }
    }

    /// The last name on the path, such as that of a type or a function.
    pub fn last_name(&self) -> Option<&str> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Item(name) | Step::Parameter(name) | Step::Field(name) | Step::Case(name) => {
                Some(name.as_str())
            }
            Step::Result
            | Step::Element
            | Step::Position(_)
            | Step::Key
            | Step::Value
            | Step::Ok
            | Step::Err => None,
        })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item(name) => write!(f, "{name}"),
            Self::Parameter(name) => write!(f, "parameter {name}"),
            Self::Result => f.write_str("result"),
            Self::Field(name) => write!(f, "field {name}"),
            Self::Case(name) => write!(f, "case {name}"),
            Self::Element => f.write_str("element"),
            Self::Position(index) => write!(f, "element {index}"),
            Self::Key => f.write_str("key"),
            Self::Value => f.write_str("value"),
            Self::Ok => f.write_str("ok"),
            Self::Err => f.write_str("error"),
        }
    }
}
