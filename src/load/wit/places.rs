//! The way back from what wit-parser saw to what the user wrote.
//!
//! Differs from `patch.rs`: that is one text, this is all of them, as wit-parser numbers their places.

use std::collections::BTreeMap;

use wit_parser::SourceMap;

use super::patch::Patched;
use crate::source::{SourceId, Span};

/// The way from the texts that wit-parser saw back to those that the user wrote.
#[derive(Default)]
pub(super) struct Places {
    pub(super) texts: BTreeMap<u32, Patched>,
}

impl Places {
    /// The place of a span of wit-parser; `None` for what was not read from text.
    pub(super) fn span(&self, map: &SourceMap, span: wit_parser::Span) -> Option<Span> {
        let location = map.resolve_span(span)?;
        let source = location.path.parse().ok()?;
        let range = self.texts.get(&source)?.original(location.range);
        Some(Span::new(SourceId(source), range.start, range.end))
    }
}
