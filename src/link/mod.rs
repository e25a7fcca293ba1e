//! Turns an accepted wiring into an ordered plan: what to import, define, instantiate and export. No bytes yet.
//!
//! Differs from `check`, which decides: nothing is chosen here, all is put in the order and the form that an encoder needs.

mod diagnostics;
mod imports;
mod limits;
mod names;
mod order;
mod plan;
mod record;
mod script;
mod shared;

pub use plan::plan;
pub use record::{record, renewed};
pub use script::{chosen_name, inputs_not_in_script, name_in_full, names_not_in_script};

use std::ops::Range;

use crate::load::Nested;
use crate::model::{Sort, Surface};
use crate::source::Bytes;

/// The composition as steps in order, independent of the encoding.
#[derive(Clone, Debug, Default)]
pub struct LinkPlan {
    /// What the whole imports: only the side of imports is filled. A type that an import takes from another one is an
    /// alias of that one's type, and comes after it.
    pub imports: Surface,
    /// What lies in several places, and is defined once, ahead of the components; each after what lies within it.
    pub shared: Vec<Shared>,
    /// The components to define, each of equal bytes once: indices into
    /// [`Inputs::components`](crate::load::Inputs::components).
    pub components: Vec<usize>,
    /// The instances to make, in order.
    pub instances: Vec<PlannedInstance>,
    /// What the whole exports, in order.
    pub exports: Vec<PlannedExport>,
}

/// A core module or a component that several places have a copy of.
#[derive(Clone, Debug)]
pub struct Shared {
    /// An input that has it.
    pub bytes: Bytes,
    /// Its own bytes there: 0-based byte offsets, half-open.
    pub content: Range<usize>,
    /// Whether it is a component; else it is a core module.
    pub is_component: bool,
    /// What lies within it.
    pub nested: Vec<Nested>,
}

/// One instance to make.
#[derive(Clone, Debug)]
pub struct PlannedInstance {
    /// Its name, for the name section.
    pub name: String,
    /// Its component: an index into [`LinkPlan::components`].
    pub component: usize,
    /// What it is given, in the order of its imports.
    pub arguments: Vec<Argument>,
}

/// One argument of an instantiation.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The name of the import that it satisfies.
    pub name: String,
    /// What it is.
    pub sort: Sort,
    /// Where it comes from.
    pub from: ItemSource,
}

/// Where an item of the whole comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemSource {
    /// An import of the whole: its extern name.
    Import(String),
    /// An export of an instance that was made before.
    Export {
        /// The instance: an index into [`LinkPlan::instances`].
        instance: usize,
        /// The extern name of the export.
        name: String,
    },
    /// A member of an instance.
    Member {
        /// The instance.
        of: Box<ItemSource>,
        /// Its name there.
        name: String,
    },
}

/// One export of the whole.
#[derive(Clone, Debug)]
pub struct PlannedExport {
    /// Its extern name.
    pub name: String,
    /// The interface that the name is a label for.
    pub implements: Option<String>,
    /// The end of the version that a canonical name leaves out.
    pub version_suffix: Option<String>,
    /// The name that a host knows it by.
    pub external_id: Option<String>,
    /// What it is.
    pub sort: Sort,
    /// Where it comes from.
    pub from: ItemSource,
}
