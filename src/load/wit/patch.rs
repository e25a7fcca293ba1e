//! Changes to a text that are kept beside it, so that every place in the changed text still leads to the original.

use std::ops::Range;

/// Changes to one text. The text itself is never changed: diagnostics show what the user wrote.
#[derive(Clone, Debug, Default)]
pub(super) struct Patch {
    edits: Vec<Edit>,
}

#[derive(Clone, Debug)]
struct Edit {
    range: Range<usize>,
    text: String,
    /// What the change is a part of: it goes when this goes.
    owner: Range<usize>,
}

impl Patch {
    /// Puts `text` in the place of a range. Of two changes of which one lies within the other, the outer one counts.
    pub(super) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.edits.push(Edit { owner: range.clone(), range, text: text.into() });
    }

    /// Puts `text` at the end of a range, as a part of it.
    pub(super) fn append(&mut self, owner: Range<usize>, text: impl Into<String>) {
        self.edits.push(Edit { range: owner.end..owner.end, text: text.into(), owner });
    }

    /// Whether a range is replaced already, by itself or with what is around it.
    pub(super) fn covers(&self, range: &Range<usize>) -> bool {
        self.edits.iter().any(|it| !it.range.is_empty() && contains(&it.range, range))
    }

    /// Whether a range shares bytes with one that is replaced, or is put in where one is.
    pub(super) fn touches(&self, range: &Range<usize>) -> bool {
        self.edits.iter().any(|it| {
            let overlaps = it.range.start < range.end && range.start < it.range.end;
            overlaps || it.range == *range
        })
    }

    /// The piece `range` of `original`, changed.
    pub(super) fn apply(&self, original: &str, range: Range<usize>) -> Patched {
        let mut edits: Vec<_> = self.edits.iter().filter(|it| contains(&range, &it.range)).collect();
        // A longer change sorts before the shorter ones within it; of two for the same range, the later one counts.
        edits.reverse();
        edits.sort_by_key(|it| (it.range.start, std::cmp::Reverse(it.range.end)));
        let mut patched = Patched::default();
        let mut at = range.start;
        let mut gone = range.start..range.start;
        for edit in edits {
            let stands_behind = edit.owner.is_empty() && edit.owner.start == gone.end;
            let is_gone = !gone.is_empty() && contains(&gone, &edit.owner) && !stands_behind;
            if edit.range.start < at || is_gone {
                continue;
            }
            patched.copy(original, at..edit.range.start);
            patched.insert(&edit.text, edit.range.clone());
            at = edit.range.end;
            if !edit.range.is_empty() {
                gone = edit.range.clone();
            }
        }
        patched.copy(original, at..range.end);
        patched
    }
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// A changed text that remembers where each piece of it comes from.
#[derive(Clone, Debug, Default)]
pub(super) struct Patched {
    /// The text.
    pub(super) text: String,
    /// Where a piece starts, the range of the original that it stands for, and whether it is a copy of it.
    pieces: Vec<(usize, Range<usize>, bool)>,
}

impl Patched {
    fn copy(&mut self, original: &str, range: Range<usize>) {
        if !range.is_empty() {
            self.pieces.push((self.text.len(), range.clone(), true));
            self.text.push_str(&original[range]);
        }
    }

    fn insert(&mut self, text: &str, stands_for: Range<usize>) {
        self.pieces.push((self.text.len(), stands_for, false));
        self.text.push_str(text);
    }

    /// The range of the original that a range of this text comes from; for text that was put in, what it replaced.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.locate(range.start).start;
        let end = if range.is_empty() { start } else { self.locate(range.end - 1).end };
        start..end.max(start)
    }

    /// What one byte of this text stands for: one byte of the original, or the range that was replaced.
    fn locate(&self, at: usize) -> Range<usize> {
        let index = self.pieces.partition_point(|(start, _, _)| *start <= at);
        match index.checked_sub(1).map(|index| &self.pieces[index]) {
            Some((start, range, true)) => {
                let place = (range.start + at - start).min(range.end);
                place..range.end.min(place + 1)
            }
            Some((_, range, false)) => range.clone(),
            None => 0..0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(edits: &[(Range<usize>, &str)]) -> Patch {
        let mut patch = Patch::default();
        for (range, text) in edits {
            patch.replace(range.clone(), *text);
        }
        patch
    }

    #[track_caller]
    fn check(original: &str, edits: &[(Range<usize>, &str)], expected: &str) -> Patched {
        let patched = patch(edits).apply(original, 0..original.len());
        assert_eq!(patched.text, expected);
        patched
    }

    #[test]
    fn changes_apply_from_the_outside_in() {
        check("abcdef", &[], "abcdef");
        check("abcdef", &[(1..3, "X"), (4..4, "++")], "aXd++ef");
        check("abcdef", &[(2..3, "x"), (1..5, "")], "af");
        check("abcdef", &[(1..3, "X"), (3..3, "+")], "aX+def");
        check("abcdef", &[(1..2, "x"), (1..2, "y")], "aycdef");
    }

    #[test]
    fn what_is_appended_goes_with_its_owner() {
        let mut patch = patch(&[(3..5, "")]);
        patch.append(1..5, "}");
        assert_eq!(patch.apply("abcde", 0..5).text, "abc}");
        patch.replace(0..5, "x");
        assert_eq!(patch.apply("abcde", 0..5).text, "x");
    }

    #[test]
    fn places_lead_back() {
        let patched = check("abcdef", &[(1..3, "XYZ"), (4..4, "++")], "aXYZd++ef");
        assert_eq!(patched.original(0..1), 0..1);
        assert_eq!(patched.original(2..3), 1..3);
        assert_eq!(patched.original(4..5), 3..4);
        assert_eq!(patched.original(5..6), 4..4);
        assert_eq!(patched.original(7..9), 4..6);
        assert_eq!(patched.original(9..9), 6..6);
        assert_eq!(patched.original(0..9), 0..6);
    }
}
