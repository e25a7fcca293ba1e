//! What this stage can report: one struct a diagnostic, holding facts; the words are added here and nowhere else.

use crate::check::{InstanceId, Port, Wiring};
use crate::diag::{Alike, Diagnostic, Label, Run, code, escape, list, quoted, toml_key, toml_string};
use crate::load::Inputs;
use crate::model::{ItemPath, Side, Sort};
use crate::source::Span;

/// Imports of the whole use types of each other in a circle.
pub(super) struct ImportCircle {
    /// The imports, at least one: the import of an instance that uses a type of the next.
    pub(super) ports: Vec<Port>,
}

impl ImportCircle {
    fn report(&self, inputs: &mut Inputs, wiring: &Wiring, run: &mut Run) {
        let names: Vec<String> = self.ports.iter().map(|port| quoted(&port.name)).collect();
        let message =
            format!("imports of the whole use types of each other in a circle: {}", names.join(", "));
        let mut diagnostic = Diagnostic::new(code::IMPORT_CIRCLE, message);
        for (at, port) in self.ports.iter().enumerate() {
            let place = span(inputs, wiring, port, run);
            let user = quoted(&wiring.instance(port.instance).name);
            let text = format!("for {user} it uses types of {}", names[(at + 1) % names.len()]);
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        run.diagnostics.report(
            diagnostic
                .note("each component alone is fine; their imports, taken together, have no order")
                .help("build the components against one version of the interfaces"),
        );
    }
}

/// An import of the whole would need a resource that is made inside.
///
/// Differs from `check/resource-origin`: here the import does not bring the resource itself, it takes it from another one.
pub(super) struct InnerResource {
    /// The import, as the instance has it that uses the resource.
    pub(super) port: Port,
    /// The instance that makes the resource.
    pub(super) maker: InstanceId,
}

impl InnerResource {
    fn report(&self, inputs: &mut Inputs, wiring: &Wiring, run: &mut Run) {
        let place = span(inputs, wiring, &self.port, run);
        let (import, maker) = (quoted(&self.port.name), quoted(&wiring.instance(self.maker).name));
        let instance = wiring.instance(self.port.instance);
        let user = quoted(&instance.name);
        let item = inputs.components[instance.component].surface.imports.get(&self.port.name);
        let help = match item.map(|item| item.kind.sort()) {
            Some(Sort::Type) => format!("define {import} in an interface, which a component can provide"),
            _ => format!("add a component that provides {import}, or leave the resource to the host as well"),
        };
        run.diagnostics.report(
            Diagnostic::new(
                code::INNER_RESOURCE,
                format!("{import} of {user} is left to the host, and uses a resource that {maker} makes"),
            )
            .label(Label::primary(place, "a host cannot know that resource"))
            .note("an import of the whole can use only what other imports of the whole bring in")
            .help(help),
        );
    }
}

/// Why the imports of the whole cannot be put in order.
pub(super) enum Problem {
    Circle(ImportCircle),
    Inner(InnerResource),
}

impl Problem {
    pub(super) fn report(&self, inputs: &mut Inputs, wiring: &Wiring, run: &mut Run) {
        match self {
            Self::Circle(circle) => circle.report(inputs, wiring, run),
            Self::Inner(inner) => inner.report(inputs, wiring, run),
        }
    }
}

fn span(inputs: &mut Inputs, wiring: &Wiring, port: &Port, run: &mut Run) -> Span {
    let component = wiring.instance(port.instance).component;
    inputs.components[component].span(&mut run.sources, &ItemPath::item(Side::Import, &port.name))
}

/// An export uses resources of an interface that the whole keeps to itself.
pub(super) struct PrivateType {
    /// The resources, at least one, each with the place where the export names it.
    pub(super) resources: Vec<(String, Span)>,
    pub(super) export: String,
    pub(super) provider: String,
    pub(super) interface: String,
}

impl From<PrivateType> for Diagnostic {
    fn from(fact: PrivateType) -> Self {
        let (export, interface) = (quoted(&fact.export), quoted(&fact.interface));
        let provider = quoted(&fact.provider);
        let names: Vec<String> = fact.resources.iter().map(|(name, _)| quoted(name)).collect();
        let noun = if names.len() == 1 { "resource" } else { "resources" };
        let message = format!(
            "export {export} uses {noun} {} of {interface}, which the whole does not export",
            list(&names)
        );
        let of_many = format!(
            "{{count}} exports use resources of {interface} of {provider}, which the whole does not export"
        );
        let row = format!("{export}: {}", list(&names));
        let mut diagnostic = Diagnostic::new(code::PRIVATE_TYPE, message).one_of_many(Alike {
            message: of_many,
            row,
            ..Alike::default()
        });
        for (at, (_, place)) in fact.resources.iter().enumerate() {
            let text = format!("{provider} makes it, inside");
            let label = if at == 0 { Label::primary(*place, text) } else { Label::secondary(*place, text) };
            diagnostic = diagnostic.label(label);
        }
        diagnostic
            .note(format!(
                "linked with another user of {interface}, the two would have different resources of one name"
            ))
            .help(format!(
                "export that too, in the table of the composition in a `witc.toml`:\n  expose.{} = {}",
                toml_string(&fact.interface),
                toml_string(&fact.provider),
            ))
    }
}

/// Two imports or exports of the whole have names that engines cannot tell apart.
pub(super) struct NameConflict<'a> {
    pub(super) side: Side,
    /// Each name, with the import or export of an instance that has it in the whole.
    pub(super) names: [(&'a str, &'a Port); 2],
}

impl NameConflict<'_> {
    pub(super) fn report(&self, inputs: &mut Inputs, wiring: &Wiring, run: &mut Run) {
        let [(one, _), (other, _)] = self.names;
        let (noun, verb) = match self.side {
            Side::Import => ("import", "imports"),
            Side::Export => ("export", "exports"),
        };
        let message = match one == other {
            true => format!("two {noun}s of the whole would be called {}", quoted(one)),
            false => format!("the {noun}s {} and {} cannot be told apart", quoted(other), quoted(one)),
        };
        let mut diagnostic = Diagnostic::new(code::NAME_CONFLICT, message);
        for (at, (name, port)) in self.names.into_iter().enumerate() {
            let instance = wiring.instance(port.instance);
            let component = &mut inputs.components[instance.component];
            let place = component.span(&mut run.sources, &ItemPath::item(self.side, &port.name));
            let whose = quoted(&instance.name);
            let text = match port.name == name {
                true => format!("{whose} {verb} it under this name"),
                false => format!("this {noun} of {whose} is to be called {}", quoted(name)),
            };
            let label = if at == 0 { Label::primary(place, text) } else { Label::secondary(place, text) };
            diagnostic = diagnostic.label(label);
        }
        if one != other {
            diagnostic = diagnostic.note("neither case nor what stands in brackets before a name counts");
        }
        run.diagnostics.report(diagnostic.help(self.help(wiring)));
    }

    /// The line of a manifest that gives one of them another name: of exports not that of the root, which has its name from the
    /// component.
    fn help(&self, wiring: &Wiring) -> String {
        let is_of_root = |(name, port): &(&str, &Port)| {
            wiring.root == Some(port.instance) && port.name == *name && self.side == Side::Export
        };
        let chosen = self.names.iter().find(|it| !is_of_root(it)).unwrap_or(&self.names[0]);
        let instance = &wiring.instance(chosen.1.instance).name;
        let name = toml_string(&chosen.1.name);
        let (table, line, place) = match self.side {
            Side::Import => (
                format!("wire.{}", toml_key(instance)),
                format!("{name} = {{ from = \"host\", import = \"another-name\" }}"),
                "",
            ),
            Side::Export => (
                "expose".to_owned(),
                format!("\"another-name\" = {{ from = {}, export = {name} }}", toml_string(instance)),
                ", or where a line names it already",
            ),
        };
        format!(
            "give one of them another name, in the table `{table}` of the composition in a `witc.toml`{place}:\n  {line}"
        )
    }
}

/// The artifact would have more parts than engines take.
pub(super) struct TooManyParts {
    pub(super) noun: &'static str,
    pub(super) total: usize,
    pub(super) limit: usize,
    /// The components with most of them.
    pub(super) largest: Vec<(usize, String)>,
}

impl From<TooManyParts> for Diagnostic {
    fn from(fact: TooManyParts) -> Self {
        let TooManyParts { noun, total, limit, largest } = fact;
        let message = format!("the composition would have {total} {noun}, and engines take {limit}");
        let mut diagnostic = Diagnostic::new(code::TOO_MANY_PARTS, message);
        for (count, name) in largest {
            diagnostic = diagnostic.note(format!("{} has {count} of them", quoted(&name)));
        }
        diagnostic.help("link fewer components into one; some hosts run a graph of several artifacts")
    }
}

/// A file that the script names cannot be read by who runs the script.
pub(super) struct InputNotInScript<'a> {
    pub(super) name: &'a str,
    /// What it is instead of the binary of a component, after "it".
    pub(super) form: &'static str,
    pub(super) span: Span,
}

impl From<InputNotInScript<'_>> for Diagnostic {
    fn from(fact: InputNotInScript<'_>) -> Self {
        let (name, form) = (quoted(fact.name), fact.form);
        Self::new(code::INPUT_NOT_IN_SCRIPT, format!("`wac compose` cannot read {name}, which {form}"))
            .label(Label::primary(fact.span, "the script needs a binary of a component here"))
            .help("make one first: the first lines of the script say how")
    }
}

/// How a script names the type of an import.
pub(super) enum TypeInScript {
    /// An interface in a package whose WIT the script is given: without a version, as wac finds it then.
    Interface { package: String, path: String },
    /// Its WIT.
    Text(String),
}

/// An import of the whole has another name in what a script links, or one that wac refuses.
pub(super) struct NameNotInScript<'a> {
    pub(super) user: &'a str,
    /// The import, as the component has it.
    pub(super) import: &'a str,
    /// The name that it should have.
    pub(super) name: &'a str,
    /// Whether the user chose that; else it is what the name with a version suffix means.
    pub(super) is_chosen: bool,
    pub(super) ty: TypeInScript,
    pub(super) span: Span,
}

impl NameNotInScript<'_> {
    /// What to add to the script and its command.
    fn help(&self) -> String {
        let is_word = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let id = if is_word(self.name) { self.name } else { "renamed" };
        let text_of = |name: &str| format!("\"{}\"", escape(name));
        let (lead, ty) = match &self.ty {
            TypeInScript::Interface { package, path } => (
                format!("give the WIT to `wac compose` as `-d {}=FILE.wit`, and write", escape(package)),
                escape(path),
            ),
            TypeInScript::Text(wit) => ("write".to_owned(), escape(wit)),
        };
        let user = quoted(self.user);
        format!(
            "{lead} into the script:\n  import {id} as {}: {ty};\nand among the arguments of {user}:\n  {}: {id},",
            text_of(self.name),
            text_of(self.import),
        )
    }
}

impl From<NameNotInScript<'_>> for Diagnostic {
    fn from(fact: NameNotInScript<'_>) -> Self {
        let (user, import, name) = (quoted(fact.user), quoted(fact.import), quoted(fact.name));
        let (message, label) = match fact.is_chosen {
            true => (
                format!(
                    "what the script links imports {import} of {user} under that name, and not as {name}"
                ),
                "the script leaves this out".to_owned(),
            ),
            false => (
                format!(
                    "`wac compose` refuses the import {import} of {user}: it knows no name with a version suffix"
                ),
                format!("this imports it; in full it is {name}"),
            ),
        };
        Self::new(code::NAME_NOT_IN_SCRIPT, message)
            .label(Label::primary(fact.span, label))
            .note("wac gives an import another name only where it has the type of the import at hand")
            .help(fact.help())
    }
}
