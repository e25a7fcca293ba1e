//! Compares what is closed in itself: components and core modules.
//!
//! Differs from `mod.rs` in what a resource is here: one that the type of a component binds is no resource of the
//! composition, so that it is paired within that type and not handed on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Comparer, Cursor, ResourcePair};
use crate::check::Difference;
use crate::model::{ComponentType, CoreExtern, CoreModuleType, Limits, ResourceId, Step};

impl Comparer<'_> {
    /// A component that is found may need less and offer more than the one that is expected.
    pub(super) fn component(&mut self, at: &Cursor<'_>, expected: &ComponentType, found: &ComponentType) {
        let outside = std::mem::take(&mut self.result.resources);
        for (name, item) in &found.imports {
            let step = || Step::Item(name.clone());
            let at = at.then(&step);
            match expected.imports.get(name) {
                Some(offered) => self.item(&at, offered, item),
                None => self.differ(&at, Difference::Kind { expected: "nothing", found: item.kind.noun() }),
            }
        }
        self.members(at, &expected.exports, &found.exports);
        let inside = std::mem::replace(&mut self.result.resources, outside);
        self.bind(at, expected, found, inside);
    }

    /// Each resource that the found component imports must be one of those that it is given, and each that is expected of it
    /// one that it exports; what lies outside of both is handed on.
    fn bind(
        &mut self,
        at: &Cursor<'_>,
        expected: &ComponentType,
        found: &ComponentType,
        pairs: Vec<ResourcePair>,
    ) {
        let ([given, promised], [taken, made]) = (expected.bound(self.expected), found.bound(self.found));
        let (mut by_taken, mut by_promised) = (HashMap::new(), HashMap::new());
        for pair in pairs {
            let is_outside =
                |inside: [&BTreeSet<ResourceId>; 2], id| inside.iter().all(|ids| !ids.contains(&id));
            let sides =
                (is_outside([&given, &promised], pair.expected), is_outside([&taken, &made], pair.found));
            let fits = match sides {
                (true, true) => {
                    self.result.resources.push(pair);
                    continue;
                }
                (false, false) => {
                    let is_taken = taken.contains(&pair.found);
                    let one =
                        !is_taken || *by_taken.entry(pair.found).or_insert(pair.expected) == pair.expected;
                    let is_promised = promised.contains(&pair.expected);
                    let other =
                        !is_promised || *by_promised.entry(pair.expected).or_insert(pair.found) == pair.found;
                    one && other
                }
                // Where any resource will do, one of outside does as well.
                (false, true) => promised.contains(&pair.expected),
                (true, false) => taken.contains(&pair.found),
            };
            if !fits {
                let noun = || "resource".to_owned();
                self.differ(at, Difference::Type { expected: noun(), found: format!("another {}", noun()) });
            }
        }
    }

    pub(super) fn core_module(&mut self, at: &Cursor<'_>, expected: &CoreModuleType, found: &CoreModuleType) {
        let text = |ty: &CoreExtern| format!("{ty:?}");
        let mut all_offered = BTreeMap::new();
        for (module, name, ty) in &expected.imports {
            all_offered.entry((module, name)).or_insert(ty); // of two with one name the first
        }
        for (module, name, ty) in &found.imports {
            let offered = all_offered.get(&(module, name)).copied();
            let step = || Step::Item(format!("{module}.{name}"));
            let at = at.then(&step);
            match offered {
                Some(offered) if core_fits(ty, offered) => {}
                Some(offered) => {
                    self.differ(&at, Difference::Type { expected: text(offered), found: text(ty) });
                }
                None => self.differ(&at, Difference::Kind { expected: "nothing", found: "core import" }),
            }
        }
        let exports: BTreeMap<&String, &CoreExtern> =
            found.exports.iter().map(|(name, ty)| (name, ty)).collect();
        for (name, ty) in &expected.exports {
            let step = || Step::Item(name.clone());
            let at = at.then(&step);
            match exports.get(name).copied() {
                Some(found) if core_fits(ty, found) => {}
                Some(found) => self.differ(&at, Difference::Type { expected: text(ty), found: text(found) }),
                None => self.differ(&at, Difference::Missing { noun: "core export" }),
            }
        }
    }
}

/// Import matching of the core specification: equal but for limits, which may be narrower.
fn core_fits(expected: &CoreExtern, found: &CoreExtern) -> bool {
    let within = |expected: &Limits, found: &Limits| {
        found.minimum >= expected.minimum
            && expected.maximum.is_none_or(|limit| found.maximum.is_some_and(|maximum| maximum <= limit))
            && (expected.is_64, expected.is_shared) == (found.is_64, found.is_shared)
    };
    match (expected, found) {
        (
            CoreExtern::Table { element, limits },
            CoreExtern::Table { element: found_element, limits: found_limits },
        ) => element == found_element && within(limits, found_limits),
        (
            CoreExtern::Memory { limits, page_size_log2 },
            CoreExtern::Memory { limits: found_limits, page_size_log2: found_page },
        ) => page_size_log2 == found_page && within(limits, found_limits),
        (expected, found) => expected == found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::compare::{Operand, compare};
    use crate::model::{Item, ItemKind, ItemPath, Side, Surface};

    #[test]
    fn any_number_of_core_imports_and_exports_is_compared_in_the_time_that_it_takes_to_read_them() {
        // Were each looked for among all, this would be two hundred million comparisons of names, for each side.
        const COUNT: usize = 20_000;
        let ty = || CoreExtern::Memory {
            limits: Limits { minimum: 1, maximum: None, is_64: false, is_shared: false },
            page_size_log2: None,
        };
        let module = |count: usize| CoreModuleType {
            imports: (0..COUNT).map(|at| (format!("{at:040}"), "m".to_owned(), ty())).collect(),
            exports: (0..count).map(|at| (format!("{at:040}"), ty())).collect(),
        };
        let surface = Surface::default();
        let item = |count: usize| Item::plain(ItemKind::CoreModule(module(count)));
        let (expected, found) = (item(COUNT), item(COUNT - 1));
        let operand = |item| Operand { surface: &surface, item };
        let at = || ItemPath::item(Side::Import, "m");
        let comparison = compare(operand(&expected), at(), operand(&found), at());
        let differences: Vec<_> = comparison.mismatches.iter().map(|found| &found.difference).collect();
        assert!(matches!(differences.as_slice(), [Difference::Missing { noun: "core export" }]));
    }
}
