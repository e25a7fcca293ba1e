//! witc, the linker for WebAssembly components.
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod diag;
pub mod emit;
pub mod host;
pub mod link;
pub mod load;
pub mod model;
pub mod pipeline;
pub mod policy;
pub mod report;
pub mod source;
