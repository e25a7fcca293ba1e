//! Where the imports and exports of each world are written, those that an `include` brings in too.
//!
//! Differs from `spans.rs`: putting packages together forgets what is found here, so it is found before.

use std::collections::{BTreeMap, BTreeSet};

use wit_parser::{
    AstItem, IncludeName, InterfaceId, SourceMap, Stability, UnresolvedPackage, UnresolvedPackageGroup,
    World, WorldId, WorldItem, WorldKey,
};

use super::package::PackageName;
use super::places::Places;
use crate::config::Request;
use crate::model::Side;
use crate::source::Span;

/// Where the imports and exports of the package that was asked for are written: by world, side and name.
pub(super) type Statements = BTreeMap<(String, Side, String), Statement>;

/// Where an import or an export of a world is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statement {
    /// Its place in the world itself: where it is written out, or the `include` that brings it in.
    pub(super) span: Span,
    /// Where it is written out, if an `include` brings it in.
    pub(super) included: Option<Span>,
}

/// A world by its package and its name.
type WorldName = (PackageName, String);

/// The statements of one world.
type Items = BTreeMap<(Side, String), Statement>;

/// Finds the statements of the first group. What a gate keeps out is not there, and what no statement says is there only
/// because something else uses its types.
pub(super) fn statements(
    groups: &[Option<UnresolvedPackageGroup>],
    places: &Places,
    request: &Request,
) -> Statements {
    let mut reading = Reading { places, request, worlds: BTreeMap::new(), done: BTreeMap::new() };
    for group in groups.iter().flatten() {
        for package in group.nested.iter().chain([&group.main]) {
            reading.package(package, &group.source_map);
        }
    }
    let Some(Some(first)) = groups.first() else { return Statements::new() };
    let package = PackageName::from(&first.main.name);
    let mut statements = Statements::new();
    for (_, world) in &first.main.worlds {
        let items = reading.all_of((package.clone(), world.name.clone()));
        let named = |((side, name), statement)| ((world.name.clone(), side, name), statement);
        statements.extend(items.into_iter().map(named));
    }
    statements
}

/// The worlds of all packages, and what is known of them.
struct Reading<'a> {
    places: &'a Places,
    request: &'a Request,
    worlds: BTreeMap<WorldName, Written<'a>>,
    /// The worlds with what their `include`s bring in.
    done: BTreeMap<WorldName, Items>,
}

/// What stands in one world.
struct Written<'a> {
    items: Items,
    includes: Vec<Include<'a>>,
}

/// One `include`.
struct Include<'a> {
    of: WorldName,
    names: &'a [IncludeName],
    span: Span,
}

impl<'a> Reading<'a> {
    fn package(&mut self, package: &'a UnresolvedPackage, map: &SourceMap) {
        let foreign = package
            .foreign_deps
            .iter()
            .flat_map(|(of, items)| items.iter().map(move |(name, (item, _))| (of, name.as_str(), *item)));
        let (mut interfaces, mut worlds) = (BTreeMap::new(), BTreeMap::new());
        for (of, name, item) in foreign {
            match item {
                AstItem::Interface(id) => {
                    interfaces.insert(id, of.interface_id(name));
                }
                AstItem::World(id) => {
                    worlds.insert(id, (PackageName::from(of), name.to_owned()));
                }
            }
        }
        for (id, interface) in &package.interfaces {
            let name = interface.name.as_ref().map(|name| package.name.interface_id(name));
            if let Some(name) = name {
                interfaces.entry(id).or_insert(name);
            }
        }
        // A world of another package is in the list as well, without anything in it.
        let own: Vec<(WorldId, &World)> =
            package.worlds.iter().filter(|(id, _)| !worlds.contains_key(id)).collect();
        let name = |world: &World| (PackageName::from(&package.name), world.name.clone());
        worlds.extend(own.iter().map(|(id, world)| (*id, name(world))));
        for (_, world) in own {
            let items = self.items(world, package, &interfaces, map);
            let includes = self.includes(world, &worlds, map);
            self.worlds.insert(name(world), Written { items, includes });
        }
    }

    fn items(
        &self,
        world: &World,
        package: &UnresolvedPackage,
        interfaces: &BTreeMap<InterfaceId, String>,
        map: &SourceMap,
    ) -> Items {
        let mut found = Items::new();
        for (items, side) in [(&world.imports, Side::Import), (&world.exports, Side::Export)] {
            for (key, item) in items {
                let name = match key {
                    WorldKey::Name(name) => Some(name.clone()),
                    WorldKey::Interface(id) => interfaces.get(id).cloned(),
                };
                let (span, stability) = match item {
                    WorldItem::Interface { span, stability, .. } => (*span, stability),
                    WorldItem::Function(function) => (function.span, &function.stability),
                    WorldItem::Type { id, span, .. } => (*span, &package.types[*id].stability),
                };
                let place = self.places.span(map, span).filter(|_| self.is_open(stability));
                if let (Some(name), Some(span)) = (name, place) {
                    found.insert((side, name), Statement { span, included: None });
                }
            }
        }
        found
    }

    fn includes(
        &self,
        world: &'a World,
        worlds: &BTreeMap<WorldId, WorldName>,
        map: &SourceMap,
    ) -> Vec<Include<'a>> {
        let open = world.includes.iter().filter(|include| self.is_open(&include.stability));
        let include = |include: &'a wit_parser::WorldInclude| {
            let span = self.places.span(map, include.span)?;
            Some(Include { of: worlds.get(&include.id)?.clone(), names: &include.names, span })
        };
        open.filter_map(include).collect()
    }

    fn is_open(&self, stability: &Stability) -> bool {
        match stability {
            Stability::Unknown | Stability::Stable { .. } => true,
            Stability::Unstable { feature, .. } => {
                self.request.all_features || self.request.features.contains(feature)
            }
        }
    }

    /// All statements of a world. Worlds that include each other in a long row are not gone down by recursion.
    fn all_of(&mut self, world: WorldName) -> Items {
        let mut waiting = vec![world.clone()];
        let mut begun: BTreeSet<WorldName> = BTreeSet::new();
        while let Some(name) = waiting.last() {
            let is_new = begun.insert(name.clone());
            let missing = || {
                let includes = self.worlds.get(name).into_iter().flat_map(|written| &written.includes);
                let missing = includes.map(|include| &include.of);
                missing.filter(|of| !self.done.contains_key(*of)).cloned().collect::<Vec<_>>()
            };
            let missing = if is_new { missing() } else { Vec::new() };
            if missing.is_empty() {
                let name = name.clone();
                waiting.pop();
                let items = self.put_together(&name);
                self.done.insert(name, items);
            } else {
                waiting.extend(missing);
            }
        }
        self.done.get(&world).cloned().unwrap_or_default()
    }

    /// The statements of a world, those of the worlds that it includes among them. Of several places the first counts, and
    /// what is written out before all.
    fn put_together(&self, name: &WorldName) -> Items {
        let Some(written) = self.worlds.get(name) else { return Items::new() };
        let mut items = written.items.clone();
        for include in &written.includes {
            for ((side, name), statement) in self.done.get(&include.of).into_iter().flatten() {
                let name = include.names.iter().find_map(|it| renamed(name, it)).unwrap_or(name.clone());
                let included = Some(statement.included.unwrap_or(statement.span));
                items.entry((*side, name)).or_insert(Statement { span: include.span, included });
            }
        }
        items
    }
}

/// What an imported or exported name becomes by one entry after `with`, if that is about it: a resource takes its functions
/// along.
fn renamed(name: &str, entry: &IncludeName) -> Option<String> {
    let (start, rest) = name.split_at(name.rfind(']').map_or(0, |end| end + 1));
    let end = rest.strip_prefix(entry.name.as_str())?;
    (end.is_empty() || end.starts_with('.')).then(|| format!("{start}{}{end}", entry.as_))
}
