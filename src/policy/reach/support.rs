//! Which imports only run-time support reaches: start-up, panics, the preview 1 adapter, an engine. Heuristic, never a proof.
//!
//! Differs from `walk.rs`: this decides where a walk is cut, by names and recorded lists (`support.toml`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::baseline::{self, Begins};
use super::program::{Node, NodeId, Program, imported};
use super::walk::Walk;
use super::witness::plain_name;
use crate::check::InstanceId;
use crate::load::{Code, CoreSort, ModuleCode};
use crate::policy::SupportRow;
use crate::policy::capability::Instance;

/// The recorded knowledge about toolchains.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    symbols: Vec<Symbols>,
    preview1: Preview1,
    engine: Vec<Engine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Symbols {
    cause: String,
    functions: Vec<String>,
    except: Vec<String>,
    fix: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Preview1 {
    cause: String,
    fix: String,
    functions: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Engine {
    cause: String,
    tools: Vec<String>,
    exports: Vec<String>,
    recorded: String,
    baseline: Vec<String>,
    fix: String,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        toml::from_str(include_str!("support.toml")).expect("the table is right: a test reads it")
    })
}

/// All kinds of run-time support that are known.
pub(in crate::policy) fn all_causes() -> impl Iterator<Item = &'static str> {
    let table = table();
    let symbols = table.symbols.iter().map(|it| it.cause.as_str());
    let engines = table.engine.iter().map(|it| it.cause.as_str());
    symbols.chain([table.preview1.cause.as_str()]).chain(engines).chain(baseline::causes())
}

/// Why an import is likely only run-time support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) struct Support {
    /// What reaches it: `panic messages`.
    pub(in crate::policy) cause: String,
    /// How we know, a clause.
    pub(in crate::policy) evidence: String,
    /// What to do about it.
    pub(in crate::policy) fix: String,
    /// What is known about the program's own use of it.
    pub(in crate::policy) kind: SupportKind,
}

/// What is known about whether a program itself uses what run-time support brings in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SupportKind {
    /// Likely nothing else uses it.
    #[default]
    Likely,
    /// An engine brings it in, that runs a program which is data: nobody can see whether the program uses it.
    Engine,
    /// A program that does nothing has it as well: nobody can see whether this one uses it.
    EmptyProgram,
}

impl Support {
    /// As reports show it.
    pub(in crate::policy) fn row(&self) -> SupportRow {
        SupportRow {
            cause: self.cause.clone(),
            evidence: self.evidence.clone(),
            fix: self.fix.clone(),
            kind: self.kind,
        }
    }
}

/// The walks that leave out run-time support.
pub(super) struct Supported {
    /// By symbol cause that occurs: its place in the table, and a walk without its functions.
    without: Vec<(usize, Walk)>,
    /// Without the functions of all causes.
    without_symbols: Walk,
    /// Without these and without adapters.
    without_adapters: Walk,
    /// By instance: the interfaces that its preview 1 functions need.
    needed_of_adapter: BTreeMap<InstanceId, BTreeSet<&'static str>>,
    /// By component of the inputs: the engine in it.
    engines: Vec<Option<&'static Engine>>,
    /// By component of the inputs: the program that does nothing with which it begins.
    begins: Vec<Option<Begins>>,
}

impl Supported {
    /// Walks over the graph without run-time support.
    pub(super) fn of(program: &Program, codes: &[Option<Code>]) -> Self {
        let causes = causes(program, codes);
        let adapters: Vec<bool> = program
            .cores
            .iter()
            .map(|core| {
                codes[core.module.component]
                    .as_ref()
                    .is_some_and(|it| is_adapter(&it.modules[core.module.module]))
            })
            .collect();
        let is_of_adapter =
            |node: NodeId| matches!(program.nodes[node], Node::Function { core, .. } if adapters[core]);
        let walk = |is_cut: &dyn Fn(NodeId) -> bool| {
            Walk::new(&program.edges, program.roots.iter().map(|root| root.node), is_cut)
        };
        let occurring: BTreeSet<usize> = causes.iter().copied().flatten().collect();
        let without =
            occurring.into_iter().map(|cause| (cause, walk(&|node| causes[node] == Some(cause)))).collect();
        let without_symbols = walk(&|node| causes[node].is_some());
        let mut needed_of_adapter: BTreeMap<InstanceId, BTreeSet<&str>> = BTreeMap::new();
        for (core, _) in program.cores.iter().zip(&adapters).filter(|(_, is_adapter)| **is_adapter) {
            let Some(code) = &codes[core.module.component] else { continue };
            for (name, sort, index) in &code.modules[core.module.module].exports {
                if *sort == CoreSort::Function && without_symbols.reaches(core.functions[*index as usize]) {
                    let interfaces = table().preview1.functions.get(name).into_iter().flatten();
                    needed_of_adapter
                        .entry(core.instance)
                        .or_default()
                        .extend(interfaces.map(String::as_str));
                }
            }
        }
        Self {
            without,
            without_adapters: walk(&|node| causes[node].is_some() || is_of_adapter(node)),
            without_symbols,
            needed_of_adapter,
            engines: codes.iter().map(|code| code.as_ref().and_then(engine)).collect(),
            begins: codes.iter().map(|code| code.as_ref().and_then(Begins::of)).collect(),
        }
    }

    /// Why an import of an interface, which the code of an instance reaches, is likely only run-time support.
    pub(super) fn of_import(&self, node: NodeId, interface: &str, instance: &Instance) -> Option<Support> {
        let engine = self.engines[instance.component];
        let by_code = self.by_code(node, interface, instance.id).map(|support| Support {
            // Whoever writes a script has no hand in how the engine is built.
            fix: engine.map_or(support.fix, |engine| engine.fix.clone()),
            ..support
        });
        by_code.or_else(|| {
            let engine = engine?;
            engine.baseline.iter().any(|it| it == interface).then(|| Support {
                cause: engine.cause.clone(),
                evidence: format!(
                    "the {} imports it for every program (recorded from {}), and whether this program uses it cannot be seen in code",
                    engine.cause, engine.recorded
                ),
                fix: engine.fix.clone(),
                kind: SupportKind::Engine,
            })
        })
    }

    /// The program that does nothing with which a component of the inputs begins.
    pub(super) fn begins(&self, component: usize) -> Option<&Begins> {
        self.begins[component].as_ref()
    }

    /// What brings in what that program has.
    pub(super) fn of_empty_program(&self, component: usize) -> Option<Support> {
        let baseline = self.begins(component)?.baseline;
        Some(Support {
            cause: baseline.cause.clone(),
            evidence: format!(
                "an empty program with the {} reaches the same of it (recorded from {}), and whether this program uses it as well cannot be seen",
                baseline.cause, baseline.recorded
            ),
            fix: baseline.fix.clone(),
            kind: SupportKind::EmptyProgram,
        })
    }

    /// The engine in a component of the inputs.
    pub(super) fn engine(&self, component: usize) -> Option<&str> {
        self.engines[component].map(|engine| engine.cause.as_str())
    }

    fn by_code(&self, node: NodeId, interface: &str, instance: InstanceId) -> Option<Support> {
        if self.without_adapters.reaches(node) {
            return None;
        }
        if self.without_symbols.reaches(node) {
            let needed = self.needed_of_adapter.get(&instance);
            let preview1 = &table().preview1;
            return (!needed.is_some_and(|needed| needed.contains(interface))).then(|| Support {
                cause: preview1.cause.clone(),
                evidence: "only the preview 1 adapter imports it, and no preview 1 function that the program calls is for it"
                    .to_owned(),
                fix: preview1.fix.clone(),
                kind: SupportKind::Likely,
            });
        }
        let alone = self.without.iter().find(|(_, walk)| !walk.reaches(node)).map(|(cause, _)| *cause);
        let causes: Vec<&Symbols> = match alone {
            Some(cause) => vec![&table().symbols[cause]],
            None => self.without.iter().map(|(cause, _)| &table().symbols[*cause]).collect(),
        };
        let join = |part: fn(&Symbols) -> &str, by: &str| {
            causes.iter().map(|cause| part(cause)).collect::<Vec<_>>().join(by)
        };
        let cause = join(|it| &it.cause, " and ");
        let evidence = format!("without the functions for {cause}, known by their names, nothing reaches it");
        Some(Support { cause, evidence, fix: join(|it| &it.fix, "; "), kind: SupportKind::Likely })
    }
}

/// By node: which cause its name belongs to.
fn causes(program: &Program, codes: &[Option<Code>]) -> Vec<Option<usize>> {
    let mut causes = vec![None; program.nodes.len()];
    let mut of_module: BTreeMap<(usize, usize), BTreeMap<u32, usize>> = BTreeMap::new();
    for core in &program.cores {
        let Some(code) = &codes[core.module.component] else { continue };
        let key = (core.module.component, core.module.module);
        let module = &code.modules[core.module.module];
        let named = of_module.entry(key).or_insert_with(|| {
            let cause = |(index, name): &(u32, String)| Some((*index, cause_of(name)?));
            module.names.iter().filter_map(cause).collect()
        });
        let own = imported(module, CoreSort::Function);
        for (function, cause) in named.iter().filter(|(function, _)| **function as usize >= own) {
            if let Some(node) = core.functions.get(*function as usize) {
                causes[*node] = Some(*cause);
            }
        }
    }
    causes
}

fn cause_of(name: &str) -> Option<usize> {
    let name = plain_name(name);
    let matches = |pattern: &String| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *pattern,
    };
    let is_it =
        |symbols: &Symbols| symbols.functions.iter().any(matches) && !symbols.except.iter().any(matches);
    table().symbols.iter().position(is_it)
}

/// Whether a module is the adapter of preview 1: all that it exports are functions of preview 1, and what goes with them.
fn is_adapter(module: &ModuleCode) -> bool {
    let mut functions =
        module.exports.iter().filter(|(_, sort, _)| *sort == CoreSort::Function).map(|(name, ..)| name);
    let is_of_preview1 = |name: &String| table().preview1.functions.contains_key(name);
    let goes_with_them = |name: &String| {
        name == "reset_adapter_state" || name.starts_with("cabi_") || name.starts_with("wasi:cli/run@")
    };
    let is_some = functions.clone().any(|name| is_of_preview1(name) || name == "reset_adapter_state");
    is_some && functions.all(|name| is_of_preview1(name) || goes_with_them(name))
}

fn engine(code: &Code) -> Option<&'static Engine> {
    let is_it = |engine: &&Engine| {
        let by_tool = code.tools.iter().any(|name| engine.tools.contains(name));
        let mut exports = code.modules.iter().flat_map(|module| &module.exports);
        by_tool || exports.any(|(name, ..)| engine.exports.contains(name))
    };
    table().engine.iter().find(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, cause: Option<&str>) {
        assert_eq!(cause_of(name).map(|at| table().symbols[at].cause.as_str()), cause);
    }

    #[test]
    fn names_of_support_are_known() {
        check("core::panicking::panic_fmt", Some("panic messages"));
        check("_ZN4core9panicking9panic_fmt17h0123456789abcdefE", Some("panic messages"));
        check("std::panicking::try::do_call", None);
        check("__wasm_call_ctors", Some("libc start-up"));
        check("__wasilibc_populate_preopens", None);
        check("std::sys::backtrace::__rust_begin_short_backtrace::<fn(), ()>", None);
        check("std::sys::backtrace::lock", Some("panic messages"));
        check("std::rt::lang_start_internal", None);
    }
}
