//! The WIT of what a host provides, where there is any: WASI, and the folder beside a profile of the user's own.
//!
//! Differs from `near/` and `set.rs`, which look at what components offer.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{ComponentInput, InputPath, Request};
use crate::diag::{Run, code};
use crate::host::HostProfile;
use crate::load::{is_built_in, load};
use crate::model::{InterfaceName, Surface};
use crate::source::{Files, Overlay};

/// The surfaces in which the interfaces of a host are imports, by name; an interface without known WIT is missing.
#[derive(Debug, Default)]
pub(super) struct SupplyWit {
    surfaces: Vec<Surface>,
    by_name: BTreeMap<String, usize>,
    /// Interfaces that their package lacks in the folder beside the profile, whatever the profile says.
    lacking: BTreeSet<String>,
}

/// Reports what is wrong in the folder of WIT beside a profile: the codes of `load/` about WIT.
pub fn report_mistakes(profile: &HostProfile, files: &dyn Files, run: &mut Run) {
    if profile.wit.is_some() {
        load(&request(profile), &with_world("", files), run);
    }
}

/// The files of the run, with the world in which interfaces of a host are imports as standard input.
fn with_world<'f>(imports: &str, files: &'f dyn Files) -> Overlay<'f> {
    let world = format!("package witc:host;\nworld provided {{\n{imports}}}\n");
    let mut files = Overlay::new(files);
    files.change_standard_input(world.into_bytes());
    files
}

fn request(profile: &HostProfile) -> Request {
    let input = ComponentInput { name: None, path: InputPath::StandardInput, wit: None };
    let wit = profile.wit.iter().cloned().collect();
    Request { inputs: vec![input], wit, allow_wit: true, ..Request::default() }
}

impl SupplyWit {
    /// Reads the WIT of interfaces as the host has them.
    pub(super) fn read(profile: &HostProfile, names: &[InterfaceName], files: &dyn Files) -> Self {
        let mut wit = Self::default();
        let may_have_wit = |name: &&InterfaceName| profile.wit.is_some() || is_built_in(name);
        let names: Vec<&InterfaceName> = names.iter().filter(may_have_wit).collect();
        // One by one only where they do not all have WIT: that costs a parse for each.
        if !names.is_empty() && !wit.take(profile, &names, files) {
            for name in names {
                wit.take(profile, &[name], files);
            }
        }
        wit
    }

    /// The surface in which an interface is the import of this name.
    pub(super) fn surface(&self, name: &InterfaceName) -> Option<&Surface> {
        self.by_name.get(&name.to_string()).map(|at| &self.surfaces[*at])
    }

    /// Whether its package is there without it.
    pub(super) fn lacks(&self, name: &InterfaceName) -> bool {
        self.lacking.contains(&name.to_string())
    }

    fn take(&mut self, profile: &HostProfile, names: &[&InterfaceName], files: &dyn Files) -> bool {
        let imports: String = names.iter().map(|name| format!("import {name};\n")).collect();
        let mut run = Run::default();
        let loaded = load(&request(profile), &with_world(&imports, files), &mut run);
        let Some(world) = loaded.wit.into_iter().flat_map(|package| package.worlds).next() else {
            if let ([name], true) =
                (names, run.diagnostics.iter().any(|it| it.code == code::UNKNOWN_INTERFACE))
            {
                self.lacking.insert(name.to_string());
            }
            return false;
        };
        let has = |name: &&InterfaceName| world.surface.imports.contains_key(&name.to_string());
        if !names.iter().all(has) {
            return false;
        }
        self.by_name.extend(names.iter().map(|name| (name.to_string(), self.surfaces.len())));
        self.surfaces.push(world.surface);
        true
    }
}
