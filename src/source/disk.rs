//! The real file system: the only file of the library that touches `std::fs`.
//!
//! Differs from `map.rs`: this is how bytes are read and written, that is the table of what was read.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::mapped::Mapped;
use super::room::Roomy;
use super::{Bytes, Files, Opened, PathKind, Staged};

/// How many bytes of small pieces are gathered before they are written.
const GATHERED: usize = 1 << 16;

/// How many bytes of a large piece are written at once: to hand over a hundred megabytes takes Linux twice as long.
const AT_ONCE: usize = 1 << 18;

/// From this size on, in bytes, a file is looked at where it lies: reading a smaller one is sooner done.
const WORTH_MAPPING: u64 = 32 << 10;

/// The most that is read of what has no size, such as a pipe, in bytes: a device can go on for ever.
const MOST_OF_STREAM: u64 = 64 << 20;

/// The most that is read of standard input, in bytes: a component can come that way.
const MOST_OF_STANDARD_INPUT: u64 = 1 << 30;

/// All of a pipe or a device that has no more than `most` bytes.
fn read_stream(stream: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other("it is no file, and does not end"));
    }
    Ok(bytes)
}

/// The files of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Disk {
    /// Writes a file that was not there before.
    ///
    /// # Errors
    /// Any error of the file system; `AlreadyExists` if something is there.
    pub fn write_new(self, path: &Path, content: &[u8]) -> io::Result<()> {
        fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(content)
    }

    /// Makes a folder and those around it, where they are not there.
    pub(super) fn make_folder(self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }
}

impl Files for Disk {
    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        let kind = fs::metadata(path)?;
        Ok(if kind.is_dir() { PathKind::Folder } else { PathKind::File })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let file = fs::File::open(path)?;
        let data = file.metadata()?;
        if data.is_file() || data.is_dir() { fs::read(path) } else { read_stream(file, MOST_OF_STREAM) }
    }

    fn first_same(&self, path: &Path, others: &[&Path]) -> Option<usize> {
        let identity = Identity::of(path)?;
        let mut real = None;
        // To follow a path step by step takes long, and few are worth it.
        let is_same = |other: &&Path| {
            Identity::of(other).is_some_and(|other| other.may_be(&identity))
                && match (real.get_or_insert_with(|| fs::canonicalize(path)), fs::canonicalize(other)) {
                    (Ok(real), Ok(other)) => *real == other,
                    (Ok(_) | Err(_), Ok(_) | Err(_)) => false,
                }
        };
        others.iter().position(is_same)
    }

    fn size(&self, path: &Path) -> Option<u64> {
        fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|data| data.len())
    }

    fn open(&self, path: &Path) -> io::Result<Opened<'_>> {
        let file = match fs::File::open(path) {
            Ok(file) => file,
            // Some systems open no folders.
            Err(_) if fs::metadata(path).is_ok_and(|data| data.is_dir()) => return Ok(Opened::Folder),
            Err(error) => return Err(error),
        };
        let data = file.metadata()?;
        if data.is_dir() {
            return Ok(Opened::Folder);
        }
        let size = data.is_file().then_some(data.len());
        if size.is_some_and(|size| size >= WORTH_MAPPING)
            && let Some(mapped) = Mapped::new(path, &file, &data)
        {
            return Ok(Opened::Lying(Bytes::from(mapped)));
        }
        Ok(Opened::File { stream: Box::new(file), size })
    }

    fn open_standard_input(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(io::stdin().lock()))
    }

    fn read_standard_input(&self) -> io::Result<Vec<u8>> {
        read_stream(io::stdin().lock(), MOST_OF_STANDARD_INPUT)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        entries.sort();
        Ok(entries)
    }

    fn write(&self, path: &Path, parts: &[&[u8]]) -> io::Result<()> {
        let size = parts.iter().map(|part| part.len() as u64).sum();
        self.stage(path, size, &mut parts.iter().copied())?.publish()
    }

    /// Written to a temporary file in the same folder, then renamed. A symlink stays one: its target is written.
    fn stage(
        &self,
        path: &Path,
        size: u64,
        parts: &mut dyn Iterator<Item = &[u8]>,
    ) -> io::Result<Box<dyn Staged + Send + '_>> {
        // Asked of the path itself: where a name in `/dev/fd` leads can be opened, and not always followed.
        if fs::metadata(path).is_ok_and(|data| !data.is_file()) {
            return Ok(Box::new(Through {
                target: path.to_owned(),
                content: parts.collect::<Vec<_>>().concat(),
            }));
        }
        let target = followed(path)?;
        let folder = target.parent().filter(|parent| !parent.as_os_str().is_empty());
        let mut file = tempfile::Builder::new()
            .prefix(".witc-")
            .permissions(permissions_of(&target))
            .tempfile_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| {
                match folder.is_none_or(Path::is_dir) && error.kind() == io::ErrorKind::NotFound {
                    // As in `/proc`: the folder is there, and takes no files.
                    true => io::Error::new(io::ErrorKind::Unsupported, "no file can be made in this folder"),
                    false => error,
                }
            })?;
        write_parts(Roomy::new(file.as_file_mut(), size), parts)?;
        Ok(Box::new(Beside { file, target }))
    }

    fn write_all(&self, folder: &Path, files: &[(PathBuf, &[u8])]) -> io::Result<()> {
        match fs::symlink_metadata(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::write_new_folder(folder, files),
            Ok(_) | Err(_) => Self::write_into(folder, files),
        }
    }
}

impl Disk {
    /// Writes all files into a folder of their own beside the new one, which then takes its name.
    fn write_new_folder(folder: &Path, files: &[(PathBuf, &[u8])]) -> io::Result<()> {
        let parent =
            folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        let new =
            tempfile::Builder::new().prefix(".witc-").permissions(folder_permissions()).tempdir_in(parent)?;
        for (path, content) in files {
            let path = new.path().join(path);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(path, content)?;
        }
        fs::rename(new.path(), folder)?;
        let _ = new.keep(); // it has another name now: there is nothing to take away
        Ok(())
    }

    /// Writes all files under other names first, so that what fails does so before anything is replaced.
    fn write_into(folder: &Path, files: &[(PathBuf, &[u8])]) -> io::Result<()> {
        let mut written = Vec::new();
        for (path, content) in files {
            let path = folder.join(path);
            let target = followed(&path)?;
            let parent = target.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(parent)?;
            if fs::metadata(&target).is_ok_and(|data| data.is_dir()) {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            let permissions = permissions_of(&target);
            let mut file =
                tempfile::Builder::new().prefix(".witc-").permissions(permissions).tempfile_in(parent)?;
            Roomy::new(file.as_file_mut(), content.len() as u64).write_all(content)?;
            written.push((file, target));
        }
        for (file, target) in written {
            file.persist(&target).map_err(|error| error.error)?;
        }
        Ok(())
    }
}

/// The place that is written for a path: where its symlinks lead, though nothing may be there yet.
fn followed(path: &Path) -> io::Result<PathBuf> {
    const MOST_LINKS: usize = 40;
    let mut place = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        if let Ok(real) = fs::canonicalize(&place) {
            return Ok(real);
        }
        let Ok(link) = fs::read_link(&place) else { return Ok(place) };
        place = place.parent().unwrap_or(Path::new("")).join(link);
    }
    Err(io::Error::other("its symlinks lead in a circle"))
}

/// What a new folder may be under the user's mask.
#[cfg(unix)]
fn folder_permissions() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(0o777)
}

#[cfg(not(unix))]
fn folder_permissions() -> fs::Permissions {
    permissions_of(Path::new("."))
}

/// What tells one file from another without following its path; two names of one file have the same.
struct Identity {
    #[cfg(unix)]
    device_and_inode: (u64, u64),
}

impl Identity {
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let data = fs::metadata(path).ok()?;
        Some(Self { device_and_inode: (data.dev(), data.ino()) })
    }

    #[cfg(unix)]
    fn may_be(&self, other: &Self) -> bool {
        self.device_and_inode == other.device_and_inode
    }

    #[cfg(not(unix))]
    fn of(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().map(|_| Self {})
    }

    #[cfg(not(unix))]
    fn may_be(&self, _: &Self) -> bool {
        true
    }
}

/// A temporary file beside the one whose place it is to take.
struct Beside {
    file: tempfile::NamedTempFile,
    target: PathBuf,
}

impl Staged for Beside {
    fn publish(self: Box<Self>) -> io::Result<()> {
        self.file.persist(&self.target).map_err(|error| error.error)?;
        Ok(())
    }
}

/// A device or a pipe cannot be replaced by a rename; it takes the bytes as they come. They are gathered before, for that can
/// be long after.
struct Through {
    target: PathBuf,
    content: Vec<u8>,
}

impl Staged for Through {
    fn publish(self: Box<Self>) -> io::Result<()> {
        fs::OpenOptions::new().write(true).open(&self.target)?.write_all(&self.content)
    }
}

/// Small pieces are gathered first; large ones are written from where they are.
fn write_parts(file: impl Write, parts: &mut dyn Iterator<Item = &[u8]>) -> io::Result<()> {
    let mut gathered = io::BufWriter::with_capacity(GATHERED, file);
    for chunk in parts.flat_map(|part| part.chunks(AT_ONCE)) {
        gathered.write_all(chunk)?;
    }
    gathered.flush()
}

/// What a new file at `path` may be: as the file that is there, else as any new file under the user's mask.
#[cfg(unix)]
fn permissions_of(path: &Path) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).map_or_else(|_| fs::Permissions::from_mode(0o666), |data| data.permissions())
}

#[cfg(not(unix))]
fn permissions_of(path: &Path) -> fs::Permissions {
    let probe = fs::metadata(path).or_else(|_| fs::metadata("."));
    probe
        .map(|data| data.permissions())
        .unwrap_or_else(|_| unreachable!("the current folder has permissions"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_staged_is_seen_only_once_published() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("out");
        let names = || Disk.list(folder.path()).expect("the folder can be read").len();
        let parts = [&b"one "[..], b"two"];
        let staged = Disk.stage(&path, 7, &mut parts.into_iter()).expect("the folder can be written to");
        assert_eq!((names(), Disk.read(&path).is_err()), (1, true));
        drop(staged);
        assert_eq!(names(), 0);
        // There may be more than was said.
        let staged = Disk.stage(&path, 3, &mut parts.into_iter()).expect("the folder can be written to");
        staged.publish().expect("the folder can be written to");
        assert_eq!((names(), Disk.read(&path).ok()), (1, Some(b"one two".to_vec())));
    }

    #[test]
    fn a_link_stays_one_though_nothing_is_there_yet() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("there")).expect("a folder can be made");
        symlink("second", path("first")).expect("a link can be made");
        symlink("there/out", path("second")).expect("a link can be made");
        symlink("round", path("round")).expect("a link can be made");
        let is_link = |name: &str| fs::symlink_metadata(path(name)).is_ok_and(|data| data.is_symlink());
        Disk.write(&path("first"), &[b"one"]).expect("the folder can be written to");
        assert_eq!(Disk.read(&path("there/out")).ok(), Some(b"one".to_vec()));
        fs::remove_file(path("there/out")).expect("it is there");
        let files = [(PathBuf::from("second"), &b"two"[..])];
        Disk.write_all(folder.path(), &files).expect("the folder can be written to");
        assert_eq!(Disk.read(&path("there/out")).ok(), Some(b"two".to_vec()));
        assert!(is_link("first") && is_link("second"));
        assert!(Disk.write(&path("round"), &[b"one"]).is_err() && is_link("round"));
    }

    #[test]
    fn a_device_is_not_read_without_end() {
        assert!(Disk.read(Path::new("/dev/zero")).is_err());
        assert_eq!(Disk.read(Path::new("/dev/null")).ok(), Some(Vec::new()));
    }

    #[test]
    fn what_does_not_end_is_not_read_for_ever() {
        assert_eq!(read_stream([1, 2, 3].as_slice(), 3).ok(), Some(vec![1, 2, 3]));
        assert!(read_stream(io::repeat(0), 3).is_err());
    }
}
