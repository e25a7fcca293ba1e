//! The program: hands the command line to the library.
//!
//! Differs from `cli/mod.rs`, where the command line is understood.

use std::process::ExitCode;

/// Types are many small pieces that all threads make and drop at once: with the allocator of the system, that is a fifth of the
/// time of a large set. The library leaves the choice to those who embed it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(witc::cli::run(std::env::args_os()))
}
