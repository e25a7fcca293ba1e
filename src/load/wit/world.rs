//! Turns the worlds and interfaces of a WIT package into surfaces: encodes them, and reads the encoding.
//!
//! A world is a component type. To encode it and convert it as any component is converted keeps one idea of what a
//! type is, for text and for binaries. The interfaces are encoded in `interfaces.rs`, all in one world.

use wit_parser::{Resolve, WorldId};

use super::Resolved;
use super::diagnostics::WitSemantics;
use super::interfaces::interfaces;
use super::package::PackageName;
use super::resolve::Linked;
use super::spans;
use crate::diag::{Diagnostic, Run};
use crate::load::contain::contain;
use crate::load::diagnostics::{At, InternalParserFailure, TooLargeSurface};
use crate::load::surface;
use crate::load::validate::{Bodies, validate};
use crate::load::{WitPackage, World};
use crate::model::Surface;
use crate::source::{SourceMap, Span};

/// The package that was asked for; of its worlds the one called `world`, if one is named.
pub(super) fn package(linked: Linked, world: Option<&str>, run: &mut Run) -> Option<WitPackage> {
    let package = &linked.resolve.packages[linked.main];
    let full_name = |name: &str| package.name.interface_id(name);
    let wanted = |name: &str| world.is_none_or(|world| world == name || full_name(name) == world);
    let mut encoder = Encoder::new(&linked);
    let (mut worlds, mut is_whole) = (Vec::new(), true);
    for (name, id) in package.worlds.iter().filter(|(name, _)| wanted(name)) {
        let spans = spans::of_world(&linked, *id);
        match encoder.surface(name, *id, spans.whole(), &run.sources) {
            Ok(surface) => worlds.push(World { name: full_name(name), span: spans.whole(), surface, spans }),
            Err(diagnostic) => {
                run.diagnostics.report(*diagnostic);
                is_whole = false;
            }
        }
    }
    let interfaces = interfaces(&mut encoder, run)?;
    let name = PackageName::from(&package.name).to_string();
    let resolved = Box::new(Resolved { resolve: linked.resolve, main: linked.main });
    is_whole.then_some(WitPackage { name, source: linked.source, worlds, interfaces, resolved })
}

/// Encodes the worlds of a package one by one: the limits of the validator are for one component, and what is wrong with one
/// world is reported at it.
pub(super) struct Encoder<'a> {
    pub(super) linked: &'a Linked,
    /// A copy in which the package has only the world that is encoded.
    pub(super) resolve: Resolve,
}

impl<'a> Encoder<'a> {
    fn new(linked: &'a Linked) -> Self {
        let mut resolve = linked.resolve.clone();
        resolve.packages[linked.main].interfaces.clear();
        Self { linked, resolve }
    }

    /// The surface of a world that is called `name`; `span` is where to report what is wrong with it.
    pub(super) fn surface(
        &mut self,
        name: &str,
        id: WorldId,
        span: Span,
        sources: &SourceMap,
    ) -> Result<Surface, Box<Diagnostic>> {
        let worlds = &mut self.resolve.packages[self.linked.main].worlds;
        worlds.clear();
        worlds.insert(name.to_owned(), id);
        let file = || sources.get(span.source).name.clone();
        let semantics = |message| Box::new(WitSemantics { span, message, help: None }.into());
        match contain(|| wit_component::encode(&self.resolve, self.linked.main, false)) {
            Ok(Ok(bytes)) => match validate(&bytes, Bodies::None) {
                Ok(validated) => surface::world(&validated).map(|(_, surface)| surface).ok_or_else(|| {
                    Box::new(At { source: span.source, name: file(), fault: TooLargeSurface }.into())
                }),
                Err(invalid) => {
                    // Only the words are about the type; the place is in bytes that the user never saw.
                    let at = At { source: span.source, name: String::new(), fault: invalid };
                    let reason = Diagnostic::from(at);
                    let words = reason.labels.first().map_or(reason.message, |label| label.text.clone());
                    Err(semantics(format!("no component can have this type: {words}")))
                }
            },
            Ok(Err(error)) => Err(semantics(format!("no component can have this type: {error}"))),
            Err(panic) => {
                let doing = "encoding the WIT";
                Err(Box::new(InternalParserFailure { span, name: file(), doing, panic }.into()))
            }
        }
    }
}
