//! The WIT packages that witc carries within itself: WASI 0.2 and 0.3, as their authors publish them, and the drafts of it that
//! Wasmtime has.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::OnceLock;

use semver::Version;

use super::outline::{Node, NodeKind};
use super::package::{Declared, PackageName, PackageText, Rank, WitFile};
use super::patch::Patch;
use crate::diag::Run;
use crate::model::{InterfaceName, Track};
use crate::source::Origin;

/// One version of a package, as text.
#[derive(Debug)]
pub(super) struct BuiltIn {
    /// Its name without the version: `wasi:io`.
    pub(super) name: &'static str,
    /// Its version.
    version: &'static str,
    /// Its WIT.
    text: &'static str,
}

/// All of them, the oldest first; made by build.rs.
pub(super) const BUILT_IN: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

impl BuiltIn {
    pub(super) fn version(&self) -> Version {
        Version::parse(self.version)
            .expect("build.rs took the version out of a package line; a test reads all")
    }

    /// Its name in full.
    pub(super) fn package(&self) -> PackageName {
        PackageName { name: self.name.to_owned(), version: Some(self.version()) }
    }

    /// What it declares.
    pub(super) fn declared(&self) -> &'static Declared {
        static ALL: OnceLock<Vec<Declared>> = OnceLock::new();
        let all = ALL.get_or_init(|| BUILT_IN.iter().map(BuiltIn::declare).collect());
        let index = BUILT_IN.iter().position(|it| it.name == self.name && it.version == self.version);
        index.map_or_else(|| unreachable!("`self` is one of BUILT_IN"), |index| &all[index])
    }

    fn declare(&self) -> Declared {
        let outline = super::scan::outline(self.text);
        Declared::of(outline.nodes.iter())
    }

    /// The package as one of the run, as it was in `version`, a version of the same track.
    ///
    /// Within a track a package only grows, and says since when it has what it has: what is younger than `version` is
    /// taken out. The packages that it uses were published with it, in the same version.
    pub(super) fn present(&self, version: &Version, run: &mut Run) -> PackageText {
        let name = format!("<built-in>/{}@{}.wit", self.name.replace(':', "-"), self.version);
        let source = run.sources.add(name.clone(), Origin::BuiltIn, self.text);
        let mut file = WitFile::new(source, name, self.text.to_owned());
        if *version != self.version() {
            let mut outline = std::mem::take(&mut file.outline);
            let shift = Shift { text: self.text, from: &self.version(), to: version };
            shift.nodes(&mut outline.nodes, &BTreeMap::new(), &mut file.patch);
            file.outline = outline;
        }
        PackageText::new(Rank::BuiltIn, vec![file])
    }
}

/// The built-in package of which a version is asked for, if its track is one of those built in.
pub(super) fn on_track(name: &str, version: &Version) -> Option<&'static BuiltIn> {
    let track = Track::of(version);
    BUILT_IN.iter().find(|it| it.name == name && Track::of(&it.version()) == track)
}

/// The built-in package that has a world: in the version or on the track asked for, else of WASI 0.2, else the newest.
pub(super) fn with_world(asked: &InterfaceName) -> Option<&'static BuiltIn> {
    let has_it = |it: &&BuiltIn| {
        it.name == asked.package && it.declared().items.get(&asked.interface).is_some_and(|it| it.is_world)
    };
    let on = |track: &Track| BUILT_IN.iter().filter(has_it).find(|it| Track::of(&it.version()) == *track);
    match (&asked.track, &asked.version) {
        (Track::Unversioned, _) => {
            on(&Track::of(&Version::new(0, 2, 0))).or_else(|| BUILT_IN.iter().rfind(has_it))
        }
        (track, version) => {
            on(track).filter(|it| version.as_ref().is_none_or(|asked| *asked <= it.version()))
        }
    }
}

/// The names of all worlds that are built in, without versions.
pub(super) fn worlds() -> BTreeSet<String> {
    let of_package = |it: &BuiltIn| {
        let worlds = it.declared().items.iter().filter(|(_, item)| item.is_world);
        worlds.map(|(name, _)| format!("{}/{name}", it.name)).collect::<Vec<_>>()
    };
    BUILT_IN.iter().flat_map(of_package).collect()
}

/// Makes a text of `from` one of `to`, an older version.
struct Shift<'s> {
    text: &'s str,
    from: &'s Version,
    to: &'s Version,
}

impl<'s> Shift<'s> {
    /// `names` are younger names for older types, with these.
    fn nodes(&self, nodes: &mut Vec<Node>, names: &BTreeMap<&'s str, &'s str>, patch: &mut Patch) {
        let mut names = names.clone();
        names.extend(nodes.iter().filter(|node| self.is_young(node)).filter_map(|node| self.renaming(node)));
        nodes.retain_mut(|node| {
            if self.is_young(node) {
                patch.replace(node.with_separator.clone(), "");
                return false;
            }
            // What a `:` follows is the name of a field or a parameter.
            let is_type = |word: &&Range<usize>| !self.text[word.end..].trim_start().starts_with(':');
            for word in node.words.iter().filter(is_type) {
                if let Some(older) = names.get(self.word(word)) {
                    patch.replace(word.clone(), *older);
                }
            }
            let path = node.path.as_mut().and_then(|path| path.package.as_mut());
            for reference in path.into_iter().chain(node.package.as_mut()) {
                if let Some((version, range)) = &mut reference.version
                    && version == self.from
                {
                    patch.replace(range.clone(), self.to.to_string());
                    *version = self.to.clone();
                }
            }
            if let Some(body) = &mut node.body {
                self.nodes(&mut body.children, &names, patch);
            }
            true
        });
    }

    fn is_young(&self, node: &Node) -> bool {
        node.since.as_ref().is_some_and(|since| since > self.to)
    }

    fn word(&self, range: &Range<usize>) -> &'s str {
        self.text[range.clone()].trim_start_matches('%')
    }

    /// For `type a = b;`: both names.
    fn renaming(&self, node: &Node) -> Option<(&'s str, &'s str)> {
        let name = node.name.as_ref().filter(|_| node.kind == NodeKind::Alias)?;
        Some((self.word(&name.range), self.word(node.words.last()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasi_is_built_in() {
        let names: Vec<_> = BUILT_IN.iter().map(|it| it.package().to_string()).collect();
        for name in ["cli", "clocks", "filesystem", "http", "random", "sockets"] {
            assert!(names.contains(&format!("wasi:{name}@0.2.12")), "{names:?}");
            assert!(names.contains(&format!("wasi:{name}@0.3.2")), "{names:?}");
        }
        assert!(names.contains(&"wasi:io@0.2.12".to_owned()));
        for draft in ["wasi:config@0.2.0-rc.1", "wasi:keyvalue@0.2.0-draft", "wasi:nn@0.2.0-rc-2024-10-28"] {
            assert!(names.contains(&draft.to_owned()), "{names:?}");
        }
        assert_eq!(names.len(), 16);
        assert!(BUILT_IN.iter().all(|it| !it.declared().items.is_empty()));
    }

    #[test]
    fn a_version_of_the_track_is_what_it_was() {
        let cli = on_track("wasi:cli", &Version::new(0, 2, 3)).expect("0.2 is built in");
        let text = cli.present(&Version::new(0, 2, 3), &mut Run::default());
        let patched = text.files[0].patch.apply(&text.files[0].text, 0..text.files[0].text.len()).text;
        assert!(patched.contains("package wasi:cli@0.2.3;"));
        assert!(!patched.contains("0.2.12"), "{patched}");
        assert_eq!(text.name().map(|name| name.to_string()), Some("wasi:cli@0.2.3".to_owned()));
        assert!(on_track("wasi:cli", &Version::parse("0.3.0-rc-2025-09-16").expect("a version")).is_none());
        assert!(on_track("wasi:cli", &Version::new(0, 4, 0)).is_none());
    }
}
