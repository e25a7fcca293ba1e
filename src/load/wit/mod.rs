//! Loads WIT text: files, folders with their `deps/`, standard input.
//!
//! Differs from the files above: those read binaries, this reads text, and reports all mistakes in it at once.

mod built_in;
mod outline;
mod patch;
mod reference;
mod scan;
mod token;
