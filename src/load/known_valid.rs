//! Which binaries earlier runs found to be valid, by digest: their function bodies are not validated again.
//!
//! Differs from `validate.rs`, which finds it out. Nothing else is trusted: what a binary offers and needs is read out of it
//! in every run. Whatever the table holds, it is no more than `--no-validate-bodies` for some inputs.

use std::collections::HashSet;

use crate::source::{Digest, Files, sha256};

/// The table is that of one validator, with the features that it was asked to allow; another one has another table.
const NAME: &str = "valid-wasmparser-0.263.0-all-features";
/// The start of a table, as long as an entry; whatever starts in another way is no table.
const START: &[u8; LENGTH] = b"witc: SHA-256 of valid binaries\n";
const LENGTH: usize = size_of::<Digest>();
/// How many entries a table has at the most: half a megabyte.
const MOST: usize = 1 << 14;
/// Fewer bytes than this are validated sooner than looked up.
const LEAST: usize = 16 << 10;

/// The table, and what this run has to add to it.
#[derive(Debug, Default)]
pub(super) struct KnownValid {
    is_wanted: bool,
    /// The entries of earlier runs, the youngest first.
    entries: Vec<Digest>,
    known: HashSet<Digest>,
    /// What this run found to be valid, or met again.
    met: Vec<Digest>,
}

impl KnownValid {
    /// The table that earlier runs left; an empty one where it cannot be read. Unless it `is_wanted`, nothing is known and
    /// nothing is kept.
    pub(super) fn recall(is_wanted: bool, files: &dyn Files) -> Self {
        let content = if is_wanted { files.recall(NAME) } else { None };
        let content = content.unwrap_or_default();
        let table = content.strip_prefix(START).unwrap_or_default();
        let (entries, _) = table.as_chunks::<LENGTH>();
        let entries: Vec<Digest> = entries.iter().take(MOST).copied().collect();
        let known = entries.iter().copied().collect();
        Self { is_wanted, entries, known, met: Vec::new() }
    }

    /// The digest of a binary under which it is looked up, if it is worth it.
    pub(super) fn digest(&self, bytes: &[u8]) -> Option<Digest> {
        (self.is_wanted && bytes.len() >= LEAST).then(|| sha256([bytes]))
    }

    /// Whether an earlier run found a binary to be valid.
    pub(super) fn has(&self, digest: &Digest) -> bool {
        self.known.contains(digest)
    }

    /// Takes note of a binary that is valid.
    pub(super) fn meet(&mut self, digest: Digest) {
        self.met.push(digest);
    }

    /// Keeps the table for later runs, if this one has something to add: what was met last stays longest.
    ///
    /// Of two runs at once, the one that ends last wins; what the other one found is then found again.
    pub(super) fn keep(self, files: &dyn Files) {
        if self.met.iter().all(|digest| self.known.contains(digest)) {
            return;
        }
        let mut seen = HashSet::new();
        let youngest_first = self.met.iter().chain(&self.entries).filter(|digest| seen.insert(**digest));
        let mut content = START.to_vec();
        youngest_first.take(MOST).for_each(|digest| content.extend(digest));
        files.keep(NAME, &content);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFiles;

    fn binary(byte: u8) -> Vec<u8> {
        vec![byte; LEAST]
    }

    /// Whether each binary is known, then all of them are met.
    #[track_caller]
    fn check(files: &MemoryFiles, binaries: &[Vec<u8>], expected: &[bool]) {
        let mut table = KnownValid::recall(true, files);
        let digests: Vec<_> = binaries.iter().filter_map(|bytes| table.digest(bytes)).collect();
        let found: Vec<bool> = digests.iter().map(|digest| table.has(digest)).collect();
        assert_eq!(found, expected);
        digests.into_iter().for_each(|digest| table.meet(digest));
        table.keep(files);
    }

    #[test]
    fn what_was_met_is_known_to_the_next_run() {
        let files = MemoryFiles::default();
        check(&files, &[binary(1)], &[false]);
        check(&files, &[binary(1), binary(2)], &[true, false]);
        check(&files, &[binary(2), binary(1), binary(3)], &[true, true, false]);
        check(&files, &[vec![1; LEAST - 1]], &[]);
        let table = KnownValid::recall(false, &files);
        assert!(table.digest(&binary(1)).is_none());
    }

    #[test]
    fn a_table_that_is_damaged_knows_less() {
        let files = MemoryFiles::default();
        check(&files, &[binary(1), binary(2)], &[false, false]);
        let whole = files.recall(NAME).expect("there is a table");
        for length in 0..whole.len() {
            files.keep(NAME, &whole[..length]);
            let table = KnownValid::recall(true, &files);
            assert_eq!(table.entries.len(), length.saturating_sub(LENGTH) / LENGTH);
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            files.keep(NAME, &damaged);
            let table = KnownValid::recall(true, &files);
            let known = [1, 2].into_iter().filter_map(|byte| table.digest(&binary(byte)));
            assert_eq!(known.filter(|digest| table.has(digest)).count(), usize::from(at >= LENGTH));
        }
    }

    #[test]
    fn a_table_is_bounded_and_forgets_the_oldest() {
        let files = MemoryFiles::default();
        let old: Vec<u8> = (0..MOST as u64 + 9).flat_map(|at| [at.to_le_bytes(); 4].concat()).collect();
        files.keep(NAME, &[&START[..], &old].concat());
        check(&files, &[binary(1)], &[false]);
        let table = KnownValid::recall(true, &files);
        assert_eq!(table.entries.len(), MOST);
        assert_eq!(table.entries.first(), table.digest(&binary(1)).as_ref());
        assert_eq!(files.recall(NAME).map(|content| content.len()), Some((MOST + 1) * LENGTH));
    }

    #[test]
    fn the_table_is_that_of_the_validator_in_use() {
        let version = format!("wasmparser = \"={}\"", NAME.split('-').nth(2).unwrap_or_default());
        assert!(include_str!("../../Cargo.toml").contains(&version), "{NAME} is not the one of Cargo.toml");
    }
}
