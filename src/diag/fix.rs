//! Changes of text that mend what a finding is about, and how they are applied.
//!
//! Differs from the help of a finding, which is for people: this is done by a machine, and only where nothing must be decided.

use std::collections::BTreeMap;

use crate::source::{SourceId, SourceMap, Span};

/// One piece of text that another one takes the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// The texts of all sources that `edits` change. An edit that overlaps one before it is left out: it may be right, or
/// not, once that one is made.
pub fn edited(sources: &SourceMap, edits: impl IntoIterator<Item = Edit>) -> BTreeMap<SourceId, String> {
    let mut by_source: BTreeMap<SourceId, Vec<Edit>> = BTreeMap::new();
    for edit in edits {
        by_source.entry(edit.span.source).or_default().push(edit);
    }
    let text = |(source, mut edits): (SourceId, Vec<Edit>)| {
        let old = &sources.get(source).text;
        edits.sort_by_key(|edit| edit.span);
        let (mut new, mut done) = (String::new(), 0);
        for edit in edits {
            if let Some(kept) = old.get(done..edit.span.start)
                && edit.span.end <= old.len()
            {
                new += kept;
                new += &edit.text;
                done = edit.span.end;
            }
        }
        new += &old[done..];
        (source, new)
    };
    by_source.into_iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Origin;

    #[test]
    fn what_overlaps_waits() {
        let mut sources = SourceMap::default();
        let id = sources.add("a", Origin::StandardInput, "one two three");
        let edit = |start, end, text: &str| Edit { span: Span::new(id, start, end), text: text.to_owned() };
        let edits = [edit(8, 13, "3"), edit(0, 3, "1"), edit(2, 5, "x"), edit(90, 99, "y")];
        assert_eq!(edited(&sources, edits)[&id], "1 two 3");
    }
}
