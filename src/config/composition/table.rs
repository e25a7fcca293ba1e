//! Reads the table `[composition.NAME]` of a manifest into a `Composition`.
//!
//! Differs from `command_line.rs`, which reads bare paths and flags into the same form.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::diagnostics::{ConflictingKeys, IndirectComponent, NoComponents};
use super::{Chain, Choice, Composition, ExportChoice, HOST, InstanceEntry, WireChoice, choices};
use crate::config::ALL_HOSTS;
use crate::config::document::{Section, Value};
use crate::config::{ComponentInput, InputPath, Spanned, WitToEmbed, instance_names};
use crate::source::Span;

/// The input of an entry that has none because of a mistake. It keeps its place, so that its name is known.
const UNPLACED: usize = usize::MAX;

/// The keys of a composition.
pub(in crate::config) const KEYS: &[&str] =
    &["output", "root", "policy", "host", "wit", "wire", "chain", "exports", "expose", "components"];

/// How a path of Windows is written in TOML.
pub(in crate::config) const NO_ESCAPES: &str =
    "in `\"…\"` a `\\` begins an escape, so write `/` between folders, or `'…'` around the path";

/// One instance as it is written.
struct Entry {
    name: Spanned<String>,
    component: Named,
}

/// What an entry says about its component.
enum Named {
    /// Where it is, and where that is written.
    Input(ComponentInput, Span),
    /// It is that of another instance.
    Like(Spanned<String>),
    /// Something that was reported.
    Wrong,
}

/// Reads one composition; `folder` is that of the manifest. Every mistake is reported through `value`; after one, what
/// is returned is good for finding more mistakes only.
pub(in crate::config) fn read(
    name: Spanned<String>,
    value: &Value<'_>,
    folder: &Path,
) -> Option<Composition> {
    choices::check_composition_name(&name, &mut |mistake| value.mistake(mistake));
    let mut section = value.section()?;
    let mut composition = Composition::new(name);
    composition.output = read_output(&mut section, &composition.name, folder);
    composition.root = section.string("root");
    composition.policy = section.value("policy").and_then(|path| read_path(&path, folder));
    composition.host = section.value("host").and_then(|host| read_host(&host));
    composition.wit = section.value("wit").map(|paths| read_paths(&paths, folder)).unwrap_or_default();
    composition.wires = section.named("wire").into_iter().flat_map(read_wires).collect();
    composition.chains = section.named("chain").into_iter().filter_map(read_chain).collect();
    composition.exports = section.value("exports").map(|exports| read_exports(&exports));
    composition.exposed = section.value("expose").map(|exports| read_exports(&exports)).unwrap_or_default();
    let components = section.value("components");
    let entries = components.as_ref().map_or(Some(Vec::new()), |entries| read_entries(entries, folder))?;
    if entries.is_empty() {
        let span = components.map_or(section.span, |components| components.span);
        section.mistake(NoComponents { composition: composition.name.value.clone(), span });
        return None;
    }
    let unknown = place(entries, &mut composition, &section);
    choices::check(&composition, &unknown, true, &mut |mistake| section.mistake(mistake));
    Some(composition)
}

/// The host that it is for; `None` if that is written wrongly. Files know no hosts, but this word is none.
fn read_host(value: &Value<'_>) -> Option<Spanned<String>> {
    let host = value.string()?;
    if host.value == ALL_HOSTS {
        let expected = "the one host that the composition is for; `witc check --host all` asks about all";
        value.wrong(expected, None);
        return None;
    }
    Some(host)
}

/// Where the artifact goes; `None` if that is written wrongly.
fn read_output(section: &mut Section<'_>, name: &Spanned<String>, folder: &Path) -> Option<Spanned<PathBuf>> {
    match section.value("output") {
        Some(path) => read_path(&path, folder),
        None => Some(Spanned::new(folder.join(format!("{}.wasm", name.value)), name.span)),
    }
}

/// A path relative to the manifest; both separators are understood, so that one manifest serves every system.
fn read_path(value: &Value<'_>, folder: &Path) -> Option<Spanned<PathBuf>> {
    Some(read_text(value)?.map(|text| folder.join(text)))
}

/// The text of a path, with `/` between folders.
fn read_text(value: &Value<'_>) -> Option<Spanned<String>> {
    let text = value.string()?;
    if text.value.is_empty() {
        value.wrong("a path", None);
        return None;
    }
    if text.value.contains(char::is_control) {
        value.wrong(format!("a path without control characters: {NO_ESCAPES}"), None);
        return None;
    }
    Some(text.map(|text| text.replace('\\', "/")))
}

/// One path, or a list of paths.
fn read_paths(value: &Value<'_>, folder: &Path) -> Vec<Spanned<PathBuf>> {
    let values = if value.is_list() { value.list() } else { vec![value.clone()] };
    values.iter().filter_map(|value| read_path(value, folder)).collect()
}

/// The entries of `components`: a table by instance, or a list of files. `None` if it is neither, or if a name would be
/// missing.
fn read_entries(value: &Value<'_>, folder: &Path) -> Option<Vec<Entry>> {
    if value.is_list() {
        let values = value.list();
        let entries = read_listed(&values, folder);
        return (entries.len() == values.len()).then_some(entries);
    }
    if !value.is_table() {
        value.wrong_type("a table of instances or a list of files");
        return None;
    }
    let named = value.section()?.into_named();
    Some(named.into_iter().map(|(name, value)| read_entry(name, &value, folder)).collect())
}

/// Files without names: each instance is called like its file, as on the command line.
fn read_listed(values: &[Value<'_>], folder: &Path) -> Vec<Entry> {
    let paths: Vec<Spanned<String>> = values.iter().filter_map(read_text).collect();
    let mut seen = HashSet::new();
    for (path, value) in paths.iter().zip(values).filter(|_| paths.len() == values.len()) {
        if !seen.insert(choices::plain_path(Path::new(path.as_str()))) {
            value.wrong("another file than those before; for two instances of one, name each in a table: `one = \"…\"`", None);
        }
    }
    let bare: Vec<ComponentInput> = paths.iter().map(|path| ComponentInput::bare(path.as_str())).collect();
    let entry = |(name, path): (String, Spanned<String>)| {
        let input = ComponentInput::bare(folder.join(path.value));
        Entry { name: Spanned::new(name, path.span), component: Named::Input(input, path.span) }
    };
    instance_names(&bare).into_iter().zip(paths).map(entry).collect()
}

fn read_entry(name: Spanned<String>, value: &Value<'_>, folder: &Path) -> Entry {
    let component = if value.is_table() {
        value.section().and_then(|mut section| read_entry_table(&mut section, folder))
    } else {
        read_path(value, folder).map(|path| Named::Input(ComponentInput::bare(path.value), path.span))
    };
    Entry { name, component: component.unwrap_or(Named::Wrong) }
}

fn read_entry_table(section: &mut Section<'_>, folder: &Path) -> Option<Named> {
    if let Some(like) = section.value("component") {
        let others = [
            ("path", "keep `path` for a component of its own, or `component` to share one"),
            ("wit", "write `wit` beside the `path` of the component"),
            ("world", "write `world` beside the `path` of the component"),
        ];
        for (key, help) in others {
            let Some(other) = section.value(key) else { continue };
            let spans = [like.span, other.span];
            let section_path = section.path().to_owned();
            section.mistake(ConflictingKeys { section: section_path, keys: ["component", key], spans, help });
        }
        return like.string().map(Named::Like);
    }
    let path = section.require("path").and_then(|path| read_path(&path, folder));
    let world = section.string("world");
    let wit = if world.is_some() { section.require("wit") } else { section.value("wit") };
    let wit = wit.and_then(|wit| read_path(&wit, folder));
    let wit = wit.map(|path| WitToEmbed { path, world });
    let path = path?;
    Some(Named::Input(ComponentInput { wit, ..ComponentInput::bare(path.value) }, path.span))
}

/// Gives each entry its input: one a file, however many instances have it. Returns the names after `component` that no
/// entry has.
fn place(entries: Vec<Entry>, composition: &mut Composition, section: &Section<'_>) -> Vec<Spanned<String>> {
    let mut inputs: HashMap<ComponentInput, usize> = HashMap::new();
    let mut alike = Vec::new();
    for Entry { name, component } in entries {
        choices::check_instance_name(&name, &mut |mistake| section.mistake(mistake));
        let (input, component_span) = match component {
            Named::Input(input, span) => {
                let next = composition.inputs.len();
                let at = *inputs
                    .entry(ComponentInput { path: plain(&input.path), ..input.clone() })
                    .or_insert(next);
                if at == next {
                    composition.inputs.push(ComponentInput { name: Some(name.value.clone()), ..input });
                }
                (at, span)
            }
            Named::Like(target) => {
                let span = target.span;
                alike.push((composition.instances.len(), target));
                (UNPLACED, span)
            }
            Named::Wrong => (UNPLACED, name.span),
        };
        composition.instances.push(InstanceEntry { name, input, component_span });
    }
    share(alike, composition, section)
}

/// Gives each instance that is like another the input of that one.
fn share(
    alike: Vec<(usize, Spanned<String>)>,
    composition: &mut Composition,
    section: &Section<'_>,
) -> Vec<Spanned<String>> {
    let positions = composition.positions();
    let mut placed = Vec::new();
    let mut unknown = Vec::new();
    for (at, target) in alike {
        let Some(position) = positions.get(target.as_str()) else {
            unknown.push(target);
            continue;
        };
        let model = &composition.instances[*position];
        if model.input == UNPLACED {
            section.mistake(IndirectComponent {
                name: composition.instances[at].name.value.clone(),
                target: target.value,
                span: target.span,
                target_span: model.name.span,
            });
        }
        placed.push((at, model.input));
    }
    for (at, input) in placed {
        composition.instances[at].input = input;
    }
    unknown
}

fn plain(path: &InputPath) -> InputPath {
    match path {
        InputPath::StandardInput => InputPath::StandardInput,
        InputPath::Path(path) => InputPath::Path(choices::plain_path(path)),
    }
}

fn read_wires((user, value): (Spanned<String>, Value<'_>)) -> Vec<WireChoice> {
    let named = value.section().map(Section::into_named).unwrap_or_default();
    let wire = |(import, value): (Spanned<String>, Value<'_>)| {
        let provider = read_choice(&value)?;
        Some(WireChoice { user: user.clone(), import, provider })
    };
    named.into_iter().filter_map(wire).collect()
}

fn read_chain((interface, value): (Spanned<String>, Value<'_>)) -> Option<Chain> {
    if !value.is_list() {
        value.wrong_type("a list of instances, outermost first");
        return None;
    }
    // With one layer of a wrong type the chain is not looked at: it is not empty, and not what was meant.
    let layers = value.list().iter().map(Value::string).collect::<Option<_>>()?;
    Some(Chain { interface, layers })
}

fn read_exports(value: &Value<'_>) -> Vec<ExportChoice> {
    let named = value.section().map(Section::into_named).unwrap_or_default();
    let export = |(name, value): (Spanned<String>, Value<'_>)| match read_choice(&value)? {
        Choice::Instance { instance, export } => Some(ExportChoice { name, instance, export }),
        Choice::Host { .. } => {
            value.wrong("the name of an instance: the host exports nothing", None);
            None
        }
    };
    named.into_iter().filter_map(export).collect()
}

/// `"instance"`, `"host"`, or a table with `from` and the name there.
fn read_choice(value: &Value<'_>) -> Option<Choice> {
    if !value.is_table() {
        let from = value.string()?;
        return Some(match from.value.as_str() {
            HOST => Choice::Host { span: from.span, import: None },
            _ => Choice::Instance { instance: from, export: None },
        });
    }
    let mut section = value.section()?;
    let from = section.require("from").and_then(|from| from.string());
    if from.as_ref().is_some_and(|from| from.value == HOST) {
        let import = section.string("import");
        return from.map(|from| Choice::Host { span: from.span, import });
    }
    let export = section.string("export");
    from.map(|instance| Choice::Instance { instance, export })
}
