//! Turns the worlds and interfaces of a WIT package into surfaces: encodes the package, and reads the encoding.
//!
//! A world is a component type. To encode it and convert it as any component is converted keeps one idea of what a
//! type is, for text and for binaries.

use std::collections::BTreeMap;

use super::diagnostics::WitSemantics;
use super::package::PackageName;
use super::resolve::Linked;
use super::spans;
use crate::diag::{Diagnostic, Run};
use crate::load::contain::contain;
use crate::load::diagnostics::{At, InternalParserFailure, TooLargeSurface};
use crate::load::surface::package_surfaces;
use crate::load::validate::validate;
use crate::load::{Interface, WitPackage, World};
use crate::model::Surface;
use crate::source::Span;

/// The package that was asked for; of its worlds the one called `world`, if one is named.
pub(super) fn package(linked: &Linked, world: Option<&str>, run: &mut Run) -> Option<WitPackage> {
    let resolve = &linked.resolve;
    let package = &resolve.packages[linked.main];
    let mut surfaces = surfaces(linked, run)?;
    let wanted =
        |name: &str| world.is_none_or(|world| world == name || package.name.interface_id(name) == world);
    let mut worlds = Vec::new();
    for (name, id) in package.worlds.iter().filter(|(name, _)| wanted(name)) {
        let spans = spans::of_world(linked, *id);
        let surface = surfaces.remove(name)?;
        worlds.push(World { name: package.name.interface_id(name), span: spans.whole(), surface, spans });
    }
    let mut interfaces = Vec::new();
    for (name, id) in &package.interfaces {
        let spans = spans::of_interface(linked, *id);
        let surface = surfaces.remove(name)?;
        interfaces.push(Interface {
            name: package.name.interface_id(name),
            span: spans.whole(),
            surface,
            spans,
        });
    }
    Some(WitPackage {
        name: PackageName::from(&package.name).to_string(),
        source: linked.source,
        worlds,
        interfaces,
    })
}

/// The surfaces of the worlds and interfaces, by name.
fn surfaces(linked: &Linked, run: &mut Run) -> Option<BTreeMap<String, Surface>> {
    let span = Span::start_of(linked.source);
    let encoded = contain(|| wit_component::encode(&linked.resolve, linked.main, false));
    let bytes = match encoded {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => {
            let message = format!("the package cannot be encoded: {error}");
            run.diagnostics.report(WitSemantics { span, message, help: None });
            return None;
        }
        Err(panic) => {
            let name = run.sources.get(linked.source).name.clone();
            run.diagnostics.report(InternalParserFailure { span, name, doing: "encoding the WIT", panic });
            return None;
        }
    };
    let surfaces: Option<_> = match validate(&bytes, false) {
        Ok(validated) => package_surfaces(&validated).map(|(name, surface)| Some((name, surface?))).collect(),
        Err(invalid) => {
            // All that this says is about bytes that the user never saw; only its words can help.
            let reason = Diagnostic::from(At { source: linked.source, name: String::new(), fault: invalid });
            let words = reason.labels.first().map_or(reason.message, |label| label.text.clone());
            let message = format!("the package makes no valid component type: {words}");
            run.diagnostics.report(WitSemantics { span, message, help: None });
            return None;
        }
    };
    if surfaces.is_none() {
        let name = run.sources.get(linked.source).name.clone();
        run.diagnostics.report(At { source: linked.source, name, fault: TooLargeSurface });
    }
    surfaces
}
