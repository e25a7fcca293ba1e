//! The types of core modules, as far as an import or export of a component can be one.

/// The type of a core value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // each is called as in the specification
pub enum CoreValueType {
    I32,
    I64,
    F32,
    F64,
    V128,
    Reference { nullable: bool, heap: CoreHeapType },
}

/// What a core reference refers to; concrete types, of the GC proposal, are not told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // each is called as in the specification
pub enum CoreHeapType {
    Func,
    Extern,
    Exception,
    /// Any other: passed through in binaries, not writable in a type.
    Other,
}

/// The limits of a memory or a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// The least size: pages or elements.
    pub minimum: u64,
    /// The largest size: pages or elements.
    pub maximum: Option<u64>,
    /// Whether addresses are 64 bits wide.
    pub is_64: bool,
    /// Whether it is shared between threads.
    pub is_shared: bool,
}

/// What a core module imports or exports under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is called as in the specification
pub enum CoreExtern {
    Function { parameters: Vec<CoreValueType>, results: Vec<CoreValueType> },
    Table { element: CoreValueType, limits: Limits },
    Memory { limits: Limits, page_size_log2: Option<u32> },
    Global { content: CoreValueType, mutable: bool, shared: bool },
    Tag { parameters: Vec<CoreValueType> },
}

/// The type of a core module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoreModuleType {
    /// Module name, field name and type of each import.
    pub imports: Vec<(String, String, CoreExtern)>,
    /// Name and type of each export.
    pub exports: Vec<(String, CoreExtern)>,
}
