//! Programs that do nothing, recorded by toolchain (`baselines.toml`), and which components begin like one of them. A heuristic.
//!
//! Differs from `support.rs`, which tells what brought an import in where names of functions or an engine say so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use crate::load::{Code, CoreSort, ModuleCode};

/// What one toolchain puts into every program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Baseline {
    /// What puts it there: `Rust standard library`.
    pub(super) cause: String,
    /// The compilers, as `producers` sections name them.
    tools: Vec<String>,
    /// Of which version it is.
    pub(super) recorded: String,
    /// The functions that the core module imports, without versions.
    module: BTreeSet<String>,
    /// How to be rid of it.
    pub(super) fix: String,
    /// By interface: the functions that are reached although names of functions say nothing about them.
    named: BTreeMap<String, BTreeSet<String>>,
    /// The same for a module without names.
    bare: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    baseline: Vec<Baseline>,
}

fn baselines() -> &'static [Baseline] {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let read =
        || toml::from_str(include_str!("baselines.toml")).expect("the table is right: a test reads it");
    &TABLE.get_or_init(read).baseline
}

/// The toolchains of which such programs are recorded, by what they bring.
pub(super) fn causes() -> impl Iterator<Item = &'static str> {
    baselines().iter().map(|it| it.cause.as_str())
}

/// That a component begins like a program that does nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begins {
    pub(super) baseline: &'static Baseline,
    has_names: bool,
}

impl Begins {
    /// The recorded program that a component has the most in common with. Where a module says which compiler made it, it
    /// imports all that the program of that compiler does. Where it does not say, it imports exactly the same: else it would
    /// be a guess which toolchain it is of.
    pub(super) fn of(code: &Code) -> Option<Self> {
        let of_module = |module: &ModuleCode| {
            let imports = imports(module);
            let is_it = |baseline: &&Baseline| {
                if baselines().iter().any(|it| it.is_named_by(module)) {
                    baseline.is_named_by(module) && baseline.module.is_subset(&imports)
                } else {
                    baseline.module.len() > 1 && baseline.module == imports
                }
            };
            let baseline = baselines().iter().filter(is_it).max_by_key(|it| it.module.len())?;
            Some(Self { baseline, has_names: !module.names.is_empty() })
        };
        code.modules.iter().filter_map(of_module).max_by_key(|it| it.baseline.module.len())
    }

    /// Whether the program that does nothing reaches all of some functions of an interface too.
    pub(super) fn explains<'f>(&self, interface: &str, mut reached: impl Iterator<Item = &'f str>) -> bool {
        let of = if self.has_names { &self.baseline.named } else { &self.baseline.bare };
        of.get(interface).is_some_and(|functions| reached.all(|function| functions.contains(function)))
    }
}

impl Baseline {
    fn is_named_by(&self, module: &ModuleCode) -> bool {
        module.tools.iter().any(|tool| self.tools.contains(tool))
    }
}

/// The functions that a core module imports, without the versions of interfaces.
fn imports(module: &ModuleCode) -> BTreeSet<String> {
    let functions = module.imports.iter().filter(|(.., sort)| *sort == CoreSort::Function);
    let name = |from: &str| from.split('@').next().unwrap_or_default().to_owned();
    functions.map(|(from, function, _)| format!("{}#{function}", name(from))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(tools: &[&str], names: bool, imports: impl Iterator<Item = String>) -> Code {
        let import = |name: String| {
            let (from, function) = name.split_once('#').expect("a `#` parts them");
            (format!("{from}@0.2.9"), function.to_owned(), CoreSort::Function)
        };
        let module = ModuleCode {
            imports: imports.map(import).collect(),
            tools: tools.iter().map(|&tool| tool.to_owned()).collect(),
            names: if names { vec![(0, "main".to_owned())] } else { Vec::new() },
            ..ModuleCode::default()
        };
        Code { modules: vec![module], ..Code::default() }
    }

    #[test]
    fn each_program_is_found_again_and_no_other_is() {
        for baseline in baselines() {
            let same = || baseline.module.iter().cloned();
            let more = || same().chain(["wasi:http/outgoing-handler#handle".to_owned()]);
            let less = || same().skip(1);
            let found = |code: &Code| Begins::of(code).map(|it| it.baseline.recorded.as_str());
            let it = Some(baseline.recorded.as_str());
            let tool = [baseline.tools[0].as_str()];
            assert_eq!(found(&module(&tool, true, same())), it);
            assert_eq!(found(&module(&tool, false, more())), it);
            assert_ne!(found(&module(&tool, true, less())), it);
            // Nothing says who made it: only what is equal counts, and one function is no evidence.
            assert_eq!(found(&module(&[], false, same())), it.filter(|_| baseline.module.len() > 1));
            assert_eq!(found(&module(&[], false, more())), None);
            assert_eq!(found(&module(&["someone else's compiler"], false, more())), None);
        }
        let rust = baselines()[0].module.iter().cloned();
        let c = Begins::of(&module(&["clang"], true, rust)).map(|it| it.baseline.cause.as_str());
        assert_eq!(c, Some("C library"), "what C and Rust both import does not make it Rust");
    }

    #[test]
    fn one_function_more_is_not_explained() {
        let rust = baselines().last().expect("there are some");
        let code = |names| module(&[&rust.tools[0]], names, rust.module.iter().cloned());
        let begins = Begins::of(&code(true)).expect("it is the same");
        assert!(begins.explains("wasi:clocks/wall-clock", ["now"].into_iter()));
        assert!(!begins.explains("wasi:clocks/wall-clock", ["now", "resolution"].into_iter()));
        assert!(!begins.explains("wasi:http/outgoing-handler", ["handle"].into_iter()));
        let rust = module(&["rustc"], true, baselines()[0].module.iter().cloned());
        let begins = Begins::of(&rust).expect("it is the same");
        let environment = || ["get-environment"].into_iter();
        assert!(!begins.explains("wasi:cli/environment", environment()), "names tell more");
        let begins = Begins { has_names: false, ..begins };
        assert!(begins.explains("wasi:cli/environment", environment()));
    }

    /// What is told without names is told with names or explained by them: the longer list is the one without.
    #[test]
    fn names_leave_less() {
        for baseline in baselines() {
            for (interface, functions) in &baseline.named {
                let bare = baseline.bare.get(interface);
                assert!(
                    bare.is_some_and(|bare| functions.is_subset(bare)),
                    "{}: {interface}",
                    baseline.recorded
                );
            }
        }
    }
}
