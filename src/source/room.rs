//! Room on the disk for what is about to be written.
//!
//! A file that takes the place of another one is flushed first by file systems that allocate late (the option `auto_da_alloc`
//! of ext4), and whoever renames it waits for the disk. Where all of its room is allocated before it is written, there is
//! nothing to wait for.

use std::fs::File;
use std::io::{self, Write};

/// A new file, of which each byte has room on the disk before it is written, where the file system can do that.
pub(super) struct Roomy<'f> {
    file: &'f mut File,
    /// How many bytes were written.
    written: u64,
    /// How many bytes there is room for.
    room: u64,
}

impl<'f> Roomy<'f> {
    /// There will be about `size` bytes: room for so many is made at once.
    pub(super) fn new(file: &'f mut File, size: u64) -> Self {
        allocate(file, 0, size);
        Self { file, written: 0, room: size }
    }
}

impl Write for Roomy<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let end = self.written + bytes.len() as u64;
        if end > self.room {
            allocate(self.file, self.room, end - self.room);
            self.room = end;
        }
        let written = self.file.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Allocates `size` bytes from `start` on, where the file system can. What cannot be had in this way is found out when it is
/// written.
#[cfg(target_os = "linux")]
fn allocate(file: &File, start: u64, size: u64) {
    use rustix::fs::{FallocateFlags, fallocate};
    if size > 0 {
        let _ = fallocate(file, FallocateFlags::KEEP_SIZE, start, size);
    }
}

/// Nothing: no other system is known to flush a file that is renamed.
#[cfg(not(target_os = "linux"))]
fn allocate(_: &File, _: u64, _: u64) {}
