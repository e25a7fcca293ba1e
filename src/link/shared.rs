//! Finds core modules and components that lie in several places of the inputs, byte for byte, at any depth.
//!
//! Real components carry whole language runtimes; two of one toolchain carry the same one twice. Defined once at the
//! root, it is compiled once too.

use std::collections::HashMap;
use std::ops::Range;

use super::Shared;
use crate::load::{Component, Nested};
use crate::source::{ByContent, Bytes, Content};

/// What is smaller than this many bytes is not worth a reference to a copy elsewhere.
const LEAST: usize = 32;

/// All that lies in two or more places, each after what lies within it.
pub(super) fn shared<'c>(components: impl Iterator<Item = &'c Component>) -> Vec<Shared> {
    let components: Vec<&Component> = components.collect();
    let mut lengths: HashMap<usize, usize> = HashMap::new();
    for component in &components {
        *lengths.entry(component.bytes.len()).or_default() += 1;
        count_lengths(&component.nested, &mut lengths);
    }
    // Only what is as long as something else can equal it: nothing else is looked at byte by byte.
    let mut search =
        Search { lengths, places: ByContent::default(), chosen: ByContent::default(), found: Vec::new() };
    for component in &components {
        search.visit(&Part::whole(component));
    }
    for component in components {
        search.choose(&Part::whole(component));
    }
    search.found
}

fn count_lengths(nested: &[Nested], lengths: &mut HashMap<usize, usize>) {
    for part in nested {
        *lengths.entry(part.content.len()).or_default() += 1;
        count_lengths(&part.nested, lengths);
    }
}

/// A core module or a component, in its place.
struct Part<'c> {
    /// The input that has it.
    bytes: &'c Bytes,
    content: Range<usize>,
    nested: &'c [Nested],
    is_component: bool,
    is_closed: bool,
}

impl<'c> Part<'c> {
    fn whole(component: &'c Component) -> Self {
        let (bytes, nested) = (&component.bytes, component.nested.as_slice());
        Self { bytes, content: 0..bytes.len(), nested, is_component: true, is_closed: true }
    }

    fn parts(&self) -> impl Iterator<Item = Self> + use<'c> {
        let bytes = self.bytes;
        self.nested.iter().map(move |part| Self {
            bytes,
            content: part.content.clone(),
            nested: &part.nested,
            is_component: part.is_component,
            is_closed: part.is_closed,
        })
    }

    fn slice(&self) -> &'c [u8] {
        &self.bytes[self.content.clone()]
    }

    /// Whether another place could refer to it.
    ///
    /// A component without code is a shim around types. Two equal ones define types that are told apart by their place
    /// (wit-parser does so when it decodes a component), and there is nothing to gain.
    fn can_be_shared(&self) -> bool {
        self.is_closed && (!self.is_component || has_code(self.nested))
    }
}

struct Search<'c> {
    /// By length: how many places have something of that length.
    lengths: HashMap<usize, usize>,
    /// By content: how many places have it; places within a second copy of what is shared do not count.
    places: ByContent<'c, usize>,
    chosen: ByContent<'c, ()>,
    found: Vec<Shared>,
}

impl<'c> Search<'c> {
    fn is_candidate(&self, content: &[u8]) -> bool {
        content.len() >= LEAST && self.lengths.get(&content.len()).is_some_and(|count| *count > 1)
    }

    fn visit(&mut self, part: &Part<'c>) {
        if self.is_candidate(part.slice()) {
            let count = self.places.entry(Content(part.slice())).or_default();
            *count += 1;
            if *count > 1 && part.can_be_shared() {
                return; // all within it is shared with it
            }
        }
        part.parts().for_each(|part| self.visit(&part));
    }

    /// Chooses what is in several places, innermost first.
    fn choose(&mut self, part: &Part<'c>) {
        let slice = part.slice();
        if self.chosen.contains_key(&Content(slice)) {
            return;
        }
        part.parts().for_each(|part| self.choose(&part));
        let is_often =
            self.is_candidate(slice) && self.places.get(&Content(slice)).is_some_and(|count| *count > 1);
        if is_often && part.can_be_shared() && self.chosen.insert(Content(slice), ()).is_none() {
            let Part { bytes, content, nested, is_component, .. } = part;
            let (bytes, content, nested) = (Bytes::clone(bytes), content.clone(), nested.to_vec());
            self.found.push(Shared { bytes, content, is_component: *is_component, nested });
        }
    }
}

fn has_code(nested: &[Nested]) -> bool {
    nested.iter().any(|part| !part.is_component || has_code(&part.nested))
}
