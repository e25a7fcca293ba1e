//! How long files and functions may be. Clippy guards functions too; here so that `cargo test` alone says it.

use std::path::Path;

use crate::code_table;
use crate::rust_file::RustFile;
use crate::tree;

const FILE_LINES: usize = 800;
const LINT_FILE_LINES: usize = 250;
const FUNCTION_LINES: usize = 80;
const LINTS: &str = "src/policy/lints/";

/// Files that are one table: reading them costs no more when they grow.
const TABLES: &[&str] = &[code_table::FILE];

/// Every file has at most 800 lines (a lint 250), its tests not counted.
pub(super) fn files(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for (file, text, rust) in rust_files(root) {
        let rust = rust.unwrap_or_else(|words| {
            // No guard sees anything in such a file.
            problems.push(format!("{file}: cannot be read as Rust ({words}); mend it"));
            RustFile::default()
        });
        let limit = if file.starts_with(LINTS) { LINT_FILE_LINES } else { FILE_LINES };
        let lines = text.lines().count() - rust.test_lines;
        if lines > limit && !TABLES.contains(&file.as_str()) {
            problems
                .push(format!("{file}: {lines} lines, the limit is {limit}; split it where the idea splits"));
        }
    }
    problems
}

/// Every function has at most 80 lines of code.
pub(super) fn functions(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for (file, _, rust) in rust_files(root) {
        for function in
            rust.unwrap_or_default().functions.iter().filter(|function| function.lines > FUNCTION_LINES)
        {
            problems.push(format!(
                "{file}:{}: `{}` has {} lines of code, the limit is {FUNCTION_LINES}; give its steps names",
                function.line, function.name, function.lines
            ));
        }
    }
    problems
}

fn rust_files(root: &Path) -> Vec<(String, String, Result<RustFile, String>)> {
    let read = |file: String| {
        let text = tree::text(root, &file);
        let rust = RustFile::read(&text, &[]);
        (file, text, rust)
    };
    tree::files_in(root, "", ".rs").into_iter().map(read).collect()
}
