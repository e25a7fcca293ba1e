//! How a component or a world does not fit the target that it was held against.

use super::{MOST_LABELS, missing, path_text, sides};
use crate::check::Mismatch;
use crate::check::against::Party;
use crate::diag::{Diagnostic, Label, Run, closest, code, list, quoted};
use crate::load::nearest_built_in_world;
use crate::model::{ItemPath, Side};
use crate::source::Origin;

/// The input imports what the target does not.
pub(in crate::check) struct ExcessImports<'a> {
    /// At least one.
    pub(in crate::check) imports: &'a [String],
}

impl ExcessImports<'_> {
    pub(in crate::check) fn report<'i>(
        &self,
        subject: &mut Party<'i>,
        target: &mut Party<'i>,
        run: &mut Run,
    ) {
        let names: Vec<String> = self.imports.iter().map(|name| quoted(name)).collect();
        let (ours, theirs) = (called(subject), called(target));
        let message = format!("{ours} imports {}, and {theirs} does not", list(&names));
        let mut diagnostic = Diagnostic::new(code::EXCESS_IMPORT, message);
        for (at, name) in self.imports.iter().enumerate().take(MOST_LABELS) {
            let place = subject.span(&mut run.sources, &ItemPath::item(Side::Import, name));
            let text = "nobody gives it this";
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        let place = target.span(&mut run.sources, &ItemPath { side: Side::Import, steps: Vec::new() });
        // A component is there already, and so is WASI; another world is a text that can be changed.
        let is_built_in = run.sources.get(place.source).origin == Origin::BuiltIn;
        let way = match target {
            Party::World(_) | Party::Interface(_) if !is_built_in => {
                format!("import it in {theirs}, or link {ours}")
            }
            Party::Component(_) | Party::World(_) | Party::Interface(_) => {
                format!("build {ours} without it, or link it")
            }
        };
        run.diagnostics.report(
            diagnostic
                .label(Label::secondary(place, format!("what {theirs} imports is all there is")))
                .help(format!("{way} with a component that exports it")),
        );
    }
}

/// The input does not export what the target does.
pub(in crate::check) struct MissingExports<'a> {
    /// At least one.
    pub(in crate::check) exports: &'a [String],
}

impl MissingExports<'_> {
    pub(in crate::check) fn report<'i>(
        &self,
        subject: &mut Party<'i>,
        target: &mut Party<'i>,
        run: &mut Run,
    ) {
        let names: Vec<String> = self.exports.iter().map(|name| quoted(name)).collect();
        let (ours, theirs) = (called(subject), called(target));
        let message = format!("{ours} does not export {}, and {theirs} does", list(&names));
        let mut diagnostic = Diagnostic::new(code::MISSING_EXPORT, message);
        for (at, name) in self.exports.iter().enumerate().take(MOST_LABELS) {
            let place = target.span(&mut run.sources, &ItemPath::item(Side::Export, name));
            let text = "whoever uses it counts on this";
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        let place = subject.span(&mut run.sources, &ItemPath { side: Side::Export, steps: Vec::new() });
        run.diagnostics.report(
            diagnostic
                .label(Label::secondary(place, "does not export it"))
                .help(format!("export it from {ours}, or link it with a component that does")),
        );
    }
}

/// The input has an item of the target with less in it, or the target one of the input.
pub(in crate::check) struct TargetLacks<'a> {
    /// At least one; the difference of each is that it is missing.
    pub(in crate::check) mismatches: &'a [&'a Mismatch],
}

impl TargetLacks<'_> {
    pub(in crate::check) fn report<'i>(
        &self,
        subject: &mut Party<'i>,
        target: &mut Party<'i>,
        run: &mut Run,
    ) {
        let Some(first) = self.mismatches.first() else { return };
        let (ours, theirs) = (called(subject), called(target));
        let item = item_text(first);
        let lacks = list(&missing(self.mismatches));
        let (user, provider) = parties(first, subject, target);
        let provider_name = called(provider);
        let message = format!("{ours} does not fit {theirs} at {item}: {provider_name} lacks {lacks}");
        let mut diagnostic = Diagnostic::new(code::TYPE_MISMATCH, message);
        for (at, mismatch) in self.mismatches.iter().enumerate().take(MOST_LABELS) {
            let place = user.span(&mut run.sources, &mismatch.expected_at);
            let text = format!("{} needs it", called(user));
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        let place = provider.span(&mut run.sources, &first.found_at);
        let text = if self.mismatches.len() == 1 { "does not have it" } else { "does not have them" };
        let help = format!("build {ours} against the WIT of {theirs}");
        run.diagnostics.report(diagnostic.label(Label::secondary(place, text)).help(help));
    }
}

/// One piece of the input has another type than in the target.
pub(in crate::check) struct TargetMismatch<'a> {
    pub(in crate::check) mismatch: &'a Mismatch,
}

impl TargetMismatch<'_> {
    pub(in crate::check) fn report<'i>(
        &self,
        subject: &mut Party<'i>,
        target: &mut Party<'i>,
        run: &mut Run,
    ) {
        let (ours, theirs) = (called(subject), called(target));
        let (expected, found) = sides(&self.mismatch.difference);
        let (mut at, piece) = (item_text(self.mismatch), path_text(&self.mismatch.path));
        if !piece.is_empty() {
            at = format!("{at} / {piece}");
        }
        let (user, provider) = parties(self.mismatch, subject, target);
        let (user_name, provider_name) = (called(user), called(provider));
        let message =
            format!("{ours} does not fit {theirs} at {at}: {user_name} {expected}, {provider_name} {found}");
        let here = user.span(&mut run.sources, &self.mismatch.expected_at);
        let there = provider.span(&mut run.sources, &self.mismatch.found_at);
        run.diagnostics.report(
            Diagnostic::new(code::TYPE_MISMATCH, message)
                .label(Label::primary(here, format!("{user_name} {expected}")))
                .label(Label::secondary(there, format!("{provider_name} {found}")))
                .help(format!("build {ours} against the WIT of {theirs}")),
        );
    }
}

/// Who expects and who has: of imports the target has what the input expects, of exports the other way round.
fn parties<'p, 'i>(
    mismatch: &Mismatch,
    subject: &'p mut Party<'i>,
    target: &'p mut Party<'i>,
) -> (&'p mut Party<'i>, &'p mut Party<'i>) {
    match mismatch.path.side {
        Side::Import => (subject, target),
        Side::Export => (target, subject),
    }
}

fn called(party: &Party<'_>) -> String {
    match party {
        Party::Component(component) => quoted(&component.name),
        Party::World(world) => format!("world {}", quoted(&world.name)),
        Party::Interface(interface) => format!("interface {}", quoted(&interface.name)),
    }
}

/// The import or export that a mismatch lies in.
fn item_text(mismatch: &Mismatch) -> String {
    let noun = match mismatch.path.side {
        Side::Import => "import",
        Side::Export => "export",
    };
    format!("{noun} {}", mismatch.path.extern_name().map(quoted).unwrap_or_default())
}

/// What was to be the target is none.
pub(in crate::check) struct UnknownTarget {
    pub(in crate::check) name: String,
    /// The worlds that there are.
    pub(in crate::check) worlds: Vec<String>,
}

impl From<UnknownTarget> for Diagnostic {
    fn from(fact: UnknownTarget) -> Self {
        let name = quoted(&fact.name);
        let worlds: Vec<String> = fact.worlds.iter().map(|world| quoted(world)).collect();
        let diagnostic = Diagnostic::new(
            code::UNKNOWN_TARGET,
            format!("{name} is neither a component nor one world to check against"),
        );
        let diagnostic = match worlds.as_slice() {
            [] => {
                diagnostic.note("no world was found: not there, not in `--wit`, and not among those of WASI")
            }
            _ => diagnostic.note(format!("the worlds are {}", list(&worlds))),
        };
        match meant(&fact.name, &fact.worlds).cloned().or_else(|| nearest_built_in_world(&fact.name)) {
            Some(meant) => diagnostic.help(format!("did you mean {}?", quoted(&meant))),
            None => diagnostic
                .help("name a component, a world of WASI such as `wasi:cli/command`, or WIT with one world; of several worlds, say which with `--world`"),
        }
    }
}

/// The world that is called almost so, by all of its name or by the last part.
fn meant<'w>(name: &str, worlds: &'w [String]) -> Option<&'w String> {
    let last = |world: &'w String| world.rsplit('/').next()?.split('@').next();
    let names = worlds.iter().flat_map(|world| std::iter::once(world.as_str()).chain(last(world)));
    let near = closest(name, names)?;
    worlds.iter().find(|world| world.as_str() == near || last(world) == Some(near))
}
