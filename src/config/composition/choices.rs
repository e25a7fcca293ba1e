//! Checks that the choices of a composition agree with each other and with its instances.
//!
//! Differs from `table.rs` and `command_line.rs`, which read a composition: what they read comes here, whatever it
//! came from. Whether an import or an export exists is found in `check`, which sees the components.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use super::diagnostics::{
    DuplicateExport, EmptyChain, InvalidName, OutputOverInput, RepeatedLayer, SelfWire, UnknownInstance,
    listed,
};
use super::{Choice, Composition, HOST};
use crate::config::Spanned;
use crate::diag::{Diagnostic, closest, is_shown_as_is};

/// The most comparisons of names that go into suggestions: with very many instances, later mistakes get none.
const COMPARISONS: usize = 1 << 16;

/// Checks `composition` and hands each mistake to `report`. `more` are further names that must be those of instances;
/// `in_manifest` says where the components are listed.
pub(super) fn check(
    composition: &Composition,
    more: &[Spanned<String>],
    in_manifest: bool,
    report: &mut dyn FnMut(Diagnostic),
) {
    let instances = composition.positions();
    let mut names = Names { composition, instances, in_manifest, comparisons: COMPARISONS, report };
    more.iter().for_each(|name| names.find(name));
    names.check_root();
    names.check_wires();
    names.check_chains();
    names.check_exports();
    // A name that nobody chose is no mistake of the manifest: only who writes the artifact has to care.
    if !(in_manifest && composition.has_implied_output()) {
        check_output(composition, names.report);
    }
}

/// Reports a name that no instance can have.
pub(super) fn check_instance_name(name: &Spanned<String>, report: &mut dyn FnMut(Diagnostic)) {
    if name.value == HOST || !is_name(&name.value) {
        report(InvalidName { name: name.value.clone(), noun: "instance", span: name.span }.into());
    }
}

/// Reports a name that no composition can have.
pub(super) fn check_composition_name(name: &Spanned<String>, report: &mut dyn FnMut(Diagnostic)) {
    if !is_name(&name.value) {
        report(InvalidName { name: name.value.clone(), noun: "composition", span: name.span }.into());
    }
}

/// Two paths that name one file, as far as their text tells.
pub(in crate::config) fn plain_path(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        let can_go_up = matches!(plain.components().next_back(), Some(Component::Normal(_)));
        match component {
            Component::CurDir => {}
            Component::ParentDir if can_go_up => {
                plain.pop();
            }
            Component::ParentDir | Component::Normal(_) | Component::RootDir | Component::Prefix(_) => {
                plain.push(component);
            }
        }
    }
    plain
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && text.chars().all(is_shown_as_is)
}

/// Reports what of a composition its artifact would be written over.
pub(super) fn check_output(composition: &Composition, report: &mut dyn FnMut(Diagnostic)) {
    let Some(output) = &composition.output else { return };
    for (what, input) in composition.parts_at(&output.value) {
        report(OutputOverInput { output: output.value.clone(), what, span: output.span, input }.into());
    }
}

/// The instances of a composition by name, and the checks that look names up.
struct Names<'c> {
    composition: &'c Composition,
    instances: HashMap<&'c str, usize>,
    in_manifest: bool,
    comparisons: usize,
    report: &'c mut dyn FnMut(Diagnostic),
}

impl<'c> Names<'c> {
    fn check_root(&mut self) {
        if let Some(root) = &self.composition.root {
            self.find(root);
        }
    }

    fn check_wires(&mut self) {
        let mut last_user = None;
        for wire in &self.composition.wires {
            // The wires of one instance stand together under its name, which is said to be wrong once.
            if last_user != Some(&wire.user) {
                self.find(&wire.user);
                last_user = Some(&wire.user);
            }
            let Choice::Instance { instance, .. } = &wire.provider else { continue };
            self.find(instance);
            if instance.value == wire.user.value {
                let (instance, import) = (instance.value.clone(), wire.import.value.clone());
                self.report(SelfWire { instance, import, span: wire.provider.span() });
            }
        }
    }

    fn check_chains(&mut self) {
        for chain in &self.composition.chains {
            let interface = &chain.interface;
            if chain.layers.is_empty() {
                self.report(EmptyChain { interface: interface.value.clone(), span: interface.span });
            }
            let mut seen = HashMap::new();
            for layer in &chain.layers {
                self.find(layer);
                if let Some(first) = seen.insert(layer.as_str(), layer.span) {
                    let (name, interface) = (layer.value.clone(), interface.value.clone());
                    self.report(RepeatedLayer { name, interface, span: layer.span, first });
                }
            }
        }
    }

    fn check_exports(&mut self) {
        let mut seen = HashMap::new();
        let exports = self.composition.exports.iter().flatten();
        for export in exports.chain(&self.composition.exposed) {
            self.find(&export.instance);
            if let Some(first) = seen.insert(export.name.as_str(), export.name.span) {
                self.report(DuplicateExport {
                    name: export.name.value.clone(),
                    span: export.name.span,
                    first,
                });
            }
        }
    }

    fn find(&mut self, name: &Spanned<String>) {
        if self.instances.contains_key(name.as_str()) {
            return;
        }
        let known = || self.composition.instances.iter().map(|entry| entry.name.as_str());
        let meant = match self.comparisons.checked_sub(self.composition.instances.len()) {
            Some(left) => {
                self.comparisons = left;
                closest(name.as_str(), known()).map(str::to_owned)
            }
            None => None,
        };
        self.report(UnknownInstance {
            name: name.value.clone(),
            composition: self.composition.name.value.clone(),
            meant,
            known: listed(known()),
            in_manifest: self.in_manifest,
            span: name.span,
        });
    }

    fn report(&mut self, mistake: impl Into<Diagnostic>) {
        (self.report)(mistake.into());
    }
}
