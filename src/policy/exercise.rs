//! Which imported functions can ever be called: those whose handles an instance can come to hold, over all instances at once.
//!
//! Differs from `handle.rs`, which reads single types: this follows handles from instance to instance. It looks at no code.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::capability::Instance;
use super::handle::{Resources, held_from_the_start, taken_by_exports};
use crate::check::{InstanceId, Origin, Wiring};
use crate::load::Inputs;
use crate::model::{ResourceId, Step};

/// A resource, the same for all instances that deal with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    /// All that one instance defines: the wiring does not tell them apart.
    OfInstance(InstanceId),
    /// That of the host.
    OfHost(usize, Vec<Step>),
    /// One of which only its instance is known.
    Local(InstanceId, ResourceId),
}

type Held = BTreeSet<usize>;

/// Marks the functions that no instance can ever call.
pub(super) fn exercise(inputs: &Inputs, wiring: &Wiring, instances: &mut [Instance]) {
    let mut identities = Identities { wiring, known: BTreeMap::new() };
    let mut held: Vec<Held> = instances
        .iter()
        .map(|instance| identities.all(instance.id, &start(inputs, wiring, instance)))
        .collect();
    // By instance, by capability: what it needs, what it passes on, what it gets.
    let moves: Vec<Vec<Move>> = instances.iter().map(|instance| moves(instance, &mut identities)).collect();
    let mut done: Vec<Vec<bool>> = moves.iter().map(|moves| vec![false; moves.len()]).collect();
    let mut open: VecDeque<usize> = (0..instances.len()).rev().collect();
    let mut is_open = vec![true; instances.len()];
    while let Some(at) = open.pop_front() {
        is_open[at] = false;
        let mut grows = true;
        while grows {
            grows = false;
            for (step, done) in moves[at].iter().zip(&mut done[at]) {
                if !*done && step.needs.is_subset(&held[at]) {
                    (*done, grows) = (true, true);
                    held[at].extend(&step.gets);
                }
            }
        }
        for (step, _) in moves[at].iter().zip(&done[at]).filter(|(_, done)| **done) {
            let Some(provider) = step.provider else { continue };
            let passed: Vec<usize> = step.passes.intersection(&held[at]).copied().collect();
            let before = held[provider.0].len();
            held[provider.0].extend(passed);
            if held[provider.0].len() > before && !is_open[provider.0] {
                is_open[provider.0] = true;
                open.push_back(provider.0);
            }
        }
    }
    for (instance, done) in instances.iter_mut().zip(done) {
        let capabilities = instance.imports.iter_mut().flat_map(|import| &mut import.capabilities);
        capabilities.zip(done).for_each(|(capability, done)| capability.can_be_called = done);
    }
}

/// What becomes of handles when one imported function is called.
struct Move {
    needs: Held,
    passes: Held,
    gets: Held,
    provider: Option<InstanceId>,
}

fn moves(instance: &Instance, identities: &mut Identities<'_>) -> Vec<Move> {
    let capabilities =
        instance.imports.iter().flat_map(|import| import.capabilities.iter().map(|it| (it, import.provider)));
    capabilities
        .map(|(capability, provider)| Move {
            needs: identities.all(instance.id, &capability.handles.mandatory),
            passes: identities.all(instance.id, &capability.handles.taken),
            gets: identities.all(instance.id, &capability.handles.given),
            provider,
        })
        .collect()
}

/// What an instance holds before it calls anything: what it defines, and what callers from outside hand to it.
fn start(inputs: &Inputs, wiring: &Wiring, instance: &Instance) -> Resources {
    let surface = &inputs.components[instance.component].surface;
    // Where the origins of resources are not known, handles cannot be followed from instance to instance.
    let is_known = !wiring.origins.is_empty() && !wiring.exports.is_empty();
    let own =
        wiring.exports.iter().map(|exposed| &exposed.export).filter(|export| export.instance == instance.id);
    let exposed: BTreeSet<&str> = own.map(|export| export.name.as_str()).collect();
    let is_exposed = |name: &str| !is_known || exposed.contains(name);
    let mut held = held_from_the_start(surface);
    held.extend(taken_by_exports(surface, is_exposed));
    held
}

struct Identities<'a> {
    wiring: &'a Wiring,
    known: BTreeMap<Identity, usize>,
}

impl Identities<'_> {
    fn all(&mut self, instance: InstanceId, resources: &Resources) -> Held {
        resources.iter().map(|resource| self.of(instance, *resource)).collect()
    }

    fn of(&mut self, instance: InstanceId, resource: ResourceId) -> usize {
        let origins = self.wiring.origins.get(instance.0);
        let identity = match origins.and_then(|origins| origins.get(resource.0 as usize)) {
            Some(Origin::Instance(by)) => Identity::OfInstance(*by),
            Some(Origin::Host { import, steps }) => Identity::OfHost(*import, steps.clone()),
            None => Identity::Local(instance, resource),
        };
        let next = self.known.len();
        *self.known.entry(identity).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    use crate::check::wire;
    use crate::config::{ComponentInput, ComposeRequest, InputPath, Request, compositions};
    use crate::diag::Run;
    use crate::load::load;
    use crate::policy::capability::instances;
    use crate::source::MemoryFiles;

    /// Takes files from its caller and reads them; nothing else gives it any.
    const READER: &str = r#"(component
        (import "wasi:filesystem/types@0.2.3" (instance $types
            (export "descriptor" (type $descriptor (sub resource)))
            (export "[method]descriptor.sync" (func (param "self" (borrow $descriptor))))))
        (alias export $types "descriptor" (type $descriptor))
        (core module $m (func (export "read") (param i32)))
        (core instance $i (instantiate $m))
        (func $read (param "file" (own $descriptor)) (canon lift (core func $i "read")))
        (instance $api (export "descriptor" (type $descriptor)) (export "read" (func $read)))
        (export "acme:reader/read" (instance $api)))"#;

    fn user(preopens: &str) -> String {
        format!(
            r#"(component
            (import "wasi:filesystem/types@0.2.3" (instance $types
                (export "descriptor" (type $descriptor (sub resource)))))
            (alias export $types "descriptor" (type $descriptor))
            {preopens}
            (import "acme:reader/read" (instance
                (export "descriptor" (type $own (eq $descriptor)))
                (export "read" (func (param "file" (own $own))))))
            (core module $m (func (export "run")))
            (core instance $i (instantiate $m))
            (func (export "run") (canon lift (core func $i "run"))))"#
        )
    }

    /// Which functions of the reader and its user can be called in their composition.
    #[track_caller]
    fn check(preopens: &str, expected: &[(&str, bool)]) {
        let files = MemoryFiles::default().with("reader.wat", READER).with("user.wat", user(preopens));
        let input = |name: &str| ComponentInput {
            name: Some(name.to_owned()),
            path: InputPath::Path(format!("{name}.wat").into()),
            wit: None,
        };
        let request = Request { inputs: vec![input("reader"), input("user")], ..Request::default() };
        let mut run = Run::default();
        let compositions = compositions(&request, &ComposeRequest::default(), &files, &mut run);
        let composition = &compositions.expect("it is one")[0];
        let mut inputs = load(&Request { inputs: composition.inputs.clone(), ..request }, &files, &mut run);
        let wiring = wire(&mut inputs, composition, &mut run);
        let said: Vec<_> = run.diagnostics.iter().map(|it| it.message.clone()).collect();
        let wiring = wiring.unwrap_or_else(|| panic!("{said:?}"));
        let instances = instances(&inputs, &wiring);
        let all = instances.iter().flat_map(|it| &it.imports).flat_map(|import| &import.capabilities);
        let found: Vec<_> =
            all.map(|it| (it.name.function.clone().unwrap_or_default(), it.can_be_called)).collect();
        let found: Vec<_> = found.iter().map(|(name, can)| (name.as_str(), *can)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn handles_come_from_other_instances() {
        check("", &[("[method]descriptor.sync", false), ("read", false)]);
        let preopens = r#"(import "wasi:filesystem/preopens@0.2.3" (instance
                (export "descriptor" (type $d (eq $descriptor)))
                (export "get" (func (result (own $d))))))"#;
        check(preopens, &[("[method]descriptor.sync", true), ("get", true), ("read", true)]);
    }
}
