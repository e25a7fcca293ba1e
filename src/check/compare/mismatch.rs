//! Why two types do not fit, as facts: the path to one piece, and what each side has there.

use crate::model::ItemPath;

/// One piece in which an export differs from the import that it should satisfy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The piece, seen from the import: names of items, parameters, fields.
    pub path: ItemPath,
    /// Where the import's side of the piece is written: in the definition of a named type, if the path leads through one.
    pub expected_at: ItemPath,
    /// Where the export's side of the piece is written.
    pub found_at: ItemPath,
    /// What differs.
    pub difference: Difference,
}

/// What differs at the end of the path of a [`Mismatch`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The provider has no such item.
    Missing {
        /// What the import expects, in one word: `function`, `type`.
        noun: &'static str,
    },
    /// Another sort of item.
    Kind {
        /// The sort that the import expects.
        expected: &'static str,
        /// The sort that the export has.
        found: &'static str,
    },
    /// Another type, both as WIT writes them.
    Type {
        /// The type that the import expects.
        expected: String,
        /// The type that the export has.
        found: String,
    },
    /// Only one of both is `async`.
    Async {
        /// Whether the import expects an async function.
        expected: bool,
    },
    /// Other names, or another order of names: parameters, fields, cases, flags.
    Names {
        /// What is named: `parameters`, `fields`, `cases`, `flags`.
        noun: &'static str,
        /// The names that the import expects.
        expected: Vec<String>,
        /// The names that the export has.
        found: Vec<String>,
    },
    /// Another name that a host knows it by: only imports that the host provides are compared by it.
    ExternalId {
        /// The `external-id` on the import's side.
        expected: Option<String>,
        /// The `external-id` on the other side.
        found: Option<String>,
    },
    /// Only one of both has a result.
    Result {
        /// Whether the import expects a result.
        expected: bool,
    },
}
