//! Who imports whom: holds the files of `src/` against the import table.

use std::path::Path;

use crate::import_table::{CONFINED, layer};
use crate::rust_file::RustFile;
use crate::tree;

/// A module imports only from lines below its own.
pub(super) fn downwards_only(root: &Path) -> Vec<String> {
    let mut problems = program_imports_cli_only(root);
    for (file, place, rust) in files_of_modules(root) {
        for path in &rust.paths {
            let (Some(module), [head, target, ..]) = (place.first(), path.names.as_slice()) else { continue };
            if head != "crate" || target == module {
                continue;
            }
            let at = format!("{file}:{}", path.line);
            match (layer(module), layer(target)) {
                (_, None) => problems.push(format!(
                    "{at}: `{}` is not in a module of the import table; name the item in the module it lives in",
                    path.names.join("::")
                )),
                (Some(own), Some(other)) if other <= own => problems.push(format!(
                    "{at}: `{module}` imports from `{target}`, which is not below it in the import table; move \
                     what both need further down, or hand it in from `pipeline`"
                )),
                _ => {}
            }
        }
    }
    problems
}

/// The program is `cli::run` and nothing else.
fn program_imports_cli_only(root: &Path) -> Vec<String> {
    let programs = tree::files_in(root, "src/main.rs", "").into_iter();
    let paths = programs.flat_map(|file| read(root, &file, &[]).paths);
    let others =
        paths.filter(|path| path.names[0] == "crate" && path.names.get(1).is_none_or(|name| name != "cli"));
    let problem =
        |line| format!("src/main.rs:{line}: the program may use only `witc::cli`; do the rest in `cli`");
    others.map(|path| problem(path.line)).collect()
}

/// A module keeps its sub-modules to itself: others take what its `mod.rs` shows at the top.
pub(super) fn sub_modules_are_private(root: &Path) -> Vec<String> {
    let mut files = tree::files_in(root, "src/", "/mod.rs");
    files.retain(|file| file.split('/').count() == 3);
    let mut problems = Vec::new();
    for file in files {
        for (index, line) in tree::text(root, &file).lines().enumerate() {
            if line.starts_with("pub") && line.contains(" mod ") && line.ends_with(';') {
                problems.push(format!(
                    "{file}:{}: `{line}` opens a sub-module to other modules; write `mod …;` and `pub use` what they need",
                    index + 1
                ));
            }
        }
    }
    problems
}

/// Each module of `src/` has a row in the import table.
pub(super) fn table_is_complete(root: &Path) -> Vec<String> {
    let top_level = files_of_modules(root).into_iter().filter_map(|(_, place, _)| place.into_iter().next());
    let mut found: Vec<String> = top_level.collect();
    found.dedup();
    found.retain(|module| layer(module).is_none());
    let problem = |module: String| {
        format!(
            "src/{module}: not in the import table; add its row to xtask/src/import_table.rs and docs/architecture.md"
        )
    };
    found.into_iter().map(problem).collect()
}

/// Third-party crates are named only where `CONFINED` allows it.
pub(super) fn crates_are_confined(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for file in tree::files_in(root, "src/", ".rs") {
        let place = &file["src/".len()..];
        for path in read(root, &file, &[]).paths {
            let written = format!("{}::", path.names.join("::"));
            let of_path = CONFINED.iter().find(|crate_| written.starts_with(&format!("{}::", crate_.path)));
            let Some(confinement) = of_path else { continue };
            let fits =
                |allowed: &&str| place == *allowed || (allowed.ends_with('/') && place.starts_with(*allowed));
            if !confinement.allowed.iter().any(fits) {
                problems.push(format!(
                    "{file}:{}: `{}` may be named only in {}; use what that place offers",
                    path.line,
                    confinement.path,
                    confinement.allowed.join(", ")
                ));
            }
        }
    }
    problems
}

/// The files of `src/` but the two roots: `lib.rs`, which shows all modules, and `main.rs`. Name, module path, content.
fn files_of_modules(root: &Path) -> Vec<(String, Vec<String>, RustFile)> {
    let mut files = tree::files_in(root, "src/", ".rs");
    files.retain(|file| file != "src/lib.rs" && file != "src/main.rs");
    let read = |file: String| {
        let place = file["src/".len()..].trim_end_matches(".rs").trim_end_matches("/mod");
        let place: Vec<String> = place.split('/').map(str::to_owned).collect();
        let names: Vec<&str> = place.iter().map(String::as_str).collect();
        let rust = read(root, &file, &names);
        (file, place, rust)
    };
    files.into_iter().map(read).collect()
}

/// What can be read of a file; where that is nothing, the guard of its length says so.
fn read(root: &Path, file: &str, module: &[&str]) -> RustFile {
    RustFile::read(&tree::text(root, file), module).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::import_table::modules;

    #[test]
    fn table_names_no_module_twice() {
        let mut all: Vec<&str> = modules().collect();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
