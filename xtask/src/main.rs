//! The tasks of the people who work on witc: `cargo xtask TASK`.
//!
//! Only reads the command line; what a task does is in the library beside it, which the tests use too.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "tasks talk to the person who started them")]

use std::path::Path;
use std::process::ExitCode;

use xtask::{bless, codegen, guards};

const USAGE: &str = "\
usage: cargo xtask TASK

  tidy            run all guards
  codegen         make the generated pages of docs/
  codegen --check say which of them are stale
  bless [FILTER]  rewrite the wording in snapshots/ and on pages, for all tests or those whose name contains FILTER
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root folder");
    let problems = match arguments.as_slice() {
        ["tidy"] => guards::all(root),
        ["codegen"] => with_witc(root, codegen::write),
        ["codegen", "--check"] => with_witc(root, codegen::stale),
        ["bless"] => bless::bless(root, None),
        ["bless", filter] => bless::bless(root, Some(filter)),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    for problem in &problems {
        println!("{problem}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn with_witc(root: &Path, task: fn(&Path, &Path) -> Vec<String>) -> Vec<String> {
    codegen::build_witc(root).map_or_else(|problem| vec![problem], |witc| task(root, &witc))
}
