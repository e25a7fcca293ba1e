//! A file that is looked at where it lies: the system brings its pages when they are asked for, and nothing is copied.
//!
//! Differs from `disk.rs`, which reads and writes files; and from `bytes.rs`, to which it makes no difference where bytes are.

use std::fs::{self, File, Metadata};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use memmap2::Mmap;

/// A file as it was when it was opened, as long as nobody writes to it.
pub(super) struct Mapped {
    map: Mmap,
    path: PathBuf,
    stamp: Stamp,
}

/// What is another one once somebody wrote to a file: what the system notes itself, where nobody can set it back.
#[derive(PartialEq)]
struct Stamp {
    size: u64,
    #[cfg(unix)]
    file_and_change: [i64; 4],
    #[cfg(not(unix))]
    modified: Option<std::time::SystemTime>,
}

impl Mapped {
    /// The file that was opened at `path`; `None` where the system cannot show it in this way.
    pub(super) fn new(path: &Path, file: &File, data: &Metadata) -> Option<Self> {
        #[expect(unsafe_code, reason = "a file can be looked at in no other way without a copy of it")]
        // SAFETY: whoever writes to the file meanwhile changes the bytes behind the slice. They are only read, nothing that was
        // found in them is used to reach memory unchecked, and `has_changed` is asked before anything made of them is published.
        let map = unsafe { Mmap::map(file) }.ok()?;
        Some(Self { map, path: path.to_path_buf(), stamp: Stamp::of(data) })
    }

    /// Whether somebody wrote to what is at the path since it was opened. What took its place there, or took it away, leaves
    /// the bytes alone; it is told all the same, for nobody could say what was linked.
    pub(super) fn has_changed(&self) -> bool {
        fs::metadata(&self.path).map_or(true, |data| Stamp::of(&data) != self.stamp)
    }
}

impl Stamp {
    #[cfg(unix)]
    fn of(data: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let file = [data.dev().cast_signed(), data.ino().cast_signed()];
        Self { size: data.len(), file_and_change: [file[0], file[1], data.ctime(), data.ctime_nsec()] }
    }

    #[cfg(not(unix))]
    fn of(data: &Metadata) -> Self {
        Self { size: data.len(), modified: data.modified().ok() }
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.map
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_that_is_written_to_has_changed() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("file");
        fs::write(&path, "before").expect("the folder can be written to");
        let file = File::open(&path).expect("it is there");
        let data = file.metadata().expect("it is there");
        let mapped = Mapped::new(&path, &file, &data).expect("it can be mapped");
        assert!(&*mapped == b"before" && !mapped.has_changed());
        let mut written = fs::OpenOptions::new().write(true).open(&path).expect("it is there");
        written.write_all(b"behind").expect("the folder can be written to");
        written.set_modified(data.modified().expect("the system notes it")).expect("it can be set back");
        assert!(mapped.has_changed());
    }
}
