//! The words for changes that the reports for people and the one in Markdown share.
//!
//! Differs from `human/changes.rs`, which sets them in tables.

use crate::check::{Bump, Change, ChangeGroup, ChangeKind, PackageStep, Role};
use crate::diag::{escape, list, quoted};
use crate::model::Side;

/// What a group is: ``interface `acme:pay/gateway@1.1.0`, was 1.0.0``.
pub(super) fn heading(group: &ChangeGroup) -> String {
    let name = quoted(group.name());
    let what = match (&group.within, group.side, group.role) {
        (None, _, Role::World) => format!("world {name}"),
        (None, _, Role::Component) => format!("component {name}"),
        (None, _, Role::Interface) => format!("interface {name}"),
        (Some(within), Side::Import, _) => format!("import {name} of {}", quoted(within)),
        (Some(within), Side::Export, _) => format!("export {name} of {}", quoted(within)),
    };
    match (&group.old, &group.new) {
        (Some(old), Some(new)) if old != new => format!("{what}, was {}", quoted(old)),
        _ => what,
    }
}

/// What is told together of what is new or gone as a whole: the imports of one component, for example.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WholeSort<'c> {
    noun: &'static str,
    within: Option<&'c str>,
}

impl WholeSort<'_> {
    /// ``imports of `app` ``.
    pub(super) fn heading(self) -> String {
        let of = self.within.map(|within| format!(" of {}", quoted(within))).unwrap_or_default();
        format!("{}s{of}", self.noun)
    }
}

/// The sort of a group that is nothing but new or gone as a whole.
pub(super) fn whole(group: &ChangeGroup) -> Option<WholeSort<'_>> {
    let [change] = group.changes.as_slice() else { return None };
    let is_whole = change.piece.is_empty() && change.kind != ChangeKind::Changed;
    let noun = match (&group.within, group.side, group.role) {
        (None, _, Role::World) => "world",
        (None, _, Role::Component) => "component",
        (None, _, Role::Interface) => "interface",
        (Some(_), Side::Import, _) => "import",
        (Some(_), Side::Export, _) => "export",
    };
    is_whole.then_some(WholeSort { noun, within: group.within.as_deref() })
}

/// Whom a change breaks.
pub(super) fn breaks(change: &Change) -> String {
    let words: Vec<String> = change.breaks.iter().map(|audience| audience.words().to_owned()).collect();
    if words.is_empty() { "nobody".to_owned() } else { list(&words) }
}

/// What the version of a package says, and whether that holds.
pub(super) fn version(step: &PackageStep) -> String {
    let package = quoted(&step.package);
    let shown =
        |version: &Option<semver::Version>| version.as_ref().map(ToString::to_string).unwrap_or_default();
    let needed = step.needed.word();
    let Some(taken) = step.taken() else {
        return format!("  {package} has no version: its changes need a {needed} step\n");
    };
    let way = if step.old == step.new {
        format!("is {} still", escape(&shown(&step.new)))
    } else {
        format!("goes from {} to {}, a {} step", shown(&step.old), shown(&step.new), taken.word())
    };
    let verdict = match (step.fits(), taken > step.needed, step.next()) {
        (true, true, _) if step.needed < Bump::Major => format!("a {needed} step would do"),
        (true, ..) => "which fits".to_owned(),
        (false, _, Some(next)) => format!("and needs a {needed} one: {next}"),
        (false, _, None) => format!("and needs a {needed} one"),
    };
    format!("  {package} {way}, {verdict}\n")
}
