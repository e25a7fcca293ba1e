//! The nouns of the component model as plain data: names, versions and tracks, types, items, surfaces.
//!
//! Nothing here parses a file or decides anything; `load` fills these types in, the other stages read them.

mod capability;
mod core_type;
mod date;
mod definition;
mod feature;
mod graph;
mod item;
mod name;
mod path;
mod print;
mod record;
mod record_difference;
mod version;

pub use capability::{CapabilityName, short_function_name};
pub use core_type::{CoreExtern, CoreHeapType, CoreModuleType, CoreValueType, Limits};
pub use date::Date;
pub use definition::{Definition, Primitive, ResourceId, TypeId, TypeTable, ValueType};
pub use feature::{FEATURES, Feature, Needs};
pub use graph::{
    Graph, GraphComponent, GraphEnd, GraphInstance, GraphItem, GraphMember, GraphSource, GraphWire,
};
pub use item::{ComponentType, FunctionType, InstanceType, Item, ItemKind, Items, LinkName, Sort, Surface};
pub use name::{FunctionName, InterfaceName, folded};
pub use path::{ItemPath, Side, Step};
pub use print::{Printed, print, value_type_name};
pub use record::{LinkRecord, RECORD_SECTION, RecordedInstance, RecordedWire};
pub use record_difference::{Providers, RecordDifference, RecordedFact, RecordedProvider};
pub use version::Track;

/// A linked component, before it is written anywhere.
#[derive(Debug)]
pub struct Artifact {
    /// The pieces of the binary, in order: written one after the other they are the component.
    pub parts: Vec<Part>,
    /// The size of the whole in bytes.
    pub size: u64,
    /// How many bytes it would have more if what lies in several inputs kept all its copies.
    pub saved: u64,
    /// The features that it asks of engines, as far as its structure shows them.
    pub features: Vec<Feature>,
    /// What it imports and exports.
    pub surface: Surface,
}

/// An artifact that was written somewhere.
#[derive(Clone, Debug)]
pub struct Written {
    /// The bytes, where they were asked for; empty where a file has them.
    pub content: Vec<u8>,
    /// How many bytes there are.
    pub size: u64,
    /// Their SHA-256, as 64 lower-case hexadecimal digits, if it was wanted.
    pub sha256: Option<String>,
}

/// One piece of an artifact.
#[derive(Clone, Debug)]
pub enum Part {
    /// Bytes that witc wrote.
    Written(Vec<u8>),
    /// A range of the bytes of an input, passed on untouched.
    Copied {
        /// The whole input.
        bytes: crate::source::Bytes,
        /// The range: 0-based byte offsets, half-open.
        range: std::ops::Range<usize>,
    },
}

impl Part {
    /// The bytes of this piece.
    pub fn as_slice(&self) -> &[u8] {
        match self {
            Self::Written(bytes) => bytes,
            Self::Copied { bytes, range } => &bytes[range.clone()],
        }
    }
}
