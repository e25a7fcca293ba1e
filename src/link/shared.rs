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
        search.visit(&component.bytes, 0..component.bytes.len(), &component.nested);
    }
    for component in components {
        let whole = 0..component.bytes.len();
        search.choose(&component.bytes, whole, &component.nested, true, true);
    }
    search.found
}

fn count_lengths(nested: &[Nested], lengths: &mut HashMap<usize, usize>) {
    for part in nested {
        *lengths.entry(part.content.len()).or_default() += 1;
        count_lengths(&part.nested, lengths);
    }
}

struct Search<'c> {
    /// By length: how many places have something of that length.
    lengths: HashMap<usize, usize>,
    /// By content: how many places have it; places within a second copy do not count.
    places: ByContent<'c, usize>,
    chosen: ByContent<'c, ()>,
    found: Vec<Shared>,
}

impl<'c> Search<'c> {
    fn is_candidate(&self, content: &[u8]) -> bool {
        content.len() >= LEAST && self.lengths.get(&content.len()).is_some_and(|count| *count > 1)
    }

    fn visit(&mut self, bytes: &'c Bytes, content: Range<usize>, nested: &'c [Nested]) {
        let slice = &bytes[content];
        if self.is_candidate(slice) {
            let count = self.places.entry(Content(slice)).or_default();
            *count += 1;
            if *count > 1 {
                return; // all within it is shared with it
            }
        }
        for part in nested {
            self.visit(bytes, part.content.clone(), &part.nested);
        }
    }

    /// Chooses what is in several places, innermost first.
    fn choose(
        &mut self,
        bytes: &'c Bytes,
        content: Range<usize>,
        nested: &'c [Nested],
        is_component: bool,
        is_closed: bool,
    ) {
        let slice = &bytes[content.clone()];
        if self.chosen.contains_key(&Content(slice)) {
            return;
        }
        for part in nested {
            self.choose(bytes, part.content.clone(), &part.nested, part.is_component, part.is_closed);
        }
        // A component without code is a shim around types. Two equal ones define types that are told apart by their place
        // (wit-parser does so when it decodes a component), and there is nothing to gain.
        if is_component && !has_code(nested) {
            return;
        }
        let is_shared =
            self.is_candidate(slice) && self.places.get(&Content(slice)).is_some_and(|count| *count > 1);
        if is_closed && is_shared && self.chosen.insert(Content(slice), ()).is_none() {
            self.found.push(Shared { bytes: bytes.clone(), content, is_component, nested: nested.to_vec() });
        }
    }
}

fn has_code(nested: &[Nested]) -> bool {
    nested.iter().any(|part| !part.is_component || has_code(&part.nested))
}
