//! Copies components, with a reference in place of each part that is defined once at the root.
//!
//! Every other byte is passed on untouched: a reference takes the same index in the same index space as the definition
//! that it stands for (Binary.md, "alias": `outer`).

use std::borrow::Cow;
use std::ops::Range;

use wasm_encoder::{
    Alias, ComponentAliasSection, ComponentOuterAliasKind, ComponentSection, ComponentSectionId, Encode,
};

use crate::load::{Component, Nested};
use crate::model::Part;
use crate::source::{ByContent, Bytes, Content};

/// What is defined once at the root, by content: its index there.
#[derive(Default)]
pub(super) struct Copies<'p> {
    by_content: ByContent<'p, u32>,
}

impl<'p> Copies<'p> {
    /// Notes that `content` is defined at the root.
    pub(super) fn add(&mut self, content: &'p [u8], index: u32) {
        self.by_content.insert(Content(content), index);
    }

    /// The index at the root of what has this content.
    pub(super) fn index(&self, content: &[u8]) -> Option<u32> {
        self.by_content.get(&Content(content)).copied()
    }

    /// A component as pieces, and its size; `depth` says how many components lie around it.
    pub(super) fn copy(
        &self,
        bytes: &Bytes,
        content: Range<usize>,
        nested: &[Nested],
        depth: u32,
    ) -> (Vec<Part>, usize) {
        let mut parts = Vec::new();
        let mut size = 0;
        let mut from = content.start;
        let pass = |parts: &mut Vec<Part>, range: Range<usize>| {
            let length = range.len();
            if length > 0 {
                parts.push(Part::Copied { bytes: bytes.clone(), range });
            }
            length
        };
        for part in nested {
            let replacement = match self.index(&bytes[part.content.clone()]) {
                Some(index) => vec![Part::Written(reference(part.is_component, depth, index))],
                None if part.is_component => {
                    let (inner, length) = self.copy(bytes, part.content.clone(), &part.nested, depth + 1);
                    if length == part.content.len() {
                        continue; // a reference is shorter than what it stands for: there is none within
                    }
                    std::iter::once(Part::Written(header(length))).chain(inner).collect()
                }
                None => continue,
            };
            size += pass(&mut parts, from..part.section.start);
            size += replacement.iter().map(|part| part.as_slice().len()).sum::<usize>();
            parts.extend(replacement);
            from = part.section.end;
        }
        size += pass(&mut parts, from..content.end);
        (parts, size)
    }
}

/// A component with a reference in place of each part of it that lies around it already; those are given with their indices.
pub fn with_references(component: &Component, around: &[(Cow<'_, [u8]>, u32)]) -> Vec<u8> {
    let mut copies = Copies::default();
    around.iter().for_each(|(content, index)| copies.add(content, *index));
    let bytes = &component.bytes;
    let (parts, _) = copies.copy(bytes, 0..bytes.len(), &component.nested, 1);
    parts.iter().flat_map(Part::as_slice).copied().collect()
}

/// The start of the section of a component of `length` bytes.
pub(super) fn header(length: usize) -> Vec<u8> {
    let mut header = vec![ComponentSectionId::Component.into()];
    length.encode(&mut header);
    header
}

/// `(alias outer DEPTH INDEX (core module))`, in a section of its own.
fn reference(is_component: bool, depth: u32, index: u32) -> Vec<u8> {
    let kind =
        if is_component { ComponentOuterAliasKind::Component } else { ComponentOuterAliasKind::CoreModule };
    let mut section = ComponentAliasSection::new();
    section.alias(Alias::Outer { kind, count: depth, index });
    let mut written = Vec::new();
    section.append_to_component(&mut written);
    written
}
