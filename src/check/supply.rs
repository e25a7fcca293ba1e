//! The WIT of what a host provides, where there is any: WASI, and the folder beside a profile of the user's own.
//!
//! Differs from `near.rs` and `set.rs`, which look at what components offer.

use std::collections::BTreeMap;

use crate::config::{ComponentInput, InputPath, Request};
use crate::diag::Run;
use crate::host::HostProfile;
use crate::load::{is_built_in, load};
use crate::model::{InterfaceName, Surface};
use crate::source::{Files, Overlay};

/// The surfaces in which the interfaces of a host are imports, by name; an interface without known WIT is missing.
#[derive(Debug, Default)]
pub(super) struct SupplyWit {
    surfaces: Vec<Surface>,
    by_name: BTreeMap<String, usize>,
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

    fn take(&mut self, profile: &HostProfile, names: &[&InterfaceName], files: &dyn Files) -> bool {
        let imports: String = names.iter().map(|name| format!("import {name};\n")).collect();
        let text = format!("package witc:host;\nworld provided {{\n{imports}}}\n");
        let input = ComponentInput { name: None, path: InputPath::StandardInput, wit: None };
        let wit = profile.wit.iter().cloned().collect();
        let request = Request { inputs: vec![input], wit, allow_wit: true, ..Request::default() };
        let mut files = Overlay::new(files);
        files.change_standard_input(text.into_bytes());
        let loaded = load(&request, &files, &mut Run::default());
        let Some(world) = loaded.wit.into_iter().flat_map(|package| package.worlds).next() else {
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
