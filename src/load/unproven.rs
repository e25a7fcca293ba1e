//! Function bodies that are taken for valid until somebody looks into them: each core module once, however many inputs
//! have it.
//!
//! Differs from `validate.rs`, which looks into one binary; and from `known_valid.rs`, which knows what earlier runs found.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use wasmparser::BinaryReaderError;

use super::component::Decoded;
use super::contain::contain;
use super::diagnostics::{At, Fault};
use super::known_valid::KnownValid;
use super::validate::{error_of, invalid};
use super::{Component, Inputs, Nested};
use crate::diag::Run;
use crate::source::{ByContent, Bytes, Content, Digest, Files, SourceId, both, is_worth_threads};

/// What is left to validate of the components of a run: their function bodies.
///
/// Whoever wants to publish something that was made of them asks for it first: [`prove_beside`](Self::prove_beside).
#[derive(Debug)]
#[must_use = "nobody has looked into the function bodies yet"]
pub struct Unproven {
    components: Vec<Candidate>,
    known: KnownValid,
}

/// A component whose function bodies nobody has looked into.
#[derive(Debug)]
struct Candidate {
    source: SourceId,
    bytes: Bytes,
    /// Its core modules: 0-based byte offsets, half-open.
    modules: Vec<Range<usize>>,
    /// Its digest, if it is to be known to later runs.
    digest: Option<Digest>,
}

/// What was found in the function bodies.
#[derive(Debug)]
#[must_use = "what is wrong is not reported yet"]
pub struct Proof {
    wrong: BTreeMap<SourceId, Fault>,
    known: KnownValid,
}

impl Unproven {
    /// Nothing, with what earlier runs know.
    pub(super) fn new(known: KnownValid) -> Self {
        Self { components: Vec::new(), known }
    }

    /// Takes note of a component. Unless it `is_new`, its function bodies are valid.
    pub(super) fn add(&mut self, source: SourceId, decoded: &Decoded, digest: Option<Digest>, is_new: bool) {
        match is_new {
            true => {
                let mut modules = Vec::new();
                modules_of(&decoded.nested, &mut modules);
                let bytes = decoded.bytes.clone();
                self.components.push(Candidate { source, bytes, modules, digest });
            }
            false => digest.into_iter().for_each(|digest| self.known.meet(digest)),
        }
    }

    /// Looks into the function bodies, while something else is done on the belief that they are valid.
    pub fn prove_beside<T: Send>(self, work: impl FnOnce() -> T + Send) -> (T, Proof) {
        let Self { components, mut known } = self;
        let size =
            components.iter().flat_map(|component| &component.modules).map(ExactSizeIterator::len).sum();
        let (done, wrong) = both(size, work, || wrong_in(&components, is_worth_threads(size)));
        let is_right = |component: &&Candidate| !wrong.contains_key(&component.source);
        let digests = components.iter().filter(is_right).filter_map(|component| component.digest);
        digests.for_each(|digest| known.meet(digest));
        (done, Proof { wrong, known })
    }
}

impl Proof {
    /// Reports what is wrong, and lets later runs know what is right; whether nothing is wrong.
    pub fn settle(self, files: &dyn Files, run: &mut Run) -> bool {
        let changed = run.sources.changed();
        if changed.is_empty() {
            self.known.keep(files);
        }
        let is_right = self.wrong.is_empty();
        for (id, fault) in self.wrong.into_iter().filter(|(id, _)| !changed.contains(id)) {
            let source = run.sources.get(id);
            let fault = fault.in_text(!source.text.is_empty());
            run.diagnostics.report(At { source: id, name: source.name.clone(), fault });
        }
        is_right
    }

    /// Takes the components out that are not valid.
    pub(super) fn sift(&self, inputs: &mut Inputs) {
        inputs.components.retain(|Component { source, .. }| !self.wrong.contains_key(source));
    }
}

/// The core modules at any depth, in the order of the file.
fn modules_of(nested: &[Nested], found: &mut Vec<Range<usize>>) {
    for it in nested {
        match it.is_component {
            true => modules_of(&it.nested, found),
            false => found.push(it.content.clone()),
        }
    }
}

/// What is wrong in the function bodies of each component: of several mistakes, the first one in the file.
fn wrong_in(components: &[Candidate], is_large: bool) -> BTreeMap<SourceId, Fault> {
    let distinct = distinct(components);
    let look = |(module, places): &(&[u8], Vec<Place>)| {
        let error = contain(|| error_of(module)).transpose()?;
        Some((error, places.clone()))
    };
    let wrong: Vec<_> = match is_large {
        true => distinct.par_iter().filter_map(look).collect(),
        false => distinct.iter().filter_map(look).collect(),
    };
    let mut first: BTreeMap<usize, (u64, Fault)> = BTreeMap::new();
    for (error, places) in wrong {
        for (at, start) in places {
            let offset = start + error.as_ref().map_or(0, BinaryReaderError::offset);
            if first.get(&at).is_none_or(|(before, _)| offset < *before) {
                let fault = match &error {
                    Ok(error) => invalid(&components[at].bytes, error.message(), offset),
                    Err(panic) => Fault::Panicked(panic.clone()),
                };
                first.insert(at, (offset, fault));
            }
        }
    }
    first.into_iter().map(|(at, (_, fault))| (components[at].source, fault)).collect()
}

/// Where a core module lies: in which of the components, and at which offset in it.
type Place = (usize, u64);

/// A core module of fewer bytes is validated sooner than compared.
const LEAST: usize = 4096;

/// The core modules of which each content is there once, with all places at which it lies.
fn distinct(components: &[Candidate]) -> Vec<(&[u8], Vec<Place>)> {
    let mut seen: ByContent<'_, usize> = ByContent::default();
    let mut found: Vec<(&[u8], Vec<Place>)> = Vec::new();
    for (at, component) in components.iter().enumerate() {
        for module in &component.modules {
            let (content, place) = (&component.bytes[module.clone()], (at, module.start as u64));
            let next = found.len();
            let known =
                if content.len() < LEAST { next } else { *seen.entry(Content(content)).or_insert(next) };
            match found.get_mut(known) {
                Some((_, places)) => places.push(place),
                None => found.push((content, vec![place])),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::component::{assemble, decode};
    use crate::load::validate::Bodies;

    /// A core module of about so many bytes, told apart by its first byte of data.
    fn module(size: usize, byte: char) -> String {
        format!(r#"(core module (memory 1) (data (i32.const 0) "{byte}{}"))"#, "x".repeat(size))
    }

    fn component(parts: &[&String]) -> String {
        format!("(component {})", parts.iter().map(|part| part.as_str()).collect::<String>())
    }

    /// In how many places of the components each content lies.
    #[track_caller]
    fn check(texts: &[String], expected: &[usize]) {
        let mut unproven = Unproven::new(KnownValid::default());
        for (at, text) in (0..).zip(texts) {
            let binary = assemble(text).expect("the text is right");
            let decoded = decode(binary.into(), None, Bodies::None).expect("it is valid");
            unproven.add(SourceId(at), &decoded, None, true);
        }
        let distinct = distinct(&unproven.components);
        assert_eq!(distinct.iter().map(|(_, places)| places.len()).collect::<Vec<_>>(), expected);
        for (content, places) in distinct {
            for (at, start) in places {
                let start = usize::try_from(start).expect("it lies in memory");
                assert!(unproven.components[at].bytes[start..].starts_with(content));
            }
        }
    }

    #[test]
    fn each_content_is_looked_into_once() {
        let (a, b, small) = (module(LEAST, 'a'), module(LEAST, 'b'), module(9, 'a'));
        check(&[component(&[&a, &b]), component(&[&b, &a, &a])], &[3, 2]);
        check(&[component(&[&a]), component(&[&b])], &[1, 1]);
        check(&[component(&[&small]), component(&[&small])], &[1, 1]);
        check(&[component(&[&component(&[&a])]), component(&[&b, &component(&[&small, &a])])], &[2, 1, 1]);
        check(&[component(&[])], &[]);
    }
}
