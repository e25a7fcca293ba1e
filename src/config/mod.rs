//! What the user asked for: the request of the command line, `witc.toml` and `witc-policy.toml`.
//!
//! Files are read with spans and turned into checked forms, all mistakes at once; nothing here reads an artifact.

mod composition;
mod diagnostics;
mod document;
mod instance_name;
mod levels;
mod manifest;
mod request;
mod spanned;

pub use composition::{
    Chain, Choice, CommandLine, Composition, ExportChoice, Flags, HOST, InstanceEntry, WireChoice,
};
pub use instance_name::instance_names;
pub use manifest::{MANIFEST_NAME, Manifest, find_manifest, read_manifest};
pub use request::{ComponentInput, InputPath, Request};
pub use spanned::Spanned;
