//! How large bytes are after compression, as hosts count them that limit what is uploaded.
//!
//! Differs from `deploy/package.rs`, which makes the archive that a host takes: here nothing is kept.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// The size of what gzip makes of bytes.
pub(super) fn compressed_size(bytes: &[u8]) -> u64 {
    let mut encoder = GzEncoder::new(Count(0), Compression::default());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
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
        assert!(compressed_size(&[7; 1_000_000]) < 10_000);
        assert!(compressed_size(b"") > 0);
    }
}
