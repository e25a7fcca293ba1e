//! Says a way through the call graph in words: exports, functions by their names, instances, imports.
//!
//! Differs from `walk.rs`, which finds the way.

use super::Reach;
use super::program::{Node, NodeId, Root, RootKind};
use crate::check::{InstanceId, Wiring};
use crate::diag::{escape, quoted};
use crate::load::{Body, CoreSort, IndirectCall, ModuleCode};

/// One step of a witness: a place on the way from an export to an import.
pub use crate::diag::WayStep as Step;

/// A step as a sentence without a full stop; names in backticks, untrusted text escaped.
pub(in crate::policy) fn sentence(step: &Step) -> String {
    let (name, instance) = (quoted(&step.name), quoted(&step.instance));
    let within = if step.module.is_empty() { instance.clone() } else { quoted(&step.module) };
    match step.kind {
        "uses" => format!("{instance} uses {name}"),
        "imports" => format!("{instance} imports {name} from the host"),
        "export" => format!("{instance} exports {name}"),
        "start" | "destructor" => format!("{within}: {}", escape(&step.name)),
        "function" => format!("the function {name} of {within} is called"),
        "table" | "reference" => format!("{within} calls {}", escape(&step.name)),
        "import" => format!("the import {name} is called"),
        _ => format!("{within} has {}", escape(&step.name)),
    }
}

impl Reach {
    /// A way in words; the first node is one of the roots.
    pub(super) fn words(&self, root: &Root, way: &[NodeId], wiring: &Wiring) -> Vec<Step> {
        let mut instance = root.instance;
        let step = |instance: InstanceId, kind, name: String, module: String| Step {
            instance: wiring.instance(instance).name.clone(),
            kind,
            name,
            module,
        };
        let kind = match &root.kind {
            RootKind::Export(_) => "export",
            RootKind::Start => "start",
            RootKind::Destructor => "destructor",
            RootKind::Unknown => "unknown code",
        };
        let mut words = vec![step(instance, kind, root.kind.to_string(), String::new())];
        for node in way {
            let (kind, name, module) = match &self.program.nodes[*node] {
                Node::Function { core, function } => {
                    let core = &self.program.cores[*core];
                    instance = core.instance;
                    let Some(code) = &self.codes[core.module.component] else { continue };
                    let module = &code.modules[core.module.module];
                    if is_shim(module) {
                        continue; // it stands for the function behind it
                    }
                    let of_several = code.modules.len() > 1;
                    let within =
                        if of_several { module_name(module, core.module.module) } else { String::new() };
                    ("function", function_name(module, *function), within)
                }
                Node::Import { instance: by, path } => {
                    instance = *by;
                    ("import", path.join("#"), String::new())
                }
                Node::Table { element: Some(_), .. } => continue,
                Node::Table { element: None, .. } => {
                    ("table", "any function of this type in a table".to_owned(), String::new())
                }
                Node::References { .. } => (
                    "reference",
                    "any function of this type with a reference to it".to_owned(),
                    String::new(),
                ),
                Node::Unknown { instance: by } => {
                    instance = *by;
                    ("unknown code", "code that is handed in, or cannot be read".to_owned(), String::new())
                }
                Node::Lifted | Node::Lowered | Node::BuiltIn => continue,
            };
            words.push(step(instance, kind, name, module));
        }
        words.dedup();
        words
    }
}

/// Whether all that the functions of a module do is to call one element of a table each: such a module is there because
/// instances that need each other cannot be made at once.
fn is_shim(module: &ModuleCode) -> bool {
    let is_stub = |body: &Body| {
        body.calls.is_empty() && matches!(body.indirect.as_slice(), [IndirectCall { element: Some(_), .. }])
    };
    !module.bodies.is_empty() && module.bodies.iter().all(is_stub)
}

/// The name of a function: that of the name section, else one under which it is exported, else its number.
fn function_name(module: &ModuleCode, function: u32) -> String {
    if let Some(name) = module.function_name(function) {
        return plain_name(name);
    }
    let is_it =
        |(_, sort, index): &&(String, CoreSort, u32)| *sort == CoreSort::Function && *index == function;
    match module.exports.iter().find(is_it) {
        Some((name, ..)) => plain_name(name),
        None => format!("function {function}"),
    }
}

fn module_name(module: &ModuleCode, index: usize) -> String {
    module.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| format!("core module {index}"))
}

/// A name as people wrote it: that of a Rust function without its mangling.
pub(super) fn plain_name(name: &str) -> String {
    match rustc_demangle::try_demangle(name) {
        Ok(plain) => format!("{plain:#}"),
        Err(_) => name.to_owned(),
    }
}
