//! The link record: what witc writes into an artifact about how it was made.
//!
//! Differs from [`Graph`](super::Graph), which can be read from any composition: this says what only the linker knew.

use serde::{Deserialize, Serialize};

/// The custom section that holds the record.
pub const RECORD_SECTION: &str = "witc:link";

/// The version of the form in which it is written.
const VERSION: u32 = 1;

/// What an artifact was linked of. Never a time, a path or a name of a machine: the same inputs give the same record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRecord {
    /// The version of witc.
    pub witc: String,
    /// The SHA-256 of the policy that allowed it, as 64 lower-case hexadecimal digits, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The instances, in order of instantiation.
    pub instances: Vec<RecordedInstance>,
    /// Who provides what to whom, by user.
    pub wires: Vec<RecordedWire>,
}

/// An instance of an artifact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedInstance {
    /// Its name in the composition.
    pub name: String,
    /// The SHA-256 of its component as it was linked, as 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// A wire of an artifact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedWire {
    /// The instance that imports: an index into [`LinkRecord::instances`].
    pub user: usize,
    /// The name of its import.
    pub import: String,
    /// The instance that provides it; `None` for the host.
    pub provider: Option<usize>,
    /// The name of the export, or of the import of the whole.
    pub export: String,
}

/// The record as it is written: JSON, so that anyone can read it; keys may be added.
#[derive(Serialize, Deserialize)]
struct Versioned<R> {
    version: u32,
    #[serde(flatten)]
    record: R,
}

impl LinkRecord {
    /// The content of the section.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&Versioned { version: VERSION, record: self })
            .expect("texts and numbers under names are JSON")
    }

    /// Reads the content of a section; `None` if it is not a record, or one of a form of tomorrow.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let read: Versioned<Self> = serde_json::from_slice(bytes).ok()?;
        (read.version == VERSION).then_some(read.record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back() {
        let instance = |name: &str| RecordedInstance { name: name.to_owned(), sha256: "00".to_owned() };
        let wire = RecordedWire {
            user: 1,
            import: "a:b/c".to_owned(),
            provider: Some(0),
            export: "a:b/c@1.0.0".to_owned(),
        };
        let record = LinkRecord {
            witc: "1.2.3".to_owned(),
            policy: None,
            instances: vec![instance("x"), instance("y\n")],
            wires: vec![wire],
        };
        let bytes = record.to_bytes();
        assert_eq!(LinkRecord::from_bytes(&bytes), Some(record));
        assert!(bytes.starts_with(br#"{"version":1,"witc":"1.2.3","instances":["#));
        assert_eq!(LinkRecord::from_bytes(b"{}"), None);
        let later = String::from_utf8_lossy(&bytes).replacen("\"version\":1", "\"version\":2", 1);
        assert_eq!(LinkRecord::from_bytes(later.as_bytes()), None);
    }
}
