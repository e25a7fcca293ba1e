//! Says where in a binary a byte is: in which nested module or component, in which function.
//!
//! Differs from `validate.rs`: that finds the mistake, this finds words for its place. Runs only on invalid binaries.

use std::ops::Range;

use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// The place of the byte at `offset`, innermost piece last: `component 1`, `core module 0`, `function 7 "parse"`.
///
/// Pieces are counted from 0 as they stand in the file.
#[expect(clippy::wildcard_enum_match_arm, reason = "most sections say nothing about this")]
pub(super) fn locate(bytes: &[u8], offset: u64) -> Vec<String> {
    let mut place = Place::default();
    let mut outside = 0_usize;
    for payload in Parser::new(0).parse_all(bytes).map_while(Result::ok) {
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } if outside > 0 => outside += 1,
            Payload::ModuleSection { unchecked_range, .. } => {
                let index = place.modules;
                place.modules += 1;
                outside = place.enter(&unchecked_range, offset, format!("core module {index}"));
            }
            Payload::ComponentSection { unchecked_range, .. } => {
                let index = place.components;
                place.components += 1;
                outside = place.enter(&unchecked_range, offset, format!("component {index}"));
            }
            Payload::End(_) if outside > 0 => outside -= 1,
            Payload::End(_) => break,
            Payload::ImportSection(imports) if outside == 0 => {
                let imports = imports.into_imports().map_while(Result::ok);
                place.functions +=
                    imports.filter(|it| matches!(it.ty, TypeRef::Func(_) | TypeRef::FuncExact(_))).count();
            }
            Payload::CodeSectionEntry(body) if outside == 0 => {
                if body.range().contains(&offset) {
                    place.function = Some(place.functions);
                }
                place.functions += 1;
            }
            Payload::CustomSection(section) if outside == 0 => {
                if let (KnownCustom::Name(names), Some(index)) = (section.as_known(), place.function) {
                    place.function_name = function_name(names, index);
                }
            }
            _ => {}
        }
    }
    place.finish()
}

#[derive(Default)]
struct Place {
    nested: Vec<String>,
    modules: usize,
    components: usize,
    functions: usize,
    function: Option<usize>,
    function_name: Option<String>,
}

impl Place {
    /// Goes into a nested binary if the byte is in it; else the number of levels to be skipped.
    fn enter(&mut self, range: &Range<u64>, offset: u64, noun: String) -> usize {
        if !range.contains(&offset) && range.end != offset {
            return 1;
        }
        self.nested.push(noun);
        (self.modules, self.components, self.functions) = (0, 0, 0);
        0
    }

    fn finish(mut self) -> Vec<String> {
        if let Some(index) = self.function {
            let name = self.function_name.map(|name| format!(" {name:?}"));
            self.nested.push(format!("function {index}{}", name.unwrap_or_default()));
        }
        self.nested
    }
}

fn function_name(names: wasmparser::NameSectionReader<'_>, index: usize) -> Option<String> {
    names.into_iter().map_while(Result::ok).find_map(|subsection| {
        let Name::Function(map) = subsection else { return None };
        let mut entries = map.into_iter().map_while(Result::ok);
        entries.find(|entry| entry.index as usize == index).map(|entry| entry.name.to_owned())
    })
}
