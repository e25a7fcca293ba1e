//! The mistakes that a composition can hold, from a manifest or the command line: facts, and the words for them.
//!
//! Differs from `config/diagnostics.rs`: that knows what any TOML file can do wrong, this knows compositions.

use std::path::PathBuf;

use super::Chain;
use crate::config::HOST;
use crate::config::document::quoted_key;
use crate::diag::{Diagnostic, Label, code, escape, quoted};
use crate::source::Span;

/// The most names that a note lists.
const LISTED: usize = 12;

/// A choice names an instance that the composition does not have.
pub(super) struct UnknownInstance {
    pub(super) name: String,
    pub(super) composition: String,
    pub(super) meant: Option<String>,
    /// The instances that there are, as a sentence lists them.
    pub(super) known: String,
    /// Whether the components are listed in a manifest, not on the command line.
    pub(super) in_manifest: bool,
    pub(super) span: Span,
}

impl From<UnknownInstance> for Diagnostic {
    fn from(found: UnknownInstance) -> Self {
        let name = quoted(&found.name);
        let text = match &found.meant {
            Some(meant) => format!("did you mean {}?", quoted(meant)),
            None => "no component has this name".to_owned(),
        };
        let diagnostic = Self::new(code::UNKNOWN_INSTANCE, format!("there is no instance {name}"))
            .label(Label::primary(found.span, text))
            .note(format!("the instances of {} are {}", quoted(&found.composition), found.known));
        match (found.meant, found.in_manifest) {
            (Some(_), _) => diagnostic,
            (None, true) => diagnostic.help(format!(
                "name one of them, or add a component to `components` of `[{}]`",
                key_path(&["composition", &found.composition])
            )),
            (None, false) => diagnostic.help(
                "name one of them: on the command line an instance is called like its file, without the ending",
            ),
        }
    }
}

/// A name that no instance or composition can have.
pub(super) struct InvalidName {
    pub(super) name: String,
    /// What is named: `instance`, `composition`.
    pub(super) noun: &'static str,
    pub(super) span: Span,
}

impl From<InvalidName> for Diagnostic {
    fn from(found: InvalidName) -> Self {
        let (noun, name) = (found.noun, quoted(&found.name));
        let (article, text) = (if noun == "instance" { "an" } else { "a" }, found.name.as_str());
        let why = match text {
            "" => "the name is empty",
            HOST => "this word stands for the host",
            _ if text.trim() != text => "begins or ends with a space",
            _ => "has a control character or an invisible one",
        };
        let help = if text == HOST {
            format!("call it differently: `{HOST}` says in `wire` that the host provides an import")
        } else {
            "use letters, digits and hyphens, such as `http-adapter`".to_owned()
        };
        Self::new(code::INVALID_NAME, format!("{article} {noun} cannot be called {name}"))
            .label(Label::primary(found.span, why))
            .help(help)
    }
}

/// Two keys say different things about the same.
pub(super) struct ConflictingKeys {
    /// The path of the table.
    pub(super) section: String,
    pub(super) keys: [&'static str; 2],
    pub(super) spans: [Span; 2],
    pub(super) help: &'static str,
}

impl From<ConflictingKeys> for Diagnostic {
    fn from(found: ConflictingKeys) -> Self {
        let [first, second] = found.keys;
        let [first_span, second_span] = found.spans;
        Self::new(
            code::CONFLICTING_KEYS,
            format!("{} has both `{first}` and `{second}`", quoted(&found.section)),
        )
        .label(Label::primary(second_span, format!("`{second}` says it one way")))
        .label(Label::secondary(first_span, format!("`{first}` says it another way")))
        .help(found.help)
    }
}

/// An instance is said to be like one that is itself said to be like another.
pub(super) struct IndirectComponent {
    pub(super) name: String,
    pub(super) target: String,
    pub(super) span: Span,
    pub(super) target_span: Span,
}

impl From<IndirectComponent> for Diagnostic {
    fn from(found: IndirectComponent) -> Self {
        let target = quoted(&found.target);
        if found.name == found.target {
            return Self::new(
                code::INDIRECT_COMPONENT,
                format!("{target} is said to be another instance of itself"),
            )
            .label(Label::primary(found.span, "names its own entry"))
            .help("name the file: `path = \"…\"`");
        }
        Self::new(
            code::INDIRECT_COMPONENT,
            format!("{target} has no file that {} could share", quoted(&found.name)),
        )
        .label(Label::primary(found.span, "must name an instance that has a `path`"))
        .label(Label::secondary(found.target_span, "is itself another instance of a component"))
        .help("name the instance that has the `path`")
    }
}

/// A chain has no layer.
pub(super) struct EmptyChain {
    pub(super) interface: String,
    pub(super) span: Span,
}

impl From<EmptyChain> for Diagnostic {
    fn from(found: EmptyChain) -> Self {
        Self::new(code::EMPTY_CHAIN, format!("the chain over {} has no layers", quoted(&found.interface)))
            .label(Label::primary(found.span, "names no instance"))
            .help("name the instances, outermost first, or take the chain out")
    }
}

/// An instance is two layers of one chain.
pub(super) struct RepeatedLayer {
    pub(super) name: String,
    pub(super) interface: String,
    pub(super) span: Span,
    pub(super) first: Span,
}

impl From<RepeatedLayer> for Diagnostic {
    fn from(found: RepeatedLayer) -> Self {
        let name = quoted(&found.name);
        Self::new(
            code::REPEATED_LAYER,
            format!("{name} is twice in the chain over {}", quoted(&found.interface)),
        )
        .label(Label::primary(found.span, "again: an instance imports the interface once"))
        .label(Label::secondary(found.first, "the first time"))
        .help(format!(
            "for two layers of one component, add an instance: `again = {{ component = {} }}`",
            toml_string(&found.name)
        ))
    }
}

/// An instance is to provide its own import.
pub(super) struct SelfWire {
    pub(super) instance: String,
    pub(super) import: String,
    pub(super) span: Span,
}

impl From<SelfWire> for Diagnostic {
    fn from(found: SelfWire) -> Self {
        let (instance, import) = (quoted(&found.instance), quoted(&found.import));
        Self::new(code::SELF_WIRE, format!("{instance} cannot provide its own import {import}"))
            .label(Label::primary(found.span, "an instance exists only once all its imports do"))
            .help("name another instance, or `host`")
    }
}

/// Two choices export under one name.
pub(super) struct DuplicateExport {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) first: Span,
}

impl From<DuplicateExport> for Diagnostic {
    fn from(found: DuplicateExport) -> Self {
        Self::new(code::DUPLICATE_EXPORT, format!("{} is exported twice", quoted(&found.name)))
            .label(Label::primary(found.span, "a name can be exported once"))
            .label(Label::secondary(found.first, "the first time"))
            .help("take one of the two out, or give it another name: `other = { from = \"…\", export = \"…\" }`")
    }
}

/// The artifact would be written over something that it is made of.
pub(in crate::config) struct OutputOverInput {
    pub(in crate::config) output: PathBuf,
    /// What is there: `a component of it`, `the manifest`, `the policy`.
    pub(in crate::config) what: &'static str,
    pub(in crate::config) span: Span,
    pub(in crate::config) input: Option<Span>,
}

impl From<OutputOverInput> for Diagnostic {
    fn from(found: OutputOverInput) -> Self {
        let output = quoted(&found.output.to_string_lossy());
        let diagnostic = Self::new(
            code::OUTPUT_OVER_INPUT,
            format!("the output {output} would be written over {}", found.what),
        )
        .label(Label::primary(found.span, "the artifact would go here"))
        .help("choose another file for the output");
        match found.input {
            Some(span) => diagnostic.label(Label::secondary(span, "this is read")),
            None => diagnostic,
        }
    }
}

/// `--chain` is not followed by an interface and instances.
pub(super) struct WrongChain {
    pub(super) text: String,
    pub(super) span: Span,
}

impl From<WrongChain> for Diagnostic {
    fn from(found: WrongChain) -> Self {
        Self::new(code::WRONG_CHAIN, format!("{} does not describe a chain", quoted(&found.text)))
            .label(Label::primary(found.span, "no interface and `=`"))
            .help("write the interface, `=`, and the instances, outermost first:\n  --chain wasi:http/handler=auth,log,app")
    }
}

/// Two `--chain` are about one interface.
pub(super) struct RepeatedChain {
    pub(super) chain: Chain,
    pub(super) first: Chain,
}

impl From<RepeatedChain> for Diagnostic {
    fn from(RepeatedChain { chain, first }: RepeatedChain) -> Self {
        let interface = chain.interface.as_str();
        let mut layers: Vec<&str> = Vec::new();
        for layer in first.layers.iter().chain(&chain.layers) {
            if !layers.contains(&layer.as_str()) {
                layers.push(layer.as_str());
            }
        }
        Self::new(code::WRONG_CHAIN, format!("there are two chains over {}", quoted(interface)))
            .label(Label::primary(chain.interface.span, "another chain over it"))
            .label(Label::secondary(first.interface.span, "a chain over it"))
            .help(format!(
                "keep one of them; one chain has all layers, outermost first, for example:\n  --chain {}={}",
                escape(interface),
                escape(&layers.join(","))
            ))
    }
}

/// `--replace` is not followed by an instance and a file.
pub(in crate::config) struct WrongReplacement {
    pub(in crate::config) text: String,
    pub(in crate::config) span: Span,
}

impl From<WrongReplacement> for Diagnostic {
    fn from(found: WrongReplacement) -> Self {
        Self::new(code::WRONG_REPLACEMENT, format!("{} does not replace anything", quoted(&found.text)))
            .label(Label::primary(found.span, "must be an instance, `=` and a file"))
            .help("write the instance, `=`, and its new file: `--replace gateway=new/gateway.wasm`")
    }
}

/// Two `--replace` are about one instance.
pub(in crate::config) struct RepeatedReplacement {
    pub(in crate::config) name: String,
    pub(in crate::config) span: Span,
    pub(in crate::config) first: Span,
}

impl From<RepeatedReplacement> for Diagnostic {
    fn from(found: RepeatedReplacement) -> Self {
        Self::new(code::WRONG_REPLACEMENT, format!("{} is replaced twice", quoted(&found.name)))
            .label(Label::primary(found.span, "replaced here again"))
            .label(Label::secondary(found.first, "replaced here"))
            .help("keep one of them: an instance has one file")
    }
}

/// Standard input is to be two components, one of them by `--replace`.
pub(in crate::config) struct StandardInputTwice {
    pub(in crate::config) span: Span,
    pub(in crate::config) first: Span,
}

impl From<StandardInputTwice> for Diagnostic {
    fn from(found: StandardInputTwice) -> Self {
        Self::new(code::WRONG_REPLACEMENT, "standard input is given twice, and can be read once only")
            .label(Label::primary(found.span, "given here again"))
            .label(Label::secondary(found.first, "given here"))
            .help("name a file for one of them")
    }
}

/// A composition lists no components.
pub(super) struct NoComponents {
    pub(super) composition: String,
    pub(super) span: Span,
}

impl From<NoComponents> for Diagnostic {
    fn from(found: NoComponents) -> Self {
        let table = key_path(&["composition", &found.composition, "components"]);
        Self::new(code::NO_COMPONENTS, format!("{} lists no components", quoted(&found.composition)))
            .label(Label::primary(found.span, "there is nothing to link"))
            .help(format!("name them:\n[{table}]\nprocessor = \"processor.wasm\""))
    }
}

/// Names in backticks, no more than a reader wants to see.
pub(in crate::config) fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = names.len().saturating_sub(LISTED);
    let shown: Vec<String> = names.take(LISTED).map(quoted).collect();
    match more {
        0 if shown.is_empty() => "none".to_owned(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A dotted TOML key, each part in quotes where it needs them.
fn key_path(parts: &[&str]) -> String {
    parts.iter().map(|part| escape(&quoted_key(part))).collect::<Vec<_>>().join(".")
}

/// A text as TOML writes it, safe to show in backticks.
fn toml_string(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escape(&escaped).replace('`', "'"))
}
