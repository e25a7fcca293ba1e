//! Which exports of a component are nothing but an import of its own, passed on.
//!
//! Differs from `reach`: no code is looked at, only how the component is put together.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::capability::{Capability, Import, Instance};
use crate::load::{Component, exports_of};
use crate::model::{GraphSource, Items, Sort, Step};

/// An export that passes an import on, all of it or in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PassedOn {
    /// The extern name of the export.
    pub(super) export: String,
    /// The extern name of the import.
    pub(super) import: String,
    /// The functions that are passed on, each by the way to it within the import.
    pub(super) functions: Vec<Vec<String>>,
}

impl PassedOn {
    /// What of the import is passed on.
    pub(super) fn of<'i>(&self, import: &'i Import) -> Vec<&'i Capability> {
        let is_passed = |capability: &&Capability| {
            let way = capability.path.steps.iter().skip(1);
            let way: Option<Vec<&String>> =
                way.map(|step| if let Step::Item(name) = step { Some(name) } else { None }).collect();
            way.is_some_and(|way| {
                self.functions.iter().any(|function| function.iter().eq(way.iter().copied()))
            })
        };
        import.capabilities.iter().filter(is_passed).collect()
    }
}

/// The exports of a component that pass on what it imports from the host.
pub(super) fn passed_on(component: &Component, instance: &Instance) -> Vec<PassedOn> {
    if component.surface.exports.is_empty() || instance.capabilities().next().is_none() {
        return Vec::new();
    }
    let of_host: HashSet<&str> = instance.host_imports().map(|it| it.extern_name.as_str()).collect();
    let mut found: IndexMap<(String, String), Vec<Vec<String>>> = IndexMap::new();
    for item in exports_of(component) {
        let sources: Vec<GraphSource> = match item.sort {
            Sort::Function => vec![item.from],
            Sort::Instance => members(&component.surface.exports, &item.name, &item.from),
            Sort::Value | Sort::Type | Sort::Component | Sort::CoreModule => continue,
        };
        for source in sources {
            let GraphSource::Import(way) = source else { continue };
            let Some((import, function)) = way.split_first() else { continue };
            if of_host.contains(import.as_str()) {
                found.entry((item.name.clone(), import.clone())).or_default().push(function.to_vec());
            }
        }
    }
    let passed_on = |((export, import), functions)| PassedOn { export, import, functions };
    found.into_iter().map(passed_on).collect()
}

/// Where the functions of an exported instance come from.
fn members(exports: &Items, name: &str, from: &GraphSource) -> Vec<GraphSource> {
    let Some(crate::model::ItemKind::Instance(instance)) = exports.get(name).map(|item| &item.kind) else {
        return Vec::new();
    };
    let functions = instance.exports.iter().filter(|(_, item)| item.kind.sort() == Sort::Function);
    functions.map(|(function, _)| from.member(function)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::side_by_side;
    use crate::diag::Run;
    use crate::policy::capability::instances;
    use crate::policy::tests::loaded;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str, &[&str])]) {
        let inputs = loaded(&[("x", text)], &mut Run::default());
        let instances = instances(&inputs, &side_by_side(&inputs));
        let found = passed_on(&inputs.components[0], &instances[0]);
        let found: Vec<_> =
            found.iter().map(|it| (it.export.as_str(), it.import.as_str(), it.functions.concat())).collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(export, import, functions)| {
                (*export, *import, functions.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn aliases_are_seen_through_bundles_and_other_names() {
        const EXIT: &str = r#"(import "wasi:cli/exit@0.2.3" (instance $exit (export "exit" (func))))"#;
        check(
            &format!("(component {EXIT} (export \"my:own/exit\" (instance $exit)))"),
            &[("my:own/exit", "wasi:cli/exit@0.2.3", &["exit"])],
        );
        check(
            &format!(
                r#"(component {EXIT} (alias export $exit "exit" (func $f))
                    (instance $all (export "leave" (func $f))) (export "my:own/exit" (instance $all)))"#
            ),
            &[("my:own/exit", "wasi:cli/exit@0.2.3", &["exit"])],
        );
        check(
            &format!(
                r#"(component {EXIT} (alias export $exit "exit" (func $f)) (export "leave" (func $f)))"#
            ),
            &[("leave", "wasi:cli/exit@0.2.3", &["exit"])],
        );
        check(&format!("(component {EXIT})"), &[]);
    }
}
