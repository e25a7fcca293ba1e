//! How large the artifact of a wiring is, of which what is there several times is stored once; and how large after compression, as
//! hosts count it that limit what is uploaded.
//!
//! Differs from `deploy/package.rs`, which makes the archive that a host takes: here nothing is kept.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::ops::Range;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::load::{Component, Nested};
use crate::source::Content;

/// The bytes of components, each core module and each component within them once: in order, as pieces of the inputs.
pub(super) fn pieces<'c>(components: impl Iterator<Item = &'c Component>) -> Vec<&'c [u8]> {
    let (mut pieces, mut seen) = (Vec::new(), BTreeSet::new());
    for component in components {
        once(&component.bytes, 0..component.bytes.len(), &component.nested, &mut pieces, &mut seen);
    }
    pieces
}

fn once<'c>(
    bytes: &'c [u8],
    content: Range<usize>,
    nested: &'c [Nested],
    pieces: &mut Vec<&'c [u8]>,
    seen: &mut BTreeSet<Content<'c>>,
) {
    let mut at = content.start;
    for part in nested {
        pieces.push(&bytes[at..part.content.start]);
        if !part.is_closed || seen.insert(Content(&bytes[part.content.clone()])) {
            once(bytes, part.content.clone(), &part.nested, pieces, seen);
        }
        at = part.content.end;
    }
    pieces.push(&bytes[at..content.end]);
}

/// The size of what gzip makes of bytes, which come in pieces.
pub(super) fn compressed_size(pieces: &[&[u8]]) -> u64 {
    let mut encoder = GzEncoder::new(Count(0), Compression::default());
    let written =
        pieces.iter().try_for_each(|piece| encoder.write_all(piece)).and_then(|()| encoder.finish());
    written.map_or(0, |count| count.0)
}

/// Counts what is written into it.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_becomes_small() {
        assert!(compressed_size(&[&[7; 1_000_000]]) < 10_000);
        assert!(compressed_size(&[]) > 0);
    }
}
