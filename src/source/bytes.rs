//! Bytes that are shared and never copied: read into memory, or looked at where they lie on the disk.
//!
//! Differs from `disk.rs`: that decides which of the two a file is worth, this is what both look like from then on.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::mapped::Mapped;

/// Bytes that are shared from the time they are there, and never copied.
#[derive(Clone)]
pub struct Bytes(Arc<Held>);

enum Held {
    Read(Vec<u8>),
    Mapped(Mapped),
}

impl Bytes {
    /// All of them.
    pub fn as_slice(&self) -> &[u8] {
        match &*self.0 {
            Held::Read(bytes) => bytes,
            Held::Mapped(file) => file,
        }
    }

    /// Whether somebody wrote to the file in which they lie since it was opened: what was made of them is then worth nothing.
    pub fn have_changed(&self) -> bool {
        match &*self.0 {
            Held::Read(_) => false,
            Held::Mapped(file) => file.has_changed(),
        }
    }

    /// All of them, to be changed: a copy, unless nobody else has them.
    pub fn into_vec(self) -> Vec<u8> {
        match Arc::try_unwrap(self.0) {
            Ok(Held::Read(bytes)) => bytes,
            Ok(Held::Mapped(file)) => file.to_vec(),
            Err(held) => Self(held).to_vec(),
        }
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Held::Read(bytes)))
    }
}

impl From<Mapped> for Bytes {
    fn from(file: Mapped) -> Self {
        Self(Arc::new(Held::Mapped(file)))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}
