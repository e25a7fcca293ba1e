//! The command `wasmtime` of the crate `wasmtime-cli`, with `run` and `serve` only: so that a command line that witc emits is
//! run to the letter, by Wasmtime's own reading of it.
//!
//! Differs from `host.rs`, which calls the library and keeps what a component prints.

use clap::Parser;
use wasmtime_cli::commands::{RunCommand, ServeCommand};

/// Wasmtime.
#[derive(Parser)]
#[command(name = "wasmtime")]
enum Wasmtime {
    /// Runs a command or calls a function.
    Run(RunCommand),
    /// Serves HTTP.
    Serve(ServeCommand),
}

fn main() -> wasmtime::Result<()> {
    match Wasmtime::parse() {
        Wasmtime::Run(command) => command.execute(),
        Wasmtime::Serve(command) => command.execute(),
    }
}
