//! The folder of the user in which runs keep for each other what they would only find out again.
//!
//! Differs from `disk.rs`: whatever lies here may be lost, old, or wrong, and nobody is told when it cannot be written.

use std::io::Read;
use std::path::PathBuf;

use super::{Disk, Files, Opened};

/// What is larger than this many bytes was not kept by witc.
const LARGEST: u64 = 16 << 20;

/// The folder `witc` in the cache folder of the user: `$XDG_CACHE_HOME`, `~/.cache`, or what the platform has for it.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The cache of the user who runs this process; none where the environment says no home, as in a test or a build.
    pub fn of_user() -> Option<Self> {
        let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        std::env::var_os("XDG_CACHE_HOME").or_else(|| std::env::var_os(home))?;
        let base = etcetera::choose_base_strategy().ok()?;
        Self::in_folder(etcetera::BaseStrategy::cache_dir(&base).join("witc"))
    }

    /// A cache in a folder, which is made when something is first kept; a relative path is no place for one.
    pub fn in_folder(folder: PathBuf) -> Option<Self> {
        folder.is_absolute().then_some(Self { folder })
    }

    /// What was kept under a name.
    pub fn recall(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.folder.join(name);
        Disk.size(&path).filter(|size| *size <= LARGEST)?;
        let content = match Disk.open(&path).ok()? {
            Opened::File { stream, .. } => {
                let mut content = Vec::new();
                // What says nothing of its size, or grows, is not read without end.
                stream.take(LARGEST + 1).read_to_end(&mut content).ok()?;
                content
            }
            Opened::Lying(bytes) => bytes.into_vec(),
            Opened::Folder => return None,
        };
        (content.len() as u64 <= LARGEST).then_some(content)
    }

    /// Keeps something under a name: a reader sees all of it, or what was there before.
    pub fn keep(&self, name: &str, content: &[u8]) {
        let path = self.folder.join(name);
        // To write to a pipe or a device can take for ever.
        if Disk.kind(&path).is_ok() && Disk.size(&path).is_none() {
            return;
        }
        let written = Disk.make_folder(&self.folder).and_then(|()| Disk.write(&path, &[content]));
        drop(written); // a full disk, or one that is read-only: the next run finds it out again
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_recalled() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let cache = Cache::in_folder(folder.path().join("a/b")).expect("the path is absolute");
        assert_eq!(cache.recall("x"), None);
        cache.keep("x", b"one");
        cache.keep("x", b"two");
        assert_eq!(cache.recall("x").as_deref(), Some(&b"two"[..]));
        let large = vec![1; 100_000];
        cache.keep("large", &large);
        assert_eq!(cache.recall("large"), Some(large));
        cache.keep("no/such/folder", b"lost");
        assert_eq!(cache.recall("no/such/folder"), None);
        assert!(Cache::in_folder("relative".into()).is_none());
    }

    #[cfg(unix)]
    #[test]
    fn only_files_are_read_and_written() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let at = |name: &str| folder.path().join(name);
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
        assert!(made.is_ok_and(|status| status.success()));
        for (target, name) in [("pipe", "to-pipe"), ("/dev/zero", "to-device"), ("/dev/full", "to-full")] {
            std::os::unix::fs::symlink(target, at(name)).expect("a link can be made");
        }
        let cache = Cache::in_folder(folder.path().to_owned()).expect("the path is absolute");
        for name in ["pipe", "to-pipe", "to-device", "to-full"] {
            cache.keep(name, b"one");
            assert_eq!(cache.recall(name), None, "{name}");
        }
    }
}
