//! What `witc diff` answers.
//!
//! Differs from `fit.rs`, the answer of `check --host`.

use serde::Serialize;

use crate::check::{Audience, Change, ChangeGroup, ChangeKind, Changes, PackageStep, Role};
use crate::model::Side;
use crate::policy::PowerChange;

/// What changed between two things.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Diff"))]
pub(super) struct JsonDiff<'o> {
    /// What the old one is called.
    old: &'o str,
    /// What the new one is called.
    new: &'o str,
    /// Whether a change breaks anybody, announced or not.
    breaking: bool,
    /// The step of version that all changes together ask for: none, patch, minor or major.
    needs: &'static str,
    /// What changed, by interface and item.
    groups: Vec<JsonChangeGroup<'o>>,
    /// Whether the versions of packages take the steps that their changes need.
    versions: Vec<JsonVersionStep<'o>>,
    /// The classes of capabilities that came or went.
    capabilities: Vec<JsonPowerChange<'o>>,
}

/// The changes of one import, one export, or one interface of a package.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "ChangeGroup"))]
struct JsonChangeGroup<'o> {
    /// What it is part of: interface, world or component.
    role: &'static str,
    /// The name of the world or component; not there for an interface of a package.
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<&'o str>,
    /// Its side of the world or component: import or export; not there for an interface of a package.
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<&'static str>,
    /// What it was called; null if it is new.
    old: Option<&'o str>,
    /// What it is called now; null if it is gone.
    new: Option<&'o str>,
    /// What changed.
    changes: Vec<JsonChange<'o>>,
}

/// One change.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Change"))]
struct JsonChange<'o> {
    /// added, removed or changed.
    kind: &'static str,
    /// The piece, in words; empty for the whole.
    piece: &'o str,
    /// What was there, as WIT.
    before: Option<&'o str>,
    /// What is there now, as WIT.
    after: Option<&'o str>,
    /// Whom it breaks: callers, implementers, hosts.
    breaks: Vec<&'static str>,
    /// What it probably is.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'o str>,
}

/// Whether the version of a package takes the step that its changes need.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "VersionStep"))]
struct JsonVersionStep<'o> {
    /// The package, without a version.
    package: &'o str,
    /// The version that it had.
    old: Option<String>,
    /// The version that it has.
    new: Option<String>,
    /// The step that its changes need: none, patch, minor or major.
    needs: &'static str,
    /// The step that it takes; null without versions.
    takes: Option<&'static str>,
    /// Whether that is enough.
    fits: bool,
    /// The lowest version that is.
    next: Option<String>,
}

/// A class of capabilities that came or went.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "CapabilityChange"))]
struct JsonPowerChange<'o> {
    /// The class.
    class: &'o str,
    /// How grave it is: low to critical.
    severity: &'static str,
    /// Whether it came; else it went.
    gained: bool,
    /// The imports that bring it, or brought it.
    imports: &'o [String],
}

impl<'o> JsonDiff<'o> {
    pub(super) fn of(changes: &'o Changes, powers: &'o [PowerChange]) -> Self {
        let mut all = changes.groups.iter().flat_map(|group| &group.changes);
        Self {
            old: &changes.old,
            new: &changes.new,
            breaking: all.any(|change| !change.breaks.is_empty()),
            needs: changes.bump.word(),
            groups: changes.groups.iter().map(JsonChangeGroup::of).collect(),
            versions: changes.steps.iter().map(JsonVersionStep::of).collect(),
            capabilities: powers
                .iter()
                .map(|power| JsonPowerChange {
                    class: &power.class,
                    severity: power.severity,
                    gained: power.is_gained,
                    imports: &power.imports,
                })
                .collect(),
        }
    }
}

impl<'o> JsonChangeGroup<'o> {
    fn of(group: &'o ChangeGroup) -> Self {
        Self {
            role: match group.role {
                Role::Interface => "interface",
                Role::World => "world",
                Role::Component => "component",
            },
            within: group.within.as_deref(),
            side: group.within.as_ref().map(|_| match group.side {
                Side::Import => "import",
                Side::Export => "export",
            }),
            old: group.old.as_deref(),
            new: group.new.as_deref(),
            changes: group.changes.iter().map(JsonChange::of).collect(),
        }
    }
}

impl<'o> JsonChange<'o> {
    fn of(change: &'o Change) -> Self {
        let audience = |audience: &Audience| match audience {
            Audience::Callers => "callers",
            Audience::Implementers => "implementers",
            Audience::Hosts => "hosts",
        };
        Self {
            kind: match change.kind {
                ChangeKind::Added => "added",
                ChangeKind::Removed => "removed",
                ChangeKind::Changed => "changed",
            },
            piece: &change.piece,
            before: change.before.as_deref(),
            after: change.after.as_deref(),
            breaks: change.breaks.iter().map(audience).collect(),
            hint: change.hint.as_deref(),
        }
    }
}

impl<'o> JsonVersionStep<'o> {
    fn of(step: &'o PackageStep) -> Self {
        let text = |version: &Option<semver::Version>| version.as_ref().map(ToString::to_string);
        Self {
            package: &step.package,
            old: text(&step.old),
            new: text(&step.new),
            needs: step.needed.word(),
            takes: step.taken().map(|taken| taken.word()),
            fits: step.fits(),
            next: step.next().map(|next| next.to_string()),
        }
    }
}
