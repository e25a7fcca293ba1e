//! The program: hands the command line to the library.
//!
//! Differs from `cli/mod.rs`, where the command line is understood.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(witc::cli::run(std::env::args_os()))
}
