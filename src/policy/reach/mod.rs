//! Which imports the code of each instance can reach: a call graph over all core modules of a wiring, and walks over it.
//!
//! Differs from `handle.rs`, which needs types only: the two proofs complement each other. Within a component the world is
//! closed, because no host sees a core table; so what is not reached here is never called, as long as nothing is handed in.

mod baseline;
mod building;
mod calls;
#[cfg(test)]
mod hostile;
mod instantiate;
mod leading;
mod obstacle;
mod program;
mod support;
mod walk;
mod witness;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

pub(super) use self::obstacle::Obstacle;
pub use self::support::SupportKind;
pub(super) use self::support::{Support, all_causes};
pub use self::witness::Step as WitnessStep;
pub(super) use self::witness::sentence;

use self::building::Building;
use self::calls::connect;
use self::leading::{Led, leading};
use self::program::{Node, NodeId, Program, Root, RootKind};
use self::support::Supported;
use self::walk::{Walk, reversed};
use super::capability::{Capability, Import, Instance, Kind};
use crate::check::{InstanceId, Wiring};
use crate::load::{Code, CodeDefinition, Inputs, Starts, read_code};
use crate::model::{ItemPath, Step, short_function_name};

/// What the code of a wiring can reach.
pub(super) struct Reach {
    codes: Vec<Option<Code>>,
    program: Program,
    /// Everything that any export of any instance can lead to.
    all: Walk,
    /// Everything that the exports of the whole can lead to; `None` where it is the same.
    needed: Option<Walk>,
    /// The instances of which not all code could be followed, and why.
    unknown: BTreeMap<InstanceId, Obstacle>,
    supported: OnceCell<Supported>,
    reversed: OnceCell<Vec<Vec<NodeId>>>,
    /// By import: the roots that lead to it.
    leading: OnceCell<HashMap<NodeId, Led>>,
    /// Everything that direct calls lead to.
    direct: OnceCell<Walk>,
    /// By node: the first root that it is.
    starts: OnceCell<HashMap<NodeId, usize>>,
    /// By import: whether a program that does nothing has as much of it.
    explained: RefCell<HashMap<(InstanceId, String), bool>>,
}

/// The roots that lead to a capability.
#[derive(Debug, Default)]
pub(super) struct Leading {
    /// Each with its instance: the names of exports, and what else starts code. Not more than 64.
    pub(super) first: Vec<(String, String)>,
    /// How many there are.
    pub(super) count: usize,
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
        let codes: Vec<Option<Code>> = inputs.components.par_iter().enumerate().map(component).collect();
        let mut building = Building::new(inputs, wiring, &codes);
        let mut program = building.program();
        let Building { signatures, unknown, .. } = building;
        connect(&mut program, &codes, &signatures);
        let all = Walk::new(&program.edges, program.roots.iter().map(|root| root.node), |_| false);
        let exposed: BTreeSet<(InstanceId, &str)> =
            wiring.exports.iter().map(|it| (it.export.instance, it.export.name.as_str())).collect();
        let is_exposed = |root: &&Root| match &root.kind {
            RootKind::Export(path) => {
                path.first().is_some_and(|name| exposed.contains(&(root.instance, name.as_str())))
            }
            RootKind::Start | RootKind::Destructor | RootKind::Unknown => true,
        };
        let needed = (!wiring.exports.is_empty()).then(|| {
            let roots = program.roots.iter().filter(is_exposed).map(|root| root.node);
            Walk::new(&program.edges, roots, |_| false)
        });
        Self {
            codes,
            program,
            all,
            needed,
            unknown,
            supported: OnceCell::new(),
            reversed: OnceCell::new(),
            leading: OnceCell::new(),
            direct: OnceCell::new(),
            starts: OnceCell::new(),
            explained: RefCell::default(),
        }
    }

    /// How a capability of an instance is reached.
    pub(super) fn verdict(&self, instance: &Instance, capability: &Capability) -> Verdict {
        if capability.kind == Kind::HandedIn {
            return Verdict::Unanalyzable;
        }
        let Some(node) = self.import(instance.id, &capability.path).filter(|node| self.all.reaches(*node))
        else {
            return Verdict::Unreachable;
        };
        if self.unknown.contains_key(&instance.id) {
            return Verdict::Unanalyzable;
        }
        if !capability.can_be_called {
            return Verdict::Unexercisable;
        }
        let interface = capability.name.interface.as_ref().map(crate::model::InterfaceName::path);
        let supported = self.supported.get_or_init(|| Supported::of(&self.program, &self.codes));
        let support = interface.and_then(|it| {
            let by_code = supported.of_import(node, &it, instance);
            by_code.or_else(|| self.of_empty_program(instance, capability, &it))
        });
        support.map_or(Verdict::Reachable, Verdict::Support)
    }

    /// The run-time support that brings in all of an import that is reached, in a program that does nothing as well.
    fn of_empty_program(
        &self,
        instance: &Instance,
        capability: &Capability,
        interface: &str,
    ) -> Option<Support> {
        let supported = self.supported.get()?;
        let name = capability.path.extern_name()?;
        let mut known = self.explained.borrow_mut();
        let is_explained = *known.entry((instance.id, name.to_owned())).or_insert_with(|| {
            let import = instance.imports.iter().find(|import| import.extern_name == name);
            let all = import.into_iter().flat_map(|import| &import.capabilities);
            let reached = all.filter(|it| {
                let node = self.import(instance.id, &it.path).filter(|node| self.all.reaches(*node));
                it.can_be_called
                    && node.is_some_and(|node| supported.of_import(node, interface, instance).is_none())
            });
            let names = reached.filter_map(|it| it.name.function.as_deref()).map(short_function_name);
            supported.begins(instance.component).is_some_and(|begins| begins.explains(interface, names))
        });
        is_explained.then(|| supported.of_empty_program(instance.component)).flatten()
    }

    /// Whether anything that can run leads to a capability.
    pub(super) fn is_reachable(&self, instance: &Instance, capability: &Capability) -> bool {
        capability.kind == Kind::HandedIn
            || self.import(instance.id, &capability.path).is_some_and(|node| self.all.reaches(node))
    }

    /// Whether a capability is given to core code, or exported as it is.
    pub(super) fn is_lowered(&self, instance: &Instance, capability: &Capability) -> bool {
        capability.kind == Kind::HandedIn
            || self
                .import(instance.id, &capability.path)
                .is_some_and(|node| self.program.lowered.contains(&node) || self.starts().contains_key(&node))
    }

    /// Whether direct calls alone lead to a capability.
    pub(super) fn is_direct(&self, instance: &Instance, capability: &Capability) -> bool {
        let direct = self.direct.get_or_init(|| {
            let through = |node: NodeId| {
                matches!(self.program.nodes[node], Node::Table { .. } | Node::References { .. })
            };
            Walk::new(&self.program.edges, self.program.roots.iter().map(|root| root.node), through)
        });
        self.import(instance.id, &capability.path).is_some_and(|node| direct.reaches(node))
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
        let root =
            way.first().and_then(|first| self.starts().get(first)).expect("every walk began at a root");
        self.words(&self.program.roots[*root], &way, wiring)
    }

    /// By node: the first root that it is.
    fn starts(&self) -> &HashMap<NodeId, usize> {
        self.starts.get_or_init(|| {
            // Of several roots in one place the first one counts.
            let roots = self.program.roots.iter().enumerate().rev();
            roots.map(|(at, root)| (root.node, at)).collect()
        })
    }

    /// The roots that lead to a capability.
    pub(super) fn roots_of(&self, instance: &Instance, capability: &Capability, wiring: &Wiring) -> Leading {
        let Some(node) = self.import(instance.id, &capability.path) else { return Leading::default() };
        let leading = self.leading.get_or_init(|| leading(&self.program));
        let Some(led) = leading.get(&node) else { return Leading::default() };
        let words = |at: &usize| {
            let root = &self.program.roots[*at];
            (wiring.instance(root.instance).name.clone(), root.kind.to_string())
        };
        Leading { first: led.first.iter().map(words).collect(), count: led.count }
    }

    /// The functions that an instance exports, each by the names that lead to it.
    pub(super) fn exports(&self, instance: InstanceId) -> impl Iterator<Item = &[String]> {
        let own = self.program.roots.iter().filter(move |root| root.instance == instance);
        own.filter_map(
            |root| if let RootKind::Export(path) = &root.kind { Some(path.as_slice()) } else { None },
        )
    }

    /// Those of them that lead to a capability of the same instance.
    pub(super) fn exports_to(&self, instance: &Instance, capability: &Capability) -> Vec<&[String]> {
        let Some(node) = self.import(instance.id, &capability.path) else { return Vec::new() };
        let reversed = self.reversed.get_or_init(|| reversed(&self.program.edges));
        let back = Walk::new(reversed, [node], |_| false);
        let own =
            self.program.roots.iter().filter(|root| root.instance == instance.id && back.reaches(root.node));
        own.filter_map(
            |root| if let RootKind::Export(path) = &root.kind { Some(path.as_slice()) } else { None },
        )
        .collect()
    }

    /// The engine in which what an instance does is text that it runs, if there is one.
    pub(super) fn engine(&self, instance: &Instance) -> Option<&str> {
        let supported = self.supported.get_or_init(|| Supported::of(&self.program, &self.codes));
        supported.engine(instance.component)
    }

    /// Whether code of an instance starts threads, whose way through the code is not followed.
    pub(super) fn starts_threads(&self, instance: &Instance) -> bool {
        let starts = |definition: &CodeDefinition| matches!(definition, CodeDefinition::BuiltIn { starts, .. } if *starts != Starts::Nothing);
        let code = self.codes[instance.component].as_ref();
        code.is_some_and(|code| code.components.iter().any(|it| it.definitions.iter().any(starts)))
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

    /// Why not all code of an instance could be followed; `None` if it could.
    pub(super) fn obstacle(&self, instance: InstanceId) -> Option<Obstacle> {
        self.unknown.get(&instance).copied()
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
        let verdict = |it| reach.verdict(&instances[0], it).as_str();
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
