//! Adds to the call graph what functions call: directly, through tables, through references.
//!
//! Differs from `instantiate.rs`: that says which function a name leads to, this which functions a body can lead to. What
//! cannot be decided counts as called.

use std::collections::HashMap;

use super::program::{Node, NodeId, Placed, Program, SignatureId};
use crate::load::Code;

/// Connects all functions with what they can call. `signatures` is by component, by module, by type.
pub(super) fn connect(
    program: &mut Program,
    codes: &[Option<Code>],
    signatures: &[Vec<Vec<Option<SignatureId>>>],
) {
    let mut taken: Vec<Vec<Placed>> = vec![Vec::new(); program.scopes];
    for core in 0..program.cores.len() {
        bodies(core, program, codes, signatures, &mut taken);
    }
    // What lies in a table that is read can be called by reference, and what can be called by reference can lie in a table
    // that is written.
    for table in program.tables.iter().filter(|table| table.is_read) {
        taken[table.scope].extend(&table.placed);
    }
    let taken: Vec<BySignature> = taken.into_iter().map(BySignature::new).collect();
    let mut tables: HashMap<usize, BySignature> = HashMap::new();
    for node in 0..program.nodes.len() {
        let targets = match program.nodes[node] {
            Node::Table { table, signature, element } => {
                let (table, id) = (&program.tables[table], table);
                let placed = tables.entry(id).or_insert_with(|| BySignature::new(table.placed.clone()));
                let is_known = !table.is_open && table.placed.iter().all(|placed| placed.element.is_some());
                let mut targets = placed.matching(signature, element.filter(|_| is_known));
                if table.is_open {
                    targets.extend(taken[table.scope].matching(signature, None));
                }
                targets
            }
            Node::References { scope, signature } => taken[scope].matching(signature, None),
            Node::Function { .. }
            | Node::Lifted
            | Node::Lowered
            | Node::BuiltIn
            | Node::Import { .. }
            | Node::Unknown { .. } => continue,
        };
        program.edges[node] = targets;
    }
    for edges in &mut program.edges {
        edges.sort_unstable();
        edges.dedup();
    }
}

fn bodies(
    core: usize,
    program: &mut Program,
    codes: &[Option<Code>],
    signatures: &[Vec<Vec<Option<SignatureId>>>],
    taken: &mut [Vec<Placed>],
) {
    let (module, scope) = (program.cores[core].module, program.cores[core].scope);
    let Some(code) = &codes[module.component] else { return };
    let signatures = &signatures[module.component][module.module];
    let module = &code.modules[module.module];
    let signature = |function: u32| signatures[module.functions[function as usize] as usize];
    let function = |program: &Program, index: u32| program.cores[core].functions[index as usize];
    let table = |program: &Program, index: u32| program.cores[core].tables[index as usize];
    let refer = |program: &Program, index: u32| Placed {
        node: function(program, index),
        signature: signature(index),
        element: None,
    };
    taken[scope].extend(module.taken.iter().map(|index| refer(program, *index)));
    for (at, body) in module.bodies.iter().enumerate() {
        let node = program.cores[core].functions[module.imported_functions as usize + at];
        let mut edges: Vec<NodeId> = body.calls.iter().map(|index| function(program, *index)).collect();
        for call in &body.indirect {
            let table = table(program, call.table);
            let signature = signatures[call.ty as usize];
            edges.push(program.intern(Node::Table { table, signature, element: call.element }));
        }
        for ty in &body.by_reference {
            let signature = ty.and_then(|ty| signatures[ty as usize]);
            edges.push(program.intern(Node::References { scope, signature }));
        }
        taken[scope].extend(body.taken.iter().map(|index| refer(program, *index)));
        for index in &body.reads {
            let table = table(program, *index);
            program.tables[table].is_read = true;
        }
        for index in &body.writes {
            let table = table(program, *index);
            program.tables[table].is_open = true;
        }
        program.edges[node] = edges;
    }
}

/// Functions that a call can take from one place, by type.
struct BySignature {
    of: HashMap<SignatureId, Vec<Placed>>,
    /// Those whose type may equal any other.
    others: Vec<Placed>,
    all: Vec<NodeId>,
}

impl BySignature {
    fn new(placed: Vec<Placed>) -> Self {
        let mut all: Vec<NodeId> = placed.iter().map(|placed| placed.node).collect();
        all.sort_unstable();
        all.dedup();
        let (mut of, mut others) = (HashMap::<_, Vec<Placed>>::new(), Vec::new());
        for placed in placed {
            match placed.signature {
                Some(signature) => of.entry(signature).or_default().push(placed),
                None => others.push(placed),
            }
        }
        Self { of, others, all }
    }

    /// Those that a call of a type can get; `element` says which one where that is known.
    fn matching(&self, signature: Option<SignatureId>, element: Option<u64>) -> Vec<NodeId> {
        if signature.is_none() && element.is_none() {
            return self.all.clone();
        }
        let of = |signature| self.of.get(signature).into_iter().flatten();
        let found: Vec<&Placed> = match &signature {
            Some(signature) => of(signature).chain(&self.others).collect(),
            None => self.of.values().flatten().chain(&self.others).collect(),
        };
        let is_it = |placed: &&&Placed| element.is_none_or(|element| placed.element == Some(element));
        found.iter().filter(is_it).map(|placed| placed.node).collect()
    }
}
