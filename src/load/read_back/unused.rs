//! Finds which core modules and components the whole and its parts use of those that the whole defines, and empties others.
//!
//! Differs from `part.rs`, which puts them back where they are used.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::ReadBack;
use super::part::{COMPONENT, CORE_MODULE, Parts, Target, section};
use super::swap::replace;

/// What a core module without anything in it consists of (Binary Format, "Modules").
const EMPTY_MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// What a component without anything in it consists of (Binary.md, "Component Definitions").
const EMPTY_COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

impl ReadBack {
    /// Which of the core modules and components that the whole defines are in use, by their order.
    pub fn in_use(&self) -> BTreeSet<usize> {
        self.taken_from(self.parts.used_by_whole.clone())
    }

    /// Those that were in use before and that nothing takes any more: neither what is in use, nor what never was.
    pub fn out_of_use(&self, before: &BTreeSet<usize>) -> BTreeSet<usize> {
        let definitions = self.parts.definitions.iter().enumerate();
        let others = definitions.filter(|(at, _)| !before.contains(at)).map(|(_, it)| it.content.start);
        before - &self.taken_from(self.parts.used_by_whole.iter().copied().chain(others).collect())
    }

    /// What starts at some places, and what that takes from around it, and so on.
    fn taken_from(&self, mut open: Vec<usize>) -> BTreeSet<usize> {
        let parts = &self.parts;
        let known: BTreeMap<usize, usize> =
            parts.definitions.iter().enumerate().map(|(at, it)| (it.content.start, at)).collect();
        let mut used = BTreeSet::new();
        while let Some(start) = open.pop() {
            if let Some(at) = known.get(&start)
                && used.insert(*at)
                && let Some(part) = parts.definitions[*at].part
            {
                open.extend(parts.taken_by(part));
            }
        }
        used
    }

    /// The whole with nothing in some of the core modules and components that it defines, so that all others keep their indices.
    pub fn without(&self, unused: &BTreeSet<usize>) -> Vec<u8> {
        let unused = unused.iter().filter_map(|at| self.parts.definitions.get(*at));
        let changes = unused.map(|definition| {
            let mut emptied = Vec::new();
            match definition.part {
                Some(_) => section(COMPONENT, EMPTY_COMPONENT, &mut emptied),
                None => section(CORE_MODULE, EMPTY_MODULE, &mut emptied),
            }
            (definition.section.clone(), emptied)
        });
        replace(&self.bytes, changes.collect())
    }

    /// What the whole defines before a component of the graph and its parts take from it: the bytes of each as a file of its
    /// own, and its index among those of its sort.
    pub fn shared_before(&self, component: usize) -> Vec<(Cow<'_, [u8]>, u32)> {
        let parts = &self.parts;
        let Some(end) = self.places.get(component).map(|place| parts.all[*place].content.start) else {
            return Vec::new();
        };
        let components = parts.definitions.iter().filter_map(|definition| definition.part);
        let taken: BTreeSet<usize> = components.flat_map(|part| parts.taken_by(part)).collect();
        let shared = parts.definitions.iter().filter(|it| it.content.end < end);
        let shared = shared.filter(|it| taken.contains(&it.content.start)).filter_map(|definition| {
            let file = match definition.part {
                Some(part) => Cow::Owned(parts.expand(part, &self.bytes).ok()?),
                None => Cow::Borrowed(&self.bytes[definition.content.clone()]),
            };
            Some((file, u32::try_from(definition.index).ok()?))
        });
        shared.collect()
    }
}

impl Parts {
    /// Where that starts which a component, or one within it, takes from around it.
    pub(super) fn taken_by(&self, part: usize) -> Vec<usize> {
        let (mut taken, mut open) = (Vec::new(), vec![part]);
        while let Some(part) = open.pop() {
            let part = &self.all[part];
            let targets = part.aliases.iter().flat_map(|it| &it.entries).filter_map(|it| it.target.as_ref());
            taken.extend(targets.map(|(_, target)| match target {
                Target::Module(content) => content.start,
                Target::Component(part) => self.all[*part].content.start,
            }));
            open.extend(part.children.iter().map(|child| child.part));
        }
        taken
    }
}
