//! The WIT of a binary: of a component, or of a WIT package in binary form.
//!
//! Differs from `model::print`: this is WIT that tools can read; that shows every surface, also what WIT cannot say.

use std::cell::OnceCell;

use wit_component::{DecodedWasm, WitPrinter};
use wit_parser::PackageId;

use super::component::Decoded;
use super::contain::contain;
use super::diagnostics::UnprintableWit;
use super::package_circle::package_circle;
use super::{Component, WitPackage};
use crate::diag::{Run, escape, quoted};
use crate::model::{Artifact, InterfaceName, ItemKind, ItemPath, Part, Side, Sort, Step, Surface, print};
use crate::source::Origin;

/// The WIT of a component; where it cannot be written as WIT, a description of its imports and exports and a
/// diagnostic that says so.
pub fn wit_text(component: &Component, run: &mut Run) -> String {
    match decode_to_text(&component.bytes, &component.surface) {
        Ok(text) => text,
        Err(reason) => {
            let name = run.sources.get(component.source).name.clone();
            run.diagnostics.report(UnprintableWit { source: component.source, name, reason });
            print(&component.surface).text
        }
    }
}

/// The WIT of a package that was given as text: what counts of it, in the layout of wit-parser's authors. What it uses of
/// other packages is named, not shown.
pub fn package_text(package: &WitPackage, run: &mut Run) -> Option<String> {
    let resolved = &package.resolved;
    let mut printer = WitPrinter::default();
    match printer.print(&resolved.resolve, resolved.main, &[]) {
        Ok(()) => Some(printer.output.to_string()),
        Err(error) => {
            let (source, name) = (package.source, package.name.clone());
            run.diagnostics.report(UnprintableWit { source, name, reason: escape(&format!("{error:#}")) });
            None
        }
    }
}

/// The same for an artifact that was not written anywhere.
pub fn linked_text(artifact: Artifact, name: &str, run: &mut Run) -> String {
    let bytes: Vec<&[u8]> = artifact.parts.iter().map(Part::as_slice).collect();
    let bytes = bytes.concat().into();
    let decoded = Decoded { bytes, surface: artifact.surface, nested: Vec::new() };
    let source = run.sources.add(escape(name), Origin::BuiltIn, "");
    wit_text(&Component { name: name.to_owned(), source, ..Component::from(decoded) }, run)
}

/// The WIT of a binary, dependencies and all.
///
/// # Errors
/// Why there is none, in one line: the decoder says so, or it panics, as it does on some small valid components.
pub(super) fn decode_to_text(bytes: &[u8], surface: &Surface) -> Result<String, String> {
    if let Some(circle) = package_circle(surface, None) {
        return Err(format!("its packages use each other in a circle: {}", escape(&circle)));
    }
    if let Some(name) = nested_name(surface) {
        return Err(format!("WIT has no syntax for a name such as {} yet", quoted(name)));
    }
    if let Some((name, noun)) = left_out(surface) {
        return Err(format!("WIT has no syntax for an import that is a {noun}, such as {}", quoted(name)));
    }
    if let Some(reason) = unlike_halves(surface) {
        return Err(reason);
    }
    let text = contain(|| -> Result<String, String> {
        let line = |error: &dyn std::fmt::Display| escape(&format!("{error:#}"));
        let decoded = wit_component::decode(bytes).map_err(|error| line(&error))?;
        let (resolve, package) = (decoded.resolve(), decoded.package());
        let others: Vec<PackageId> =
            resolve.packages.iter().map(|(id, _)| id).filter(|id| *id != package).collect();
        let mut printer = WitPrinter::default();
        printer.emit_docs(matches!(decoded, DecodedWasm::WitPackage(..)));
        printer.print(resolve, package, &others).map_err(|error| line(&error))?;
        Ok(printer.output.to_string())
    });
    text.unwrap_or_else(|panic| {
        Err(format!("the decoder stopped at {}: {}", escape(&panic.place), escape(&panic.message)))
    })
}

/// An import that the decoder would leave out without a word.
fn left_out(surface: &Surface) -> Option<(&str, &'static str)> {
    let is_left_out = |sort| matches!(sort, Sort::Component | Sort::CoreModule);
    let (name, item) = surface.imports.iter().find(|(_, item)| is_left_out(item.kind.sort()))?;
    Some((name, item.kind.noun()))
}

/// What differs where an interface is imported and exported: the decoder would make one interface of both, as it is imported.
/// An import may lack what its interface has: there it is not used.
fn unlike_halves(surface: &Surface) -> Option<String> {
    let printed = OnceCell::new();
    surface.exports.iter().find_map(|(name, export)| {
        let (ItemKind::Instance(exported), ItemKind::Instance(imported)) =
            (&export.kind, &surface.imports.get(name)?.kind)
        else {
            return None;
        };
        let differs = |member: &&String| {
            let printed = printed.get_or_init(|| print(surface));
            let text = |side| printed.item(&ItemPath::item(side, name).then(Step::Item((*member).clone())));
            text(Side::Import) != text(Side::Export)
        };
        let both = format!("it imports and exports {}", quoted(name));
        if let Some(lacking) = imported.exports.keys().find(|member| !exported.exports.contains_key(*member))
        {
            return Some(format!(
                "{both}, and its export has no {}: in WIT both would have it",
                quoted(lacking)
            ));
        }
        let other = imported.exports.keys().find(differs)?;
        Some(format!("{both}, and {} is not the same in both: in WIT it would be", quoted(other)))
    })
}

/// A name with nested namespaces or packages: the decoder would drop a part of it.
fn nested_name(surface: &Surface) -> Option<&str> {
    let is_nested = |name: &&String| {
        InterfaceName::parse(name)
            .is_some_and(|name| name.interface.contains('/') || name.package.matches(':').nth(1).is_some())
    };
    surface.imports.keys().chain(surface.exports.keys()).find(is_nested).map(String::as_str)
}
