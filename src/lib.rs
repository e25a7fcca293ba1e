//! witc, the linker for WebAssembly components.
pub mod config;
pub mod diag;
pub mod load;
pub mod model;
pub mod source;
