//! Finds where a composition names the imports and exports of one of its parts, and writes other names there.
//!
//! Differs from `swap.rs`, which exchanges the part itself.

use std::collections::BTreeMap;
use std::ops::Range;

use wasmparser::{
    BinaryReaderError, ComponentAlias, ComponentExternalKind, ComponentInstance, Parser, Payload,
};

use super::part::{section, write_number};
use crate::load::nested::position;

/// Another name for what an instance of a composition is given, or for what is taken from it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rename {
    /// The instance: an index into the instances of the whole, as the graph shows them.
    pub instance: usize,
    /// Whether it is given; else it is taken.
    pub is_argument: bool,
    /// The name in the composition as it is.
    pub from: String,
    /// The name in the new component.
    pub to: String,
}

/// Bytes in the place of a section with its header.
pub(super) type Change = (Range<usize>, Vec<u8>);

/// The sections of a whole in which names change; `index` says for each instance that the graph shows which one it is.
pub(super) fn renamed(
    bytes: &[u8],
    index: &[usize],
    renames: &[Rename],
) -> Result<Vec<Change>, BinaryReaderError> {
    let key = |it: &Rename| Some((*index.get(it.instance)?, it.is_argument));
    let named = renames.iter().filter_map(|it| Some(((key(it)?, it.from.as_str()), it.to.as_str())));
    let mut walk = Walk { bytes, names: named.collect(), instances: 0, edits: Vec::new() };
    let (mut depth, mut next, mut changes) = (0_usize, 0, Vec::new());
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        if depth == 1 {
            walk.take(&payload)?;
        }
        let end = end_of(&payload);
        if let (1, Some((id, range))) = (depth, payload.as_section().filter(|_| !walk.edits.is_empty())) {
            let content = position(range.start)..position(range.end);
            changes.push((next..content.end, rewritten(id, content, bytes, std::mem::take(&mut walk.edits))));
        }
        depth += usize::from(matches!(payload, Payload::Version { .. }));
        depth -= usize::from(matches!(payload, Payload::End(_)));
        next = end.filter(|_| depth <= 1).unwrap_or(next);
    }
    Ok(changes)
}

/// Where a section, or the header of a binary, ends.
fn end_of(payload: &Payload<'_>) -> Option<usize> {
    if let Payload::Version { range, .. } = payload {
        return Some(position(range.end));
    }
    payload.as_section().map(|(_, range)| position(range.end))
}

struct Walk<'a> {
    bytes: &'a [u8],
    /// By index of an instance, and whether it is given: the other names of what it is given, and of what is taken from it.
    names: BTreeMap<((usize, bool), &'a str), &'a str>,
    /// How many instances have an index so far.
    instances: usize,
    /// Names in the section that is being read, and what is written instead.
    edits: Vec<(Range<usize>, &'a str)>,
}

impl<'a> Walk<'a> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most sections define no instance")]
    fn take(&mut self, payload: &Payload<'a>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::ComponentImportSection(section) => {
                for import in section.clone() {
                    self.count(import?.ty.kind());
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.clone() {
                    self.count(export?.kind);
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section.clone() {
                    if let ComponentAlias::InstanceExport { kind, instance_index, name } = alias? {
                        self.name(instance_index as usize, false, name);
                        self.count(kind);
                    }
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section.clone() {
                    if let ComponentInstance::Instantiate { args, .. } = instance? {
                        args.iter().for_each(|argument| self.name(self.instances, true, argument.name));
                    }
                    self.count(ComponentExternalKind::Instance);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self, kind: ComponentExternalKind) {
        self.instances += usize::from(kind == ComponentExternalKind::Instance);
    }

    /// Takes note of a name of what the instance of an index is given, or what is taken from it.
    fn name(&mut self, index: usize, is_argument: bool, name: &'a str) {
        if let Some(instead) = self.names.get(&((index, is_argument), name)) {
            let start = name.as_ptr() as usize - self.bytes.as_ptr() as usize;
            self.edits.push((start..start + name.len(), *instead));
        }
    }
}

/// A section with other names in it; each lies behind its length.
fn rewritten(id: u8, content: Range<usize>, bytes: &[u8], edits: Vec<(Range<usize>, &str)>) -> Vec<u8> {
    let (mut inside, mut from) = (Vec::new(), content.start);
    for (name, instead) in edits {
        // Before the length is the last byte of a number, or a sort: neither has the high bit, as all but the last of a length.
        let more = bytes[..name.start - 1].iter().rev().take_while(|byte| **byte >= 0x80).count();
        inside.extend_from_slice(&bytes[from..name.start - 1 - more]);
        write_number(instead.len(), &mut inside);
        inside.extend_from_slice(instead.as_bytes());
        from = name.end;
    }
    inside.extend_from_slice(&bytes[from..content.end]);
    let mut out = Vec::new();
    section(id, &inside, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content: &[u8], name: Range<usize>, expected: &[u8]) {
        let mut section = vec![6, u8::try_from(expected.len()).expect("it is short")];
        section.extend_from_slice(expected);
        assert_eq!(rewritten(6, 0..content.len(), content, vec![(name, "longer")]), section);
    }

    #[test]
    fn a_name_goes_with_its_length_however_that_is_written() {
        check(b"\x01\x05\x00\x03\x01a\x07", 5..6, b"\x01\x05\x00\x03\x06longer\x07");
        check(b"\x01\x05\x00\x03\x81\x80\x00a\x07", 7..8, b"\x01\x05\x00\x03\x06longer\x07");
    }
}
