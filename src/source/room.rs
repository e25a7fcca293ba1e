//! Room on the disk for what is about to be written.
//!
//! A file that takes the place of another one is flushed first by file systems that allocate late (the option `auto_da_alloc`
//! of ext4), and whoever renames it waits for the disk. Where its room is allocated before, there is nothing to wait for.

#[cfg(target_os = "linux")]
use std::os::fd::AsFd;

/// Allocates `size` bytes, where the file system can.
#[cfg(target_os = "linux")]
pub(super) fn allocate(file: impl AsFd, size: u64) {
    use rustix::fs::{FallocateFlags, fallocate};
    if size > 0 {
        // What cannot be had in this way is found out when it is written.
        let _ = fallocate(file, FallocateFlags::KEEP_SIZE, 0, size);
    }
}

/// Nothing: no other system is known to flush a file that is renamed.
#[cfg(not(target_os = "linux"))]
pub(super) fn allocate<F>(_: &F, _: u64) {}
