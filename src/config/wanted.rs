//! Which compositions a request is about: those of its manifests, and the one that its bare inputs make up.
//!
//! Differs from `composition/`, which knows one composition: this finds all of them.

use std::collections::BTreeMap;
use std::path::Path;

use super::composition::{WrongReplacement, listed, replaced_twice, standard_input_twice};
use super::diagnostics::AmbiguousFlag;
use super::manifest::shared_outputs;
use super::{
    CommandLine, ComponentInput, ComposeRequest, Composition, Flags, InputPath, OutputPath, Request, Spanned,
    WithoutEffect, read_manifest,
};
use crate::diag::{Diagnostic, Run};
use crate::source::{Files, Span};

/// The compositions that a request is about, in order; `None` if one of them is described wrongly, which is reported.
///
/// The levels that a manifest sets hold from here on, but for those that the request itself sets.
pub fn compositions(
    request: &Request,
    flags: &ComposeRequest,
    files: &dyn Files,
    run: &mut Run,
) -> Option<Vec<Composition>> {
    let mut found = Vec::new();
    let mut is_complete = true;
    for path in &request.manifests {
        match of_manifest(path, request, files, run) {
            Some(compositions) => found.extend(compositions),
            None => is_complete = false,
        }
    }
    if flags.wat && flags.output.is_none() {
        found = found.into_iter().map(Composition::into_text).collect();
    }
    for shared in shared_outputs(&found) {
        run.diagnostics.report(shared);
        is_complete = false;
    }
    if chooses_of_nothing(request, run) {
        return None;
    }
    let flags = to_flags(request, flags);
    if request.manifests.is_empty() {
        if request.inputs.is_empty() {
            return Some(Vec::new());
        }
        return Some(vec![flags.into_composition(request.command(), run)]);
    }
    if !request.inputs.is_empty() {
        let bare = Flags { paths: flags.paths.clone(), ..Flags::default() };
        found.push(bare.into_composition(request.command(), run));
    }
    let for_one = flags.for_one();
    if !is_complete || for_one.is_empty() {
        return is_complete.then_some(found);
    }
    if found.len() > 1 {
        let mut line = CommandLine::new(request.command(), &mut run.sources);
        let span = line.argument(for_one[0]);
        line.finish(&mut run.sources);
        let compositions = listed(found.iter().map(|composition| composition.name.as_str()));
        run.diagnostics.report(AmbiguousFlag { flags: for_one, compositions, span });
        return None;
    }
    Some(
        found
            .into_iter()
            .map(|composition| flags.clone().change(composition, request.command(), run))
            .collect(),
    )
}

/// Whether a composition is chosen and there is no manifest to choose from, which is reported.
fn chooses_of_nothing(request: &Request, run: &mut Run) -> bool {
    let Some(name) = request.composition.as_ref().filter(|_| request.manifests.is_empty()) else {
        return false;
    };
    let why = "chooses a composition of a `witc.toml`, and there is none";
    let help = "name the `witc.toml`, or leave the flag out";
    WithoutEffect { flag: "-c", value: name, why, help }.report(request, run);
    true
}

/// The compositions of a manifest that the request names, or all of them.
fn of_manifest(path: &Path, request: &Request, files: &dyn Files, run: &mut Run) -> Option<Vec<Composition>> {
    let manifest = read_manifest(path, files, run)?;
    for (code, level) in &manifest.levels {
        run.diagnostics.levels.set_unless_chosen(code.value, *level);
    }
    let name = request.composition.as_ref().map(|name| {
        let mut line = CommandLine::new(request.command(), &mut run.sources);
        let name = line.flag("-c", name.clone(), name);
        line.finish(&mut run.sources);
        name
    });
    let chosen = manifest.choose(name.as_slice(), run)?;
    Some(chosen.into_iter().cloned().collect())
}

/// A part of a linked component, and the file that takes its place.
#[derive(Clone, Debug)]
pub struct PartReplacement {
    /// The name of the instance inside, and where it is written.
    pub name: Spanned<String>,
    /// The file.
    pub file: ComponentInput,
}

/// Whether `--replace` is about what is inside of the one component that is given, and not about a manifest.
pub fn replaces_parts(request: &Request, flags: &ComposeRequest) -> bool {
    !flags.replacements.is_empty() && request.manifests.is_empty() && request.inputs.len() == 1
}

/// What `--replace` asks for the parts of a linked component; `None` if there is a mistake in it.
///
/// Codes: `config/wrong-replacement`, `config/flag-without-effect`.
pub fn part_replacements(
    request: &Request,
    flags: &ComposeRequest,
    run: &mut Run,
) -> Option<Vec<PartReplacement>> {
    if chooses_of_nothing(request, run) {
        return None;
    }
    let mut line = CommandLine::new(request.command(), &mut run.sources);
    let mut given: Vec<(InputPath, Span)> = Vec::new();
    for input in &request.inputs {
        given.push((input.path.clone(), line.argument(&input.path.to_string())));
    }
    let mut replaced = BTreeMap::new();
    let mut found = Vec::new();
    let mut mistakes: Vec<Diagnostic> = Vec::new();
    for text in &flags.replacements {
        let span = line.flag("--replace", (), text).span;
        mistakes.extend(replaced_twice(&mut replaced, text, span));
        match text.split_once('=').filter(|(name, file)| !name.is_empty() && !file.is_empty()) {
            Some((name, file)) => {
                let place = Span::new(span.source, span.start, span.start + name.len());
                let file_place = Span::new(span.source, place.end + 1, span.end);
                let file = ComponentInput { name: Some(name.to_owned()), ..ComponentInput::given(file) };
                given.push((file.path.clone(), file_place));
                found.push(PartReplacement { name: Spanned::new(name.to_owned(), place), file });
            }
            None => mistakes.push(WrongReplacement { text: text.clone(), span }.into()),
        }
    }
    mistakes.extend(standard_input_twice(given.iter().map(|(path, span)| (path, *span))));
    if let Some(OutputPath::Path(path)) = &flags.output {
        line.flag("-o", (), &path.to_string_lossy());
    }
    line.finish(&mut run.sources);
    let is_right = mistakes.is_empty();
    mistakes.into_iter().for_each(|mistake| run.diagnostics.report(mistake));
    is_right.then_some(found)
}

/// What is said on the command line about one composition. `--wit` is not among it: it holds for the whole request.
fn to_flags(request: &Request, flags: &ComposeRequest) -> Flags {
    Flags {
        paths: request.inputs.iter().map(|input| input.path.clone()).collect(),
        root: flags.root.clone(),
        chains: flags.chains.clone(),
        replacements: flags.replacements.clone(),
        output: flags.output.clone(),
        policy: request.policy.clone(),
        host: request.host.clone(),
        script: flags.script,
    }
}
