//! Notes on the way through a binary which core modules and components lie within which.
//!
//! Differs from `locate.rs`, which says to a person where one byte is: this is a table of all that is nested.

use std::ops::Range;

use wasmparser::{
    BinaryReaderError, ComponentAlias, ComponentType, ComponentTypeDeclaration, CoreType,
    InstanceTypeDeclaration, ModuleTypeDeclaration, Payload,
};

use super::Nested;

/// The components around the place that is being read, and what was found in each so far.
#[derive(Default)]
pub(super) struct Nesting {
    around: Vec<Frame>,
    whole: Vec<Nested>,
}

/// One component or core module that is being read.
#[derive(Default)]
struct Frame {
    is_component: bool,
    section: Range<usize>,
    content: Range<usize>,
    /// Where its next section starts.
    next: usize,
    refers_outside: bool,
    nested: Vec<Nested>,
}

impl Nesting {
    /// Takes note of one piece of the binary; pieces come in order.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most sections say nothing about this")]
    pub(super) fn take(&mut self, payload: &Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::Version { range, .. } => match self.around.last_mut() {
                Some(frame) => frame.next = position(range.end),
                None => self.around.push(Frame { next: position(range.end), ..Frame::default() }),
            },
            Payload::ModuleSection { unchecked_range, .. } => self.enter(false, unchecked_range),
            Payload::ComponentSection { unchecked_range, .. } => self.enter(true, unchecked_range),
            Payload::End(_) => self.leave(),
            // Nothing lies around the whole that it could refer to.
            _ if self.around.len() == 1 => self.pass(payload),
            Payload::ComponentAliasSection(section) => {
                for alias in section.clone() {
                    if let ComponentAlias::Outer { count, .. } = alias? {
                        self.refer(count);
                    }
                }
                self.pass(payload);
            }
            Payload::ComponentTypeSection(section) => {
                for ty in section.clone() {
                    let count = reach(&ty?, 0);
                    self.refer(count);
                }
                self.pass(payload);
            }
            Payload::CoreTypeSection(section) => {
                for ty in section.clone() {
                    let count = core_reach(&ty?);
                    self.refer(count);
                }
                self.pass(payload);
            }
            _ => self.pass(payload),
        }
        Ok(())
    }

    /// All that lies within the whole, once it is read.
    pub(super) fn finish(self) -> Vec<Nested> {
        self.whole
    }

    fn pass(&mut self, payload: &Payload<'_>) {
        if let (Some(frame), Some((_, range))) = (self.around.last_mut(), payload.as_section()) {
            frame.next = position(range.end);
        }
    }

    fn enter(&mut self, is_component: bool, range: &Range<u64>) {
        let content = position(range.start)..position(range.end);
        let start = self.around.last().map_or(0, |frame| frame.next);
        if let Some(frame) = self.around.last_mut() {
            frame.next = content.end;
        }
        self.around.push(Frame { is_component, section: start..content.end, content, ..Frame::default() });
    }

    fn leave(&mut self) {
        let Some(frame) = self.around.pop() else { return };
        match self.around.last_mut() {
            Some(outer) => outer.nested.push(Nested {
                is_component: frame.is_component,
                section: frame.section,
                content: frame.content,
                is_closed: !frame.refers_outside,
                nested: frame.nested,
            }),
            None => self.whole = frame.nested,
        }
    }

    /// A reference over `count` components outwards: those that it leaves are not closed.
    fn refer(&mut self, count: u32) {
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(self.around.len());
        let from = self.around.len() - count;
        self.around[from..].iter_mut().for_each(|frame| frame.refers_outside = true);
    }
}

/// An offset of the parser as one into bytes.
pub(super) fn position(offset: u64) -> usize {
    usize::try_from(offset).expect("offsets lie within bytes that are in memory")
}

/// How many components outwards a type refers, at the most; `within` types lie around it.
pub(super) fn reach(ty: &ComponentType<'_>, within: u32) -> u32 {
    let alias = |alias: &ComponentAlias<'_>| match alias {
        ComponentAlias::Outer { count, .. } => count.saturating_sub(within + 1),
        ComponentAlias::InstanceExport { .. } | ComponentAlias::CoreInstanceExport { .. } => 0,
    };
    let far = match ty {
        ComponentType::Instance(declarations) => declarations
            .iter()
            .map(|declaration| match declaration {
                InstanceTypeDeclaration::Alias(it) => alias(it),
                InstanceTypeDeclaration::Type(ty) => reach(ty, within + 1),
                InstanceTypeDeclaration::CoreType(_) | InstanceTypeDeclaration::Export { .. } => 0,
            })
            .max(),
        ComponentType::Component(declarations) => declarations
            .iter()
            .map(|declaration| match declaration {
                ComponentTypeDeclaration::Alias(it) => alias(it),
                ComponentTypeDeclaration::Type(ty) => reach(ty, within + 1),
                ComponentTypeDeclaration::CoreType(_)
                | ComponentTypeDeclaration::Export { .. }
                | ComponentTypeDeclaration::Import(_) => 0,
            })
            .max(),
        ComponentType::Defined(_) | ComponentType::Func(_) | ComponentType::Resource { .. } => None,
    };
    far.unwrap_or(0)
}

/// How many components outwards the type of a core module refers, at the most.
pub(super) fn core_reach(ty: &CoreType<'_>) -> u32 {
    let CoreType::Module(declarations) = ty else { return 0 };
    let far = declarations.iter().map(|declaration| match declaration {
        ModuleTypeDeclaration::OuterAlias { count, .. } => count.saturating_sub(1),
        ModuleTypeDeclaration::Type(_)
        | ModuleTypeDeclaration::Export { .. }
        | ModuleTypeDeclaration::Import(_) => 0,
    });
    far.max().unwrap_or(0)
}
