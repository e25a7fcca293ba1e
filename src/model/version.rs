//! Versions as linking sees them: which two versions of a package may stand for each other.

use std::fmt;

use semver::Version;

/// The set of versions within which one may stand for another: Wasmtime's rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Track {
    /// No version at all: matches only the same.
    Unversioned,
    /// `1.x.y` and up: the major number decides.
    Major(u64),
    /// `0.x.y` with `x > 0`: the minor number decides.
    Minor(u64),
    /// A prerelease or `0.0.z`: matches only itself.
    Exact(Version),
}

impl Track {
    /// The track of a full version.
    pub fn of(version: &Version) -> Self {
        if !version.pre.is_empty() || (version.major == 0 && version.minor == 0) {
            let mut exact = version.clone();
            exact.build = semver::BuildMetadata::EMPTY;
            Self::Exact(exact)
        } else if version.major > 0 {
            Self::Major(version.major)
        } else {
            Self::Minor(version.minor)
        }
    }

    /// The track of the text after `@` in a name: a full version, or the canonical short form (`1`, `0.2`).
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(version) = Version::parse(text) {
            return Some(Self::of(&version));
        }
        match text.split_once('.') {
            None => text.parse().ok().filter(|major| *major > 0).map(Self::Major),
            Some(("0", minor)) => minor.parse().ok().filter(|minor| *minor > 0).map(Self::Minor),
            Some(_) => None,
        }
    }
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unversioned => Ok(()),
            Self::Major(major) => write!(f, "{major}"),
            Self::Minor(minor) => write!(f, "0.{minor}"),
            Self::Exact(version) => write!(f, "{version}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Track::parse(text).map_or("none".to_owned(), |track| track.to_string()), expected);
    }

    #[test]
    fn tracks_follow_wasmtime() {
        check("0.2.12", "0.2");
        check("0.2", "0.2");
        check("1.4.0", "1");
        check("2", "2");
        check("0.0.3", "0.0.3");
        check("0.3.0-rc-2026-03-15", "0.3.0-rc-2026-03-15");
        check("1.0.0+build", "1");
        check("0", "none");
        check("1.2", "none");
        check("x", "none");
    }
}
