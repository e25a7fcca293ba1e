//! A composition as a user asked for it: the checked form of `[composition.NAME]` and of bare paths with flags.
//!
//! Differs from `request.rs`: that says what to load and how to judge it, this says how the instances are to be put
//! together. `check` and `link` know no other form.

mod choices;
mod command_line;
mod diagnostics;
mod table;

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

pub(super) use choices::plain_path;
pub use command_line::{CommandLine, Flags};
pub(super) use command_line::{replaced_twice, standard_input_twice};
pub(super) use diagnostics::{OutputOverInput, WrongReplacement, listed};
pub(super) use table::{KEYS, NO_ESCAPES, read};

use super::{ComponentInput, InputPath, LOCK_NAME, Spanned};
use crate::diag::Run;
use crate::source::Span;

/// The word that stands for the host where an instance could be named; no instance can have it as its name.
pub const HOST: &str = "host";

/// Components to link into one, and the choices that the user made; what is not chosen is wired by name and track.
///
/// Every instance that a choice names is one of `instances`, if it [is right](Self::is_right).
#[derive(Clone, Debug)]
pub struct Composition {
    /// Its name.
    pub name: Spanned<String>,
    /// The components to load, each path once.
    pub inputs: Vec<ComponentInput>,
    /// The instances, in the order in which they were written; their names are unique.
    pub instances: Vec<InstanceEntry>,
    /// The instance whose exports the whole has; without one, the instance that no other one needs.
    pub root: Option<Spanned<String>>,
    /// Imports whose provider was chosen; at most one choice for each import as it is written.
    pub wires: Vec<WireChoice>,
    /// Layers around one interface.
    pub chains: Vec<Chain>,
    /// All exports of the whole, instead of those of the root.
    pub exports: Option<Vec<ExportChoice>>,
    /// Exports of the whole beside all others.
    pub exposed: Vec<ExportChoice>,
    /// Where the artifact goes; `None` where the command line does not say.
    pub output: Option<Spanned<PathBuf>>,
    /// The policy to judge it by.
    pub policy: Option<Spanned<PathBuf>>,
    /// The id of the host profile that it must run on.
    pub host: Option<Spanned<String>>,
    /// Folders or files with more WIT to resolve against.
    pub wit: Vec<Spanned<PathBuf>>,
    /// Whether it is as the user wants it. If not, what is wrong was reported, and it is good for finding more mistakes only.
    pub is_right: bool,
}

/// One instance of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceEntry {
    /// Its name, and where it is written; a name taken from a file points at the path.
    pub name: Spanned<String>,
    /// Its component: an index into [`Composition::inputs`].
    pub input: usize,
    /// Where its component is named: the path, or the instance that it is like.
    pub component_span: Span,
}

/// The provider of one import of one instance, chosen by the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireChoice {
    /// The instance that imports.
    pub user: Spanned<String>,
    /// The import as the user wrote it: an extern name, a label, or an interface without its version.
    pub import: Spanned<String>,
    /// Who provides it.
    pub provider: Choice,
}

/// Whom the user chose as the provider of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The host, though an instance could provide it.
    Host {
        /// Where that is written.
        span: Span,
        /// The name under which the whole imports it; without one, the name that the instance imports.
        import: Option<Spanned<String>>,
    },
    /// An instance.
    Instance {
        /// Its name.
        instance: Spanned<String>,
        /// The export to take; without one, the export that matches the import.
        export: Option<Spanned<String>>,
    },
}

/// Instances that import and export one interface, put around each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The interface as the user wrote it: an extern name, or an interface without its version.
    pub interface: Spanned<String>,
    /// The instances, outermost first: each imports the interface from the next. At least one, none twice.
    pub layers: Vec<Spanned<String>>,
}

/// One export of the whole, chosen by the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportChoice {
    /// The name under which the whole exports it, as the user wrote it; without `export`, also the one to look for.
    pub name: Spanned<String>,
    /// The instance that has it.
    pub instance: Spanned<String>,
    /// The export to take, if it has another name there.
    pub export: Option<Spanned<String>>,
}

impl Composition {
    /// A composition with a name and no choices: all instances are wired by name and track.
    pub fn new(name: Spanned<String>) -> Self {
        Self {
            name,
            inputs: Vec::new(),
            instances: Vec::new(),
            root: None,
            wires: Vec::new(),
            chains: Vec::new(),
            exports: None,
            exposed: Vec::new(),
            output: None,
            policy: None,
            host: None,
            wit: Vec::new(),
            is_right: true,
        }
    }

    /// Whether its artifact is named after it, as a manifest does that names no `output`.
    fn has_implied_output(&self) -> bool {
        self.output.as_ref().is_some_and(|output| output.span == self.name.span)
    }

    /// Whether its artifact may be written where it says by itself; else what it would be written over is reported:
    /// `config/output-over-input`.
    pub fn may_be_written(&self, run: &mut Run) -> bool {
        let errors = run.diagnostics.error_count();
        choices::check_output(self, &mut |mistake| run.diagnostics.report(mistake));
        run.diagnostics.error_count() == errors
    }

    /// The files that it names to be loaded, and where.
    pub fn places(&self) -> Vec<(PathBuf, Span)> {
        let of_instances = self.instances.iter().flat_map(|entry| {
            let input = self.inputs.get(entry.input);
            let component = input.and_then(|input| match &input.path {
                InputPath::Path(path) => Some(path.clone()),
                InputPath::StandardInput => None,
            });
            let wit = input.and_then(|input| input.wit.as_ref());
            let wit = wit.map(|wit| (wit.path.value.clone(), wit.path.span));
            component.map(|path| (path, entry.component_span)).into_iter().chain(wit)
        });
        of_instances.chain(self.wit.iter().map(|path| (path.value.clone(), path.span))).collect()
    }

    /// What it is made of that lies at `path`, as far as the texts of paths tell: a component, the policy; in words, with the
    /// place where it is named.
    pub(super) fn parts_at(&self, path: &Path) -> Vec<(&'static str, Option<Span>)> {
        let path = plain_path(path);
        let is_there = |input: &ComponentInput| match &input.path {
            InputPath::Path(other) => plain_path(other) == path,
            InputPath::StandardInput => false,
        };
        let component = self.inputs.iter().position(is_there).map(|at| {
            let entry = self.instances.iter().find(|entry| entry.input == at);
            ("a component of it", entry.map(|entry| entry.component_span))
        });
        let policy = self.policy.as_ref().filter(|policy| plain_path(&policy.value) == path);
        let policy = policy.map(|policy| ("its policy", Some(policy.span)));
        component.into_iter().chain(policy).collect()
    }

    /// Where it names the policy at `path`.
    pub fn place_of_policy(&self, path: &Path) -> Option<Span> {
        self.policy.as_ref().filter(|policy| policy.value == path).map(|policy| policy.span)
    }

    /// Its artifact as text: what would be called like a binary is called `.wat`.
    pub(super) fn into_text(mut self) -> Self {
        if let Some(output) = self.output.as_mut().filter(|output| is_binary_name(&output.value)) {
            output.value.set_extension("wat");
        }
        self
    }

    /// From the name of each instance to its place in `instances`: for many look-ups.
    pub fn positions(&self) -> HashMap<&str, usize> {
        self.instances.iter().enumerate().map(|(at, entry)| (entry.name.as_str(), at)).collect()
    }
}

/// Whether a path is called like a binary.
pub fn is_binary_name(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("wasm"))
}

/// Whether a path is called like a text that witc reads: a manifest, a policy, WIT or a capability lock.
pub fn is_name_of_text(path: &Path) -> bool {
    let is_text = |extension: &OsStr| ["toml", "wit"].iter().any(|it| extension.eq_ignore_ascii_case(it));
    path.extension().is_some_and(is_text) || path.file_name().is_some_and(|name| name == LOCK_NAME)
}

impl Composition {
    /// Takes out the inputs that no instance is made of.
    fn drop_unused_inputs(&mut self) {
        let mut places = vec![None; self.inputs.len()];
        for entry in &self.instances {
            places[entry.input] = Some(());
        }
        let mut next = 0..;
        let places: Vec<Option<usize>> =
            places.into_iter().map(|used| used.and_then(|()| next.next())).collect();
        let mut at = 0..;
        self.inputs.retain(|_| at.next().is_some_and(|at| places[at].is_some()));
        for entry in &mut self.instances {
            entry.input = places[entry.input].unwrap_or(entry.input);
        }
    }
}

impl Choice {
    /// Where the choice is written.
    pub fn span(&self) -> Span {
        match self {
            Self::Host { span, .. } => *span,
            Self::Instance { instance, .. } => instance.span,
        }
    }
}
