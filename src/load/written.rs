//! Leads from a piece of a binary to the WIT that it was made of, where the user gave that.
//!
//! Differs from `wit/spans.rs`, which leads into one world or interface: here the right one is found first.

use std::sync::{Arc, OnceLock};

use super::WitPackage;
use super::wit::{self, Spans};
use crate::config::{InputPath, Request};
use crate::diag::{Diagnostic, Diagnostics, Run, Severity};
use crate::model::{ItemPath, Printed, Side, Surface, print};
use crate::source::{Files, Origin, SourceId, SourceMap, Span};

/// The worlds and interfaces of the WIT beside the inputs; all components of a run share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Written(Arc<Vec<Text>>);

/// What diagnostics point into when they point into a component.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    written: Written,
    /// The component as WIT, made when a diagnostic first points into it.
    printed: Option<Printed>,
    /// The same as a source, made when a diagnostic first shows it.
    source: Option<SourceId>,
}

impl Shown {
    /// For a component that has this WIT beside it.
    pub(super) fn beside(written: &Written) -> Self {
        Self { written: written.clone(), ..Self::default() }
    }

    /// Where a piece of a surface is that was read from the source `of`.
    pub(super) fn span(
        &mut self,
        surface: &Surface,
        of: SourceId,
        sources: &mut SourceMap,
        path: &ItemPath,
    ) -> Span {
        let printed = self.printed.get_or_insert_with(|| print(surface));
        let range = printed.span(path);
        if let Some(span) = self.written.span(path, printed.item(path), surface) {
            return span;
        }
        let source = *self.source.get_or_insert_with(|| {
            sources.add(sources.get(of).name.clone(), Origin::Printed { of }, printed.text.clone())
        });
        Span::new(source, range.start, range.end)
    }
}

/// One world or interface.
#[derive(Debug)]
struct Text {
    surface: Surface,
    is_world: bool,
    spans: Spans,
    printed: OnceLock<Printed>,
}

impl Written {
    /// Loads what `--wit` and the manifest name, and reports all mistakes in it.
    pub(super) fn load(request: &Request, files: &dyn Files, run: &mut Run) -> Self {
        let mut texts = Vec::new();
        for package in packages(request, &[], files, run) {
            let text = |is_world, surface, spans| Text { surface, is_world, spans, printed: OnceLock::new() };
            texts.extend(package.worlds.into_iter().map(|world| text(true, world.surface, world.spans)));
            texts.extend(package.interfaces.into_iter().map(|it| text(false, it.surface, it.spans)));
        }
        Self(Arc::new(texts))
    }

    /// Reports the mistakes in what `--wit` names where the inputs are right WIT themselves: of a package that an input has
    /// too, nothing was looked at with them.
    pub(super) fn check_beside(request: &Request, files: &dyn Files, run: &mut Run) {
        if request.wit.is_empty() {
            return;
        }
        let inputs: Vec<InputPath> = request.inputs.iter().map(|input| input.path.clone()).collect();
        let mut fresh = Diagnostics::default();
        fresh.levels = run.diagnostics.levels.clone();
        let before = std::mem::replace(&mut run.diagnostics, fresh);
        packages(request, &inputs, files, run);
        let beside = std::mem::replace(&mut run.diagnostics, before);
        // What is only worth a look was told with the input that uses it.
        let is_wrong = |found: &&Diagnostic| found.severity == Severity::Error;
        beside.iter().filter(is_wrong).for_each(|found| run.diagnostics.report(found.clone()));
    }

    /// Where a piece stands that a component of this `surface` has at `path`, in an item that is printed for it as `text`. WIT that
    /// says something else of this item is not what the component was made of.
    pub(super) fn span(&self, path: &ItemPath, text: &str, surface: &Surface) -> Option<Span> {
        let name = path.extern_name()?;
        for written in self.0.iter().filter(|written| written.may_be_of(surface)) {
            for side in [path.side, other(path.side)] {
                let path = ItemPath { side, ..path.clone() };
                if written.surface.side(side).contains_key(name) && written.says(&path) == text {
                    return Some(written.spans.span(&path));
                }
            }
        }
        None
    }
}

impl Text {
    /// Whether a component of this surface may have been made of it: of a world it keeps all exports, and those imports that it
    /// needs.
    fn may_be_of(&self, surface: &Surface) -> bool {
        let has_import = |name: &String| self.surface.imports.contains_key(name);
        !self.is_world
            || (surface.exports.keys().eq(self.surface.exports.keys())
                && surface.imports.keys().all(has_import))
    }

    fn says(&self, path: &ItemPath) -> &str {
        self.printed.get_or_init(|| print(&self.surface)).item(path)
    }
}

/// The packages that `--wit` and the manifest name, each with the others and the inputs beside it.
fn packages(request: &Request, inputs: &[InputPath], files: &dyn Files, run: &mut Run) -> Vec<WitPackage> {
    let request = Request { world: None, ..request.clone() };
    wit::load_beside(inputs, &request, files, run)
}

fn other(side: Side) -> Side {
    match side {
        Side::Import => Side::Export,
        Side::Export => Side::Import,
    }
}
