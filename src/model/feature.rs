//! The features of WebAssembly and of the component model that an artifact may need and a host may lack.
//!
//! Differs from `item.rs`, which has what an artifact imports: features are about how it is written.

/// A feature beyond WebAssembly 2.0 and the first component model: a name of [`FEATURES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Feature(usize);

/// Name and meaning of each, in the order in which they are shown: the component model first.
pub const FEATURES: &[(&str, &str)] = &[
    ("async", "asynchronous functions, streams and futures"),
    ("async-stackful", "asynchronous functions that keep a stack of their own"),
    ("more-async-builtins", "built-in functions for cancelling and polling"),
    ("threading", "threads within a component"),
    ("error-context", "values of the type `error-context`"),
    ("fixed-length-lists", "lists of a fixed length"),
    ("map", "values of the type `map`"),
    ("implements", "labels: several imports of one interface"),
    ("nested-names", "names of nested packages"),
    ("values", "imports and exports that are values"),
    ("cm-gc", "values passed as objects of the garbage collector"),
    ("cm-memory64", "components over memories with 64-bit addresses"),
    ("forward", "canonical functions that pass a call on"),
    ("accessors", "getters and setters of resources"),
    ("memory64", "memories with 64-bit addresses"),
    ("multi-memory", "several memories in one module"),
    ("gc", "objects of the garbage collector"),
    ("function-references", "typed references to functions"),
    ("exceptions", "exceptions"),
    ("legacy-exceptions", "exceptions as they were before the standard"),
    ("threads", "shared memories and atomic operations"),
    ("tail-call", "tail calls"),
    ("relaxed-simd", "relaxed vector instructions"),
    ("extended-const", "constants that are computed"),
    ("custom-page-sizes", "memories with pages of another size"),
    ("wide-arithmetic", "128-bit arithmetic"),
    ("stack-switching", "stack switching"),
];

impl Feature {
    /// The feature of a name.
    pub fn find(name: &str) -> Option<Self> {
        FEATURES.iter().position(|(other, _)| *other == name).map(Self)
    }

    /// Its name, as options of engines spell it.
    pub fn name(self) -> &'static str {
        FEATURES[self.0].0
    }

    /// What it is, in a few words.
    pub fn meaning(self) -> &'static str {
        FEATURES[self.0].1
    }
}

/// What an artifact asks of an engine, apart from its imports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The features, in the order of [`FEATURES`].
    pub features: Vec<Feature>,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many core modules lie in it, at any depth.
    pub modules: usize,
    /// How many components lie in it, at any depth.
    pub components: usize,
    /// How deep components lie in it: 0 without any.
    pub depth: usize,
}
