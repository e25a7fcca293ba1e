//! Bytes to [`Inputs`]: parses WIT, decodes components, componentises core modules.
//!
//! Reads through [`Files`](crate::source::Files) only, and never fails as a whole: an input that cannot be loaded
//! leaves a diagnostic, and the others are still looked at.

mod binaries;
mod code;
mod component;
mod componentise;
mod contain;
mod declared;
mod detect;
mod diagnostics;
mod digests;
mod extern_name;
mod inputs;
mod known_valid;
mod locate;
mod missing;
mod needs;
mod nested;
mod package_circle;
mod read;
mod read_back;
mod surface;
mod touched;
mod unproven;
mod validate;
mod wit;
mod wit_text;
mod written;

pub use code::{
    Body, Code, CodeDefinition, ComponentCode, CoreSort, IndirectCall, ModuleCode, Segment, Signature,
    Starts, read_code,
};
pub use declared::{Declared, declared};
pub use digests::Digests;
pub use extern_name::is_extern_name;
pub use inputs::{load, load_unproven};
pub use needs::{needs, structural_features};
pub use read_back::{ReadBack, Rename, exports_of, read_back};
pub use touched::are_untouched;
pub use unproven::{Proof, Unproven};
pub use wit::{built_in_world, have_world, is_built_in, nearest_built_in_world, packages_in};
pub use wit_text::{linked_text, package_text, wit_text};

use std::ops::Range;
use std::sync::OnceLock;

use self::validate::Bodies;
use self::wit::{Resolved, Spans};
use self::written::Shown;
use crate::model::{Feature, ItemPath, Surface};
use crate::source::{Bytes, Digest, SourceId, SourceMap, Span, hexadecimal, sha256};

/// One loaded component.
#[derive(Clone, Debug)]
pub struct Component {
    /// Which input it is: an index into [`Request::inputs`](crate::config::Request::inputs).
    pub input: usize,
    /// The name of its instance in a composition: from the manifest, else made of its path.
    pub name: String,
    /// The file it came from.
    pub source: SourceId,
    /// What was given in place of its binary, after "it": nothing where that was given.
    pub given_as: Option<&'static str>,
    /// The binary, validated.
    pub bytes: Bytes,
    /// What it imports and exports.
    pub surface: Surface,
    /// The core modules and components that lie within it, in order.
    pub nested: Vec<Nested>,
    /// What diagnostics point into.
    shown: Shown,
    /// The SHA-256 of the binary, once somebody asked for it.
    digest: OnceLock<Digest>,
}

/// A core module or a component that lies within another component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nested {
    /// Whether it is a component; else it is a core module.
    pub is_component: bool,
    /// Its section with the header: 0-based byte offsets in the whole input, half-open.
    pub section: Range<usize>,
    /// Its own bytes: 0-based byte offsets in the whole input, half-open.
    pub content: Range<usize>,
    /// Whether it refers to nothing that lies around it.
    pub is_closed: bool,
    /// What lies within it, in order.
    pub nested: Vec<Nested>,
}

/// One world of a WIT package.
#[derive(Debug)]
pub struct World {
    /// Its name in full: `company:payments/payment-component`.
    pub name: String,
    /// Where its name stands in the WIT.
    pub span: Span,
    /// What it imports and exports.
    pub surface: Surface,
    /// Where its pieces stand in the WIT.
    spans: Spans,
}

/// One interface of a WIT package.
#[derive(Debug)]
pub struct Interface {
    /// Its name in full: `company:payments/processor`.
    pub name: String,
    /// Where its name stands in the WIT.
    pub span: Span,
    /// The interface as its only export. The interfaces of a package share a table of types, in which a type that is used of
    /// another interface has a name there.
    pub surface: Surface,
    /// Where its pieces stand in the WIT.
    spans: Spans,
}

/// One WIT package that was given as an input.
#[derive(Debug)]
pub struct WitPackage {
    /// Its name: `company:payments@1.0.0`.
    pub name: String,
    /// The file it came from; of a folder, the first.
    pub source: SourceId,
    /// Its worlds, in order.
    pub worlds: Vec<World>,
    /// Its interfaces, in order.
    pub interfaces: Vec<Interface>,
    /// What it was made of, with all that it uses.
    resolved: Box<Resolved>,
}

/// All inputs of a run, in command-line order.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The components.
    pub components: Vec<Component>,
    /// The WIT packages.
    pub wit: Vec<WitPackage>,
}

/// A component that witc made of an input, decoded like an input.
///
/// # Errors
/// What the validator says is wrong, in one line.
pub fn made_of(whole: &Component, bytes: Vec<u8>, with_bodies: bool) -> Result<Component, String> {
    let invalid = |fault| {
        if let diagnostics::Fault::InvalidBinary(invalid) = fault {
            return invalid.message;
        }
        "it cannot be read".to_owned()
    };
    let bodies = if with_bodies { Bodies::All } else { Bodies::None };
    let decoded = component::decode(bytes.into(), None, bodies).map_err(invalid)?;
    let (input, name, source) = (whole.input, whole.name.clone(), whole.source);
    Ok(Component { input, name, source, ..Component::from(decoded) })
}

/// The surface of a component that witc made, of pieces that follow each other; its function bodies are those of inputs,
/// and were validated there.
///
/// With it come the features of engines that it needs, as far as its structure shows them.
///
/// # Errors
/// What the validator says.
pub fn inspect(parts: &[&[u8]]) -> Result<(Surface, Vec<Feature>), Refusal> {
    let read = needs::least(parts, Bodies::None);
    let (validated, features) = read.map_err(|invalid| Refusal::of(invalid.error))?;
    let too_many = || Refusal::OverLimit("its imports and exports are too many to write out".to_owned());
    Ok((surface::surface(&validated).ok_or_else(too_many)?, features))
}

/// Why the validator refuses what witc made: its words, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is more of something than engines take.
    OverLimit(String),
    /// It is not valid.
    Invalid(String),
}

impl Refusal {
    /// The validator has no kinds of errors: its limits are known by their words, and a test holds one of them.
    fn of(error: wasmparser::BinaryReaderError) -> Self {
        let message = error.message();
        match message.contains("exceeds limit of") || message.contains("exceeds the limit of") {
            true => Self::OverLimit(message.to_owned()),
            false => Self::Invalid(error.to_string()),
        }
    }
}

impl World {
    /// Whether it is meant by a name: its own in full, or that within its package, with a version or without.
    pub fn is_named(&self, name: &str) -> bool {
        let path =
            |name: &str| name.split_once('@').map_or_else(|| name.to_owned(), |(path, _)| path.to_owned());
        let own = path(&self.name);
        self.name == name || own == name || own.rsplit('/').next() == Some(name)
    }

    /// Where a piece of the world is, in the WIT that the user wrote.
    pub fn span(&self, path: &ItemPath) -> Span {
        self.spans.span(path)
    }

    /// A component of this world that has no code: what a host is asked about a world, before there is a program.
    pub fn without_code(&self) -> Component {
        const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";
        let (bytes, surface) = (Bytes::from(EMPTY.to_vec()), self.surface.clone());
        let name = self.name.clone();
        let decoded = component::Decoded { bytes, surface, nested: Vec::new() };
        Component { name, source: self.span.source, ..decoded.into() }
    }

    /// Where an import or an export is written out, if an `include` brings it into the world.
    pub fn included(&self, path: &ItemPath) -> Option<Span> {
        self.spans.included(path)
    }
}

impl Interface {
    /// Where a piece of the interface is, in the WIT that the user wrote.
    pub fn span(&self, path: &ItemPath) -> Span {
        self.spans.span(path)
    }
}

impl Component {
    fn digest(&self) -> &Digest {
        self.digest.get_or_init(|| sha256([self.bytes.as_slice()]))
    }

    /// The SHA-256 of the binary, as 64 lower-case hexadecimal digits.
    pub fn sha256(&self) -> String {
        hexadecimal(self.digest())
    }

    /// Where a piece of the component is: in the WIT that the user gave beside it, if that says the same, else in the WIT
    /// printed for it.
    pub fn span(&mut self, sources: &mut SourceMap, path: &ItemPath) -> Span {
        self.shown.span(&self.surface, self.source, sources, path)
    }
}

/// A component that has no name and no file yet.
impl From<component::Decoded> for Component {
    fn from(decoded: component::Decoded) -> Self {
        let component::Decoded { bytes, surface, nested } = decoded;
        Self {
            input: 0,
            given_as: None,
            name: String::new(),
            source: SourceId(0),
            bytes,
            surface,
            nested,
            shown: Shown::default(),
            digest: OnceLock::new(),
        }
    }
}
