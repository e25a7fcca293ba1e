//! Writes a first policy under which `lint` finds nothing that fails it.
//!
//! Differs from `paste.rs`, which has the single lines.

use std::fmt::Write;

use indexmap::IndexMap;

use super::capability::{Capability, Import, Instance, instances};
use super::diagnostics::Powers;
use super::paste;
use super::route::routes;
use super::taxonomy::{Severity, taxonomy};
use crate::check::{Provider, Wiring};
use crate::diag::escape;
use crate::load::Inputs;
use crate::model::InterfaceName;

/// The reason that stands in a new policy until somebody writes a better one.
const PLACEHOLDER: &str = "not reviewed yet: imported when this policy was made";

/// What is to be said about the components of one name.
#[derive(Default)]
struct Draft {
    /// Lines of `allow`.
    allow: Vec<String>,
    interpose: Vec<String>,
    /// By peer: what is used through it.
    via: IndexMap<String, Vec<String>>,
    /// Comments about imports that need no grant.
    idle: Vec<String>,
    /// Grants of their own, each with its comment.
    grants: Vec<String>,
}

/// The text of a policy that allows what the instances of wirings import today, and no more: no wildcards, tracks instead
/// of versions, functions by name for all that matters. Instances with one name share their rules.
pub fn first_policy(wirings: &[(&Inputs, &Wiring)]) -> String {
    let version = paste::string(&taxonomy().version);
    let mut text = format!(
        "# What each component may use of the host. So far each import is allowed as it was found: read each entry, say\n\
         # why it is needed, and take out what is not.\n\n\
         [policy]\nversion = 1\ntaxonomy = {version}\ndefault = \"deny\"\n"
    );
    let mut drafts: IndexMap<String, Draft> = IndexMap::new();
    for (inputs, wiring) in wirings {
        let instances = instances(inputs, wiring);
        for instance in &instances {
            drafts.entry(instance.name.clone()).or_default().add(instance, wiring, &instances);
        }
    }
    drafts.iter().for_each(|(name, draft)| draft.write(name, &mut text));
    text
}

impl Draft {
    fn add(&mut self, instance: &Instance, wiring: &Wiring, instances: &[Instance]) {
        for import in instance.host_imports() {
            let granted = granted(import);
            let gravest = granted.iter().map(|capability| capability.rating.severity).max();
            let (list, line) = match gravest {
                None => {
                    let why = if import.capabilities.is_empty() {
                        "only its types"
                    } else {
                        "works on handles alone"
                    };
                    (&mut self.idle, format!("# needs no grant, {why}: {}", escape(&import.name.to_string())))
                }
                Some(Severity::None | Severity::Low) => {
                    let entry = paste::entry(import.entry, &granted);
                    (&mut self.allow, format!("    {entry}, # {}", comment(&granted)))
                }
                Some(Severity::Medium | Severity::High | Severity::Critical) => {
                    let lines = paste::grant(&instance.name, &granted, PLACEHOLDER);
                    (&mut self.grants, format!("\n# {}\n{lines}", comment(&granted)))
                }
            };
            push(list, line);
        }
        for pattern in interposed(instance, wiring, instances) {
            push(&mut self.interpose, pattern);
        }
        for (peer, pattern) in via(instance, wiring, instances) {
            push(self.via.entry(peer).or_default(), pattern);
        }
    }

    fn write(&self, name: &str, text: &mut String) {
        let _ = write!(text, "\n[component.{}]\n", paste::key(name));
        if self.allow.is_empty() {
            text.push_str("allow = []\n");
        } else {
            let _ = writeln!(text, "allow = [\n{}\n]", self.allow.join("\n"));
        }
        if !self.interpose.is_empty() {
            let _ = writeln!(text, "interpose = {}", paste::list(self.interpose.iter().map(String::as_str)));
        }
        for (peer, patterns) in &self.via {
            let patterns = paste::list(patterns.iter().map(String::as_str));
            let _ = writeln!(text, "via.{} = {patterns}", paste::key(peer));
        }
        for line in self.idle.iter().chain(&self.grants) {
            let _ = writeln!(text, "{line}");
        }
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, element: T) {
    if !list.contains(&element) {
        list.push(element);
    }
}

/// What of an import needs a grant.
fn granted(import: &Import) -> Vec<&Capability> {
    import.capabilities.iter().filter(|capability| capability.needs_grant).collect()
}

fn comment(capabilities: &[&Capability]) -> String {
    let powers = Powers::of(capabilities);
    format!("{} ({})", powers.powers, powers.severity)
}

/// The interfaces of hosts that an instance provides to others.
fn interposed(instance: &Instance, wiring: &Wiring, instances: &[Instance]) -> Vec<String> {
    let mut found = Vec::new();
    for edge in &wiring.edges {
        if !matches!(&edge.provider, Provider::Export(export) if export.instance == instance.id) {
            continue;
        }
        let user = &instances[edge.import.instance.0];
        let import = user.imports.iter().find(|import| import.extern_name == edge.import.name);
        if let Some(import) = import.filter(|it| it.entry.is_some() && !it.capabilities.is_empty()) {
            found.extend(import.name.interface.as_ref().map(InterfaceName::on_track));
        }
    }
    found
}

/// What the root of a composition uses through its peers: each peer with a pattern.
fn via(instance: &Instance, wiring: &Wiring, instances: &[Instance]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if wiring.root != Some(instance.id) {
        return found;
    }
    for (reached, route) in routes(wiring) {
        let Some(peer) = route.get(1) else { continue };
        for import in instances[reached.0].host_imports() {
            let grave = |capability: &&Capability| {
                capability.needs_grant && capability.rating.severity >= Severity::Medium
            };
            let first = import.capabilities.iter().find(grave);
            if let Some(first) = first.filter(|_| !instance.host_imports().any(|own| own.is_same(import))) {
                found.push((instances[peer.0].name.clone(), paste::pattern(first)));
            }
        }
    }
    found
}
