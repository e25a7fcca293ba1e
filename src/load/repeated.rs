//! Finds core modules that lie in several inputs, byte for byte: their function bodies are validated once.
//!
//! Differs from `link/shared.rs`, which chooses what the artifact defines once: here nothing is decoded yet.

use std::collections::BTreeSet;
use std::ops::Range;

use wasmparser::{Chunk, Parser, Payload};

use crate::source::{ByContent, Content};

/// A core module of fewer bytes is validated sooner than compared.
const LEAST: usize = 4096;

/// For each binary: where the content of those core modules starts that lie elsewhere too, before it in the list or in the
/// binary. The first of each kind is in none of the sets.
pub(super) fn repeated_modules(binaries: &[&[u8]]) -> Vec<BTreeSet<usize>> {
    let modules: Vec<Vec<Range<usize>>> = binaries.iter().map(|bytes| modules(bytes)).collect();
    let mut seen: ByContent<'_, ()> = ByContent::default();
    let mut repeated = vec![BTreeSet::new(); binaries.len()];
    for ((bytes, modules), repeated) in binaries.iter().zip(modules).zip(&mut repeated) {
        for module in modules {
            let start = module.start;
            if seen.insert(Content(&bytes[module]), ()).is_some() {
                repeated.insert(start);
            }
        }
    }
    repeated
}

/// The core modules of a component, at any depth, as far as it can be read; those that are not worth it left out.
#[expect(clippy::wildcard_enum_match_arm, reason = "most sections say nothing about this")]
fn modules(bytes: &[u8]) -> Vec<Range<usize>> {
    let (mut parser, mut around, mut found) = (Parser::new(0), Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(rest) = bytes.get(at..) {
        let Ok(Chunk::Parsed { consumed, payload }) = parser.parse(rest, true) else { break };
        at += consumed;
        match payload {
            Payload::ModuleSection { unchecked_range, .. } => {
                let end = usize::try_from(unchecked_range.end).unwrap_or(usize::MAX);
                if end > bytes.len() {
                    break;
                }
                if end - at >= LEAST {
                    found.push(at..end);
                }
                at = end;
            }
            Payload::ComponentSection { parser: inner, .. } => {
                around.push(std::mem::replace(&mut parser, inner));
            }
            Payload::End(_) => match around.pop() {
                Some(outer) => parser = outer,
                None => break,
            },
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::component::assemble;

    /// A core module of about so many bytes, told apart by its first byte of data.
    fn module(size: usize, byte: char) -> String {
        format!(r#"(core module (memory 1) (data (i32.const 0) "{byte}{}"))"#, "x".repeat(size))
    }

    /// How many core modules of each binary lie elsewhere too.
    #[track_caller]
    fn check(texts: &[String], expected: &[usize]) {
        let binaries: Vec<Vec<u8>> =
            texts.iter().map(|text| assemble(text).expect("the text is right")).collect();
        let slices: Vec<&[u8]> = binaries.iter().map(Vec::as_slice).collect();
        let repeated = repeated_modules(&slices);
        assert_eq!(repeated.iter().map(BTreeSet::len).collect::<Vec<_>>(), expected);
        for (bytes, starts) in slices.iter().zip(&repeated) {
            assert!(starts.iter().all(|start| Parser::is_core_wasm(&bytes[*start..])));
        }
    }

    #[test]
    fn the_first_of_each_kind_is_not_repeated() {
        let (a, b, small) = (module(LEAST, 'a'), module(LEAST, 'b'), module(9, 'a'));
        let component = |parts: &[&String]| {
            format!("(component {})", parts.iter().map(|part| part.as_str()).collect::<String>())
        };
        check(&[component(&[&a, &b]), component(&[&b, &a, &a])], &[0, 3]);
        check(&[component(&[&a]), component(&[&b])], &[0, 0]);
        check(&[component(&[&small]), component(&[&small])], &[0, 0]);
        check(&[component(&[&component(&[&a])]), component(&[&b, &component(&[&small, &a])])], &[0, 1]);
        check(&["(module)".to_owned(), component(&[])], &[0, 0]);
    }

    #[test]
    fn what_is_cut_is_read_as_far_as_it_goes() {
        let text = format!("(component {} {})", module(LEAST, 'a'), module(LEAST, 'a'));
        let whole = assemble(&text).expect("the text is right");
        for length in 0..whole.len() {
            let repeated = repeated_modules(&[&whole, &whole[..length]]);
            assert!(repeated[1].len() <= 1, "the second one is whole only at the end");
        }
    }
}
