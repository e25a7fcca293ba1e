//! What a host profile says, in words that the reports for people share.
//!
//! Differs from `rows.rs`, which makes tables of what a run made: a profile is a table already.

use std::collections::BTreeSet;

use crate::check::{HostFit, Obstacle};
use crate::diag::{list, quoted, size};
use crate::host::{CalledFunctions, Exports, HostProfile, Power, Provided, Running};
use crate::model::InterfaceName;

/// The versions of WASI, and whatever else is there: `0.2.12, 0.3.0`.
pub(super) fn wasi(profile: &HostProfile) -> String {
    if profile.components == Running::No {
        return String::new();
    }
    let rows = profile.provides.iter().filter(|row| row.package == "wasi:io" || row.package == "wasi:clocks");
    let versions: BTreeSet<_> = rows.flat_map(|row| &row.versions).collect();
    match versions.is_empty() {
        true => "none".to_owned(),
        false => versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// What an artifact must export.
pub(super) fn must_export(profile: &HostProfile) -> String {
    let Exports { one_of, exclusive, functions, otherwise } = &profile.exports;
    let name = |name: &InterfaceName| format!("`{name}`");
    let free = one_of.iter().filter(|name| !exclusive.iter().flatten().any(|other| other == *name));
    let mut ways: Vec<String> = free.map(name).collect();
    let group = |group: &Vec<InterfaceName>| {
        format!("exactly one of {}", group.iter().map(name).collect::<Vec<_>>().join(" or "))
    };
    ways.extend(exclusive.iter().map(group));
    ways.extend(match functions {
        CalledFunctions::None => None,
        CalledFunctions::AtRoot => Some("a function".to_owned()),
        CalledFunctions::Anywhere => Some("a function, also one of an interface".to_owned()),
    });
    ways.extend(otherwise.clone());
    ways.join(if exclusive.is_empty() { " or " } else { ", or " })
}

/// The interfaces of an entry: `wasi:http@0.2.12: types, outgoing-handler`.
pub(super) fn interfaces(row: &Provided) -> String {
    match row.interfaces.is_empty() {
        true => "all".to_owned(),
        false => row.interfaces.join(", "),
    }
}

/// The package of an entry with its versions: `wasi:http@0.2.12, 0.3.0`.
pub(super) fn package(row: &Provided) -> String {
    let versions: Vec<String> = row.versions.iter().map(ToString::to_string).collect();
    match versions.is_empty() {
        true => row.package.clone(),
        false => format!("{}@{}", row.package, versions.join(", ")),
    }
}

/// Whether what is linked may be used.
pub(super) fn power(row: &Provided) -> String {
    match &row.power {
        Power::Granted => "yes".to_owned(),
        Power::Asked(by) => format!("by `{by}`"),
        Power::Never => "no".to_owned(),
    }
}

/// On what it depends whether an artifact that links on a host runs there, of which not all features are known: ``if it has `async` ``.
pub(super) fn if_it_has(fit: &HostFit) -> Option<String> {
    let features: Vec<String> = fit.unknown_features.iter().map(|feature| quoted(feature.name())).collect();
    (fit.links() && !features.is_empty()).then(|| format!("if it has {}", list(&features)))
}

/// Why a host does not take an artifact, in a few words.
pub(super) fn obstacle_words(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::NoComponents => "it runs no components".to_owned(),
        Obstacle::NotFlat { .. } => {
            "it runs only components without imports and without components in them".to_owned()
        }
        Obstacle::BeyondNumbers(_) => "it takes functions of numbers only".to_owned(),
        Obstacle::Feature(feature) => format!("it lacks `{}`", feature.name()),
        Obstacle::Size { bytes, most, is_compressed } => {
            let how = if *is_compressed { " compressed" } else { "" };
            format!("{}{how}, and it takes {}", size(*bytes), size(*most))
        }
        Obstacle::Depth { depth, most } => format!("components lie {depth} deep, and it takes {most}"),
        Obstacle::NoExport => "no export that it could start".to_owned(),
        Obstacle::SeveralExports(_) => "several exports that it could start".to_owned(),
        Obstacle::ExportTypes { port, .. } => format!("it calls `{}` with other types", port.name),
    }
}
