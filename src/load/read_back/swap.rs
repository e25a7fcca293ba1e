//! Puts another file in the place of one component of a composition; all other bytes stay as they are.
//!
//! Differs from `part.rs`, which takes a component out.

use super::ReadBack;
use super::part::{COMPONENT, CUSTOM, section, write_number};
use super::rename::{Change, Rename, renamed};
use crate::model::{LinkRecord, RECORD_SECTION};

impl ReadBack {
    /// The whole with `file` in the place of a component of the graph, and other names for what its instances are given and
    /// what is taken from them; `None` for one that the whole does not define.
    pub fn with_part(&self, component: usize, file: &[u8], renames: &[Rename]) -> Option<Vec<u8>> {
        let target = *self.places.get(component)?;
        let place = self.parts.definitions.iter().find(|definition| definition.part == Some(target))?;
        let mut changed = Vec::new();
        section(COMPONENT, file, &mut changed);
        let index = &self.parts.all[self.parts.whole()?].instance_indices;
        let mut changes = renamed(&self.bytes, index, renames).ok()?;
        if self.bytes[place.content.clone()] != *file {
            changes.extend(self.kept_by_others(target)?);
        }
        changes.push((place.section.clone(), changed));
        Some(replace(&self.bytes, changes))
    }

    /// Whether another component can take the place of this one for its instances in the whole alone: nobody else has it, or
    /// whoever has it can keep a copy.
    pub fn can_part_with(&self, component: usize) -> bool {
        let Some(target) = self.places.get(component).copied() else { return false };
        let start = self.parts.all[target].content.start;
        !self.parts.handed_on.contains(&start) && self.kept_by_others(target).is_some()
    }

    /// Other parts that take a component from the whole, each with a copy of its own; `None` if there can be no copy.
    fn kept_by_others(&self, target: usize) -> Option<Vec<Change>> {
        let start = self.parts.all[target].content.start;
        let mut changes = Vec::new();
        for definition in &self.parts.definitions {
            let takes = |part: &usize| self.parts.taken_by(*part).contains(&start);
            let Some(part) = definition.part.filter(takes) else { continue };
            let mut changed = Vec::new();
            section(COMPONENT, &self.parts.with_copy(part, target, &self.bytes).ok()?, &mut changed);
            changes.push((definition.section.clone(), changed));
        }
        Some(changes)
    }

    /// The whole with another link record in the place of its own; as it is, if it has none.
    pub fn with_record(&self, record: &LinkRecord) -> Vec<u8> {
        let Some((place, _)) = &self.parts.record else { return self.bytes.to_vec() };
        let mut content = Vec::new();
        write_number(RECORD_SECTION.len(), &mut content);
        content.extend_from_slice(RECORD_SECTION.as_bytes());
        content.extend_from_slice(&record.to_bytes());
        let mut written = Vec::new();
        section(CUSTOM, &content, &mut written);
        replace(&self.bytes, vec![(place.clone(), written)])
    }
}

/// A binary with other bytes in some places of it.
pub(super) fn replace(bytes: &[u8], mut changes: Vec<Change>) -> Vec<u8> {
    changes.sort_by_key(|(place, _)| place.start);
    let (mut out, mut from) = (Vec::new(), 0);
    for (place, instead) in changes {
        out.extend_from_slice(&bytes[from..place.start]);
        out.extend_from_slice(&instead);
        from = place.end;
    }
    out.extend_from_slice(&bytes[from..]);
    out
}
