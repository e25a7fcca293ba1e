//! Adds to the call graph what functions call: directly, through tables, through references.
//!
//! Differs from `instantiate.rs`: that says which function a name leads to, this which functions a body can lead to. What
//! cannot be decided counts as called.

use std::collections::HashMap;

use super::program::{Node, NodeId, Placed, Program, SignatureId, Types};
use crate::load::Code;

/// Connects all functions with what they can call. `signatures` is by component, by module, by type.
///
/// Many calls go through one table, and many functions lie in it: what several nodes can lead to is a node of its own, so that
/// there are never more edges than what was read.
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
    let taken: Vec<ByTypes> = taken.iter().map(|placed| ByTypes::new(placed, false)).collect();
    let mut tables: HashMap<usize, ByTypes> = HashMap::new();
    let mut node = 0;
    // What is asked for here for the first time comes at the end.
    while node < program.nodes.len() {
        match program.nodes[node] {
            Node::Table { table: id, types, element } => {
                let table = &program.tables[id];
                let placed = tables.entry(id).or_insert_with(|| {
                    let is_known = !table.is_open && table.placed.iter().all(|it| it.element.is_some());
                    ByTypes::new(&table.placed, is_known)
                });
                let is_open = table.is_open.then_some(table.scope);
                let targets = through(program, id, (types, element), placed, is_open);
                program.edges[node] = targets;
            }
            Node::References { scope, types } => {
                let mut targets = taken[scope].matching(types, None).to_vec();
                if taken[scope].asks_untold(types, None) {
                    targets.push(program.intern(Node::References { scope, types: Types::Untold }));
                }
                program.edges[node] = targets;
            }
            Node::Function { .. }
            | Node::Lifted
            | Node::Lowered
            | Node::BuiltIn
            | Node::Import { .. }
            | Node::Unknown { .. } => {}
        }
        node += 1;
    }
    for edges in &mut program.edges {
        edges.sort_unstable();
        edges.dedup();
    }
}

/// What calls through a table can get, of these types and in this element.
fn through(
    program: &mut Program,
    table: usize,
    (types, element): (Types, Option<u64>),
    placed: &ByTypes,
    is_open: Option<usize>,
) -> Vec<NodeId> {
    if element.is_some() && !placed.is_by_element {
        return vec![program.intern(Node::Table { table, types, element: None })];
    }
    let mut targets = placed.matching(types, element).to_vec();
    if placed.asks_untold(types, element) {
        targets.push(program.intern(Node::Table { table, types: Types::Untold, element }));
    }
    if let Some(scope) = is_open {
        targets.push(program.intern(Node::References { scope, types }));
    }
    targets
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
            let types = Types::asked(signatures[call.ty as usize]);
            edges.push(program.intern(Node::Table { table, types, element: call.element }));
        }
        for ty in &body.by_reference {
            let types = Types::asked(ty.and_then(|ty| signatures[ty as usize]));
            edges.push(program.intern(Node::References { scope, types }));
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

/// Functions that a call can take from one place, by type, and by element where each has one that is known.
struct ByTypes {
    is_by_element: bool,
    of: HashMap<(Types, Option<u64>), Vec<NodeId>>,
}

impl ByTypes {
    fn new(placed: &[Placed], is_by_element: bool) -> Self {
        let mut of: HashMap<_, Vec<NodeId>> = HashMap::new();
        for placed in placed {
            let types = placed.signature.map_or(Types::Untold, Types::Of);
            let element = placed.element.filter(|_| is_by_element);
            for types in [types, Types::Any] {
                of.entry((types, None)).or_default().push(placed.node);
                if element.is_some() {
                    of.entry((types, element)).or_default().push(placed.node);
                }
            }
        }
        Self { is_by_element, of }
    }

    /// Those of exactly these types, in this element or any.
    fn matching(&self, types: Types, element: Option<u64>) -> &[NodeId] {
        self.of.get(&(types, element)).map_or(&[], Vec::as_slice)
    }

    /// Whether there are others whose type may equal this one.
    fn asks_untold(&self, types: Types, element: Option<u64>) -> bool {
        matches!(types, Types::Of(_)) && self.of.contains_key(&(Types::Untold, element))
    }
}
