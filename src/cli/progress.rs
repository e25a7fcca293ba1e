//! A line on the terminal that shows that work is under way, once it takes longer than half a second.
//!
//! Differs from `terminal.rs`, which writes what stays: this line goes away.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Terminal;
use crate::diag::escape;
use crate::source::{Cache, Disk, Files, Opened, PathKind, Staged};

/// How long nothing is shown.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the line moves.
const TICK: Duration = Duration::from_millis(100);

impl Terminal {
    /// Does `work` with the files of this machine; `doing` says what it is: `linking`.
    pub(super) fn watch<T>(&self, doing: &'static str, work: impl FnOnce(&dyn Files) -> T) -> T {
        let cache = if self.cache { Cache::of_user() } else { None };
        let line = Line::start(doing, !self.quiet && io::stderr().is_terminal(), cache);
        work(&line.files)
    }
}

/// The line, from its start to its end.
struct Line {
    files: Watched,
    /// Closed at the end, which wakes the thread that shows the line.
    end: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Line {
    fn start(doing: &'static str, is_wanted: bool, cache: Option<Cache>) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_prefix(doing);
        let (end, ended) = mpsc::channel();
        let shown = bar.clone();
        let show = move || {
            if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let style = ProgressStyle::with_template(
                    "{spinner} {prefix} {wide_msg} {decimal_bytes} read, {elapsed}",
                );
                shown.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
                // Hidden still, if standard error is no terminal.
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(TICK);
            }
        };
        let thread = is_wanted.then(|| thread::spawn(show));
        Self { files: Watched { bar, cache }, end: Some(end), thread }
    }
}

/// Also where the work panics: what is said then needs a clean line.
impl Drop for Line {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // it has nothing to say
        }
        self.files.bar.finish_and_clear();
    }
}

/// The files of this machine; what is read shows on the line.
struct Watched {
    bar: ProgressBar,
    cache: Option<Cache>,
}

/// A stream whose bytes are counted. Several may be read at once: the line shows the sum.
struct Counted<'b> {
    stream: Box<dyn io::Read + 'b>,
    bar: &'b ProgressBar,
}

impl io::Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.bar.inc(count as u64);
        Ok(count)
    }
}

impl Watched {
    fn name(&self, path: &Path) {
        self.bar.set_message(escape(&path.to_string_lossy()));
    }

    fn count(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.bar.inc(bytes.len() as u64);
        bytes
    }
}

impl Files for Watched {
    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        Disk.kind(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.name(path);
        Disk.read(path).map(|bytes| self.count(bytes))
    }

    fn first_same(&self, path: &Path, others: &[&Path]) -> Option<usize> {
        Disk.first_same(path, others)
    }

    fn size(&self, path: &Path) -> Option<u64> {
        Disk.size(path)
    }

    /// A file of known size is counted as a whole: what goes through [`Counted`] is read in smaller pieces.
    fn open(&self, path: &Path) -> io::Result<Opened<'_>> {
        self.name(path);
        Ok(match Disk.open(path)? {
            Opened::File { stream, size: None } => {
                Opened::File { stream: Box::new(Counted { stream, bar: &self.bar }), size: None }
            }
            Opened::File { stream, size: Some(size) } => {
                self.bar.inc(size);
                Opened::File { stream, size: Some(size) }
            }
            Opened::Lying(bytes) => {
                self.bar.inc(bytes.len() as u64);
                Opened::Lying(bytes)
            }
            Opened::Folder => Opened::Folder,
        })
    }

    fn open_standard_input(&self) -> io::Result<Box<dyn io::Read + '_>> {
        Ok(Box::new(Counted { stream: Disk.open_standard_input()?, bar: &self.bar }))
    }

    fn read_standard_input(&self) -> io::Result<Vec<u8>> {
        Disk.read_standard_input().map(|bytes| self.count(bytes))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Disk.list(folder)
    }

    fn write(&self, path: &Path, parts: &[&[u8]]) -> io::Result<()> {
        self.name(path);
        Disk.write(path, parts)
    }

    fn stage(
        &self,
        path: &Path,
        size: u64,
        parts: &mut dyn Iterator<Item = &[u8]>,
    ) -> io::Result<Box<dyn Staged + Send + '_>> {
        self.name(path);
        Disk.stage(path, size, parts)
    }

    fn write_all(&self, folder: &Path, files: &[(PathBuf, &[u8])]) -> io::Result<()> {
        Disk.write_all(folder, files)
    }

    fn can_keep(&self) -> bool {
        self.cache.is_some()
    }

    fn recall(&self, name: &str) -> Option<Vec<u8>> {
        self.cache.as_ref()?.recall(name)
    }

    fn keep(&self, name: &str, content: &[u8]) {
        if let Some(cache) = &self.cache {
            cache.keep(name, content);
        }
    }
}
