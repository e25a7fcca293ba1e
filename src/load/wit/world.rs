//! Turns the worlds and interfaces of a WIT package into surfaces: encodes each, and reads the encoding.
//!
//! A world is a component type. To encode it and convert it as any component is converted keeps one idea of what a
//! type is, for text and for binaries.

use wit_parser::Resolve;

use super::diagnostics::WitSemantics;
use super::package::PackageName;
use super::resolve::Linked;
use super::spans::{self, Spans};
use crate::diag::{Diagnostic, Run};
use crate::load::contain::contain;
use crate::load::diagnostics::{At, InternalParserFailure, TooLargeSurface};
use crate::load::surface::package_surfaces;
use crate::load::validate::validate;
use crate::load::{Interface, WitPackage, World};
use crate::model::Surface;

/// The package that was asked for; of its worlds the one called `world`, if one is named.
pub(super) fn package(linked: &Linked, world: Option<&str>, run: &mut Run) -> Option<WitPackage> {
    let package = &linked.resolve.packages[linked.main];
    let full_name = |name: &str| package.name.interface_id(name);
    let wanted = |name: &str| world.is_none_or(|world| world == name || full_name(name) == world);
    let mut encoder = Encoder { linked, resolve: linked.resolve.clone(), run };
    let (mut worlds, mut interfaces, mut is_whole) = (Vec::new(), Vec::new(), true);
    for (name, id) in package.worlds.iter().filter(|(name, _)| wanted(name)) {
        let spans = spans::of_world(linked, *id);
        encoder.only(|package| package.worlds.insert(name.clone(), *id));
        match encoder.surface(&spans) {
            Some(surface) => {
                worlds.push(World { name: full_name(name), span: spans.whole(), surface, spans });
            }
            None => is_whole = false,
        }
    }
    for (name, id) in &package.interfaces {
        let spans = spans::of_interface(linked, *id);
        encoder.only(|package| package.interfaces.insert(name.clone(), *id));
        match encoder.surface(&spans) {
            Some(surface) => {
                interfaces.push(Interface { name: full_name(name), span: spans.whole(), surface, spans });
            }
            None => is_whole = false,
        }
    }
    let name = PackageName::from(&package.name).to_string();
    is_whole.then_some(WitPackage { name, source: linked.source, worlds, interfaces })
}

/// Encodes the items of a package one by one: the limits of the validator are for one component, and what is wrong with one
/// item is reported at it.
struct Encoder<'a> {
    linked: &'a Linked,
    /// A copy in which the package has only the item that is encoded.
    resolve: Resolve,
    run: &'a mut Run,
}

impl Encoder<'_> {
    fn only<T>(&mut self, put: impl FnOnce(&mut wit_parser::Package) -> T) {
        let package = &mut self.resolve.packages[self.linked.main];
        package.worlds.clear();
        package.interfaces.clear();
        put(package);
    }

    fn surface(&mut self, spans: &Spans) -> Option<Surface> {
        let (span, source) = (spans.whole(), spans.whole().source);
        let semantics = |message| Diagnostic::from(WitSemantics { span, message, help: None });
        let encoded = contain(|| wit_component::encode(&self.resolve, self.linked.main, false));
        let diagnostic = match encoded {
            Ok(Ok(bytes)) => match validate(&bytes, false) {
                Ok(validated) => match package_surfaces(&validated).next() {
                    Some((_, Some(surface))) => return Some(surface),
                    Some((_, None)) | None => {
                        let name = self.run.sources.get(source).name.clone();
                        At { source, name, fault: TooLargeSurface }.into()
                    }
                },
                Err(invalid) => {
                    // Only the words are about the type; the place is in bytes that the user never saw.
                    let reason = Diagnostic::from(At { source, name: String::new(), fault: invalid });
                    let words = reason.labels.first().map_or(reason.message, |label| label.text.clone());
                    semantics(format!("no component can have this type: {words}"))
                }
            },
            Ok(Err(error)) => semantics(format!("no component can have this type: {error}")),
            Err(panic) => {
                let name = self.run.sources.get(source).name.clone();
                InternalParserFailure { span, name, doing: "encoding the WIT", panic }.into()
            }
        };
        self.run.diagnostics.report(diagnostic);
        None
    }
}
