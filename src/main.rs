//! The program: hands the command line to the library.
//!
//! Differs from `cli/mod.rs`, where the command line is understood.

use std::process::ExitCode;

/// Real compositions are thousands of small types: with this allocator they link in a seventh less time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(witc::cli::run(std::env::args_os()))
}
