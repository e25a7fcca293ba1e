//! Reads bare paths and flags into a `Composition`, so that the stages know one form only.
//!
//! Differs from `table.rs`, which reads a manifest into it. No clap types: an embedder can ask the same way.

use std::path::PathBuf;

use super::diagnostics::WrongChain;
use super::{Chain, Composition, InstanceEntry, choices};
use crate::config::{ComponentInput, InputPath, Spanned, instance_names, repeated};
use crate::diag::Run;
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
    /// `-o OUT`.
    pub output: Option<PathBuf>,
    /// `--policy FILE`.
    pub policy: Option<PathBuf>,
    /// `--host ID`.
    pub host: Option<String>,
    /// `--wit DIR`.
    pub wit: Vec<PathBuf>,
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
    /// The composition that the flags after `command` describe, or `None` if there is a mistake in them.
    ///
    /// It is called like its output, or `composition`. Codes: `config/unknown-instance`, `config/wrong-chain`,
    /// `config/empty-chain`, `config/repeated-layer`, `config/output-over-input`.
    pub fn into_composition(self, command: &str, run: &mut Run) -> Option<Composition> {
        let mut line = CommandLine::new(command, &mut run.sources);
        let shown = |path: &PathBuf| path.to_string_lossy().into_owned();
        let inputs: Vec<ComponentInput> =
            self.paths.into_iter().map(|path| ComponentInput { name: None, path, wit: None }).collect();
        let repeated = repeated(&inputs);
        let once = inputs.iter().zip(&repeated).filter(|(_, repeated)| !**repeated).map(|(input, _)| input);
        let mut names = instance_names(once).into_iter();
        let mut composition = Composition::new(Spanned::new("composition".to_owned(), line.command()));
        for (input, (of, repeated)) in inputs.iter().zip(repeated).enumerate() {
            let component_span = match &of.path {
                InputPath::StandardInput => line.argument("-"),
                InputPath::Path(path) => line.argument(&shown(path)),
            };
            // An input that is given again stays an input, so that loading can tell; it is no second instance.
            if let Some(name) = (!repeated).then(|| names.next()).flatten() {
                let name = Spanned::new(name, component_span);
                composition.instances.push(InstanceEntry { name, input, component_span });
            }
        }
        composition.inputs = inputs;
        composition.root = self.root.map(|root| line.flag("--root", root.clone(), &root));
        let mut mistakes = Vec::new();
        for chain in self.chains {
            let written = line.flag("--chain", (), &chain);
            match read_chain(&chain, written.span) {
                Some(chain) => composition.chains.push(chain),
                None => mistakes.push(WrongChain { text: chain, span: written.span }.into()),
            }
        }
        composition.policy = self.policy.map(|path| line.flag("--policy", path.clone(), &shown(&path)));
        composition.host = self.host.map(|host| line.flag("--host", host.clone(), &host));
        composition.wit =
            self.wit.into_iter().map(|path| line.flag("--wit", path.clone(), &shown(&path))).collect();
        composition.output = self.output.map(|path| line.flag("-o", path.clone(), &shown(&path)));
        if let Some(output) = &composition.output {
            let stem = output.value.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            composition.name = Spanned::new(stem, output.span);
        }
        line.finish(&mut run.sources);
        choices::check(&composition, &[], false, &mut |mistake| mistakes.push(mistake));
        let is_right = mistakes.is_empty();
        mistakes.into_iter().for_each(|mistake| run.diagnostics.report(mistake));
        is_right.then_some(composition)
    }
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

    fn run(flags: Flags) -> (Option<Composition>, Run, Vec<String>) {
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
            output: Some("made/all.wasm".into()),
            ..Flags::default()
        });
        assert_eq!(found, [""; 0]);
        let composition = composition.expect("it is right");
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
            output: Some(output.into()),
            ..Flags::default()
        });
        assert_eq!(found, expected);
        assert_eq!(composition.is_some(), expected.is_empty());
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
}
