//! Decides for each import who provides it and whether the types fit.
//!
//! The result is a [`Wiring`]: who is instantiated, which wire goes where, what is left to the host. Nothing is encoded
//! here, and nothing is judged that a policy may judge.

mod against;
mod alone;
mod choose;
mod compare;
mod diagnostics;
mod diff;
mod exposed;
mod fit;
mod graph;
mod graph_of;
mod inside;
mod merge;
mod near;
mod offers;
mod on_host;
mod opened;
mod origin;
mod set;
mod swap;
mod wire;

pub use against::fit_against;
pub use alone::{side_by_side, side_by_side_within};
pub use compare::{Difference, Mismatch};
pub use diff::{Audience, Bump, Change, ChangeGroup, ChangeKind, Changes, PackageStep, Role, diff};
pub use graph_of::graph_of;
pub use on_host::{
    HostFit, ImportFit, Obstacle, Verdict, by_itself, hold, on_host, report_mistakes, whole_needs,
};
pub use opened::opened;
pub use swap::{Exchange, Swap, keeps_its_exports, report_invalid, swap};
pub use wire::wire;

use crate::load::Inputs;
use crate::model::Step;

/// An instance of the composition: an index into [`Wiring::instances`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(pub usize);

/// One instance of a component in the composition.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its name: unique in the composition.
    pub name: String,
    /// The component: an index into [`Inputs::components`](crate::load::Inputs::components).
    pub component: usize,
}

/// An import or an export of one instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port {
    /// The instance.
    pub instance: InstanceId,
    /// The extern name, as in the binary.
    pub name: String,
}

/// Who provides an import.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// An export of another instance.
    Export(Port),
    /// Whoever provides another import of the same instance: this import is a type that the other one names.
    ///
    /// A world that uses a type of an interface imports both; the two must come from one place.
    Member {
        /// The other import, which an export provides.
        import: String,
        /// The way to the type within it.
        steps: Vec<Step>,
    },
    /// The host, through an import of the whole: an index into [`Wiring::host`].
    Host(usize),
}

/// One wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The import.
    pub import: Port,
    /// Who provides it.
    pub provider: Provider,
}

/// An import of the whole: one or more imports of instances that the host provides with one item.
#[derive(Clone, Debug)]
pub struct HostImport {
    /// The extern name: of its newest version.
    pub name: String,
    /// The older versions that became one with it, each by its name in full.
    pub merged: Vec<String>,
    /// The imports that it satisfies, at least one.
    pub users: Vec<Port>,
}

/// An export of the whole.
#[derive(Clone, Debug)]
pub struct Exposed {
    /// The extern name that the whole exports it under.
    pub name: String,
    /// The export of an instance behind it.
    pub export: Port,
}

/// Where a resource type comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The instance that defines it.
    Instance(InstanceId),
    /// The host, through an import of the whole.
    Host {
        /// The import: an index into [`Wiring::host`].
        import: usize,
        /// The way to the type within it; empty if the import is the type itself.
        steps: Vec<Step>,
    },
}

/// The composition, decided: every import of every instance has a provider.
#[derive(Clone, Debug, Default)]
pub struct Wiring {
    /// The instances, providers before those that need them.
    pub instances: Vec<Instance>,
    /// One edge for each import of each instance, by instance, then in the order of its imports.
    pub edges: Vec<Edge>,
    /// What the whole imports.
    pub host: Vec<HostImport>,
    /// What the whole exports, in order.
    pub exports: Vec<Exposed>,
    /// By instance, by resource of its component: where the resource comes from.
    pub origins: Vec<Vec<Origin>>,
    /// The instance that the composition is for.
    pub root: Option<InstanceId>,
}

impl Wiring {
    /// The instance of an id.
    pub fn instance(&self, id: InstanceId) -> &Instance {
        &self.instances[id.0]
    }

    /// The place of the only component, if the whole imports and exports what it does, under the same names: linking it would make
    /// nothing but a shell around it.
    pub fn one_as_it_is(&self, inputs: &Inputs) -> Option<usize> {
        let [Instance { component, .. }] = self.instances[..] else { return None };
        let surface = &inputs.components[component].surface;
        let is_import = |it: &HostImport| it.users.len() == 1 && it.users[0].name == it.name;
        let is_export = |it: &Exposed| it.export.name == it.name;
        let is_same = self.host.len() == surface.imports.len() && self.exports.len() == surface.exports.len();
        let is_kept = is_same && self.host.iter().all(is_import) && self.exports.iter().all(is_export);
        is_kept.then_some(component)
    }
}
