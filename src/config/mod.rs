//! What the user asked for: the request of the command line, `witc.toml` and `witc-policy.toml`.
//!
//! Files are read with spans and turned into checked forms, all mistakes at once; nothing here reads an artifact.

mod request;

pub use request::{ComponentInput, InputPath, Request};
