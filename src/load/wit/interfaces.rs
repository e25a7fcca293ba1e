//! Turns the interfaces of a WIT package into surfaces: encodes a world that exports them all, and reads the encoding.
//!
//! Differs from `world.rs`: there each world is encoded by itself, with all that it uses. Interfaces use each other in long
//! chains, and to encode each with all that it uses takes the square of the time.

use std::collections::{BTreeMap, HashSet};

use wit_parser::{Docs, InterfaceId, Stability, World as WitWorld, WorldId, WorldItem, WorldKey};

use super::spans::{self, Spans};
use super::world::Encoder;
use crate::diag::{Diagnostic, Run};
use crate::load::Interface;
use crate::model::{Items, Surface};

/// The interfaces of the package that was asked for, in its order; `None` if one is wrong.
pub(super) fn interfaces(encoder: &mut Encoder<'_>, run: &mut Run) -> Option<Vec<Interface>> {
    let linked = encoder.linked;
    let package = &linked.resolve.packages[linked.main];
    let order = with_all_used(encoder, package.interfaces.values().copied());
    let own = |id: &InterfaceId| linked.resolve.interfaces[*id].package == Some(linked.main);
    for id in &order {
        encoder.resolve.interfaces[*id].functions.clear();
    }
    let mut encoding =
        Encoding { encoder, run, surfaces: BTreeMap::new(), wrong: HashSet::new(), is_whole: true };
    // What cannot be encoded together is encoded in halves, down to the one that is wrong.
    let mut parts: Vec<Vec<InterfaceId>> = vec![order.into_iter().filter(own).collect()];
    while let Some(part) = parts.pop() {
        if let Some((first, second)) = encoding.take(part) {
            parts.extend([second, first]);
        }
    }
    let Encoding { mut surfaces, is_whole, .. } = encoding;
    let interface = |id: &InterfaceId| {
        let (spans, name) = (spans::of_interface(linked, *id), linked.resolve.id_of(*id)?);
        let surface = surfaces.remove(&name)?;
        Some(Interface { name, span: spans.whole(), surface, spans })
    };
    let interfaces: Vec<Interface> = package.interfaces.values().filter_map(interface).collect();
    is_whole.then_some(interfaces)
}

/// The interfaces, and all that they use, each behind what it uses.
fn with_all_used(encoder: &Encoder<'_>, wanted: impl Iterator<Item = InterfaceId>) -> Vec<InterfaceId> {
    let (mut order, mut seen, mut placed) = (Vec::new(), HashSet::new(), HashSet::new());
    for id in wanted {
        // A chain can be as long as the text, so it is followed in a loop.
        let mut open = vec![id];
        while let Some(&id) = open.last() {
            if seen.insert(id) {
                open.extend(encoder.resolve.interface_direct_deps(id).filter(|used| !seen.contains(used)));
            } else {
                open.pop();
                if placed.insert(id) {
                    order.push(id);
                }
            }
        }
    }
    order
}

/// The interfaces while they are encoded; in the copy that is encoded an interface has functions only when its turn comes.
struct Encoding<'e, 'a> {
    encoder: &'e mut Encoder<'a>,
    run: &'e mut Run,
    surfaces: BTreeMap<String, Surface>,
    /// Those with a wrong type: what uses them is not looked at.
    wrong: HashSet<InterfaceId>,
    is_whole: bool,
}

impl Encoding<'_, '_> {
    /// Encodes some interfaces, each behind what it uses of them; the two halves if that cannot be done together.
    fn take(&mut self, mut part: Vec<InterfaceId>) -> Option<(Vec<InterfaceId>, Vec<InterfaceId>)> {
        part.retain(|id| {
            let is_right =
                !self.encoder.resolve.interface_direct_deps(*id).any(|used| self.wrong.contains(&used));
            if !is_right {
                self.wrong.insert(*id);
            }
            is_right
        });
        let spans = spans::of_interface(self.encoder.linked, *part.first()?);
        for id in &part {
            let functions = self.encoder.linked.resolve.interfaces[*id].functions.clone();
            self.encoder.resolve.interfaces[*id].functions = functions;
        }
        let surface = self.surface(&part, &spans);
        for id in &part {
            self.encoder.resolve.interfaces[*id].functions.clear();
        }
        match (surface, part.as_slice()) {
            (Ok(surface), _) => self.share(surface),
            (Err(diagnostic), [only]) => {
                self.run.diagnostics.report(*diagnostic);
                self.is_whole = false;
                // Without its functions: what is wrong with those does not matter to who uses its types.
                if self.surface(&part, &spans).is_err() {
                    self.wrong.insert(*only);
                }
            }
            (Err(_), _) => {
                let second = part.split_off(part.len() / 2);
                return Some((part, second));
            }
        }
        None
    }

    /// The surface of a world that exports some interfaces, and imports what they use of others.
    fn surface(&mut self, part: &[InterfaceId], spans: &Spans) -> Result<Surface, Box<Diagnostic>> {
        let world = self.world(part);
        self.encoder.surface("interfaces", world, spans.whole(), &self.run.sources)
    }

    fn world(&mut self, part: &[InterfaceId]) -> WorldId {
        let exports: HashSet<&InterfaceId> = part.iter().collect();
        let item = |id: InterfaceId| {
            let (stability, docs) = (Stability::default(), Docs::default());
            let span = wit_parser::Span::default();
            (WorldKey::Interface(id), WorldItem::Interface { id, stability, external_id: None, docs, span })
        };
        let all = with_all_used(self.encoder, part.iter().copied());
        let world = WitWorld {
            name: "interfaces".to_owned(),
            imports: all.into_iter().filter(|id| !exports.contains(id)).map(item).collect(),
            exports: part.iter().copied().map(item).collect(),
            package: Some(self.encoder.linked.main),
            docs: Docs::default(),
            stability: Stability::default(),
            includes: Vec::new(),
            span: wit_parser::Span::default(),
        };
        self.encoder.resolve.worlds.alloc(world)
    }

    /// One surface for each export of a surface; they share its types.
    fn share(&mut self, surface: Surface) {
        for (name, item) in surface.exports {
            let exports = Items::from([(name.clone(), item)]);
            let types = surface.types.clone();
            self.surfaces.insert(name, Surface { imports: Items::new(), exports, types });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::time::{Duration, Instant};

    use crate::config::{InputPath, Request};
    use crate::diag::Run;
    use crate::load::WitPackage;
    use crate::load::wit::load;
    use crate::model::{ItemPath, Side};
    use crate::source::MemoryFiles;

    fn loaded(text: String) -> (Run, Option<WitPackage>) {
        let (files, mut run) = (MemoryFiles::default().with("a.wit", text), Run::default());
        let package = load(&InputPath::Path("a.wit".into()), &Request::default(), &files, &mut run);
        (run, package)
    }

    #[test]
    fn a_chain_of_uses_takes_no_square_of_the_time() {
        let mut text = "package a:b;\ninterface i0 { record r { a: u8 } }\n".to_owned();
        for at in 1..2000 {
            let _ = writeln!(text, "interface i{at} {{ use i{}.{{r}}; f: func(r: r); }}", at - 1);
        }
        let start = Instant::now();
        let (run, package) = loaded(text);
        assert_eq!(run.diagnostics.error_count(), 0);
        assert_eq!(package.expect("it is right").interfaces.len(), 2000);
        // A second or two; where each is encoded with all that it uses, minutes.
        assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
    }

    #[test]
    fn each_interface_that_is_wrong_is_told_and_none_because_of_another() {
        let too_many = format!("p: tuple<{}>", vec!["u8"; 10_001].join(", "));
        let text = format!(
            "package a:b;\n\
            interface wrong {{ record r {{ a: u8 }} f: func({too_many}); }}\n\
            interface also-wrong {{ use wrong.{{r}}; f: func({too_many}, r: r); }}\n\
            interface right {{ use wrong.{{r}}; f: func(r: r); }}\n\
            interface last {{ f: func({too_many}); }}\n"
        );
        let (run, package) = loaded(text);
        assert!(package.is_none());
        let places = run.diagnostics.iter().filter_map(|it| it.place());
        let places: Vec<&str> = places.map(|place| run.sources.text(place)).collect();
        assert_eq!(places, ["wrong", "also-wrong", "last"]);
    }

    #[test]
    fn interfaces_share_their_types() {
        let text = "package a:b;\n\
            interface user { use maker.{r}; f: func(r: borrow<r>); }\n\
            interface maker { resource r; }\n";
        let package = loaded(text.to_owned()).1.expect("it is right");
        let names: Vec<&str> = package.interfaces.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["a:b/maker", "a:b/user"]);
        let surface = &package.interfaces[1].surface;
        assert!(surface.imports.is_empty());
        assert_eq!(surface.exports.keys().collect::<Vec<_>>(), ["a:b/user"]);
        let resource = surface.types.resources().next().expect("there is one");
        let origin = surface.types.resource_name(resource).and_then(ItemPath::extern_name);
        assert_eq!(origin, Some("a:b/maker"));
        assert_eq!(surface.types.resource_name(resource).map(|it| it.side), Some(Side::Export));
    }
}
