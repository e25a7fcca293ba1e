//! Writes the tables of what witc carries within itself: the WIT of WASI, out of the crates that publish it, and the
//! profiles of hosts.
//!
//! The crates are found by `cargo metadata` and only read, never compiled. Their versions are pinned in Cargo.toml, so that
//! this runs again only when that file changes.

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};

/// The target under which Cargo.toml lists the crates. Nothing can be built for it here, so they are not compiled.
const TARGET: &str = "wasm32v1-none";

/// The crates in which each file of `wit/deps` is a package.
const CRATES: [&str; 2] = ["wasip2", "wasip3"];

/// The crates in which the files of a folder are one package: drafts of WASI, as Wasmtime has them.
const DRAFTS: [(&str, &str); 3] = [
    ("wasmtime-wasi-config", "wit/deps/config"),
    ("wasmtime-wasi-keyvalue", "wit/deps/keyvalue"),
    ("wasmtime-wasi-nn", "wit"),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.toml");
    let metadata = metadata();
    let mut table = String::from("&[\n");
    let folder_of = |name: &str, path: &str| {
        let package = metadata.packages.iter().find(|package| package.name.as_str() == name);
        let package = package.unwrap_or_else(|| panic!("Cargo.toml does not list `{name}` for {TARGET}"));
        package.manifest_path.as_std_path().with_file_name(path)
    };
    let mut add = |folder: &Path, text: &str| {
        let (name, version) = header(text)
            .unwrap_or_else(|| panic!("{} has no line `package NAME@VERSION;`", folder.display()));
        writeln!(table, "    BuiltIn {{ name: {name:?}, version: {version:?}, text: {text:?} }},")
            .expect("a string takes all text");
    };
    for name in CRATES {
        let folder = folder_of(name, "wit/deps");
        files(&folder).iter().for_each(|file| add(&folder, &read(file)));
    }
    for (name, path) in DRAFTS {
        let folder = folder_of(name, path);
        add(&folder, &joined(&folder));
    }
    table.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("built_in.rs"), table).expect("OUT_DIR can be written");
    fs::write(out.join("hosts.rs"), hosts()).expect("OUT_DIR can be written");
}

/// The text of a file.
fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()))
}

/// The files of a folder as one text: its one `package` line comes first.
fn joined(folder: &Path) -> String {
    let texts: Vec<String> = files(folder).iter().map(|file| read(file)).collect();
    let is_header = |line: &&str| line.starts_with("package ");
    let header = texts.iter().flat_map(|text| text.lines()).find(is_header).unwrap_or_default();
    let body = texts.iter().flat_map(|text| text.lines()).filter(|line| !is_header(line));
    std::iter::once(header).chain(body).collect::<Vec<_>>().join("\n") + "\n"
}

/// Name and text of each file of `src/host/data`, sorted.
fn hosts() -> String {
    println!("cargo::rerun-if-changed=src/host/data");
    let folder =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("src/host/data");
    let mut table = String::from("&[\n");
    for file in files(&folder) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        writeln!(table, "    ({name:?}, include_str!({file:?})),").expect("a string takes all text");
    }
    table + "]\n"
}

/// All packages of the lock file, with their folders. The first attempt asks no network; the last one also works where
/// there is no lock file.
fn metadata() -> Metadata {
    let manifest =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("Cargo.toml");
    let attempts: [&[&str]; 3] = [&["--locked", "--offline"], &["--locked"], &[]];
    let mut failures = String::new();
    for flags in attempts {
        let mut options = vec!["--filter-platform".to_owned(), TARGET.to_owned()];
        options.extend(flags.iter().map(|&flag| flag.to_owned()));
        match MetadataCommand::new().manifest_path(&manifest).other_options(options).exec() {
            Ok(metadata) => return metadata,
            Err(error) => writeln!(failures, "{error}").expect("a string takes all text"),
        }
    }
    panic!("`cargo metadata` does not find the crates that carry the WIT of WASI:\n{failures}");
}

/// The files of a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{} cannot be read: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    files.sort();
    files
}

/// Name and version out of the line `package wasi:io@0.2.12;`.
fn header(text: &str) -> Option<(&str, &str)> {
    text.lines().find_map(|line| line.strip_prefix("package ")?.trim_end().strip_suffix(';')?.split_once('@'))
}
