//! Puts a component together of written sections and copied ranges, and counts its index spaces.
//!
//! Differs from `encode.rs`: that knows the plan, this knows bytes and indices.

use std::ops::Range;

use wasm_encoder::{
    Alias, Component, ComponentAliasSection, ComponentExportKind, ComponentSection, ComponentSectionId,
    ComponentTypeSection, Encode,
};

use super::copies::header;
use crate::model::{Part, Sort};
use crate::source::Bytes;

/// A component being written.
pub(super) struct Writer {
    parts: Vec<Part>,
    current: Vec<u8>,
    counts: [u32; 6],
    core_types: u32,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { parts: Vec::new(), current: Component::new().finish(), counts: [0; 6], core_types: 0 }
    }

    /// How many bytes were written so far.
    pub(super) fn size(&self) -> usize {
        self.parts.iter().map(|part| part.as_slice().len()).sum::<usize>() + self.current.len()
    }

    /// The next index of a sort; the item that gets it must be written next.
    pub(super) fn take_index(&mut self, sort: Sort) -> u32 {
        let count = &mut self.counts[slot(sort)];
        *count += 1;
        *count - 1
    }

    /// The next index of a core type.
    pub(super) fn take_core_type(&mut self) -> u32 {
        self.core_types += 1;
        self.core_types - 1
    }

    pub(super) fn section(&mut self, section: &impl ComponentSection) {
        section.append_to_component(&mut self.current);
    }

    /// Defines a type in a section of its own.
    pub(super) fn define_type(&mut self, define: impl FnOnce(&mut ComponentTypeSection)) -> u32 {
        let mut section = ComponentTypeSection::new();
        define(&mut section);
        self.section(&section);
        self.take_index(Sort::Type)
    }

    /// Makes an export of an instance available under an index of its own.
    pub(super) fn alias_export(&mut self, instance: u32, sort: Sort, name: &str) -> u32 {
        let mut section = ComponentAliasSection::new();
        section.alias(Alias::InstanceExport { instance, kind: kind(sort), name });
        self.section(&section);
        self.take_index(sort)
    }

    /// A nested component in pieces, of `size` bytes in all.
    pub(super) fn component(&mut self, parts: Vec<Part>, size: usize) -> u32 {
        self.current.extend(header(size));
        self.pass(parts);
        self.take_index(Sort::Component)
    }

    /// A core module, its bytes as they are.
    pub(super) fn core_module(&mut self, bytes: &Bytes, range: Range<usize>) -> u32 {
        self.current.push(ComponentSectionId::CoreModule.into());
        range.len().encode(&mut self.current);
        self.pass(vec![Part::Copied { bytes: bytes.clone(), range }]);
        self.take_index(Sort::CoreModule)
    }

    fn pass(&mut self, parts: Vec<Part>) {
        self.parts.push(Part::Written(std::mem::take(&mut self.current)));
        self.parts.extend(parts);
    }

    pub(super) fn finish(mut self) -> Vec<Part> {
        if !self.current.is_empty() {
            self.parts.push(Part::Written(self.current));
        }
        self.parts
    }
}

fn slot(sort: Sort) -> usize {
    match sort {
        Sort::Function => 0,
        Sort::Value => 1,
        Sort::Type => 2,
        Sort::Instance => 3,
        Sort::Component => 4,
        Sort::CoreModule => 5,
    }
}

/// The encoder's word for a sort.
pub(super) fn kind(sort: Sort) -> ComponentExportKind {
    match sort {
        Sort::Function => ComponentExportKind::Func,
        Sort::Value => ComponentExportKind::Value,
        Sort::Type => ComponentExportKind::Type,
        Sort::Instance => ComponentExportKind::Instance,
        Sort::Component => ComponentExportKind::Component,
        Sort::CoreModule => ComponentExportKind::Module,
    }
}
