//! Wires and merged imports whose types do not fit.

use super::{MOST_LABELS, key, manifest, missing, path_text, sides, table};
use crate::check::merge::Contradiction;
use crate::check::offers::Offer;
use crate::check::set::Set;
use crate::check::{Difference, Mismatch, Port};
use crate::diag::{Alike, Diagnostic, Label, Run, code, list, quoted};
use crate::load::is_extern_name;
use crate::model::{InterfaceName, ItemPath, Side};

/// An export has the right name and track, and one piece of it the wrong type.
pub(in crate::check) struct TypeMismatch<'a> {
    pub(in crate::check) port: &'a Port,
    pub(in crate::check) offer: &'a Offer,
    pub(in crate::check) mismatch: &'a Mismatch,
    /// Whether it is the first that is reported of this wire, so that it says what holds for all.
    pub(in crate::check) is_first: bool,
    /// Whether so many wires between the two do not fit that this one is a line among them.
    pub(in crate::check) is_one_of_many: bool,
}

impl TypeMismatch<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
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
        let help = match self.mismatch.difference {
            Difference::Async { .. } => {
                "rebuild one of them: a function that is `async` and one that is not are different types"
                    .to_owned()
            }
            Difference::Kind { .. }
            | Difference::Missing { .. }
            | Difference::Type { .. }
            | Difference::Names { .. }
            | Difference::ExternalId { .. }
            | Difference::Result { .. } => format!("build {user} and {provider} against the same WIT"),
        };
        if self.is_first {
            diagnostic = offered_as(set, self.port, self.offer, diagnostic);
        }
        if self.is_one_of_many {
            let row = format!("{import}{at}: {user} {expected}, {provider} {found}");
            diagnostic = diagnostic.one_of_many(misfits(&user, &provider, row));
        }
        run.diagnostics.report(diagnostic.help(help));
    }
}

/// An export has the right name and track, and lacks what the import asks for.
pub(in crate::check) struct MissingItems<'a> {
    pub(in crate::check) port: &'a Port,
    pub(in crate::check) offer: &'a Offer,
    /// At least one; the difference of each is that the item is missing.
    pub(in crate::check) mismatches: &'a [&'a Mismatch],
    /// Whether so many wires between the two do not fit that this one is a line among them.
    pub(in crate::check) is_one_of_many: bool,
}

impl MissingItems<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let (user, provider) = (quoted(set.name(self.port.instance)), quoted(set.name(self.offer.instance)));
        let import = quoted(&self.port.name);
        let lacks = list(&missing(self.mismatches));
        let message = format!("{provider} does not fit {import} of {user}: it lacks {lacks}");
        let mut diagnostic = Diagnostic::new(code::TYPE_MISMATCH, message);
        for (at, mismatch) in self.mismatches.iter().enumerate().take(MOST_LABELS) {
            let place = set.span(run, self.port.instance, &mismatch.expected_at);
            let text = format!("{user} needs it");
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        if let Some(mismatch) = self.mismatches.first() {
            let place = set.span(run, self.offer.instance, &mismatch.found_at);
            let text = if self.mismatches.len() == 1 { "does not have it" } else { "does not have them" };
            diagnostic = diagnostic.label(Label::secondary(place, text));
        }
        if self.is_one_of_many {
            let row = format!("{import}: {provider} lacks {lacks}");
            diagnostic = diagnostic.one_of_many(misfits(&user, &provider, row));
        }
        let help = self.advice(set, &user, &provider);
        run.diagnostics.report(offered_as(set, self.port, self.offer, diagnostic).help(help));
    }

    fn advice(&self, set: &Set<'_>, user: &str, provider: &str) -> String {
        let wanted = interface(set, self.port, Side::Import);
        let export = Port { instance: self.offer.instance, name: self.offer.export.clone() };
        let offered = interface(set, &export, Side::Export);
        match (wanted, offered) {
            (Some(wanted), Some(offered)) if offered.version < wanted.version => format!(
                "use a build of {provider} that has {}, or build {user} against {}",
                quoted(&wanted.to_string()),
                quoted(&offered.to_string()),
            ),
            _ => format!("build {user} and {provider} against the same WIT"),
        }
    }
}

/// How one of very many misfits between two instances is shown.
fn misfits(user: &str, provider: &str, row: String) -> Alike {
    let message = format!("{provider} does not fit {user} in {{count}} places");
    Alike { message, row, ..Alike::default() }
}

/// The interface of a port.
fn interface(set: &Set<'_>, port: &Port, side: Side) -> Option<InterfaceName> {
    set.item(port.instance, side, &port.name)?.interface(&port.name)
}

/// Adds the name under which the provider has it, if that is another one.
fn offered_as(set: &Set<'_>, port: &Port, offer: &Offer, diagnostic: Diagnostic) -> Diagnostic {
    if port.name == offer.export {
        return diagnostic;
    }
    let (provider, offered) = (quoted(set.name(offer.instance)), quoted(&offer.export));
    let export = Port { instance: offer.instance, name: offer.export.clone() };
    let names = (interface(set, port, Side::Import), interface(set, &export, Side::Export));
    let on_track = matches!(names, (Some(wanted), Some(offered)) if wanted.stands_for(&offered));
    diagnostic.note(match on_track {
        true => format!("{provider} exports it as {offered}, which is on the same track"),
        false => format!("{provider} exports it as {offered}"),
    })
}

/// Two imports have one name and contradict each other.
pub(in crate::check) struct ImportConflict<'a> {
    pub(in crate::check) port: &'a Port,
    pub(in crate::check) other: &'a Port,
    /// The name that both have in the whole.
    pub(in crate::check) name: &'a str,
    pub(in crate::check) mismatch: &'a Mismatch,
}

impl ImportConflict<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let (user, other) = (quoted(set.name(self.port.instance)), quoted(set.name(self.other.instance)));
        let name = quoted(self.name);
        let is_by_id = matches!(self.mismatch.difference, Difference::ExternalId { .. });
        let what = if is_by_id { "with different external ids" } else { "with different types" };
        // What has no name of an interface means nothing more than its name says.
        let help = match is_by_id || InterfaceName::parse(&self.port.name).is_none() {
            true => another_name(set, self.port, run),
            false => {
                "build both against one version of the interface, or give a component that provides it to one of them"
                    .to_owned()
            }
        };
        let message = format!("{user} and {other} import {name} {what}, so that no host can serve both");
        let diagnostic = Diagnostic::new(code::IMPORT_CONFLICT, message);
        let diagnostic = with_both(diagnostic, self.port, self.other, self.mismatch, set, run);
        run.diagnostics.report(diagnostic.help(help));
    }
}

/// The lines of a manifest that give an import of an instance another name.
pub(super) fn another_name(set: &Set<'_>, port: &Port, run: &Run) -> String {
    let of_user = format!("{}-{}", set.name(port.instance), port.name);
    let sort = set.item(port.instance, Side::Import, &port.name).map(|item| item.kind.sort());
    let is_free =
        InterfaceName::parse(&port.name).is_none() && sort.is_some_and(|sort| is_extern_name(&of_user, sort));
    let name = if is_free { of_user.as_str() } else { "another-name" };
    let line = format!("{} = {{ from = \"host\", import = \"{name}\" }}", key(&port.name));
    let lines = table(set, &format!("wire.{}", key(set.name(port.instance))), &[line]);
    format!("give one of them another name, in {}:\n{lines}", manifest(set, run))
}

/// Two imports, neither of which can stand for the other, would have one name as imports of the whole.
pub(in crate::check) struct OneName<'a> {
    pub(in crate::check) name: &'a str,
    /// The import that got the name last, and the one that has it.
    pub(in crate::check) ports: [&'a Port; 2],
}

impl OneName<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let name = quoted(self.name);
        let message = format!("two imports of the whole would be called {name}, and mean different things");
        let mut diagnostic = Diagnostic::new(code::IMPORT_CONFLICT, message);
        for (at, port) in self.ports.into_iter().enumerate() {
            let place = set.span(run, port.instance, &ItemPath::item(Side::Import, &port.name));
            let user = quoted(set.name(port.instance));
            let text = match port.name == self.name {
                true => format!("{user} imports it under this name"),
                false => format!("this import of {user} is to be called {name}"),
            };
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        let chosen = self.ports.into_iter().find(|port| port.name != self.name);
        let help = another_name(set, chosen.unwrap_or(self.ports[0]), run);
        run.diagnostics.report(diagnostic.help(help));
    }
}

/// Two imports of one track contradict each other, so that they stay two.
pub(in crate::check) struct TrackConflict<'a> {
    pub(in crate::check) contradiction: &'a Contradiction,
}

impl TrackConflict<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let Contradiction { ours, theirs, mismatch } = self.contradiction;
        let (user, other) = (quoted(set.name(ours.port.instance)), quoted(set.name(theirs.port.instance)));
        let names = [ours, theirs].map(|left| quoted(&left.name));
        let message = format!(
            "{} of {user} and {} of {other} are on one track and contradict each other: they stay two imports",
            names[0], names[1],
        );
        let alike = Alike {
            message: "{count} imports and others on their tracks contradict each other: they stay apart"
                .to_owned(),
            row: format!("{} of {user}, and {} of {other}", names[0], names[1]),
            ..Alike::default()
        };
        let diagnostic = Diagnostic::new(code::TRACK_CONFLICT, message).one_of_many(alike);
        let diagnostic = with_both(diagnostic, &ours.port, &theirs.port, mismatch, set, run);
        let diagnostic = diagnostic.note(
            "a host that has only one of them takes it for both, since versions of one track stand for each other",
        );
        run.diagnostics.report(diagnostic.help(
            "build both against one version of the interface, or give a component that provides it to one of them",
        ));
    }
}

/// Adds both sides of the first difference of two imports, and where it is.
fn with_both(
    diagnostic: Diagnostic,
    port: &Port,
    other: &Port,
    mismatch: &Mismatch,
    set: &mut Set<'_>,
    run: &mut Run,
) -> Diagnostic {
    let (user, others) = (quoted(set.name(port.instance)), quoted(set.name(other.instance)));
    let here = set.span(run, port.instance, &mismatch.expected_at);
    let there = set.span(run, other.instance, &mismatch.found_at);
    let (expected, found) = sides(&mismatch.difference);
    let found = found.replacen("has ", "expects ", 1);
    let diagnostic = diagnostic
        .label(Label::primary(here, format!("{user} {expected}")))
        .label(Label::secondary(there, format!("{others} {found}")));
    match path_text(&mismatch.path) {
        path if path.is_empty() => diagnostic,
        path => diagnostic.note(format!("they differ at {path}")),
    }
}
