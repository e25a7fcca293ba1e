//! Which imports the code of each instance can reach: a call graph over all core modules of a wiring, and walks over it.
//!
//! Differs from `handle.rs`, which needs types only: the two proofs complement each other. Within a component the world is
//! closed, because no host sees a core table; so what is not reached here is never called, as long as nothing is handed in.

mod calls;
mod instantiate;
mod program;
mod support;
mod walk;
mod witness;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

pub(super) use self::support::Support;
pub use self::witness::Step as WitnessStep;

use self::calls::connect;
use self::instantiate::{Instantiation, Value};
use self::program::{Node, NodeId, Program, Root, RootKind, SignatureId};
use self::support::Supported;
use self::walk::{Walk, reversed};
use super::capability::{Capability, Import, Instance, Kind};
use crate::check::{InstanceId, Port, Provider, Wiring};
use crate::load::{Code, Inputs, read_code};
use crate::model::{ItemKind, ItemPath, Items, Sort, Step};

/// What the code of a wiring can reach.
pub(super) struct Reach {
    codes: Vec<Option<Code>>,
    program: Program,
    /// Everything that any export of any instance can lead to.
    all: Walk,
    /// Everything that the exports of the whole can lead to; `None` where it is the same.
    needed: Option<Walk>,
    /// The instances of which something is handed in, or could not be read.
    unknown: BTreeSet<InstanceId>,
    supported: OnceCell<Supported>,
    reversed: OnceCell<Vec<Vec<NodeId>>>,
}

/// Everything that some import leads to.
pub(super) struct Beyond(Walk);

/// How an import is reached, and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Code that anyone may have meant can call it.
    Reachable,
    /// Likely nothing but run-time support calls it.
    Support(Support),
    /// Proven by types: its instance can never hold a handle that it needs.
    Unexercisable,
    /// Proven by code: nothing that can run calls it.
    Unreachable,
    /// Nobody can say; it counts as reachable.
    Unanalyzable,
}

impl Verdict {
    /// The word for it.
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Reachable => "reachable",
            Self::Support(_) => "run-time support",
            Self::Unexercisable => "never exercisable",
            Self::Unreachable => "unreachable",
            Self::Unanalyzable => "unanalyzable",
        }
    }

    /// How much it is reached: the less, the more.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Reachable => 0,
            Self::Unanalyzable => 1,
            Self::Support(_) => 2,
            Self::Unexercisable => 3,
            Self::Unreachable => 4,
        }
    }
}

impl Reach {
    /// Reads the code of all instances, and finds out what it can reach.
    pub(super) fn of(inputs: &Inputs, wiring: &Wiring) -> Self {
        let used: BTreeSet<usize> = wiring.instances.iter().map(|instance| instance.component).collect();
        let component = |(at, component)| used.contains(&at).then(|| read_code(component)).flatten();
        let codes: Vec<Option<Code>> = inputs.components.iter().enumerate().map(component).collect();
        let mut building =
            Building { inputs, wiring, codes: &codes, signatures: Vec::new(), unknown: BTreeSet::new() };
        let mut program = building.program();
        let Building { signatures, unknown, .. } = building;
        connect(&mut program, &codes, &signatures);
        let all = Walk::new(&program.edges, program.roots.iter().map(|root| root.node), |_| false);
        let is_exposed = |root: &&Root| match &root.kind {
            RootKind::Export(path) => {
                let is_it = |port: &Port| port.instance == root.instance && Some(&port.name) == path.first();
                wiring.exports.iter().any(|exposed| is_it(&exposed.export))
            }
            RootKind::Start | RootKind::Destructor | RootKind::Unknown => true,
        };
        let needed = (!wiring.exports.is_empty()).then(|| {
            let roots = program.roots.iter().filter(is_exposed).map(|root| root.node);
            Walk::new(&program.edges, roots, |_| false)
        });
        Self { codes, program, all, needed, unknown, supported: OnceCell::new(), reversed: OnceCell::new() }
    }

    /// How a capability of an instance is reached.
    pub(super) fn verdict(&self, instance: &Instance, capability: &Capability, wiring: &Wiring) -> Verdict {
        if capability.kind == Kind::HandedIn {
            return Verdict::Unanalyzable;
        }
        let Some(node) = self.import(instance.id, &capability.path).filter(|node| self.all.reaches(*node))
        else {
            return Verdict::Unreachable;
        };
        if self.unknown.contains(&instance.id) {
            return Verdict::Unanalyzable;
        }
        if !capability.can_be_called {
            return Verdict::Unexercisable;
        }
        let interface = capability.name.interface.as_ref().map(crate::model::InterfaceName::path);
        let supported = self.supported.get_or_init(|| Supported::of(&self.program, &self.codes));
        let support = interface.and_then(|it| supported.of_import(node, &it, instance.id, wiring));
        support.map_or(Verdict::Reachable, Verdict::Support)
    }

    /// Whether the exports of the whole lead to a capability. A capability that nothing reaches at all is not needed.
    pub(super) fn is_needed(&self, instance: &Instance, capability: &Capability) -> bool {
        let walk = self.needed.as_ref().unwrap_or(&self.all);
        capability.kind == Kind::HandedIn
            || self.import(instance.id, &capability.path).is_some_and(|node| walk.reaches(node))
    }

    /// The shortest way to a capability, from an export of the whole if one leads there; empty if there is none.
    pub(super) fn witness(
        &self,
        instance: &Instance,
        capability: &Capability,
        wiring: &Wiring,
    ) -> Vec<WitnessStep> {
        let Some(node) = self.import(instance.id, &capability.path) else { return Vec::new() };
        let way = self.needed.as_ref().and_then(|walk| walk.way(node)).or_else(|| self.all.way(node));
        let Some(way) = way else { return Vec::new() };
        let starts_here = |root: &&Root| Some(&root.node) == way.first();
        let root = self.program.roots.iter().find(starts_here).expect("every walk began at a root");
        self.words(root, &way, wiring)
    }

    /// The roots that lead to a capability, each with its instance: the names of exports, and what else starts code.
    pub(super) fn roots_of(
        &self,
        instance: &Instance,
        capability: &Capability,
        wiring: &Wiring,
    ) -> Vec<(String, String)> {
        let Some(node) = self.import(instance.id, &capability.path) else { return Vec::new() };
        let reversed = self.reversed.get_or_init(|| reversed(&self.program.edges));
        let back = Walk::new(reversed, [node], |_| false);
        let mut roots: Vec<(String, String)> = Vec::new();
        for root in self.program.roots.iter().filter(|root| back.reaches(root.node)) {
            let found = (wiring.instance(root.instance).name.clone(), root.kind.to_string());
            if !roots.contains(&found) {
                roots.push(found);
            }
        }
        roots
    }

    /// Everything that the code behind an import can lead to, as far as the instance can call it at all.
    pub(super) fn beyond(&self, instance: &Instance, import: &Import) -> Beyond {
        let nodes = import.capabilities.iter().filter_map(|it| self.import(instance.id, &it.path));
        let called = nodes.filter(|node| self.all.reaches(*node));
        Beyond(Walk::new(&self.program.edges, called, |_| false))
    }

    /// Whether a capability of some instance is among it.
    pub(super) fn leads_to(&self, beyond: &Beyond, instance: &Instance, capability: &Capability) -> bool {
        self.import(instance.id, &capability.path).is_some_and(|node| beyond.0.reaches(node))
    }

    /// The node of an imported function, if its instance makes any use of it.
    fn import(&self, instance: InstanceId, path: &ItemPath) -> Option<NodeId> {
        self.program.import(instance, names(path))
    }
}

fn names(path: &ItemPath) -> Vec<String> {
    let name = |step: &Step| if let Step::Item(name) = step { Some(name.clone()) } else { None };
    path.steps.iter().filter_map(name).collect()
}

/// The call graph while it is made.
struct Building<'a> {
    inputs: &'a Inputs,
    wiring: &'a Wiring,
    codes: &'a [Option<Code>],
    /// By component, by module, by type.
    signatures: Vec<Vec<Vec<Option<SignatureId>>>>,
    unknown: BTreeSet<InstanceId>,
}

type Exports = Rc<HashMap<String, Value>>;

impl Building<'_> {
    fn program(&mut self) -> Program {
        let mut program = Program::default();
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
            self.unknown.insert(id);
            return None;
        };
        let signatures = &self.signatures[component];
        let mut instantiation =
            Instantiation { program, code, component, instance: id, signatures, is_unknown: false };
        let done = work(&mut instantiation);
        if instantiation.is_unknown {
            self.unknown.insert(id);
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
        for instance in &self.unknown {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::side_by_side;
    use crate::diag::Run;
    use crate::policy::capability::instances;
    use crate::policy::tests::loaded;

    /// What the code of one component reaches, of the functions `a`, `b`, … of its import `x:y/z`, in order.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let inputs = loaded(&[("it", text)], &mut Run::default());
        let wiring = side_by_side(&inputs);
        let (instances, reach) = (instances(&inputs, &wiring), Reach::of(&inputs, &wiring));
        let verdict = |it| reach.verdict(&instances[0], it, &wiring).as_str();
        let found: Vec<_> = instances[0].capabilities().map(verdict).collect();
        assert_eq!(found, expected);
    }

    /// A component that imports some functions, and gives them to the core module of this text as `x`.
    fn component(functions: &[&str], module: &str) -> String {
        let import = |name: &&str| format!(r#"(export "{name}" (func))"#);
        let imports: String = functions.iter().map(import).collect();
        let lower = |name: &&str| {
            format!(
                r#"(alias export $z "{name}" (func ${name})) (core func ${name} (canon lower (func ${name})))"#
            )
        };
        let lowers: String = functions.iter().map(lower).collect();
        let give = |name: &&str| format!(r#"(export "{name}" (func ${name}))"#);
        let given: String = functions.iter().map(give).collect();
        format!(
            r#"(component
                (import "x:y/z" (instance $z {imports}))
                {lowers}
                (core module $m {module})
                (core instance $x {given})
                (core instance $i (instantiate $m (with "x" (instance $x))))
                (func (export "run") (canon lift (core func $i "run"))))"#
        )
    }

    #[test]
    fn calls_are_followed_from_exports_only() {
        let module = r#"
            (import "x" "a" (func $a)) (import "x" "b" (func $b)) (import "x" "c" (func $c))
            (func $one call $a) (func $dead call $b)
            (func $start call $c) (start $start)
            (func (export "run") call $one)"#;
        check(&component(&["a", "b", "c"], module), &["reachable", "unreachable", "reachable"]);
    }

    #[test]
    fn tables_are_told_apart_by_element_and_type() {
        let table = |more: &str| {
            format!(
                r#"(import "x" "a" (func $a)) (import "x" "b" (func $b)) (import "x" "c" (func $c))
                (type $plain (func)) (type $other (func (param i32)))
                (table $t 8 funcref)
                (func $wrap (param i32) call $c)
                (elem (table $t) (i32.const 1) func $a $b $wrap)
                {more}"#
            )
        };
        let at = |index: &str| format!(r#"(func (export "run") (call_indirect $t (type $plain) {index}))"#);
        let first = table(&at("(i32.const 1)"));
        check(&component(&["a", "b", "c"], &first), &["reachable", "unreachable", "unreachable"]);
        let any = table(&at("(i32.add (i32.const 1) (i32.const 0))"));
        check(&component(&["a", "b", "c"], &any), &["reachable", "reachable", "unreachable"]);
        let changed = format!(
            "{} (elem declare func $b) (func (table.set $t (i32.const 1) (ref.func $b)))",
            table(&at("(i32.const 1)"))
        );
        check(&component(&["a", "b", "c"], &changed), &["reachable", "reachable", "unreachable"]);
        let empty = table(&at("(i32.const 0)"));
        check(&component(&["a", "b", "c"], &empty), &["unreachable"; 3]);
    }

    #[test]
    fn references_lead_to_what_they_can_be_of() {
        let module = r#"
            (import "x" "a" (func $a)) (import "x" "b" (func $b))
            (type $plain (func))
            (elem declare func $a)
            (func $hold (drop (ref.func $a)))
            (func (export "run") (call_ref $plain (ref.null $plain)))"#;
        check(&component(&["a", "b"], module), &["reachable", "unreachable"]);
    }

    #[test]
    fn what_is_not_lowered_or_has_no_handle_is_never_called() {
        check(
            r#"(component (import "x:y/z" (instance
                (export "r" (type $r (sub resource)))
                (export "a" (func (param "r" (borrow $r)))))))"#,
            &["unreachable"],
        );
    }

    #[test]
    fn nested_components_are_followed_through_their_arguments() {
        let nested = r#"(component
            (import "x:y/z" (instance $z (export "a" (func)) (export "b" (func))))
            (alias export $z "a" (func $a))
            (alias export $z "b" (func $b))
            (component $inner
                (import "one" (func $one))
                (import "two" (func $two))
                (core func $one (canon lower (func $one)))
                (core func $two (canon lower (func $two)))
                (core module $m
                    (import "x" "one" (func $one)) (import "x" "two" (func $two))
                    (func (export "f") call $one) (func (export "g") call $two))
                (core instance $x (export "one" (func $one)) (export "two" (func $two)))
                (core instance $i (instantiate $m (with "x" (instance $x))))
                (func (export "f") (canon lift (core func $i "f")))
                (func (export "g") (canon lift (core func $i "g"))))
            (instance $first (instantiate $inner (with "one" (func $a)) (with "two" (func $b))))
            (alias export $first "f" (func $f))
            (instance $second (instantiate $inner (with "one" (func $f)) (with "two" (func $f))))
            (alias export $second "g" (func $g))
            (export "run" (func $g)))"#;
        check(nested, &["reachable", "unreachable"]);
    }

    #[test]
    fn what_is_handed_in_makes_everything_unanalyzable() {
        check(
            r#"(component
                (import "m" (core module $m (export "run" (func))))
                (import "x:y/z" (instance $z (export "a" (func))))
                (core instance $i (instantiate $m))
                (func (export "run") (canon lift (core func $i "run"))))"#,
            &["unanalyzable", "unanalyzable"],
        );
    }
}
