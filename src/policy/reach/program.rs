//! The nodes of the call graph: every core function of every instance, and what connects them.
//!
//! Differs from `instantiate.rs`, which makes them: this is what the others walk over.

use std::collections::HashMap;
use std::fmt;

use crate::check::InstanceId;
use crate::load::{CoreSort, ModuleCode, Signature};

/// A node: an index into [`Program::nodes`].
pub(super) type NodeId = usize;

/// Something that can be called, or through which calls go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// A core function that is not imported.
    Function {
        /// An index into [`Program::cores`].
        core: usize,
        /// Its index within the module.
        function: u32,
    },
    /// A function made of a core function.
    Lifted,
    /// A core function made of a function.
    Lowered,
    /// A core function that the canonical ABI provides.
    BuiltIn,
    /// A function that an instance of the composition imports: the names that lead to it.
    Import { instance: InstanceId, path: Vec<String> },
    /// The functions of a type in a table, or in one element of it.
    Table { table: usize, signature: Option<SignatureId>, element: Option<u64> },
    /// The functions of a type to which there are references.
    References { scope: usize, signature: Option<SignatureId> },
    /// Code of an instance that nobody can look into.
    Unknown { instance: InstanceId },
}

/// A signature, the same for equal ones of all modules: an index.
pub(super) type SignatureId = usize;

/// A module: the component of the inputs, and the index among its modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ModuleRef {
    pub(super) component: usize,
    pub(super) module: usize,
}

/// An instance of a core module.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) module: ModuleRef,
    /// The instance of the composition that it is of.
    pub(super) instance: InstanceId,
    /// Within which instance of a component it is: its references cannot leave that.
    pub(super) scope: usize,
    /// By function, imported ones first.
    pub(super) functions: Vec<NodeId>,
    /// By table, imported ones first: an index into [`Program::tables`].
    pub(super) tables: Vec<usize>,
}

/// A function that lies somewhere a call can take it from, with its type if that says enough.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) node: NodeId,
    pub(super) signature: Option<SignatureId>,
    /// Which element of the table, where that is known.
    pub(super) element: Option<u64>,
}

/// A table of some core instance.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) scope: usize,
    pub(super) placed: Vec<Placed>,
    /// Whether something lies in it of which only is known that there is a reference to it.
    pub(super) is_open: bool,
    /// Whether references are taken out of it.
    pub(super) is_read: bool,
}

/// What an instance of a component makes roots of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RootKind {
    /// An exported function: the names that lead to it.
    Export(Vec<String>),
    /// A function that is called when the instance is made.
    Start,
    /// The destructor of a resource.
    Destructor,
    /// Code that nobody can look into.
    Unknown,
}

impl fmt::Display for RootKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Export(path) => f.write_str(&path.join("#")),
            Self::Start => f.write_str("what runs when it is instantiated"),
            Self::Destructor => f.write_str("what runs when a resource is dropped"),
            Self::Unknown => f.write_str("code that is handed in, or cannot be read"),
        }
    }
}

/// A function from which everything starts.
#[derive(Clone, Debug)]
pub(super) struct Root {
    pub(super) kind: RootKind,
    pub(super) instance: InstanceId,
    pub(super) node: NodeId,
}

/// All instances of a wiring, with what is within them.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) nodes: Vec<Node>,
    /// By node: what it can lead to.
    pub(super) edges: Vec<Vec<NodeId>>,
    pub(super) cores: Vec<Core>,
    pub(super) tables: Vec<Table>,
    pub(super) roots: Vec<Root>,
    /// How many instances of components there are.
    pub(super) scopes: usize,
    /// The nodes that are made when they are first asked for.
    interned: HashMap<Node, NodeId>,
    signatures: HashMap<Signature, SignatureId>,
}

/// More nodes than this are not looked at: a component can instantiate another one twice, and that one a third one twice.
const MOST_NODES: usize = 1 << 22;

impl Program {
    /// A new node.
    pub(super) fn add(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        self.edges.push(Vec::new());
        self.nodes.len() - 1
    }

    /// The node that is this one.
    pub(super) fn intern(&mut self, node: Node) -> NodeId {
        if let Some(id) = self.interned.get(&node) {
            return *id;
        }
        let id = self.add(node.clone());
        self.interned.insert(node, id);
        id
    }

    /// The node of an import, if there is any use of it.
    pub(super) fn import(&self, instance: InstanceId, path: Vec<String>) -> Option<NodeId> {
        self.interned.get(&Node::Import { instance, path }).copied()
    }

    /// Whether it has become too large to go on.
    pub(super) fn is_full(&self) -> bool {
        self.nodes.len() + self.cores.len() + self.scopes > MOST_NODES
    }

    /// Whether so many nodes more can be taken in.
    pub(super) fn has_room_for(&self, nodes: usize) -> bool {
        self.nodes.len().saturating_add(nodes) <= MOST_NODES
    }

    /// The signatures of a module by type.
    pub(super) fn signatures(&mut self, module: &ModuleCode) -> Vec<Option<SignatureId>> {
        let mut id = |signature: &Signature| {
            let next = self.signatures.len();
            *self.signatures.entry(signature.clone()).or_insert(next)
        };
        module.types.iter().map(|ty| ty.as_ref().map(&mut id)).collect()
    }
}

/// How many things of a sort a module imports.
pub(super) fn imported(module: &ModuleCode, sort: CoreSort) -> usize {
    module.imports.iter().filter(|(_, _, it)| *it == sort).count()
}
