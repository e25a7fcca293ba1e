//! What components import, and what of it they give to core code, counted anew: from the sections of the binary, read in order,
//! without any of witc's code.
//!
//! Differs from `figures.rs`, which holds the figures of witc against those of before: here they are held against another count.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use wasmparser::component_types::{ComponentEntityType, ComponentItem};
use wasmparser::types::TypesRef;
use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExternalKind, ComponentImport, ComponentInstance,
    ComponentTypeRef, Parser, Payload, Validator, WasmFeatures,
};
use witc::config::{ComponentInput, Request};
use witc::pipeline;
use witc::report::Answer;
use witc::source::MemoryFiles;

pub(crate) fn tests() -> Vec<Trial> {
    vec![Trial::test("recount::imports_and_what_is_lowered", all)]
}

/// All components of the fixtures, and the real ones in the folder that `WITC_COMPONENTS` names.
fn all() -> Result<(), Failed> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("wit-fixtures")];
    open.extend(std::env::var_os("WITC_COMPONENTS").map(PathBuf::from));
    let (mut broken, mut counted, mut lowered, mut not_lowered) = (Vec::new(), 0, 0, 0);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            if !path.extension().is_some_and(|it| it == "wat" || it == "wasm") {
                continue;
            }
            let Ok(bytes) = wat::parse_file(&path) else { continue };
            let (Some(found), Some(expected)) = (by_witc(&bytes), by_sections(&bytes)) else { continue };
            counted += 1;
            lowered += expected.lowered.len();
            not_lowered += expected.imported.len() - expected.lowered.len();
            if found.imported != expected.imported || found.lowered != expected.lowered {
                broken.push(format!("{}: witc says {found:?}, the sections {expected:?}", path.display()));
            }
        }
    }
    if counted < 40 || lowered < 20 || not_lowered < 5 {
        broken.push(format!(
            "{counted} components, {lowered} lowered and {not_lowered} not: too few to say anything"
        ));
    }
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n").into()) }
}

/// Functions, each as its import on its track, and its own name without a bracket.
type Functions = BTreeSet<(String, String)>;

#[derive(Debug, Default)]
struct Count {
    imported: Functions,
    lowered: Functions,
}

/// What `witc caps` says. A composition is told part by part, and says nothing here.
fn by_witc(bytes: &[u8]) -> Option<Count> {
    let files = MemoryFiles::default().with("it.wasm", bytes);
    let request = Request { inputs: vec![ComponentInput::bare("it.wasm")], ..Request::default() };
    let Some(Answer::Capabilities(found)) = pipeline::capabilities(&request, &files).answer else {
        return None;
    };
    let [instance] = found.first()?.instances.as_slice() else { return None };
    let mut count = Count::default();
    for row in &instance.rows {
        // With a label comes what stands behind it.
        let import = row.interface.split(": ").next().unwrap_or_default();
        for used in &row.uses {
            let function = (import.to_owned(), used.function.clone());
            if used.is_lowered {
                count.lowered.insert(function.clone());
            }
            count.imported.insert(function);
        }
    }
    Some(count)
}

/// What the sections of the outermost component say; `None` where it hands what it imports to components within, or where it is
/// none.
fn by_sections(bytes: &[u8]) -> Option<Count> {
    let types = Validator::new_with_features(WasmFeatures::all()).validate_all(bytes).ok()?;
    let mut sections = Sections::default();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.ok()?;
        if let Payload::ModuleSection { .. } | Payload::ComponentSection { .. } = payload {
            depth += 1;
        } else if let Payload::End(_) = payload {
            depth -= 1;
        } else if depth == 0 {
            sections.take(&payload, types.as_ref())?;
        }
    }
    Some(sections.count)
}

/// The index spaces of functions and instances; of what is not imported nothing is known.
#[derive(Default)]
struct Sections {
    functions: Vec<Option<(String, String)>>,
    instances: Vec<Option<String>>,
    count: Count,
}

impl Sections {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other sections define no functions and no instances"
    )]
    fn take(&mut self, payload: &Payload<'_>, types: TypesRef<'_>) -> Option<()> {
        match payload {
            Payload::Version { encoding, .. } if *encoding == wasmparser::Encoding::Module => return None,
            Payload::ComponentImportSection(section) => {
                for import in section.clone() {
                    self.import(&import.ok()?, types)?;
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section.clone() {
                    if let ComponentAlias::InstanceExport { kind, instance_index, name } = alias.ok()? {
                        self.alias(kind, instance_index, name)?;
                    }
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section.clone() {
                    let parts: Vec<_> = match instance.ok()? {
                        ComponentInstance::Instantiate { args, .. } => {
                            args.iter().map(|it| (it.kind, it.index)).collect()
                        }
                        ComponentInstance::FromExports(parts) => {
                            parts.iter().map(|it| (it.kind, it.index)).collect()
                        }
                    };
                    // Beyond this point it would have to be followed into others.
                    if parts.iter().any(|(kind, index)| self.is_imported(*kind, *index)) {
                        return None;
                    }
                    self.instances.push(None);
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for function in section.clone() {
                    match function.ok()? {
                        CanonicalFunction::Lift { .. } => self.functions.push(None),
                        CanonicalFunction::Lower { func_index, .. } => {
                            self.count.lowered.extend(self.functions.get(func_index as usize)?.clone());
                        }
                        _ => {}
                    }
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.clone() {
                    let export = export.ok()?;
                    self.export(export.kind, export.index)?;
                }
            }
            _ => {}
        }
        Some(())
    }

    fn import(&mut self, import: &ComponentImport<'_>, types: TypesRef<'_>) -> Option<()> {
        let name = import.name.full_name().to_string();
        match import.ty {
            ComponentTypeRef::Func(_) => {
                self.functions.push(Some((name.clone(), name.clone())));
                self.count.imported.insert((name.clone(), name));
            }
            ComponentTypeRef::Instance(_) => {
                let item = types.component_item_for_import(import.name.name)?;
                functions(&on_track(&name), "", item, types, &mut self.count.imported)?;
                self.instances.push(Some(on_track(&name)));
            }
            // What is handed in can do anything.
            ComponentTypeRef::Module(_) | ComponentTypeRef::Component(_) => return None,
            ComponentTypeRef::Type(_) | ComponentTypeRef::Value(_) => {}
        }
        Some(())
    }

    fn alias(&mut self, kind: ComponentExternalKind, instance: u32, name: &str) -> Option<()> {
        let of = self.instances.get(instance as usize)?.clone();
        match kind {
            ComponentExternalKind::Func => {
                self.functions.push(of.map(|import| (import, short(name).to_owned())));
            }
            // An instance within an imported one: WIT has none.
            ComponentExternalKind::Instance if of.is_some() => return None,
            ComponentExternalKind::Instance => self.instances.push(None),
            ComponentExternalKind::Module
            | ComponentExternalKind::Value
            | ComponentExternalKind::Type
            | ComponentExternalKind::Component => {}
        }
        Some(())
    }

    /// What is exported as it is, whoever calls that calls the import.
    fn export(&mut self, kind: ComponentExternalKind, index: u32) -> Option<()> {
        match kind {
            ComponentExternalKind::Func => {
                let function = self.functions.get(index as usize)?.clone();
                self.count.lowered.extend(function.clone());
                self.functions.push(function);
            }
            ComponentExternalKind::Instance => {
                let of = self.instances.get(index as usize)?.clone();
                let all = self.count.imported.iter();
                let all: Vec<_> = all.filter(|function| Some(&function.0) == of.as_ref()).cloned().collect();
                self.count.lowered.extend(all);
                self.instances.push(of);
            }
            ComponentExternalKind::Module
            | ComponentExternalKind::Value
            | ComponentExternalKind::Type
            | ComponentExternalKind::Component => {}
        }
        Some(())
    }

    fn is_imported(&self, kind: ComponentExternalKind, index: u32) -> bool {
        let index = index as usize;
        match kind {
            ComponentExternalKind::Func => self.functions.get(index).is_some_and(Option::is_some),
            ComponentExternalKind::Instance => self.instances.get(index).is_some_and(Option::is_some),
            ComponentExternalKind::Module
            | ComponentExternalKind::Value
            | ComponentExternalKind::Type
            | ComponentExternalKind::Component => false,
        }
    }
}

/// The functions of an imported instance, and of instances within it; `None` if code is handed in with it.
fn functions(
    import: &str,
    within: &str,
    item: &ComponentItem,
    types: TypesRef<'_>,
    found: &mut Functions,
) -> Option<()> {
    let ComponentEntityType::Instance(id) = item.ty else { return Some(()) };
    for (name, item) in &types[id].exports {
        match item.ty {
            ComponentEntityType::Func(_) => {
                found.insert((import.to_owned(), format!("{within}{}", short(name))));
            }
            ComponentEntityType::Module(_) | ComponentEntityType::Component(_) => return None,
            ComponentEntityType::Instance(_) => {
                functions(import, &format!("{within}{name}/"), item, types, found)?;
            }
            ComponentEntityType::Value(_) | ComponentEntityType::Type { .. } => {}
        }
    }
    Some(())
}

/// `[method]a.b` is called `a.b`.
fn short(function: &str) -> &str {
    function.rsplit(']').next().unwrap_or(function)
}

/// `a:b/c@0.2.3` is on the track `0.2`, `a:b/c@1.2.3` on `1`; a prerelease, and what begins with `0.0`, on one of its own.
fn on_track(name: &str) -> String {
    let Some((interface, version)) = name.split_once('@') else { return name.to_owned() };
    let parts: Vec<&str> = version.split('.').collect();
    let track = match parts.as_slice() {
        _ if version.contains('-') => version,
        ["0", "0", _] => version,
        ["0", minor, _] => return format!("{interface}@0.{minor}"),
        [major, ..] => major,
        [] => version,
    };
    format!("{interface}@{track}")
}
