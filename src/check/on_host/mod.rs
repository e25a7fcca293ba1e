//! Holds an artifact against the profile of a host: does it link there, and what may it then do?
//!
//! Differs from `merge/`, which gathers what is left to a host, whichever that is.

mod compressed;
mod started;
mod supply;

pub use self::supply::report_mistakes;

use std::collections::BTreeSet;

use self::compressed::{compressed_size, pieces};
use self::started::exports;
use self::supply::SupplyWit;
use super::compare::{Operand, compare};
use super::diagnostics::HostFindings;
use super::{Difference, HostImport, InstanceId, Mismatch, Port, Wiring};
use crate::diag::Run;
use crate::host::{HostProfile, Power, Running};
use crate::load::{Inputs, needs};
use crate::model::{Feature, InterfaceName, Item, ItemKind, ItemPath, Needs, Primitive, Side, ValueType};
use crate::source::Files;

/// What came of holding an artifact against a host.
#[derive(Clone, Debug)]
pub struct HostFit {
    /// The artifact: a component, or a composition.
    pub artifact: String,
    /// The id of the host.
    pub host: String,
    /// What stands against it as a whole; empty where nothing does.
    pub obstacles: Vec<Obstacle>,
    /// What became of each import, in the order of the wiring.
    pub imports: Vec<ImportFit>,
    /// The features that must be turned on, with the flag for each.
    pub feature_flags: Vec<(Feature, String)>,
    /// The features that it needs, of which nobody wrote down whether the host has them.
    pub unknown_features: Vec<Feature>,
}

/// Why a host does not run an artifact, apart from its imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It runs no components.
    NoComponents,
    /// It runs only components that import nothing and have no components in them.
    NotFlat {
        /// How many imports there are.
        imports: usize,
        /// How many components lie in it.
        components: usize,
    },
    /// It exports more than functions of numbers, and a flat one may export nothing else: what it exports beyond.
    BeyondNumbers(Vec<Port>),
    /// A feature is not there.
    Feature(Feature),
    /// It is too large, both in bytes.
    Size {
        /// Its size.
        bytes: u64,
        /// What the host takes.
        most: u64,
        /// Whether both are counted after compression.
        is_compressed: bool,
    },
    /// Components lie too deep in each other.
    Depth {
        /// How deep.
        depth: usize,
        /// What the host takes.
        most: usize,
    },
    /// It exports nothing that the host could start.
    NoExport,
    /// It exports several things of which there may only be one.
    SeveralExports(Vec<Port>),
    /// It exports what the host starts, with other types than the host calls it with.
    ExportTypes {
        /// The export.
        port: Port,
        /// What differs, at least one; what the host expects is the side of the import.
        mismatches: Vec<Mismatch>,
    },
}

/// What became of one import.
#[derive(Clone, Debug)]
pub struct ImportFit {
    /// The extern name.
    pub name: String,
    /// The imports of instances that it satisfies, at least one.
    pub users: Vec<Port>,
    /// Whether the host has it.
    pub verdict: Verdict,
}

/// Whether a host has what is imported.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It links.
    Provided {
        /// The name under which the host has it.
        name: String,
        /// The flag without which it does not link.
        flag: Option<String>,
        /// Whether it may then be used.
        power: Power,
        /// What must be known about it.
        note: Option<String>,
        /// Whether the types were compared; else only name and version were.
        by_type: bool,
    },
    /// The host has it in other versions only.
    OtherVersions(Vec<String>),
    /// The host has it, with other types.
    OtherTypes {
        /// The name under which the host has it.
        name: String,
        /// What differs, at least one.
        mismatches: Vec<(Port, Mismatch)>,
    },
    /// The host does not have it.
    Absent,
    /// It needs no host: it only says how values look.
    Nothing,
}

impl HostFit {
    /// Whether the artifact links on the host and can be started there.
    pub fn links(&self) -> bool {
        let is_there =
            |import: &ImportFit| matches!(import.verdict, Verdict::Provided { .. } | Verdict::Nothing);
        self.obstacles.is_empty() && self.imports.iter().all(is_there)
    }

    /// The flags without which it does not link, each once.
    pub fn flags(&self) -> Vec<String> {
        let mut flags: Vec<String> = Vec::new();
        let of_imports = self.imports.iter().filter_map(|import| match &import.verdict {
            Verdict::Provided { flag, .. } => flag.clone(),
            Verdict::OtherVersions(_) | Verdict::OtherTypes { .. } | Verdict::Absent | Verdict::Nothing => {
                None
            }
        });
        let of_features = self.feature_flags.iter().map(|(_, flag)| flag.clone());
        for flag in of_imports.chain(of_features) {
            if !flags.contains(&flag) {
                flags.push(flag);
            }
        }
        flags
    }
}

/// The wiring of one component by itself: all that it imports is left to the host.
pub fn by_itself(inputs: &Inputs, component: usize) -> Wiring {
    let it = &inputs.components[component];
    let port = |name: &String| Port { instance: InstanceId(0), name: name.clone() };
    let import =
        |name: &String| HostImport { name: name.clone(), merged: Vec::new(), users: vec![port(name)] };
    let export = |name: &String| super::Exposed { name: name.clone(), export: port(name) };
    Wiring {
        instances: vec![super::Instance { name: it.name.clone(), component }],
        host: it.surface.imports.keys().map(import).collect(),
        exports: it.surface.exports.keys().map(export).collect(),
        root: Some(InstanceId(0)),
        ..Wiring::default()
    }
}

/// What the artifact of a wiring asks of an engine. One that is made of several components has them within it.
pub fn whole_needs(inputs: &Inputs, wiring: &Wiring) -> Needs {
    let mut components: Vec<usize> = wiring.instances.iter().map(|instance| instance.component).collect();
    components.sort_unstable();
    components.dedup();
    let all: Vec<Needs> = components.iter().map(|at| needs(&inputs.components[*at])).collect();
    if let ([one], [_]) = (all.as_slice(), wiring.instances.as_slice()) {
        return one.clone();
    }
    let mut features: Vec<Feature> = all.iter().flat_map(|needs| needs.features.iter().copied()).collect();
    features.sort_unstable();
    features.dedup();
    Needs {
        features,
        bytes: bytes_of(inputs, wiring).iter().map(|piece| piece.len() as u64).sum(),
        modules: all.iter().map(|needs| needs.modules).sum(),
        components: all.iter().map(|needs| needs.components + 1).sum(),
        depth: all.iter().map(|needs| needs.depth + 1).max().unwrap_or(0),
    }
}

/// Holds the artifact `name` that a wiring makes against a host, and reports what keeps it from running there, all of it:
/// `check/host-unprovided`, `check/host-type-mismatch`, `check/host-export`, `check/host-limit`, and `check/host-flag`; and what
/// is wrong in the WIT beside its profile.
pub fn hold(
    name: &str,
    inputs: &mut Inputs,
    wiring: &Wiring,
    profile: &HostProfile,
    files: &dyn Files,
    run: &mut Run,
) -> HostFit {
    let needs = whole_needs(inputs, wiring);
    let fit = on_host(name, inputs, wiring, &needs, profile, files);
    HostFindings { fit: &fit, profile, inputs, wiring }.report(run);
    fit
}

/// Holds the artifact `name` that a wiring makes against a host. Reports nothing.
pub fn on_host(
    name: &str,
    inputs: &Inputs,
    wiring: &Wiring,
    needs: &Needs,
    profile: &HostProfile,
    files: &dyn Files,
) -> HostFit {
    let mut fit = HostFit {
        artifact: name.to_owned(),
        host: profile.id.clone(),
        obstacles: Vec::new(),
        imports: Vec::new(),
        feature_flags: Vec::new(),
        unknown_features: Vec::new(),
    };
    match profile.components {
        Running::No => {
            fit.obstacles.push(Obstacle::NoComponents);
            return fit;
        }
        Running::Flat if !wiring.host.is_empty() || needs.components > 0 => {
            let (imports, components) = (wiring.host.len(), needs.components);
            fit.obstacles.push(Obstacle::NotFlat { imports, components });
            return fit;
        }
        Running::Flat => {
            let beyond = beyond_numbers(inputs, wiring);
            if !beyond.is_empty() {
                fit.obstacles.push(Obstacle::BeyondNumbers(beyond));
            }
        }
        Running::Native | Running::Transpiled => {}
    }
    limits(needs, profile, &mut fit);
    if let Some(most) = profile.limits.compressed_bytes.filter(|most| needs.bytes > *most) {
        let bytes = compressed_size(&bytes_of(inputs, wiring));
        if bytes > most {
            fit.obstacles.push(Obstacle::Size { bytes, most, is_compressed: true });
        }
    }
    exports(inputs, wiring, profile, files, &mut fit);
    fit.imports = imports(inputs, wiring, profile, files);
    fit
}

/// The bytes of the artifact of a wiring, but for what links its parts.
fn bytes_of<'i>(inputs: &'i Inputs, wiring: &Wiring) -> Vec<&'i [u8]> {
    let components: BTreeSet<usize> = wiring.instances.iter().map(|instance| instance.component).collect();
    let mut components = components.into_iter().map(|at| &inputs.components[at]);
    match wiring.instances.as_slice() {
        // It is the artifact already.
        [_] => components.map(|component| component.bytes.as_slice()).collect(),
        _ => pieces(&mut components),
    }
}

/// What is exported and is no function whose parameters and result are numbers of 32 or 64 bits.
fn beyond_numbers(inputs: &Inputs, wiring: &Wiring) -> Vec<Port> {
    let is_number = |value: &ValueType| {
        let ValueType::Primitive(primitive) = value else { return false };
        use Primitive::{F32, F64, S32, S64, U32, U64};
        [S32, U32, S64, U64, F32, F64].contains(primitive)
    };
    let is_beyond = |port: &&Port| {
        let surface = &inputs.components[wiring.instance(port.instance).component].surface;
        let Some(Item { kind: ItemKind::Function(function), .. }) = surface.exports.get(&port.name) else {
            return true;
        };
        let values = function.parameters.iter().map(|(_, value)| value).chain(&function.result);
        !values.into_iter().all(is_number)
    };
    wiring.exports.iter().map(|exposed| &exposed.export).filter(is_beyond).cloned().collect()
}

fn limits(needs: &Needs, profile: &HostProfile, fit: &mut HostFit) {
    fit.unknown_features = needs.features.iter().copied().filter(|it| !profile.knows(*it)).collect();
    let rules = profile.features.iter().flatten();
    for rule in rules.filter(|rule| needs.features.contains(&rule.feature)) {
        match &rule.flag {
            Some(flag) => fit.feature_flags.push((rule.feature, flag.clone())),
            None => fit.obstacles.push(Obstacle::Feature(rule.feature)),
        }
    }
    if let Some(most) = profile.limits.bytes.filter(|most| needs.bytes > *most) {
        fit.obstacles.push(Obstacle::Size { bytes: needs.bytes, most, is_compressed: false });
    }
    if let Some(most) = profile.limits.depth.filter(|most| needs.depth > *most) {
        fit.obstacles.push(Obstacle::Depth { depth: needs.depth, most });
    }
}

fn imports(inputs: &Inputs, wiring: &Wiring, profile: &HostProfile, files: &dyn Files) -> Vec<ImportFit> {
    let item = |port: &Port| {
        let surface = &inputs.components[wiring.instance(port.instance).component].surface;
        surface.imports.get(&port.name).map(|item| Operand { surface, item })
    };
    let interface = |import: &HostImport| {
        let port = import.users.first()?;
        item(port)?.item.interface_as(&port.name, &import.name)
    };
    let supplied: Vec<InterfaceName> = wiring
        .host
        .iter()
        .filter_map(interface)
        .filter_map(|name| profile.supply(&name).map(|supply| supply.name))
        .collect();
    let wit = SupplyWit::read(profile, &supplied, files);
    let verdict = |import: &HostImport| {
        let operands: Vec<(&Port, Operand<'_>)> =
            import.users.iter().filter_map(|port| Some((port, item(port)?))).collect();
        let verdict =
            interface(import).map_or(Verdict::Absent, |name| judge(&name, &operands, profile, &wit));
        let needs_nobody = |(_, it): &(&Port, Operand<'_>)| it.surface.only_describes(it.item);
        let is_there = matches!(verdict, Verdict::Provided { .. });
        if !is_there && operands.iter().all(needs_nobody) { Verdict::Nothing } else { verdict }
    };
    let fit = |import: &HostImport| ImportFit {
        name: import.name.clone(),
        users: import.users.clone(),
        verdict: verdict(import),
    };
    wiring.host.iter().map(fit).collect()
}

fn judge(
    name: &InterfaceName,
    users: &[(&Port, Operand<'_>)],
    profile: &HostProfile,
    wit: &SupplyWit,
) -> Verdict {
    let Some(supply) = profile.supply(name) else {
        let versions = profile.other_versions(name);
        return if versions.is_empty() { Verdict::Absent } else { Verdict::OtherVersions(versions) };
    };
    let provided = supply.name.to_string();
    if wit.lacks(&supply.name) {
        return Verdict::Absent;
    }
    let found = wit.surface(&supply.name);
    if let Some(surface) = found
        && let Some(item) = surface.imports.get(&provided)
    {
        let mut mismatches = Vec::new();
        for (port, operand) in users {
            let place = ItemPath::item(Side::Import, &port.name);
            let there = ItemPath::item(Side::Import, &provided);
            let comparison = compare(*operand, place, Operand { surface, item }, there);
            mismatches.extend(comparison.mismatches.into_iter().map(|mismatch| ((*port).clone(), mismatch)));
        }
        // A type that nobody asks a host for: only functions and resources are linked.
        mismatches.retain(|(_, mismatch)| mismatch.difference != Difference::Missing { noun: "type" });
        if !mismatches.is_empty() {
            return Verdict::OtherTypes { name: provided, mismatches };
        }
    }
    Verdict::Provided {
        name: provided,
        flag: supply.row.flag.clone(),
        power: supply.row.power.clone(),
        note: supply.row.note.clone(),
        by_type: found.is_some(),
    }
}
