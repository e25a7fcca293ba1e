//! A wiring as a script of wac, for people who audit compositions in that language.
//!
//! Differs from `report/graph/`, which shows a wiring: this is a program that another linker can run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use crate::check::{InstanceId, Port, Provider, Wiring};
use crate::config::WitToEmbed;
use crate::diag::{escape, shell_word};
use crate::link::{chosen_name, name_in_full};
use crate::load::Inputs;
use crate::model::Step;
use crate::source::{Origin, SourceMap};

/// The words of the language, which no name may be without a `%`.
const KEYWORDS: [&str; 48] = [
    "as",
    "async",
    "bool",
    "borrow",
    "char",
    "constructor",
    "enum",
    "error-context",
    "export",
    "f32",
    "f64",
    "flags",
    "float32",
    "float64",
    "from",
    "func",
    "future",
    "import",
    "include",
    "interface",
    "let",
    "list",
    "map",
    "new",
    "option",
    "own",
    "package",
    "record",
    "resource",
    "result",
    "s16",
    "s32",
    "s64",
    "s8",
    "static",
    "stream",
    "string",
    "targets",
    "tuple",
    "type",
    "u16",
    "u32",
    "u64",
    "u8",
    "use",
    "variant",
    "with",
    "world",
];

/// The script of a composition, to be written to `path`. Its first lines are the commands that run it; the components of
/// `others` are in no file that wac could read.
pub fn wac_script(
    (inputs, wiring): (&Inputs, &Wiring),
    name: &str,
    path: Option<&Path>,
    others: &BTreeMap<usize, Option<WitToEmbed>>,
    sources: &SourceMap,
) -> String {
    let mut taken = BTreeSet::new();
    let instances: Vec<String> =
        wiring.instances.iter().map(|instance| identifier(&instance.name, &mut taken)).collect();
    let packages = packages(wiring, &instances);
    // A package can have no instance of itself.
    let own = identifier(name, &mut taken);
    let mut text = header((inputs, wiring), &own, path, &packages, others, sources);
    let edges: BTreeMap<&Port, &Provider> =
        wiring.edges.iter().map(|edge| (&edge.import, &edge.provider)).collect();
    let mut at = wiring.edges.iter().peekable();
    for (index, instance) in instances.iter().enumerate() {
        let package = &packages[&wiring.instances[index].component];
        let mut arguments = Vec::new();
        let mut has_host = false;
        let mut remarks = Vec::new();
        while let Some(edge) = at.next_if(|edge| edge.import.instance == InstanceId(index)) {
            match source(&edge.import, &edges, &instances) {
                Some(source) => arguments.push(format!("{}: {source}", text_of(&edge.import.name))),
                None => {
                    has_host = true;
                    let chosen = chosen_name(edge, wiring).map(str::to_owned);
                    let name = chosen.or_else(|| name_in_full(edge, (inputs, wiring)));
                    remarks.extend(name.map(|name| (escape(&edge.import.name), escape(&name))));
                }
            }
        }
        if has_host {
            arguments.push("...".to_owned());
        }
        for (import, name) in remarks {
            let _ = writeln!(text, "// {import} was to be imported as {name}: for that, wac needs its type");
        }
        let _ = match arguments.is_empty() {
            true => writeln!(text, "let {instance} = new {package} {{}};"),
            false => writeln!(text, "let {instance} = new {package} {{\n  {}\n}};", arguments.join(",\n  ")),
        };
    }
    text.push('\n');
    for exposed in &wiring.exports {
        let export = &exposed.export;
        // Without a name of its own, an export is called after its interface.
        let component = wiring.instances.get(export.instance.0).map(|it| &inputs.components[it.component]);
        let item = component.and_then(|component| component.surface.exports.get(&export.name));
        let is_label = item.is_some_and(|item| item.implements.is_some());
        // Nor does wac take a name with a version suffix, other than in full.
        let is_own = exposed.name == export.name;
        let name = item.filter(|_| is_own).map_or(exposed.name.clone(), |item| item.full_name(&export.name));
        let renamed = match name == export.name && !is_label {
            true => String::new(),
            false => format!(" as {}", text_of(&name)),
        };
        let provider = &instances[export.instance.0];
        let _ = writeln!(text, "export {provider}[{}]{renamed};", text_of(&export.name));
    }
    text
}

/// The first lines: the commands that run the script, and the package that it is.
fn header(
    (inputs, wiring): (&Inputs, &Wiring),
    composition: &str,
    path: Option<&Path>,
    packages: &BTreeMap<usize, String>,
    others: &BTreeMap<usize, Option<WitToEmbed>>,
    sources: &SourceMap,
) -> String {
    let mut text = String::new();
    let file = path.map_or_else(|| format!("{composition}.wac"), |path| escape(&path.to_string_lossy()));
    let mut made = String::new();
    let mut named = String::new();
    let mut told = BTreeSet::new();
    for component in wiring.instances.iter().map(|instance| &instance.component) {
        let package = &packages[component];
        if !told.insert(package) {
            continue;
        }
        let source = sources.get(inputs.components[*component].source);
        let mut path = match &source.origin {
            Origin::File(path) => escape(&path.to_string_lossy()),
            Origin::StandardInput => "-".to_owned(),
            Origin::Printed { .. } | Origin::CommandLine | Origin::BuiltIn => escape(&source.name),
        };
        if let Some(wit) = others.get(component) {
            let whole = format!("{}-component.wasm", package.trim_start_matches("witc:"));
            let _ = writeln!(made, "// {}", making(&shell_word(&path), wit.as_ref(), &whole));
            path = whole;
        }
        let _ = writeln!(named, "//   -d {package}={} \\", shell_word(&path));
    }
    if !made.is_empty() {
        let _ = write!(text, "// wac reads binaries of components only. Make them first:\n{made}// Then:\n");
    }
    let _ = write!(text, "// wac compose {} \\\n{named}", shell_word(&file));
    let _ = writeln!(text, "//   -o {composition}-wac.wasm\npackage witc:{composition};\n");
    text
}

/// The command that makes a component of what is none, for the world that is named, if one is.
fn making(path: &str, wit: Option<&WitToEmbed>, whole: &str) -> String {
    let Some(WitToEmbed { path: wit, world }) = wit else {
        return format!("witc compose {path} -o {whole} -A check/unmet-import");
    };
    let world =
        world.as_ref().map_or_else(String::new, |world| format!(" --world {}", shell_word(world.as_str())));
    let wit = shell_word(&escape(&wit.value.to_string_lossy()));
    format!("wasm-tools component embed{world} {wit} {path} | wasm-tools component new -o {whole}")
}

/// The package that stands for each component: called like its first instance.
fn packages(wiring: &Wiring, instances: &[String]) -> BTreeMap<usize, String> {
    let mut packages = BTreeMap::new();
    for (instance, name) in wiring.instances.iter().zip(instances) {
        let name = name.trim_start_matches('%');
        packages.entry(instance.component).or_insert_with(|| format!("witc:{name}"));
    }
    packages
}

/// Who provides an import, as an expression; `None` for the host.
fn source(import: &Port, edges: &BTreeMap<&Port, &Provider>, instances: &[String]) -> Option<String> {
    match edges.get(import)? {
        Provider::Host(_) => None,
        Provider::Export(port) => Some(format!("{}[{}]", instances[port.instance.0], text_of(&port.name))),
        Provider::Member { import: of, steps } => {
            let of = Port { instance: import.instance, name: of.clone() };
            let mut source = source(&of, edges, instances)?;
            for step in steps {
                if let Step::Item(name) = step {
                    let _ = write!(source, "[{}]", text_of(name));
                }
            }
            Some(source)
        }
    }
}

/// A text of the language. Names of imports and exports have no quotes: the validator refuses them.
fn text_of(name: &str) -> String {
    format!("\"{}\"", escape(name).replace('"', ""))
}

/// A name of the language: words of small letters and digits, each after a letter, with a `-` between.
fn identifier(name: &str, taken: &mut BTreeSet<String>) -> String {
    let lower = name.to_ascii_lowercase();
    let words =
        lower.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let word = |word: &str| match word.starts_with(|first: char| first.is_ascii_digit()) {
        true => format!("n{word}"),
        false => word.to_owned(),
    };
    let mut plain = words.map(word).collect::<Vec<_>>().join("-");
    if plain.is_empty() {
        plain.push_str("part");
    }
    let numbered = (2..).map(|number| format!("{plain}-n{number}"));
    let mut free = std::iter::once(plain.clone()).chain(numbered).filter(|name| !taken.contains(name));
    let name = free.next().expect("there are more numbers than names");
    taken.insert(name.clone());
    if KEYWORDS.contains(&name.as_str()) { format!("%{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], expected: &[&str]) {
        let mut taken = BTreeSet::new();
        let found: Vec<String> = names.iter().map(|name| identifier(name, &mut taken)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_name_becomes_a_name_of_the_language() {
        check(&["payment_processor", "a/add", "a-add"], &["payment-processor", "a-add", "a-add-n2"]);
        check(&["new", "3d", "ünï", "", "..."], &["%new", "n3d", "n", "part", "part-n2"]);
    }
}
