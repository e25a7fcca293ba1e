//! Worlds in a form in which the order of their items does not matter, and why two of them may differ.

use std::collections::BTreeSet;
use std::fmt;

use semver::Version;

/// A world as WIT, its items sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct World {
    /// The items of the world itself: a line each, with its attributes.
    items: BTreeSet<String>,
    /// The interfaces of packages: what each holds.
    interfaces: BTreeSet<String>,
}

/// Why a peer makes another world of a set than witc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// It drops external ids.
    ExternalIds,
    /// It drops the interface that a label stands for.
    Labels,
    /// It drops build metadata of versions.
    BuildMetadata,
    /// It leaves several versions of one track beside each other.
    Versions,
    /// It leaves to the host what a component of the set provides.
    NotWired,
    /// It cannot give an import of the whole another name.
    HostNames,
    /// It takes two resources of one name for one.
    MixedResources,
    /// It names a type of an import at the root as well, beside the exported function that uses it.
    RootTypes,
    /// It makes something whose world no WIT can say.
    NoWit,
}

impl Reason {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::ExternalIds => "external ids dropped",
            Self::Labels => "interfaces of labels dropped",
            Self::BuildMetadata => "build metadata dropped",
            Self::Versions => "versions of one track left apart",
            Self::NotWired => "a provider of the set left out",
            Self::HostNames => "names chosen for the host cannot be said",
            Self::MixedResources => "two resources of one name taken for one",
            Self::RootTypes => "a type that an export uses named at the root",
            Self::NoWit => "made what no WIT can say",
        }
    }
}

/// The reason why the peer's world differs, if it shows in the two worlds: what it dropped is all that differs.
pub(super) fn explain(ours: &World, theirs: &World) -> Option<Reason> {
    if *theirs == World::read("") && ours != theirs {
        return Some(Reason::NoWit);
    }
    let (mut ours, mut theirs) = (ours.clone(), theirs.clone());
    for (reason, change) in [
        (Reason::ExternalIds, World::without_external_ids as fn(&World) -> World),
        (Reason::BuildMetadata, World::without_build_metadata),
        (Reason::Labels, World::without_labels),
        (Reason::Versions, World::on_tracks),
    ] {
        (ours, theirs) = (change(&ours), change(&theirs));
        let has_interfaces = match reason {
            // An interface that only a label stands for is gone with it; of several versions, each has its own.
            Reason::Labels => theirs.interfaces.is_subset(&ours.interfaces),
            Reason::Versions => true,
            Reason::ExternalIds
            | Reason::BuildMetadata
            | Reason::NotWired
            | Reason::HostNames
            | Reason::MixedResources
            | Reason::RootTypes
            | Reason::NoWit => ours.interfaces == theirs.interfaces,
        };
        if ours.items == theirs.items && has_interfaces {
            return Some(reason);
        }
    }
    // What both have is the same, and the peer asks the host for more.
    let mut more = theirs.items.difference(&ours.items);
    let is_left = ours.items.is_subset(&theirs.items) && more.all(|item| item.starts_with("import "));
    is_left.then_some(Reason::NotWired)
}

impl World {
    /// Reads a world as the printer of WIT writes it.
    pub(super) fn read(wit: &str) -> Self {
        let mut lines = wit.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut world = Self { items: BTreeSet::new(), interfaces: BTreeSet::new() };
        while let Some(line) = lines.next() {
            let Some(head) = line.strip_suffix('{') else { continue };
            let members = members(&mut lines, false).into_iter();
            match head.starts_with("world ") {
                true => world.items.extend(members),
                false => world.interfaces.extend(members.map(|member| format!("{head}{member}"))),
            }
        }
        world
    }

    fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self {
            items: self.items.iter().map(|item| change(item)).collect(),
            interfaces: self.interfaces.iter().map(|item| change(item)).collect(),
        }
    }

    fn without_external_ids(&self) -> Self {
        self.map(|item| {
            let mut text = item.to_owned();
            while let Some(start) = text.find("@external-id(") {
                let end = text[start..].find(") ").map_or(text.len(), |end| start + end + 2);
                text.replace_range(start..end, "");
            }
            text
        })
    }

    /// Versions without what stands behind a `+`.
    fn without_build_metadata(&self) -> Self {
        self.map(|item| {
            let mut text = String::new();
            let mut rest = item;
            while let Some((before, after)) = rest.split_once('+') {
                text.push_str(before);
                let is_of_metadata = |at: char| at.is_ascii_alphanumeric() || ".-".contains(at);
                let end = after.find(|at: char| !is_of_metadata(at)).unwrap_or(after.len());
                // A dot at the end is that of `a:b/c@1.0.0+x.{t}`.
                rest = &after[after[..end].trim_end_matches('.').len()..];
            }
            text + rest
        })
    }

    /// `import label: a:b/c;` as `import label`.
    fn without_labels(&self) -> Self {
        let label = |item: &str| {
            let (side, rest) = item.split_once(' ')?;
            let (label, _) = rest.split_once(": ")?;
            let is_instance = rest.contains('/') || rest.ends_with('{') || rest.contains("interface {");
            (is_instance && matches!(side, "import" | "export")).then(|| format!("{side} {label}"))
        };
        let items = self.items.iter().map(|item| label(item).unwrap_or_else(|| item.clone())).collect();
        Self { items, interfaces: self.interfaces.clone() }
    }

    /// Names with the track in the place of the version.
    fn on_tracks(&self) -> Self {
        self.map(|item| {
            let word = |word: &str| {
                let (name, rest) = word.split_once('@')?;
                let version = rest.trim_end_matches([';', '{', '.']);
                let (version, tail) = version.split_once('.').map_or((version, ""), |_| split_version(rest));
                let version = Version::parse(version).ok()?;
                let track = match (version.pre.is_empty(), version.major, version.minor) {
                    (false, ..) => version.to_string(),
                    (true, 0, 0) => version.to_string(),
                    (true, 0, minor) => format!("0.{minor}"),
                    (true, major, _) => major.to_string(),
                };
                Some(format!("{name}@{track}{tail}"))
            };
            let words: Vec<String> =
                item.split(' ').map(|text| word(text).unwrap_or_else(|| text.to_owned())).collect();
            words.join(" ")
        })
    }
}

/// The members of a block up to its end, sorted unless their order means something.
fn members(lines: &mut dyn Iterator<Item = &str>, is_ordered: bool) -> Vec<String> {
    let mut members = Vec::new();
    let mut member = String::new();
    while let Some(line) = lines.next().filter(|line| !line.starts_with('}')) {
        member.push_str(line);
        if line.starts_with('@') {
            member.push(' ');
            continue;
        }
        if line.ends_with('{') {
            let has_order =
                ["record ", "variant ", "enum ", "flags "].iter().any(|word| member.contains(word));
            let within = self::members(lines, has_order);
            member = format!("{member}\n{}\n}}", within.join("\n"));
        }
        members.push(std::mem::take(&mut member));
    }
    if !is_ordered {
        members.sort();
    }
    members
}

/// A version and what follows it in a word of WIT.
fn split_version(rest: &str) -> (&str, &str) {
    let is_of_version = |at: char| at.is_ascii_alphanumeric() || ".-+".contains(at);
    let end = rest.find(|at: char| !is_of_version(at)).unwrap_or(rest.len());
    let end = rest[..end].trim_end_matches('.').len();
    rest.split_at(end)
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for text in self.items.iter().chain(&self.interfaces) {
            writeln!(f, "{text}")?;
        }
        Ok(())
    }
}
