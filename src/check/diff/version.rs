//! Which step of version changes need, and whether the versions in the names take it.

use std::collections::BTreeMap;

use semver::Version;

use super::{Change, ChangeGroup, ChangeKind, Role};
use crate::model::{Side, Track};

/// A step from one version to the next, the smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// None.
    Nothing,
    /// The new one stands for the old one in every way.
    Patch,
    /// The new one stands for the old one, and has more.
    Minor,
    /// The new one does not stand for the old one: it needs a track of its own.
    Major,
}

impl Bump {
    /// The step in one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// What the changes of a package need, and what its version does.
#[derive(Clone, Debug)]
pub struct PackageStep {
    /// The package, without a version; untrusted.
    pub package: String,
    /// The version that it had, if any.
    pub old: Option<Version>,
    /// The version that it has, if any.
    pub new: Option<Version>,
    /// The step that its changes need.
    pub needed: Bump,
}

impl PackageStep {
    /// The step that the version takes; `None` without versions on both sides.
    pub fn taken(&self) -> Option<Bump> {
        Some(taken(self.old.as_ref()?, self.new.as_ref()?))
    }

    /// Whether the version promises no more than holds. A package without versions promises nothing.
    pub fn fits(&self) -> bool {
        self.taken().is_some_and(|taken| taken >= self.needed)
    }

    /// The next version that fits.
    pub fn next(&self) -> Option<Version> {
        self.old.as_ref().map(|old| next(old, self.needed))
    }

    pub(super) fn is_for(&self, group: &ChangeGroup) -> bool {
        group
            .package
            .as_ref()
            .is_some_and(|(path, old, new)| *path == self.package && *old == self.old && *new == self.new)
    }
}

/// The step from one version to another. Below 1.0 each number stands one place further left; a version that matches only
/// itself is a step of its own.
fn taken(old: &Version, new: &Version) -> Bump {
    if old == new {
        return Bump::Nothing;
    }
    if Track::of(old) != Track::of(new) {
        return if new > old { Bump::Major } else { Bump::Nothing };
    }
    if new < old {
        return Bump::Nothing;
    }
    match (old.major, old.minor == new.minor) {
        // Within a track there are patches and additions, and one number for both.
        (0, _) => Bump::Minor,
        (_, false) => Bump::Minor,
        (_, true) => Bump::Patch,
    }
}

/// The first version after `old` that takes a step.
fn next(old: &Version, step: Bump) -> Version {
    match (step, Track::of(old)) {
        (Bump::Nothing, _) => old.clone(),
        // A prerelease leads to its release, which promises nothing about it.
        (_, Track::Exact(_)) if !old.pre.is_empty() => Version::new(old.major, old.minor, old.patch),
        (_, Track::Exact(_)) | (Bump::Patch, _) => Version::new(old.major, old.minor, old.patch + 1),
        (Bump::Minor, Track::Minor(_)) => Version::new(0, old.minor, old.patch + 1),
        (Bump::Major, Track::Minor(_)) => Version::new(0, old.minor + 1, 0),
        (Bump::Minor, _) => Version::new(old.major, old.minor + 1, 0),
        (Bump::Major, _) => Version::new(old.major + 1, 0, 0),
    }
}

/// The step that the changes of a group need.
pub(super) fn bump_of(group: &ChangeGroup) -> Bump {
    group.changes.iter().map(|change| bump(group.role, group.side, change)).max().unwrap_or(Bump::Nothing)
}

fn bump(role: Role, side: Side, change: &Change) -> Bump {
    match (role, side, change.kind) {
        (_, _, ChangeKind::Changed) | (_, Side::Export, ChangeKind::Removed) => Bump::Major,
        (Role::Interface, _, ChangeKind::Removed) => Bump::Major,
        (Role::Interface, _, ChangeKind::Added) => Bump::Minor,
        // Components for the old world do not have what the new one exports; they need no more than they did.
        (Role::World, Side::Export, ChangeKind::Added) => Bump::Major,
        (Role::World, Side::Import, ChangeKind::Added) => Bump::Minor,
        (Role::World, Side::Import, ChangeKind::Removed) => Bump::Major,
        (Role::Component, Side::Export, ChangeKind::Added) => Bump::Minor,
        // Who runs or links it must give it more, unless it only says how values look.
        (Role::Component, Side::Import, ChangeKind::Added) if change.breaks.is_empty() => Bump::Patch,
        (Role::Component, Side::Import, ChangeKind::Added) => Bump::Major,
        (Role::Component, Side::Import, ChangeKind::Removed) => Bump::Patch,
    }
}

/// What each package needs and does, in the order of the first change.
pub(super) fn steps<'g>(groups: impl IntoIterator<Item = &'g ChangeGroup>) -> Vec<PackageStep> {
    let mut steps: Vec<PackageStep> = Vec::new();
    let mut places: BTreeMap<_, usize> = BTreeMap::new();
    for group in groups {
        let Some((package, old, new)) = &group.package else { continue };
        let (role, side) = match group.role {
            // A component shows what became of the interface itself.
            Role::Component => (Role::Interface, Side::Export),
            Role::Interface | Role::World => (group.role, group.side),
        };
        let needed = group.changes.iter().map(|change| bump(role, side, change)).max();
        let needed = needed.unwrap_or(Bump::Nothing);
        let at = *places.entry((package, old, new)).or_insert_with(|| {
            let (package, old, new) = (package.clone(), old.clone(), new.clone());
            steps.push(PackageStep { package, old, new, needed });
            steps.len() - 1
        });
        steps[at].needed = steps[at].needed.max(needed);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, needed: Bump, fits: bool, expected_next: &str) {
        let version = |text: &str| Version::parse(text).ok();
        let step = PackageStep { package: "a:b".into(), old: version(old), new: version(new), needed };
        assert_eq!(step.fits(), fits, "{old} to {new}");
        assert_eq!(step.next().map(|next| next.to_string()).unwrap_or_default(), expected_next);
    }

    #[test]
    fn versions_promise_what_tracks_do() {
        check("1.2.3", "2.0.0", Bump::Major, true, "2.0.0");
        check("1.2.3", "1.3.0", Bump::Major, false, "2.0.0");
        check("1.2.3", "1.3.0", Bump::Minor, true, "1.3.0");
        check("1.2.3", "1.2.4", Bump::Minor, false, "1.3.0");
        check("1.2.3", "1.2.3", Bump::Patch, false, "1.2.4");
        check("1.2.3", "1.2.2", Bump::Patch, false, "1.2.4");
        check("0.2.3", "0.2.4", Bump::Minor, true, "0.2.4");
        check("0.2.3", "0.2.4", Bump::Major, false, "0.3.0");
        check("0.2.3", "0.3.0", Bump::Major, true, "0.3.0");
        check("0.0.3", "0.0.4", Bump::Major, true, "0.0.4");
        check("0.3.0-rc-1", "0.3.0-rc-2", Bump::Major, true, "0.3.0");
        check("none", "1.0.0", Bump::Minor, false, "");
    }
}
