//! witc, the linker for WebAssembly components.
pub mod check;
pub mod config;
pub mod diag;
pub mod emit;
pub mod host;
pub mod link;
pub mod load;
pub mod model;
pub mod policy;
pub mod report;
pub mod source;
