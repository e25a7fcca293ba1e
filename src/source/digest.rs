//! SHA-256: by it anybody can tell whether bytes are those that a run read or wrote.
//!
//! Differs from [`Content`](super::Content), by which one run tells its own bytes apart.

use sha2::{Digest as _, Sha256};

/// A SHA-256.
pub(crate) type Digest = [u8; 32];

/// The SHA-256 of pieces that follow each other.
pub(crate) fn sha256<'b>(parts: impl IntoIterator<Item = &'b [u8]>) -> Digest {
    let mut digest = Sha256::new();
    parts.into_iter().for_each(|part| digest.update(part));
    digest.finalize().into()
}

/// The SHA-256 of some bytes, as 64 lower-case hexadecimal digits.
pub(crate) fn digest_of(bytes: &[u8]) -> String {
    hexadecimal(&sha256([bytes]))
}

/// Bytes as lower-case hexadecimal digits, two each.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_digest_that_others_find() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest_of(b"abc"), expected);
        assert_eq!(hexadecimal(&sha256([&b"a"[..], b"", b"bc"])), expected);
    }
}
