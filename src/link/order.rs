//! Puts the imports of the whole in an order in which each comes after those whose types it uses.
//!
//! Differs from `imports.rs`, which writes them: whatever it meets there that another import names is written by then.

use std::collections::{HashMap, HashSet};
use std::vec::IntoIter;

use super::diagnostics::{ImportCircle, Problem};
use crate::check::{HostImport, InstanceId, Origin, Port, Wiring};
use crate::load::Inputs;
use crate::model::{
    Definition, Item, ItemKind, Items, ResourceId, Side, Surface, TypeId, TypeTable, ValueType,
};

/// Where the imports of instances are found, and which of them the whole imports.
#[derive(Clone, Copy)]
pub(super) struct Users<'a> {
    inputs: &'a Inputs,
    pub(super) wiring: &'a Wiring,
}

impl<'a> Users<'a> {
    pub(super) fn new(inputs: &'a Inputs, wiring: &'a Wiring) -> Self {
        Self { inputs, wiring }
    }

    pub(super) fn surface(self, user: InstanceId) -> &'a Surface {
        &self.inputs.components[self.wiring.instance(user).component].surface
    }

    pub(super) fn types(self, user: InstanceId) -> &'a TypeTable {
        &self.surface(user).types
    }

    pub(super) fn item(self, port: &Port) -> &'a Item {
        &self.surface(port.instance).imports[&port.name]
    }

    /// The import of a user that became an import of the whole.
    pub(super) fn port(self, import: usize, user: InstanceId) -> &'a Port {
        let users = &self.wiring.host[import].users;
        users.iter().find(|port| port.instance == user).unwrap_or(&users[0])
    }

    /// All members of an imported instance that any user asks for, each with the first who does: those of the newest first.
    pub(super) fn members(self, import: usize) -> Vec<Member<'a>> {
        let (mut known, mut found) = (HashSet::new(), Vec::new());
        for port in &self.wiring.host[import].users {
            let ItemKind::Instance(instance) = &self.item(port).kind else { continue };
            let new = instance.exports.iter().filter(|(name, _)| known.insert(*name));
            found.extend(new.map(|(name, item)| (port.instance, name, item)));
        }
        found
    }
}

/// A member of an imported instance, with who asks for it.
pub(super) type Member<'a> = (InstanceId, &'a String, &'a Item);

/// By import of an instance: the import of the whole.
pub(super) struct Hosts(HashMap<Port, usize>);

impl Hosts {
    pub(super) fn of(wiring: &Wiring) -> Self {
        let users = |(at, import): (usize, &HostImport)| {
            import.users.iter().map(move |port| (port.clone(), at)).collect::<Vec<_>>()
        };
        Self(wiring.host.iter().enumerate().flat_map(users).collect())
    }

    /// The import of the whole in which a type of a user has its name, if it has it in one.
    pub(super) fn naming(&self, users: Users<'_>, user: InstanceId, id: TypeId) -> Option<usize> {
        let path = users.types(user).name(id).filter(|path| path.side == Side::Import)?;
        self.0.get(&Port { instance: user, name: path.extern_name()?.to_owned() }).copied()
    }
}

/// All imports of the whole, each after those that it needs.
pub(super) fn order(users: Users<'_>, hosts: &Hosts) -> Result<Vec<usize>, Problem> {
    let count = users.wiring.host.len();
    let mut search =
        Search { users, hosts, states: vec![State::New; count], open: Vec::new(), found: Vec::new() };
    (0..count).try_for_each(|import| search.visit(import))?;
    Ok(search.found)
}

/// An import of the whole that another one needs, and the instance for which it does.
type Need = (usize, InstanceId);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

struct Search<'a> {
    users: Users<'a>,
    hosts: &'a Hosts,
    states: Vec<State>,
    /// The imports around the current one, each with the user for whom the next one is needed, and what else it needs.
    open: Vec<(Need, IntoIter<Need>)>,
    found: Vec<usize>,
}

impl Search<'_> {
    fn visit(&mut self, import: usize) -> Result<(), Problem> {
        self.enter(import)?;
        while let Some(((import, user), left)) = self.open.last_mut() {
            if let Some((needed, of)) = left.next() {
                *user = of;
                self.enter(needed)?;
            } else {
                self.states[*import] = State::Done;
                self.found.push(*import);
                self.open.pop();
            }
        }
        Ok(())
    }

    fn enter(&mut self, import: usize) -> Result<(), Problem> {
        match self.states[import] {
            State::Done => {}
            State::Open => return Err(self.circle(import)),
            State::New => {
                self.states[import] = State::Open;
                let first = self.users.wiring.host[import].users[0].instance;
                self.open.push(((import, first), self.needs(import).into_iter()));
            }
        }
        Ok(())
    }

    /// The circle that `import` closes.
    fn circle(&self, import: usize) -> Problem {
        let from = self.open.iter().position(|((open, _), _)| *open == import).unwrap_or_default();
        let ports =
            self.open[from..].iter().map(|((import, user), _)| self.users.port(*import, *user).clone());
        Problem::Circle(ImportCircle { ports: ports.collect() })
    }

    /// The other imports that name or bring in what an import uses, in the order in which it uses them.
    fn needs(&self, import: usize) -> Vec<Need> {
        let first = &self.users.wiring.host[import].users[0];
        let (users, hosts) = (self.users, self.hosts);
        let (seen, bound, needs) = (HashSet::new(), HashSet::new(), Vec::new());
        let mut walk = Walk { users, hosts, import, user: first.instance, seen, bound, needs };
        let item = users.item(first);
        if let ItemKind::Instance(_) = item.kind {
            for (user, _, item) in users.members(import) {
                walk.user = user;
                walk.item(item);
            }
        } else {
            walk.item(item);
        }
        walk.needs
    }
}

/// The walk through all that an import is made of.
struct Walk<'a> {
    users: Users<'a>,
    hosts: &'a Hosts,
    import: usize,
    /// Who has the item that is looked at.
    user: InstanceId,
    seen: HashSet<(InstanceId, TypeId)>,
    /// Resources that the type of an imported component binds: they have no origin in the graph.
    bound: HashSet<(InstanceId, ResourceId)>,
    needs: Vec<Need>,
}

impl Walk<'_> {
    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Function(function) => {
                let values = function.parameters.iter().map(|(_, value)| *value).chain(function.result);
                values.for_each(|value| self.value(value));
            }
            ItemKind::Value(value) => self.value(*value),
            ItemKind::Type(id) => {
                let behind = self.behind(*id);
                self.types(behind);
            }
            ItemKind::Instance(instance) => self.items(&instance.exports),
            ItemKind::Component(component) => {
                let bound = component.bound(self.users.types(self.user)).into_iter().flatten();
                self.bound.extend(bound.map(|resource| (self.user, resource)));
                self.items(&component.imports);
                self.items(&component.exports);
            }
            ItemKind::CoreModule(_) => {}
        }
    }

    fn items(&mut self, items: &Items) {
        items.values().for_each(|item| self.item(item));
    }

    fn value(&mut self, value: ValueType) {
        if let ValueType::Defined(id) = value {
            self.types(vec![id]);
        }
    }

    /// Looks at types, the last one first, down to those that another import of the whole names.
    fn types(&mut self, mut left: Vec<TypeId>) {
        while let Some(id) = left.pop() {
            if !self.seen.insert((self.user, id)) {
                continue;
            }
            match self.hosts.naming(self.users, self.user, id) {
                Some(import) if import != self.import => self.need(import),
                // One version of an import may use types of another one, which is the same import now.
                Some(_) | None => left.extend(self.behind(id)),
            }
        }
    }

    /// What a type is made of, or another name of: the first at the end.
    fn behind(&mut self, id: TypeId) -> Vec<TypeId> {
        let definition = self.users.types(self.user).get(id);
        if let Definition::Resource(resource) = definition {
            let origin = &self.users.wiring.origins[self.user.0][resource.0 as usize];
            let is_bound = self.bound.contains(&(self.user, *resource));
            if let (Origin::Host { import, .. }, false) = (origin, is_bound) {
                self.need(*import);
            }
        }
        definition.refers_to().into_iter().rev().collect()
    }

    fn need(&mut self, import: usize) {
        if import != self.import {
            self.needs.push((import, self.user));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::thread::Builder;

    use super::*;
    use crate::check::by_itself;
    use crate::config::{ComponentInput, Request};
    use crate::diag::Run;
    use crate::load::load;
    use crate::model::Step;
    use crate::source::MemoryFiles;

    /// A component with a chain of imports, each of which uses a resource of the one before it.
    fn chain(length: usize) -> Inputs {
        let mut text =
            r#"(component (import "i0" (instance $i0 (export "r" (type (sub resource)))))"#.to_owned();
        for at in 1..length {
            text += &format!(
                r#"(alias export $i{0} "r" (type $r{0}))
                (import "i{at}" (instance $i{at} (export "p" (type (eq $r{0}))) (export "r" (type (sub resource)))))"#,
                at - 1
            );
        }
        let files = MemoryFiles::default().with("x.wat", text + ")");
        let input = ComponentInput::bare(PathBuf::from("x.wat"));
        load(&Request { inputs: vec![input], ..Request::default() }, &files, &mut Run::default())
    }

    #[test]
    fn a_chain_is_followed_without_a_deep_stack() {
        let length = 1_000;
        let inputs = chain(length);
        let mut wiring = by_itself(&inputs, 0);
        wiring.host.reverse();
        let origin = |at| Origin::Host { import: length - 1 - at, steps: vec![Step::Item("r".to_owned())] };
        wiring.origins = vec![(0..length).map(origin).collect()];
        let ordered = move || order(Users::new(&inputs, &wiring), &Hosts::of(&wiring)).ok();
        let thread = Builder::new().stack_size(1 << 16).spawn(ordered);
        let found = thread.expect("a thread can be made").join().expect("it has enough stack");
        assert_eq!(found, Some((0..length).rev().collect()));
    }
}
