//! Resources that must be one and come from two places.

use std::collections::{BTreeMap, VecDeque};

use super::string;
use crate::check::HostImport;
use crate::check::inside::{KeptInside, kept_inside};
use crate::check::origin::{Because, Link, Local};
use crate::check::set::Set;
use crate::diag::{Diagnostic, Label, Run, code, list, quoted};
use crate::model::{ItemKind, ItemPath, Side, Step};

/// Resources that must be one come from two places.
pub(in crate::check) struct ResourceOrigins<'a> {
    /// Those that an instance makes.
    pub(in crate::check) definers: &'a [Local],
    /// Those that the host makes: one for each import of the whole, with its place in an import of the instance.
    pub(in crate::check) host: &'a [(usize, ItemPath, Local)],
    pub(in crate::check) imports: &'a [HostImport],
    pub(in crate::check) links: &'a [Link],
}

/// One of the places where the resource comes from.
struct End {
    local: Local,
    path: ItemPath,
    text: String,
}

impl ResourceOrigins<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let ends = self.ends(set);
        let name = ends.iter().find_map(|end| end.path.last_name().map(quoted)).unwrap_or_default();
        let count = if ends.len() == 2 { "two".to_owned() } else { ends.len().to_string() };
        let message = format!("resource {name} has {count} origins, and must have one");
        let mut diagnostic = Diagnostic::new(code::RESOURCE_ORIGIN, message);
        for (at, end) in ends.iter().enumerate() {
            let place = set.span(run, end.local.instance, &end.path);
            // Two instances of one component have one text.
            match diagnostic.labels.iter_mut().find(|label| label.span == place) {
                Some(label) => label.text = format!("{}, and {}", label.text, end.text),
                None if at == 0 => diagnostic = diagnostic.label(Label::primary(place, &*end.text)),
                None => diagnostic = diagnostic.label(Label::secondary(place, &*end.text)),
            }
        }
        if let [first, second, ..] = ends.as_slice() {
            for note in self.witness(set, first.local, second.local) {
                diagnostic = diagnostic.note(note);
            }
        }
        run.diagnostics.report(diagnostic.help(self.advice(set, &name)));
    }

    fn ends(&self, set: &Set<'_>) -> Vec<End> {
        let made = self.definers.iter().map(|local| End {
            local: *local,
            path: exported_at(set, *local),
            text: format!("{} makes it", quoted(set.name(local.instance))),
        });
        let host = self.host.iter().map(|(import, path, local)| {
            let name = self.imports.get(*import).map(|import| quoted(&import.name)).unwrap_or_default();
            let user = quoted(set.name(local.instance));
            End {
                local: *local,
                path: path.clone(),
                text: format!("{user} leaves {name} to the host, which makes it"),
            }
        });
        made.chain(host).collect()
    }

    fn advice(&self, set: &Set<'_>, name: &str) -> String {
        let open: Vec<String> =
            self.host.iter().filter_map(|(_, path, _)| path.extern_name()).map(quoted).collect();
        match (self.host, self.definers) {
            ([], _) => self.exposing(set).unwrap_or_else(|| {
                format!("let all of them take the interface that defines {name} from one instance")
            }),
            ([(_, path, local), ..], [maker, ..]) if makes(set, *maker, *local, path) => format!(
                "let {} take {} from {}, too",
                quoted(set.name(local.instance)),
                list(&open),
                quoted(set.name(maker.instance)),
            ),
            ([(_, _, local), ..], [maker, ..]) => format!(
                "give a component that provides {} to {} and takes {name} from {}",
                list(&open),
                quoted(set.name(local.instance)),
                quoted(set.name(maker.instance)),
            ),
            (_, []) => format!(
                "these are different types that happen to have one name: build the components against one of {}",
                list(&open)
            ),
        }
    }

    /// What to do where one of the makers has inside what another one is there for.
    fn exposing(&self, set: &Set<'_>) -> Option<String> {
        let pairs = self.definers.iter().flat_map(|holder| self.definers.iter().map(move |it| (holder, it)));
        let mut kept = pairs.filter(|(holder, other)| holder.instance != other.instance).filter_map(
            |(holder, other)| {
                let path = exported_at(set, *other);
                let kept = kept_inside(set, holder.instance, path.extern_name()?)?;
                Some((quoted(set.name(holder.instance)), quoted(set.name(other.instance)), kept))
            },
        );
        let (holder, other, KeptInside { instance, interface }) = kept.next()?;
        Some(format!(
            "{holder} has an instance of that inside, {}, and keeps it to itself: leave out {other}, and link {holder} \
             anew with the line\n  expose = {{ {} = {} }}",
            quoted(&instance),
            string(&interface),
            string(&instance),
        ))
    }

    /// The wires that lead from one resource to the other, in words.
    fn witness(&self, set: &Set<'_>, from: Local, to: Local) -> Vec<String> {
        let told = |link: &Link| {
            let (user, other) = (set.name(link.expected.instance), set.name(link.found.instance));
            let import = link.path.extern_name().map(quoted).unwrap_or_default();
            match link.because {
                Because::Wired => format!("{} takes {import} from {}", quoted(user), quoted(other)),
                Because::Merged => {
                    format!(
                        "{} and {} take {import} from the host, as one import",
                        quoted(user),
                        quoted(other)
                    )
                }
            }
        };
        let mut notes: Vec<String> = self.way(from, to).into_iter().map(told).collect();
        notes.dedup();
        notes
    }

    /// The links from one resource to another, by the shortest way.
    fn way(&self, from: Local, to: Local) -> Vec<&Link> {
        let mut around: BTreeMap<Local, Vec<(&Link, Local)>> = BTreeMap::new();
        for link in self.links {
            around.entry(link.expected).or_default().push((link, link.found));
            around.entry(link.found).or_default().push((link, link.expected));
        }
        let mut came_by: BTreeMap<Local, (&Link, Local)> = BTreeMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(local) = queue.pop_front().filter(|local| *local != to) {
            for (link, next) in around.get(&local).into_iter().flatten() {
                if *next != from && !came_by.contains_key(next) {
                    came_by.insert(*next, (link, local));
                    queue.push_back(*next);
                }
            }
        }
        let mut path = Vec::new();
        let mut here = to;
        while let Some((link, before)) = came_by.get(&here) {
            path.push(*link);
            here = *before;
        }
        path
    }
}

/// Whether the maker also exports the very import of `user` that is left to the host.
fn makes(set: &Set<'_>, maker: Local, user: Local, path: &ItemPath) -> bool {
    let Some(name) = path.extern_name() else { return false };
    let item = set.item(user.instance, Side::Import, name);
    item.is_some_and(|item| {
        set.offers(&item.link_name(name)).iter().any(|offer| offer.instance == maker.instance)
    })
}

/// Where the exports of an instance name a resource that it defines.
fn exported_at(set: &Set<'_>, local: Local) -> ItemPath {
    let surface = set.surface(local.instance);
    let names = |(name, item): (&String, &crate::model::Item)| {
        let path = ItemPath::item(Side::Export, name);
        let ItemKind::Instance(instance) = &item.kind else { return None };
        let mut members = instance.exports.iter();
        members.find_map(|(member, item)| {
            let ItemKind::Type(id) = item.kind else { return None };
            let is_it = surface.types.resource(id) == Some(local.resource);
            is_it.then(|| path.then(Step::Item(member.clone())))
        })
    };
    let found = surface.exports.iter().find_map(names);
    found.unwrap_or(ItemPath { side: Side::Export, steps: Vec::new() })
}
