//! Resources that must be one and come from two places.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::fitting::another_name;
use super::{key, manifest, string, table, wires};
use crate::check::inside::{KeptInside, kept_inside};
use crate::check::offers::Offer;
use crate::check::origin::{Because, Link, Local};
use crate::check::set::Set;
use crate::check::{HostImport, InstanceId, Port};
use crate::diag::{Diagnostic, Label, Run, code, list, quoted};
use crate::model::{ItemKind, ItemPath, LinkName, Side, Step};

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
        let advice = match self.bare_name(set) {
            Some(port) => another_name(set, &port, run),
            None => self.advice(set, &name, manifest(set, run)),
        };
        run.diagnostics.report(diagnostic.help(advice));
    }

    /// An import at the root that is one with that of another instance only since both have one name, which says nothing of where the
    /// resource is from.
    fn bare_name(&self, set: &Set<'_>) -> Option<Port> {
        let ([], [(.., first), (.., second), ..]) = (self.definers, self.host) else { return None };
        // A resource that is imported by itself is imported by itself under another name as well.
        if self.host.iter().any(|(_, path, _)| path.steps.len() == 1) {
            return None;
        }
        let is_bare = |link: &&Link| link.because == Because::Merged && link.path.steps.len() == 1;
        let link = self.way(*first, *second).into_iter().find(is_bare)?;
        let port = Port { instance: link.expected.instance, name: link.path.extern_name()?.to_owned() };
        set.item(port.instance, Side::Import, &port.name).is_some().then_some(port)
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

    /// What to do; `manifest` is where lines go that choose.
    fn advice(&self, set: &Set<'_>, name: &str, manifest: &str) -> String {
        let open: Vec<String> =
            self.host.iter().filter_map(|(_, path, _)| path.extern_name()).map(quoted).collect();
        match (self.host, self.definers) {
            ([], _) => self.exposing(set).unwrap_or_else(|| {
                let advice =
                    format!("let all of them take the interface that defines {name} from one instance");
                match self.uniting(set) {
                    united if united.is_empty() => advice,
                    united => format!("{advice}, in {manifest}:\n{}", wires(set, &united)),
                }
            }),
            ([(_, _, local), ..], [maker, ..]) if local.instance == maker.instance => {
                self.leaving(set, *maker, *local, manifest)
            }
            ([(_, path, local), ..], [maker, ..]) if wire_to(set, *maker, local.instance, path).is_some() => {
                let united = self
                    .host
                    .iter()
                    .filter_map(|(_, path, local)| wire_to(set, *maker, local.instance, path));
                let united: Vec<(Port, Offer)> = united.collect();
                format!(
                    "let {} take {} from {}, too, in {manifest}:\n{}",
                    quoted(set.name(local.instance)),
                    list(&open),
                    quoted(set.name(maker.instance)),
                    wires(set, &united),
                )
            }
            ([(_, _, local), ..], [maker, ..]) => format!(
                "give a component that provides {} to {} and takes {name} from {}",
                list(&open),
                quoted(set.name(local.instance)),
                quoted(set.name(maker.instance)),
            ),
            (_, []) if self.are_told_apart(set) => format!(
                "the host tells {} apart by their external ids: build the components with one of these ids",
                list(&open)
            ),
            (_, []) => format!(
                "these are different types that happen to have one name: build the components against one of {}",
                list(&open)
            ),
        }
    }

    /// What to do where an instance offers a resource of its own beside the one that it takes from the host: whoever has both takes
    /// that of the host.
    fn leaving(&self, set: &Set<'_>, maker: Local, taken: Local, manifest: &str) -> String {
        let is_wired = |link: &&Link| link.because == Because::Wired && link.found.instance == maker.instance;
        let way: Vec<&Link> = self.way(maker, taken).into_iter().filter(is_wired).collect();
        let maker = set.name(maker.instance);
        let Some(user) = way.first().map(|link| link.expected.instance) else {
            return format!(
                "{} offers one of its own beside that: nobody can have both as one",
                quoted(maker)
            );
        };
        // Where one import of the user needs the other one, both go to the host.
        let of_user = way.iter().filter(|link| link.expected.instance == user);
        let imports: BTreeSet<&str> = of_user.filter_map(|link| link.path.extern_name()).collect();
        let lines: Vec<String> =
            imports.iter().map(|import| format!("{} = \"host\"", string(import))).collect();
        format!(
            "{} offers one of its own beside that: let {} take {} from the host, too, in {manifest}:\n{}",
            quoted(maker),
            quoted(set.name(user)),
            list(&imports.into_iter().map(quoted).collect::<Vec<_>>()),
            table(set, &format!("wire.{}", key(set.name(user))), &lines),
        )
    }

    /// Whether the host is to know its imports, all of one interface, by different external ids.
    fn are_told_apart(&self, set: &Set<'_>) -> bool {
        let item = |(_, path, local): &(usize, ItemPath, Local)| {
            let name = path.extern_name()?;
            let item = set.item(local.instance, Side::Import, name)?;
            Some((item.link_name(name), item.external_id.as_deref()))
        };
        let items: Vec<_> = self.host.iter().filter_map(item).collect();
        let differ = |pair: &[(LinkName, _)]| pair[0].1 != pair[1].1;
        items.windows(2).all(|pair| pair[0].0 == pair[1].0) && items.windows(2).any(differ)
    }

    /// The wires that take the resource from the first of its makers instead of another one; none if that has not all of them.
    fn uniting(&self, set: &Set<'_>) -> Vec<(Port, Offer)> {
        let Some((first, others)) = self.definers.split_first() else { return Vec::new() };
        let taken = self.links.iter().filter(|link| others.contains(&link.found));
        let wires = taken.map(|link| wire_to(set, *first, link.expected.instance, &link.path));
        let mut wires: Vec<(Port, Offer)> = wires.collect::<Option<_>>().unwrap_or_default();
        wires.sort();
        wires.dedup();
        wires
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
             anew with the line\n  expose.{} = {}",
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

/// The wire by which the import that a path leads into would be taken from the maker, if that exports it.
fn wire_to(set: &Set<'_>, maker: Local, user: InstanceId, path: &ItemPath) -> Option<(Port, Offer)> {
    let name = path.extern_name()?;
    let meaning = set.item(user, Side::Import, name)?.link_name(name);
    let offer = set.offers(&meaning).iter().find(|offer| offer.instance == maker.instance)?;
    Some((Port { instance: user, name: name.to_owned() }, offer.clone()))
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
