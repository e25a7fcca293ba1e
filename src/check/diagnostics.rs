//! What this stage can report: one struct a diagnostic, holding facts; the words are added here and nowhere else.

use super::choose::Chosen;
use super::origin::{Link, Local};
use super::set::{Offer, Set};
use super::{Difference, HostImport, InstanceId, Mismatch, Port, near};
use crate::config::{Chain, Choice, Spanned, WireChoice};
use crate::diag::{Diagnostic, Label, Run, code, escape, quoted};
use crate::model::{ItemPath, Items, Side, Step};

/// Two or more exports could provide one import.
pub(super) struct AmbiguousProvider<'a> {
    pub(super) user: &'a Port,
    pub(super) offers: &'a [Offer],
}

impl AmbiguousProvider<'_> {
    pub(super) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let names: Vec<String> = self.offers.iter().map(|offer| quoted(set.name(offer.instance))).collect();
        let user = quoted(set.name(self.user.instance));
        let import = quoted(&self.user.name);
        let message = format!("{} could each provide {import} to {user}", list(&names));
        let place = set.span(run, self.user.instance, &ItemPath::item(Side::Import, &self.user.name));
        let mut diagnostic = Diagnostic::new(code::AMBIGUOUS_PROVIDER, message)
            .label(Label::primary(place, format!("{user} needs one provider")));
        for (offer, name) in self.offers.iter().zip(&names) {
            let place = set.span(run, offer.instance, &ItemPath::item(Side::Export, &offer.export));
            diagnostic = diagnostic.label(Label::secondary(place, format!("{name} offers it")));
        }
        let passes_on = |offer: &&Offer| {
            set.item(self.user.instance, Side::Import, &self.user.name).is_some_and(|item| {
                let wanted = item.link_name(&self.user.name);
                set.surface(offer.instance).imports.iter().any(|(name, item)| item.link_name(name) == wanted)
            })
        };
        let middle: Vec<&str> =
            self.offers.iter().filter(passes_on).map(|offer| set.name(offer.instance)).collect();
        let ends = self.offers.iter().filter(|offer| !passes_on(offer)).map(|offer| set.name(offer.instance));
        if middle.is_empty() {
            let first = self.offers.first().map(|offer| set.name(offer.instance)).unwrap_or_default();
            diagnostic = diagnostic.help(format!(
                "leave out all but one, or choose in `witc.toml`:\n[composition.{}.wire.{}]\n\"{}\" = \"{first}\"",
                key(set.composition.name.as_str()),
                key(set.name(self.user.instance)),
                self.user.name,
            ));
        } else {
            let layers: Vec<&str> = middle.into_iter().chain(ends).collect();
            diagnostic = diagnostic.help(format!(
                "some of them pass it on: put them in a chain, outermost first: `--chain {}={}`",
                self.user.name,
                layers.join(","),
            ));
        }
        run.diagnostics.report(diagnostic);
    }
}

/// A choice of the user names an import that the instance does not have.
pub(super) struct UnknownImport(Diagnostic);

impl UnknownImport {
    pub(super) fn of(set: &Set<'_>, id: InstanceId, import: &Spanned<String>) -> Self {
        let (user, text) = (quoted(set.name(id)), quoted(import.as_str()));
        let diagnostic = Diagnostic::new(code::UNKNOWN_IMPORT, format!("{user} does not import {text}"))
            .label(Label::primary(import.span, format!("not an import of {user}")));
        Self(known_names(diagnostic, "imports", &set.surface(id).imports, import.as_str()))
    }
}

impl From<UnknownImport> for Diagnostic {
    fn from(fact: UnknownImport) -> Self {
        fact.0
    }
}

/// A choice of the user names an export that the instance does not have.
pub(super) struct UnknownExport(Diagnostic);

impl UnknownExport {
    pub(super) fn of_wire(set: &Set<'_>, id: InstanceId, wire: &WireChoice) -> Self {
        let wanted = match &wire.provider {
            Choice::Instance { export: Some(export), .. } => export,
            Choice::Instance { .. } | Choice::Host { .. } => &wire.import,
        };
        let place = match &wire.provider {
            Choice::Instance { export: Some(export), .. } => export.span,
            provider => provider.span(),
        };
        Self::of(set, id, &Spanned::new(wanted.value.clone(), place))
    }

    pub(super) fn of_chain(set: &Set<'_>, id: InstanceId, chain: &Chain, layer: &Spanned<String>) -> Self {
        Self::of(set, id, &Spanned::new(chain.interface.value.clone(), layer.span))
    }

    pub(super) fn of(set: &Set<'_>, id: InstanceId, export: &Spanned<String>) -> Self {
        let (provider, text) = (quoted(set.name(id)), quoted(export.as_str()));
        let diagnostic = Diagnostic::new(code::UNKNOWN_EXPORT, format!("{provider} does not export {text}"))
            .label(Label::primary(export.span, format!("not an export of {provider}")));
        Self(known_names(diagnostic, "exports", &set.surface(id).exports, export.as_str()))
    }
}

impl From<UnknownExport> for Diagnostic {
    fn from(fact: UnknownExport) -> Self {
        fact.0
    }
}

fn known_names(diagnostic: Diagnostic, verb: &str, items: &Items, wanted: &str) -> Diagnostic {
    let names: Vec<String> = items.keys().map(|name| quoted(name)).collect();
    let diagnostic =
        match items.keys().max_by(|a, b| near::likeness(a, wanted).total_cmp(&near::likeness(b, wanted))) {
            Some(name) if near::likeness(name, wanted) > 0.7 => {
                diagnostic.help(format!("did you mean {}?", quoted(name)))
            }
            _ => diagnostic,
        };
    let known = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
    diagnostic.note(format!("it {verb} {known}"))
}

/// Nobody needs two or more of the components, and the user did not say which one is the root.
pub(super) struct AmbiguousRoot<'a> {
    pub(super) candidates: &'a [InstanceId],
}

impl AmbiguousRoot<'_> {
    pub(super) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let mut ids = self.candidates.to_vec();
        ids.sort_by(|a, b| set.name(*a).cmp(set.name(*b)));
        let names: Vec<String> = ids.iter().map(|id| quoted(set.name(*id))).collect();
        let message = format!("no component needs {}: which one is the composition for?", list(&names));
        let mut diagnostic = Diagnostic::new(code::AMBIGUOUS_ROOT, message);
        for (at, id) in ids.iter().enumerate() {
            let first = set.surface(*id).exports.keys().next().cloned();
            let path = first.map(|name| ItemPath::item(Side::Export, name));
            let place =
                set.span(run, *id, &path.unwrap_or(ItemPath { side: Side::Export, steps: Vec::new() }));
            let text = format!("nobody uses {}", names[at]);
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        for id in &ids {
            for reason in near::why_unused(set, *id) {
                diagnostic = diagnostic.note(reason);
            }
        }
        let first = set.name(ids[0]);
        diagnostic = diagnostic
            .help(format!("name it with `--root {first}`, and leave out what does not belong to it"));
        run.diagnostics.report(diagnostic);
    }
}

/// Instances need each other in a circle.
pub(super) struct Cycle(Diagnostic);

impl Cycle {
    pub(super) fn of(set: &Set<'_>, ports: &[Port]) -> Self {
        let names: Vec<String> = ports.iter().map(|port| quoted(set.name(port.instance))).collect();
        let message = format!("{} need each other in a circle", list(&names));
        let mut diagnostic = Diagnostic::new(code::CYCLE, message).label(Label::primary(
            set.composition.name.span,
            "an instance must be complete before another one can use it",
        ));
        for (at, port) in ports.iter().enumerate() {
            let provider = &names[(at + 1) % names.len()];
            diagnostic =
                diagnostic.note(format!("{} takes {} from {provider}", names[at], quoted(&port.name)));
        }
        let last = ports.last().map(|port| (set.name(port.instance), port.name.as_str())).unwrap_or_default();
        Self(diagnostic.help(format!(
            "break it: take one of these interfaces from elsewhere, for example from the host:\n\
             [composition.{}.wire.{}]\n\"{}\" = \"host\"",
            key(set.composition.name.as_str()),
            key(last.0),
            last.1,
        )))
    }
}

impl From<Cycle> for Diagnostic {
    fn from(fact: Cycle) -> Self {
        fact.0
    }
}

/// A component was given and is not part of the result.
pub(super) struct UnusedComponent {
    pub(super) instance: InstanceId,
    pub(super) root: InstanceId,
}

impl UnusedComponent {
    pub(super) fn report(&self, set: &mut Set<'_>, choices: &[(Port, Chosen)], run: &mut Run) {
        let (name, root) = (quoted(set.name(self.instance)), quoted(set.name(self.root)));
        let first = set.surface(self.instance).exports.keys().next().cloned();
        let path = first.map(|name| ItemPath::item(Side::Export, name));
        let place =
            set.span(run, self.instance, &path.unwrap_or(ItemPath { side: Side::Export, steps: Vec::new() }));
        let message = format!("{name} is not used: nothing that {root} needs leads to it");
        let mut diagnostic = Diagnostic::new(code::UNUSED_COMPONENT, message)
            .label(Label::primary(place, "nobody in the composition takes this"));
        let user = choices.iter().find_map(|(port, chosen)| match chosen {
            Chosen::Offer(offer) if offer.instance == self.instance => Some(port),
            Chosen::Offer(_) | Chosen::Member { .. } | Chosen::Host(_) => None,
        });
        if let Some(port) = user {
            let user = quoted(set.name(port.instance));
            diagnostic = diagnostic.note(format!("only {user} uses it, which is itself not used"));
        }
        for reason in near::why_unused(set, self.instance) {
            diagnostic = diagnostic.note(reason);
        }
        diagnostic = diagnostic.help(format!("leave it out, or make {root} need it"));
        run.diagnostics.report(diagnostic);
    }
}

/// Two imports have one name and contradict each other.
pub(super) struct ImportConflict<'a> {
    pub(super) port: &'a Port,
    pub(super) other: &'a Port,
    pub(super) mismatch: &'a Mismatch,
}

impl ImportConflict<'_> {
    pub(super) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let (user, other) = (quoted(set.name(self.port.instance)), quoted(set.name(self.other.instance)));
        let name = quoted(&self.port.name);
        let message =
            format!("{user} and {other} import {name} with different types, so that no host can serve both");
        let here = set.span(run, self.port.instance, &self.mismatch.expected_at);
        let there = set.span(run, self.other.instance, &self.mismatch.found_at);
        let (expected, found) = sides(&self.mismatch.difference);
        run.diagnostics.report(
            Diagnostic::new(code::IMPORT_CONFLICT, message)
                .label(Label::primary(here, format!("{user} {expected}")))
                .label(Label::secondary(there, format!("{other} {found}")))
                .note(format!("they differ at {}", path_text(&self.mismatch.path)))
                .help("build both against one version of the interface, or give a component that provides one of them"),
        );
    }
}

/// An export has the right name and track, and the wrong type.
pub(super) struct TypeMismatch<'a> {
    pub(super) port: &'a Port,
    pub(super) offer: &'a Offer,
    pub(super) mismatch: &'a Mismatch,
}

impl TypeMismatch<'_> {
    pub(super) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let (user, provider) = (quoted(set.name(self.port.instance)), quoted(set.name(self.offer.instance)));
        let import = quoted(&self.port.name);
        let (expected, found) = sides(&self.mismatch.difference);
        let piece = path_text(&self.mismatch.path);
        let at = if piece.is_empty() { String::new() } else { format!(" at {piece}") };
        let message =
            format!("{provider} does not fit {import} of {user}{at}: {user} {expected}, {provider} {found}");
        let here = set.span(run, self.port.instance, &self.mismatch.expected_at);
        let there = set.span(run, self.offer.instance, &self.mismatch.found_at);
        let mut diagnostic = Diagnostic::new(code::TYPE_MISMATCH, message)
            .label(Label::primary(here, format!("{user} {expected}")))
            .label(Label::secondary(there, format!("{provider} {found}")));
        if self.port.name != self.offer.export {
            let offered = quoted(&self.offer.export);
            diagnostic =
                diagnostic.note(format!("{provider} offers it as {offered}, which is on the same track"));
        }
        run.diagnostics.report(diagnostic.help(advice(&self.mismatch.difference, &user, &provider)));
    }
}

fn advice(difference: &Difference, user: &str, provider: &str) -> String {
    match difference {
        Difference::Missing { .. } => {
            format!("use a newer {provider}, or build {user} against the older interface")
        }
        Difference::Async { .. } => {
            format!("rebuild {user} or {provider}: async and sync functions are different types")
        }
        Difference::Kind { .. }
        | Difference::Type { .. }
        | Difference::Names { .. }
        | Difference::Result { .. } => {
            format!("build {user} and {provider} against the same WIT")
        }
    }
}

/// What each side has, as the ends of sentences that start with the names of the sides.
pub(super) fn sides(difference: &Difference) -> (String, String) {
    let words = |expected: &str, found: &str| (format!("expects {expected}"), format!("has {found}"));
    match difference {
        Difference::Missing { noun } => (format!("needs this {noun}"), "has none of this name".to_owned()),
        Difference::Kind { expected, found } => words(&format!("a {expected}"), &format!("a {found}")),
        Difference::Type { expected, found } => words(&quoted(expected), &quoted(found)),
        Difference::Async { expected: true } => words("an `async` function", "one that is not `async`"),
        Difference::Async { expected: false } => words("a function that is not `async`", "an `async` one"),
        Difference::Names { noun, expected, found } => {
            let show = |names: &[String]| {
                if names.is_empty() {
                    format!("no {noun}")
                } else {
                    format!("{noun} {}", quoted(&names.join(", ")))
                }
            };
            words(&show(expected), &show(found))
        }
        Difference::Result { expected: true } => words("a result", "none"),
        Difference::Result { expected: false } => words("no result", "one"),
    }
}

/// The steps below the import itself: ``  `charge` / parameter `amount` ``.
pub(super) fn path_text(path: &ItemPath) -> String {
    let step = |step: &Step| match step {
        Step::Item(name) => quoted(name),
        Step::Parameter(name) => format!("parameter {}", quoted(name)),
        Step::Field(name) => format!("field {}", quoted(name)),
        Step::Case(name) => format!("case {}", quoted(name)),
        other => other.to_string(),
    };
    path.steps.iter().skip(1).map(step).collect::<Vec<_>>().join(" / ")
}

/// Resources that must be one come from two places.
pub(super) struct ResourceOrigins<'a> {
    pub(super) definers: &'a [Local],
    pub(super) host: Option<&'a (usize, ItemPath, Local)>,
    pub(super) imports: &'a [HostImport],
    pub(super) links: &'a [Link],
}

impl ResourceOrigins<'_> {
    pub(super) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let mut ends: Vec<(Local, ItemPath, String)> = Vec::new();
        for local in self.definers {
            let path = exported_at(set, *local);
            ends.push((*local, path, format!("{} makes it", quoted(set.name(local.instance)))));
        }
        if let Some((import, path, local)) = self.host {
            let name = self.imports.get(*import).map(|import| quoted(&import.name)).unwrap_or_default();
            let user = quoted(set.name(local.instance));
            ends.push((*local, path.clone(), format!("{user} leaves {name} to the host, which makes it")));
        }
        let name = ends.iter().find_map(|(_, path, _)| path.last_name().map(quoted)).unwrap_or_default();
        let message = format!("resource {name} has two origins, and must have one");
        let mut diagnostic = Diagnostic::new(code::RESOURCE_ORIGIN, message);
        for (at, (local, path, text)) in ends.iter().enumerate() {
            let place = set.span(run, local.instance, path);
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        for link in self.witness(ends[0].0, ends.get(1).map_or(ends[0].0, |end| end.0)) {
            let (user, other) = (set.name(link.expected.instance), set.name(link.found.instance));
            let import = link.path.extern_name().map(quoted).unwrap_or_default();
            diagnostic = diagnostic.note(format!("{} takes {import} from {}", quoted(user), quoted(other)));
        }
        let help = match self.host {
            Some((_, path, local)) => format!(
                "give a component that provides {} to {} and uses the same {name}",
                path.extern_name().map(quoted).unwrap_or_default(),
                quoted(set.name(local.instance)),
            ),
            None => "let all of them take the interface that defines it from one instance".to_owned(),
        };
        run.diagnostics.report(diagnostic.help(help));
    }

    /// The wires that lead from one resource to the other.
    fn witness(&self, from: Local, to: Local) -> Vec<&Link> {
        let mut reached: Vec<(Local, Option<(usize, &Link)>)> = vec![(from, None)];
        let mut at = 0;
        while let Some((local, _)) = reached.get(at).cloned() {
            if local == to {
                break;
            }
            for link in self.links {
                let next = match local {
                    local if link.expected == local => link.found,
                    local if link.found == local => link.expected,
                    _ => continue,
                };
                if reached.iter().all(|(known, _)| *known != next) {
                    reached.push((next, Some((at, link))));
                }
            }
            at += 1;
        }
        let mut path = Vec::new();
        let mut here = reached.iter().position(|(local, _)| *local == to).unwrap_or_default();
        while let Some((_, Some((before, link)))) = reached.get(here) {
            path.push(*link);
            here = *before;
        }
        path
    }
}

/// Where the exports of an instance name a resource that it defines.
fn exported_at(set: &Set<'_>, local: Local) -> ItemPath {
    let surface = set.surface(local.instance);
    let names = |(name, item): (&String, &crate::model::Item)| {
        let path = ItemPath::item(Side::Export, name);
        let crate::model::ItemKind::Instance(instance) = &item.kind else { return None };
        let mut members = instance.exports.iter();
        members.find_map(|(member, item)| match &item.kind {
            crate::model::ItemKind::Type(id) if surface.types.resource(*id) == Some(local.resource) => {
                Some(path.then(Step::Item(member.clone())))
            }
            _ => None,
        })
    };
    let found = surface.exports.iter().find_map(names);
    found.unwrap_or(ItemPath { side: Side::Export, steps: Vec::new() })
}

/// An import that nobody in the set provides, and that no known host provides either.
pub(super) struct UnmetImport<'a> {
    pub(super) import: &'a HostImport,
}

impl UnmetImport<'_> {
    pub(super) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let name = quoted(&self.import.name);
        let users: Vec<String> = super::host::users(self.import).map(|id| quoted(set.name(id))).collect();
        let message = format!("no component provides {name}, which {} {}", list(&users), needs(users.len()));
        let mut diagnostic = Diagnostic::new(code::UNMET_IMPORT, message);
        for (at, port) in self.import.users.iter().enumerate() {
            let place = set.span(run, port.instance, &ItemPath::item(Side::Import, &port.name));
            let text = format!("{} imports it", users[at]);
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        for reason in near::why_open(set, &self.import.users[0]) {
            diagnostic = diagnostic.note(reason);
        }
        let port = &self.import.users[0];
        run.diagnostics.report(diagnostic.help(format!(
            "add a component that exports it; if the host does, say so in `witc.toml`:\n\
             [composition.{}.wire.{}]\n\"{}\" = \"host\"\nor allow it for this run with `-A {}`",
            key(set.composition.name.as_str()),
            key(set.name(port.instance)),
            port.name,
            code::UNMET_IMPORT,
        )));
    }
}

fn needs(count: usize) -> &'static str {
    if count == 1 { "needs" } else { "need" }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A name as a key of TOML: bare where that is allowed.
fn key(name: &str) -> String {
    let is_bare = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    if !name.is_empty() && name.chars().all(is_bare) {
        name.to_owned()
    } else {
        format!("\"{}\"", escape(name))
    }
}
