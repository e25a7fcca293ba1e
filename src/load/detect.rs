//! Tells from the first bytes of an input what it is, whatever its name says.
//!
//! Differs from `validate.rs`: this looks at the first bytes only, that at all of them.

/// How many bytes are enough to tell.
pub(super) const PREFIX: usize = 1024;

/// What the first bytes of an input say that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A component, binary.
    Component,
    /// A core module, binary.
    CoreModule,
    /// WebAssembly in a version or a layer that witc does not know.
    OtherVersion {
        /// The version field of the header.
        version: u16,
        /// The layer field of the header: 0 for core modules, 1 for components.
        layer: u16,
    },
    /// Ends within the eight bytes of the header.
    CutHeader,
    /// The text format of WebAssembly.
    WasmText,
    /// Text that may be WIT.
    Text,
    /// No bytes at all.
    Empty,
    /// Something else, known by its first bytes.
    Foreign(Foreign),
    /// Bytes that mean nothing to witc.
    Unknown,
}

/// A format that is not WebAssembly, but is found where WebAssembly should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    /// What it is or does, after "it".
    pub(super) predicate: &'static str,
    /// What to do about it, with `{file}` where its name goes, if something better is known than to look for the right file.
    pub(super) help: Option<&'static str>,
    /// Whether it is text, so that a file named `.wit` with this content is a mistake in WIT.
    pub(super) is_text: bool,
}

const MAGIC: &[u8] = b"\0asm";

/// What an input is, given its first [`PREFIX`] bytes, or all bytes of a shorter one.
pub(super) fn detect(prefix: &[u8]) -> Format {
    if prefix.is_empty() {
        return Format::Empty;
    }
    if MAGIC.starts_with(&prefix[..prefix.len().min(4)]) {
        return detect_header(prefix);
    }
    if let Some(foreign) = detect_binary(prefix) {
        return Format::Foreign(foreign);
    }
    match as_text(prefix) {
        Some(text) => detect_text(text),
        None => Format::Unknown,
    }
}

/// A header: the magic bytes, then a version and a layer, 16 bits each.
fn detect_header(prefix: &[u8]) -> Format {
    match prefix {
        [_, _, _, _, 1, 0, 0, 0, ..] => Format::CoreModule,
        [_, _, _, _, 13, 0, 1, 0, ..] => Format::Component,
        [_, _, _, _, a, b, c, d, ..] => Format::OtherVersion {
            version: u16::from_le_bytes([*a, *b]),
            layer: u16::from_le_bytes([*c, *d]),
        },
        _ => Format::CutHeader,
    }
}

fn detect_binary(prefix: &[u8]) -> Option<Foreign> {
    if prefix.len() >= 16 && prefix.iter().all(|byte| *byte == 0) {
        let help = "a copy or a download that did not finish often leaves a file of zeros; fetch it again";
        return Some(Foreign { predicate: "starts with zeros", help: Some(help), is_text: false });
    }
    if prefix.get(257..262) == Some(b"ustar") {
        return Some(archive("is a tar archive", "unpack it first: `tar -xf {file}`"));
    }
    let universal = prefix.starts_with(&[0xca, 0xfe, 0xba, 0xbe]);
    if universal {
        let count =
            prefix.get(4..8).map_or(0, |four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]));
        return Some(native(if count < 40 {
            "is a Mach-O universal binary"
        } else {
            "is a Java class file"
        }));
    }
    BINARY.iter().find(|(magic, _)| prefix.starts_with(magic)).map(|(_, foreign)| *foreign)
}

const NATIVE: &str = "build for a WebAssembly target, such as `cargo build --target wasm32-wasip2`";

const fn native(predicate: &'static str) -> Foreign {
    Foreign { predicate, help: Some(NATIVE), is_text: false }
}

const fn archive(predicate: &'static str, help: &'static str) -> Foreign {
    Foreign { predicate, help: Some(help), is_text: false }
}

const fn other(predicate: &'static str) -> Foreign {
    Foreign { predicate, help: None, is_text: false }
}

/// Formats by their first bytes; the first that fits is the one.
const BINARY: &[(&[u8], Foreign)] = &[
    (
        b"\x7fELF",
        Foreign {
            predicate: "is an ELF file: a native program or library, or what Wasmtime compiled ahead of time",
            help: Some("give witc the component that it was compiled from"),
            is_text: false,
        },
    ),
    (&[0xfe, 0xed, 0xfa, 0xce], native("is a Mach-O file: a native program or library")),
    (&[0xfe, 0xed, 0xfa, 0xcf], native("is a Mach-O file: a native program or library")),
    (&[0xce, 0xfa, 0xed, 0xfe], native("is a Mach-O file: a native program or library")),
    (&[0xcf, 0xfa, 0xed, 0xfe], native("is a Mach-O file: a native program or library")),
    (b"MZ", native("is a PE file: a Windows program or library")),
    (b"!<arch>\n", native("is an `ar` archive: a static library")),
    (b"BC\xc0\xde", native("is LLVM bitcode")),
    (&[0x1f, 0x8b], archive("is compressed with gzip", "unpack it first: `gunzip -c {file} > NEW.wasm`")),
    (b"PK\x03\x04", archive("is a zip archive", "unpack it first: `unzip {file}`")),
    (
        &[0x28, 0xb5, 0x2f, 0xfd],
        archive("is compressed with zstd", "unpack it first: `zstd -dc {file} > NEW.wasm`"),
    ),
    (b"\xfd7zXZ\0", archive("is compressed with xz", "unpack it first: `xz -dc {file} > NEW.wasm`")),
    (b"BZh", archive("is compressed with bzip2", "unpack it first: `bzip2 -dc {file} > NEW.wasm`")),
    (b"7z\xbc\xaf\x27\x1c", archive("is a 7-Zip archive", "unpack it first: `7z x {file}`")),
    (b"%PDF-", other("is a PDF document")),
    (b"\x89PNG", other("is a PNG image")),
    (&[0xff, 0xfe], archive("is text in UTF-16", "save it as UTF-8")),
    (&[0xfe, 0xff], archive("is text in UTF-16", "save it as UTF-8")),
];

/// The prefix as text; a character that the end of the prefix cuts is left out.
fn as_text(prefix: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(prefix) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && prefix.len() >= PREFIX => {
            std::str::from_utf8(&prefix[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return None,
    };
    let is_text = |character: char| !character.is_control() || character.is_whitespace();
    text.chars().all(is_text).then_some(text)
}

/// Whether a text starts as WIT does: with a comment, an attribute, or one of the words of a file.
pub(super) fn looks_like_wit(bytes: &[u8]) -> bool {
    let text = as_text(&bytes[..bytes.len().min(PREFIX)]).unwrap_or_default();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let word = text.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default();
    ["//", "/*", "@"].iter().any(|start| text.starts_with(start))
        || ["package", "interface", "world", "use"].contains(&word)
}

fn detect_text(text: &str) -> Format {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('(') || text.starts_with(";;") {
        return Format::WasmText;
    }
    let word = text.split(|c: char| c.is_whitespace() || c == '(' || c == '{').next().unwrap_or_default();
    let lower = text.get(..64.min(text.len())).unwrap_or(text).to_ascii_lowercase();
    let text_format = |predicate, help| Format::Foreign(Foreign { predicate, help, is_text: true });
    if text.starts_with("version https://git-lfs.github.com/spec/") {
        return text_format(
            "is a Git LFS pointer, not the file itself",
            Some("fetch the file: `git lfs pull`"),
        );
    }
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        let help = "the address it was fetched from answered with a page; check the address, and whether it needs a login";
        return text_format("is an HTML page", Some(help));
    }
    match word {
        _ if text.starts_with("#!") => text_format("is a script", None),
        _ if text.starts_with("<?xml") || text.starts_with("<svg") => text_format("is XML", None),
        _ if text.starts_with('{') || text.starts_with('[') => text_format("is JSON or TOML", None),
        "import" | "export" | "const" | "let" | "var" | "function" | "\"use" | "'use" | "async" => {
            let help = "make a component of it first, with `jco componentize`";
            text_format("is JavaScript", Some(help))
        }
        _ => Format::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: impl AsRef<[u8]>, expected: Format) {
        assert_eq!(detect(bytes.as_ref()), expected);
    }

    #[track_caller]
    fn check_foreign(bytes: impl AsRef<[u8]>, noun: &str) {
        let found = detect(bytes.as_ref());
        let Format::Foreign(foreign) = found else { panic!("expected {noun}, found {found:?}") };
        assert!(foreign.predicate.contains(noun), "{foreign:?}");
    }

    #[test]
    fn webassembly_is_known_by_its_header() {
        check(b"\0asm\x01\0\0\0", Format::CoreModule);
        check(b"\0asm\x0d\0\x01\0rest", Format::Component);
        check(b"\0asm\x0c\0\x01\0", Format::OtherVersion { version: 12, layer: 1 });
        check(b"\0asm\x01\0\x01\0", Format::OtherVersion { version: 1, layer: 1 });
        check(b"\0asm\x0d", Format::CutHeader);
        check(b"\0", Format::CutHeader);
        check(b"", Format::Empty);
    }

    #[test]
    fn text_is_told_apart_by_its_first_word() {
        check("(component)", Format::WasmText);
        check("\u{feff}\n ;; note\n(module)", Format::WasmText);
        check("(; note ;)(module)", Format::WasmText);
        check("package a:b;", Format::Text);
        check("// a world\nworld w {}", Format::Text);
        check("hello", Format::Text);
        check("ä".repeat(600), Format::Text);
        check(b"\x01\x02\x03", Format::Unknown);
        check(b"text\xff", Format::Unknown);
    }

    #[test]
    fn other_formats_are_named() {
        check_foreign(b"\x7fELF\x02\x01", "ELF");
        check_foreign([0xcf, 0xfa, 0xed, 0xfe, 7], "Mach-O");
        check_foreign([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2], "universal");
        check_foreign([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61], "Java");
        check_foreign(b"MZ\x90\0", "PE");
        check_foreign(b"PK\x03\x04", "zip");
        check_foreign([0_u8; 1024], "zeros");
        check_foreign("<!DOCTYPE HTML>", "HTML");
        check_foreign("version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS");
        check_foreign("import { x } from 'y';", "JavaScript");
    }
}
