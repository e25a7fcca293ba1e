//! What the core code of a component does, as plain data: who calls what, what lies in tables, how instances are put together.
//!
//! Differs from `surface.rs`: that is what a component offers and needs, this is how one comes from the other. Read only
//! when somebody asks: a command that judges no code does not pay for it.

mod body;
mod component;
mod module;

use std::collections::BTreeSet;

use crate::model::{CoreValueType, Sort};

pub use component::read_code;

/// All code of one component, that of nested components included.
#[derive(Clone, Debug, Default)]
pub struct Code {
    /// The component itself, then those within it, in order.
    pub components: Vec<ComponentCode>,
    /// The core modules, in order.
    pub modules: Vec<ModuleCode>,
    /// The tools that say they made it: names of `processed-by`, untrusted.
    pub tools: BTreeSet<String>,
}

/// How one component is put together.
#[derive(Clone, Debug, Default)]
pub struct ComponentCode {
    /// What it defines, in order; each adds to one of the index spaces of the component, or is an effect.
    pub definitions: Vec<CodeDefinition>,
}

/// One definition of a component, as far as it matters for calls (Explainer.md, "component definitions"). Numbers are
/// 0-based indices into the index spaces of the component, which count what came before.
#[derive(Clone, Debug)]
pub enum CodeDefinition {
    /// A core module: an index into [`Code::modules`].
    CoreModule(usize),
    /// A component: an index into [`Code::components`].
    Component(usize),
    /// An import.
    Import {
        /// Its extern name.
        name: String,
        /// What it is.
        sort: Sort,
    },
    /// An instance of a core module.
    CoreInstance {
        /// The core module.
        module: u32,
        /// The core instances that provide its imports, by the name of the module they stand for.
        arguments: Vec<(String, u32)>,
    },
    /// A core instance that is made of parts.
    CoreBundle(Vec<(String, CoreSort, u32)>),
    /// An instance of a component.
    Instance {
        /// The component.
        component: u32,
        /// What its imports are.
        arguments: Vec<(String, Sort, u32)>,
    },
    /// An instance that is made of parts.
    Bundle(Vec<(String, Sort, u32)>),
    /// An export of an instance.
    Alias {
        /// The instance.
        instance: u32,
        /// The name of the export.
        name: String,
        /// What it is.
        sort: Sort,
    },
    /// An export of a core instance.
    CoreAlias {
        /// The core instance.
        instance: u32,
        /// The name of the export.
        name: String,
        /// What it is.
        sort: CoreSort,
    },
    /// A core module or a component of a component around this one.
    OuterAlias {
        /// How many components outwards; 0 is this one.
        count: u32,
        /// What it is: a core module or a component.
        sort: Sort,
        /// Its index there.
        index: u32,
    },
    /// A function made of a core function.
    Lift {
        /// The core function.
        function: u32,
        /// The core functions that go with it: `realloc`, `post-return`, `callback`.
        options: Vec<u32>,
    },
    /// A core function made of a function.
    Lower {
        /// The function.
        function: u32,
        /// The core functions that go with it: `realloc`.
        options: Vec<u32>,
    },
    /// A core function that the canonical ABI provides.
    BuiltIn {
        /// The core functions that go with it.
        options: Vec<u32>,
        /// What it starts as a thread.
        starts: Starts,
    },
    /// The destructor of a resource: a core function.
    Destructor(u32),
    /// A function that is called when the component is instantiated.
    Start(u32),
    /// An export; what is exported gets one index more in its own index space.
    Export {
        /// The extern name.
        name: String,
        /// What it is.
        sort: Sort,
        /// Its index.
        index: u32,
    },
}

/// What a function of the canonical ABI starts as a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starts {
    /// Nothing.
    Nothing,
    /// A function of a core table.
    FromTable(u32),
    /// A function that it gets a reference to.
    ByReference,
}

/// The sorts of core items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // each is called as in the specification
pub enum CoreSort {
    Function,
    Table,
    Memory,
    Global,
    Tag,
}

/// What matters of one core module. Numbers are 0-based indices into its index spaces, where imports come first.
#[derive(Clone, Debug, Default)]
pub struct ModuleCode {
    /// Its own name, if it has one; untrusted.
    pub name: Option<String>,
    /// Module name, name and sort of each import.
    pub imports: Vec<(String, String, CoreSort)>,
    /// Its exports.
    pub exports: Vec<(String, CoreSort, u32)>,
    /// By type: the signature; `None` for a type that is more than a plain signature, which may equal any other.
    pub types: Vec<Option<Signature>>,
    /// By function, imported ones first: its type.
    pub functions: Vec<u32>,
    /// How many functions are imported.
    pub imported_functions: u32,
    /// By function that is not imported.
    pub bodies: Vec<Body>,
    /// How many tables it defines itself.
    pub tables: u32,
    /// What lies in tables from the start.
    pub segments: Vec<Segment>,
    /// Functions of which a reference is made outside of bodies.
    pub taken: Vec<u32>,
    /// The function that is called when it is instantiated.
    pub start: Option<u32>,
    /// The names of functions, by function, sorted; untrusted.
    pub names: Vec<(u32, String)>,
    /// The tools that say they made it: names of `processed-by`, untrusted.
    pub tools: Vec<String>,
}

/// The type of a core function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// The parameters.
    pub parameters: Vec<CoreValueType>,
    /// The results.
    pub results: Vec<CoreValueType>,
}

/// What the body of one core function does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The functions that it calls, each once, sorted.
    pub calls: Vec<u32>,
    /// The calls through tables, each once, sorted.
    pub indirect: Vec<IndirectCall>,
    /// The calls of references, by type, each once; `None` where the type does not matter.
    pub by_reference: Vec<Option<u32>>,
    /// The functions of which it makes a reference.
    pub taken: Vec<u32>,
    /// The tables from which it takes references.
    pub reads: Vec<u32>,
    /// The tables that it changes.
    pub writes: Vec<u32>,
}

/// A call through a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndirectCall {
    /// The table.
    pub table: u32,
    /// The type that the function must have.
    pub ty: u32,
    /// The element, where it is a constant.
    pub element: Option<u64>,
}

/// Elements that are put into a table when a module is instantiated.
#[derive(Clone, Debug, Default)]
pub struct Segment {
    /// The table.
    pub table: u32,
    /// The first element; `None` where it is not a constant.
    pub offset: Option<u64>,
    /// By element: the function; `None` for no function.
    pub functions: Vec<Option<u32>>,
    /// Whether it also has elements of which nothing is known.
    pub has_unknown: bool,
}

/// So many bytes of names weigh as much as one edge.
const NAME: usize = 16;

impl ComponentCode {
    /// How much work it is to instantiate it, without what is within: roughly, how many things have to be kept.
    pub fn work(&self) -> usize {
        let of_name = |name: &str| 1 + name.len() / NAME;
        let definition = |definition: &CodeDefinition| match definition {
            CodeDefinition::CoreInstance { arguments, .. } => 1 + arguments.len(),
            CodeDefinition::CoreBundle(parts) => parts.iter().map(|(name, ..)| of_name(name)).sum(),
            CodeDefinition::Instance { arguments, .. } => {
                arguments.iter().map(|(name, ..)| of_name(name)).sum::<usize>() + 1
            }
            CodeDefinition::Bundle(parts) => parts.iter().map(|(name, ..)| of_name(name)).sum(),
            CodeDefinition::Import { name, .. }
            | CodeDefinition::Alias { name, .. }
            | CodeDefinition::Export { name, .. } => of_name(name),
            CodeDefinition::Lift { options, .. }
            | CodeDefinition::Lower { options, .. }
            | CodeDefinition::BuiltIn { options, .. } => 1 + options.len(),
            CodeDefinition::CoreModule(_)
            | CodeDefinition::Component(_)
            | CodeDefinition::CoreAlias { .. }
            | CodeDefinition::OuterAlias { .. }
            | CodeDefinition::Destructor(_)
            | CodeDefinition::Start(_) => 1,
        };
        1 + self.definitions.iter().map(definition).sum::<usize>()
    }
}

impl ModuleCode {
    /// How much work it is to instantiate it: roughly, how many functions and edges that makes.
    pub fn work(&self) -> usize {
        let body = |body: &Body| {
            1 + body.calls.len() + body.indirect.len() + body.by_reference.len() + body.taken.len()
        };
        self.bodies.iter().map(body).sum::<usize>()
            + self.segments.iter().map(|segment| segment.functions.len()).sum::<usize>()
            + self.exports.iter().map(|(name, ..)| 1 + name.len() / NAME).sum::<usize>()
            + self.functions.len()
            + self.imports.len()
            + self.taken.len()
            + self.tables as usize
    }

    /// The name of a function, if it has one.
    pub fn function_name(&self, function: u32) -> Option<&str> {
        let at = self.names.binary_search_by_key(&function, |(index, _)| *index).ok()?;
        Some(&self.names[at].1)
    }
}
