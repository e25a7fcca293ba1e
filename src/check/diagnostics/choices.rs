//! Choices of the user that name something that is not there.

use crate::check::InstanceId;
use crate::check::choose::find_all;
use crate::check::set::Set;
use crate::config::{Chain, Choice, ExportChoice, Spanned, WireChoice};
use crate::diag::{Diagnostic, Label, closest, code, escape, list, quoted};
use crate::model::{Items, Sort};

/// A choice of the user names an import that the instance does not have.
pub(in crate::check) struct UnknownImport(Diagnostic);

impl UnknownImport {
    pub(in crate::check) fn of(set: &Set<'_>, id: InstanceId, import: &Spanned<String>) -> Self {
        let (user, text) = (quoted(set.name(id)), quoted(import.as_str()));
        let diagnostic = Diagnostic::new(code::UNKNOWN_IMPORT, format!("{user} does not import {text}"))
            .label(Label::primary(import.span, format!("not an import of {user}")));
        Self(known_names(diagnostic, "it imports", &set.surface(id).imports, import.as_str()))
    }
}

impl From<UnknownImport> for Diagnostic {
    fn from(fact: UnknownImport) -> Self {
        fact.0
    }
}

/// Two wires, or two chains, are about one import, which they spell differently.
pub(in crate::check) struct RepeatedChoice<'a> {
    /// The instance that imports.
    pub(in crate::check) user: &'a str,
    /// The import, as the component has it.
    pub(in crate::check) import: &'a str,
    /// The two choices as they are spelled, in their order.
    pub(in crate::check) choices: [&'a Spanned<String>; 2],
}

impl From<RepeatedChoice<'_>> for Diagnostic {
    fn from(fact: RepeatedChoice<'_>) -> Self {
        let [first, second] = fact.choices;
        let (user, import) = (quoted(fact.user), quoted(fact.import));
        let (first_name, second_name) = (quoted(first.as_str()), quoted(second.as_str()));
        Self::new(code::REPEATED_CHOICE, format!("the provider of {import} is chosen twice for {user}"))
            .label(Label::primary(second.span, format!("means {import}")))
            .label(Label::secondary(first.span, format!("means {import} as well")))
            .note(format!("{first_name} and {second_name} are two spellings of one import"))
            .help(format!("keep one of them, best spelled {import}"))
    }
}

/// A choice of the user names an export that the instance does not have.
pub(in crate::check) struct UnknownExport(Diagnostic);

impl UnknownExport {
    pub(in crate::check) fn of_wire(set: &Set<'_>, id: InstanceId, wire: &WireChoice) -> Self {
        let (wanted, place) = match &wire.provider {
            Choice::Instance { export: Some(export), .. } => (export, export.span),
            Choice::Instance { .. } | Choice::Host { .. } => (&wire.import, wire.provider.span()),
        };
        Self::of(set, id, &Spanned::new(wanted.value.clone(), place))
    }

    pub(in crate::check) fn of_chain(
        set: &Set<'_>,
        id: InstanceId,
        chain: &Chain,
        layer: &Spanned<String>,
    ) -> Self {
        Self::of(set, id, &Spanned::new(chain.interface.value.clone(), layer.span))
    }

    /// The interface of a chain means nothing to any of its layers, at least one.
    pub(in crate::check) fn of_whole_chain(set: &Set<'_>, chain: &Chain, layers: &[InstanceId]) -> Self {
        let text = quoted(chain.interface.as_str());
        let who = match layers {
            [one] => format!("{} does not export", quoted(set.name(*one))),
            _ => "no layer of the chain imports or exports".to_owned(),
        };
        let diagnostic = Diagnostic::new(code::UNKNOWN_EXPORT, format!("{who} {text}"))
            .label(Label::primary(chain.interface.span, "the chain would be around this"));
        let mut exports = Items::new();
        for (name, item) in layers.iter().flat_map(|id| &set.surface(*id).exports) {
            exports.entry(name.clone()).or_insert_with(|| item.clone());
        }
        let lead = if layers.len() == 1 { "it exports" } else { "they export" };
        Self(known_names(diagnostic, lead, &exports, chain.interface.as_str()))
    }

    pub(in crate::check) fn of(set: &Set<'_>, id: InstanceId, export: &Spanned<String>) -> Self {
        let (provider, text) = (quoted(set.name(id)), quoted(export.as_str()));
        let exports = &set.surface(id).exports;
        let meant: Vec<&String> = find_all(exports, export.as_str()).collect();
        if let [one, _, ..] = meant[..] {
            let names: Vec<String> = meant.iter().map(|name| quoted(name)).collect();
            let message = format!("{text} means several exports of {provider}");
            let diagnostic = Diagnostic::new(code::UNKNOWN_EXPORT, message)
                .label(Label::primary(export.span, "which of them is not said"))
                .note(format!("it exports {}", list(&names)));
            return Self(
                diagnostic.help(format!("name one with all of its version, such as {}", quoted(one))),
            );
        }
        let diagnostic = Diagnostic::new(code::UNKNOWN_EXPORT, format!("{provider} does not export {text}"))
            .label(Label::primary(export.span, format!("not an export of {provider}")));
        Self(known_names(diagnostic, "it exports", exports, export.as_str()))
    }

    /// The same for an export of the whole, which may be called otherwise than that of the instance.
    pub(in crate::check) fn of_whole(set: &Set<'_>, id: InstanceId, choice: &ExportChoice) -> Self {
        let wanted = choice.export.as_ref().unwrap_or(&choice.name);
        let place = choice.export.as_ref().map_or(choice.instance.span, |export| export.span);
        let Self(mut diagnostic) = Self::of(set, id, &Spanned::new(wanted.value.clone(), place));
        if choice.export.is_none() && diagnostic.help.is_empty() {
            let (name, from) = (escape(choice.name.as_str()), escape(choice.instance.as_str()));
            let line = format!("\"{name}\" = {{ from = \"{from}\", export = \"…\" }}");
            diagnostic = diagnostic.help(format!("if this is a new name, say of which export:\n{line}"));
        }
        Self(diagnostic)
    }
}

impl From<UnknownExport> for Diagnostic {
    fn from(fact: UnknownExport) -> Self {
        fact.0
    }
}

/// A choice of the user gives an import or an export of the whole a name that it cannot have.
pub(in crate::check) struct UnusableName<'a> {
    pub(in crate::check) name: &'a Spanned<String>,
    pub(in crate::check) sort: Sort,
}

impl From<UnusableName<'_>> for Diagnostic {
    fn from(fact: UnusableName<'_>) -> Self {
        let (name, noun) = (fact.name, fact.sort.noun());
        let diagnostic = Self::new(
            code::UNUSABLE_NAME,
            format!("a component can have no {noun} of the name {}", quoted(name.as_str())),
        )
        .label(Label::primary(name.span, format!("the name of the {noun}")))
        .note("a name is words of letters and digits with hyphens between them, such as `log-to-file`");
        match fact.sort {
            Sort::Instance => diagnostic.help(
                "write such a name, or that of an interface, such as `company:tools/logger@1.2.0`: with all of its version, or none",
            ),
            Sort::Function | Sort::Value | Sort::Type | Sort::Component | Sort::CoreModule => {
                diagnostic.help("write such a name; only an instance can be called like an interface")
            }
        }
    }
}

/// What is called almost so: likely what was meant.
pub(in crate::check) fn nearest<'i>(items: &'i Items, wanted: &str) -> Option<&'i String> {
    let path = |name: &str| name.split_once('@').map_or(name, |(path, _)| path).to_owned();
    let paths: Vec<String> = items.keys().map(|name| path(name)).collect();
    let near = closest(&path(wanted), paths.iter().map(String::as_str))?;
    items.keys().find(|name| path(name) == near)
}

/// Adds what there is instead of `wanted`; `lead` begins the sentence.
fn known_names(diagnostic: Diagnostic, lead: &str, items: &Items, wanted: &str) -> Diagnostic {
    let names: Vec<String> = items.keys().map(|name| quoted(name)).collect();
    let diagnostic = diagnostic.note(format!("{lead} {}", list(&names)));
    match nearest(items, wanted) {
        Some(name) => diagnostic.help(format!("did you mean {}?", quoted(name))),
        None => diagnostic,
    }
}
