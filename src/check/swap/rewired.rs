//! Holds a component against the wires of the part whose place it takes: what it is given, and what others take from it.
//!
//! Differs from `mod.rs`, which knows what else keeps a part from being exchanged.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Names, Reason};
use crate::check::compare::{Operand, compare};
use crate::check::diagnostics::{piece_text, sides};
use crate::check::{Difference, Mismatch};
use crate::diag::quoted;
use crate::load::{Component, ReadBack};
use crate::model::{
    ComponentType, GraphComponent, GraphInstance, GraphItem, GraphSource, InstanceType, Item, ItemKind,
    ItemPath, Side, Step, Surface,
};

/// A part of a composition, and a component that is to be in its place.
pub(super) struct Rewired<'a> {
    pub(super) whole: &'a Component,
    pub(super) read: &'a ReadBack,
    pub(super) inside: &'a GraphComponent,
    /// The part: an index into the instances of `inside`.
    pub(super) at: usize,
    pub(super) names: &'a Names<'a>,
    pub(super) new: &'a Surface,
    /// By component of the graph: what it imports and exports, where that can be told.
    pub(super) surfaces: RefCell<BTreeMap<usize, Option<Rc<Surface>>>>,
}

/// One thing that somebody provides.
struct Provided {
    surface: Rc<Surface>,
    item: Item,
}

impl Rewired<'_> {
    /// Why the component does not fit, if it does not.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        let mut reasons = self.unmet();
        for reason in self.unserved() {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    /// The imports of the new component that are not met by what the part is given.
    fn unmet(&self) -> Vec<Reason> {
        let instance = &self.inside.instances[self.at];
        let given = instance.arguments.iter().map(|argument| (self.names.argument(&argument.name), argument));
        let given: BTreeMap<&str, &GraphItem> = given.collect();
        let mut reasons = Vec::new();
        for (name, item) in &self.new.imports {
            let at = ItemPath::item(Side::Import, name);
            match given.get(name.as_str()) {
                Some(argument) => reasons.extend(self.ill_given(at, item, &argument.from)),
                None => {
                    let text = format!("{} is not given to {}", quoted(name), quoted(&instance.name));
                    reasons.push(Reason::at(&at, &at, text));
                }
            }
        }
        reasons
    }

    /// How that which is given for an item of the new component is not what it expects.
    fn ill_given(&self, at: ItemPath, item: &Item, from: &GraphSource) -> Vec<Reason> {
        let differs = |at: &ItemPath, difference| {
            let mismatch =
                Mismatch { path: at.clone(), expected_at: at.clone(), found_at: at.clone(), difference };
            expects(&mismatch)
        };
        match (from, &item.kind) {
            (GraphSource::Bundle(members), ItemKind::Instance(expected)) => {
                let mut reasons = Vec::new();
                for (name, item) in &expected.exports {
                    let at = at.then(Step::Item(name.clone()));
                    match members.get(name) {
                        Some(member) => reasons.extend(self.ill_given(at, item, &member.from)),
                        None => reasons.push(differs(&at, Difference::Missing { noun: item.kind.noun() })),
                    }
                }
                reasons
            }
            (GraphSource::Bundle(_), kind) => {
                let difference = Difference::Kind { expected: kind.noun(), found: "instance" };
                vec![differs(&at, difference)]
            }
            (source, _) => {
                let Some(provided) = self.provided(source) else { return Vec::new() };
                let found = Operand { surface: &provided.surface, item: &provided.item };
                let expected = Operand { surface: self.new, item };
                let mismatches = compare(expected, at.clone(), found, at).mismatches;
                mismatches.iter().map(expects).collect()
            }
        }
    }

    /// What comes from a source, as far as that can be told from the surface of whoever provides it.
    fn provided(&self, source: &GraphSource) -> Option<Provided> {
        let (surface, side, way) = match source {
            GraphSource::Import(way) => (self.surface(0)?, Side::Import, way),
            GraphSource::Instance(at, way) => {
                (self.surface(self.inside.instances.get(*at)?.component?)?, Side::Export, way)
            }
            GraphSource::Bundle(_) | GraphSource::Own | GraphSource::Unknown => return None,
        };
        let item = item_at(&surface, side, way.iter().map(String::as_str))?;
        Some(Provided { surface, item })
    }

    /// What others take from the part and the new component does not offer, or offers as something else.
    fn unserved(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let users = self.inside.instances.iter().map(|user| (Some(user), &user.arguments));
        for (user, items) in users.chain([(None, &self.inside.exports)]) {
            for item in items {
                for (member, source) in pieces(&item.from) {
                    if let GraphSource::Instance(at, way) = source
                        && *at == self.at
                    {
                        reasons.extend(self.ill_served(user, [Some(&item.name), member], way));
                    }
                }
            }
        }
        reasons
    }

    /// How the new component does not offer what someone knows by a name, and perhaps that of a member, and takes in a way.
    fn ill_served(
        &self,
        user: Option<&GraphInstance>,
        known_as: [Option<&String>; 2],
        way: &[String],
    ) -> Vec<Reason> {
        let name = |(at, name)| if at == 0 { self.names.export(name) } else { name };
        let way: Vec<&str> = way.iter().map(String::as_str).enumerate().map(name).collect();
        let steps = way.iter().map(|name| Step::Item((*name).to_owned())).collect();
        let at = ItemPath { side: Side::Export, steps };
        let Some(offered) = item_at(self.new, Side::Export, way) else {
            let taker = user.map_or("the whole".to_owned(), |user| quoted(&user.name));
            return vec![Reason::whole(format!(
                "it does not export {}, which {taker} takes from it",
                piece_text(&at)
            ))];
        };
        let side = if user.is_some() { Side::Import } else { Side::Export };
        let component = user.map_or(Some(0), |user| user.component);
        let Some(surface) = component.and_then(|component| self.surface(component)) else {
            return Vec::new();
        };
        let known_as = known_as.into_iter().flatten().map(String::as_str);
        let Some(wanted) = item_at(&surface, side, known_as) else { return Vec::new() };
        let expected = Operand { surface: &surface, item: &wanted };
        let found = Operand { surface: self.new, item: &offered };
        let mismatches = compare(expected, at.clone(), found, at).mismatches;
        let differs = |mismatch: &Mismatch| {
            let (expected, found) = sides(&mismatch.difference);
            Reason::at(&mismatch.path, &mismatch.found_at, format!("it {found}, and its user {expected}"))
        };
        mismatches.iter().map(differs).collect()
    }

    /// What a component of the graph imports and exports; the first is the whole.
    fn surface(&self, component: usize) -> Option<Rc<Surface>> {
        let known = self.surfaces.borrow().get(&component).cloned();
        known.unwrap_or_else(|| {
            let surface = match component {
                0 => Some(self.whole.surface.clone()),
                _ => self.read.component(component, self.whole).map(|component| component.surface),
            };
            let surface = surface.map(Rc::new);
            self.surfaces.borrow_mut().insert(component, surface.clone());
            surface
        })
    }
}

/// How a whole does not offer what it offered before, if it does not.
pub(super) fn lost(before: &Surface, after: &Surface) -> Vec<Reason> {
    let whole = |surface: &Surface| {
        let (imports, exports) = (surface.imports.clone(), surface.exports.clone());
        Item::plain(ItemKind::Component(ComponentType { imports, exports }))
    };
    let (was, is) = (whole(before), whole(after));
    let at = ItemPath { side: Side::Export, steps: Vec::new() };
    let expected = Operand { surface: before, item: &was };
    let mismatches = compare(expected, at.clone(), Operand { surface: after, item: &is }, at).mismatches;
    let text = |mismatch: &Mismatch| {
        let (expected, found) = sides(&mismatch.difference);
        match mismatch.path.steps.is_empty() {
            true => {
                "what the whole exports would no longer have its resources from where they are now".to_owned()
            }
            false => {
                let piece = piece_text(&mismatch.path);
                format!("what the whole exports as {piece} {found}, and whoever uses the whole {expected}")
            }
        }
    };
    mismatches.iter().map(|mismatch| Reason::whole(text(mismatch))).collect()
}

/// What a source is put together of: the name of each member, if it has one, and where that comes from.
fn pieces(from: &GraphSource) -> Vec<(Option<&String>, &GraphSource)> {
    match from {
        GraphSource::Bundle(members) => {
            members.iter().map(|(name, member)| (Some(name), &member.from)).collect()
        }
        GraphSource::Import(_) | GraphSource::Instance(..) | GraphSource::Own | GraphSource::Unknown => {
            vec![(None, from)]
        }
    }
}

/// What lies at the end of a way into one side of a surface; all of that side, as an instance, for a way without steps.
fn item_at<'w>(surface: &Surface, side: Side, way: impl IntoIterator<Item = &'w str>) -> Option<Item> {
    let mut way = way.into_iter();
    let Some(first) = way.next() else {
        let exports = surface.side(side).clone();
        return Some(Item::plain(ItemKind::Instance(InstanceType { exports })));
    };
    let start = surface.side(side).get(first);
    let found = way.fold(start, |item, name| match &item?.kind {
        ItemKind::Instance(instance) => instance.exports.get(name),
        ItemKind::Function(_)
        | ItemKind::Value(_)
        | ItemKind::Type(_)
        | ItemKind::Component(_)
        | ItemKind::CoreModule(_) => None,
    });
    found.cloned()
}

/// What the new component expects and is not given, as a reason.
fn expects(mismatch: &Mismatch) -> Reason {
    let (expected, found) = sides(&mismatch.difference);
    Reason::at(&mismatch.path, &mismatch.expected_at, format!("it {expected}, and is given what {found}"))
}
