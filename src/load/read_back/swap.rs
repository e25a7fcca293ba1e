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
        changes.push((place.section.clone(), changed));
        Some(replace(&self.bytes, changes))
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
