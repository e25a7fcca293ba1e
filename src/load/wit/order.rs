//! The order in which packages are put together: each after those that it uses.

use std::collections::{BTreeMap, BTreeSet};

use wit_parser::{UnresolvedPackage, UnresolvedPackageGroup};

use super::package::PackageName;

/// The names of all packages, each after those that it uses; the error is a circle of packages.
pub(super) fn order(groups: &[Option<UnresolvedPackageGroup>]) -> Result<Vec<PackageName>, Vec<PackageName>> {
    let packages = groups.iter().flatten().flat_map(|group| group.nested.iter().chain([&group.main]));
    let uses = |package: &UnresolvedPackage| package.foreign_deps.keys().map(PackageName::from).collect();
    let uses = packages.map(|package| (PackageName::from(&package.name), uses(package))).collect();
    let mut order = Order { uses, done: BTreeSet::new(), names: Vec::new() };
    for name in order.uses.keys().cloned().collect::<Vec<_>>() {
        order.visit(&name, &mut Vec::new())?;
    }
    Ok(order.names)
}

struct Order {
    uses: BTreeMap<PackageName, Vec<PackageName>>,
    done: BTreeSet<PackageName>,
    names: Vec<PackageName>,
}

impl Order {
    fn visit(&mut self, name: &PackageName, around: &mut Vec<PackageName>) -> Result<(), Vec<PackageName>> {
        if let Some(start) = around.iter().position(|it| it == name) {
            return Err(around[start..].to_vec());
        }
        if self.done.contains(name) {
            return Ok(());
        }
        around.push(name.clone());
        for used in self.uses.get(name).cloned().unwrap_or_default() {
            self.visit(&used, around)?;
        }
        around.pop();
        self.done.insert(name.clone());
        self.names.push(name.clone());
        Ok(())
    }
}
