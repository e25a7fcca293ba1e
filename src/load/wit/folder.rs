//! Finds and reads the files that make up a WIT input: a file, a folder with its `deps/`, what `--wit` names.
//!
//! Differs from `load/read.rs`: that reads one input of any kind, this follows WIT's layout of folders.

use std::io::Read;
use std::path::{Path, PathBuf};

use indexmap::IndexSet;

use super::diagnostics::{Empty, EmptyPackage, WitNotUtf8, WitTooLarge, is_wide};
use super::encoded;
use super::package::{PackageText, Rank, WitFile};
use crate::config::{InputPath, Request};
use crate::diag::{Run, escape};
use crate::load::binaries::binaries_in;
use crate::load::diagnostics::At;
use crate::load::missing::unreadable;
use crate::source::{Files, Opened, Origin, PathKind, SourceId};

/// The most WIT that one input may have, in bytes: all of WASI is a fiftieth of it.
const LARGEST: u64 = 16 << 20;

/// The files of an input, read.
#[derive(Default)]
pub(super) struct Gathered {
    /// The packages as text; the one that was asked for is the first, if it could be read.
    pub(super) texts: Vec<PackageText>,
    /// The stems of dependencies of which nothing could be read.
    pub(super) lost: Vec<String>,
    /// Which of the texts are packages that `--wit` names, and no dependencies of those.
    pub(super) beside: Vec<usize>,
}

/// Reads an input and, behind it, the packages that may be used from it.
pub(super) fn gather(
    path: &InputPath,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> Option<Gathered> {
    let mut reader = Reader { files, request, run, left: LARGEST, found: Gathered::default() };
    let main = match path {
        InputPath::StandardInput => reader.standard_input(),
        InputPath::Path(path) => reader.package(path, Rank::Own),
    };
    for path in &request.wit {
        reader.extra(path);
    }
    let mut gathered = reader.found;
    gathered.texts.insert(0, main?);
    Some(gathered)
}

/// Reads the packages that `--wit` names, and the inputs behind them, which they may use.
pub(super) fn gather_beside(
    request: &Request,
    inputs: &[InputPath],
    files: &dyn Files,
    run: &mut Run,
) -> Gathered {
    let mut reader = Reader { files, request, run, left: LARGEST, found: Gathered::default() };
    let paths: IndexSet<&PathBuf> = request.wit.iter().collect();
    paths.into_iter().for_each(|path| reader.extra(path));
    for input in inputs {
        let text = match input {
            InputPath::StandardInput => reader.standard_input(),
            InputPath::Path(path) => reader.package(path, Rank::Extra),
        };
        reader.found.texts.extend(text);
    }
    reader.found
}

struct Reader<'a> {
    files: &'a dyn Files,
    /// What is asked, with the places where a manifest names files.
    request: &'a Request,
    run: &'a mut Run,
    /// How many bytes may still be read.
    left: u64,
    found: Gathered,
}

impl Reader<'_> {
    fn standard_input(&mut self) -> Option<PackageText> {
        let source = self.run.sources.add("<stdin>", Origin::StandardInput, "");
        let bytes = self
            .files
            .open_standard_input()
            .and_then(|stream| self.bytes(Opened::File { stream, size: None }));
        let file = self.take(source, "<stdin>".to_owned(), bytes);
        self.text_of(file, Rank::Own)
    }

    /// The package of a file, or of a folder; that of a folder brings in its `deps/`.
    fn package(&mut self, path: &Path, rank: Rank) -> Option<PackageText> {
        match self.files.kind(path) {
            Ok(PathKind::File) => {
                let file = self.file(path);
                self.text_of(file, rank)
            }
            Ok(PathKind::Folder) => {
                let package = self.folder(path, rank);
                self.dependencies(&path.join("deps"), rank);
                package
            }
            Err(reason) => {
                self.unreadable(path, reason);
                None
            }
        }
    }

    fn text_of(&mut self, file: Option<WitFile>, rank: Rank) -> Option<PackageText> {
        let file = file?;
        if file.says_nothing() {
            let name = self.run.sources.get(file.source).name.clone();
            self.run.diagnostics.report(EmptyPackage { source: file.source, name, kind: Empty::File });
            return None;
        }
        Some(PackageText::new(rank, vec![file]))
    }

    /// The `.wit` files right in a folder: one package.
    fn folder(&mut self, path: &Path, rank: Rank) -> Option<PackageText> {
        let entries = match self.files.list(path) {
            Ok(entries) => entries,
            Err(reason) => {
                self.unreadable(path, reason);
                return None;
            }
        };
        let mut package = PackageText::new(rank, Vec::new());
        for entry in entries.iter().filter(|entry| has_extension(entry, &["wit"])) {
            match self.files.kind(entry) {
                Ok(PathKind::Folder) => continue,
                Ok(PathKind::File) => {}
                Err(reason) => {
                    self.unreadable(entry, reason);
                    package.complete = false;
                    continue;
                }
            }
            match self.file(entry) {
                Some(file) => package.files.push(file),
                None => package.complete = false,
            }
        }
        if package.files.is_empty() && !package.complete {
            return None;
        }
        let is_empty = package.files.iter().all(WitFile::says_nothing);
        if is_empty && package.complete {
            self.empty_folder(path, &package.files);
            return None;
        }
        Some(package)
    }

    /// Reports that a folder holds no WIT: that its files say nothing, or that there are none.
    fn empty_folder(&mut self, path: &Path, silent: &[WitFile]) {
        for file in silent {
            let (source, kind) = (file.source, Empty::File);
            let name = self.run.sources.get(source).name.clone();
            self.run.diagnostics.report(EmptyPackage { source, name, kind });
        }
        if silent.is_empty() {
            let (name, source) = (shown(path), self.source(path));
            let inside = packages_in(path, self.files);
            let with_wit = inside.iter().filter(|inside| *inside != path && has_wit(inside, self.files));
            let with_wit = with_wit.map(|inside| shown(inside)).collect();
            let kind = Empty::Folder { with_wit, binaries: binaries_in(path, self.files) };
            self.run.diagnostics.report(EmptyPackage { source, name, kind });
        }
    }

    /// What lies in a folder `deps`: folders and `.wit` files, each a package, and encoded packages.
    fn dependencies(&mut self, deps: &Path, rank: Rank) {
        match self.files.kind(deps) {
            Ok(PathKind::Folder) => {}
            Ok(PathKind::File) => {
                self.unreadable(deps, std::io::ErrorKind::NotADirectory.into());
                return;
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
            Err(reason) => {
                self.unreadable(deps, reason);
                return;
            }
        }
        match self.files.list(deps) {
            Ok(entries) => entries.iter().for_each(|entry| self.dependency(entry, rank)),
            Err(reason) => self.unreadable(deps, reason),
        }
    }

    fn dependency(&mut self, path: &Path, rank: Rank) {
        let found = match self.files.kind(path) {
            Ok(PathKind::Folder) => self.folder(path, rank),
            Ok(PathKind::File) if has_extension(path, &["wit"]) => {
                let file = self.file(path);
                self.text_of(file, rank)
            }
            Ok(PathKind::File) if has_extension(path, &["wasm", "wat"]) => self.encoded(path, rank),
            Ok(PathKind::File) => return,
            Err(reason) => {
                self.unreadable(path, reason);
                None
            }
        };
        match found {
            Some(package) => self.found.texts.push(package),
            None => self.found.lost.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned())),
        }
    }

    /// What `--wit` names: a package, or a folder of packages.
    fn extra(&mut self, path: &Path) {
        if is_encoded(path) && !is_folder(path, self.files) {
            let package = self.encoded(path, Rank::Extra);
            self.found.texts.extend(package);
        } else if is_folder_of_packages(path, self.files) {
            let first = self.found.texts.len();
            self.dependencies(path, Rank::Extra);
            let texts = self.found.texts.iter().enumerate().skip(first);
            self.found.beside.extend(texts.filter(|(_, text)| !text.is_encoded).map(|(at, _)| at));
        } else if let Some(package) = self.package(path, Rank::Extra) {
            self.found.beside.push(self.found.texts.len());
            self.found.texts.push(package);
        }
    }

    /// A package encoded as WebAssembly: its text is printed, so that there are lines to point at.
    fn encoded(&mut self, path: &Path, rank: Rank) -> Option<PackageText> {
        let source = self.source(path);
        let name = shown(path);
        let bytes = match self.files.open(path).and_then(|opened| self.bytes(opened)) {
            Ok(bytes) => bytes,
            Err(fault) => {
                self.run.diagnostics.report(At { source, name, fault });
                return None;
            }
        };
        match encoded::to_text(source, &name, bytes) {
            Ok(text) => {
                let origin = Origin::Printed { of: source };
                let printed = self.run.sources.add(name.clone(), origin, text.clone());
                let file = WitFile::new(printed, name, text);
                Some(PackageText { is_encoded: true, ..PackageText::new(rank, vec![file]) })
            }
            Err(diagnostic) => {
                self.run.diagnostics.report(*diagnostic);
                None
            }
        }
    }

    fn file(&mut self, path: &Path) -> Option<WitFile> {
        let source = self.source(path);
        let bytes = self.files.open(path).and_then(|opened| self.bytes(opened));
        self.take(source, shown(path), bytes)
    }

    /// At most one byte more than what may be read: enough to see that it is too much.
    fn bytes(&self, opened: Opened<'_>) -> std::io::Result<Vec<u8>> {
        let most = self.left + 1;
        match opened {
            Opened::File { stream, .. } => {
                let mut bytes = Vec::new();
                stream.take(most).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
            Opened::Lying(bytes) => {
                let size = usize::try_from(most).map_or(bytes.len(), |most| bytes.len().min(most));
                Ok(bytes[..size].to_vec())
            }
            Opened::Folder => Err(std::io::ErrorKind::IsADirectory.into()),
        }
    }

    fn take(&mut self, source: SourceId, name: String, bytes: std::io::Result<Vec<u8>>) -> Option<WitFile> {
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(fault) => {
                self.run.diagnostics.report(At { source, name, fault });
                return None;
            }
        };
        let Some(left) = self.left.checked_sub(bytes.len() as u64) else {
            self.run.diagnostics.report(WitTooLarge { source, name, limit: LARGEST });
            return None;
        };
        self.left = left;
        let at = first_wrong_byte(&bytes);
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(at) = at {
            let start: Vec<u8> = bytes.iter().take(4).copied().collect();
            // Up to `at` the text that is shown is the text that is there. Of what is no text at all nothing is shown.
            if !is_wide(&start) && !shown.contains('\0') {
                self.run.sources.set_text(source, shown);
            }
            self.run.diagnostics.report(WitNotUtf8 { source, name, at, start });
            return None;
        }
        self.run.sources.set_text(source, shown.clone());
        Some(WitFile::new(source, name, shown))
    }

    fn source(&mut self, path: &Path) -> SourceId {
        self.run.sources.file(shown(path), path)
    }

    fn unreadable(&mut self, path: &Path, fault: std::io::Error) {
        let source = self.source(path);
        let found = unreadable((path, source), fault, self.request, self.files, &self.run.sources);
        self.run.diagnostics.report(found);
    }
}

/// Where the packages lie that `--wit` names by a path, as text: there, or in a folder of packages.
pub fn packages_in(path: &Path, files: &dyn Files) -> Vec<PathBuf> {
    if is_folder_of_packages(path, files) {
        let mut entries = files.list(path).unwrap_or_default();
        entries.retain(|entry| is_folder(entry, files));
        entries
    } else if is_encoded(path) && !is_folder(path, files) {
        Vec::new()
    } else {
        vec![path.to_path_buf()]
    }
}

/// Whether a path is a folder that holds no WIT itself, but packages.
fn is_folder_of_packages(path: &Path, files: &dyn Files) -> bool {
    let entries = || files.list(path).unwrap_or_default();
    let is_package = |entry: &PathBuf| is_encoded(entry) || is_folder(entry, files);
    is_folder(path, files) && !has_wit(path, files) && entries().iter().any(is_package)
}

/// Whether WIT lies right in a folder.
fn has_wit(folder: &Path, files: &dyn Files) -> bool {
    files.list(folder).unwrap_or_default().iter().any(|entry| has_extension(entry, &["wit"]))
}

fn is_folder(path: &Path, files: &dyn Files) -> bool {
    files.kind(path).is_ok_and(|kind| kind == PathKind::Folder)
}

fn is_encoded(path: &Path) -> bool {
    has_extension(path, &["wasm", "wat"])
}

/// Where a file stops to be text in UTF-8. Several zeros near its start are a sign of UTF-16, or of a binary; a single one is
/// a character like another, which WIT forbids.
fn first_wrong_byte(bytes: &[u8]) -> Option<usize> {
    const FEW: usize = 3;
    let zeros = || bytes.iter().take(64).enumerate().filter(|(_, byte)| **byte == 0);
    let is_binary = is_wide(bytes) || bytes.starts_with(b"\0asm") || zeros().count() > FEW;
    let zero = if is_binary { zeros().next().map(|(at, _)| at) } else { None };
    let wrong = std::str::from_utf8(bytes).err().map(|error| error.valid_up_to());
    zero.into_iter().chain(wrong).min()
}

/// A path as reports show it.
fn shown(path: &Path) -> String {
    escape(&path.to_string_lossy())
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|extension| extensions.iter().any(|it| extension == *it))
}
