//! Leads from a piece of a binary to the WIT that it was made of, where the user gave that.
//!
//! Differs from `wit/spans.rs`, which leads into one world or interface: here the right one is found first.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::wit::{self, Spans};
use crate::config::{InputPath, Request};
use crate::diag::Run;
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
        if let Some(span) = self.written.span(path, printed.item(path)) {
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
    spans: Spans,
    printed: OnceLock<Printed>,
}

impl Written {
    /// Loads what `--wit` and the manifest name, and reports all mistakes in it.
    pub(super) fn load(request: &Request, files: &dyn Files, run: &mut Run) -> Self {
        let mut texts = Vec::new();
        for (at, path) in request.wit.iter().enumerate() {
            let before: Vec<PathBuf> = request.wit[..at].to_vec();
            let after = request.wit[at + 1..].iter().filter(|other| *other != path);
            let others = before.iter().filter(|other| *other != path).chain(after).cloned().collect();
            if before.contains(path) {
                continue;
            }
            let request = Request { world: None, wit: others, ..request.clone() };
            let package = wit::load(&InputPath::Path(path.clone()), &request, files, run);
            let Some(package) = package else { continue };
            let text = |surface, spans| Text { surface, spans, printed: OnceLock::new() };
            texts.extend(package.worlds.into_iter().map(|world| text(world.surface, world.spans)));
            texts.extend(package.interfaces.into_iter().map(|it| text(it.surface, it.spans)));
        }
        Self(Arc::new(texts))
    }

    /// Where a piece stands that a component has at `path`, in an item that is printed for it as `text`. WIT that says
    /// something else of this item is not what the component was made of.
    pub(super) fn span(&self, path: &ItemPath, text: &str) -> Option<Span> {
        let name = path.extern_name()?;
        for written in self.0.iter() {
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
    fn says(&self, path: &ItemPath) -> &str {
        self.printed.get_or_init(|| print(&self.surface)).item(path)
    }
}

fn other(side: Side) -> Side {
    match side {
        Side::Import => Side::Export,
        Side::Export => Side::Import,
    }
}
