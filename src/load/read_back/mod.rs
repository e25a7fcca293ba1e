//! Reads a composition back, whoever made it: the instances within it, and who provides what to whom.
//!
//! Differs from `surface.rs`: that is what a component shows to the outside, this is how it is put together inside.

mod frame;
mod part;
mod rename;
mod swap;
mod unused;

use std::collections::BTreeSet;

use wasmparser::{BinaryReaderError, Parser};

use self::frame::Frames;
use self::part::{NoFile, Part, Parts};
pub use self::rename::Rename;
use super::Component;
use super::component::decode;
use super::validate::Bodies;
use crate::model::{Graph, GraphComponent, GraphInstance, GraphItem, LinkRecord};
use crate::source::{Bytes, digest_of};

/// All parts together may be so many times as large as the binary; what comes after that is not looked at closely.
const MOST_IN_ALL: usize = 32;

/// A component that was read back.
#[derive(Debug)]
pub struct ReadBack {
    /// What it is made of.
    pub graph: Graph,
    bytes: Bytes,
    parts: Parts,
    /// By component of the graph: the part that it is.
    places: Vec<usize>,
}

impl ReadBack {
    /// The bytes of a component of the graph as a file of its own, as it was before it was linked: what was moved out of
    /// it is back in its place. `None` if it refers to types that lie around it, or would be far larger than the whole.
    pub fn file_of(&self, component: usize) -> Option<Vec<u8>> {
        self.expanded(component)?.ok()
    }

    fn expanded(&self, component: usize) -> Option<Result<Vec<u8>, NoFile>> {
        if component == 0 {
            return Some(Ok(self.bytes.to_vec()));
        }
        Some(self.parts.expand(*self.places.get(component)?, &self.bytes))
    }

    /// A component of the graph as one that was loaded from a file of its own; `None` where there is no such file.
    pub fn component(&self, component: usize, whole: &Component) -> Option<Component> {
        let decoded = decode(self.file_of(component)?.into(), None, Bodies::None).ok()?;
        let (input, name, source) = (whole.input, whole.name.clone(), whole.source);
        Some(Component { input, name, source, ..Component::from(decoded) })
    }
}

/// Reads a component back.
pub fn read_back(component: &Component) -> ReadBack {
    let bytes = &component.bytes;
    let parts = read(bytes).unwrap_or_default();
    let mut reading = ReadBack {
        graph: Graph {
            name: component.name.clone(),
            components: Vec::new(),
            record: parts.record.as_ref().and_then(|(_, record)| LinkRecord::from_bytes(record)),
        },
        bytes: bytes.clone(),
        places: parts.whole().into_iter().collect(),
        parts,
    };
    reading.collect();
    reading
}

/// The exports of a component, and where each comes from, as seen from within it.
pub fn exports_of(component: &Component) -> Vec<GraphItem> {
    let parts = read(&component.bytes).unwrap_or_default();
    parts
        .whole()
        .and_then(|place| parts.all.get(place))
        .map(|part| part.shown.exports.clone())
        .unwrap_or_default()
}

/// All that lies in a binary that was validated.
fn read(bytes: &[u8]) -> Result<Parts, BinaryReaderError> {
    let mut frames = Frames::new(bytes);
    for payload in Parser::new(0).parse_all(bytes) {
        frames.take(&payload?)?;
    }
    Ok(frames.finish())
}

impl ReadBack {
    /// Puts the components that instances are made of into the graph, each once.
    fn collect(&mut self) {
        let mut room = self.bytes.len().saturating_mul(MOST_IN_ALL);
        let mut at = 0;
        while let Some(place) = self.places.get(at).copied() {
            let part = &self.parts.all[place];
            let mut component = part.shown.clone();
            for instance in &mut component.instances {
                let Some(inner) = instance.component else { continue };
                let known = self.places.iter().position(|place| *place == inner);
                instance.component = Some(known.unwrap_or_else(|| {
                    self.places.push(inner);
                    self.places.len() - 1
                }));
            }
            match (room > 0).then(|| self.expanded(at)).flatten() {
                Some(Ok(file)) => {
                    room = room.saturating_sub(file.len());
                    component.size = Some(file.len() as u64);
                    component.sha256 = Some(digest_of(&file));
                }
                Some(Err(NoFile::UsesTypesAround)) => component.uses_types_around = true,
                Some(Err(NoFile::TooLarge)) | None => {}
            }
            self.graph.components.push(component);
            at += 1;
        }
        self.name_from_record();
        if self.graph.components.is_empty() {
            self.graph.components.push(GraphComponent::default());
        }
    }
}

impl ReadBack {
    /// Gives the instances of the whole the names that they were linked under, where a tool took the name section away.
    fn name_from_record(&mut self) {
        let Graph { components, record, .. } = &mut self.graph;
        let Some(record) = record else { return };
        let Some(whole) = components.first_mut().filter(|it| it.instances.len() == record.instances.len())
        else {
            return;
        };
        let names: BTreeSet<&str> = record.instances.iter().map(|recorded| recorded.name.as_str()).collect();
        let has_name = |instance: &GraphInstance| !instance.name.starts_with(frame::NAMELESS);
        if names.len() == record.instances.len() && !whole.instances.iter().any(has_name) {
            for (instance, recorded) in whole.instances.iter_mut().zip(&record.instances) {
                instance.name.clone_from(&recorded.name);
            }
        }
    }
}

impl Part {
    /// Whether it is only there to put what others have under other names, as encoders do for each exported interface: it
    /// has no code, and passes functions and types on. What somebody wrote to pass something on is told from that by the
    /// names of its imports, which are not those that encoders give; what imports nothing passes nothing on.
    fn is_seen_through(&self) -> bool {
        let imports = &self.shown.imports;
        let is_by_encoder = !imports.is_empty() && imports.iter().all(|name| name.starts_with("import-"));
        self.is_plain && is_by_encoder && !self.shown.has_code && self.shown.instances.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::component::{assemble, decode};
    use crate::model::GraphEnd;
    use crate::source::{Origin, SourceMap};

    fn read_text(text: &str) -> ReadBack {
        let decoded = decode(assemble(text).expect("the text is right").into(), None, Bodies::All)
            .expect("it is valid");
        let source = SourceMap::default().add("x", Origin::StandardInput, "");
        read_back(&Component { name: "x".to_owned(), source, ..Component::from(decoded) })
    }

    /// The wires of the whole, as `user: name <- provider`.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let graph = read_text(text).graph;
        let root = &graph.components[0];
        let name = |end: GraphEnd| match end {
            GraphEnd::Instance(at) => root.instances[at].name.as_str(),
            GraphEnd::Own => "own",
            GraphEnd::Unknown => "unknown",
            GraphEnd::Outside => "outside",
        };
        let wires = root.wires();
        let found: Vec<String> = wires
            .iter()
            .map(|wire| format!("{}: {} <- {}", name(wire.user), wire.name, name(wire.provider)))
            .collect();
        assert_eq!(found, expected);
    }

    const CODE: &str = r#"(core module $m (func (export "f"))) (core instance $i (instantiate $m))
        (func $f (canon lift (core func $i "f")))"#;

    #[test]
    fn instances_and_their_wires_are_found() {
        check("(component)", &[]);
        check(&format!(r#"(component {CODE} (export "a" (func $f)))"#), &["outside: a <- own"]);
        check(r#"(component (import "a" (func $f)) (export "b" (func $f)))"#, &["outside: b <- outside"]);
        check(
            &format!(
                r#"(component
                    (component $a {CODE} (export "f" (func $f)))
                    (component $b (import "f" (func)) (component {CODE}) (instance (instantiate 0)))
                    (instance $one (instantiate $a))
                    (instance $two (instantiate $b (with "f" (func $one "f"))))
                    (instance (instantiate $a))
                    (export "g" (func $one "f")))"#
            ),
            &["two: f <- one", "outside: g <- one"],
        );
    }

    #[test]
    fn a_component_that_only_renames_is_seen_through() {
        check(
            r#"(component
                (import "in" (func $in))
                (component $c (import "import-func-x" (func $x)) (export "y" (func $x)))
                (instance $i (instantiate $c (with "import-func-x" (func $in))))
                (instance $j (instantiate $c (with "import-func-x" (func $i "y"))))
                (export "out" (func $j "y")))"#,
            &["outside: out <- outside"],
        );
        // Encoders give such names; this is a part of the composition.
        check(
            r#"(component
                (import "in" (func $in))
                (component $c (import "x" (func $x)) (export "y" (func $x)))
                (instance $i (instantiate $c (with "x" (func $in))))
                (export "out" (func $i "y")))"#,
            &["i: x <- outside", "outside: out <- i"],
        );
        // What imports nothing has nothing to pass on.
        let text =
            r#"(component (component $c (type u8) (export "t" (type 0))) (instance $i (instantiate $c)))"#;
        assert_eq!(read_text(text).graph.components[0].instances.len(), 1);
    }

    #[test]
    fn names_are_unique_and_never_missing() {
        let text = format!(
            r#"(component
                (component $c {CODE}) (component {CODE})
                (instance $c (instantiate $c)) (instance (instantiate $c)) (instance (instantiate 1)))"#
        );
        let graph = read_text(&text).graph;
        let names: Vec<_> = graph.components[0].instances.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["c", "c-2", "part-3"]);
        assert_eq!(graph.components.len(), 3);
    }

    #[test]
    fn what_was_moved_out_comes_back() {
        let module = r#"(core module (func (export "f")))"#;
        let export = r#"(export "m" (core module 0))"#;
        let inner = format!("(component (component {module} {export}) {module} (type u8) {export})");
        let two = format!(
            r#"{module} (component)
                (import "i" (instance (export "t" (type (sub resource))) (export "u" (type (sub resource)))))
                (alias export 0 "t" (type)) {module} (alias export 0 "u" (type)) {export}"#
        );
        let moved = two.replace(module, "(alias outer 1 0 (core module))");
        let moved = moved.replace("(component)", "(alias outer 1 0 (component))");
        let whole = format!(
            r#"(component
                {module}
                (component)
                (component
                    (component (alias outer 2 0 (core module)) {export})
                    (alias outer 1 0 (core module)) (type u8) {export})
                (component {moved})
                (import "i" (instance (export "t" (type (sub resource))) (export "u" (type (sub resource)))))
                (instance (instantiate 1))
                (instance (instantiate 2 (with "i" (instance 0)))))"#
        );
        let read = read_text(&whole);
        let file = |at: usize| read.file_of(read.graph.components[0].instances[at].component?);
        assert_eq!(file(0), assemble(&inner).ok());
        assert_eq!(file(1), assemble(&format!("(component {two})")).ok());
    }

    #[test]
    fn what_uses_types_from_around_is_no_file() {
        let text = r#"(component $whole
            (type $t (component))
            (component $c (alias outer $whole $t (type)) (core module) (export "m" (core module 0)))
            (instance (instantiate $c)))"#;
        let read = read_text(text);
        assert_eq!(read.graph.components[0].instances.len(), 1);
        assert_eq!(read.file_of(1), None);
        assert_eq!(read.graph.components[1].sha256, None);
    }

    #[test]
    fn what_lies_deep_has_a_file_of_its_own() {
        // Each holds most of the whole, and nothing of it is put back but what they are made of already.
        const LEVELS: usize = 30;
        let data = "A".repeat(4000);
        let within = |inner: String, _| {
            format!(r#"(component {inner} (instance $i (instantiate 0)) (export "f" (func $i "f")))"#)
        };
        let innermost =
            format!(r#"(component {CODE} (core module (memory 1) (data "{data}")) (export "f" (func $f)))"#);
        let read = read_text(&(0..LEVELS).fold(innermost, within));
        assert_eq!(read.graph.components.len(), LEVELS + 1);
        assert!(read.graph.components.iter().all(|component| component.size.is_some()));
    }

    #[test]
    fn what_would_grow_without_end_is_not_put_back() {
        let mut text = format!("(component $whole (component $c0 {CODE})");
        for at in 1..200 {
            let last = at - 1;
            text.push_str(&format!(
                "(component $c{at} (alias outer $whole $c{last} (component)) (alias outer $whole $c{last} (component))
                    (instance (instantiate 0)) (instance (instantiate 1)))"
            ));
        }
        text.push_str("(instance (instantiate $c199)))");
        let read = read_text(&text);
        assert_eq!(read.graph.components.len(), 201);
        let sizes: Vec<_> = read.graph.components.iter().map(|component| component.size.is_some()).collect();
        assert!(sizes.contains(&false) && sizes.contains(&true));
    }
}
