//! Names of imports and exports: what is inside `wasi:io/streams@0.2.12` and `[method]output-stream.write`.

use std::fmt;

use semver::Version;

use super::Track;

/// The name of an interface: `namespace:package/interface@version`.
///
/// Nested namespaces and packages (`a:b:c/d/e`) stay in `package` and `interface` as they are written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceName {
    /// `namespace:package`, such as `wasi:io`.
    pub package: String,
    /// The interface within the package, such as `streams`.
    pub interface: String,
    /// The full version, if the name has one.
    pub version: Option<Version>,
    /// The track of the version.
    pub track: Track,
}

impl InterfaceName {
    /// Reads a name; `None` if it is not the name of an interface.
    pub fn parse(text: &str) -> Option<Self> {
        let (path, version) = match text.split_once('@') {
            Some((path, version)) => (path, Some(version)),
            None => (text, None),
        };
        let (package, interface) = path.split_once('/')?;
        if !package.contains(':') || interface.is_empty() {
            return None;
        }
        let track = match version {
            Some(version) => Track::parse(version)?,
            None => Track::Unversioned,
        };
        Some(Self {
            package: package.to_owned(),
            interface: interface.to_owned(),
            version: version.and_then(|version| Version::parse(version).ok()),
            track,
        })
    }

    /// The part before the first `:`, such as `wasi`.
    pub fn namespace(&self) -> &str {
        self.package.split(':').next().unwrap_or_default()
    }

    /// The name without its version: `wasi:io/streams`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.package, self.interface)
    }

    /// The name with its track instead of its version: `wasi:io/streams@0.2`.
    pub fn on_track(&self) -> String {
        if self.track == Track::Unversioned {
            return self.path();
        }
        format!("{}@{}", self.path(), self.track)
    }

    /// Whether one name may stand for the other: same interface, same track.
    pub fn stands_for(&self, other: &Self) -> bool {
        self.package == other.package && self.interface == other.interface && self.track == other.track
    }
}

impl fmt::Display for InterfaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{}@{version}", self.path()),
            None => f.write_str(&self.on_track()),
        }
    }
}

/// What the name of a function says about it (Explainer.md, "import and export definitions").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionName<'a> {
    /// A function of its own.
    Free(&'a str),
    /// `[constructor]resource`.
    Constructor(&'a str),
    /// `[method]resource.name`.
    Method(&'a str, &'a str),
    /// `[static]resource.name`.
    Static(&'a str, &'a str),
}

impl<'a> FunctionName<'a> {
    /// Takes a name apart; anything that has no known bracket is a function of its own.
    pub fn parse(name: &'a str) -> Self {
        let annotated = name.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        match annotated {
            Some(("constructor", resource)) => Self::Constructor(resource),
            Some(("method" | "getter" | "setter", rest)) => match rest.split_once('.') {
                Some((resource, method)) => Self::Method(resource, method),
                None => Self::Free(name),
            },
            Some(("static", rest)) => match rest.split_once('.') {
                Some((resource, method)) => Self::Static(resource, method),
                None => Self::Free(name),
            },
            Some(_) | None => Self::Free(name),
        }
    }

    /// The resource that the function belongs to.
    pub fn resource(self) -> Option<&'a str> {
        match self {
            Self::Free(_) => None,
            Self::Constructor(resource) | Self::Method(resource, _) | Self::Static(resource, _) => {
                Some(resource)
            }
        }
    }
}

/// A name as engines compare it (Binary.md, "strongly-unique"): neither case nor the annotation of a function counts. A
/// constructor may be called as its resource.
pub fn folded(name: &str) -> String {
    let plain = match name.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some(("constructor", _)) | None => name,
        Some((_, rest)) => rest,
    };
    plain.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str, &str)>) {
        let name = InterfaceName::parse(text);
        let parts =
            name.as_ref().map(|name| (name.package.as_str(), name.interface.as_str(), name.on_track()));
        assert_eq!(parts, expected.map(|(package, interface, track)| (package, interface, track.to_owned())));
    }

    #[test]
    fn interface_names_come_apart() {
        check("wasi:io/streams@0.2.12", Some(("wasi:io", "streams", "wasi:io/streams@0.2")));
        check("a:b:c/d", Some(("a:b:c", "d", "a:b:c/d")));
        check("w:io/i@0.2", Some(("w:io", "i", "w:io/i@0.2")));
        check("plain", None);
        check("a:b/c@nonsense", None);
        check("a:b/", None);
    }

    #[track_caller]
    fn check_folded(one: &str, other: &str, is_conflict: bool) {
        assert_eq!(folded(one) == folded(other), is_conflict, "{one} {other}");
    }

    #[test]
    fn neither_case_nor_annotation_counts() {
        check_folded("log", "LOG", true);
        check_folded("log", "logs", false);
        check_folded("[method]r.a", "[static]r.a", true);
        check_folded("[constructor]r", "r", false);
        check_folded("a:b/c@1.0.0", "a:b/c@1.0.1", false);
    }
}
