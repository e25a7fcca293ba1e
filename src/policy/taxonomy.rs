//! The curated table of what the interfaces of known hosts let a component do: class, severity, power in words.
//!
//! Differs from `handle.rs`: that derives from types who can do something at all, this knows what it means.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::{InterfaceName, Track, short_function_name};

/// The class of what the table does not know.
pub(super) const UNCLASSIFIED: &str = "unclassified";

/// How grave it is to have a capability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Severity {
    /// Adds nothing to the handle that it is called on.
    #[default]
    None,
    /// Hardly matters.
    Low,
    /// Matters in some places.
    Medium,
    /// Reaches data or systems outside.
    High,
    /// Reaches secrets as such.
    Critical,
}

impl Severity {
    /// The word for it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// The table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Taxonomy {
    pub(super) version: String,
    /// Pairs of classes that are dangerous in one component.
    pub(super) toxic: Vec<Toxic>,
    groups: BTreeMap<String, Vec<String>>,
    interface: Vec<Entry>,
}

/// A pair of classes that are dangerous in one component.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Toxic {
    pub(super) one: Vec<String>,
    pub(super) other: Vec<String>,
    /// Why, after the name of the component.
    pub(super) why: String,
}

/// What the table says about one interface on some tracks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    name: String,
    tracks: Option<Vec<String>>,
    class: String,
    severity: Severity,
    pub(super) power: String,
    /// How many functions the interface has, where that is known.
    pub(super) size: Option<usize>,
    #[serde(default)]
    mint: Vec<String>,
    dependency: Option<Special>,
    #[serde(default)]
    function: BTreeMap<String, Special>,
}

/// A function that differs from its interface, or what differs in a component that is not the root of its composition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Special {
    class: Option<String>,
    severity: Severity,
    power: Option<String>,
}

/// What is known about one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rating {
    pub(super) class: &'static str,
    pub(super) severity: Severity,
    pub(super) power: &'static str,
    /// Whether it only makes data within the component.
    pub(super) is_mint: bool,
}

/// What holds where nothing is known.
pub(super) const UNKNOWN: Rating = Rating {
    class: UNCLASSIFIED,
    severity: Severity::Medium,
    power: "does what only its host knows",
    is_mint: false,
};

/// The table that this witc carries.
pub(super) fn taxonomy() -> &'static Taxonomy {
    static TAXONOMY: OnceLock<Taxonomy> = OnceLock::new();
    TAXONOMY.get_or_init(|| {
        toml::from_str(include_str!("taxonomy.toml")).expect("the table is right: a test reads it")
    })
}

impl Taxonomy {
    /// All classes that it gives, some of them several times.
    pub(super) fn classes(&self) -> impl Iterator<Item = &str> {
        self.interface.iter().map(|entry| entry.class.as_str()).filter(|class| *class != "none")
    }

    /// Whether it has something to say about a package, or one interface of it.
    pub(super) fn knows(&self, package: &str, interface: Option<&str>) -> bool {
        self.interface.iter().any(|entry| {
            let name = entry.name.split_once('/');
            name.is_some_and(|(of, it)| of == package && interface.is_none_or(|interface| interface == it))
        })
    }

    /// Whether it tells a function of this name, or a method whose own name this is, from those beside it.
    pub(super) fn has_function(&self, word: &str) -> bool {
        self.interface.iter().any(|entry| entry.names_function(word))
    }

    /// What is known about an interface. A prerelease is looked up as the release that it leads to, because the power of an
    /// interface is settled long before its version is.
    pub(super) fn entry(&self, name: &InterfaceName) -> Option<&Entry> {
        let path = name.path();
        let track = match &name.track {
            Track::Exact(version) if !version.pre.is_empty() => {
                let release = semver::Version::new(version.major, version.minor, version.patch);
                Track::of(&release).to_string()
            }
            Track::Unversioned | Track::Major(_) | Track::Minor(_) | Track::Exact(_) => {
                name.track.to_string()
            }
        };
        let is_on = |entry: &&Entry| entry.tracks.as_ref().is_none_or(|tracks| tracks.contains(&track));
        self.interface.iter().filter(|entry| entry.name == path).find(is_on)
    }

    /// The interfaces of the table, without versions.
    pub(super) fn interfaces(&self) -> impl Iterator<Item = &str> {
        self.interface.iter().map(|entry| entry.name.as_str())
    }

    /// Whether a class belongs to a built-in group.
    pub(super) fn is_in_group(&self, class: &str, group: &str) -> bool {
        self.groups.get(group).is_some_and(|classes| classes.iter().any(|member| member == class))
    }

    /// The gravest severity that a built-in group can hold.
    pub(super) fn gravest_of_group(&self, group: &str) -> Severity {
        let ratings = self.interface.iter().flat_map(Entry::all);
        let in_group = ratings.filter(|(class, _)| self.is_in_group(class, group));
        in_group.map(|(_, severity)| severity).max().unwrap_or_default()
    }
}

impl Entry {
    /// What is known about a function, by the name that the binary has for it.
    pub(super) fn rate(&'static self, function: &str, in_dependency: bool) -> Rating {
        let name = short_function_name(function);
        let of_dependency = self.dependency.as_ref().filter(|_| in_dependency);
        let special = self.function.get(name).or(of_dependency);
        Rating {
            class: special.and_then(|special| special.class.as_deref()).unwrap_or(&self.class),
            severity: special.map_or(self.severity, |special| special.severity),
            power: special.and_then(|special| special.power.as_deref()).unwrap_or(&self.power),
            is_mint: self.mint.iter().any(|mint| mint == name),
        }
    }

    /// The gravest severity among the functions that are not in `imported`; `None` if there are none, or nobody knows.
    pub(super) fn gravest_beyond(&self, imported: &[&str]) -> Option<Severity> {
        let imported: Vec<_> = imported.iter().map(|name| short_function_name(name)).collect();
        let beyond = self.size?.checked_sub(imported.len()).filter(|count| *count > 0)?;
        let special: Vec<_> =
            self.function.iter().filter(|(name, _)| !imported.contains(&name.as_str())).collect();
        let plain = (special.len() < beyond).then_some(self.severity);
        special.iter().map(|(_, special)| special.severity).chain(plain).max()
    }

    /// Whether it tells a function of this name, or a method whose own name this is, from the others.
    fn names_function(&self, word: &str) -> bool {
        let named = self.function.keys().chain(&self.mint);
        named.into_iter().any(|name| name == word || name.rsplit('.').next() == Some(word))
    }

    /// Whether the interface has functions that do something.
    pub(super) fn is_power(&self) -> bool {
        self.size != Some(0) && self.all().any(|(_, severity)| severity > Severity::None)
    }

    /// All classes and severities of the interface.
    fn all(&self) -> impl Iterator<Item = (&str, Severity)> {
        let special = self.function.values();
        let special =
            special.map(|special| (special.class.as_deref().unwrap_or(&self.class), special.severity));
        special.chain([(self.class.as_str(), self.severity)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{BUILT_IN_GROUPS, TAXONOMY_VERSION};

    #[test]
    fn the_table_is_right() {
        let taxonomy = taxonomy();
        assert_eq!(taxonomy.version, TAXONOMY_VERSION);
        assert!(taxonomy.groups.keys().map(String::as_str).eq({
            let mut groups = BUILT_IN_GROUPS.to_vec();
            groups.sort_unstable();
            groups
        }));
        let classes: Vec<&str> =
            taxonomy.interface.iter().flat_map(Entry::all).map(|(class, _)| class).collect();
        let named = taxonomy.groups.values().flatten();
        let named = named.chain(taxonomy.toxic.iter().flat_map(|toxic| toxic.one.iter().chain(&toxic.other)));
        for class in named {
            assert!(classes.contains(&class.as_str()), "no interface has the class {class}");
        }
        for entry in &taxonomy.interface {
            assert!(InterfaceName::parse(&entry.name).is_some(), "{}", entry.name);
            assert!(entry.power.len() < 75, "{}", entry.power);
            for track in entry.tracks.iter().flatten() {
                assert!(Track::parse(track).is_some(), "{} has the track {track}", entry.name);
            }
        }
    }

    /// What the WIT of WASI has, by interface and track: the names of its functions, without brackets.
    fn wasi() -> BTreeMap<(String, String), Vec<String>> {
        let worlds = "package test:all;
            world wasi-0-2 { include wasi:cli/command@0.2.12; include wasi:http/proxy@0.2.12; }
            world wasi-0-3 { include wasi:cli/command@0.3.2; include wasi:http/service@0.3.2; import wasi:http/handler@0.3.2; }";
        let files = crate::source::MemoryFiles::default().with("all.wit", worlds);
        let path = crate::config::InputPath::Path("all.wit".into());
        let input = crate::config::ComponentInput { name: None, path, wit: None };
        let request = crate::config::Request {
            inputs: vec![input],
            allow_wit: true,
            all_features: true,
            ..Default::default()
        };
        let mut run = crate::diag::Run::default();
        let inputs = crate::load::load(&request, &files, &mut run);
        let found: Vec<_> = run.diagnostics.iter().map(|it| it.message.clone()).collect();
        assert_eq!(inputs.wit.len(), 1, "{found:?}");
        let surfaces = inputs.wit[0].worlds.iter().map(|world| &world.surface);
        let items = surfaces.flat_map(|surface| surface.imports.iter().chain(&surface.exports));
        let interfaces = items.filter_map(|(name, item)| {
            let crate::model::ItemKind::Instance(instance) = &item.kind else { return None };
            let name = item.interface(name)?;
            let is_function =
                |item: &&crate::model::Item| matches!(item.kind, crate::model::ItemKind::Function(_));
            let functions = instance.exports.iter().filter(|(_, item)| is_function(item));
            let functions = functions.map(|(name, _)| short_function_name(name).to_owned()).collect();
            Some(((name.path(), name.track.to_string()), functions))
        });
        interfaces.collect()
    }

    #[test]
    fn the_table_agrees_with_the_wit_of_wasi() {
        let wasi = wasi();
        assert!(wasi.len() > 40, "{:?}", wasi.keys());
        for ((name, track), functions) in &wasi {
            let entry = taxonomy().interface.iter().find(|entry| {
                entry.name == *name && entry.tracks.as_ref().is_some_and(|tracks| tracks.contains(track))
            });
            let entry = entry.unwrap_or_else(|| panic!("{name}@{track} is not in the table"));
            assert_eq!(entry.size, Some(functions.len()), "{name}@{track}");
            for special in entry.function.keys().chain(&entry.mint) {
                assert!(functions.contains(special), "{name}@{track} has no {special}");
            }
        }
        let is_wasi_release = |entry: &&Entry| entry.name.starts_with("wasi:") && entry.tracks.is_some();
        for entry in taxonomy().interface.iter().filter(is_wasi_release) {
            for track in entry.tracks.iter().flatten() {
                assert!(wasi.contains_key(&(entry.name.clone(), track.clone())), "{}@{track}", entry.name);
            }
        }
    }

    #[track_caller]
    fn check(interface: &str, function: &str, class: &str, severity: Severity) {
        let name = InterfaceName::parse(interface).expect("an interface");
        let rating = taxonomy().entry(&name).map_or(UNKNOWN, |entry| entry.rate(function, false));
        assert_eq!((rating.class, rating.severity), (class, severity));
    }

    #[test]
    fn ratings_are_by_track_and_function() {
        check("wasi:http/outgoing-handler@0.2.3", "handle", "net-out", Severity::High);
        check("wasi:http/outgoing-handler@0.3.0", "handle", UNCLASSIFIED, Severity::Medium);
        check("wasi:http/client@0.3.0-rc-2026-03-15", "send", "net-out", Severity::High);
        check("wasi:sockets/types@0.3.0", "[static]tcp-socket.create", "net-root", Severity::High);
        check("wasi:filesystem/types@0.2.9", "[method]descriptor.open-at", "fs", Severity::High);
        check("wasi:filesystem/types@0.2.9", "[method]descriptor.read", "fs", Severity::Medium);
        check("wasi:keyvalue/store@0.2.0-draft2", "open", "kv-root", Severity::High);
        check("company:gateway/charge", "charge", UNCLASSIFIED, Severity::Medium);
    }

    #[test]
    fn what_is_granted_beyond_the_imports_is_weighed() {
        let beyond = |interface, imported: &[&str]| {
            let name = InterfaceName::parse(interface).expect("an interface");
            taxonomy().entry(&name).and_then(|entry| entry.gravest_beyond(imported))
        };
        assert_eq!(beyond("wasi:http/outgoing-handler@0.2.0", &["handle"]), None);
        assert_eq!(beyond("wasi:clocks/monotonic-clock@0.2.0", &["now"]), Some(Severity::Low));
        assert_eq!(beyond("wasi:cli/environment@0.2.0", &["get-environment"]), Some(Severity::Low));
        assert_eq!(beyond("wasi:cli/environment@0.2.0", &["get-arguments"]), Some(Severity::High));
        assert_eq!(beyond("wasi:filesystem/types@0.2.0", &["[method]descriptor.read"]), Some(Severity::High));
    }
}
