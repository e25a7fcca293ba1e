//! Writes a first policy under which `lint` finds nothing that fails it.
//!
//! Differs from `paste.rs`, which has the single lines.

use std::fmt::Write;

use super::capability::{Capability, Import, Instance, instances};
use super::diagnostics::Powers;
use super::paste;
use super::route::routes;
use super::taxonomy::{Severity, taxonomy};
use crate::check::{Provider, Wiring};
use crate::diag::escape;
use crate::load::Inputs;
use crate::model::Date;

/// The reason that stands in a new policy until somebody writes a better one.
const PLACEHOLDER: &str = "not reviewed yet: imported when this policy was made";

/// The text of a policy that allows what the instances of a wiring import today, and no more: no wildcards, tracks instead
/// of versions, functions by name for all that matters.
pub fn first_policy(inputs: &Inputs, wiring: &Wiring, today: Date) -> String {
    let instances = instances(inputs, wiring);
    let version = paste::string(&taxonomy().version);
    let mut text = format!(
        "# What each component may use of the host. Made on {today}, when each import was allowed as it was found:\n\
         # read each entry, say why it is needed, and take out what is not.\n\n\
         [policy]\nversion = 1\ntaxonomy = {version}\ndefault = \"deny\"\n"
    );
    for instance in &instances {
        component(instance, wiring, &instances, &mut text);
    }
    text
}

fn component(instance: &Instance, wiring: &Wiring, instances: &[Instance], text: &mut String) {
    let key = paste::key(&instance.name);
    let needing = |import: &'_ &Import| import.capabilities.iter().any(|capability| capability.needs_grant);
    let (imports, idle): (Vec<&Import>, Vec<&Import>) = instance.from_host().partition(needing);
    let is_grave = |import: &&Import| granted(import).iter().any(|it| it.rating.severity >= Severity::Medium);
    let (grave, light): (Vec<&Import>, Vec<&Import>) = imports.into_iter().partition(is_grave);

    let _ = write!(text, "\n[component.{key}]\n");
    if light.is_empty() {
        text.push_str("allow = []\n");
    } else {
        text.push_str("allow = [\n");
        for import in light {
            let granted = granted(import);
            let pattern = paste::string(&paste::pattern(granted[0]));
            let _ = writeln!(text, "    {pattern}, # {}", comment(&granted));
        }
        text.push_str("]\n");
    }
    let interposed = interposed(instance, wiring, instances);
    if !interposed.is_empty() {
        let _ = writeln!(text, "interpose = {}", paste::list(interposed.iter().map(String::as_str)));
    }
    for (peer, patterns) in via(instance, wiring, instances) {
        let _ = writeln!(
            text,
            "via.{} = {}",
            paste::key(&peer),
            paste::list(patterns.iter().map(String::as_str))
        );
    }
    for import in idle {
        let why = if import.capabilities.is_empty() { "only its types" } else { "works on handles alone" };
        let _ = writeln!(text, "# needs no grant, {why}: {}", escape(&import.name.to_string()));
    }
    for import in grave {
        let granted = granted(import);
        let _ = write!(
            text,
            "\n# {}\n{}\n",
            comment(&granted),
            paste::grant(&instance.name, &granted, PLACEHOLDER)
        );
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
        let Some(import) = import.filter(|it| it.entry.is_some() && !it.capabilities.is_empty()) else {
            continue;
        };
        let pattern =
            import.name.interface.as_ref().map(|interface| interface.on_track()).unwrap_or_default();
        if !found.contains(&pattern) {
            found.push(pattern);
        }
    }
    found
}

/// What the root of a composition uses through its peers, by peer.
fn via(instance: &Instance, wiring: &Wiring, instances: &[Instance]) -> Vec<(String, Vec<String>)> {
    if wiring.root != Some(instance.id) {
        return Vec::new();
    }
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for (reached, route) in routes(wiring) {
        let Some(peer) = route.get(1) else { continue };
        let grave = instances[reached.0].from_host().filter(|import| {
            granted(import).iter().any(|capability| capability.rating.severity >= Severity::Medium)
                && !instance.from_host().any(|own| own.name == import.name)
        });
        for pattern in grave.map(|import| paste::pattern(granted(import)[0])) {
            let name = &instances[peer.0].name;
            match found.iter_mut().find(|(known, _)| known == name) {
                Some((_, patterns)) if patterns.contains(&pattern) => {}
                Some((_, patterns)) => patterns.push(pattern),
                None => found.push((name.clone(), vec![pattern])),
            }
        }
    }
    found
}
