//! How a policy names capabilities: `wasi:http/outgoing-handler@0.2#handle`, `wasi:sockets@*`, `@net-out`.
//!
//! Differs from `model::CapabilityName`: that is one capability, this is what may stand for many.

use std::fmt;

use crate::model::{CapabilityName, Track, short_function_name};

/// The groups that every policy knows. Their members are in the taxonomy.
pub const BUILT_IN_GROUPS: &[&str] =
    &["net-out", "net-in", "fs", "env", "stdio", "clock", "entropy", "kv", "log"];

/// What an entry of a policy speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Selector {
    /// `@NAME`: a built-in group, or one of the table `[groups]`.
    Group(String),
    /// Capabilities by name.
    Capability(Pattern),
}

/// A capability with parts left open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    /// The label of the import.
    pub label: Option<String>,
    /// The import.
    pub target: Target,
    /// One function, with or without its bracket; `None` for all.
    pub function: Option<String>,
}

/// The imports that a pattern speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// `*`: all.
    Any,
    /// An import with a plain name.
    Plain(String),
    /// The interfaces of a package.
    Package {
        /// `namespace:package`.
        package: String,
        /// One interface; `None` for all.
        interface: Option<String>,
        /// One track; `None` for all.
        track: Option<Track>,
    },
}

/// Whether a pattern without a label also speaks of imports with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labels {
    /// It does not: a grant of one store is none of another. For grants.
    Named,
    /// It does: for what refuses or silences.
    All,
}

impl Selector {
    /// Reads what a question is about: an entry as in a policy, but with a full version if one likes, which means its track.
    ///
    /// # Errors
    /// What it must be, in one line.
    pub fn asked_for(text: &str) -> Result<Self, String> {
        let (start, version) = match text.split_once('@') {
            Some((start, version)) if !start.is_empty() => (start, version),
            Some(_) | None => return Self::parse_of_question(text),
        };
        let (version, rest) = version.split_once('#').map_or((version, None), |(it, rest)| (it, Some(rest)));
        let track =
            semver::Version::parse(version).map_or(version.to_owned(), |it| Track::of(&it).to_string());
        let rest = rest.map_or(String::new(), |rest| format!("#{rest}"));
        Self::parse_of_question(&format!("{start}@{track}{rest}"))
    }

    fn parse_of_question(text: &str) -> Result<Self, String> {
        let wrong = |wanted| format!("it must be {wanted}");
        match Self::parse(text).map_err(wrong)? {
            Self::Group(group) if !BUILT_IN_GROUPS.contains(&group.as_str()) => {
                let groups: Vec<_> = BUILT_IN_GROUPS.iter().map(|group| format!("`@{group}`")).collect();
                Err(format!("no such group; there are {}", groups.join(", ")))
            }
            selector @ (Self::Group(_) | Self::Capability(_)) => Ok(selector),
        }
    }

    /// Reads an entry; the error says what it must be.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text.strip_prefix('@') {
            Some(group) if is_kebab(group) => Ok(Self::Group(group.to_owned())),
            Some(_) => Err("the name of a group, such as `@net-out`".to_owned()),
            None => Pattern::parse(text).map(Self::Capability),
        }
    }
}

impl Pattern {
    /// Reads a pattern; the error says what it must be.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (label, rest) = match text.split_once(": ") {
            Some((label, rest)) if is_kebab(label) => (Some(label.to_owned()), rest.trim_start()),
            Some(_) => return Err("a label in small letters before `: `".to_owned()),
            None => (None, text),
        };
        let (name, function) = match rest.split_once('#') {
            Some((_, "")) => return Err("a function after `#`".to_owned()),
            Some((name, "*")) => (name, None),
            Some((name, function)) => (name, Some(function.to_owned())),
            None => (rest, None),
        };
        if function.as_ref().is_some_and(|function| function.contains(['*', '@', ' '])) {
            return Err("one function after `#`, or `#*`".to_owned());
        }
        Ok(Self { label, target: Target::parse(name)?, function })
    }

    /// The pattern of exactly one import.
    pub fn exactly(name: &CapabilityName) -> Self {
        let target = match (&name.interface, &name.label) {
            (Some(interface), _) => Target::Package {
                package: interface.package.clone(),
                interface: Some(interface.interface.clone()),
                track: Some(interface.track.clone()),
            },
            (None, label) => Target::Plain(label.clone().unwrap_or_default()),
        };
        let label = name.label.clone().filter(|_| name.interface.is_some());
        Self { label, target, function: name.function.clone() }
    }

    /// Whether it speaks of a capability.
    pub fn matches(&self, name: &CapabilityName, labels: Labels) -> bool {
        let function = match (&self.function, &name.function) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(wanted), Some(function)) => is_function(wanted, function),
        };
        function && self.label_matches(name, labels) && self.target.matches(name)
    }

    fn label_matches(&self, name: &CapabilityName, labels: Labels) -> bool {
        let has = name.label.as_ref().filter(|_| name.interface.is_some());
        match (&self.label, has) {
            (Some(wanted), has) => Some(wanted) == has,
            (None, None) => true,
            (None, Some(_)) => labels == Labels::All || self.target == Target::Any,
        }
    }

    /// Whether it speaks of everything that `other` can speak of.
    pub fn covers(&self, other: &Self) -> bool {
        let function = match (&self.function, &other.function) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(one), Some(other)) => is_function(one, other) || is_function(other, one),
        };
        function && (self.label.is_none() || self.label == other.label) && self.target.covers(&other.target)
    }
}

/// Whether `wanted`, as a policy writes it, is the function that the binary calls `name`.
pub fn is_function(wanted: &str, name: &str) -> bool {
    wanted == name || wanted == short_function_name(name)
}

impl Target {
    fn parse(name: &str) -> Result<Self, String> {
        if name == "*" {
            return Ok(Self::Any);
        }
        if is_kebab(name) || name.contains("=<") {
            return Ok(Self::Plain(name.to_owned()));
        }
        let (path, track) = match name.split_once('@') {
            Some((path, "*")) => (path, None),
            Some((path, version)) => (path, Some(parse_track(path, version)?)),
            None => (name, None),
        };
        let (package, interface) = match path.split_once('/') {
            Some((package, "*")) => (package, None),
            Some((package, interface)) => (package, Some(interface)),
            None => (path, None),
        };
        let parts = package.split(':');
        let interface_is_right = interface.is_none_or(|interface| interface.split('/').all(is_kebab));
        if parts.clone().count() < 2 || !parts.clone().all(is_kebab) || !interface_is_right {
            return Err(
                "a capability such as `wasi:http/outgoing-handler@0.2#handle`, or a group such as `@net-out`"
                    .to_owned(),
            );
        }
        let (package, interface) = (package.to_owned(), interface.map(str::to_owned));
        Ok(Self::Package { package, interface, track })
    }

    fn matches(&self, name: &CapabilityName) -> bool {
        match (self, &name.interface) {
            (Self::Any, _) => true,
            (Self::Plain(plain), None) => name.label.as_ref() == Some(plain),
            (Self::Package { package, interface, track }, Some(is)) => {
                *package == is.package
                    && interface.as_ref().is_none_or(|interface| *interface == is.interface)
                    && track.as_ref().is_none_or(|track| *track == is.track)
            }
            (Self::Plain(_), Some(_)) | (Self::Package { .. }, None) => false,
        }
    }

    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::Plain(one), Self::Plain(other)) => one == other,
            (
                Self::Package { package, interface, track },
                Self::Package { package: in_package, interface: is, track: on },
            ) => {
                package == in_package
                    && (interface.is_none() || interface == is)
                    && (track.is_none() || track == on)
            }
            (Self::Plain(_) | Self::Package { .. }, _) => false,
        }
    }
}

/// Reads the text after `@`; a full version is refused, because a list of versions is out of date with the next patch.
fn parse_track(path: &str, version: &str) -> Result<Track, String> {
    let expected = || format!("a track after `@`, such as `{path}@0.2` or `{path}@1`");
    let track = Track::parse(version).ok_or_else(expected)?;
    if track.to_string() == version {
        Ok(track)
    } else {
        Err(format!("a track, not a version: `{path}@{track}`"))
    }
}

/// Whether a text is a plain name of WIT: words of letters and digits with `-` between them.
pub(super) fn is_kebab(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_alphanumeric())
            && word.chars().all(|character| character.is_ascii_alphanumeric())
    };
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.split('-').all(is_word)
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(name) => write!(f, "@{name}"),
            Self::Capability(pattern) => pattern.fmt(f),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(label) = &self.label {
            write!(f, "{label}: ")?;
        }
        match &self.target {
            Target::Any => f.write_str("*")?,
            Target::Plain(name) => f.write_str(name)?,
            Target::Package { package, interface, track } => {
                f.write_str(package)?;
                if let Some(interface) = interface {
                    write!(f, "/{interface}")?;
                }
                match track {
                    None | Some(Track::Unversioned) => {}
                    Some(track) => write!(f, "@{track}")?,
                }
            }
        }
        match &self.function {
            Some(function) => write!(f, "#{}", short_function_name(function)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::InterfaceName;

    fn name(text: &str) -> CapabilityName {
        let (label, rest) = text.split_once(": ").map_or((None, text), |(label, rest)| (Some(label), rest));
        let (import, function) =
            rest.split_once('#').map_or((rest, None), |(import, function)| (import, Some(function)));
        let interface = InterfaceName::parse(import);
        let label = label.or_else(|| interface.is_none().then_some(import));
        CapabilityName { label: label.map(str::to_owned), interface, function: function.map(str::to_owned) }
    }

    #[track_caller]
    fn check(pattern: &str, capability: &str, expected: bool) {
        let pattern = Pattern::parse(pattern).expect("a right pattern");
        assert_eq!(pattern.matches(&name(capability), Labels::Named), expected);
        assert!(!expected || pattern.matches(&name(capability), Labels::All));
    }

    #[test]
    fn patterns_match_by_track() {
        check("wasi:http/types@0.2", "wasi:http/types@0.2.12#[constructor]fields", true);
        check("wasi:http/types@0.2", "wasi:http/types@0.3.0#[constructor]fields", false);
        check("wasi:http/types@0.3", "wasi:http/types@0.3.0-rc-2026-03-15#[constructor]fields", false);
        check("wasi:http/types@0.3.0-rc-2026-03-15", "wasi:http/types@0.3.0-rc-2026-03-15", true);
        check("wasi:http/types", "wasi:http/types@0.3.0", true);
        check("wasi:http@0.2", "wasi:http/types@0.2.1", true);
        check("wasi:http@*", "wasi:http/types@0.2.1", true);
        check("wasi:http/*", "wasi:http/types@0.2.1", true);
        check("wasi:https", "wasi:http/types@0.2.1", false);
        check("*", "wasi:http/types@0.2.1", true);
        check("log", "log", true);
        check("log", "company:log/log", false);
    }

    #[test]
    fn patterns_match_functions_with_and_without_bracket() {
        let capability = "wasi:filesystem/types@0.2.0#[method]descriptor.open-at";
        check("wasi:filesystem/types@0.2#descriptor.open-at", capability, true);
        check("wasi:filesystem/types@0.2#[method]descriptor.open-at", capability, true);
        check("wasi:filesystem/types@0.2#open-at", capability, false);
        check("wasi:filesystem/types@0.2#*", capability, true);
        check("wasi:filesystem/types@0.2#descriptor.open-at", "wasi:filesystem/types@0.2.0", false);
    }

    #[test]
    fn a_grant_without_a_label_is_for_imports_without_one() {
        let unlabelled = Pattern::parse("wasi:keyvalue/store@0.2").expect("a right pattern");
        assert!(!unlabelled.matches(&name("cache: wasi:keyvalue/store@0.2.0"), Labels::Named));
        assert!(unlabelled.matches(&name("cache: wasi:keyvalue/store@0.2.0"), Labels::All));
        check("cache: wasi:keyvalue/store@0.2", "cache: wasi:keyvalue/store@0.2.0", true);
        check("cache: wasi:keyvalue/store@0.2", "wasi:keyvalue/store@0.2.0", false);
    }

    #[test]
    fn wrong_patterns_say_what_they_must_be() {
        let error = |text| Selector::parse(text).expect_err("a wrong pattern");
        assert_eq!(error("wasi:http/types@0.2.3"), "a track, not a version: `wasi:http/types@0.2`");
        assert_eq!(
            error("wasi:http/types@latest"),
            "a track after `@`, such as `wasi:http/types@0.2` or `wasi:http/types@1`"
        );
        for text in
            ["", "wasi:", "wasi:http/", "a b", "@", "@a b", "wasi:http/types#", "a:b/c#x*", ":http", "-"]
        {
            assert!(Selector::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn patterns_are_printed_as_they_are_written() {
        for text in [
            "wasi:http/types@0.2#descriptor.read",
            "wasi:http",
            "wasi:http/types",
            "cache: wasi:kv/store@1",
            "*",
            "log",
        ] {
            assert_eq!(Pattern::parse(text).map(|pattern| pattern.to_string()).as_deref(), Ok(text));
        }
        for text in
            ["wasi:http/types@0.2.7#[method]fields.get", "log", "cache: wasi:kv/store@1.4.0#open", "a:b/c"]
        {
            let name = name(text);
            assert!(Pattern::exactly(&name).matches(&name, Labels::Named), "{text}");
        }
    }

    #[test]
    fn covering_is_about_everything_that_is_spoken_of() {
        let covers = |one, other| {
            let parse = |text| Pattern::parse(text).expect("a right pattern");
            parse(one).covers(&parse(other))
        };
        assert!(covers("wasi:sockets@*", "wasi:sockets/tcp@0.2#tcp-socket.start-connect"));
        assert!(!covers("wasi:sockets/tcp@0.2", "wasi:sockets@*"));
        assert!(covers("*", "log"));
        assert!(!covers("wasi:sockets@0.3", "wasi:sockets@0.2"));
    }
}
