//! Reads bare paths and flags into a `Composition`, so that the stages know one form only; or flags into one that a
//! manifest describes.
//!
//! Differs from `table.rs`, which reads a manifest. No clap types: an embedder can ask the same way.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::diagnostics::{
    RepeatedChain, RepeatedReplacement, StandardInputTwice, UnknownInstance, WrongChain, WrongReplacement,
    listed,
};
use super::{Chain, Composition, InstanceEntry, choices};
use crate::config::{ComponentInput, InputPath, OutputPath, Spanned, instance_names, repeated};
use crate::diag::{Diagnostic, Run, closest};
use crate::source::{Origin, SourceId, SourceMap, Span};

/// What the command line says about one composition.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The components, in order.
    pub paths: Vec<InputPath>,
    /// `--root NAME`.
    pub root: Option<String>,
    /// `--chain IFACE=a,b,c`, each as it was written.
    pub chains: Vec<String>,
    /// `--replace NAME=FILE`, each as it was written.
    pub replacements: Vec<String>,
    /// `-o OUT`.
    pub output: Option<OutputPath>,
    /// `--policy FILE`.
    pub policy: Option<PathBuf>,
    /// `--host ID`.
    pub host: Option<String>,
    /// Whether `--emit` asks for a script.
    pub script: bool,
}

/// The command line as a text, so that a diagnostic about a flag has a place to point at.
#[derive(Debug)]
pub struct CommandLine {
    source: SourceId,
    text: String,
}

impl CommandLine {
    /// A command line that begins with `command`, such as `witc compose`.
    pub fn new(command: &str, sources: &mut SourceMap) -> Self {
        let source = sources.add("<command line>", Origin::CommandLine, "");
        Self { source, text: command.to_owned() }
    }

    /// The command itself.
    pub fn command(&self) -> Span {
        Span::new(self.source, 0, self.text.len())
    }

    /// Adds an argument.
    pub fn argument(&mut self, text: &str) -> Span {
        self.text.push(' ');
        let start = self.text.len();
        self.text.push_str(text);
        Span::new(self.source, start, self.text.len())
    }

    /// Adds a flag and its value.
    pub fn flag<T>(&mut self, flag: &str, value: T, shown: &str) -> Spanned<T> {
        self.argument(flag);
        Spanned::new(value, self.argument(shown))
    }

    /// Keeps the text. Without this, what points into it has nothing to show.
    pub fn finish(self, sources: &mut SourceMap) {
        sources.set_text(self.source, self.text);
    }
}

impl Flags {
    /// The composition that the flags after `command` describe. If there is a mistake in them, it
    /// [is not right](Composition::is_right).
    ///
    /// It is called like its output, or `whole`. Codes: `config/unknown-instance`, `config/wrong-chain`,
    /// `config/wrong-replacement`, `config/empty-chain`, `config/repeated-layer`, `config/output-over-input`.
    pub fn into_composition(mut self, command: &str, run: &mut Run) -> Composition {
        let mut line = CommandLine::new(command, &mut run.sources);
        let paths = std::mem::take(&mut self.paths);
        let inputs: Vec<ComponentInput> =
            paths.into_iter().map(|path| ComponentInput { name: None, path, wit: None }).collect();
        let name = match &self.output {
            Some(OutputPath::Path(path)) => {
                path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
            }
            Some(OutputPath::StandardOutput) | None => "whole".to_owned(),
        };
        let mut composition = Composition::new(Spanned::new(name, line.command()));
        let repeated = repeated(&inputs);
        let once = inputs.iter().zip(&repeated).filter(|(_, repeated)| !**repeated).map(|(input, _)| input);
        let mut names = instance_names(once).into_iter();
        for (input, (of, repeated)) in inputs.iter().zip(repeated).enumerate() {
            let component_span = match &of.path {
                InputPath::StandardInput => line.argument("-"),
                InputPath::Path(path) => line.argument(&path.to_string_lossy()),
            };
            // An input that is given again stays an input, so that loading can tell; it is no second instance.
            if let Some(name) = (!repeated).then(|| names.next()).flatten() {
                let name = Spanned::new(name, component_span);
                composition.instances.push(InstanceEntry { name, input, component_span });
            }
        }
        composition.inputs = inputs;
        self.change_with(line, composition, false, run)
    }

    /// A composition of a manifest with what the flags after `command` say instead; `paths` have no meaning here. If there is
    /// a mistake in them, it [is not right](Composition::is_right). Codes: those of [`into_composition`](Self::into_composition).
    pub fn change(self, composition: Composition, command: &str, run: &mut Run) -> Composition {
        let line = CommandLine::new(command, &mut run.sources);
        self.change_with(line, composition, true, run)
    }

    /// The flags that can only be meant for one composition, as they are written; empty if there are none.
    pub fn for_one(&self) -> Vec<&'static str> {
        let given = [
            ("-o", self.output.is_some()),
            ("--root", self.root.is_some()),
            ("--chain", !self.chains.is_empty()),
            ("--replace", !self.replacements.is_empty()),
            ("--emit", self.script),
        ];
        given.into_iter().filter(|(_, is_given)| *is_given).map(|(flag, _)| flag).collect()
    }

    fn change_with(
        self,
        mut line: CommandLine,
        mut composition: Composition,
        in_manifest: bool,
        run: &mut Run,
    ) -> Composition {
        let shown = |path: &PathBuf| path.to_string_lossy().into_owned();
        let mut mistakes: Vec<Diagnostic> = Vec::new();
        if let Some(root) = self.root {
            composition.root = Some(line.flag("--root", root.clone(), &root));
        }
        let mut chains: Vec<Chain> = Vec::new();
        for text in self.chains {
            let span = line.flag("--chain", (), &text).span;
            let Some(chain) = read_chain(&text, span) else {
                mistakes.push(WrongChain { text, span }.into());
                continue;
            };
            match chains.iter().find(|other| other.interface.value == chain.interface.value) {
                Some(first) => mistakes.push(RepeatedChain { first: first.clone(), chain }.into()),
                None => chains.push(chain),
            }
        }
        let is_other = |old: &Chain| chains.iter().all(|new| new.interface.value != old.interface.value);
        composition.chains.retain(is_other);
        composition.chains.extend(chains);
        let mut replaced = BTreeMap::new();
        for text in self.replacements {
            let span = line.flag("--replace", (), &text).span;
            mistakes.extend(replaced_twice(&mut replaced, &text, span));
            mistakes.extend(replace(&mut composition, &text, span, in_manifest));
        }
        mistakes.extend(read_once(&mut composition));
        if let Some(path) = self.policy {
            composition.policy = Some(line.flag("--policy", path.clone(), &shown(&path)));
        }
        if let Some(host) = self.host {
            composition.host = Some(line.flag("--host", host.clone(), &host));
        }
        if let Some(output) = self.output {
            composition.output = match output {
                OutputPath::Path(path) => Some(line.flag("-o", path.clone(), &shown(&path))),
                OutputPath::StandardOutput => None,
            };
        }
        if !in_manifest && let Some(output) = &composition.output {
            composition.name.span = output.span;
        }
        line.finish(&mut run.sources);
        choices::check(&composition, &[], in_manifest, &mut |mistake| mistakes.push(mistake));
        composition.is_right &= mistakes.is_empty();
        mistakes.into_iter().for_each(|mistake| run.diagnostics.report(mistake));
        composition
    }
}

/// The mistake to replace what an earlier `NAME=FILE` replaces; `replaced` remembers where each was.
pub(in crate::config) fn replaced_twice(
    replaced: &mut BTreeMap<String, Span>,
    text: &str,
    span: Span,
) -> Option<Diagnostic> {
    let (name, _) = text.split_once('=')?;
    let span = Span::new(span.source, span.start, span.start + name.len());
    let first = replaced.insert(name.to_owned(), span)?;
    Some(RepeatedReplacement { name: name.to_owned(), span, first }.into())
}

/// The mistake to give standard input for two components, of all that are given.
pub(in crate::config) fn standard_input_twice<'i>(
    given: impl Iterator<Item = (&'i InputPath, Span)>,
) -> Option<Diagnostic> {
    let mut places = given.filter(|(path, _)| **path == InputPath::StandardInput).map(|(_, span)| span);
    let first = places.next()?;
    let span = places.find(|span| *span != first)?;
    Some(StandardInputTwice { span, first }.into())
}

/// The same for the instances of a composition, which all get what is read first.
fn read_once(composition: &mut Composition) -> Option<Diagnostic> {
    let inputs = &composition.inputs;
    let given = composition.instances.iter().map(|it| (&inputs[it.input].path, it.component_span));
    let mistake = standard_input_twice(given)?;
    let is_read = |input: &usize| inputs[*input].path == InputPath::StandardInput;
    let first = composition.instances.iter().map(|it| it.input).find(is_read)?;
    for instance in composition.instances.iter_mut().filter(|it| is_read(&it.input)) {
        instance.input = first;
    }
    composition.drop_unused_inputs();
    Some(mistake)
}

/// Gives an instance the file of `NAME=FILE`.
fn replace(composition: &mut Composition, text: &str, span: Span, in_manifest: bool) -> Option<Diagnostic> {
    let parts = text.split_once('=').filter(|(name, file)| !name.is_empty() && !file.is_empty());
    let Some((name, file)) = parts else {
        return Some(WrongReplacement { text: text.to_owned(), span }.into());
    };
    let Some(at) = composition.positions().get(name).copied() else {
        let known = || composition.instances.iter().map(|entry| entry.name.as_str());
        return Some(
            UnknownInstance {
                name: name.to_owned(),
                composition: composition.name.value.clone(),
                meant: closest(name, known()).map(str::to_owned),
                known: listed(known()),
                in_manifest,
                span: Span::new(span.source, span.start, span.start + name.len()),
            }
            .into(),
        );
    };
    composition.inputs.push(ComponentInput { name: Some(name.to_owned()), ..ComponentInput::given(file) });
    let component_span = Span::new(span.source, span.start + name.len() + 1, span.end);
    let entry = &mut composition.instances[at];
    *entry = InstanceEntry { name: entry.name.clone(), input: composition.inputs.len() - 1, component_span };
    composition.drop_unused_inputs();
    None
}

/// Takes `IFACE=a,b,c` apart; `span` is where it stands.
fn read_chain(text: &str, span: Span) -> Option<Chain> {
    let (interface, rest) = text.split_once('=').filter(|(interface, _)| !interface.is_empty())?;
    let mut at = span.start;
    let mut piece = |text: &str| {
        let piece = Spanned::new(text.to_owned(), Span::new(span.source, at, at + text.len()));
        at += text.len() + 1;
        piece
    };
    let interface = piece(interface);
    let layers: Vec<Spanned<String>> = rest.split(',').map(piece).collect();
    let is_empty = rest.is_empty();
    Some(Chain { interface, layers: if is_empty { Vec::new() } else { layers } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(flags: Flags) -> (Composition, Run, Vec<String>) {
        let mut run = Run::default();
        let composition = flags.into_composition("witc compose", &mut run);
        let found = run.diagnostics.iter().map(|found| {
            let place = found.place().expect("each has a place");
            format!("{} {:?}", found.code, run.sources.text(place))
        });
        let found = found.collect();
        (composition, run, found)
    }

    fn paths(paths: &[&str]) -> Vec<InputPath> {
        paths.iter().map(|path| InputPath::Path(path.into())).collect()
    }

    #[test]
    fn flags_become_a_composition() {
        let (composition, run, found) = run(Flags {
            paths: paths(&["out/auth.wasm", "app.wasm"]),
            root: Some("auth".to_owned()),
            chains: vec!["wasi:http/handler=auth,app".to_owned()],
            output: Some(OutputPath::Path("made/all.wasm".into())),
            ..Flags::default()
        });
        assert_eq!(found, [""; 0]);
        assert!(composition.is_right);
        assert_eq!(composition.name.value, "all");
        let names: Vec<_> = composition.instances.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["auth", "app"]);
        let chain = &composition.chains[0];
        assert_eq!(run.sources.text(chain.interface.span), "wasi:http/handler");
        assert_eq!(run.sources.text(chain.layers[1].span), "app");
        assert_eq!(
            run.sources.get(chain.interface.span.source).text,
            "witc compose out/auth.wasm app.wasm --root auth --chain wasi:http/handler=auth,app -o made/all.wasm"
        );
    }

    #[track_caller]
    fn check(root: &str, chain: &str, output: &str, expected: &[&str]) {
        let (composition, _, found) = run(Flags {
            paths: paths(&["a.wasm", "b.wasm"]),
            root: Some(root.to_owned()),
            chains: vec![chain.to_owned()],
            output: Some(OutputPath::Path(output.into())),
            ..Flags::default()
        });
        assert_eq!(found, expected);
        assert_eq!(composition.is_right, expected.is_empty());
    }

    #[test]
    fn mistakes_point_into_the_command_line() {
        check("a", "i=a,b", "o.wasm", &[]);
        check("c", "i=a,x", "o.wasm", &["config/unknown-instance \"c\"", "config/unknown-instance \"x\""]);
        check("a", "a,b", "o.wasm", &["config/wrong-chain \"a,b\""]);
        check("a", "=a,b", "o.wasm", &["config/wrong-chain \"=a,b\""]);
        check("a", "i=", "o.wasm", &["config/empty-chain \"i\""]);
        check("a", "i=a,a", "o.wasm", &["config/repeated-layer \"a\""]);
        check("a", "i=a,b", "./x/../b.wasm", &["config/output-over-input \"./x/../b.wasm\""]);
    }

    #[test]
    fn a_mistake_calls_the_composition_as_its_output() {
        let flags = Flags {
            paths: paths(&["a.wasm", "b.wasm"]),
            chains: vec!["i=x".to_owned()],
            replacements: vec!["y=c.wasm".to_owned()],
            output: Some(OutputPath::Path("made/all.wasm".into())),
            ..Flags::default()
        };
        let run = run(flags).1;
        let notes: Vec<&String> = run.diagnostics.iter().flat_map(|found| &found.notes).collect();
        assert_eq!(notes, ["the instances of `all` are `a`, `b`"; 2]);
    }

    #[test]
    fn flags_change_a_composition() {
        let (composition, mut run, _) =
            run(Flags { paths: paths(&["a.wasm", "b.wasm"]), ..Flags::default() });
        let change = |replacement: &str| Flags {
            chains: vec!["i=b,a".to_owned()],
            replacements: vec![replacement.to_owned()],
            ..Flags::default()
        };
        let changed = change("a=new/a.wasm").change(composition.clone(), "witc compose", &mut run);
        assert!(changed.is_right);
        let again = change("a=new/a.wasm").change(changed.clone(), "witc compose", &mut run);
        assert_eq!((again.chains.len(), again.is_right), (1, true));
        let at = |name: &str| changed.inputs[changed.instances[changed.positions()[name]].input].path.clone();
        assert_eq!(at("a"), InputPath::Path("new/a.wasm".into()));
        assert_eq!(at("b"), InputPath::Path("b.wasm".into()));
        assert_eq!(changed.inputs.len(), 2);
        for wrong in ["a", "=x", "a=", "c=x"] {
            assert!(!change(wrong).change(composition.clone(), "witc compose", &mut run).is_right);
        }
        let twice = Flags { replacements: vec!["a=x".to_owned(), "a=y".to_owned()], ..Flags::default() };
        assert!(!twice.change(composition.clone(), "witc compose", &mut run).is_right);
        let chains = Flags { chains: vec!["i=a,b".to_owned(), "i=b".to_owned()], ..Flags::default() };
        assert!(!chains.change(composition.clone(), "witc compose", &mut run).is_right);
        let found: Vec<_> = run.diagnostics.iter().map(|found| found.code.as_str()).collect();
        let wrong = "config/wrong-replacement";
        assert_eq!(found, [wrong, wrong, wrong, "config/unknown-instance", wrong, "config/wrong-chain"]);
    }
}
