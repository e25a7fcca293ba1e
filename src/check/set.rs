//! The instances of a composition with their surfaces, as all sub-steps of this stage look at them.

use std::cell::Cell;
use std::collections::HashMap;

use super::inside::Insides;
use super::offers::{Candidates, Offer, Offers};
use super::{InstanceId, Port};
use crate::config::Composition;
use crate::diag::Run;
use crate::load::Inputs;
use crate::model::{Item, ItemPath, LinkName, Side, Surface};
use crate::source::Span;

/// The instances in the order of the composition; their ids here are places in that order.
pub(super) struct Set<'a> {
    pub(super) composition: &'a Composition,
    pub(super) inputs: &'a mut Inputs,
    /// By instance: its component.
    components: Vec<usize>,
    names: HashMap<&'a str, usize>,
    /// All exports.
    exports: Offers,
    /// How many pairs are still looked at for near misses.
    patience: Cell<usize>,
    /// What lies inside of the components, as far as anybody asked.
    pub(super) insides: Insides,
}

/// How many pairs of an import and an export are looked at for near misses in one run: where thousands of components do not
/// fit, nobody reads why for each of them, and all pairs would take the square of their number.
const PATIENCE: usize = 250_000;

impl<'a> Set<'a> {
    /// The set of a composition; `None` if one of its components could not be loaded.
    pub(super) fn new(composition: &'a Composition, inputs: &'a mut Inputs) -> Option<Self> {
        let loaded: HashMap<usize, usize> =
            inputs.components.iter().enumerate().map(|(at, component)| (component.input, at)).collect();
        let instances = composition.instances.iter();
        let components: Vec<usize> =
            instances.map(|entry| loaded.get(&entry.input).copied()).collect::<Option<_>>()?;
        let named = composition.instances.iter().map(|entry| entry.name.as_str());
        let surfaces = components.iter().map(|component| &inputs.components[*component].surface);
        let exports = Offers::of(named.zip(surfaces));
        let patience = Cell::new(PATIENCE);
        let names = composition.positions();
        let insides = Insides::default();
        Some(Self { composition, inputs, components, names, exports, patience, insides })
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = InstanceId> + use<> {
        (0..self.components.len()).map(InstanceId)
    }

    pub(super) fn name(&self, id: InstanceId) -> &str {
        self.composition.instances[id.0].name.as_str()
    }

    pub(super) fn component(&self, id: InstanceId) -> usize {
        self.components[id.0]
    }

    pub(super) fn surface(&self, id: InstanceId) -> &Surface {
        &self.inputs.components[self.components[id.0]].surface
    }

    pub(super) fn item(&self, id: InstanceId, side: Side, name: &str) -> Option<&Item> {
        self.surface(id).side(side).get(name)
    }

    /// All exports whose name means the same as `name`, by name of instance.
    pub(super) fn offers(&self, name: &LinkName) -> &[Offer] {
        self.exports.of_meaning(name)
    }

    /// The exports of other instances with the name of an import on its track, by name of instance; if one has the exact
    /// name, only those that do.
    pub(super) fn candidates(&self, port: &Port) -> Candidates<'_> {
        let Some(item) = self.item(port.instance, Side::Import, &port.name) else {
            return Candidates::default();
        };
        let (meaning, full_name) = (item.link_name(&port.name), item.full_name(&port.name));
        self.exports.candidates(port.instance, &meaning, &full_name)
    }

    /// Whether near misses are still looked for.
    pub(super) fn has_patience(&self) -> bool {
        self.patience.get() > 0
    }

    /// Counts one pair that is looked at; `false` if it is one too many.
    pub(super) fn take_a_look(&self) -> bool {
        let left = self.patience.get();
        self.patience.set(left.saturating_sub(1));
        left > 0
    }

    /// All exports of the set by what their name means.
    pub(super) fn all_offers(&self) -> impl Iterator<Item = (&LinkName, &Offer)> {
        self.exports.all()
    }

    /// The place of a piece of an instance in the WIT of its component.
    pub(super) fn span(&mut self, run: &mut Run, id: InstanceId, path: &ItemPath) -> Span {
        self.inputs.components[self.components[id.0]].span(&mut run.sources, path)
    }

    /// The instance of a name.
    pub(super) fn find(&self, name: &str) -> Option<InstanceId> {
        self.names.get(name).copied().map(InstanceId)
    }
}
