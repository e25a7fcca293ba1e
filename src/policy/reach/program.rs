//! The nodes of the call graph: every core function of every instance, and what connects them.
//!
//! Differs from `instantiate.rs`, which makes them: this is what the others walk over.

use std::collections::{HashMap, HashSet};
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
    /// The functions of some types in a table, or in one element of it.
    Table { table: usize, types: Types, element: Option<u64> },
    /// The functions of some types to which there are references.
    References { scope: usize, types: Types },
    /// Code of an instance that nobody can look into.
    Unknown { instance: InstanceId },
}

/// A signature, the same for equal ones of all modules: an index.
pub(super) type SignatureId = usize;

/// Which functions a call can get, by their types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Types {
    /// All.
    Any,
    /// Those of this signature, and those of which the type is not told.
    Of(SignatureId),
    /// Those whose type is more than a plain signature: it may equal any other.
    Untold,
}

impl Types {
    /// What a call of this signature can get; one whose type is more than that can get anything.
    pub(super) fn asked(signature: Option<SignatureId>) -> Self {
        signature.map_or(Self::Any, Self::Of)
    }
}

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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    /// The functions of which core functions are made.
    pub(super) lowered: HashSet<NodeId>,
    /// How many instances of components there are.
    pub(super) scopes: usize,
    /// How much has been looked at, and how much may be: roughly, edges.
    work: usize,
    most: usize,
    /// The nodes that are made when they are first asked for.
    interned: HashMap<Node, NodeId>,
    signatures: HashMap<Signature, SignatureId>,
}

/// What is looked at beyond what the inputs have once for each instance of the composition: a component can instantiate another
/// one twice, and that one a third one twice.
const SPARE: usize = 1 << 22;

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

    /// Lets so much be looked at, and some more.
    pub(super) fn allow(&mut self, work: usize) {
        self.most = self.most.saturating_add(work).max(SPARE);
    }

    /// Takes in so much work, unless that is more than all is worth.
    pub(super) fn has_room_for(&mut self, work: usize) -> bool {
        let work = self.work.saturating_add(work);
        let has_room = work <= self.most.saturating_mul(2);
        if has_room {
            self.work = work;
        }
        has_room
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
