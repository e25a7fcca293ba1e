//! Archives: the same bytes for the same content, on any machine and any day.
//!
//! Differs from `fastly.rs`, which says what goes into one.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

/// A `.tar.gz` of files by their paths, in the order given, each with the folders around it. Owners, times and the name of the
/// machine are left out.
///
/// # Errors
/// Where a path is too long for the format.
pub fn archive(files: &[(String, &[u8])]) -> io::Result<Vec<u8>> {
    let gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
    let mut archive = Builder::new(gzip);
    for (path, content) in files {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_size(content.len() as u64);
        archive.append_data(&mut header, path, *content)?;
    }
    let mut gzip = archive.into_inner()?;
    gzip.flush()?;
    gzip.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_goes_in_comes_out_and_is_the_same_twice() {
        let files = [
            ("shop/bin/main.wasm".to_owned(), b"wasm".as_slice()),
            ("shop/fastly.toml".to_owned(), b"a = 1"),
        ];
        let packed = archive(&files).expect("memory takes all");
        assert_eq!(packed, archive(&files).expect("memory takes all"));
        let mut unpacked = Vec::new();
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
        for entry in archive.entries().expect("an archive") {
            let mut entry = entry.expect("an entry");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("its content");
            let path = entry.path().expect("its path").display().to_string();
            unpacked.push((path, content));
        }
        let expected: Vec<_> = files.iter().map(|(path, content)| (path.clone(), content.to_vec())).collect();
        assert_eq!(unpacked, expected);
    }
}
