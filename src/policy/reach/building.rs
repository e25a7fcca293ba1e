//! Makes the call graph of a wiring: instantiates its components, and leads each import to who provides it.
//!
//! Differs from `instantiate.rs`, which looks into one component: this knows the wires between them.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::instantiate::{Instantiation, Value, Work};
use super::obstacle::Obstacle;
use super::program::{Node, NodeId, Program, Root, RootKind, SignatureId};
use crate::check::{InstanceId, Port, Provider, Wiring};
use crate::load::{Code, Inputs};
use crate::model::{ItemKind, Items, Sort};

type Exports = Rc<HashMap<String, Value>>;

/// The call graph while it is made.
pub(super) struct Building<'a> {
    inputs: &'a Inputs,
    wiring: &'a Wiring,
    codes: &'a [Option<Code>],
    /// By component, by module, by type.
    pub(super) signatures: Vec<Vec<Vec<Option<SignatureId>>>>,
    /// By component: how much there is to look at.
    work: Vec<Work>,
    pub(super) unknown: BTreeMap<InstanceId, Obstacle>,
}

impl<'a> Building<'a> {
    /// Nothing made yet.
    pub(super) fn new(inputs: &'a Inputs, wiring: &'a Wiring, codes: &'a [Option<Code>]) -> Self {
        let work = codes.iter().map(|code| code.as_ref().map(Work::of).unwrap_or_default()).collect();
        let (signatures, unknown) = (Vec::new(), BTreeMap::new());
        Self { inputs, wiring, codes, signatures, work, unknown }
    }

    /// All instances of the wiring, with what is within them and what leads from one to another.
    pub(super) fn program(&mut self) -> Program {
        let mut program = Program::default();
        for instance in &self.wiring.instances {
            program.allow(self.work[instance.component].whole());
        }
        let of_module = |program: &mut Program, code: &Option<Code>| {
            code.iter().flat_map(|code| &code.modules).map(|module| program.signatures(module)).collect()
        };
        self.signatures = self.codes.iter().map(|code| of_module(&mut program, code)).collect();
        let instances = (0..self.wiring.instances.len()).map(InstanceId);
        let exports: Vec<Exports> = instances.map(|id| self.instantiate(id, &mut program)).collect();
        for id in (0..self.wiring.instances.len()).map(InstanceId) {
            self.roots(id, &exports, &mut program);
        }
        self.wire(&exports, &mut program);
        program
    }

    fn instantiate(&mut self, id: InstanceId, program: &mut Program) -> Exports {
        self.within(id, program, |instantiation| instantiation.whole()).unwrap_or_default()
    }

    /// Does something with the code of an instance; `None` if it cannot be read.
    fn within<T>(
        &mut self,
        id: InstanceId,
        program: &mut Program,
        work: impl FnOnce(&mut Instantiation<'_>) -> T,
    ) -> Option<T> {
        let component = self.wiring.instance(id).component;
        let Some(code) = &self.codes[component] else {
            self.unknown.insert(id, Obstacle::Unreadable);
            return None;
        };
        let mut instantiation = Instantiation {
            program,
            code,
            work: &self.work[component],
            component,
            instance: id,
            signatures: &self.signatures[component],
            obstacle: None,
        };
        let done = work(&mut instantiation);
        if let Some(obstacle) = instantiation.obstacle {
            let known = self.unknown.entry(id).or_insert(obstacle);
            *known = (*known).max(obstacle);
        }
        Some(done)
    }

    /// Makes roots of all functions that an instance exports.
    fn roots(&mut self, id: InstanceId, exports: &[Exports], program: &mut Program) {
        let items = &self.inputs.components[self.wiring.instance(id).component].surface.exports;
        for path in functions(items, &[]) {
            let node = self.export(id, &path, exports, program);
            program.roots.push(Root { kind: RootKind::Export(path), instance: id, node });
        }
    }

    /// The node of a function that an instance exports.
    fn export(
        &mut self,
        id: InstanceId,
        path: &[String],
        exports: &[Exports],
        program: &mut Program,
    ) -> NodeId {
        let whole = Value::Instance(Rc::clone(&exports[id.0]));
        let node = self.within(id, program, |instantiation| {
            let mut at = whole;
            for (depth, name) in path.iter().enumerate() {
                let sort = if depth + 1 == path.len() { Sort::Function } else { Sort::Instance };
                at = instantiation.member(&at, name, sort);
            }
            instantiation.function(&at)
        });
        node.unwrap_or_else(|| program.intern(Node::Unknown { instance: id }))
    }

    /// Leads each import to who provides it, and what nobody can look into to all that it may use.
    fn wire(&mut self, exports: &[Exports], program: &mut Program) {
        let providers: BTreeMap<&Port, &Port> = self.wiring.edges.iter().filter_map(provided).collect();
        let mut done = 0;
        self.open(program);
        while done < program.nodes.len() {
            // What is handed in may use all that its instance imports.
            let unknown =
                if let Node::Unknown { instance } = &program.nodes[done] { Some(*instance) } else { None };
            if let Some(instance) = unknown {
                let component = self.wiring.instance(instance).component;
                for path in functions(&self.inputs.components[component].surface.imports, &[]) {
                    let import = program.intern(Node::Import { instance, path });
                    program.edges[done].push(import);
                }
            }
            if let Node::Import { instance, path } = program.nodes[done].clone()
                && let Some((first, rest)) = path.split_first()
                && let Some(provider) = providers.get(&Port { instance, name: first.clone() })
            {
                let path: Vec<String> = std::iter::once(&provider.name).chain(rest).cloned().collect();
                let export = self.export(provider.instance, &path, exports, program);
                program.edges[done].push(export);
            }
            done += 1;
            if done == program.nodes.len() {
                self.open(program);
            }
        }
    }

    /// Makes a root of what nobody can look into.
    fn open(&mut self, program: &mut Program) {
        for instance in self.unknown.keys() {
            let node = program.intern(Node::Unknown { instance: *instance });
            let is_there = |root: &Root| root.instance == *instance && root.node == node;
            if !program.roots.iter().any(is_there) {
                program.roots.push(Root { kind: RootKind::Unknown, instance: *instance, node });
            }
        }
    }
}

fn provided(edge: &crate::check::Edge) -> Option<(&Port, &Port)> {
    match &edge.provider {
        Provider::Export(export) => Some((&edge.import, export)),
        Provider::Member { .. } | Provider::Host(_) => None,
    }
}

/// The functions among items, those of instances within included, each by the names that lead to it.
fn functions(items: &Items, within: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (name, item) in items {
        let path = [within, std::slice::from_ref(name)].concat();
        match &item.kind {
            ItemKind::Function(_) => found.push(path),
            ItemKind::Instance(instance) => found.extend(functions(&instance.exports, &path)),
            ItemKind::Value(_) | ItemKind::Type(_) | ItemKind::Component(_) | ItemKind::CoreModule(_) => {}
        }
    }
    found
}
