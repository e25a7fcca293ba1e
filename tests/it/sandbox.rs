//! A temporary folder in which commands run, cut off from the machine around it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::case::Case;
use crate::make::Make;

/// A folder of its own for one sequence of commands; removed when dropped.
pub(crate) struct Sandbox {
    folder: TempDir,
    before: BTreeMap<PathBuf, Vec<u8>>,
    /// Whether what runs here shows what a bug looks like.
    pub(crate) may_have_bug: bool,
}

/// What one command did.
pub(crate) struct Output {
    pub(crate) exit: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// The exit code of a bug in witc, which is what a panic becomes.
const BUG: i32 = 70;
/// The exit code of a panic that nobody catches.
const PANIC: i32 = 101;

/// Files longer than this are compared by their length alone.
const LARGE: u64 = 1 << 20;

impl Sandbox {
    pub(crate) fn new() -> Self {
        let folder =
            tempfile::Builder::new().prefix("witc-test-").tempdir().expect("a temporary folder can be made");
        Self { folder, before: BTreeMap::new(), may_have_bug: false }
    }

    /// Copies the inputs of a case, all files but case.toml.
    pub(crate) fn copy(&mut self, from: &Path) -> Result<(), String> {
        self.may_have_bug = Case::read(from)?.runs()?.iter().any(|(_, exit)| *exit == BUG);
        for file in files(from).into_iter().filter(|file| file != Path::new("case.toml")) {
            let target = self.path().join(&file);
            let copied = fs::create_dir_all(target.parent().unwrap_or(self.path()))
                .and_then(|()| fs::copy(from.join(&file), target));
            copied.map_err(|error| format!("{}: {error}", file.display()))?;
        }
        Ok(())
    }

    /// Writes a text file.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), String> {
        let target = self.path().join(name);
        fs::create_dir_all(target.parent().unwrap_or(self.path()))
            .and_then(|()| fs::write(&target, text))
            .map_err(|error| format!("{name}: {error}"))
    }

    /// Makes the inputs that are no text.
    pub(crate) fn make(&self, inputs: &BTreeMap<String, Make>) -> Result<(), String> {
        inputs.iter().try_for_each(|(name, make)| make.make(self.path(), name))
    }

    /// Remembers what is there, so that [`Self::written`] can tell what came.
    pub(crate) fn seal(&mut self) {
        self.before = self.content();
    }

    /// Runs `witc ARGUMENTS` here.
    pub(crate) fn witc(&self, arguments: &[String], stdin: Option<&str>) -> Result<Output, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_witc"));
        command.args(arguments).current_dir(self.path()).env_clear();
        command.env("COLUMNS", "100").env("NO_COLOR", "1").env("HOME", ".");
        let input = match stdin {
            Some(file) => {
                File::open(self.path().join(file)).map_err(|error| format!("stdin: {file}: {error}"))?.into()
            }
            None => Stdio::null(),
        };
        let output =
            command.stdin(input).output().map_err(|error| format!("witc does not start: {error}"))?;
        let exit = output.status.code().ok_or_else(|| format!("witc was killed: {}", output.status))?;
        let stderr = self.without_folder(&String::from_utf8_lossy(&output.stderr));
        if exit == PANIC || (exit == BUG && !self.may_have_bug) {
            return Err(format!("witc ends with {exit}, a bug of its own:\n{stderr}"));
        }
        Ok(Output { exit, stdout: output.stdout, stderr })
    }

    /// The files that are new or changed since [`Self::seal`], and those that are gone; sorted.
    pub(crate) fn written(&self) -> Vec<String> {
        let after = self.content();
        let new_or_changed = after.iter().filter(|(file, content)| self.before.get(*file) != Some(content));
        let gone = self.before.keys().filter(|file| !after.contains_key(*file));
        let mut names: Vec<String> =
            new_or_changed.map(|(file, _)| file).chain(gone).map(|file| file.display().to_string()).collect();
        names.sort();
        names
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The place of the folder differs from run to run; in texts `<folder>` stands for it.
    pub(crate) fn without_folder(&self, text: &str) -> String {
        let real = fs::canonicalize(self.path()).unwrap_or_else(|_| self.path().to_path_buf());
        text.replace(&real.display().to_string(), "<folder>")
            .replace(&self.path().display().to_string(), "<folder>")
    }

    fn content(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let content = |file: PathBuf| {
            let path = self.path().join(&file);
            let length = fs::metadata(&path).map_or(0, |data| data.len());
            let content = if length > LARGE {
                length.to_string().into_bytes()
            } else {
                fs::read(path).unwrap_or_default()
            };
            (file, content)
        };
        files(self.path()).into_iter().map(content).collect()
    }
}

/// All files below `folder`, relative to it; links count as files.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    fn walk(folder: &Path, prefix: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let relative = prefix.join(entry.file_name());
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                walk(&entry.path(), &relative, found);
            } else {
                found.push(relative);
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, Path::new(""), &mut found);
    found.sort();
    found
}
