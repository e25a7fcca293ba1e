//! What lies in a binary: its components, and the way to make each of them a file of its own again.
//!
//! A linker that defines once what several components have (`witc` does) leaves `(alias outer …)` in their places. Put
//! back, each of them is the file that it was linked from, byte for byte.

use std::ops::Range;

use crate::model::GraphComponent;

/// All components of a binary, each after those that lie within it; the last is the whole.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) all: Vec<Part>,
    /// The core modules and components that the whole itself defines, in order.
    pub(super) definitions: Vec<Definition>,
    /// Where those start that the whole uses itself, beside what they use of each other.
    pub(super) used_by_whole: Vec<usize>,
    /// Where those of them start that the whole hands on as they are, rather than to make an instance of them.
    pub(super) handed_on: Vec<usize>,
    /// The link record: its section with the header, and the record as it is written.
    pub(super) record: Option<(Range<usize>, Vec<u8>)>,
}

/// A core module or a component that the whole defines.
#[derive(Debug)]
pub(super) struct Definition {
    /// Its section with the header.
    pub(super) section: Range<usize>,
    /// Its own bytes.
    pub(super) content: Range<usize>,
    /// Its index among the core modules or the components of the whole.
    pub(super) index: usize,
    /// For a component: which one it is.
    pub(super) part: Option<usize>,
}

/// One component of a binary.
#[derive(Debug)]
pub(super) struct Part {
    /// How it is put together; the components of its instances are indices into [`Parts::all`].
    pub(super) shown: GraphComponent,
    /// By instance that is shown: its index.
    pub(super) instance_indices: Vec<usize>,
    /// The name that it gives itself.
    pub(super) name: Option<String>,
    /// Whether it imports and exports functions and types only.
    pub(super) is_plain: bool,
    /// How many components lie around it.
    pub(super) depth: usize,
    /// Its bytes: 0-based byte offsets in the whole, half-open.
    pub(super) content: Range<usize>,
    /// The components that lie in it.
    pub(super) children: Vec<Child>,
    /// The sections in it that take something from around it, or around what lies in it.
    pub(super) aliases: Vec<Aliases>,
    /// The depth of the outermost component of which it uses types, or something else that cannot be put back.
    pub(super) type_reach: usize,
}

/// A component within another.
#[derive(Debug)]
pub(super) struct Child {
    /// Its section with the header.
    pub(super) section: Range<usize>,
    /// Which one it is.
    pub(super) part: usize,
}

/// A section of aliases.
#[derive(Debug)]
pub(super) struct Aliases {
    /// The section with its header.
    pub(super) section: Range<usize>,
    pub(super) entries: Vec<Entry>,
}

/// One alias of a section.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) bytes: Range<usize>,
    /// For one of a core module or a component that lies further out: the depth of what has it, and which it is.
    pub(super) target: Option<(usize, Target)>,
}

/// What an outer alias stands for.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// The bytes of a core module.
    Module(Range<usize>),
    /// A component.
    Component(usize),
}

/// Why there is no file of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoFile {
    /// It uses types that lie around it, or something else that cannot be put back.
    UsesTypesAround,
    /// It would grow too large.
    TooLarge,
}

/// What of that which a component takes from around it is put in its place there.
#[derive(Clone, Copy)]
enum Put {
    /// All that comes from a component less deep than this: the component becomes a file of its own.
    From(usize),
    /// One component that the whole defines.
    Only(usize),
}

impl Put {
    fn has(self, entry: &Entry) -> bool {
        match (self, &entry.target) {
            (Self::From(floor), Some((depth, _))) => *depth < floor,
            (Self::Only(part), Some((0, Target::Component(target)))) => *target == part,
            (Self::Only(_), Some(_)) | (_, None) => false,
        }
    }
}

/// What is put back may make a part so many times as large as the whole binary, and no more.
const MOST_GROWTH: usize = 8;

/// So many components may lie within each other in a part: what lies within is copied once for each that is around it.
const MOST_LEVELS: usize = 100;

pub(super) const CUSTOM: u8 = 0;
pub(super) const CORE_MODULE: u8 = 1;
pub(super) const COMPONENT: u8 = 4;
const ALIASES: u8 = 6;

impl Part {
    pub(super) fn new(depth: usize, content: Range<usize>) -> Self {
        Self {
            shown: GraphComponent::default(),
            instance_indices: Vec::new(),
            name: None,
            is_plain: true,
            depth,
            content,
            children: Vec::new(),
            aliases: Vec::new(),
            type_reach: usize::MAX,
        }
    }
}

impl Parts {
    /// The whole.
    pub(super) fn whole(&self) -> Option<usize> {
        self.all.len().checked_sub(1)
    }

    /// A component as a file of its own.
    pub(super) fn expand(&self, part: usize, bytes: &[u8]) -> Result<Vec<u8>, NoFile> {
        self.with_put(part, Put::From(self.all[part].depth), bytes)
    }

    /// A component with a copy of another one that the whole defines wherever it takes that from there.
    pub(super) fn with_copy(&self, part: usize, copied: usize, bytes: &[u8]) -> Result<Vec<u8>, NoFile> {
        self.with_put(part, Put::Only(copied), bytes)
    }

    fn with_put(&self, part: usize, put: Put, bytes: &[u8]) -> Result<Vec<u8>, NoFile> {
        let own = self.all[part].content.len();
        let mut room = bytes.len().saturating_mul(MOST_GROWTH).saturating_sub(own);
        crate::load::contain::with_deep_stack(bytes.len(), || {
            let mut written = Vec::new();
            self.write(part, put, bytes, &mut written, &mut room)?;
            Ok(written)
        })
    }

    /// Writes a component with something put in its place.
    fn write(
        &self,
        part: usize,
        put: Put,
        bytes: &[u8],
        out: &mut Vec<u8>,
        room: &mut usize,
    ) -> Result<(), NoFile> {
        let part = &self.all[part];
        if let Put::From(floor) = put {
            if part.type_reach < floor {
                return Err(NoFile::UsesTypesAround);
            }
            if part.depth - floor > MOST_LEVELS {
                return Err(NoFile::TooLarge);
            }
        }
        let mut from = part.content.start;
        let (mut children, mut aliases) = (part.children.iter().peekable(), part.aliases.iter().peekable());
        loop {
            let child_is_next = match (children.peek(), aliases.peek()) {
                (None, None) => break,
                (Some(child), Some(aliases)) => child.section.start < aliases.section.start,
                (child, None) => child.is_some(),
                (None, Some(_)) => false,
            };
            if child_is_next {
                let Some(child) = children.next() else { break };
                out.extend_from_slice(&bytes[from..child.section.start]);
                let mut inner = Vec::new();
                self.write(child.part, put, bytes, &mut inner, room)?;
                if inner.len() == self.all[child.part].content.len() {
                    out.extend_from_slice(&bytes[child.section.clone()]);
                } else {
                    section(COMPONENT, &inner, out);
                }
                from = child.section.end;
            } else if let Some(aliases) = aliases.next() {
                out.extend_from_slice(&bytes[from..aliases.section.start]);
                self.write_aliases(aliases, put, bytes, out, room)?;
                from = aliases.section.end;
            }
        }
        out.extend_from_slice(&bytes[from..part.content.end]);
        Ok(())
    }

    fn write_aliases(
        &self,
        aliases: &Aliases,
        put: Put,
        bytes: &[u8],
        out: &mut Vec<u8>,
        room: &mut usize,
    ) -> Result<(), NoFile> {
        if !aliases.entries.iter().any(|entry| put.has(entry)) {
            out.extend_from_slice(&bytes[aliases.section.clone()]);
            return Ok(());
        }
        let mut rest = aliases.entries.as_slice();
        while let Some(first) = rest.first() {
            match &first.target {
                Some((_, target)) if put.has(first) => {
                    match target {
                        Target::Module(content) => {
                            *room = room.checked_sub(content.len()).ok_or(NoFile::TooLarge)?;
                            section(CORE_MODULE, &bytes[content.clone()], out);
                        }
                        Target::Component(part) => {
                            let size = self.all[*part].content.len();
                            *room = room.checked_sub(size).ok_or(NoFile::TooLarge)?;
                            let mut whole = Vec::new();
                            self.write(*part, Put::From(self.all[*part].depth), bytes, &mut whole, room)?;
                            section(COMPONENT, &whole, out);
                        }
                    }
                    rest = &rest[1..];
                }
                Some(_) | None => {
                    let count = rest.iter().take_while(|entry| !put.has(entry)).count();
                    let mut content = Vec::new();
                    write_number(count, &mut content);
                    content.extend_from_slice(&bytes[first.bytes.start..rest[count - 1].bytes.end]);
                    section(ALIASES, &content, out);
                    rest = &rest[count..];
                }
            }
        }
        Ok(())
    }
}

/// Writes a section with its header.
pub(super) fn section(id: u8, content: &[u8], out: &mut Vec<u8>) {
    out.push(id);
    write_number(content.len(), out);
    out.extend_from_slice(content);
}

/// An unsigned number in LEB128, as short as it can be.
pub(super) fn write_number(mut number: usize, out: &mut Vec<u8>) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}
