//! Imports with too many providers, and imports with none.

use std::collections::BTreeSet;

use super::{MOST_LABELS, copies, in_chains, is_bare, key, manifest, sides, string, table, wires};
use crate::check::choose::{Ambiguity, Knot};
use crate::check::near::Differing;
use crate::check::offers::Offer;
use crate::check::set::Set;
use crate::check::{HostImport, InstanceId, Port, near};
use crate::diag::{Alike, Diagnostic, Label, Run, code, list, list_of, quoted};
use crate::model::{ItemPath, Side};

/// The same two or more instances could provide imports of one instance.
pub(in crate::check) struct AmbiguousProviders<'a> {
    pub(in crate::check) user: InstanceId,
    /// The imports, at least one, each with its knot: those that could provide them are the same instances.
    pub(in crate::check) imports: &'a [(Ambiguity, &'a Knot)],
    /// Whether chains are all that the set needs, so that flags say it.
    pub(in crate::check) are_chains_enough: bool,
    /// The instances that something takes whatever is chosen.
    pub(in crate::check) taken: &'a BTreeSet<InstanceId>,
}

impl AmbiguousProviders<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let Some((Ambiguity { offers, count, .. }, _)) = self.imports.first() else { return };
        let names: Vec<String> = offers.iter().map(|offer| quoted(set.name(offer.instance))).collect();
        let imports: Vec<String> = self.imports.iter().map(|(it, _)| quoted(&it.port.name)).collect();
        let user = quoted(set.name(self.user));
        let could = format!("{} could each provide {}", list_of(&names, *count), list(&imports));
        let message = format!("{could} to {user}");
        let mut diagnostic = Diagnostic::new(code::AMBIGUOUS_PROVIDER, message);
        for (at, (Ambiguity { port, .. }, _)) in self.imports.iter().enumerate().take(MOST_LABELS) {
            let place = set.span(run, self.user, &ItemPath::item(Side::Import, &port.name));
            let text = format!("{user} needs one provider");
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        for offer in self.imports.iter().flat_map(|(it, _)| &it.offers).take(MOST_LABELS) {
            let place = set.span(run, offer.instance, &ItemPath::item(Side::Export, &offer.export));
            let text = format!("{} offers it", quoted(set.name(offer.instance)));
            diagnostic = diagnostic.label(Label::secondary(place, text));
        }
        let providers: Vec<InstanceId> = offers.iter().map(|offer| offer.instance).collect();
        if let Some(note) = copies(set, &providers) {
            diagnostic = diagnostic.note(note);
        }
        let alike = Alike {
            message: format!("{could} to {{count}} instances"),
            row: user,
            weight: 0,
            help: Some(self.advice(set, run, None).join("\n").into()),
            ..Alike::default()
        };
        let advice = self.advice(set, run, Some(&key(set.name(self.user))));
        run.diagnostics.report(advice.into_iter().fold(diagnostic, Diagnostic::help).one_of_many(alike));
    }

    /// What to do for one user, given as a key of TOML, or for several.
    fn advice(&self, set: &Set<'_>, run: &Run, user: Option<&str>) -> Vec<String> {
        let (mut chains, mut each, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        let (mut spare, mut chosen) = (BTreeSet::new(), BTreeSet::new());
        for (Ambiguity { port, offers, .. }, knot) in self.imports {
            if let Some(name) = &knot.chain {
                let layers = knot.offers.iter().map(|offer| set.name(offer.instance));
                let chain = (name.clone(), layers.collect::<Vec<_>>());
                if !chains.contains(&chain) {
                    chains.push(chain);
                }
            } else if knot.passing_on > 0 && !knot.settled.is_empty() {
                each.extend(knot.settled.iter().map(|(port, offer)| (port.clone(), offer.clone())));
            } else if let Some(offer) = knot.settled.get(port).or(offers.first()) {
                lines.push(format!("{} = {}", string(&port.name), string(set.name(offer.instance))));
                let others = offers.iter().map(|other| other.instance).filter(|id| *id != offer.instance);
                spare.extend(others.filter(|id| !self.taken.contains(id)));
                chosen.insert(offer.instance);
            }
        }
        let mut help = Vec::new();
        if !chains.is_empty() {
            let lead = "some of them pass it on: put them in a chain, the outermost first";
            help.push(in_chains(set, run, lead, &chains, self.are_chains_enough));
        }
        if !each.is_empty() {
            let lead = "no chain of them links: choose for each who provides it";
            help.push(format!("{lead}, in {}:\n{}", manifest(set, run), wires(set, &each)));
        }
        if !lines.is_empty() {
            let for_each = if user.is_some() { "" } else { "for each NAME of them " };
            let spare: Vec<String> = spare.difference(&chosen).map(|id| quoted(set.name(*id))).collect();
            let without = match spare.as_slice() {
                [] => String::new(),
                names => format!(", and leave out {}, which nothing else takes", list(names)),
            };
            help.push(format!(
                "leave out all but one, or choose {for_each}in {}{without}:\n{}",
                manifest(set, run),
                table(set, &format!("wire.{}", user.unwrap_or("NAME")), &lines),
            ));
        }
        help
    }
}

/// So many users of an import are asked what they miss: thousands may share one.
const USERS_ASKED: usize = 8;

/// Imports of the same instances that nobody in the set provides, and that no known host provides either.
pub(in crate::check) struct UnmetImports<'a> {
    /// At least one; all have the same users.
    pub(in crate::check) imports: &'a [&'a HostImport],
    /// An import of another instance that the first user provides, if there is one.
    pub(in crate::check) needed_for: Option<&'a Port>,
}

impl UnmetImports<'_> {
    /// The result is what is told of exports that almost provide them.
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) -> Vec<String> {
        let names: Vec<String> = self.imports.iter().map(|import| quoted(&name_of(set, import))).collect();
        let users: Vec<String> = self.users().into_iter().map(|id| quoted(set.name(id))).collect();
        let message = match names.as_slice() {
            [name] => {
                let needs = if users.len() == 1 { "needs" } else { "need" };
                format!("no component provides {name}, which {} {needs}", list(&users))
            }
            _ => {
                format!("no component provides {} imports of {}: {}", names.len(), list(&users), list(&names))
            }
        };
        let mut diagnostic = Diagnostic::new(code::UNMET_IMPORT, message);
        for (at, port) in self.ports().enumerate().take(MOST_LABELS) {
            let place = set.span(run, port.instance, &ItemPath::item(Side::Import, &port.name));
            let text = format!("{} imports it", quoted(set.name(port.instance)));
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        if let (Some(port), [user]) = (self.needed_for, users.as_slice()) {
            let (name, import) = (quoted(set.name(port.instance)), quoted(&full_name(set, port)));
            diagnostic = diagnostic.note(format!("{name} takes {import} from {user}"));
        }
        let mut told = Vec::new();
        diagnostic = self.with_nearest(diagnostic, &mut told, set, run);
        run.diagnostics.report(diagnostic.help(self.advice(set, run)));
        told
    }

    /// Adds what almost fits, and what to do about it.
    fn with_nearest(
        &self,
        mut diagnostic: Diagnostic,
        told: &mut Vec<String>,
        set: &mut Set<'_>,
        run: &mut Run,
    ) -> Diagnostic {
        let is_one = self.imports.len() == 1;
        let mut advice = self.choices(set, run);
        for import in self.imports {
            // What a user offers itself is nothing to it, and may be what another one needs.
            let found = import.users.iter().take(USERS_ASKED).find_map(|port| {
                let misses = near::why_open(set, port);
                (!misses.is_empty()).then_some((port, misses))
            });
            let Some((port, misses)) = found else { continue };
            if let Some(differing) = misses.first().and_then(|miss| miss.differs.as_ref()) {
                diagnostic = with_both_sides(diagnostic, port, differing, set, run);
            }
            if let (Some(nearest), true) = (misses.first(), is_one) {
                advice = advice.or_else(|| nearest.advice.clone());
            }
            for miss in misses.into_iter().take(if is_one { near::MOST } else { 1 }) {
                told.push(miss.text.clone());
                diagnostic = diagnostic.note(miss.text);
            }
        }
        advice.into_iter().fold(diagnostic, Diagnostic::help)
    }

    fn advice(&self, set: &Set<'_>, run: &Run) -> String {
        let add = match self.imports {
            [_] => "add a component that exports it",
            _ => "add components that export them",
        };
        if is_bare(set, run) {
            return format!("{add}, or leave to the host what nobody provides:\n  -A {}", code::UNMET_IMPORT);
        }
        // What holds for one of those that share an import holds for all.
        let users = self.imports.iter().filter_map(|import| import.users.first());
        let lines: Vec<String> = users.map(|port| format!("{} = \"host\"", string(&port.name))).collect();
        let first = self.ports().next().map(|port| set.name(port.instance)).unwrap_or_default();
        let table = table(set, &format!("wire.{}", key(first)), &lines);
        format!("{add}, or say in {} that the host does:\n{table}", manifest(set, run))
    }

    /// The lines that choose what almost fits, where only a choice is missing.
    fn choices(&self, set: &Set<'_>, run: &Run) -> Option<String> {
        let chosen = self.ports().take(MOST_LABELS).filter_map(|port| {
            let nearest = near::why_open(set, port).into_iter().next()?;
            Some((port.clone(), nearest.choice?))
        });
        let chosen: Vec<(Port, Offer)> = chosen.collect();
        let lead = format!("if that is meant, choose it in {}:", manifest(set, run));
        (!chosen.is_empty()).then(|| format!("{lead}\n{}", wires(set, &chosen)))
    }

    fn ports(&self) -> impl Iterator<Item = &Port> {
        self.imports.iter().flat_map(|import| &import.users)
    }

    /// The instances, each once, in the order of the first import.
    fn users(&self) -> Vec<InstanceId> {
        let mut seen = BTreeSet::new();
        let users = self.imports.iter().take(1).flat_map(|import| &import.users);
        users.map(|port| port.instance).filter(|id| seen.insert(*id)).collect()
    }
}

/// The name of an import of the whole, in full.
fn name_of(set: &Set<'_>, import: &HostImport) -> String {
    let named = import.users.iter().find(|port| port.name == import.name);
    named.map_or_else(|| import.name.clone(), |port| full_name(set, port))
}

fn full_name(set: &Set<'_>, import: &Port) -> String {
    let item = set.item(import.instance, Side::Import, &import.name);
    item.map_or_else(|| import.name.clone(), |item| item.full_name(&import.name))
}

/// Marks the piece in which the nearest export differs, on both sides.
fn with_both_sides(
    mut diagnostic: Diagnostic,
    port: &Port,
    Differing { provider, mismatch }: &Differing,
    set: &mut Set<'_>,
    run: &mut Run,
) -> Diagnostic {
    if diagnostic.labels.len() + 2 > MOST_LABELS {
        return diagnostic;
    }
    let (expected, found) = sides(&mismatch.difference);
    let here = set.span(run, port.instance, &mismatch.expected_at);
    let there = set.span(run, *provider, &mismatch.found_at);
    let (user, provider) = (quoted(set.name(port.instance)), quoted(set.name(*provider)));
    match diagnostic.labels.iter_mut().find(|label| label.span == here) {
        Some(label) => label.text = format!("{}, and {expected}", label.text),
        None => diagnostic = diagnostic.label(Label::secondary(here, format!("{user} {expected}"))),
    }
    diagnostic.label(Label::secondary(there, format!("{provider} {found}")))
}
