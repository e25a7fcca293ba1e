//! What keeps the house in order: the guards, the generated pages, and the makers of new files.
//!
//! The binary (`cargo xtask`) and the integration tests (`tests/it/guards.rs`) call the same functions.

pub mod bench;
pub mod bless;
pub mod code_table;
pub mod codegen;
pub mod guards;
pub mod import_table;
pub mod new_lint;
pub mod rust_file;
pub mod tree;
