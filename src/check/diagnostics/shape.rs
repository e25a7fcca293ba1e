//! The shape of the graph: its root, circles, and what the root does not reach.

use std::collections::BTreeSet;

use super::{MOST_LABELS, copies, in_chains, is_bare, key, manifest, string, table, wires};
use crate::check::choose::{Choices, Chosen, chain_name, wire_of};
use crate::check::near::{self, Unused};
use crate::check::offers::Offer;
use crate::check::set::Set;
use crate::check::{InstanceId, Port};
use crate::diag::{Diagnostic, Label, Run, code, list, natural_order, quoted};
use crate::model::{ItemPath, Side};

/// Nobody needs two or more of the components, and the user did not say which one is the root.
pub(in crate::check) struct AmbiguousRoot<'a> {
    /// By name.
    pub(in crate::check) candidates: &'a [InstanceId],
    /// The one that most of the set leads to.
    pub(in crate::check) likely: InstanceId,
}

impl AmbiguousRoot<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, choices: &Choices, run: &mut Run) {
        let mut ids = self.candidates.to_vec();
        let names: Vec<String> = ids.iter().map(|id| quoted(set.name(*id))).collect();
        let message = format!("no component needs {}: which one is the composition for?", list(&names));
        let mut diagnostic = Diagnostic::new(code::AMBIGUOUS_ROOT, message);
        for (at, id) in ids.iter().enumerate().take(MOST_LABELS) {
            let place = set.span(run, *id, &first_export(set, *id));
            let text = format!("nobody uses {}", names[at]);
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        for Unused { miss, .. } in
            ids.iter().take(MOST_LABELS).flat_map(|id| near::why_unused(set, *id, choices))
        {
            if !diagnostic.notes.contains(&miss.text) {
                diagnostic = diagnostic.note(miss.text);
            }
        }
        ids.truncate(MOST_LABELS);
        if let Some(note) = copies(set, &ids) {
            diagnostic = diagnostic.note(note);
        }
        let likely = set.name(self.likely);
        let help = if is_bare(set, run) {
            format!("name it, and leave out what does not belong to it:\n  --root {likely}")
        } else {
            let table = format!("  [composition.{}]", key(set.composition.name.as_str()));
            format!(
                "name it in `witc.toml`, and leave out what does not belong to it:\n{table}\n  root = {}",
                string(likely)
            )
        };
        run.diagnostics.report(diagnostic.help(help));
    }
}

/// Where to point for an instance as a whole.
fn first_export(set: &Set<'_>, id: InstanceId) -> ItemPath {
    let first = set.surface(id).exports.keys().next();
    first
        .map_or(ItemPath { side: Side::Export, steps: Vec::new() }, |name| ItemPath::item(Side::Export, name))
}

/// Instances need each other in a circle.
pub(in crate::check) struct Cycle<'a> {
    /// The imports along the circle: each is provided by the instance of the next.
    pub(in crate::check) ports: &'a [Port],
    /// An export outside of it that one of them could take instead.
    pub(in crate::check) way_out: Option<(Port, Offer)>,
}

impl Cycle<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let names: Vec<String> = self.ports.iter().map(|port| quoted(set.name(port.instance))).collect();
        let message = match names.as_slice() {
            [one] => format!("{one} needs itself"),
            several => format!("{} need each other in a circle", list(several)),
        };
        let mut diagnostic = Diagnostic::new(code::CYCLE, message);
        for (at, port) in self.ports.iter().enumerate().take(MOST_LABELS) {
            let place = set.span(run, port.instance, &ItemPath::item(Side::Import, &port.name));
            let text = format!("{} takes it from {}", names[at], names[(at + 1) % names.len()]);
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        let mut diagnostic = diagnostic.note(
            "an instance must be complete before another one can use it, so that a circle cannot begin",
        );
        let Some(last) = self.ports.last() else { return };
        let wire = wire_of(set, self.ports);
        let chain = self.chain(set).filter(|_| wire.is_none());
        let is_told = wire.is_some() || chain.is_some() || self.way_out.is_some();
        if let Some(wire) = wire {
            let (user, import) = (quoted(wire.user.as_str()), quoted(wire.import.as_str()));
            diagnostic = diagnostic
                .label(Label::secondary(wire.import.span, "this wire closes it"))
                .help(format!("leave out the wire of {user} for {import}"));
        }
        if let Some(chain) = chain {
            let lead = "all of them pass it on: put them in a chain, the outermost first";
            diagnostic = diagnostic.help(in_chains(set, run, lead, &[chain], true));
        }
        if let Some((port, offer)) = &self.way_out {
            let (user, provider) = (quoted(set.name(port.instance)), quoted(set.name(offer.instance)));
            diagnostic = diagnostic.help(format!(
                "break it: {provider} could provide {} to {user}, in {}:\n{}",
                quoted(&port.name),
                manifest(set, run),
                wires(set, &[(port.clone(), offer.clone())]),
            ));
        }
        let line = format!("{} = \"host\"", string(&last.name));
        let lead = match is_told {
            true => "or take one of these interfaces from the host",
            false => "break it: take one of these interfaces from elsewhere, for example from the host",
        };
        let help = format!(
            "{lead}, in {}:\n{}",
            manifest(set, run),
            table(set, &format!("wire.{}", key(set.name(last.instance))), &[line]),
        );
        run.diagnostics.report(diagnostic.help(help));
    }

    /// The chain that was meant, by its interface and layers, where all of them pass one interface on, in whatever versions.
    fn chain<'s>(&self, set: &'s Set<'_>) -> Option<(String, Vec<&'s str>)> {
        let mut layers: Vec<InstanceId> = self.ports.iter().map(|port| port.instance).collect();
        layers.sort_by(|a, b| natural_order(set.name(*a), set.name(*b)));
        layers.extend(self.way_out.iter().map(|(_, end)| end.instance));
        let interface = chain_name(set, &layers, self.ports).filter(|_| self.ports.len() > 1)?;
        Some((interface, layers.into_iter().map(|layer| set.name(layer)).collect()))
    }
}

/// A component was given and is not part of the result.
pub(in crate::check) struct UnusedComponent<'a> {
    pub(in crate::check) instance: InstanceId,
    pub(in crate::check) root: InstanceId,
    /// What is told of exports where an import is told that nobody provides.
    pub(in crate::check) told: &'a BTreeSet<String>,
}

impl UnusedComponent<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, choices: &Choices, run: &mut Run) {
        let (name, root) = (quoted(set.name(self.instance)), quoted(set.name(self.root)));
        let place = set.span(run, self.instance, &first_export(set, self.instance));
        let message = format!("{name} is not used: nothing that {root} needs leads to it");
        let mut diagnostic = Diagnostic::new(code::UNUSED_COMPONENT, message)
            .label(Label::primary(place, "nobody in the composition takes this"));
        let user = choices.ports.iter().find_map(|(port, chosen)| match chosen {
            Chosen::Offer(offer) if offer.instance == self.instance => Some(port),
            Chosen::Offer(_) | Chosen::Member { .. } | Chosen::Host(_) | Chosen::Nobody => None,
        });
        if let Some(port) = user {
            let user = quoted(set.name(port.instance));
            diagnostic = diagnostic.note(format!("only {user} uses it, which is itself not used"));
        }
        let mut help = format!("leave it out, or make {root} need it");
        let misses = near::why_unused(set, self.instance, choices);
        let is_wanted = user.is_some() || !misses.is_empty();
        for Unused { miss, port } in misses {
            let is_outdone = miss.is_outdone();
            let note = match self.told.contains(&miss.text) {
                true => almost(set, &name, &port),
                false => miss.text,
            };
            if !diagnostic.notes.contains(&note) {
                diagnostic = diagnostic.note(note);
            }
            if let Some(offer) = miss.choice.filter(|_| is_outdone) {
                let wires = wires(set, &[(port, offer)]);
                help = format!("leave it out, or choose it in {}:\n{wires}", manifest(set, run));
            }
        }
        diagnostic = diagnostic.help(help);
        if let (false, Some(export)) = (is_wanted, set.surface(self.instance).exports.keys().next()) {
            let lines = [format!("{} = {}", string(export), string(set.name(self.instance)))];
            let expose = table(set, "expose", &lines);
            let text =
                format!("or have the whole export what it offers, in {}:\n{expose}", manifest(set, run));
            diagnostic = diagnostic.help(text);
        }
        run.diagnostics.report(diagnostic);
    }
}

/// That an import says why it is not provided by an instance.
fn almost(set: &Set<'_>, name: &str, port: &Port) -> String {
    let item = set.item(port.instance, Side::Import, &port.name);
    let import = item.map_or_else(|| port.name.clone(), |item| item.full_name(&port.name));
    let user = quoted(set.name(port.instance));
    format!("{name} almost provides {} to {user}: it is told of this import why it does not", quoted(&import))
}
