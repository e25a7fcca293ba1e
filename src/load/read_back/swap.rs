//! Puts another file in the place of one component of a composition; all other bytes stay as they are.
//!
//! Differs from `part.rs`, which takes a component out.

use super::ReadBack;
use super::part::{COMPONENT, CUSTOM, Parts, section, write_number};
use super::rename::{Change, Rename, renamed};
use crate::model::{LinkRecord, RECORD_SECTION};

impl ReadBack {
    /// The whole with `file` in the place of a component of the graph, and other names for what its instances are given and
    /// what is taken from them; `None` for the whole itself.
    pub fn with_part(&self, component: usize, file: &[u8], renames: &[Rename]) -> Option<Vec<u8>> {
        let target = *self.places.get(component)?;
        let whole = self.parts.whole()?;
        let index = &self.parts.all[whole].instance_indices;
        let renamed = renamed(&self.bytes, index, renames).ok()?;
        crate::load::contain::with_deep_stack(0, || {
            self.parts.with_part(whole, target, (&self.bytes, file), renamed)
        })
    }

    /// The whole with another link record in the place of its own; as it is, if it has none.
    pub fn with_record(&self, record: &LinkRecord) -> Vec<u8> {
        let Some((place, _)) = &self.parts.record else { return self.bytes.to_vec() };
        let mut content = Vec::new();
        write_number(RECORD_SECTION.len(), &mut content);
        content.extend_from_slice(RECORD_SECTION.as_bytes());
        content.extend_from_slice(&record.to_bytes());
        let mut out = self.bytes[..place.start].to_vec();
        section(CUSTOM, &content, &mut out);
        out.extend_from_slice(&self.bytes[place.end..]);
        out
    }
}

impl Parts {
    /// A component with `file` in the place of one that lies in it, and with other changes; `None` if that does not.
    fn with_part(
        &self,
        part: usize,
        target: usize,
        (bytes, file): (&[u8], &[u8]),
        mut changes: Vec<Change>,
    ) -> Option<Vec<u8>> {
        let part = &self.all[part];
        let changed = part.children.iter().find_map(|child| {
            if child.part == target {
                return Some((child, None));
            }
            Some((child, Some(self.with_part(child.part, target, (bytes, file), Vec::new())?)))
        });
        let (child, inner) = changed?;
        let mut changed = Vec::new();
        section(COMPONENT, inner.as_deref().unwrap_or(file), &mut changed);
        changes.push((child.section.clone(), changed));
        changes.sort_by_key(|(place, _)| place.start);
        let (mut out, mut from) = (Vec::new(), part.content.start);
        for (place, instead) in changes {
            out.extend_from_slice(&bytes[from..place.start]);
            out.extend_from_slice(&instead);
            from = place.end;
        }
        out.extend_from_slice(&bytes[from..part.content.end]);
        Some(out)
    }
}
